"""PodSecurity: pods keep to the Pod Security Standard that their namespace enforces.

Objects with a pod template are only warned about. Clusters have no exemptions.

Models: k8s.io/pod-security-admission/admission (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import invalid
from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.admission.pod_security.levels import (
    PREFIX,
    PRIVILEGED,
    Standard,
    policy_of,
)
from cluster_engine.apiserver.admission.pod_security.registry import in_detail, objections
from cluster_engine.apiserver.write import CREATE, UPDATE, Write

_CONTROLLERS = (
    "replicationcontrollers",
    "podtemplates",
    "replicasets.apps",
    "deployments.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "jobs.batch",
    "cronjobs.batch",
)
#: How many pods of a namespace are looked at when its level changes.
_PODS_MAX = 3000


class PodSecurity(Plugin):
    """Refuses pods, and warns about pods, templates and namespaces that hold them already."""

    NAME = "PodSecurity"
    OPERATIONS = (CREATE, UPDATE)
    RESOURCES = ("pods", "namespaces", *_CONTROLLERS)
    SUBRESOURCES = ("", "ephemeralcontainers", "resize")

    def handles(self, operation: str, resource: str, subresource: str) -> bool:
        if subresource and resource != "pods":
            return False
        return super().handles(operation, resource, subresource)

    def validate(self, write: Write) -> None:
        if write.resource == "namespaces":
            self._check_namespace(write)
            return
        labels = self._labels(write.namespace)
        if not any(label.startswith(PREFIX) for label in labels):
            return
        policy, _ = policy_of(labels)
        if policy.is_privileged:
            return
        is_pod = write.resource == "pods"
        holder = write.object if is_pod else _template(write.object)
        if holder is None or (is_pod and not _is_significant(write.object, write.old)):
            return
        metadata, spec = holder.get("metadata") or {}, holder.get("spec") or {}
        found = objections(policy.enforce, metadata, spec) if is_pod else []
        if found:
            raise refuse(write, f'violates PodSecurity "{policy.enforce}": {in_detail(found)}')
        found = objections(policy.warn, metadata, spec)
        if found:
            write.warnings.append(f'would violate PodSecurity "{policy.warn}": {in_detail(found)}')

    def _labels(self, namespace: str) -> dict[str, str]:
        record = self.core.store.get("namespaces", "", namespace)
        return {} if record is None else record.object["metadata"].get("labels") or {}

    def _check_namespace(self, write: Write) -> None:
        """Labels make sense; pods that are there already are told about."""
        policy, problems = policy_of(write.object["metadata"].get("labels") or {})
        name = write.object["metadata"].get("name", "")
        if write.old is None:
            if problems:
                raise invalid("Namespace", "", name, problems)
            return
        before, old_problems = policy_of(write.old["metadata"].get("labels") or {})
        if problems and problems != old_problems:
            raise invalid("Namespace", "", name, problems)
        new, old = policy.enforce, before.enforce
        is_relaxed = new.minor == old.minor and new.strictness <= old.strictness
        if new.level != PRIVILEGED and not is_relaxed:
            write.warnings.extend(self._pod_warnings(name, new))

    def _pod_warnings(self, namespace: str, standard: Standard) -> list[str]:
        """The pods that would not be let in any more; those alike in one line."""
        pods = self._pods(namespace)
        alike: dict[str, list[str]] = {}
        for pod in pods[:_PODS_MAX]:
            found = objections(standard, pod["metadata"], pod.get("spec") or {})
            if found:
                reasons = ", ".join(reason for reason, _ in found)
                alike.setdefault(reasons, []).append(pod["metadata"]["name"])
        warnings: list[str] = []
        if len(pods) > _PODS_MAX:
            warnings.append(
                "new PodSecurity enforce level only checked against the first "
                f"{_PODS_MAX} of {len(pods)} existing pods"
            )
        if alike:
            warnings.append(
                f'existing pods in namespace "{namespace}" violate the new PodSecurity enforce '
                f'level "{standard}"'
            )
        return warnings + sorted(_told(names, reasons) for reasons, names in alike.items())

    def _pods(self, namespace: str) -> list[Object]:
        """All pods, but only the first of each controller among the first."""
        first: list[Object] = []
        others: list[Object] = []
        seen: set[str] = set()
        for record in self.core.store.records("pods", namespace):
            owner = controller_of(record.object)
            uid = "" if owner is None else owner.get("uid", "")
            (others if uid in seen else first).append(record.object)
            if uid:
                seen.add(uid)
        return first + others


def _told(names: list[str], reasons: str) -> str:
    name, more = min(names), len(names) - 1
    if more:
        name += f" (and {more} other pod{'' if more == 1 else 's'})"
    return f"{name}: {reasons}"


def _template(obj: Object) -> Object | None:
    spec = obj.get("spec") or {}
    if "jobTemplate" in spec:
        spec = spec["jobTemplate"].get("spec") or {}
    template: Object | None = obj.get("template") or spec.get("template")
    return template


def _is_significant(pod: Object, old: Object | None) -> bool:
    """Whether a pod brings in containers or images that were not judged yet."""
    if old is None:
        return True
    new_spec, old_spec = pod.get("spec") or {}, old.get("spec") or {}
    for field in ("containers", "initContainers"):
        images = [item.get("image") for item in new_spec.get(field) or ()]
        if images != [item.get("image") for item in old_spec.get(field) or ()]:
            return True
    held = {item["name"]: item.get("image") for item in old_spec.get("ephemeralContainers") or ()}
    return any(
        item["name"] not in held or held[item["name"]] != item.get("image")
        for item in new_spec.get("ephemeralContainers") or ()
    )
