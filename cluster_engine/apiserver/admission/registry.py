"""Every admission plugin, in the order they are asked.

Models: k8s.io/kubernetes/pkg/kubeapiserver/options AllOrderedPlugins, those on by default
(v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apiserver.admission.certificates import (
    CertificateApproval,
    CertificateRequester,
    CertificateSigning,
    CertificateSubjectRestriction,
)
from cluster_engine.apiserver.admission.custom_resources import ForbidCreate
from cluster_engine.apiserver.admission.default_tolerations import DefaultTolerationSeconds
from cluster_engine.apiserver.admission.ingress_class import DefaultIngressClass
from cluster_engine.apiserver.admission.lifecycle import NamespaceLifecycle
from cluster_engine.apiserver.admission.limit_ranger import LimitRanger
from cluster_engine.apiserver.admission.node_taints import TaintNodesByCondition
from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.admission.pod_security.plugin import PodSecurity
from cluster_engine.apiserver.admission.pod_topology import PodTopologyLabels
from cluster_engine.apiserver.admission.policies.mutating import MutatingAdmissionPolicy
from cluster_engine.apiserver.admission.policies.validating import ValidatingAdmissionPolicy
from cluster_engine.apiserver.admission.priority import Priority
from cluster_engine.apiserver.admission.rbac_escalation import RbacEscalation
from cluster_engine.apiserver.admission.resource_quota import ResourceQuota
from cluster_engine.apiserver.admission.runtime_class import RuntimeClass
from cluster_engine.apiserver.admission.service_account import ServiceAccount
from cluster_engine.apiserver.admission.service_allocation import ServiceAllocation
from cluster_engine.apiserver.admission.storage import (
    DefaultStorageClass,
    PersistentVolumeClaimResize,
    StorageObjectInUseProtection,
)
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import Write

PLUGINS: tuple[type[Plugin], ...] = (
    ForbidCreate,
    NamespaceLifecycle,
    PodTopologyLabels,
    LimitRanger,
    ServiceAccount,
    TaintNodesByCondition,
    PodSecurity,
    Priority,
    DefaultTolerationSeconds,
    DefaultStorageClass,
    StorageObjectInUseProtection,
    PersistentVolumeClaimResize,
    RuntimeClass,
    CertificateRequester,
    CertificateApproval,
    CertificateSigning,
    CertificateSubjectRestriction,
    DefaultIngressClass,
    MutatingAdmissionPolicy,
    RbacEscalation,
    ServiceAllocation,
    ValidatingAdmissionPolicy,
    ResourceQuota,
)


class Admission:
    """The chain of plugins; which of them a write concerns is worked out once."""

    def __init__(
        self, core: Core, authorizer: Authorizer, plugins: tuple[type[Plugin], ...] = PLUGINS
    ) -> None:
        self._plugins = tuple(plugin(core, authorizer) for plugin in plugins)
        self._mutating: dict[tuple[str, str, str], tuple[Plugin, ...]] = {}
        self._validating: dict[tuple[str, str, str], tuple[Plugin, ...]] = {}

    def mutate(self, write: Write) -> None:
        """Let every plugin change the write, or refuse it with ApiError."""
        key = (write.operation, write.kind.resource, write.subresource)
        found = self._mutating.get(key)
        if found is None:
            found = self._mutating[key] = self._concerned(key, "mutate")
        for plugin in found:
            plugin.mutate(write)
        if write.is_changed_by_policy and not write.is_second_round:
            write.is_second_round = True
            for plugin in found:
                if plugin.IS_ASKED_AGAIN:
                    plugin.mutate(write)

    def validate(self, write: Write) -> None:
        """Let every plugin refuse the write in its final form."""
        key = (write.operation, write.kind.resource, write.subresource)
        found = self._validating.get(key)
        if found is None:
            found = self._validating[key] = self._concerned(key, "validate")
        for plugin in found:
            plugin.validate(write)

    def _concerned(self, key: tuple[str, str, str], method: str) -> tuple[Plugin, ...]:
        """The plugins that handle such writes and have that method at all."""
        return tuple(
            plugin
            for plugin in self._plugins
            if plugin.handles(*key) and getattr(type(plugin), method) is not getattr(Plugin, method)
        )
