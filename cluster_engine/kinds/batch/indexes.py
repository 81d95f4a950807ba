"""Indexes of pods written as intervals: "1,3-5,7".

Models: validateIndexesFormat in k8s.io/kubernetes/pkg/apis/batch/validation (v1.37.2).
"""

from __future__ import annotations

import re

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)


class IndexesError(ValueError):
    """The intervals make no sense; `str()` is upstream's text."""


def count_indexes(text: str, completions: int) -> int:
    """How many indexes the intervals hold. Raises IndexesError."""
    total, last = 0, None
    for part in text.split(",") if text else ():
        first, end = parse_interval(part, completions)
        if last is not None and last >= first:
            raise IndexesError(f"non-increasing order, previous: {last}, current: {first}")
        total += end - first + 1
        last = end
    return total


def parse_interval(text: str, completions: int) -> tuple[int, int]:
    """The first and last index of one interval. Raises IndexesError."""
    limits = text.split("-")
    if len(limits) > 2:
        raise IndexesError(
            f'the fragment "{text}" violates the requirement that an index interval can have at '
            "most two parts separated by '-'"
        )
    numbers = []
    for limit in limits:
        if not _INTEGER.fullmatch(limit):
            raise IndexesError(f'cannot convert string to integer for index: "{limit}"')
        if int(limit) >= completions:
            raise IndexesError(f'too large index: "{limit}"')
        numbers.append(int(limit))
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 1 and first >= last:
        raise IndexesError(f"non-increasing order, previous: {first}, current: {last}")
    return first, last


def first_overlap(completed: str, failed: str, completions: int) -> int | None:
    """The first index in both; intervals that make no sense are passed over."""
    done, bad = _intervals(completed, completions), _intervals(failed, completions)
    at = to = 0
    while at < len(done) and to < len(bad):
        (first, last), (start, end) = done[at], bad[to]
        if first <= end and start <= last:
            return max(first, start)
        if first <= start:
            at += 1
        else:
            to += 1
    return None


def _intervals(text: str, completions: int) -> list[tuple[int, int]]:
    found = []
    for part in text.split(",") if text else ():
        try:
            found.append(parse_interval(part, completions))
        except IndexesError:
            continue
    return found
