"""The catalogue of findings as this site has it: first its settings count, then its database."""

from __future__ import annotations

from django.conf import settings

from playground.reviews.findings import Catalogue, Severity, catalogue
from playground.reviews.findings.severities import severities_of
from playground.reviews.models import RuleSetting


def rules_here() -> Catalogue:
    """Reads the database: not for the event loop."""
    from_settings = severities_of(settings.PODYARD_FINDINGS_SEVERITIES)
    rows = RuleSetting.objects.values_list("rule", "severity")
    chosen = {rule: Severity(severity) for rule, severity in rows}
    return catalogue().with_severities({**from_settings, **chosen})


def rule_choices() -> list[tuple[str, str]]:
    """Every rule with its title, for a form."""
    rules = catalogue().rules.values()
    return [(rule.id, f"{rule.category}: {rule.title} ({rule.severity})") for rule in rules]
