"""`make audit`: what is found fails, what is accepted does not, silence is called by its name."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_VULNERABLE = {
    "dependencies": [
        {"name": "django", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5"]}]},
        {"name": "orjson", "version": "3.13.0", "vulns": []},
        {"name": "uvloop", "skip_reason": "not found"},
    ]
}
_NPM_CLEAN = {"vulnerabilities": {}, "metadata": {"dependencies": {"total": 3}}}
_NPM_VULNERABLE = {
    "vulnerabilities": {
        "vite": {"range": "<9", "via": [{"url": "https://github.com/advisories/GHSA-1"}, "esbuild"]}
    },
    "metadata": {"dependencies": {"total": 3}},
}


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script, with tools that say what a test wants."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ACCEPTED", {})
    return module


def says(audit: Any, monkeypatch: pytest.MonkeyPatch, python: str, npm: str) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        is_tool = command[0].endswith("pip-audit")
        said = npm if command[0] == "npm" else python if is_tool else ""
        return subprocess.CompletedProcess(command, 0, said, "connection refused")

    monkeypatch.setattr(audit, "run", run)


@pytest.mark.parametrize(
    ("python", "npm", "accepted", "code", "words"),
    [
        (json.dumps(_VULNERABLE), json.dumps(_NPM_CLEAN), {}, 1, "PYSEC-1 in django 1.0"),
        (json.dumps(_VULNERABLE), json.dumps(_NPM_CLEAN), {"PYSEC-1": "old"}, 0, "accepted: old"),
        (json.dumps({"dependencies": []}), json.dumps(_NPM_VULNERABLE), {}, 1, "GHSA-1 in vite"),
        ("", json.dumps(_NPM_CLEAN), {}, 0, "Python: NOT CHECKED: 1 (connection refused)"),
        (json.dumps(_VULNERABLE), "{}", {"PYSEC-1": "old"}, 0, "npm: NOT CHECKED"),
        (json.dumps(_VULNERABLE), "oops", {"PYSEC-1": "old"}, 0, "Python: NOT CHECKED: 1 (uvloop)"),
    ],
    ids=[
        "a vulnerable package",
        "one that was accepted",
        "a vulnerable npm package",
        "no answer for Python",
        "no answer for npm",
        "a package nobody knows",
    ],
)
def test_what_is_found_decides(
    audit: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    python: str,
    npm: str,
    accepted: dict[str, str],
    code: int,
    words: str,
) -> None:
    says(audit, monkeypatch, python, npm)
    monkeypatch.setattr(audit, "ACCEPTED", accepted)
    assert audit.main() == code
    assert words in capsys.readouterr().out
