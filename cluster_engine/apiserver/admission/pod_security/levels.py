"""Levels and versions of the Pod Security Standards, and the policy in a namespace's labels.

Models: k8s.io/pod-security-admission/api (v0.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from cluster_engine.apimachinery.fields import FieldError, invalid_value

PRIVILEGED, BASELINE, RESTRICTED = "privileged", "baseline", "restricted"
#: From lax to strict.
LEVELS = (PRIVILEGED, BASELINE, RESTRICTED)
#: Stands for "latest": newer than any release.
LATEST = 1_000_000_000
PREFIX = "pod-security.kubernetes.io/"
ENFORCE, AUDIT, WARN = "enforce", "audit", "warn"
_Value = TypeVar("_Value", int, str)
_VERSION = re.compile(r"v1\.([0-9]|[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Standard:
    """A level as a certain minor release has it."""

    level: str = PRIVILEGED
    minor: int = LATEST

    def __str__(self) -> str:
        return f"{self.level}:{'latest' if self.minor == LATEST else f'v1.{self.minor}'}"

    @property
    def strictness(self) -> int:
        return LEVELS.index(self.level)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a namespace refuses, and what it warns about."""

    enforce: Standard = Standard()
    audit: Standard = Standard()
    warn: Standard = Standard()

    @property
    def is_privileged(self) -> bool:
        standards = (self.enforce, self.audit, self.warn)
        return all(standard.level == PRIVILEGED for standard in standards)


def policy_of(labels: Mapping[str, str]) -> tuple[Policy, list[FieldError]]:
    """The policy in the labels, and what is wrong with them.

    A level that is none enforces the strictest, but neither audits nor warns. Without a label of
    its own, the level to warn about is at least the enforced one.
    """
    problems: list[FieldError] = []
    enforce = _standard(labels, ENFORCE, RESTRICTED, problems)
    audit = _standard(labels, AUDIT, PRIVILEGED, problems)
    warn = _standard(labels, WARN, PRIVILEGED, problems)
    is_enforced = labels.get(PREFIX + ENFORCE) in LEVELS
    if is_enforced and PREFIX + WARN not in labels and enforce.strictness > warn.strictness:
        has_version = f"{PREFIX}{WARN}-version" in labels
        warn = replace(enforce, minor=warn.minor) if has_version else enforce
    return Policy(enforce, audit, warn), problems


def _standard(
    labels: Mapping[str, str], mode: str, fallback: str, problems: list[FieldError]
) -> Standard:
    level, version = PREFIX + mode, f"{PREFIX}{mode}-version"
    return Standard(
        _parsed(labels, level, _level, PRIVILEGED, fallback, problems),
        _parsed(labels, version, _minor, LATEST, LATEST, problems),
    )


def _parsed(
    labels: Mapping[str, str],
    label: str,
    parse: Callable[[str], _Value],
    default: _Value,
    fallback: _Value,
    problems: list[FieldError],
) -> _Value:
    if label not in labels:
        return default
    try:
        return parse(labels[label])
    except ValueError as error:
        path = f"metadata.labels[{label}]"
        problems.append(invalid_value(path, labels[label], str(error)))
        return fallback


def _level(text: str) -> str:
    if text not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}")
    return text


def _minor(text: str) -> int:
    if text == "latest":
        return LATEST
    found = _VERSION.fullmatch(text)
    if found is None:
        raise ValueError('must be "latest" or "v1.x"')
    return int(found[1])
