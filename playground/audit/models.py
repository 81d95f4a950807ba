"""The log's entries, its newest state, and the names behind the pseudonyms in it."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act. Written once; nothing changes or deletes it (see chain.py for what it hashes)."""

    #: From 1, without gaps.
    number = models.PositiveBigIntegerField(primary_key=True)
    #: ISO 8601 in UTC: the text itself is hashed.
    at = models.CharField(max_length=40)
    #: The pseudonym of who acted; empty: the site itself.
    actor = models.CharField(max_length=64, blank=True, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=200, db_index=True)
    #: JSON in canonical form, without personal data.
    data = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"


class Head(models.Model):
    """The newest entry, sealed with the site's key; its one row is the writers' lock."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"head {self.number}"


class Actor(models.Model):
    """Who is behind a pseudonym. Deleting the row makes all their entries anonymous."""

    pseudonym = models.CharField(primary_key=True, max_length=64)
    visitor = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=64)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name
