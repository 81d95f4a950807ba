"""One machine, as `make run` serves it."""

from __future__ import annotations

import secrets

from playground.settings import environment
from playground.settings.base import *  # noqa: F403


def _secret_key() -> str:
    """The key of this installation: given, or made once and kept beside the database."""
    given = environment.text("PODYARD_SECRET_KEY", "")
    if given:
        return given
    PODYARD_VAR_DIR.mkdir(parents=True, exist_ok=True)  # noqa: F405
    path = PODYARD_VAR_DIR / "secret-key"  # noqa: F405
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
