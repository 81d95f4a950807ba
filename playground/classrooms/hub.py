"""Who wants to know when something in a classroom changes: walls, students' pages, the caretaker.

Everything runs on one event loop. Listeners only take note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class News:
    """Something changed: of one student, or (without one) of the room."""

    room_id: str
    student_id: str = ""
    #: The student is gone.
    is_removed: bool = False
    #: Said once, to the student's pages: a frame such as a message of the teacher.
    say: dict[str, Any] | None = None


Listener: TypeAlias = Callable[[News], None]


class Hub:
    """The listeners of this process, and which students have a page open."""

    def __init__(self) -> None:
        self._listeners: dict[str, dict[Listener, None]] = {}
        self.room_listeners: list[Callable[[], None]] = []
        #: Open pages by student.
        self.here: Counter[str] = Counter()

    def listen(self, room_id: str, listener: Listener) -> Callable[[], None]:
        """Hear of a room until what comes back is called."""
        self._listeners.setdefault(room_id, {})[listener] = None

        def stop() -> None:
            held = self._listeners.get(room_id)
            if held is not None:
                held.pop(listener, None)
                if not held:
                    del self._listeners[room_id]

        return stop

    def tell(self, news: News) -> None:
        """Hand on what changed."""
        for listener in list(self._listeners.get(news.room_id, ())):
            listener(news)
        if not news.student_id:
            for wake in list(self.room_listeners):
                wake()

    def student(self, room_id: str, student_id: str) -> None:
        """Something of a student changed."""
        self.tell(News(room_id, student_id))

    def room(self, room_id: str) -> None:
        """Something of the room changed."""
        self.tell(News(room_id))

    def came(self, room_id: str, student_id: str) -> None:
        """A student has one more page open."""
        self.here[student_id] += 1
        self.student(room_id, student_id)

    def went(self, room_id: str, student_id: str) -> None:
        """And one less."""
        self.here[student_id] -= 1
        if self.here[student_id] <= 0:
            del self.here[student_id]
        self.student(room_id, student_id)
