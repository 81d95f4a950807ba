"""`kubectl uncordon`: new pods for a node again."""

from __future__ import annotations

from cluster_engine.kubectl.command import DRY_RUN, SELECTOR, Command
from cluster_engine.kubectl.cordoning import cordon, node_targets
from cluster_engine.kubectl.session import Session


def run(session: Session) -> int:
    cordon(session, node_targets(session, "uncordon NODE"), is_wanted=False)
    return 0


COMMAND = Command(
    name="uncordon",
    short="Mark node as schedulable",
    usage="NODE",
    long="""Mark node as schedulable.""",
    examples="""# Mark node "foo" as schedulable
kubectl uncordon foo""",
    flags=(DRY_RUN, SELECTOR),
    run=run,
)
