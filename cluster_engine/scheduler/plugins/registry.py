"""The default profile: every plugin in order, and what its score weighs.

Models: pkg/scheduler/apis/config/v1/default_plugins.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.scheduler.framework import Plugin
from cluster_engine.scheduler.plugins.default_preemption import DefaultPreemption
from cluster_engine.scheduler.plugins.dynamic_resources import DynamicResources
from cluster_engine.scheduler.plugins.image_locality import ImageLocality
from cluster_engine.scheduler.plugins.inter_pod_affinity import InterPodAffinity
from cluster_engine.scheduler.plugins.node_affinity import NodeAffinity
from cluster_engine.scheduler.plugins.node_declared_features import NodeDeclaredFeatures
from cluster_engine.scheduler.plugins.node_name import NodeName
from cluster_engine.scheduler.plugins.node_ports import NodePorts
from cluster_engine.scheduler.plugins.node_resources_balanced_allocation import (
    NodeResourcesBalancedAllocation,
)
from cluster_engine.scheduler.plugins.node_resources_fit import NodeResourcesFit
from cluster_engine.scheduler.plugins.node_unschedulable import NodeUnschedulable
from cluster_engine.scheduler.plugins.node_volume_limits import NodeVolumeLimits
from cluster_engine.scheduler.plugins.pod_topology_spread import PodTopologySpread
from cluster_engine.scheduler.plugins.priority_sort import PrioritySort
from cluster_engine.scheduler.plugins.scheduling_gates import SchedulingGates
from cluster_engine.scheduler.plugins.taint_toleration import TaintToleration
from cluster_engine.scheduler.plugins.volume_binding import VolumeBinding
from cluster_engine.scheduler.plugins.volume_restrictions import VolumeRestrictions
from cluster_engine.scheduler.plugins.volume_zone import VolumeZone

#: In the order in which they run. The weight counts for plugins that score.
PLUGINS: tuple[tuple[type[Plugin], int], ...] = (
    (SchedulingGates, 1),
    (PrioritySort, 1),
    (NodeName, 1),
    (NodeUnschedulable, 1),
    (TaintToleration, 3),
    (NodeAffinity, 2),
    (NodePorts, 1),
    (NodeResourcesFit, 1),
    (VolumeRestrictions, 1),
    (NodeVolumeLimits, 1),
    (VolumeBinding, 1),
    (VolumeZone, 1),
    (PodTopologySpread, 2),
    (InterPodAffinity, 2),
    (DynamicResources, 2),
    (DefaultPreemption, 1),
    (NodeResourcesBalancedAllocation, 1),
    (ImageLocality, 1),
    (NodeDeclaredFeatures, 1),
)
