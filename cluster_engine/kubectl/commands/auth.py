"""`kubectl auth`: the group; see `authorizing` for its commands."""

from __future__ import annotations

from cluster_engine.kubectl.authorizing.can_i import CAN_I
from cluster_engine.kubectl.authorizing.whoami import WHOAMI
from cluster_engine.kubectl.command import Command

COMMAND = Command(
    name="auth",
    short="Inspect authorization",
    usage="[flags]",
    long="Inspect authorization.",
    flags=(),
    children=(CAN_I, WHOAMI),
)
