"""One student as the wall shows it. Pure: from what is known to what is sent."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from playground.classrooms.models import Stage, Student
from playground.classrooms.progress import Standing
from playground.classrooms.selectors import session_of
from playground.classrooms.wall.attention import Facts, Patience, attention


@dataclass(slots=True)
class Known:
    """What the wall knows of a student, each part as it was last read."""

    student: Student
    #: The cluster's summary, see cluster_engine.summary; empty: no cluster.
    summary: dict[str, Any] = field(default_factory=dict)
    standing: Standing | None = None
    here: int = 0
    #: When the last command was first seen, by the wall clock.
    command_at: datetime.datetime | None = None

    def take_summary(self, summary: dict[str, Any], now: datetime.datetime) -> None:
        """Note what a cluster is like now. Its commands carry virtual time; people want ours."""
        if summary.get("command") != self.summary.get("command"):
            self.command_at = now if summary.get("command") else None
        self.summary = summary


def entry(known: Known, patience: Patience, now: datetime.datetime) -> dict[str, Any]:
    """The student as docs/protocol.md has it."""
    student, summary = known.student, known.summary
    rated = attention(_facts(known, now), patience)
    command = summary.get("command")
    at = known.command_at
    return {
        "id": student.id,
        "name": student.name,
        "state": state_word(known),
        "session": session_of(student),
        "nodes": summary.get("nodes", []),
        "unplaced": summary.get("unplaced", ""),
        "command": {"text": command["text"], "at": at.isoformat()} if command and at else None,
        "progress": known.standing.body() if known.standing is not None else None,
        "hand": student.hand_at.isoformat() if student.hand_at is not None else None,
        "here": known.here,
        "attention": {"score": rated.score, "reason": rated.reason},
        "teacher": student.help,
        "fault": student.fault,
    }


def state_word(known: Known) -> str:
    """Where the student is; finished with the last step, away without an open page."""
    if known.student.stage != Stage.WORKING:
        return str(known.student.stage)
    if known.standing is not None and known.standing.is_finished:
        return "finished"
    return "working" if known.here else "away"


def _facts(known: Known, now: datetime.datetime) -> Facts:
    student, standing = known.student, known.standing
    is_working = student.stage == Stage.WORKING
    is_done = standing is not None and standing.is_finished
    moments = (known.command_at, student.started_at)
    last = max((moment for moment in moments if moment is not None), default=None)
    return Facts(
        hand_seconds=_seconds(student.hand_at, now),
        step_seconds=_seconds(_since(standing), now),
        step=standing.step if standing is not None else "",
        is_finished=not is_working or is_done,
        failing_pods=known.summary.get("failing", 0),
        failures=known.summary.get("failures", 0),
        idle_seconds=_seconds(last, now),
        is_here=known.here > 0,
    )


def _since(standing: Standing | None) -> datetime.datetime | None:
    if standing is None or not standing.since:
        return None
    return datetime.datetime.fromisoformat(standing.since)


def _seconds(since: datetime.datetime | None, now: datetime.datetime) -> float | None:
    return None if since is None else max(0.0, (now - since).total_seconds())
