"""What classrooms store about people; see playground.accounts.personal_data."""

from __future__ import annotations

from playground.accounts.personal_data import Holding, Rows
from playground.accounts.visitors import Visitor
from playground.classrooms.models import Classroom, Deed, Stage, Student
from playground.classrooms.services.rooms import classroom_delete

_FORGOTTEN = "somebody"


async def _export(visitor_id: str) -> Rows:
    mine = Classroom.objects.filter(teacher=visitor_id).order_by("created_at")
    rows: Rows = [
        {"as": "teacher", "title": room.title, "state": room.state, "since": _iso(room.created_at)}
        async for room in mine
    ]
    seats = Student.objects.filter(visitor=visitor_id).select_related("classroom")
    rows += [
        {
            "as": "student",
            "title": student.classroom.title,
            "name": student.name,
            "since": _iso(student.joined_at),
            "result": student.result,
        }
        async for student in seats.order_by("joined_at")
    ]
    return rows


async def _erase(visitor_id: str) -> None:
    """A teacher's rooms go with everything in them; in others the student has no name any more."""
    async for room in Classroom.objects.filter(teacher=visitor_id):
        await classroom_delete(room=room)
    await Deed.objects.filter(visitor=visitor_id).aupdate(visitor="", name=_FORGOTTEN)
    async for student in Student.objects.filter(visitor=visitor_id):
        student.visitor, student.name, student.key, student.pin = "", _FORGOTTEN, "", ""
        student.stage, student.hand_at, student.result = Stage.REMOVED.value, None, {}
        await student.asave()


def _move(old: str, new: Visitor) -> None:
    Classroom.objects.filter(teacher=old).update(teacher=new.id)
    Deed.objects.filter(visitor=old).update(visitor=new.id)
    taken = Student.objects.filter(visitor=new.id).exclude(key="").values("classroom")
    Student.objects.filter(visitor=old).exclude(classroom__in=taken).update(visitor=new.id)


def _iso(moment: object) -> str:
    return moment.isoformat() if hasattr(moment, "isoformat") else ""


HOLDINGS = (
    Holding(
        key="classrooms",
        what=(
            "Classrooms you made, what you did in them and said there; classrooms you were in: "
            "the name you chose, when, how far you came, when you raised a hand"
        ),
        why="To let you in again, to show your teacher how you get on, and for the results",
        how_long="{PODYARD_CLASSROOM_RECORD_DAYS} days after the class is over",
        models=(
            "classrooms.classroom",
            "classrooms.student",
            "classrooms.seat",
            "classrooms.broadcast",
            "classrooms.deed",
        ),
        export=_export,
        erase=_erase,
        move=_move,
    ),
)
