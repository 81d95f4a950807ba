"""What changes of the kinds of the smaller groups are refused for, and what is warned about."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    GONE,
    Case,
    ChangeCase,
    Changes,
    assert_texts,
    problems_of_change,
    problems_of_status,
    warnings,
)

CHANGES: dict[str, ChangeCase] = {
    "a class keeps its controller": (
        "IngressClass",
        {},
        {"spec.controller": "example.com/other"},
        ['spec.controller: Invalid value: "example.com/other": field is immutable'],
    ),
    "an address keeps its parent": (
        "IPAddress",
        {},
        {"spec.parentRef.name": "other"},
        ["spec.parentRef: Invalid value: null: field is immutable"],
    ),
    "blocks stay": (
        "ServiceCIDR",
        {},
        {"spec.cidrs": ["10.98.0.0/16"]},
        ['spec.cidrs[0]: Invalid value: "10.98.0.0/16": field is immutable'],
    ),
    "a budget may change": ("PodDisruptionBudget", {}, {"spec.minAvailable": 2}, []),
    "a binding keeps its role": (
        "RoleBinding",
        {},
        {"roleRef.name": "other"},
        [
            "roleRef: Invalid value: "
            '{"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"other"}: field '
            "is immutable"
        ],
    ),
    "a class keeps its provisioner": (
        "StorageClass",
        {},
        {"provisioner": "other.example.com"},
        ["provisioner: Invalid value: null: field is immutable"],
    ),
    "a class keeps its parameters": (
        "StorageClass",
        {},
        {"parameters": {"a": "b"}},
        ["parameters: Invalid value: null: field is immutable"],
    ),
    "an attachment stays": (
        "VolumeAttachment",
        {},
        {"spec.nodeName": "node-2"},
        ["spec: Invalid value: null: field is immutable"],
    ),
    "a priority stays": (
        "PriorityClass",
        {},
        {"value": 5},
        ["value: Forbidden: may not be changed in an update."],
    ),
    "a handler stays": (
        "RuntimeClass",
        {},
        {"handler": "other"},
        ["handler: Invalid value: null: field is immutable"],
    ),
    "a driver's fields stay": (
        "CSIDriver",
        {},
        {"spec.attachRequired": False},
        ["spec.attachedRequired: Invalid value: false: field is immutable"],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)


STATUSES: dict[str, ChangeCase] = {
    "an ingress' balancer": (
        "Ingress",
        {},
        {"status": {"loadBalancer": {"ingress": [{"ip": "x"}]}}},
        ['status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address,…'],
    ),
    "a budget's counts": (
        "PodDisruptionBudget",
        {},
        {
            "status": {
                "currentHealthy": -1,
                "desiredHealthy": 1,
                "expectedPods": 1,
                "disruptionsAllowed": 0,
            }
        },
        ["status.currentHealthy: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "an autoscaler's counts": (
        "HorizontalPodAutoscaler",
        {},
        {"status": {"currentReplicas": -1, "desiredReplicas": 0}},
        ["status.currentReplicas: Invalid value: -1: must be greater than or equal to 0"],
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
    "a class named by an annotation": (
        "Ingress",
        {
            "spec.ingressClassName": GONE,
            "metadata.annotations": {"kubernetes.io/ingress.class": "nginx"},
        },
        [
            'annotation "kubernetes.io/ingress.class" is deprecated, please use '
            "'spec.ingressClassName' instead"
        ],
    ),
    "a block that is not whole": (
        "NetworkPolicy",
        {"spec.ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.1/8"}}]}]},
        [
            'spec.ingress[0].from[0].ipBlock.cidr: CIDR value "10.0.0.1/8" is ambiguous in '
            'this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)'
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_new_object_is_warned_about(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(warnings(name, changes), expected)
