"""`kubectl rollout history`: the revisions of a workload.

Models: k8s.io/kubectl/pkg/cmd/rollout/rollout_history.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import FILENAME, PRINTING, SELECTOR, Command
from cluster_engine.kubectl.errors import KubectlError, raise_all
from cluster_engine.kubectl.flags import INT, Flag
from cluster_engine.kubectl.printers.chosen import chosen_printer, label_of
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.results import report
from cluster_engine.kubectl.rolling.common import rollout_targets
from cluster_engine.kubectl.rolling.histories import (
    Revision,
    numbered,
    restored,
    revisions_of,
    template_text,
)
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target


def run(session: Session) -> int:
    number = session.flags["revision"]
    if number < 0:
        raise KubectlError(f"revision must be a positive integer: {number}")
    targets, errors = rollout_targets(session)
    for target in targets:
        try:
            _show(session, target, number)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _show(session: Session, target: Target, number: int) -> None:
    revisions = revisions_of(session, target)
    wanted = numbered(revisions, number) if number else None
    if number and wanted is None and revisions:
        raise KubectlError("unable to find the specified revision")
    if chosen_printer(session) is not None:
        shown = [wanted] if wanted else sorted(revisions, key=lambda found: found.number)
        for revision in shown:
            report(session, restored(target, revision), "")
        return
    text = "No rollout history found."
    if wanted is not None:
        text = template_text(target, wanted)
    elif revisions:
        text = _table(revisions)
    with_revision = f"with revision #{number}" if number else ""
    session.out(f"{label_of(target.object)} {with_revision}\n{text}")


def _table(revisions: list[Revision]) -> str:
    tabs = TabWriter(minimum=0, padding=2)
    tabs.line("REVISION", "CHANGE-CAUSE")
    for number, revision in sorted({found.number: found for found in revisions}.items()):
        tabs.line(str(number), revision.cause or "<none>")
    return tabs.flush()


HISTORY = Command(
    name="history",
    short="View rollout history",
    usage="(TYPE NAME | TYPE/NAME) [flags]",
    long="""View previous rollout revisions and configurations.""",
    examples="""# View the rollout history of a deployment
kubectl rollout history deployment/abc

# View the details of daemonset revision 3
kubectl rollout history daemonset/abc --revision=3""",
    flags=(
        *FILENAME,
        *PRINTING,
        SELECTOR,
        Flag(
            "revision",
            "",
            INT,
            0,
            "See the details, including podTemplate of the revision specified",
        ),
    ),
    run=run,
)
