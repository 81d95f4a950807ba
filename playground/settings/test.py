"""The tests: a database in memory, nothing written down, pages that render when not built."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playground.settings.base import *  # noqa: F403

SECRET_KEY = "tests only"
PODYARD_VAR_DIR = Path(tempfile.gettempdir()) / "podyard-tests"
PODYARD_KEEP_SESSIONS = False
PODYARD_SESSION_SPEED = "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
if not PODYARD_DATABASE_URL:  # noqa: F405
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ":memory:",
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        }
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
