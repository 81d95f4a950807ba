"""Why something about an account is refused."""

from __future__ import annotations


class LinkRefused(Exception):
    """An invitation that is wrong, used, or too old. The text is for the person who opened it."""
