"""Objects on their way through kustomizations, with what they were called before.

Models: sigs.k8s.io/kustomize/api/resource and kyaml/resid (api v0.21).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError

#: Kinds without a namespace, of those that Kubernetes has.
CLUSTER_SCOPED = frozenset(
    (
        "APIService",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterTrustBundle",
        "ComponentStatus",
        "CSIDriver",
        "CSINode",
        "CustomResourceDefinition",
        "DeviceClass",
        "FlowSchema",
        "IngressClass",
        "IPAddress",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "ResourceSlice",
        "RuntimeClass",
        "SelfSubjectAccessReview",
        "SelfSubjectReview",
        "SelfSubjectRulesReview",
        "ServiceCIDR",
        "StorageClass",
        "SubjectAccessReview",
        "TokenReview",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeAttributesClass",
    )
)
CREATE, MERGE, REPLACE = "create", "merge", "replace"


class Identity(NamedTuple):
    """What an object is called."""

    group: str
    version: str
    kind: str
    name: str
    namespace: str

    @property
    def is_cluster_scoped(self) -> bool:
        return self.kind in CLUSTER_SCOPED

    @property
    def space(self) -> str:
        """The namespace it is in effectively; "" for none."""
        return "" if self.is_cluster_scoped else self.namespace or "default"

    def equals(self, other: Identity) -> bool:
        return self[:4] == other[:4] and self.space == other.space

    def is_of(self, group: str, version: str, kind: str) -> bool:
        """Whether the kind is that one; an empty word stands for any."""
        return (
            group in ("", self.group) and version in ("", self.version) and kind in ("", self.kind)
        )

    def text(self) -> str:
        """ "ConfigMap.v1.[noGrp]/name.[noNs]"."""
        kind = f"{self.kind or '[noKind]'}.{self.version or '[noVer]'}.{self.group or '[noGrp]'}"
        return f"{kind}/{self.name or '[noName]'}.{self.namespace or '[noNs]'}"

    def go_text(self) -> str:
        """As Go prints the structure with its types."""
        return (
            f'resid.ResId{{Gvk:resid.Gvk{{Group:"{self.group}", Version:"{self.version}", '
            f'Kind:"{self.kind}", isClusterScoped:{str(self.is_cluster_scoped).lower()}}}, '
            f'Name:"{self.name}", Namespace:"{self.namespace}"}}'
        )


@dataclass(slots=True)
class Resource:
    """One object and its history. The object is this resource's own and is changed in place."""

    object: Object
    previous: list[Identity] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    suffixes: list[str] = field(default_factory=list)
    behavior: str = CREATE
    needs_hash: bool = False
    origin: str = ""

    @property
    def metadata(self) -> Object:
        found: Object = self.object.setdefault("metadata", {})
        return found

    @property
    def name(self) -> str:
        return str(self.metadata.get("name") or "")

    @property
    def identity(self) -> Identity:
        """What it is called now."""
        group, _, version = str(self.object.get("apiVersion") or "").rpartition("/")
        namespace = str(self.metadata.get("namespace") or "")
        return Identity(group, version, str(self.object.get("kind") or ""), self.name, namespace)

    @property
    def original(self) -> Identity:
        """What it was called first."""
        return self.previous[0] if self.previous else self.identity

    def remember(self) -> None:
        """Note what it is called before that changes."""
        now = self.identity
        self.previous.append(now._replace(namespace=now.space or "_non_namespaceable_"))

    def was(self, wanted: Identity) -> bool:
        """Whether it is or was ever called so."""
        return any(known.equals(wanted) for known in (*self.previous, self.identity))


@dataclass(slots=True)
class ResourceMap:
    """Resources in order, no two with the same identity."""

    resources: list[Resource] = field(default_factory=list)

    def append(self, resource: Resource) -> None:
        """Raises KubectlError when there is one of that identity."""
        wanted = resource.identity
        if any(known.identity.equals(wanted) for known in self.resources):
            raise KubectlError(
                f"may not add resource with an already registered id: {wanted.text()}"
            )
        self.resources.append(resource)

    def absorb(self, resource: Resource) -> None:
        """Add a generated resource as its behaviour says. Raises KubectlError."""
        wanted = resource.identity
        matches = [known for known in self.resources if known.was(wanted)]
        if not matches:
            if resource.behavior != CREATE:
                raise KubectlError(f"id {wanted.go_text()} does not exist; cannot merge or replace")
            self.append(resource)
            return
        if len(matches) > 1:
            raise KubectlError(f"found multiple objects that could accept merge of {wanted.text()}")
        if resource.behavior == CREATE:
            raise KubectlError(
                f"id {wanted.go_text()} exists; can not use behavior: 'unspecified', behavior must "
                "be merge or replace"
            )
        old = matches[0]
        _take_over(resource, old)
        self.resources[self.resources.index(old)] = resource

    def by_identity(self, wanted: Identity) -> Resource:
        """The one that is or was called so. Raises KubectlError."""
        matches = [known for known in self.resources if known.was(wanted)]
        if len(matches) == 1:
            return matches[0]
        found = "multiple" if matches else "no"
        raise KubectlError(
            f"{found} matches for Id {wanted.text()}; failed to find unique target for patch "
            f"{wanted.text()}"
        )


def _take_over(new: Resource, old: Resource) -> None:
    """A generated object in place of another keeps its name, labels and history."""
    for part in ("labels", "annotations"):
        merged = {**(old.metadata.get(part) or {}), **(new.metadata.get(part) or {})}
        if merged:
            new.metadata[part] = merged
    new.metadata["name"] = old.name
    if old.metadata.get("namespace"):
        new.metadata["namespace"] = old.metadata["namespace"]
    if new.behavior == MERGE:
        for part in ("data", "binaryData"):
            merged = {**(old.object.get(part) or {}), **(new.object.get(part) or {})}
            if merged:
                new.object[part] = merged
        new.origin = old.origin or new.origin
    new.previous, new.prefixes, new.suffixes = old.previous, old.prefixes, old.suffixes
    new.behavior = old.behavior
    new.needs_hash = new.needs_hash and old.needs_hash
