"""`kubectl rollout undo`: back to an earlier revision.

Models: k8s.io/kubectl/pkg/polymorphichelpers/rollback.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.client import JSON_PATCH, STRATEGIC_PATCH
from cluster_engine.kubectl.command import DRY_RUN, FILENAME, PRINTING, SELECTOR, Command
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import INT, Flag
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.revisions import without_hash
from cluster_engine.kubectl.rolling.common import rollout_targets, unsupported
from cluster_engine.kubectl.rolling.histories import (
    Revision,
    before_last,
    numbered,
    revisions_of,
    template_text,
)
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target
from cluster_engine.kubectl.writing import patch

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_KEPT_ANNOTATIONS = (
    _LAST_APPLIED,
    "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
)
_KINDS = ("Deployment", "StatefulSet", "DaemonSet")


def run(session: Session) -> int:
    targets, errors = rollout_targets(session)
    for target in targets:
        try:
            _undo(session, target)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _undo(session: Session, target: Target) -> None:
    if _LAST_APPLIED in (target.object["metadata"].get("annotations") or {}):
        session.err(
            f"Warning: resource {target.resource.plural}/{target.name} was previously managed with "
            "'kubectl apply'. Rolling back will not update the "
            f"{_LAST_APPLIED} annotation, which may cause unexpected behavior on future "
            "'kubectl apply' operations. Consider using 'kubectl apply' with your previous "
            "configuration file instead."
        )
    if target.resource.group != "apps" or target.resource.kind not in _KINDS:
        raise unsupported(target.resource, "rollbacker", "rollbacker")
    number = session.flags["to-revision"]
    revision = _revision(target, revisions_of(session, target), number)
    if dry_run(session) == CLIENT:
        text = template_text(target, revision)
        is_deployment = target.resource.kind == "Deployment"
        report(session, target.object, text if is_deployment else f"will roll back to {text}")
        return
    if target.resource.kind == "Deployment" and target.object["spec"].get("paused"):
        raise KubectlError(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout "
            "resume' and try again"
        )
    if _is_current(target, revision):
        text = f"skipped rollback (current template already matches revision {number})"
        report(session, target.object, text)
        return
    try:
        _restore(session, target, revision)
    except StatusError as error:
        raise KubectlError(f"failed restoring revision {number}: {error.message}") from None
    report(session, target.object, "rolled back")


def _revision(target: Target, revisions: list[Revision], number: int) -> Revision:
    if number:
        found = numbered(revisions, number) if number > 0 else None
        if found is None:
            raise KubectlError(f"unable to find specified revision {number} in history")
        return found
    if target.resource.kind == "Deployment" and len(revisions) < 2:
        raise KubectlError(f'no rollout history found for deployment "{target.name}"')
    return before_last(revisions)


def _is_current(target: Target, revision: Revision) -> bool:
    template = target.object["spec"]["template"]
    if target.resource.kind == "Deployment":
        return without_hash(revision.object["spec"]["template"]) == without_hash(template)
    patch_: Object = {"spec": {"template": {**template, "$patch": "replace"}}}
    return bool(revision.object.get("data") == patch_)


def _restore(session: Session, target: Target, revision: Revision) -> None:
    if target.resource.kind != "Deployment":
        data = revision.object.get("data") or {}
        patch(session, target, data, content_type=STRATEGIC_PATCH)
        return
    own = target.object["metadata"].get("annotations") or {}
    theirs = revision.object["metadata"].get("annotations") or {}
    annotations = {name: value for name, value in own.items() if name in _KEPT_ANNOTATIONS}
    annotations.update(
        {name: value for name, value in theirs.items() if name not in _KEPT_ANNOTATIONS}
    )
    template = without_hash(revision.object["spec"]["template"])
    operations = [
        {"op": "replace", "path": "/spec/template", "value": template},
        {"op": "replace", "path": "/metadata/annotations", "value": annotations},
    ]
    patch(session, target, operations, content_type=JSON_PATCH)


UNDO = Command(
    name="undo",
    short="Undo a previous rollout",
    usage="(TYPE NAME | TYPE/NAME) [flags]",
    long="""Roll back to a previous rollout.""",
    examples="""# Roll back to the previous deployment
kubectl rollout undo deployment/abc

# Roll back to daemonset revision 3
kubectl rollout undo daemonset/abc --to-revision=3

# Roll back to the previous deployment with dry-run
kubectl rollout undo --dry-run=server deployment/abc""",
    flags=(
        DRY_RUN,
        *FILENAME,
        *PRINTING,
        SELECTOR,
        Flag(
            "to-revision",
            "",
            INT,
            0,
            "The revision to rollback to. Default to 0 (last revision).",
        ),
    ),
    run=run,
)
