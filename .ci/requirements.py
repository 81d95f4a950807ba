"""Prints the pins of pyproject.toml for pip: the project's own, or those of the groups named."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text())
pins = project["project"]["dependencies"]
if sys.argv[1:]:
    pins = [pin for group in sys.argv[1:] for pin in project["dependency-groups"][group]]
sys.stdout.write("\n".join(pins) + "\n")
