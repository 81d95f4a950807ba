"""How far people have come: one run of a lesson per session, one record per step begun."""

from __future__ import annotations

from django.db import models

from playground.lab_sessions.models import Session


class LessonRun(models.Model):
    """A session in which a lesson is done. `current` is a step's id; empty: all are done."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="lesson_run")
    slug = models.CharField(max_length=40)
    #: Of the lesson's files when the run was begun.
    version = models.CharField(max_length=12)
    current = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    restarts = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("slug", "finished_at")),)

    def __str__(self) -> str:
        return f"{self.slug} in {self.session_id}"


class Checkpoint(models.Model):
    """The cluster as it was when the current step began: a compressed snapshot, this program's
    own. The one before it is overwritten."""

    run = models.OneToOneField(LessonRun, on_delete=models.CASCADE, related_name="checkpoint")
    step = models.CharField(max_length=40)
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"before {self.step} of {self.run_id}"


class StepRun(models.Model):
    """A step that somebody has come to."""

    run = models.ForeignKey(LessonRun, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)
    #: How often some of its checks held and others did not, or a wrong answer was given.
    attempts = models.PositiveIntegerField(default=0)
    hints = models.PositiveIntegerField(default=0)
    #: The answer chosen last, from 0; of questions only.
    answer = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "step"), name="one_record_per_step"),)

    def __str__(self) -> str:
        return f"{self.step} of {self.run_id}"
