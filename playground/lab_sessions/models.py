"""What is remembered of sessions and of the anonymous people in them."""

from __future__ import annotations

from django.db import models

from playground.lab_sessions.roles import Role


class State(models.TextChoices):
    """The life of a session: running, then read-only for a while, then gone."""

    RUNNING = "running"
    READ_ONLY = "read-only"
    GONE = "gone"


class Session(models.Model):
    """One cluster for a while. Its secrets are derived from `nonce` and the site's key."""

    id = models.CharField(primary_key=True, max_length=16)
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    nonce = models.CharField(max_length=32)
    nodes = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    speed = models.CharField(max_length=12)
    address = models.CharField(max_length=64, help_text="keyed hash of the starter's address")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: When a read-only session goes.
    gone_at = models.DateTimeField()
    extensions = models.PositiveIntegerField(default=0)
    forked_from = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "expires_at")),
            models.Index(fields=("address", "created_at")),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class Membership(models.Model):
    """A browser that may use a session, by the id in its signed cookie."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="members")
    visitor = models.CharField(max_length=32)
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in Role])
    joined_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("session", "visitor"), name="one_role_per_visitor"),
        )

    def __str__(self) -> str:
        return f"{self.visitor} {self.role} {self.session_id}"
