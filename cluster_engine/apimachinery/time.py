"""Times as Kubernetes writes them: RFC 3339 in UTC, and durations as kubectl prints ages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400


def rfc3339(time_ms: int) -> str:
    """`metav1.Time`: whole seconds, "2026-01-02T03:04:05Z"."""
    return _seconds_text(time_ms // 1000)


@lru_cache(maxsize=1024)
def _seconds_text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_micro(time_ms: int) -> str:
    """`metav1.MicroTime`: "2026-01-02T03:04:05.006000Z"."""
    stamp = datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{stamp}.{time_ms % 1000:03d}000Z"


def rfc3339_nano(time_ms: int) -> str:
    """As log lines carry it: "2026-01-02T03:04:05.006000000Z"."""
    stamp = datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{stamp}.{time_ms % 1000:03d}000000Z"


def parse_rfc3339(text: str) -> int:
    """Milliseconds since the epoch. Raises ValueError when `text` is not RFC 3339."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return round(moment.timestamp() * 1000)


def human_duration(seconds: int) -> str:
    """An age: "5s", "2m10s", "3h5m", "4d". Models: k8s.io/apimachinery/pkg/util/duration."""
    if seconds < -1:
        return "<invalid>"
    if seconds < 0:
        return "0s"
    if seconds < 2 * _MINUTE:
        return f"{seconds}s"
    minutes = seconds // _MINUTE
    if minutes < 10:
        return f"{minutes}m" + (f"{seconds % _MINUTE}s" if seconds % _MINUTE else "")
    if minutes < 3 * 60:
        return f"{minutes}m"
    hours = seconds // _HOUR
    if hours < 8:
        return f"{hours}h" + (f"{minutes % 60}m" if minutes % 60 else "")
    if hours < 48:
        return f"{hours}h"
    if hours < 8 * 24:
        return f"{hours // 24}d" + (f"{hours % 24}h" if hours % 24 else "")
    if seconds < 2 * _YEAR:
        return f"{seconds // _DAY}d"
    years, rest = divmod(seconds // _DAY, 365)
    if years < 8:
        return f"{years}y" + (f"{rest}d" if rest else "")
    return f"{years}y"
