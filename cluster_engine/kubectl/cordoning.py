"""Nodes that take no new pods: what `cordon`, `uncordon` and `drain` share.

Models: k8s.io/kubectl/pkg/cmd/drain/drain.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.errors import KubectlError, UsageError, raise_all
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Filters, Target, fetch_all, filters_of, select
from cluster_engine.kubectl.writing import patch


def node_targets(session: Session, usage: str) -> list[Target]:
    """The nodes that names or a selector mean. Raises KubectlError."""
    words, flags = session.arguments, session.flags
    if not words and not flags.has("selector"):
        raise UsageError(f"USAGE: {usage} [flags]", session.command)
    if words and flags.text("selector"):
        raise UsageError(
            "error: cannot specify both a node name and a --selector option", session.command
        )
    named = [word.removeprefix("node/").removeprefix("nodes/") for word in words]
    filters = Filters() if words else filters_of(session)
    targets, errors = fetch_all(session, select(session, ["nodes", *named], filters), filters)
    raise_all(errors)
    return targets


def cordon(session: Session, nodes: list[Target], *, is_wanted: bool) -> None:
    """Mark the nodes, or take the mark away; say so."""
    verb = "cordon" if is_wanted else "uncordon"
    for node in nodes:
        is_cordoned = bool((node.object.get("spec") or {}).get("unschedulable"))
        if is_cordoned == is_wanted:
            report(session, node.object, f"already {verb}ed")
            continue
        if dry_run(session) != CLIENT:
            try:
                patch(session, node, {"spec": {"unschedulable": True if is_wanted else None}})
            except KubectlError as error:
                session.err(f'error: unable to {verb} node "{node.name}": {error.message}')
                continue
        report(session, node.object, f"{verb}ed")
