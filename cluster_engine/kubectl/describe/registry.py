"""Which kind is described how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe import (
    access,
    autoscaling,
    config,
    generic,
    network,
    network_policy,
    node,
    pod,
    storage,
    workloads,
)
from cluster_engine.kubectl.describe.page import Page
from cluster_engine.kubectl.describe.source import Source

#: Writes an object's description.
Describe: TypeAlias = Callable[[Page, Object, Source], None]

#: By group and kind.
DESCRIBERS: Mapping[tuple[str, str], Describe] = {
    ("", "Pod"): pod.describe_pod,
    ("", "ReplicationController"): workloads.describe_replication_controller,
    ("", "Secret"): config.describe_secret,
    ("", "Service"): network.describe_service,
    ("", "ServiceAccount"): config.describe_service_account,
    ("", "Node"): node.describe_node,
    ("", "LimitRange"): config.describe_limit_range,
    ("", "ResourceQuota"): config.describe_quota,
    ("", "PersistentVolume"): storage.describe_volume,
    ("", "PersistentVolumeClaim"): storage.describe_claim,
    ("", "Namespace"): config.describe_namespace,
    ("", "Endpoints"): network.describe_endpoints,
    ("", "ConfigMap"): config.describe_config_map,
    ("discovery.k8s.io", "EndpointSlice"): network.describe_endpoint_slice,
    ("autoscaling", "HorizontalPodAutoscaler"): autoscaling.describe_autoscaler,
    ("networking.k8s.io", "Ingress"): network.describe_ingress,
    ("networking.k8s.io", "IngressClass"): network.describe_ingress_class,
    ("networking.k8s.io", "ServiceCIDR"): network.describe_service_cidr,
    ("networking.k8s.io", "IPAddress"): network.describe_ip_address,
    ("networking.k8s.io", "NetworkPolicy"): network_policy.describe_network_policy,
    ("batch", "Job"): workloads.describe_job,
    ("batch", "CronJob"): workloads.describe_cron_job,
    ("apps", "StatefulSet"): workloads.describe_stateful_set,
    ("apps", "Deployment"): workloads.describe_deployment,
    ("apps", "DaemonSet"): workloads.describe_daemon_set,
    ("apps", "ReplicaSet"): workloads.describe_replica_set,
    ("certificates.k8s.io", "CertificateSigningRequest"): access.describe_signing_request,
    ("storage.k8s.io", "StorageClass"): storage.describe_storage_class,
    ("storage.k8s.io", "CSINode"): storage.describe_csi_node,
    ("storage.k8s.io", "VolumeAttributesClass"): storage.describe_attributes_class,
    ("policy", "PodDisruptionBudget"): config.describe_disruption_budget,
    ("rbac.authorization.k8s.io", "Role"): access.describe_role,
    ("rbac.authorization.k8s.io", "ClusterRole"): access.describe_role,
    ("rbac.authorization.k8s.io", "RoleBinding"): access.describe_binding,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): access.describe_binding,
    ("scheduling.k8s.io", "PriorityClass"): config.describe_priority_class,
}


def describe(obj: Object, group: str, source: Source) -> str:
    """The description of an object. Raises KubectlError when something it needs is refused."""
    page = Page()
    writer = DESCRIBERS.get((group, obj["kind"]), generic.describe_any)
    writer(page, obj, source)
    return page.text()
