"""mount and umount: what is mounted; changing it is refused, as in any container."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def run(invocation: Invocation) -> int:
    """List the mounts."""
    if len(invocation.arguments) > 1 and not invocation.arguments[1].startswith("-"):
        invocation.complain(f"{invocation.arguments[-1]}: permission denied.")
        return 32
    for mount in invocation.system.mounts():
        invocation.line(f"{mount.source} on {mount.path} type {mount.type} ({mount.options})")
    return 0


def umount(invocation: Invocation) -> int:
    """Refuse."""
    target = invocation.arguments[-1] if len(invocation.arguments) > 1 else ""
    invocation.complain(f"{target}: must be superuser to unmount.")
    return 32


COMMAND = Command("mount", run)
UMOUNT = Command("umount", umount)
