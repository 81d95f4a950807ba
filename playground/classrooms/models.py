"""Classrooms, their seats and the students on them, what was said to them, what was done."""

from __future__ import annotations

from typing import Any

from django.db import models

from playground.classrooms.life import RoomState

_ID = 16
_VISITOR = 32
BROADCASTS = ("message", "manifest")


class Stage(models.TextChoices):
    """Where a student is."""

    LOBBY = "lobby"
    #: All seats are taken.
    WAITING = "waiting"
    WORKING = "working"
    FINISHED = "finished"
    REMOVED = "removed"


class Help(models.TextChoices):
    """What the teacher does in a student's cluster."""

    NONE = ""
    LOOK = "look"
    ASKED = "asked"
    HELP = "help"


class Classroom(models.Model):
    """A timed room made from a template; its code lets students in."""

    id = models.CharField(primary_key=True, max_length=_ID)
    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=80)
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in RoomState],
        default=RoomState.LOBBY.value,
    )
    teacher = models.CharField(max_length=_VISITOR, help_text="visitor id of who made it")
    created_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(help_text="time per student")
    seats_max = models.PositiveIntegerField()
    nodes = models.PositiveIntegerField()
    speed = models.CharField(max_length=12, default="1")
    template = models.CharField(max_length=80, blank=True)
    lesson = models.CharField(max_length=80, blank=True)
    manifests = models.TextField(blank=True, help_text="what every cluster starts with")
    #: Names of faults that every cluster starts with.
    faults: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    #: What students may do, see lab_sessions.rules.Act.
    allowed: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    #: Students' writes wait for review; see reviews. The site's address, for what they are told.
    is_reviewed = models.BooleanField(default=False)
    site_url = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "ends_at")),
            models.Index(fields=("teacher", "created_at")),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


class Student(models.Model):
    """Somebody in a classroom. `visitor` is the person, `pin` lets them in elsewhere."""

    id = models.CharField(primary_key=True, max_length=_ID)
    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="students")
    visitor = models.CharField(max_length=_VISITOR)
    name = models.CharField(max_length=40)
    #: The name as names are compared; empty for one who was removed.
    key = models.CharField(max_length=80, blank=True)
    pin = models.CharField(max_length=16)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.LOBBY)
    joined_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    hand_at = models.DateTimeField(null=True, blank=True)
    hands = models.PositiveIntegerField(default=0, help_text="how often a hand went up")
    help = models.CharField(max_length=5, choices=Help.choices, default=Help.NONE, blank=True)
    helps = models.PositiveIntegerField(default=0, help_text="how often the teacher was let in")
    resets = models.PositiveIntegerField(default=0)
    #: A fault that the teacher set and that is still on.
    fault = models.CharField(max_length=40, blank=True)
    #: What came of it, kept when the session is gone; see results.py.
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("classroom", "key"),
                condition=~models.Q(key=""),
                name="one_name_per_classroom",
            ),
            models.UniqueConstraint(
                fields=("classroom", "visitor"),
                condition=~models.Q(key=""),
                name="one_student_per_visitor",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} in {self.classroom_id}"


class Seat(models.Model):
    """A cluster of a classroom, made before anybody sits on it."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="seats")
    session = models.CharField(max_length=_ID, unique=True)
    student = models.OneToOneField(
        Student, on_delete=models.SET_NULL, null=True, blank=True, related_name="seat"
    )
    made_at = models.DateTimeField()
    #: The room's start state was applied; before that nobody is put on it.
    is_ready = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.session} in {self.classroom_id}"


class Broadcast(models.Model):
    """What a teacher said to the class, or applied everywhere."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="broadcasts")
    kind = models.CharField(
        max_length=10, choices=[("message", "message"), ("manifest", "manifest")]
    )
    text = models.TextField()
    #: Student ids; empty: everybody, those who come later too.
    students: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("classroom", "at")),)

    def __str__(self) -> str:
        return f"{self.kind} to {self.classroom_id}"


class Deed(models.Model):
    """What was done in a classroom, by whom, to whom, and what came of it. Never changed."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="deeds")
    at = models.DateTimeField()
    visitor = models.CharField(max_length=_VISITOR, blank=True, help_text="empty: the clock")
    name = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=20)
    value = models.CharField(max_length=200, blank=True)
    #: Student ids; empty: the room.
    students: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    failures: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=("classroom", "at")),)

    def __str__(self) -> str:
        return f"{self.action} in {self.classroom_id}"
