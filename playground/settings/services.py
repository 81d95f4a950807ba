"""Where the database is, and what is shared by several processes: read from two addresses.

`PODYARD_DATABASE_URL` such as `postgresql://user:password@host:5432/name`; without it SQLite in the
var folder. `PODYARD_REDIS_URL` such as `redis://host:6379/0`; without it each process keeps its
own cache and channel layer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SCHEMES = ("postgres", "postgresql")
_CONNECTION_SECONDS = 60


def databases(url: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Django's `DATABASES`. Raises ImproperlyConfigured when the address makes no sense."""
    return {"default": _postgresql(url) if url else _sqlite(folder / "podyard.sqlite3")}


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in _SCHEMES or not parts.hostname or not name:
        raise ImproperlyConfigured(
            "PODYARD_DATABASE_URL: give postgresql://user:password@host:port/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": _CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }


def caches(url: str) -> dict[str, dict[str, Any]]:
    """Django's `CACHES`: counts of logins that went wrong are kept there."""
    if not url:
        return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": _checked(url),
            "KEY_PREFIX": "podyard",
        }
    }


def channel_layers(url: str) -> dict[str, dict[str, Any]]:
    """Channels' `CHANNEL_LAYERS`."""
    if not url:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    layer = "channels_redis.core.RedisChannelLayer"
    config = {"hosts": [_checked(url)], "prefix": "podyard"}
    return {"default": {"BACKEND": layer, "CONFIG": config}}


def _checked(url: str) -> str:
    if urlsplit(url).scheme not in ("redis", "rediss"):
        raise ImproperlyConfigured("PODYARD_REDIS_URL: give redis://host:port/number")
    return url
