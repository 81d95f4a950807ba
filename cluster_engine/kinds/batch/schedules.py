"""Schedules of cron jobs: whether they can be read, in the words of the parser upstream uses.

Models: ParseStandard of github.com/robfig/cron (v3.0.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_INT64_MAX = 2**63 - 1
_DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_EVERY = "@every "
_DURATION = re.compile(r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class ScheduleError(ValueError):
    """The schedule cannot be read; `str()` is upstream's text."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What one of the five fields may hold."""

    low: int
    high: int
    names: dict[str, int]


_FIELDS = (
    _Bounds(0, 59, {}),
    _Bounds(0, 23, {}),
    _Bounds(1, 31, {}),
    _Bounds(1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    _Bounds(0, 6, {name: number for number, name in enumerate(_DAYS)}),
)


def check_schedule(text: str) -> None:
    """Raises ScheduleError with the first thing that is wrong."""
    if not text:
        raise ScheduleError("empty spec string")
    if text.startswith(("TZ=", "CRON_TZ=")):
        zone, space, text = text.partition(" ")
        if not space:
            raise ScheduleError(
                "invalid schedule format: runtime error: slice bounds out of range [:-1]"
            )
        text = text.strip()
        _check_zone(zone.partition("=")[2])
    if text.startswith("@"):
        _check_descriptor(text)
        return
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ScheduleError(
            f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]"
        )
    for field, bounds in zip(fields, _FIELDS, strict=True):
        for part in field.split(","):
            if part:
                _check_range(part, bounds)


def _check_zone(name: str) -> None:
    if name and not re.fullmatch(r"[A-Za-z0-9._+/-]+", name):
        raise ScheduleError(f"provided bad location {name}: unknown time zone {name}")


def _check_descriptor(text: str) -> None:
    if text in _DESCRIPTORS:
        return
    if not text.startswith(_EVERY):
        raise ScheduleError(f"unrecognized descriptor: {text}")
    duration = text.removeprefix(_EVERY)
    if duration not in ("0", "+0", "-0") and not _DURATION.fullmatch(duration):
        raise ScheduleError(
            f'failed to parse duration {text}: time: {_duration_problem(duration)}"{duration}"'
        )


def _duration_problem(duration: str) -> str:
    bare = duration.lstrip("+-")
    if re.fullmatch(r"([0-9]+\.?[0-9]*|\.[0-9]+)", bare):
        return "missing unit in duration "
    return "invalid duration "


def _check_range(part: str, bounds: _Bounds) -> None:
    ends, *steps = part.split("/")
    low, *highs = ends.split("-")
    if low in ("*", "?"):
        start, end = bounds.low, bounds.high
    else:
        start = end = _number(low, bounds)
        if len(highs) == 1:
            end = _number(highs[0], bounds)
        elif highs:
            raise ScheduleError(f"too many hyphens: {part}")
    step = 1
    if len(steps) == 1:
        step = _integer(steps[0])
        if not highs:
            end = bounds.high
    elif steps:
        raise ScheduleError(f"too many slashes: {part}")
    if start < bounds.low:
        raise ScheduleError(f"beginning of range ({start}) below minimum ({bounds.low}): {part}")
    if end > bounds.high:
        raise ScheduleError(f"end of range ({end}) above maximum ({bounds.high}): {part}")
    if start > end:
        raise ScheduleError(f"beginning of range ({start}) beyond end of range ({end}): {part}")
    if step == 0:
        raise ScheduleError(f"step of range should be a positive number: {part}")


def _number(text: str, bounds: _Bounds) -> int:
    named = bounds.names.get(text.lower())
    return _integer(text) if named is None else named


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ScheduleError(
            f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax'
        )
    number = int(text)
    if abs(number) > _INT64_MAX:
        raise ScheduleError(
            f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": value out of range'
        )
    if number < 0:
        raise ScheduleError(f"negative number ({number}) not allowed: {text}")
    return number
