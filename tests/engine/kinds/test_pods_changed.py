"""What changes of pods are refused for, and what pods are warned about."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    Case,
    ChangeCase,
    Changes,
    assert_texts,
    problems_of_change,
    problems_of_status,
    warnings,
)

CHANGES: dict[str, ChangeCase] = {
    "an image may change": ("Pod", {}, {"spec.containers[0].image": "nginx:1.28"}, []),
    "a toleration may be added": (
        "Pod",
        {},
        {"spec.tolerations": [{"key": "a", "operator": "Exists"}]},
        [],
    ),
    "nothing else may": (
        "Pod",
        {},
        {"spec.hostname": "web"},
        [
            "spec: Forbidden: pod updates may not change fields other than "
            "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadline"
            "Seconds`,`spec.tolerations` (only additions to existing "
            "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if "
            "it was previously negative)…"
        ],
    ),
    "containers may not be added": (
        "Pod",
        {},
        {"spec.containers[1]": {"name": "b", "image": "b"}},
        ["spec.containers: Forbidden: pod updates may not add or remove containers"],
    ),
    "a deadline may shrink": (
        "Pod",
        {"spec.activeDeadlineSeconds": 10},
        {"spec.activeDeadlineSeconds": 5},
        [],
    ),
    "a deadline may not grow": (
        "Pod",
        {"spec.activeDeadlineSeconds": 10},
        {"spec.activeDeadlineSeconds": 15},
        [
            "spec.activeDeadlineSeconds: Invalid value: 15: must be less than or equal to "
            "previous value"
        ],
    ),
    "a gate may go": (
        "Pod",
        {"spec.schedulingGates": [{"name": "a.b/c"}]},
        {"spec.schedulingGates": []},
        [],
    ),
    "a gate may not come": (
        "Pod",
        {},
        {"spec.schedulingGates": [{"name": "a.b/c"}]},
        [
            "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found "
            "new scheduling gate 'a.b/c'"
        ],
    ),
    "a gated pod may narrow its nodes": (
        "Pod",
        {"spec.schedulingGates": [{"name": "a.b/c"}]},
        {"spec.nodeSelector": {"a": "b"}},
        [],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)


STATUSES: dict[str, ChangeCase] = {
    "a status": (
        "Pod",
        {},
        {"status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}]}},
        [],
    ),
    "a wrong address": (
        "Pod",
        {},
        {"status": {"podIPs": [{"ip": "x"}]}},
        ['status.podIPs[0]: Invalid value: "x": must be a valid IP address,…'],
    ),
    "an ended container may not restart": (
        "Pod",
        {
            "spec.restartPolicy": "Never",
            "status": {
                "containerStatuses": [{"name": "web", "state": {"terminated": {"exitCode": 0}}}]
            },
        },
        {"status": {"containerStatuses": [{"name": "web", "state": {"running": {}}}]}},
        [
            "status.containerStatuses[0].state: Forbidden: may not be transitioned to "
            "non-terminated state"
        ],
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
    "an old node label": (
        "Pod",
        {"spec.nodeSelector": {"beta.kubernetes.io/os": "linux"}},
        [
            "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "
            '"kubernetes.io/os" instead'
        ],
    ),
    "a duplicate variable": (
        "Pod",
        {"spec.containers[0].env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]},
        [
            'spec.containers[0].env[1]: hides previous definition of "A", which may be '
            "dropped when using apply"
        ],
    ),
    "a duplicate port": (
        "Pod",
        {"spec.containers[0].ports": [{"containerPort": 80}, {"containerPort": 80}]},
        ["spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]"],
    ),
    "a fractional memory": (
        "Pod",
        {"spec.containers[0].resources": {"requests": {"memory": "500m"}}},
        [
            'spec.containers[0].resources.requests[memory]: fractional byte value "500m" '
            "is invalid, must be an integer"
        ],
    ),
    "an empty pull secret": (
        "Pod",
        {"spec.imagePullSecrets": [{}]},
        ['spec.imagePullSecrets[0].name: invalid empty name ""'],
    ),
    "nothing": ("Pod", {}, []),
}


@pytest.mark.parametrize(("name", "changes", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_new_object_is_warned_about(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(warnings(name, changes), expected)
