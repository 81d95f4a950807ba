"""What configuration, nodes, volumes and limits are refused for."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    GONE,
    Case,
    ChangeCase,
    Changes,
    assert_texts,
    problems,
    problems_of_change,
    problems_of_status,
    warnings,
)

REFUSED: dict[str, Case] = {
    "a key with a slash": (
        "ConfigMap",
        {"data": {"a/b": "x"}},
        [
            'data[a/b]: Invalid value: "a/b": a valid config key must consist of '
            "alphanumeric characters, '-', '_' or '.'…"
        ],
    ),
    "one key as text and as bytes": (
        "ConfigMap",
        {"data": {"a": "x"}, "binaryData": {"a": "eA=="}},
        ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    ),
    "too much data": (
        "ConfigMap",
        {"data": {"a": "x" * 1048577}},
        ["[]: Too long: may not be more than 1048576 bytes"],
    ),
    "a secret with a wrong key": (
        "Secret",
        {"data": {"a b": "eA=="}},
        [
            'data[a b]: Invalid value: "a b": a valid config key must consist of '
            "alphanumeric characters, '-', '_' or '.'…"
        ],
    ),
    "a registry's secret without its file": (
        "Secret",
        {"type": "kubernetes.io/dockerconfigjson"},
        ["data[.dockerconfigjson]: Required value"],
    ),
    "a registry's file that is not JSON": (
        "Secret",
        {"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "eA=="}},
        [
            'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid '
            "character 'x' looking for beginning of value"
        ],
    ),
    "basic credentials without a name": (
        "Secret",
        {"type": "kubernetes.io/basic-auth", "data": {}},
        ["data[username]: Required value", "data[password]: Required value"],
    ),
    "a certificate without a key": (
        "Secret",
        {"type": "kubernetes.io/tls", "data": {}},
        ["data[tls.crt]: Required value", "data[tls.key]: Required value"],
    ),
    "an account's token without the account": (
        "Secret",
        {"type": "kubernetes.io/service-account-token"},
        ["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
    ),
    "a node without a valid block": (
        "Node",
        {"spec.podCIDR": "10.244.0.0", "spec.podCIDRs": ["10.244.0.0"]},
        ['spec.podCIDRs[0]: Invalid value: "10.244.0.0": must be a valid CIDR value,…'],
    ),
    "a node's taint twice": (
        "Node",
        {
            "spec.taints": [
                {"key": "a", "effect": "NoSchedule"},
                {"key": "a", "effect": "NoSchedule"},
            ]
        },
        [
            "metadata.taints[1]: Duplicate value: "
            '{"Key":"a","Value":"","Effect":"NoSchedule","TimeAdded":null}: taints must be '
            "unique by key and effect pair"
        ],
    ),
    "a node's taint without an effect": (
        "Node",
        {"spec.taints": [{"key": "a", "effect": "Never"}]},
        [
            'metadata.taints[0].effect: Unsupported value: "Never": supported values: '
            '"NoSchedule", "PreferNoSchedule", "NoExecute"'
        ],
    ),
    "a claim without a size": (
        "PersistentVolumeClaim",
        {"spec.resources": {}},
        ["spec.resources[storage]: Required value"],
    ),
    "a claim without a mode": (
        "PersistentVolumeClaim",
        {"spec.accessModes": []},
        ["spec.accessModes: Required value: at least 1 access mode is required"],
    ),
    "a claim with a mode nobody knows": (
        "PersistentVolumeClaim",
        {"spec.accessModes": ["Read"]},
        [
            'spec.accessModes: Unsupported value: "Read": supported values: '
            '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'
        ],
    ),
    "a claim for one pod and for many": (
        "PersistentVolumeClaim",
        {"spec.accessModes": ["ReadWriteOncePod", "ReadWriteMany"]},
        ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
    ),
    "a claim of nothing": (
        "PersistentVolumeClaim",
        {"spec.resources": {"requests": {"storage": "0"}}},
        ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
    ),
    "a claim from a source nobody knows": (
        "PersistentVolumeClaim",
        {"spec.dataSource": {"kind": "Pod", "name": "x"}},
        [
            "spec.dataSource: Invalid value: \"Pod\": must be 'PersistentVolumeClaim' when "
            "referencing the default apiGroup"
        ],
    ),
    "a volume without a size": (
        "PersistentVolume",
        {"spec.capacity": {}},
        [
            "spec.capacity: Required value",
            'spec.capacity: Unsupported value: null: supported values: "storage"',
        ],
    ),
    "a volume of no kind": (
        "PersistentVolume",
        {"spec.hostPath": GONE},
        ["spec: Required value: must specify a volume type"],
    ),
    "a volume of two kinds": (
        "PersistentVolume",
        {"spec.nfs": {"server": "s", "path": "/"}},
        ["spec.nfs: Forbidden: may not specify more than 1 volume type"],
    ),
    "a volume that steps out": (
        "PersistentVolume",
        {"spec.hostPath": {"path": "/a/../b"}},
        ["spec.hostPath.path: Invalid value: \"/a/../b\": must not contain '..'"],
    ),
    "the root may not be recycled": (
        "PersistentVolume",
        {"spec.hostPath": {"path": "/"}, "spec.persistentVolumeReclaimPolicy": "Recycle"},
        [
            "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a "
            "hostPath mount of '/'"
        ],
    ),
    "what becomes of a volume": (
        "PersistentVolume",
        {"spec.persistentVolumeReclaimPolicy": "Keep"},
        [
            'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported '
            'values: "Delete", "Recycle", "Retain"'
        ],
    ),
    "a local volume says where": (
        "PersistentVolume",
        {"spec.hostPath": GONE, "spec.local": {"path": "/d"}},
        ["spec.nodeAffinity: Required value: Local volume requires node affinity"],
    ),
    "a quota of something unknown": (
        "ResourceQuota",
        {"spec.hard": {"things": "1"}},
        [
            'spec.hard[things]: Invalid value: "things": must be a standard resource type '
            "or fully qualified",
            'spec.hard[things]: Invalid value: "things": must be a standard resource for quota',
        ],
    ),
    "a quota of half a pod": (
        "ResourceQuota",
        {"spec.hard": {"pods": "500m"}},
        ['spec.hard[pods]: Invalid value: "500m": must be an integer'],
    ),
    "a quota below zero": (
        "ResourceQuota",
        {"spec.hard": {"pods": "-1"}},
        ['spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0'],
    ),
    "scopes that exclude each other": (
        "ResourceQuota",
        {"spec.scopes": ["BestEffort", "NotBestEffort"], "spec.hard": {"pods": "1"}},
        ['spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes'],
    ),
    "a scope nobody knows": (
        "ResourceQuota",
        {"spec.scopes": ["Mine"]},
        ['spec.scopes: Invalid value: ["Mine"]: unsupported scope'],
    ),
    "a limit with min above max": (
        "LimitRange",
        {"spec.limits": [{"type": "Container", "min": {"cpu": "2"}, "max": {"cpu": "1"}}]},
        [
            'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
            'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is '
            "greater than default request value 1",
            'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than '
            "default value 1",
        ],
    ),
    "a default above the max": (
        "LimitRange",
        {"spec.limits": [{"type": "Container", "default": {"cpu": "2"}, "max": {"cpu": "1"}}]},
        [
            'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value '
            "2 is greater than max value 1",
            'spec.limits[0].default[cpu]: Invalid value: "1": default value 2 is greater '
            "than max value 1",
        ],
    ),
    "a default for pods": (
        "LimitRange",
        {"spec.limits": [{"type": "Pod", "default": {"cpu": "2"}}]},
        ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"],
    ),
    "a limit twice": (
        "LimitRange",
        {
            "spec.limits": [
                {"type": "Container", "max": {"cpu": "1"}},
                {"type": "Container", "max": {"cpu": "1"}},
            ]
        },
        ['spec.limits[1].type: Duplicate value: "Container"'],
    ),
    "a claim's limit needs a size": (
        "LimitRange",
        {"spec.limits": [{"type": "PersistentVolumeClaim", "max": {"cpu": "1"}}]},
        [
            "spec.limits[0].limits: Required value: either minimum or maximum storage "
            "value is required, but neither was provided"
        ],
    ),
    "an event about another namespace": (
        "Event",
        {"involvedObject.namespace": "other"},
        ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
    ),
    "a new event says who reports": (
        "Event.events.k8s.io",
        {"reportingController": ""},
        [
            "reportingController: Required value",
            'reportingController: Invalid value: "": name part must be non-empty',
            'reportingController: Invalid value: "": name part must consist of '
            "alphanumeric characters, '-', '_' or '.', and must start and end with an "
            "alphanumeric character…",
        ],
    ),
    "a new event says what was done": (
        "Event.events.k8s.io",
        {"action": ""},
        ["action: Required value"],
    ),
    "a new event has a known type": (
        "Event.events.k8s.io",
        {"type": "Bad"},
        ['type: Invalid value: "": has invalid value: Bad'],
    ),
    "a new event's note is short": (
        "Event.events.k8s.io",
        {"note": "x" * 1025},
        ['message: Invalid value: "": can have at most 1024 characters'],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)


CHANGES: dict[str, ChangeCase] = {
    "data may change": ("ConfigMap", {}, {"data": {"b": "y"}}, []),
    "immutable data stays": (
        "ConfigMap",
        {"immutable": True},
        {"data": {"b": "y"}},
        ["data: Forbidden: field is immutable when `immutable` is set"],
    ),
    "immutable stays immutable": (
        "ConfigMap",
        {"immutable": True},
        {"immutable": False},
        ["immutable: Forbidden: field is immutable when `immutable` is set"],
    ),
    "a secret keeps its type": (
        "Secret",
        {},
        {"type": "example.com/x"},
        ["type: Invalid value: null: field is immutable"],
    ),
    "an immutable secret stays": (
        "Secret",
        {"immutable": True},
        {"data": {"b": "eA=="}},
        ["data: Forbidden: field is immutable when `immutable` is set"],
    ),
    "a node keeps its block": (
        "Node",
        {},
        {"spec.podCIDR": "10.244.1.0/24", "spec.podCIDRs": ["10.244.1.0/24"]},
        ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    ),
    "a node may be cordoned": ("Node", {}, {"spec.unschedulable": True}, []),
    "a node keeps its provider": (
        "Node",
        {"spec.providerID": "a"},
        {"spec.providerID": "b"},
        ["spec.providerID: Invalid value: null: field cannot be modified once set"],
    ),
    "a bound claim may grow": (
        "PersistentVolumeClaim",
        {
            "spec.volumeName": "pv-1",
            "spec.storageClassName": "fast",
            "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}},
        },
        {"spec.resources": {"requests": {"storage": "2Gi"}}},
        [],
    ),
    "a claim may not shrink": (
        "PersistentVolumeClaim",
        {
            "spec.volumeName": "pv-1",
            "spec.storageClassName": "fast",
            "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}},
        },
        {"spec.resources": {"requests": {"storage": "1Mi"}}},
        ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"],
    ),
    "an unbound claim does not change": (
        "PersistentVolumeClaim",
        {"spec.storageClassName": "fast"},
        {"spec.storageClassName": "slow"},
        [
            "spec: Forbidden: spec is immutable after creation except resources.requests "
            "and volumeAttributesClassName for bound claims…"
        ],
    ),
    "a volume keeps its source": (
        "PersistentVolume",
        {},
        {"spec.hostPath": {"path": "/other"}},
        [
            "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is "
            "immutable after creation…"
        ],
    ),
    "a quota keeps its scopes": (
        "ResourceQuota",
        {"spec.scopes": ["BestEffort"], "spec.hard": {"pods": "1"}},
        {"spec.scopes": ["NotBestEffort"]},
        ['spec.scopes: Invalid value: ["NotBestEffort"]: field is immutable'],
    ),
    "a new event stays": (
        "Event.events.k8s.io",
        {},
        {"note": "other"},
        ['message: Invalid value: "other": field is immutable'],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)


STATUSES: dict[str, ChangeCase] = {
    "a node's capacity": (
        "Node",
        {},
        {"status": {"capacity": {"cpu": "-1"}}},
        [
            'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
            'status.allocatable.cpu: Invalid value: "-1": must be greater than or equal to 0',
        ],
    ),
    "addresses of a node": (
        "Node",
        {},
        {
            "status": {
                "addresses": [
                    {"type": "InternalIP", "address": "1.2.3.4"},
                    {"type": "InternalIP", "address": "1.2.3.4"},
                ]
            }
        },
        ['status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"1.2.3.4"}'],
    ),
    "a quota's use": (
        "ResourceQuota",
        {},
        {"status": {"hard": {"pods": "10"}, "used": {"pods": "-1"}}},
        ['status.used[pods]: Invalid value: "-1": must be greater than or equal to 0'],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), STATUSES.values(), ids=STATUSES.keys()
)
def test_a_change_of_the_status(
    name: str, held: Changes, changes: Changes, expected: list[str]
) -> None:
    assert_texts(problems_of_status(name, changes, held), expected)


WARNED: dict[str, Case] = {
    "a node's old field": (
        "Node",
        {"spec.externalID": "a"},
        ["spec.externalID: this field is deprecated, and is unused by Kubernetes"],
    ),
    "a volume's old class": (
        "PersistentVolume",
        {"metadata.annotations": {"volume.beta.kubernetes.io/storage-class": "x"}},
        [
            "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated "
            'since v1.8; use "storageClassName" attribute instead'
        ],
    ),
    "recycling is old": (
        "PersistentVolume",
        {"spec.persistentVolumeReclaimPolicy": "Recycle"},
        [
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. "
            "Instead, the recommended approach is to use dynamic provisioning."
        ],
    ),
    "a claim of half a byte": (
        "PersistentVolumeClaim",
        {"spec.resources": {"requests": {"storage": "500m"}}},
        [
            'spec.resources.requests[storage]: fractional byte value "500m" is invalid, '
            "must be an integer"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_new_object_is_warned_about(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(warnings(name, changes), expected)
