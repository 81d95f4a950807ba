"""`kubectl label`: set and remove labels.

Models: k8s.io/kubectl/pkg/cmd/label (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.names import is_label_value
from cluster_engine.kubectl.command import Command, manager
from cluster_engine.kubectl.errors import KubectlError, Several, raise_all
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
from cluster_engine.kubectl.results import report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target


def run(session: Session) -> int:
    resources, words = split_words(session.arguments, "label")
    values, removed = _changes(words)
    check_words(session, resources, bool(values or removed), "label", "pod")
    targets, errors = marked_targets(session, resources)
    for target in targets:
        try:
            _label(session, target, values, removed, is_only=len(targets) == 1)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _changes(words: list[str]) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    removed: list[str] = []
    for word in words:
        if "=" not in word:
            removed.append(word[:-1])
            continue
        name, _, value = word.partition("=")
        if "=" in value:
            raise KubectlError(f"invalid label spec: {word}")
        problems = is_label_value(value)
        if problems:
            raise KubectlError(f'invalid label value: "{word}": {";".join(problems)}')
        values[name] = value
    if any(name in values for name in removed):
        raise KubectlError("can not both modify and remove a label in the same command")
    return values, removed


def _label(
    session: Session, target: Target, values: dict[str, str], removed: list[str], *, is_only: bool
) -> None:
    current: dict[str, str] = target.object["metadata"].get("labels") or {}
    if not is_only_shown(session):
        for name in removed:
            if name not in current:
                session.out(f'label "{name}" not found.')
    if not session.flags.is_on("overwrite"):
        _refuse_overwrites(current, values)
    added = [name for name, value in values.items() if current.get(name) != value]
    gone = [name for name in removed if name in current]
    labels = {name: value for name, value in {**current, **values}.items() if name not in gone}
    changed = with_marks(target.object, "labels", labels)
    if not is_only_shown(session) and (added or gone):
        send_marks(session, target, changed)
    if session.flags.is_on("list"):
        list_marks(session, changed, "labels", is_only=is_only)
        return
    report(session, changed, _operation(bool(added), bool(gone)))


def _refuse_overwrites(current: dict[str, str], values: dict[str, str]) -> None:
    errors = [
        KubectlError(f"'{name}' already has a value ({current[name]}), and --overwrite is false")
        for name, value in values.items()
        if current.get(name, value) != value
    ]
    if len(errors) > 1:
        raise Several(errors)
    raise_all(errors)


def _operation(has_added: bool, has_removed: bool) -> str:
    if has_added:
        return "modified" if has_removed else "labeled"
    return "unlabeled" if has_removed else "not labeled"


COMMAND = Command(
    name="label",
    short="Update the labels on a resource",
    usage="[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N "
    "[--resource-version=version]",
    long="""Update the labels on a resource.

  *  A label key and value must begin with a letter or number, and may contain letters, numbers, \
hyphens, dots, and underscores, up to 63 characters each.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like \
example.com/my-app.
  *  If --overwrite is true, then existing labels can be overwritten, otherwise attempting to \
overwrite a label will result in an error.
  *  If --resource-version is specified, then updates will use this resource version, otherwise \
the existing resource-version will be used.""",
    examples="""# Update pod 'foo' with the label 'unhealthy' and the value 'true'
kubectl label pods foo unhealthy=true

# Update pod 'foo' with the label 'status' and the value 'unhealthy', overwriting any existing value
kubectl label --overwrite pods foo status=unhealthy

# Update all pods in the namespace
kubectl label pods --all status=unhealthy

# Update a pod identified by the type and name in "pod.json"
kubectl label -f pod.json status=unhealthy

# Update pod 'foo' only if the resource is unchanged from version 1
kubectl label pods foo status=unhealthy --resource-version=1

# Update pod 'foo' by removing a label named 'bar' if it exists
# Does not require the --overwrite flag
kubectl label pods foo bar-""",
    flags=(*flags_for("label", "labels"), manager("kubectl-label")),
    run=run,
)
