"""`kubectl kustomize`: what a kustomization directory makes.

Models: sigs.k8s.io/kustomize/kustomize/v5/commands/build.
"""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import STRING, Flag
from cluster_engine.kubectl.kustomizing.building import build
from cluster_engine.kubectl.kustomizing.ordering import FIFO, LEGACY
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.session import Session


def run(session: Session) -> int:
    if len(session.arguments) > 1:
        raise KubectlError("specify one path to kustomization.yaml")
    folder = session.arguments[0] if session.arguments else "."
    text = "---\n".join(to_yaml(obj) for obj in build(session, folder, _order(session)))
    target = session.flags.text("output")
    if target:
        session.system.write_file(target, text.encode())
    else:
        session.write(text)
    return 0


def _order(session: Session) -> str:
    order = session.flags.text("reorder")
    if order not in ("none", LEGACY):
        raise KubectlError(f"illegal flag value --reorder {order}; legal values: [legacy none]")
    return FIFO if order == "none" else LEGACY


COMMAND = Command(
    name="kustomize",
    short="Build a kustomization target from a directory or URL",
    usage="DIR",
    long="""Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must \
be a path to a directory containing 'kustomization.yaml'. If DIR is omitted, '.' is assumed.""",
    examples="""# Build the current working directory
kubectl kustomize

# Build some shared configuration directory
kubectl kustomize /home/config/production""",
    flags=(
        Flag("output", "o", STRING, "", "If specified, write output to this path."),
        Flag(
            "reorder",
            "",
            STRING,
            "legacy",
            "Reorder the resources just before output. Use 'legacy' to apply a legacy reordering "
            "(Namespaces first, Webhooks last, etc). Use 'none' to suppress a final reordering.",
        ),
    ),
    run=run,
)
