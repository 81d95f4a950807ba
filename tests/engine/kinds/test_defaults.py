"""What the API server fills in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.engine.kinds.judging import GONE, Changes, decoded, manifest

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")


def at(obj: Any, path: str) -> Any:
    """What stands at a path; GONE when nothing does."""
    for name, inner in _STEP.findall(path):
        step: Any = int(inner) if inner.isdigit() else name or inner
        try:
            obj = obj[step]
        except (KeyError, IndexError):
            return GONE
    return obj


C = "spec.containers[0]"
PORT = {"containerPort": 80}
#: The kind, how it differs from the valid object, a path and what stands there.
CASES: dict[str, tuple[str, Changes, str, Any]] = {
    "a pod restarts always": ("Pod", {}, "spec.restartPolicy", "Always"),
    "a pod has half a minute to stop": ("Pod", {}, "spec.terminationGracePeriodSeconds", 30),
    "a pod asks the cluster's dns": ("Pod", {}, "spec.dnsPolicy", "ClusterFirst"),
    "a pod has the default scheduler": ("Pod", {}, "spec.schedulerName", "default-scheduler"),
    "an account under its old name": (
        "Pod",
        {"spec.serviceAccountName": "robot"},
        "spec.serviceAccount",
        "robot",
    ),
    "an account under its new name": (
        "Pod",
        {"spec.serviceAccount": "robot"},
        "spec.serviceAccountName",
        "robot",
    ),
    "an image with a tag is pulled once": ("Pod", {}, f"{C}.imagePullPolicy", "IfNotPresent"),
    "an image without a tag is pulled always": (
        "Pod",
        {f"{C}.image": "nginx"},
        f"{C}.imagePullPolicy",
        "Always",
    ),
    "the latest image is pulled always": (
        "Pod",
        {f"{C}.image": "registry:5000/nginx:latest"},
        f"{C}.imagePullPolicy",
        "Always",
    ),
    "a digest is pulled once": (
        "Pod",
        {f"{C}.image": f"nginx@sha256:{'a' * 64}"},
        f"{C}.imagePullPolicy",
        "IfNotPresent",
    ),
    "a port of a registry is no tag": (
        "Pod",
        {f"{C}.image": "registry:5000/nginx"},
        f"{C}.imagePullPolicy",
        "Always",
    ),
    "a port speaks TCP": ("Pod", {f"{C}.ports": [PORT]}, f"{C}.ports[0].protocol", "TCP"),
    "a port on the host's network is the host's": (
        "Pod",
        {f"{C}.ports": [PORT], "spec.hostNetwork": True},
        f"{C}.ports[0].hostPort",
        80,
    ),
    "requests are the limits": (
        "Pod",
        {f"{C}.resources": {"limits": {"cpu": "2", "memory": "1Gi"}}},
        f"{C}.resources.requests",
        {"cpu": "2", "memory": "1Gi"},
    ),
    "a request of its own stays": (
        "Pod",
        {f"{C}.resources": {"limits": {"cpu": "2"}, "requests": {"cpu": "1"}}},
        f"{C}.resources.requests",
        {"cpu": "1"},
    ),
    "an amount is written in its canonical form": (
        "Pod",
        {f"{C}.resources": {"requests": {"cpu": 0.5, "memory": "1024Mi"}}},
        f"{C}.resources.requests",
        {"cpu": "500m", "memory": "1Gi"},
    ),
    "a probe tries every ten seconds": (
        "Pod",
        {f"{C}.livenessProbe": {"httpGet": {"port": 80}}},
        f"{C}.livenessProbe",
        {
            "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
            "timeoutSeconds": 1,
            "periodSeconds": 10,
            "successThreshold": 1,
            "failureThreshold": 3,
        },
    ),
    "a field is one of the pod's version": (
        "Pod",
        {f"{C}.env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
        f"{C}.env[0].valueFrom.fieldRef.apiVersion",
        "v1",
    ),
    "a volume of nothing is an empty directory": (
        "Pod",
        {"spec.volumes": [{"name": "a"}]},
        "spec.volumes[0].emptyDir",
        {},
    ),
    "files of a secret": (
        "Pod",
        {"spec.volumes": [{"name": "a", "secret": {"secretName": "s"}}]},
        "spec.volumes[0].secret.defaultMode",
        0o644,
    ),
    "a token lasts an hour": (
        "Pod",
        {"spec.volumes": [{"name": "a", "projected": {"sources": [{"serviceAccountToken": {}}]}}]},
        "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds",
        3600,
    ),
    "a deployment has one replica": ("Deployment", {}, "spec.replicas", 1),
    "a deployment rolls by quarters": (
        "Deployment",
        {},
        "spec.strategy",
        {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
        },
    ),
    "a deployment keeps ten revisions": ("Deployment", {}, "spec.revisionHistoryLimit", 10),
    "a deployment's template is a pod's": (
        "Deployment",
        {},
        "spec.template.spec.restartPolicy",
        "Always",
    ),
    "recreating has no numbers": (
        "Deployment",
        {"spec.strategy": {"type": "Recreate"}},
        "spec.strategy",
        {"type": "Recreate"},
    ),
    "a daemon set misses one node at a time": (
        "DaemonSet",
        {},
        "spec.updateStrategy.rollingUpdate",
        {"maxUnavailable": 1, "maxSurge": 0},
    ),
    "a stateful set starts in order": (
        "StatefulSet",
        {},
        "spec.podManagementPolicy",
        "OrderedReady",
    ),
    "a stateful set keeps its claims": (
        "StatefulSet",
        {},
        "spec.persistentVolumeClaimRetentionPolicy",
        {"whenDeleted": "Retain", "whenScaled": "Retain"},
    ),
    "a replication controller selects its labels": (
        "ReplicationController",
        {"spec.selector": GONE},
        "spec.selector",
        {"app": "web"},
    ),
    "a job runs once": ("Job", {}, "spec.completions", 1),
    "a job that runs in parallel has no number to reach": (
        "Job",
        {"spec.parallelism": 3},
        "spec.completions",
        GONE,
    ),
    "a job tries six times again": ("Job", {}, "spec.backoffLimit", 6),
    "an indexed job with limits per index tries without end": (
        "Job",
        {"spec.completionMode": "Indexed", "spec.backoffLimitPerIndex": 1, "spec.completions": 2},
        "spec.backoffLimit",
        2**31 - 1,
    ),
    "a cron job keeps three that succeeded": (
        "CronJob",
        {},
        "spec.successfulJobsHistoryLimit",
        3,
    ),
    "a cron job lets jobs overlap": ("CronJob", {}, "spec.concurrencyPolicy", "Allow"),
    "a service is inside": ("Service", {}, "spec.type", "ClusterIP"),
    "a service's port leads to the same": ("Service", {}, "spec.ports[0].targetPort", 80),
    "a service's affinity lasts three hours": (
        "Service",
        {"spec.sessionAffinity": "ClientIP"},
        "spec.sessionAffinityConfig",
        {"clientIP": {"timeoutSeconds": 10800}},
    ),
    "a balancer has node ports": (
        "Service",
        {"spec.type": "LoadBalancer"},
        "spec.allocateLoadBalancerNodePorts",
        True,
    ),
    "an outer service lets all nodes answer": (
        "Service",
        {"spec.type": "NodePort"},
        "spec.externalTrafficPolicy",
        "Cluster",
    ),
    "a secret is opaque": ("Secret", {}, "type", "Opaque"),
    "text becomes data": (
        "Secret",
        {"stringData": {"user": "jane"}},
        "data",
        {"password": "aHVudGVyMg==", "user": "amFuZQ=="},
    ),
    "text itself is not kept": ("Secret", {"stringData": {"user": "jane"}}, "stringData", GONE),
    "a claim is for a file system": ("PersistentVolumeClaim", {}, "spec.volumeMode", "Filesystem"),
    "a new claim waits": ("PersistentVolumeClaim", {}, "status.phase", "Pending"),
    "a volume stays when it is released": (
        "PersistentVolume",
        {},
        "spec.persistentVolumeReclaimPolicy",
        "Retain",
    ),
    "a class deletes what it made": ("StorageClass", {}, "reclaimPolicy", "Delete"),
    "a class binds at once": ("StorageClass", {}, "volumeBindingMode", "Immediate"),
    "a limit is the default": (
        "LimitRange",
        {},
        "spec.limits[0].default",
        {"cpu": "2"},
    ),
    "the default is the default request": (
        "LimitRange",
        {},
        "spec.limits[0].defaultRequest",
        {"cpu": "2"},
    ),
    "what a node has can be used": (
        "Node",
        {},
        "status.allocatable",
        {"cpu": "4", "memory": "8Gi", "pods": "110"},
    ),
    "an autoscaler may shrink as far as it wants": (
        "HorizontalPodAutoscaler",
        {"spec.behavior": {"scaleDown": {}}},
        "spec.behavior.scaleDown",
        {
            "selectPolicy": "Max",
            "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
        },
    ),
    "an autoscaler without metrics aims at 80 % of the processor": (
        "HorizontalPodAutoscaler",
        {"spec.metrics": GONE},
        "spec.metrics",
        [
            {
                "type": "Resource",
                "resource": {
                    "name": "cpu",
                    "target": {"type": "Utilization", "averageUtilization": 80},
                },
            }
        ],
    ),
    "a policy about traffic to pods": (
        "NetworkPolicy",
        {"spec.policyTypes": GONE},
        "spec.policyTypes",
        ["Ingress"],
    ),
    "a policy about traffic from pods, too": (
        "NetworkPolicy",
        {"spec.policyTypes": GONE, "spec.egress": [{}]},
        "spec.policyTypes",
        ["Ingress", "Egress"],
    ),
    "a policy's port speaks TCP": (
        "NetworkPolicy",
        {"spec.ingress": [{"ports": [{"port": 80}]}]},
        "spec.ingress[0].ports[0].protocol",
        "TCP",
    ),
    "a person's api group": (
        "RoleBinding",
        {},
        "subjects[0].apiGroup",
        "rbac.authorization.k8s.io",
    ),
    "an account has no api group": ("ClusterRoleBinding", {}, "subjects[0].apiGroup", GONE),
    "a priority may push others out": (
        "PriorityClass",
        {},
        "preemptionPolicy",
        "PreemptLowerPriority",
    ),
    "a webhook's failure is one": (
        "ValidatingWebhookConfiguration",
        {},
        "webhooks[0].failurePolicy",
        "Fail",
    ),
    "a webhook has ten seconds": (
        "ValidatingWebhookConfiguration",
        {},
        "webhooks[0].timeoutSeconds",
        10,
    ),
    "a webhook is behind the usual port": (
        "ValidatingWebhookConfiguration",
        {},
        "webhooks[0].clientConfig.service.port",
        443,
    ),
    "a slice's port speaks TCP": ("EndpointSlice", {}, "ports[0].protocol", "TCP"),
    "an endpoint's port speaks TCP": ("Endpoints", {}, "subsets[0].ports[0].protocol", "TCP"),
    "one device is asked for": (
        "ResourceClaim",
        {},
        "spec.devices.requests[0].exactly.count",
        1,
    ),
    "files have no owner of their own": (
        "Pod",
        {"spec.volumes": [{"name": "a", "secret": {"secretName": "s", "defaultUser": 5}}]},
        "spec.volumes[0].secret.defaultUser",
        GONE,
    ),
    "an annotation that was a field once is dropped": (
        "Pod",
        {"metadata.annotations": {"pod.beta.kubernetes.io/init-containers": "[]"}},
        "metadata.annotations",
        {},
    ),
    "jobs are not scheduled together": ("Job", {"spec.scheduling": {}}, "spec.scheduling", GONE),
    "a field of a feature that is off is dropped": (
        "ResourceClaim",
        {
            "spec.devices.requests[0].exactly.derivedAttributes": [
                {"name": "a.b/c", "expression": "1"}
            ]
        },
        "spec.devices.requests[0].exactly.derivedAttributes",
        GONE,
    ),
}


@pytest.mark.parametrize(("name", "changes", "path", "expected"), CASES.values(), ids=CASES.keys())
def test_a_default(name: str, changes: Changes, path: str, expected: Any) -> None:
    found = at(decoded(manifest(name, changes)), path)
    assert found is expected or found == expected


def test_a_template_of_claims_has_the_defaults_of_a_claim() -> None:
    claim = {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    found = decoded(manifest("StatefulSet", {"spec.volumeClaimTemplates": [claim]}))
    template = found["spec"]["volumeClaimTemplates"][0]
    assert (template["apiVersion"], template["kind"]) == ("v1", "PersistentVolumeClaim")
    assert template["spec"]["volumeMode"] == "Filesystem"
    assert template["status"] == {"phase": "Pending"}
