"""The catalogue as this installation has it: with the severities of its settings."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from playground.reviews.findings.finding import Severity
from playground.reviews.findings.rules import Catalogue, catalogue

_SETTING = "PODYARD_FINDINGS_SEVERITIES"


def installed_rules() -> Catalogue:
    """The catalogue with the severities of the settings. Raises ImproperlyConfigured."""
    return catalogue().with_severities(dict(_severities(settings.PODYARD_FINDINGS_SEVERITIES)))


@lru_cache(maxsize=8)
def _severities(text: str) -> tuple[tuple[str, Severity], ...]:
    known = catalogue().rules
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, word = part.partition("=")
        if name not in known:
            raise ImproperlyConfigured(f"{_SETTING} names {name!r}: no rule is called that")
        if word not in list(Severity):
            wanted = ", ".join(Severity)
            raise ImproperlyConfigured(f"{_SETTING} gives {name} {word!r}: give one of {wanted}")
        found.append((name, Severity(word)))
    return tuple(found)
