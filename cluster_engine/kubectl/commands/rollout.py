"""`kubectl rollout`: the group; see `rolling` for its commands."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.rolling.changes import PAUSE, RESTART, RESUME
from cluster_engine.kubectl.rolling.history import HISTORY
from cluster_engine.kubectl.rolling.status import STATUS
from cluster_engine.kubectl.rolling.undo import UNDO

COMMAND = Command(
    name="rollout",
    short="Manage the rollout of a resource",
    usage="SUBCOMMAND",
    long="""Manage the rollout of one or many resources.

 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets""",
    examples="""# Rollback to the previous deployment
kubectl rollout undo deployment/abc

# Check the rollout status of a daemonset
kubectl rollout status daemonset/foo

# Restart a deployment
kubectl rollout restart deployment/abc

# Restart deployments with the 'app=nginx' label
kubectl rollout restart deployment --selector=app=nginx""",
    flags=(),
    children=(HISTORY, PAUSE, RESTART, RESUME, STATUS, UNDO),
)
