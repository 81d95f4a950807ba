"""Names in objects that refer to other objects: they follow when those are renamed.

Models: sigs.k8s.io/kustomize/api/filters/nameref and
internal/konfig/builtinpluginconsts/namereference.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.fields import FieldSpec, set_field
from cluster_engine.kubectl.kustomizing.resource import Resource, ResourceMap
from cluster_engine.kubectl.printers.yaml_text import to_yaml

_RBAC = "rbac.authorization.k8s.io"
_ADMISSION = "admissionregistration.k8s.io"
#: Where kinds have their pod spec.
_POD_SPECS = {
    "Pod": "spec",
    "PodTemplate": "template/spec",
    "Deployment": "spec/template/spec",
    "ReplicaSet": "spec/template/spec",
    "DaemonSet": "spec/template/spec",
    "StatefulSet": "spec/template/spec",
    "Job": "spec/template/spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
}
_RUNNING = {
    kind: _POD_SPECS[kind]
    for kind in ("Pod", "StatefulSet", "Deployment", "CronJob", "Job", "DaemonSet")
} | {"ReplicationController": "spec/template/spec"}


@dataclass(frozen=True, slots=True)
class Target:
    """A kind that others refer to by name, and where they do."""

    kind: str
    group: str
    version: str
    referrers: tuple[FieldSpec, ...]


def _in_pods(*paths: str) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec(f"{below}/{path}", kind) for kind, below in _POD_SPECS.items() for path in paths
    )


def _running(path: str) -> tuple[FieldSpec, ...]:
    return tuple(FieldSpec(f"{below}/{path}", kind) for kind, below in _RUNNING.items())


def _fields(*pairs: tuple[str, str]) -> tuple[FieldSpec, ...]:
    """From (path, "group/kind") pairs."""
    return tuple(
        FieldSpec(path, kind.rpartition("/")[2], kind.rpartition("/")[0]) for path, kind in pairs
    )


_IN_RULES = _fields(("rules/resourceNames", "Role"), ("rules/resourceNames", "ClusterRole"))
_SCALER = _fields(("spec/scaleTargetRef/name", "HorizontalPodAutoscaler"))
_CONFIG_MAPS = (
    *_in_pods(
        "volumes/configMap/name",
        "containers/env/valueFrom/configMapKeyRef/name",
        "initContainers/env/valueFrom/configMapKeyRef/name",
        "containers/envFrom/configMapRef/name",
        "initContainers/envFrom/configMapRef/name",
        "volumes/projected/sources/configMap/name",
    ),
    *_fields(("spec/configSource/configMap", "Node")),
    *_IN_RULES,
    *_fields(
        ("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", "Ingress")
    ),
)
_SECRETS = (
    *_in_pods(
        "volumes/secret/secretName",
        "containers/env/valueFrom/secretKeyRef/name",
        "initContainers/env/valueFrom/secretKeyRef/name",
        "containers/envFrom/secretRef/name",
        "initContainers/envFrom/secretRef/name",
        "imagePullSecrets/name",
        "volumes/projected/sources/secret/name",
    ),
    *_fields(
        ("spec/tls/secretName", "Ingress"),
        ("metadata/annotations/ingress.kubernetes.io\\/auth-secret", "Ingress"),
        ("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret", "Ingress"),
        ("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", "Ingress"),
        ("imagePullSecrets/name", "ServiceAccount"),
        ("parameters/secretName", "StorageClass"),
        ("parameters/adminSecretName", "StorageClass"),
        ("parameters/userSecretName", "StorageClass"),
        ("parameters/secretRef", "StorageClass"),
    ),
    *_IN_RULES,
    *_fields(("spec/azureFile/secretName", "PersistentVolume")),
)
_SERVICES = _fields(
    ("spec/serviceName", "apps/StatefulSet"),
    ("spec/rules/http/paths/backend/service/name", "Ingress"),
    ("spec/defaultBackend/service/name", "Ingress"),
    ("spec/service/name", "apiregistration.k8s.io/APIService"),
    ("webhooks/clientConfig/service", f"{_ADMISSION}/ValidatingWebhookConfiguration"),
    ("webhooks/clientConfig/service", f"{_ADMISSION}/MutatingWebhookConfiguration"),
)
_TARGETS = (
    *(
        Target(kind, "", "", _SCALER)
        for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
    ),
    Target("ConfigMap", "", "v1", _CONFIG_MAPS),
    Target("Secret", "", "v1", _SECRETS),
    Target("Service", "", "v1", _SERVICES),
    Target("Role", _RBAC, "", _fields(("roleRef/name", f"{_RBAC}/RoleBinding"))),
    Target(
        "ClusterRole",
        _RBAC,
        "",
        _fields(
            ("roleRef/name", f"{_RBAC}/RoleBinding"),
            ("roleRef/name", f"{_RBAC}/ClusterRoleBinding"),
        ),
    ),
    Target(
        "ServiceAccount",
        "",
        "v1",
        (
            *_fields(
                ("subjects", f"{_RBAC}/RoleBinding"), ("subjects", f"{_RBAC}/ClusterRoleBinding")
            ),
            *_running("serviceAccountName"),
        ),
    ),
    Target("PersistentVolumeClaim", "", "v1", _running("volumes/persistentVolumeClaim/claimName")),
    Target(
        "PersistentVolume",
        "",
        "v1",
        _fields(
            ("spec/volumeName", "PersistentVolumeClaim"), ("rules/resourceNames", "ClusterRole")
        ),
    ),
    Target(
        "StorageClass",
        "storage.k8s.io",
        "v1",
        _fields(
            ("spec/storageClassName", "PersistentVolume"),
            ("spec/storageClassName", "PersistentVolumeClaim"),
            ("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet"),
        ),
    ),
    Target("PriorityClass", "scheduling.k8s.io", "v1", _running("priorityClassName")),
    Target(
        "ValidatingAdmissionPolicy",
        _ADMISSION,
        "",
        _fields(("spec/policyName", f"{_ADMISSION}/ValidatingAdmissionPolicyBinding")),
    ),
)


def fix_references(found: ResourceMap) -> None:
    """Let every reference name what its target is called now. Raises KubectlError."""
    for target in _TARGETS:
        named = [
            resource
            for resource in found.resources
            if any(
                known.is_of(target.group, target.version, target.kind)
                for known in resource.previous
            )
        ]
        if not named:
            continue
        for spec in target.referrers:
            for resource in found.resources:
                if resource.original.is_of(spec.group, spec.version, spec.kind):
                    _Reference(resource, spec, _reachable(resource, named)).fix()


def _reachable(referrer: Resource, targets: list[Resource]) -> list[Resource]:
    """Those that the referrer may refer to, by their namespaces."""
    own = referrer.identity
    if own.is_cluster_scoped:
        return targets
    spaces = {own.space, ""}
    if own.kind == "RoleBinding":
        spaces.update(
            str(subject.get("namespace"))
            for subject in referrer.object.get("subjects") or ()
            if subject.get("kind") == "ServiceAccount" and subject.get("namespace")
        )
    return [target for target in targets if target.identity.space in spaces]


@dataclass(slots=True)
class _Reference:
    """One field of one resource that may name others."""

    referrer: Resource
    spec: FieldSpec
    candidates: list[Resource]

    def fix(self) -> None:
        if self.candidates:
            spec = self.spec._replace(group="", version="", kind="")
            set_field(self.referrer, spec, self._fixed)

    def _fixed(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._fixed(item) for item in value]
        if isinstance(value, dict):
            return self._fixed_map(value)
        if not isinstance(value, str):
            return value
        target = self._select(value, self.candidates, lambda one: one.name)
        return value if target is None else target.name

    def _fixed_map(self, value: Object) -> Object:
        """A map with a name and maybe a namespace, such as the subject of a role binding."""
        if "name" not in value:
            path, own = self.spec.path, self.referrer.identity.text()
            raise KubectlError(
                f"updating name reference in '{path}' field of '{own}': considering field '{path}' "
                f"of object {own}: path config error; no 'name' field in node"
            )
        candidates = self.candidates
        space = value.get("namespace")
        if space is not None:
            first = [one for one in candidates if one.original.space == space]
            candidates = first or [one for one in candidates if one.identity.space == space]
        target = self._select(
            str(value["name"]), candidates, lambda one: (one.name, one.identity.namespace)
        )
        if target is None:
            return value
        namespace = target.identity.namespace
        fixed = {**value, "name": target.name}
        return {**fixed, "namespace": namespace} if namespace else fixed

    def _select(
        self, name: str, candidates: Iterable[Resource], likeness: Callable[[Resource], Any]
    ) -> Resource | None:
        """The best of those that were called so."""
        own = self.referrer.identity
        fitting = [
            one
            for one in candidates
            if any(known.name == name for known in one.previous)
            and self._has_role_kind(one)
            and (
                own.is_cluster_scoped
                or one.identity.is_cluster_scoped
                or one.identity.kind == "ServiceAccount"
                or one.identity.space == own.space
            )
        ]
        if len(fitting) == 1:
            return fitting[0]
        fitting = [one for one in fitting if _same_context(one, self.referrer, allows_empty=True)]
        if len(fitting) > 1:
            fitting = [one for one in fitting if _same_context(one, self.referrer)]
        if len({likeness(one) for one in fitting}) > 1:
            self._refuse(fitting)
        return fitting[0] if fitting else None

    def _has_role_kind(self, target: Resource) -> bool:
        if not self.spec.path.endswith("roleRef/name"):
            return True
        role = self.referrer.object.get("roleRef") or {}
        if "apiGroup" not in role or "kind" not in role:
            return True
        group, kind = str(role["apiGroup"]), str(role["kind"])
        return any(known.is_of(group, "", kind) for known in target.previous)

    def _refuse(self, fitting: list[Resource]) -> None:
        ids = ", ".join(one.identity.text() for one in fitting)
        lines = [
            f"found multiple possible referrals: {ids}\n",
            "**** Too many possible referral targets to referrer:",
            to_yaml(self.referrer.object),
        ]
        for number, one in enumerate(fitting):
            lines += [f"--- possible referral {number}:", to_yaml(one.object)]
        raise KubectlError("\n".join(lines))


def _same_context(one: Resource, other: Resource, *, allows_empty: bool = False) -> bool:
    pairs = ((one.prefixes, other.prefixes), (one.suffixes, other.suffixes))
    return all(
        (allows_empty and (not mine or not theirs)) or _same_ending(mine, theirs)
        for mine, theirs in pairs
    )


def _same_ending(one: list[str], other: list[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return not longer
    return longer[len(longer) - len(shorter) :] == shorter
