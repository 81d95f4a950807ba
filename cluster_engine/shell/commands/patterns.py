"""Patterns as grep, sed, awk, find and expr take them."""

from __future__ import annotations

from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.regex.pattern import Extent, Match, Pattern
from cluster_engine.shell.commands.regex.problems import PatternProblem
from cluster_engine.shell.commands.regex.reading import Dialect

_SPECIAL = frozenset("\\.[]*^$+?(){}|")


def compile_pattern(
    pattern: str,
    *,
    is_extended: bool,
    ignores_case: bool = False,
    dialect: Dialect | None = None,
    extent: Extent = "any",
) -> Pattern:
    """The pattern compiled. Raises UsageError with GNU's text and exit code 2."""
    try:
        return Pattern(
            pattern,
            dialect or ("extended" if is_extended else "basic"),
            ignores_case=ignores_case,
            extent=extent,
        )
    except PatternProblem as problem:
        raise UsageError(str(problem), 2) from None


def escaped(text: str) -> str:
    """An extended pattern that matches that very text."""
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)


__all__ = ["Dialect", "Extent", "Match", "Pattern", "PatternProblem", "compile_pattern", "escaped"]
