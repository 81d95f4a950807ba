"""Every controller, in the order in which they are made."""

from __future__ import annotations

from cluster_engine.client.reconciler import Reconciler
from cluster_engine.controllers.clusterrole import ClusterRoleAggregationController
from cluster_engine.controllers.deployment.controller import DeploymentController
from cluster_engine.controllers.endpointslice import EndpointSliceController
from cluster_engine.controllers.eviction import NodePodReadiness, TaintEvictionController
from cluster_engine.controllers.garbage import GarbageCollector
from cluster_engine.controllers.legacy_endpoints import EndpointsController
from cluster_engine.controllers.namespace import NamespaceController
from cluster_engine.controllers.nodes import NodeIpamController, NodeLifecycleController
from cluster_engine.controllers.replicaset import ReplicaSetController
from cluster_engine.controllers.replicationcontroller import ReplicationControllerController
from cluster_engine.controllers.resourcequota import ResourceQuotaController
from cluster_engine.controllers.serviceaccount import (
    RootCertificatePublisher,
    ServiceAccountController,
)
from cluster_engine.controllers.volumes.binder import PersistentVolumeBinder
from cluster_engine.controllers.volumes.protection import ClaimProtection, VolumeProtection

CONTROLLERS: tuple[type[Reconciler], ...] = (
    NamespaceController,
    ServiceAccountController,
    RootCertificatePublisher,
    NodeIpamController,
    NodeLifecycleController,
    NodePodReadiness,
    TaintEvictionController,
    ReplicaSetController,
    ReplicationControllerController,
    DeploymentController,
    EndpointSliceController,
    EndpointsController,
    PersistentVolumeBinder,
    ClaimProtection,
    VolumeProtection,
    ResourceQuotaController,
    ClusterRoleAggregationController,
    GarbageCollector,
)
