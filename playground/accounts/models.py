"""People with an account, what they may do, and the links that let them in.

An account is Django's user. Everything else on the site knows people by the visitor id in their
signed cookie; `Person` ties the two together, and is the only place that does.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from playground.accounts.rights import Right

#: Of what others see; a user name may be longer.
NAME_LENGTH_MAX = 60
_RIGHTS = [(right.value, right.value) for right in Right]


class Person(models.Model):
    """The visitor that an account is, in every browser that is logged in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="person"
    )
    #: Changed when the account's browsers are to be logged out: their cookies then name nobody.
    visitor = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    color = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"
        permissions = (("operate_person", "Can switch accounts off and on, and log them out"),)

    def __str__(self) -> str:
        return self.name


class FormerVisitor(models.Model):
    """An id that a person had before: as a guest, or before a change of password.

    Append-only records (who wrote what) keep the old id; this row says whose it was, and goes with
    the account.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former")
    visitor = models.CharField(max_length=32, unique=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.visitor


class Grant(models.Model):
    """A right that a visitor has for a while, without a group: how a one-time link works."""

    visitor = models.CharField(max_length=32)
    right = models.CharField(max_length=8, choices=_RIGHTS)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("visitor", "right"), name="one_grant_per_right"),
        )

    def __str__(self) -> str:
        return f"{self.visitor} may {self.right}"


class Invitation(models.Model):
    """A link that is good once. The link holds its token, this row only a keyed hash of it."""

    token_hash = models.CharField(max_length=64, unique=True)
    #: Empty: it only lets somebody sign up.
    right = models.CharField(max_length=8, choices=_RIGHTS, blank=True)
    note = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: How long what it gives lasts.
    grant_hours = models.PositiveIntegerField()
    redeemed_at = models.DateTimeField(null=True, blank=True)
    redeemed_by = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = (models.Index(fields=("expires_at",)),)

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.right or 'sign up'}"
