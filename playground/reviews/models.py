"""What the review desk remembers: the record of writes, submissions with their versions, decisions.

People stand here by visitor id and by the name they had. Texts are masked; what has to be sent to a
cluster later is sealed (see sealing.py).
"""

from __future__ import annotations

from django.db import models

from playground.lab_sessions.models import Session
from playground.reviews.findings.finding import Severity
from playground.reviews.life import State

_STATES = [(state.value, state.value) for state in State]
_ID, _NAME, _WORD, _LONG = 64, 120, 60, 253


class Desk(models.Model):
    """What the desk knows of a session: whether review is on, and how far its writes are read."""

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="desk")
    is_on = models.BooleanField(default=False)
    #: Whose review it is.
    switched_by = models.CharField(max_length=_ID, blank=True)
    switched_by_name = models.CharField(max_length=_NAME, blank=True)
    base_url = models.CharField(max_length=200, blank=True)
    #: The number of the last write that has been copied.
    drained = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"desk of {self.session_id}"


class Submission(models.Model):
    """Writes of one person that wait, or waited, for review."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="submissions")
    #: The number its first version got from the cluster.
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=_STATES, default=State.OPEN.value)
    title = models.CharField(max_length=200)
    submitter = models.CharField(max_length=_ID, db_index=True)
    submitter_name = models.CharField(max_length=_NAME)
    source = models.CharField(max_length=_WORD)
    command = models.CharField(max_length=200, blank=True)
    assignee = models.CharField(max_length=_ID, blank=True, db_index=True)
    assignee_name = models.CharField(max_length=_NAME, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    #: The newest version.
    version = models.PositiveIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    kinds = models.JSONField(default=list)
    namespaces = models.JSONField(default=list)
    #: Of the newest version: findings by severity.
    findings = models.JSONField(default=dict)
    comment_count = models.PositiveIntegerField(default=0)
    #: What came of it once it was approved.
    result = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("session", "number"), name="submission_number"),
        )
        indexes = (models.Index(fields=("state", "updated_at")),)
        permissions = (("reveal_secret", "Can see the values of Secrets in submissions"),)

    def __str__(self) -> str:
        return f"{self.session_id}-{self.number}"


class Version(models.Model):
    """One state of a submission's text."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="versions")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    #: From 1, within the submission.
    version = models.PositiveIntegerField()
    #: The cluster's number, within the session: what kubectl was told.
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    source = models.CharField(max_length=_WORD)
    command = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    text = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    #: It is larger than is kept: it cannot be approved.
    is_cut = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("submission", "version"), name="version_of_submission"),
            models.UniqueConstraint(fields=("session", "number"), name="version_number"),
        )

    def __str__(self) -> str:
        return f"{self.submission} version {self.version}"


class Item(models.Model):
    """One write of a version, as it will be sent."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="items")
    #: From 0, in the order they came.
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(default=1)
    sequence = models.PositiveBigIntegerField()
    #: In people's words.
    act = models.CharField(max_length=_WORD)
    verb = models.CharField(max_length=_WORD)
    method = models.CharField(max_length=10)
    path = models.TextField()
    query = models.TextField(blank=True)
    content_type = models.CharField(max_length=200, blank=True)
    user_agent = models.TextField(blank=True)
    #: The body and the cluster's user, sealed.
    sealed = models.TextField(blank=True)
    size = models.PositiveIntegerField(default=0)
    text = models.TextField()
    api_version = models.CharField(max_length=_LONG)
    kind = models.CharField(max_length=_LONG)
    resource = models.CharField(max_length=_LONG)
    namespace = models.CharField(max_length=_LONG, blank=True)
    name = models.CharField(max_length=_LONG, blank=True)
    subresource = models.CharField(max_length=_WORD, blank=True)
    is_manifest = models.BooleanField()
    is_secret = models.BooleanField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "position"), name="item_position"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.name}"


class Write(models.Model):
    """One write of a person, applied, refused or waiting: the record."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="writes")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True)
    #: The cluster's own time.
    time_ms = models.BigIntegerField()
    person = models.CharField(max_length=_ID, db_index=True)
    person_name = models.CharField(max_length=_NAME)
    source = models.CharField(max_length=_WORD)
    command = models.CharField(max_length=200, blank=True)
    act = models.CharField(max_length=_WORD)
    verb = models.CharField(max_length=_WORD)
    api_version = models.CharField(max_length=_LONG)
    kind = models.CharField(max_length=_LONG)
    namespace = models.CharField(max_length=_LONG, blank=True)
    name = models.CharField(max_length=_LONG, blank=True)
    subresource = models.CharField(max_length=_WORD, blank=True)
    text = models.TextField()
    code = models.PositiveIntegerField()
    reason = models.CharField(max_length=100, blank=True)
    message = models.TextField(blank=True)
    revision = models.PositiveBigIntegerField()
    submission = models.ForeignKey(
        Submission, models.SET_NULL, null=True, blank=True, related_name="writes"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("session", "sequence"), name="write_sequence"),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.sequence}: {self.act} {self.kind} {self.name}"


class Comment(models.Model):
    """Something said about a submission, or about a line of one version."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField()
    by = models.CharField(max_length=_ID, db_index=True)
    by_name = models.CharField(max_length=_NAME)
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    line = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("submission", "number"), name="comment_number"),
        )

    def __str__(self) -> str:
        return f"{self.submission} comment {self.number}"


class Decision(models.Model):
    """Something decided about a submission."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="decisions")
    by = models.CharField(max_length=_ID, db_index=True)
    by_name = models.CharField(max_length=_NAME)
    at = models.DateTimeField()
    act = models.CharField(max_length=_WORD)
    version = models.PositiveIntegerField()
    message = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.submission} {self.act}"


class RuleSetting(models.Model):
    """How much a rule of the findings matters on this site, where that is not as it comes."""

    rule = models.CharField(max_length=_WORD, primary_key=True)
    severity = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Severity])

    def __str__(self) -> str:
        return f"{self.rule}: {self.severity}"


class Hook(models.Model):
    """Where submissions and decisions are posted, beside the address in the settings."""

    url = models.URLField(max_length=500)
    #: The key of the signature.
    secret = models.CharField(max_length=200, blank=True)
    is_on = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message on its way to a hook or a mailbox."""

    class Kind(models.TextChoices):
        """How it goes."""

        WEBHOOK = "webhook"
        EMAIL = "email"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.CharField(max_length=500)
    secret = models.CharField(max_length=200, blank=True)
    event = models.CharField(max_length=_WORD)
    payload = models.JSONField()
    made_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    #: When it is tried (again); null: it has arrived, or was given up.
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.event} to {self.target}"
