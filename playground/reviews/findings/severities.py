"""How much rules matter, as a setting says it: "latest-tag=off,bare-pod=warning". Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from playground.reviews.findings.finding import Severity
from playground.reviews.findings.rules import catalogue


@lru_cache(maxsize=8)
def severities_of(text: str) -> Mapping[str, Severity]:
    """Severities by rule. Raises ValueError, naming what is wrong."""
    known = catalogue().rules
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, word = part.partition("=")
        if name not in known:
            raise ValueError(f"{name!r}: no rule of the findings is called that")
        if word not in list(Severity):
            wanted = ", ".join(Severity)
            raise ValueError(f"{name} is given {word!r}: give one of {wanted}")
        found[name] = Severity(word)
    return found
