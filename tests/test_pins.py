"""What we depend on is pinned: the same packages everywhere, and none that was exchanged."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
_PIN = re.compile(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[\w.]+")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def test_python_packages_have_one_version_each() -> None:
    groups = [PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"].values()]
    loose = [pin for group in groups for pin in group if not _PIN.fullmatch(pin)]
    assert loose == []


def test_npm_packages_have_one_version_each() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert {name: one for name, one in wanted.items() if not _VERSION.fullmatch(one)} == {}


def test_every_npm_package_is_known_by_its_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert len(packages) > 50
    unsure = [
        name
        for name, one in packages.items()
        if not one.get("link") and not str(one.get("integrity", "")).startswith("sha512-")
    ]
    assert unsure == []
