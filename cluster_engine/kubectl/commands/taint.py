"""`kubectl taint`: keep pods away from nodes.

Models: k8s.io/kubectl/pkg/cmd/taint (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster_engine.apimachinery.names import is_label_key, is_label_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.shapes import FREE
from cluster_engine.apimachinery.patches.strategic_diff import create_patch
from cluster_engine.kubectl.command import (
    ALL,
    DRY_RUN,
    PRINTING,
    SELECTOR,
    VALIDATE,
    Command,
    manager,
)
from cluster_engine.kubectl.describe.words import taint_text
from cluster_engine.kubectl.errors import KubectlError, Several, UsageError, raise_all
from cluster_engine.kubectl.flags import switch
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Filters, Target, fetch_all, filters_of, select
from cluster_engine.kubectl.writing import patch, shape_of

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def run(session: Session) -> int:
    flags = session.flags
    resources, words = _split(session.arguments)
    added, removed = _taints(session, words)
    kind = session.resources.find(resources[0].lower()).kind
    if kind != "Node":
        raise KubectlError(
            f"invalid resource type {resources[0].lower()}, only node types are supported"
        )
    _refuse_both(added, removed)
    selector = flags.text("selector")
    if flags.is_on("all") and selector:
        raise KubectlError("setting 'all' parameter with a non empty selector is prohibited")
    takes_names = not flags.is_on("all") and not selector
    if takes_names and len(resources) < 2:
        raise KubectlError(
            "at least one resource name must be specified since 'all' parameter is not set"
        )
    words = ["nodes", *resources[1:]] if takes_names else ["nodes"]
    filters = Filters() if takes_names else filters_of(session)
    targets, errors = fetch_all(session, select(session, words, filters), filters)
    for target in targets:
        try:
            _taint(session, target, added, removed)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    resources: list[str] = []
    words: list[str] = []
    for word in arguments:
        if "=" in word or ":" in word or word.endswith("-"):
            words.append(word)
        elif words:
            raise KubectlError(f"all resources must be specified before taint changes: {word}")
        else:
            resources.append(word)
    if not resources:
        raise KubectlError("one or more resources must be specified as <resource> <name>")
    if not words:
        raise KubectlError("at least one taint update is required")
    return resources, words


def _taints(session: Session, words: list[str]) -> tuple[list[Object], list[Object]]:
    added: list[Object] = []
    removed: list[Object] = []
    try:
        for word in words:
            if word.endswith("-"):
                removed.append(_taint_of(word[:-1]))
                continue
            taint = _taint_of(word)
            if not taint.get("effect"):
                raise KubectlError(f"invalid taint spec: {word}")
            if any(_is_same(taint, other) for other in added):
                raise KubectlError(
                    f"duplicated taints with the same key and effect: {taint_text(taint)}"
                )
            added.append(taint)
    except KubectlError as error:
        raise UsageError(error.message, session.command) from None
    return added, removed


def _taint_of(text: str) -> Object:
    before, colon, effect = text.partition(":")
    if ":" in effect:
        raise KubectlError(f"invalid taint spec: {text}")
    key, equals, value = before.partition("=")
    if not colon:
        key, equals = text, ""
    elif effect not in _EFFECTS:
        raise KubectlError(f"invalid taint effect: {effect}, unsupported taint effect")
    if "=" in value:
        raise KubectlError(f"invalid taint spec: {text}")
    problems = is_label_value(value) if equals else []
    problems = problems or is_label_key(key)
    if problems:
        raise KubectlError(f"invalid taint spec: {text}, {'; '.join(problems)}")
    taint: Object = {"key": key}
    if equals and value:
        taint["value"] = value
    if effect:
        taint["effect"] = effect
    return taint


def _is_same(left: Object, right: Object) -> bool:
    return bool(left["key"] == right["key"] and left.get("effect") == right.get("effect"))


def _matches(removed: Object, taint: Object) -> bool:
    return bool(
        removed["key"] == taint["key"]
        and (not removed.get("effect") or removed["effect"] == taint.get("effect"))
    )


def _refuse_both(added: list[Object], removed: list[Object]) -> None:
    both = [
        f"{gone['key']}={gone.get('effect', '')}"
        for taint in added
        for gone in removed
        if _matches(gone, taint)
    ]
    if both:
        raise KubectlError(
            "can not both modify and remove the following taint(s) in the same command: "
            + ", ".join(both)
        )


def _taint(session: Session, target: Target, added: list[Object], removed: list[Object]) -> None:
    spec = target.object.get("spec") or {}
    current: list[Object] = spec.get("taints") or []
    overwrites = session.flags.is_on("overwrite")
    known = [t["key"] for t in added for old in current if _is_same(t, old)]
    if known and not overwrites:
        raise KubectlError(
            f"node {target.name} already has {','.join(known)} taint(s) with same effect(s) and "
            "--overwrite is false"
        )
    taints = added + [old for old in current if not any(_is_same(old, t) for t in added)]
    has_added = len(taints) != len(current)
    missing: list[KubectlError] = []
    has_removed = False
    for gone in removed:
        rest = [taint for taint in taints if not _matches(gone, taint)]
        has_removed = len(rest) != len(taints)
        if not has_removed:
            missing.append(KubectlError(f'taint "{taint_text(gone)}" not found'))
        taints = rest
    if len(missing) > 1:
        raise Several(missing)
    raise_all(missing)
    rest_of_spec = {name: value for name, value in spec.items() if name != "taints"}
    changed = {**target.object, "spec": {**rest_of_spec, **({"taints": taints} if taints else {})}}
    if dry_run(session) != CLIENT:
        shape = shape_of(target.resource) or FREE
        changed = patch(session, target, create_patch(target.object, changed, shape))
    if overwrites or (has_added and has_removed):
        operation = "modified"
    else:
        operation = "tainted" if has_added else "untainted"
    report(session, changed, operation)


COMMAND = Command(
    name="taint",
    short="Update the taints on one or more nodes",
    usage="NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
    long="""Update the taints on one or more nodes.

  *  A taint consists of a key, value, and effect. As an argument here, it is expressed as \
key=value:effect.
  *  The key must begin with a letter or number, and may contain letters, numbers, hyphens, dots, \
and underscores, up to 253 characters.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like \
example.com/my-app.
  *  The value is optional. If given, it must begin with a letter or number, and may contain \
letters, numbers, hyphens, dots, and underscores, up to 63 characters.
  *  The effect must be NoSchedule, PreferNoSchedule or NoExecute.
  *  Currently taint can only apply to node.""",
    examples="""# Update node 'foo' with a taint with key 'dedicated' and value 'special-user' \
and effect 'NoSchedule'
# If a taint with that key and effect already exists, its value is replaced as specified
kubectl taint nodes foo dedicated=special-user:NoSchedule

# Remove from node 'foo' the taint with key 'dedicated' and effect 'NoSchedule' if one exists
kubectl taint nodes foo dedicated:NoSchedule-

# Remove from node 'foo' all the taints with key 'dedicated'
kubectl taint nodes foo dedicated-

# Add a taint with key 'dedicated' on nodes having label myLabel=X
kubectl taint node -l myLabel=X  dedicated=foo:PreferNoSchedule

# Add to node 'foo' a taint with key 'bar' and no value
kubectl taint nodes foo bar:NoSchedule""",
    flags=(
        ALL,
        DRY_RUN,
        *PRINTING,
        switch(
            "overwrite",
            "",
            "If true, allow taints to be overwritten, otherwise reject taint updates that "
            "overwrite existing taints.",
        ),
        SELECTOR,
        VALIDATE,
        manager("kubectl-taint"),
    ),
    run=run,
)
