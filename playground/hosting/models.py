"""Clusters as they are written down: what each began as, its last snapshot, what came in since."""

from __future__ import annotations

from django.db import models


class HostLease(models.Model):
    """A process that hosts clusters, and until when it is taken to be alive."""

    owner = models.CharField(primary_key=True, max_length=80)
    expires_at = models.FloatField(help_text="seconds since 1970")

    def __str__(self) -> str:
        return self.owner


class HostedCluster(models.Model):
    """A cluster and whose it is."""

    cluster_id = models.CharField(primary_key=True, max_length=64)
    plan = models.TextField(blank=True, help_text="what it was made from; empty: a snapshot")
    owner = models.CharField(max_length=80, blank=True)
    created_at = models.FloatField(help_text="seconds since 1970")

    class Meta:
        indexes = (models.Index(fields=("owner",)),)

    def __str__(self) -> str:
        return self.cluster_id


class ClusterSnapshot(models.Model):
    """The last snapshot of a cluster."""

    cluster_id = models.CharField(primary_key=True, max_length=64)
    number = models.BigIntegerField(help_text="records that it contains")
    fingerprint = models.CharField(max_length=64, help_text="the engine that can read it")
    head = models.BinaryField()
    data = models.BinaryField()
    portable = models.BinaryField(help_text="plain files for other engines; may be empty")
    portable_number = models.BigIntegerField(default=0, help_text="records that those contain")
    written_at = models.FloatField(help_text="seconds since 1970")

    def __str__(self) -> str:
        return f"{self.cluster_id} at {self.number}"


class JournalPiece(models.Model):
    """Consecutive records of a cluster. Two hosts cannot write the same ones."""

    pk = models.CompositePrimaryKey("cluster_id", "first")
    cluster_id = models.CharField(max_length=64)
    first = models.BigIntegerField(help_text="number of the first record")
    count = models.IntegerField()
    data = models.BinaryField()
    written_at = models.FloatField(help_text="seconds since 1970")

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.first}+{self.count}"
