"""What tables show of an object, five minutes after it was created."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine.kinds.columns import list_with_more
from cluster_engine.kinds.registry import Registry
from tests.engine.kinds.judging import CREATED, Changes, row, stored

RUNNING = {
    "name": "web",
    "ready": True,
    "restartCount": 2,
    "state": {"running": {"startedAt": CREATED}},
    "lastState": {"terminated": {"finishedAt": "2026-01-01T00:03:00Z", "exitCode": 1}},
}


def waiting(reason: str) -> dict[str, Any]:
    """The status of a container that cannot run."""
    return {
        "name": "web",
        "ready": False,
        "restartCount": 0,
        "state": {"waiting": {"reason": reason}},
    }


def ended(**terminated: Any) -> dict[str, Any]:
    """The status of a container that has ended."""
    return {
        "name": "web",
        "ready": False,
        "restartCount": 0,
        "state": {"terminated": terminated},
    }


#: The kind, how it differs from the valid object, and some of its cells.
CASES: dict[str, tuple[str, Changes, dict[str, Any]]] = {
    "a pod that is nowhere": (
        "Pod",
        {"status": {"phase": "Pending"}},
        {"Ready": "0/1", "Status": "Pending", "Restarts": "0", "Age": "5m", "Node": "<none>"},
    ),
    "a pod that runs again": (
        "Pod",
        {
            "spec.nodeName": "node-1",
            "status": {
                "phase": "Running",
                "podIPs": [{"ip": "10.0.0.1"}],
                "containerStatuses": [RUNNING],
            },
        },
        {
            "Ready": "1/1",
            "Status": "Running",
            "Restarts": "2 (2m ago)",
            "IP": "10.0.0.1",
            "Node": "node-1",
        },
    ),
    "a pod without its image": (
        "Pod",
        {"status": {"phase": "Pending", "containerStatuses": [waiting("ImagePullBackOff")]}},
        {"Ready": "0/1", "Status": "ImagePullBackOff"},
    ),
    "a pod that has done its work": (
        "Pod",
        {
            "status": {
                "phase": "Succeeded",
                "containerStatuses": [ended(exitCode=0, reason="Completed")],
            }
        },
        {"Status": "Completed"},
    ),
    "a pod whose end has no reason": (
        "Pod",
        {"status": {"phase": "Failed", "containerStatuses": [ended(exitCode=3)]}},
        {"Status": "ExitCode:3"},
    ),
    "a pod that a signal ended": (
        "Pod",
        {"status": {"phase": "Failed", "containerStatuses": [ended(exitCode=137, signal=9)]}},
        {"Status": "Signal:9"},
    ),
    "a pod that is being deleted": (
        "Pod",
        {
            "metadata.deletionTimestamp": CREATED,
            "status": {"phase": "Running", "containerStatuses": [RUNNING]},
        },
        {"Status": "Terminating"},
    ),
    "a pod on a node that was lost": (
        "Pod",
        {
            "metadata.deletionTimestamp": CREATED,
            "status": {"phase": "Running", "reason": "NodeLost"},
        },
        {"Status": "Unknown"},
    ),
    "a pod that was thrown out": (
        "Pod",
        {"status": {"phase": "Failed", "reason": "Evicted"}},
        {"Status": "Evicted"},
    ),
    "a pod in the second of its first steps": (
        "Pod",
        {
            "spec.initContainers": [{"name": "a", "image": "a"}, {"name": "b", "image": "b"}],
            "status": {
                "phase": "Pending",
                "initContainerStatuses": [
                    {**ended(exitCode=0), "name": "a"},
                    {"name": "b", "ready": False, "restartCount": 0, "state": {"running": {}}},
                ],
            },
        },
        {"Status": "Init:1/2"},
    ),
    "a pod whose first step failed": (
        "Pod",
        {
            "spec.initContainers": [{"name": "a", "image": "a"}],
            "status": {
                "phase": "Pending",
                "initContainerStatuses": [{**ended(exitCode=1, reason="Error"), "name": "a"}],
            },
        },
        {"Status": "Init:Error"},
    ),
    "a sidecar counts": (
        "Pod",
        {
            "spec.initContainers": [{"name": "a", "image": "a", "restartPolicy": "Always"}],
            "status": {
                "phase": "Running",
                "initContainerStatuses": [{**RUNNING, "name": "a", "started": True}],
                "containerStatuses": [RUNNING],
            },
        },
        {"Ready": "2/2", "Status": "Running"},
    ),
    "a pod behind a gate": (
        "Pod",
        {
            "status": {
                "phase": "Pending",
                "conditions": [
                    {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}
                ],
            }
        },
        {"Status": "SchedulingGated"},
    ),
    "a deployment": (
        "Deployment",
        {"spec.replicas": 3, "status": {"readyReplicas": 2, "updatedReplicas": 1}},
        {
            "Ready": "2/3",
            "Up-to-date": 1,
            "Available": 0,
            "Containers": "web",
            "Images": "nginx:1.27",
            "Selector": "app=web",
        },
    ),
    "a daemon set anywhere": ("DaemonSet", {}, {"Desired": 0, "Node Selector": "<none>"}),
    "a stateful set": ("StatefulSet", {}, {"Ready": "0/1", "Images": "postgres:17"}),
    "a job that runs": ("Job", {}, {"Status": "Running", "Completions": "0/1", "Duration": ""}),
    "a job that is done": (
        "Job",
        {
            "status": {
                "succeeded": 1,
                "startTime": CREATED,
                "completionTime": "2026-01-01T00:01:30Z",
                "conditions": [{"type": "Complete", "status": "True"}],
            }
        },
        {"Status": "Complete", "Completions": "1/1", "Duration": "90s"},
    ),
    "a job that is paused": (
        "Job",
        {"status": {"conditions": [{"type": "Suspended", "status": "True"}]}},
        {"Status": "Suspended"},
    ),
    "a job without a number to reach": (
        "Job",
        {"spec.parallelism": 3},
        {"Completions": "0/1 of 3"},
    ),
    "a cron job": (
        "CronJob",
        {},
        {
            "Schedule": "*/5 * * * *",
            "Timezone": "<none>",
            "Suspend": "False",
            "Last Schedule": "<none>",
        },
    ),
    "an inner service": (
        "Service",
        {},
        {"Type": "ClusterIP", "Cluster-IP": "10.96.0.10", "External-IP": "<none>"},
    ),
    "a service with a node port": (
        "Service",
        {"spec.type": "NodePort", "spec.ports[0].nodePort": 30080},
        {"Port(s)": "80:30080/TCP"},
    ),
    "a balancer without an address": (
        "Service",
        {"spec.type": "LoadBalancer"},
        {"External-IP": "<pending>"},
    ),
    "a balancer": (
        "Service",
        {
            "spec.type": "LoadBalancer",
            "status": {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}},
        },
        {"External-IP": "1.2.3.4"},
    ),
    "an outer name": (
        "Service",
        {"spec.type": "ExternalName", "spec.externalName": "a.example.com"},
        {"External-IP": "a.example.com"},
    ),
    "a node": (
        "Node",
        {},
        {
            "Status": "Ready",
            "Roles": "control-plane",
            "Version": "v1.37.2",
            "Internal-IP": "172.18.0.2",
            "External-IP": "<none>",
            "OS-Image": "<unknown>",
        },
    ),
    "a node that takes nobody": (
        "Node",
        {"spec.unschedulable": True},
        {"Status": "Ready,SchedulingDisabled"},
    ),
    "a node that is not ready": (
        "Node",
        {"status.conditions": [{"type": "Ready", "status": "False"}], "metadata.labels": {}},
        {"Status": "NotReady", "Roles": "<none>"},
    ),
    "a claim that waits": (
        "PersistentVolumeClaim",
        {},
        {"Status": "Pending", "Volume": "", "Capacity": "", "VolumeAttributesClass": "<unset>"},
    ),
    "a bound claim": (
        "PersistentVolumeClaim",
        {
            "spec.volumeName": "pv-1",
            "status": {
                "phase": "Bound",
                "capacity": {"storage": "1Gi"},
                "accessModes": ["ReadWriteOnce"],
            },
        },
        {"Status": "Bound", "Volume": "pv-1", "Capacity": "1Gi", "Access Modes": "RWO"},
    ),
    "a bound volume": (
        "PersistentVolume",
        {"spec.claimRef": {"namespace": "default", "name": "data"}, "status": {"phase": "Bound"}},
        {"Claim": "default/data", "Status": "Bound", "Access Modes": "RWO"},
    ),
    "a secret": ("Secret", {}, {"Type": "Opaque", "Data": 1}),
    "an ingress with a certificate": (
        "Ingress",
        {"spec.tls": [{"hosts": ["a"]}]},
        {"Class": "nginx", "Hosts": "shop.example.com", "Ports": "80, 443"},
    ),
    "an ingress for any host": (
        "Ingress",
        {"spec.rules": [{"http": {"paths": []}}]},
        {"Hosts": "*"},
    ),
    "an autoscaler that knows nothing": (
        "HorizontalPodAutoscaler",
        {},
        {
            "Reference": "Deployment/web",
            "Targets": "cpu: <unknown>/60%",
            "MinPods": "1",
            "MaxPods": 5,
            "Replicas": 0,
        },
    ),
    "an autoscaler that knows": (
        "HorizontalPodAutoscaler",
        {
            "status": {
                "currentMetrics": [
                    {
                        "type": "Resource",
                        "resource": {
                            "name": "cpu",
                            "current": {"averageUtilization": 70, "averageValue": "7m"},
                        },
                    }
                ]
            }
        },
        {"Targets": "cpu: 70%/60%"},
    ),
    "a budget": (
        "PodDisruptionBudget",
        {},
        {"Min Available": "1", "Max Unavailable": "N/A", "Allowed Disruptions": 0},
    ),
    "an event": (
        "Event",
        {},
        {"Last Seen": "4m", "Object": "pod/web", "First Seen": "5m", "Count": 2},
    ),
    "a quota": (
        "ResourceQuota",
        {"status": {"hard": {"pods": "10", "limits.cpu": "4"}, "used": {"pods": "3"}}},
        {"Request": "pods: 3/10", "Limit": "limits.cpu: 0/4"},
    ),
    "a slice": ("EndpointSlice", {}, {"Ports": "80", "Endpoints": "10.0.0.1"}),
    "a binding": (
        "ClusterRoleBinding",
        {},
        {"Role": "ClusterRole/reader", "Users": "jane", "ServiceAccounts": "default/robot"},
    ),
    "a request that waits": (
        "CertificateSigningRequest",
        {},
        {"RequestedDuration": "<none>", "Condition": "Pending"},
    ),
    "a request that was granted": (
        "CertificateSigningRequest",
        {
            "spec.expirationSeconds": 3600,
            "status": {
                "conditions": [{"type": "Approved", "status": "True"}],
                "certificate": "eA==",
            },
        },
        {"RequestedDuration": "60m", "Condition": "Approved,Issued"},
    ),
    "a claim of devices that somebody uses": (
        "ResourceClaim",
        {"status": {"allocation": {}, "reservedFor": [{"resource": "pods", "name": "a"}]}},
        {"State": "allocated,reserved"},
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), CASES.values(), ids=CASES.keys())
def test_a_row(name: str, changes: Changes, expected: dict[str, Any]) -> None:
    cells = row(stored(name, changes))
    assert {column: cells[column] for column in expected} == expected


def test_a_column_describes_itself_with_the_words_of_its_field() -> None:
    pods = Registry().resource("pods")
    assert pods is not None
    columns = {column.name: column for column in pods.columns}
    assert columns["IP"].description.startswith("podIP address allocated to the pod.")
    assert columns["Node"].priority == 1


def test_a_long_list_is_cut() -> None:
    assert list_with_more(["a", "b", "c"], 2, 3, "<none>") == "a,b + 1 more..."
    assert list_with_more([], 2, 0, "<none>") == "<none>"


def test_the_default_class_of_a_list_is_the_newest_that_claims_to_be() -> None:
    classes = Registry().resource("storageclasses.storage.k8s.io")
    assert classes is not None and classes.marked_default is not None
    annotation = {"storageclass.kubernetes.io/is-default-class": "true"}
    old = stored("StorageClass", {"metadata.name": "old", "metadata.annotations": annotation})
    new = stored("StorageClass", {"metadata.name": "new", "metadata.annotations": annotation})
    new["metadata"]["creationTimestamp"] = "2026-02-01T00:00:00Z"
    assert classes.marked_default([old, new, stored("StorageClass")]) == "new"
