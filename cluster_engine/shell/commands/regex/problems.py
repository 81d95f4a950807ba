"""What can be wrong with a regular expression; the texts are those of GNU regcomp(3)."""

from __future__ import annotations


class PatternProblem(Exception):
    """The expression is malformed, or takes too long."""


TOO_BIG = "Regular expression too big"
TOO_LONG = "exceeded the work allowed for a regular expression"
