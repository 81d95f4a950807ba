"""The revisions of a workload: ReplicaSets of a Deployment, ControllerRevisions of the others.

Models: k8s.io/kubectl/pkg/polymorphichelpers/history.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apimachinery.patches.shapes import FREE
from cluster_engine.apimachinery.patches.strategic import strategic_merge
from cluster_engine.apimachinery.selectors import from_label_selector
from cluster_engine.kubectl.describe.page import Page
from cluster_engine.kubectl.describe.pod import write_template
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.revisions import replica_sets_of, revision_of
from cluster_engine.kubectl.rolling.common import unsupported
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target
from cluster_engine.kubectl.writing import shape_of

CHANGE_CAUSE = "kubernetes.io/change-cause"


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision. `object` is the ReplicaSet, or the ControllerRevision that holds it."""

    number: int
    object: Object

    @property
    def cause(self) -> str:
        cause: str = (self.object["metadata"].get("annotations") or {}).get(CHANGE_CAUSE, "")
        return cause


def revisions_of(session: Session, target: Target) -> list[Revision]:
    """All revisions, in the order in which they are found. Raises KubectlError."""
    kind = target.resource.kind if target.resource.group == "apps" else ""
    if kind == "Deployment":
        old, new = replica_sets_of(session.client, target.object)
        found = old if new is None else [*old, new]
        return [Revision(revision_of(replica_set), replica_set) for replica_set in found]
    if kind not in ("StatefulSet", "DaemonSet"):
        raise unsupported(target.resource, "history viewer", "history")
    selector = from_label_selector(target.object["spec"].get("selector"))
    answer = session.client.call(
        "GET",
        f"/apis/apps/v1/namespaces/{target.namespace}/controllerrevisions",
        {"labelSelector": str(selector)},
    )
    uid = target.object["metadata"]["uid"]
    return [
        Revision(item.get("revision", 0), item)
        for item in answer.get("items") or ()
        if (controller_of(item) or {}).get("uid") == uid
    ]


def restored(target: Target, revision: Revision) -> Object:
    """The workload as that revision had it; a Deployment's ReplicaSet."""
    if target.resource.kind == "Deployment":
        return {"apiVersion": "apps/v1", "kind": "ReplicaSet", **revision.object}
    shape = shape_of(target.resource) or FREE
    return strategic_merge(target.object, revision.object.get("data") or {}, shape)


def template_text(target: Target, revision: Revision) -> str:
    """The revision's pod template, described with tabs as they are."""
    page = Page(is_aligned=False)
    template: Object = restored(target, revision)["spec"]["template"]
    if target.resource.kind == "Deployment" and revision.cause:
        metadata = template.get("metadata") or {}
        annotations = {**(metadata.get("annotations") or {}), CHANGE_CAUSE: revision.cause}
        template = {**template, "metadata": {**metadata, "annotations": annotations}}
    write_template(page, template)
    return page.text()


def numbered(revisions: list[Revision], number: int) -> Revision | None:
    return next((found for found in revisions if found.number == number), None)


def before_last(revisions: list[Revision]) -> Revision:
    """The revision to go back to. Raises KubectlError when there is none."""
    if len(revisions) < 2:
        raise KubectlError("no last revision to roll back to")
    return sorted(revisions, key=lambda found: found.number)[-2]
