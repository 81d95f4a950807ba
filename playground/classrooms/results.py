"""What came of a class: one row per student, and the words of a CSV file that spreadsheets read."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any

from playground.classrooms.models import Classroom, Student
from playground.classrooms.progress import Standing, standing_of, step_seconds
from playground.classrooms.selectors import session_of, students_of

COLUMNS = (
    "student stage joined started finished minutes steps_done steps_total step step_seconds "
    "hints hands_raised helped resets session"
).split()
#: A cell that begins so would be a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def result_keep(student: Student) -> None:
    """Write down how far a student has come, while the session still knows."""
    session_id = session_of(student)
    standing = await standing_of(session_id) if session_id else None
    if standing is not None:
        student.result = await _result(session_id, standing)
        await student.asave(update_fields=["result"])


async def result_row(student: Student) -> dict[str, Any]:
    """One student as COLUMNS name it."""
    session_id = session_of(student)
    standing = await standing_of(session_id) if session_id else None
    kept = student.result if standing is None else await _result(session_id, standing)
    return {
        "student": student.name,
        "stage": student.stage,
        "joined": _moment(student.joined_at),
        "started": _moment(student.started_at),
        "finished": _moment(student.finished_at),
        "minutes": _minutes(student),
        "steps_done": kept.get("done", ""),
        "steps_total": kept.get("total", ""),
        "step": kept.get("step", ""),
        "step_seconds": " ".join(f"{step}={took}" for step, took in kept.get("took", {}).items()),
        "hints": kept.get("hints", ""),
        "hands_raised": student.hands,
        "helped": student.helps,
        "resets": student.resets,
        "session": session_id or kept.get("session", ""),
    }


async def _result(session_id: str, standing: Standing) -> dict[str, Any]:
    took = await step_seconds(session_id)
    return {**standing.body(), "hints": standing.hints, "took": took, "session": session_id}


async def results_csv(room: Classroom) -> str:
    """The whole class, in the order they came."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for student in await students_of(room):
        row = await result_row(student)
        writer.writerow({column: plain_cell(row[column]) for column in COLUMNS})
    return out.getvalue()


def plain_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _moment(moment: datetime.datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment is not None else ""


def _minutes(student: Student) -> str | float:
    if student.started_at is None or student.finished_at is None:
        return ""
    return round((student.finished_at - student.started_at).total_seconds() / 60, 1)
