"""Dates as people write them for date and touch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_RELATIVE = re.compile(
    r"([+-]?\s*\d+|next|last|an?)\s+(second|sec|minute|min|hour|day|week|fortnight|month|year)s?"
    r"(\s+ago)?",
    re.IGNORECASE,
)
_SECONDS = {
    "sec": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 7 * 86400,
    "fortnight": 14 * 86400,
}
_WORDS = {"now": 0, "today": 0, "yesterday": -1, "tomorrow": 1, "midnight": 0}
_DAYS = "mon tue wed thu fri sat sun".split()
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d %H:%M",
    "%Y%m%d",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%Y%m%d %H%M",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d %Y %H:%M:%S",
    "%b %d %Y",
    "%B %d %Y",
    "%b %d %H:%M:%S %Y",
    "%a %b %d %H:%M:%S %Y",
    "%a, %d %b %Y %H:%M:%S",
)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?")
_ZONE = re.compile(r"(?:\s*(Z|UTC|GMT)|(?<=:\d\d)\s?([+-])(\d\d):?(\d\d))$")
_YEARS_MAX = 5000


def parse_date(text: str, now_ms: int) -> int | None:
    """The moment that a text means, in milliseconds; None when it means none.

    Understands "@seconds", ISO dates, "2 days ago", "next week", "tomorrow 10:00", "Mon".
    """
    wish = text.strip()
    if wish.startswith("@"):
        return _seconds(wish[1:])
    wish, offset = _without_zone(" ".join(wish.split()))
    try:
        exact = _exact(wish)
        then = exact if exact is not None else _described(wish, now_ms)
        return None if then is None else round((then.timestamp() - offset) * 1000)
    except (ValueError, OverflowError):
        return None


def _seconds(text: str) -> int | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return round(seconds * 1000) if abs(seconds) < 1e11 else None


def _without_zone(text: str) -> tuple[str, int]:
    found = _ZONE.search(text)
    if found is None or (found[2] and ":" not in text[: found.start()]):
        return text, 0
    if found[1]:
        return text[: found.start()], 0
    sign = -1 if found[2] == "-" else 1
    return text[: found.start()], sign * (int(found[3]) * 3600 + int(found[4]) * 60)


def _exact(text: str) -> datetime | None:
    whole, _, fraction = text.partition(".")
    for template in _FORMATS:
        try:
            then = datetime.strptime(whole, template).replace(tzinfo=UTC)
        except ValueError:
            continue
        if fraction and not fraction.isdigit():
            return None
        return then + timedelta(seconds=float(f"0.{fraction}")) if fraction else then
    return None


def _described(text: str, now_ms: int) -> datetime | None:
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    then = now
    if text == "":
        return then.replace(hour=0, minute=0, second=0, microsecond=0)
    words = text.split(" ")
    for count in range(min(len(words) - 1, 3), 0, -1):
        date = _exact(" ".join(words[:count]))
        if date is not None:
            return _adjusted(date, " ".join(words[count:]))
    return _adjusted(then, text)


def _adjusted(then: datetime, text: str) -> datetime | None:
    """A moment changed by words: "2 days ago", "10:00", "Mon"."""
    for found in _RELATIVE.finditer(text):
        then = _moved(then, found)
    rest = _RELATIVE.sub(" ", text).strip()
    if clock := _CLOCK.search(rest):
        then = then.replace(
            hour=int(clock[1]), minute=int(clock[2]), second=int(clock[3] or 0), microsecond=0
        )
        rest = (rest[: clock.start()] + " " + rest[clock.end() :]).strip()
    for word in rest.lower().split():
        if word in _WORDS:
            then += timedelta(days=_WORDS[word])
            if word == "midnight":
                then = then.replace(hour=0, minute=0, second=0, microsecond=0)
        elif word[:3] in _DAYS:
            ahead = (_DAYS.index(word[:3]) - then.weekday()) % 7
            then = (then + timedelta(days=ahead)).replace(
                hour=then.hour if clock else 0,
                minute=then.minute if clock else 0,
                second=then.second if clock else 0,
                microsecond=0,
            )
        else:
            date = _exact(word)
            if date is None:
                return None
            then = date.replace(hour=then.hour, minute=then.minute, second=then.second)
    return then


def _moved(then: datetime, found: re.Match[str]) -> datetime:
    word = found[1].lower().replace(" ", "")
    count = {"next": 1, "last": -1, "a": 1, "an": 1}.get(word)
    number = count if count is not None else int(word[:12])
    number = -number if found[3] else number
    unit = found[2].lower()
    if unit in _SECONDS:
        return then + timedelta(seconds=number * _SECONDS[unit])
    months = number * (12 if unit == "year" else 1)
    if abs(months) > 12 * _YEARS_MAX:
        raise OverflowError
    year, month = divmod(then.year * 12 + then.month - 1 + months, 12)
    day, first = then.day, then.replace(year=year, month=month + 1, day=1)
    return first + timedelta(days=day - 1)


def parse_stamp(text: str, now_ms: int) -> int | None:
    """`touch -t`'s [[CC]YY]MMDDhhmm[.ss] in milliseconds; None when it is none."""
    whole, dot, seconds = text.partition(".")
    if not whole.isdigit() or (dot and not seconds.isdigit()) or len(whole) not in (8, 10, 12):
        return None
    year = str(datetime.fromtimestamp(now_ms / 1000, UTC).year)
    if len(whole) == 10:
        whole = ("20" if int(whole[:2]) < 69 else "19") + whole
    elif len(whole) == 8:
        whole = year + whole
    try:
        then = datetime.strptime(whole, "%Y%m%d%H%M").replace(tzinfo=UTC)
        return round(then.timestamp() + int(seconds or 0)) * 1000
    except (ValueError, OverflowError):
        return None
