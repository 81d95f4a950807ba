"""Times as tools print them; the container's clock is UTC."""

from __future__ import annotations

from datetime import UTC, datetime

_HALF_YEAR_MS = 182 * 86_400_000


def moment(time_ms: int) -> datetime:
    """A time as a date."""
    return datetime.fromtimestamp(time_ms / 1000, UTC)


def listing_time(time_ms: int, now_ms: int) -> str:
    """As `ls -l` shows it: with the hour when recent, else with the year."""
    then = moment(time_ms)
    recent = -1 < now_ms - time_ms < _HALF_YEAR_MS
    return then.strftime("%b %e %H:%M") if recent else then.strftime("%b %e  %Y")
