"""What is remembered of sessions and of the anonymous people in them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.life import STORED, State
from playground.lab_sessions.roles import FORK, Role

_STATES = [(state.value, state.value) for state in STORED]


class Session(models.Model):
    """One cluster for a while. Its secrets are derived from `nonce` and the site's key."""

    id = models.CharField(primary_key=True, max_length=16)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default=Kind.GUEST.value, help_text="one of kinds.Kind")
    #: As stored; what it is at a moment is `selectors.session_state`.
    state = models.CharField(max_length=10, choices=_STATES, default=State.RUNNING.value)
    nonce = models.CharField(max_length=32)
    nodes = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    speed = models.CharField(max_length=12)
    address = models.CharField(max_length=64, help_text="keyed hash of the starter's address")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: When a session goes that is expired, hibernated or reserved.
    gone_at = models.DateTimeField()
    #: When somebody last did something in it.
    active_at = models.DateTimeField(default=timezone.now)
    #: When the janitor has to look at it; null: never again.
    due_at = models.DateTimeField(null=True, blank=True)
    #: What was left of its time when it was hibernated.
    left_seconds = models.PositiveIntegerField(default=0)
    #: Why it expired or ended, and when.
    ended_because = models.CharField(max_length=20, blank=True, help_text="one of life.EndReason")
    ended_at = models.DateTimeField(null=True, blank=True)
    template = models.CharField(max_length=80, blank=True)
    extensions = models.PositiveIntegerField(default=0)
    forked_from = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "due_at")),
            models.Index(fields=("address", "created_at")),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class WaitingTicket(models.Model):
    """Somebody waits for a place. Whoever knows the secret may ask how it stands."""

    secret = models.CharField(primary_key=True, max_length=32)
    visitor = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    color = models.CharField(max_length=32)
    address = models.CharField(max_length=64, help_text="keyed hash of the address")
    kind = models.CharField(max_length=10)
    wishes = models.JSONField()
    created_at = models.DateTimeField()
    #: When it was last asked for: who does not ask any more has left.
    seen_at = models.DateTimeField()
    #: The session that is held for them, once their turn has come.
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=("session", "seen_at", "created_at")),)

    def __str__(self) -> str:
        return f"{self.name} since {self.created_at:%H:%M}"


class ShareLink(models.Model):
    """A link that lets others in. Its secret is derived from its number and the session's nonce."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="links")
    role = models.CharField(max_length=8, choices=[(word, word) for word in (*Role, FORK)])
    label = models.CharField(max_length=60, blank=True)
    created_by = models.CharField(max_length=32, help_text="visitor id of who made it")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    uses_max = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.role} {self.session_id} {self.label}"


class Membership(models.Model):
    """A person who may use a session, by the id in their signed cookie."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="members")
    visitor = models.CharField(max_length=32)
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in Role])
    name = models.CharField(max_length=60, blank=True)
    color = models.CharField(max_length=32, blank=True)
    joined_at = models.DateTimeField()
    link = models.ForeignKey(
        ShareLink, on_delete=models.SET_NULL, null=True, blank=True, related_name="members"
    )
    #: Rises with each change of role and each renewal: older secrets of this person end with it.
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("session", "visitor"), name="one_role_per_visitor"),
        )
        indexes = (models.Index(fields=("visitor",)),)

    def __str__(self) -> str:
        return f"{self.visitor} {self.role} {self.session_id}"
