"""What is worth saying about a text of manifests: a catalogue as data, small pure predicates.

Pure: no database, no cluster. What a cluster's dry run says is handed in.
"""

from playground.reviews.findings.finding import Finding, Severity
from playground.reviews.findings.judge import findings_of
from playground.reviews.findings.rules import Catalogue, Rule, catalogue

__all__ = ["Catalogue", "Finding", "Rule", "Severity", "catalogue", "findings_of"]
