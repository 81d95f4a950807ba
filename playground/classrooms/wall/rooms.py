"""Rooms as the wall and the list of classrooms show them."""

from __future__ import annotations

from typing import Any

from cluster_engine.faults.catalogue import FAULTS
from playground.classrooms.actions import available
from playground.classrooms.models import Classroom


def room_body(room: Classroom, base_url: str) -> dict[str, Any]:
    """A room as docs/protocol.md has it, for its teacher."""
    return {
        "id": room.id,
        "title": room.title,
        "state": room.state,
        "code": room.code,
        "join_url": f"{base_url}/c/{room.code}/",
        "starts_at": room.starts_at.isoformat() if room.starts_at is not None else "",
        "ends_at": room.ends_at.isoformat(),
        "frozen_at": room.frozen_at.isoformat() if room.frozen_at is not None else "",
        "seats": room.seats_max,
        "minutes": room.minutes,
        "nodes": room.nodes,
        "template": room.template,
        "lesson": room.lesson,
        "allowed": room.allowed,
        "is_reviewed": room.is_reviewed,
        "actions": available(room),
        "faults": [
            {"name": fault.name, "title": fault.title, "target": str(fault.target)}
            for fault in FAULTS.values()
        ],
    }
