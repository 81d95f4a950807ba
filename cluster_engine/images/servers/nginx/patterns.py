"""Regular expressions of a configuration: PCRE as Python's, within bounds.

Python's engine backtracks, so that a hostile expression could take for ever: what could is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

PATTERN_CHARACTERS_MAX = 500
SUBJECT_CHARACTERS_MAX = 256
_REPEATS_MAX = 3


class TooComplex(Exception):
    """The expression may take too long, or is none; `str()` says what nginx would."""


@lru_cache(maxsize=512)
def compile_pattern(text: str, *, ignores_case: bool) -> re.Pattern[str]:
    """The expression. Raises TooComplex."""
    pattern = text.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
    _check(pattern)
    try:
        return re.compile(pattern, re.IGNORECASE if ignores_case else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise TooComplex(f'pcre2_compile() failed: {error} in "{text}"') from None


def search(pattern: re.Pattern[str], subject: str) -> re.Match[str] | None:
    """The match in a subject; what is beyond the bound is not looked at."""
    return pattern.search(subject[:SUBJECT_CHARACTERS_MAX])


def _check(pattern: str) -> None:
    """No repeat inside a repeat, and few repeats in all."""
    refusal = TooComplex(f'pcre2_compile() failed: regular expression is too large in "{pattern}"')
    if len(pattern) > PATTERN_CHARACTERS_MAX or re.search(r"\\[1-9]", pattern):
        raise refusal
    #: For each open group whether it has a repeat in it.
    groups = [False]
    repeats = 0 if pattern.startswith("^") else 1
    at, closed_with_repeat = 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 2
            closed_with_repeat = False
            continue
        if char == "[":
            end = pattern.find("]", at + 2)
            at = len(pattern) if end < 0 else end + 1
            closed_with_repeat = False
            continue
        if char == "(":
            groups.append(False)
        elif char == ")" and len(groups) > 1:
            closed_with_repeat = groups.pop()
            groups[-1] = groups[-1] or closed_with_repeat
            at += 1
            continue
        elif char in "*+{":
            if closed_with_repeat:
                raise refusal
            repeats += 1
            groups[-1] = True
        closed_with_repeat = False
        at += 1
    if repeats > _REPEATS_MAX:
        raise refusal
