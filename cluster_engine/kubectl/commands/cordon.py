"""`kubectl cordon`: no new pods for a node."""

from __future__ import annotations

from cluster_engine.kubectl.command import DRY_RUN, SELECTOR, Command
from cluster_engine.kubectl.cordoning import cordon, node_targets
from cluster_engine.kubectl.session import Session


def run(session: Session) -> int:
    cordon(session, node_targets(session, "cordon NODE"), is_wanted=True)
    return 0


COMMAND = Command(
    name="cordon",
    short="Mark node as unschedulable",
    usage="NODE",
    long="""Mark node as unschedulable.""",
    examples="""# Mark node "foo" as unschedulable
kubectl cordon foo""",
    flags=(DRY_RUN, SELECTOR),
    run=run,
)
