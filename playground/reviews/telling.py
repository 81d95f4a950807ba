"""Tells the browsers in a session that something of its review is new; they ask what."""

from __future__ import annotations

from playground.live.selectors import rooms


def review_show(session_id: str) -> None:
    """On the event loop. It costs nothing when nobody is there."""
    room = rooms().find(session_id)
    if room is not None:
        room.tell({"type": "review"})
