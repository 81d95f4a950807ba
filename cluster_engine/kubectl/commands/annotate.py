"""`kubectl annotate`: set and remove annotations.

Models: k8s.io/kubectl/pkg/cmd/annotate (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import Command, manager
from cluster_engine.kubectl.errors import KubectlError, raise_all
from cluster_engine.kubectl.marking import (
    check_words,
    flags_for,
    is_only_shown,
    list_marks,
    marked_targets,
    send_marks,
    split_words,
    with_marks,
)
from cluster_engine.kubectl.pairs import parse_pairs
from cluster_engine.kubectl.results import report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target

CHANGE_CAUSE = "kubernetes.io/change-cause"


def run(session: Session) -> int:
    resources, words = split_words(session.arguments, "annotation")
    values, removed = parse_pairs(words, "annotation", can_remove=True)
    check_words(session, resources, bool(values or removed), "annotation", "rsrc")
    both = [name for name in removed if name in values]
    if both:
        raise KubectlError(
            "can not both modify and remove the following annotation(s) in the same command: "
            + ", ".join(both)
        )
    targets, errors = marked_targets(session, resources)
    for target in targets:
        try:
            _annotate(session, target, values, removed, is_only=len(targets) == 1)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _annotate(
    session: Session, target: Target, values: dict[str, str], removed: list[str], *, is_only: bool
) -> None:
    current: dict[str, str] = target.object["metadata"].get("annotations") or {}
    if not session.flags.is_on("overwrite"):
        _refuse_overwrites(current, values)
    merged = {**current, **values}
    kept = {name: value for name, value in merged.items() if name not in removed}
    changed = with_marks(target.object, "annotations", kept)
    if not is_only_shown(session):
        changed = send_marks(session, target, changed)
    if session.flags.is_on("list"):
        list_marks(session, changed, "annotations", is_only=is_only)
        return
    report(session, changed, "annotated")


def _refuse_overwrites(current: dict[str, str], values: dict[str, str]) -> None:
    refused = [
        f"'{name}' already has a value ({current[name]})"
        for name, value in values.items()
        if name != CHANGE_CAUSE and current.get(name, value) != value
    ]
    if refused:
        raise KubectlError(
            "--overwrite is false but found the following declared annotation(s): "
            + "; ".join(refused)
        )


COMMAND = Command(
    name="annotate",
    short="Update the annotations on a resource",
    usage="[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N "
    "[--resource-version=version]",
    long="""Update the annotations on one or more resources.

 All Kubernetes objects support the ability to store additional data with the object as \
annotations. Annotations are key/value pairs that can be larger than labels and include arbitrary \
string values such as structured JSON. Tools and system extensions may use annotations to store \
their own data.

 Attempting to set an annotation that already exists will fail unless --overwrite is set. If \
--resource-version is specified and does not match the current resource version on the server the \
command will fail.

Use "kubectl api-resources" for a complete list of supported resources.""",
    examples="""# Update pod 'foo' with the annotation 'description' and the value 'my frontend'
# If the same annotation is set multiple times, only the last value will be applied
kubectl annotate pods foo description='my frontend'

# Update a pod identified by type and name in "pod.json"
kubectl annotate -f pod.json description='my frontend'

# Update pod 'foo' with the annotation 'description' and the value 'my frontend running nginx', \
overwriting any existing value
kubectl annotate --overwrite pods foo description='my frontend running nginx'

# Update all pods in the namespace
kubectl annotate pods --all description='my frontend running nginx'

# Update pod 'foo' only if the resource is unchanged from version 1
kubectl annotate pods foo description='my frontend running nginx' --resource-version=1

# Update pod 'foo' by removing an annotation named 'description' if it exists
# Does not require the --overwrite flag
kubectl annotate pods foo description-""",
    flags=(*flags_for("annotation", "annotations"), manager("kubectl-annotate")),
    run=run,
)
