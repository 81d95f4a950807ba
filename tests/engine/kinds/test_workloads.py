"""What workloads are refused for."""

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
    "a selector that matches nothing of the template": (
        "Deployment",
        {"spec.template.metadata.labels": {"app": "other"}},
        [
            'spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` '
            "does not match template `labels`"
        ],
    ),
    "an empty selector": (
        "Deployment",
        {"spec.selector": {}},
        ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    ),
    "a template that restarts on failure only": (
        "Deployment",
        {"spec.template.spec.restartPolicy": "OnFailure"},
        [
            'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported '
            'values: "Always"'
        ],
    ),
    "fewer replicas than none": (
        "Deployment",
        {"spec.replicas": -1},
        ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a strategy nobody knows": (
        "Deployment",
        {"spec.strategy": {"type": "BlueGreen"}},
        [
            'spec.strategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: '
            'supported values: "Recreate", "RollingUpdate"'
        ],
    ),
    "recreating goes without numbers": (
        "Deployment",
        {"spec.strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}},
        [
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy "
            "`type` is 'Recreate'"
        ],
    ),
    "an update that may do nothing": (
        "Deployment",
        {"spec.strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}},
        [
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 "
            "when `maxSurge` is 0"
        ],
    ),
    "an update that may break more than all": (
        "Deployment",
        {"spec.strategy": {"rollingUpdate": {"maxUnavailable": "101%"}}},
        [
            'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not '
            "be greater than 100%"
        ],
    ),
    "a percentage without its sign": (
        "Deployment",
        {"spec.strategy": {"rollingUpdate": {"maxSurge": "25"}}},
        [
            'spec.strategy.rollingUpdate.maxSurge: Invalid value: "25": a valid percent '
            "string must be a numeric string followed by an ending '%'…"
        ],
    ),
    "a deadline below the time to be ready": (
        "Deployment",
        {"spec.minReadySeconds": 700},
        ["spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"],
    ),
    "a container of a template without an image": (
        "Deployment",
        {"spec.template.spec.containers[0].image": ""},
        ["spec.template.spec.containers[0].image: Required value"],
    ),
    "a replica set's selector": (
        "ReplicaSet",
        {"spec.template.metadata.labels": {"app": "other"}},
        [
            'spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` '
            "does not match template `labels`"
        ],
    ),
    "a replication controller's selector": (
        "ReplicationController",
        {"spec.selector": {"app": "other"}},
        [
            'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does '
            "not match template `labels`"
        ],
    ),
    "a replication controller without a selector takes the labels": (
        "ReplicationController",
        {"spec.selector": GONE},
        [],
    ),
    "a daemon set's selector": (
        "DaemonSet",
        {"spec.template.metadata.labels": {"app": "other"}},
        [
            'spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` '
            "does not match template `labels`"
        ],
    ),
    "a daemon set may not surge and stay": (
        "DaemonSet",
        {"spec.updateStrategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}},
        [
            "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set "
            "when maxUnavailable is non-zero"
        ],
    ),
    "a daemon set must do something": (
        "DaemonSet",
        {"spec.updateStrategy": {"rollingUpdate": {"maxUnavailable": 0}}},
        [
            "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 "
            "when maxSurge is 0"
        ],
    ),
    "a daemon set's pods may not end": (
        "DaemonSet",
        {"spec.template.spec.activeDeadlineSeconds": 5},
        [
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in "
            "DaemonSet is not Supported"
        ],
    ),
    "a stateful set's selector": (
        "StatefulSet",
        {"spec.template.metadata.labels": {"app": "other"}},
        [
            'spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` '
            "does not match template `labels`"
        ],
    ),
    "a stateful set's management": (
        "StatefulSet",
        {"spec.podManagementPolicy": "Random"},
        [
            "spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or "
            "'Parallel'"
        ],
    ),
    "a stateful set without a strategy for numbers": (
        "StatefulSet",
        {"spec.updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}},
        [
            "spec.updateStrategy.rollingUpdate: Invalid value: "
            '{"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy '
            "'RollingUpdate'"
        ],
    ),
    "a partition below zero": (
        "StatefulSet",
        {"spec.updateStrategy": {"rollingUpdate": {"partition": -1}}},
        [
            "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be "
            "greater than or equal to 0"
        ],
    ),
    "what becomes of claims": (
        "StatefulSet",
        {"spec.persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Keep"}},
        [
            "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "
            '"Keep": supported values: "Retain", "Delete"'
        ],
    ),
    "a first number below zero": (
        "StatefulSet",
        {"spec.ordinals": {"start": -1}},
        ["spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a revision below zero": (
        "ControllerRevision",
        {"revision": -1},
        ["revision: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a revision without data": (
        "ControllerRevision",
        {"data": GONE},
        ["data: Required value: data is mandatory"],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)


CHANGES: dict[str, ChangeCase] = {
    "a deployment scales": ("Deployment", {}, {"spec.replicas": 3}, []),
    "a deployment keeps its selector": (
        "Deployment",
        {},
        {
            "spec.selector": {"matchLabels": {"app": "b"}},
            "spec.template.metadata.labels": {"app": "b"},
        },
        ['spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable'],
    ),
    "a replica set keeps its selector": (
        "ReplicaSet",
        {},
        {
            "spec.selector": {"matchLabels": {"app": "b"}},
            "spec.template.metadata.labels": {"app": "b"},
        },
        ['spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable'],
    ),
    "a daemon set keeps its selector": (
        "DaemonSet",
        {},
        {
            "spec.selector": {"matchLabels": {"app": "b"}},
            "spec.template.metadata.labels": {"app": "b"},
        },
        ['spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable'],
    ),
    "a replication controller may change its selector": (
        "ReplicationController",
        {},
        {"spec.selector": {"app": "b"}, "spec.template.metadata.labels": {"app": "b"}},
        [],
    ),
    "a stateful set scales": ("StatefulSet", {}, {"spec.replicas": 3}, []),
    "a stateful set keeps the name of its service": (
        "StatefulSet",
        {},
        {"spec.serviceName": "other"},
        ['spec.serviceName: Invalid value: "other": field is immutable'],
    ),
    "a revision keeps its data": (
        "ControllerRevision",
        {},
        {"data": {"spec": {"a": 1}}},
        ['data: Invalid value: {"spec":{"a":1}}: field is immutable'],
    ),
    "a revision may be renumbered": ("ControllerRevision", {}, {"revision": 2}, []),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)


STATUSES: dict[str, ChangeCase] = {
    "counts of a deployment": (
        "Deployment",
        {},
        {"status": {"replicas": 1, "readyReplicas": 1}},
        [],
    ),
    "more ready than there are": (
        "Deployment",
        {},
        {"status": {"replicas": 1, "readyReplicas": 2, "availableReplicas": 3}},
        [
            "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
        ],
    ),
    "a negative count": (
        "ReplicaSet",
        {},
        {"status": {"replicas": -1}},
        [
            "status.replicas: Invalid value: -1: must be greater than or equal to 0",
            "status.fullyLabeledReplicas: Invalid value: 0: cannot be greater than status.replicas",
            "status.readyReplicas: Invalid value: 0: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 0: cannot be greater than status.replicas",
        ],
    ),
    "more available than ready": (
        "ReplicaSet",
        {},
        {"status": {"replicas": 3, "readyReplicas": 1, "availableReplicas": 2}},
        ["status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas"],
    ),
    "a collision count only grows": (
        "Deployment",
        {"status": {"collisionCount": 2}},
        {"status": {"collisionCount": 1}},
        ["status.collisionCount: Invalid value: 1: cannot be decremented"],
    ),
    "a daemon set's counts": (
        "DaemonSet",
        {},
        {"status": {"currentNumberScheduled": -1, "numberReady": -2}},
        [
            "status.currentNumberScheduled: Invalid value: -1: must be greater than or equal to 0",
            "status.numberReady: Invalid value: -2: must be greater than or equal to 0",
        ],
    ),
    "a stateful set's counts": (
        "StatefulSet",
        {},
        {"status": {"replicas": 1, "readyReplicas": 2}},
        ["status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"],
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
    "a name that is no host name": (
        "Deployment",
        {"metadata.name": "a.b"},
        [
            "metadata.name: this is used in Pod names and hostnames, which can result in "
            "surprising behavior; a DNS label is recommended: [must not contain dots]"
        ],
    ),
    "a template's old label": (
        "Deployment",
        {"spec.template.spec.nodeSelector": {"beta.kubernetes.io/arch": "amd64"}},
        [
            "spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since "
            'v1.14; use "kubernetes.io/arch" instead'
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_new_object_is_warned_about(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(warnings(name, changes), expected)
