"""Paths inside containers and volumes.

Models: validateLocalDescendingPath and its kin in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, invalid_value


def no_backsteps(problems: list[FieldError], path: str, target: str) -> None:
    """No ".." between slashes."""
    if ".." in target.split("/"):
        problems.append(invalid_value(path, target, "must not contain '..'"))


def descending(problems: list[FieldError], path: str, target: str) -> None:
    """Relative, and not out of where it starts."""
    if target.startswith("/"):
        problems.append(invalid_value(path, target, "must be a relative path"))
    no_backsteps(problems, path, target)


def not_reserved(problems: list[FieldError], path: str, target: str) -> None:
    """As `descending`, and not one of the names that volumes keep for themselves."""
    descending(problems, path, target)
    if target.startswith("..") and not target.startswith("../"):
        problems.append(invalid_value(path, target, "must not start with '..'"))
