"""What pods are refused for: their containers, volumes and probes."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    Case,
    Changes,
    assert_texts,
    problems,
)

REFUSED: dict[str, Case] = {
    "a plain pod is fine": ("Pod", {}, []),
    "a pod needs a container": (
        "Pod",
        {"spec.containers": []},
        ["spec.containers: Required value"],
    ),
    "a container needs a name and an image": (
        "Pod",
        {"spec.containers": [{}]},
        ["spec.containers[0].name: Required value", "spec.containers[0].image: Required value"],
    ),
    "an image has no space around it": (
        "Pod",
        {"spec.containers[0].image": " nginx"},
        [
            'spec.containers[0].image: Invalid value: " nginx": must not have leading or '
            "trailing whitespace"
        ],
    ),
    "two containers of one name": (
        "Pod",
        {"spec.containers[1]": {"name": "web", "image": "b"}},
        ['spec.containers[1].name: Duplicate value: "web"'],
    ),
    "an init container of the same name": (
        "Pod",
        {"spec.initContainers": [{"name": "web", "image": "b"}]},
        ['spec.initContainers[0].name: Duplicate value: "web"'],
    ),
    "a port out of range": (
        "Pod",
        {"spec.containers[0].ports": [{"containerPort": 70000}]},
        [
            "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be "
            "between 1 and 65535, inclusive"
        ],
    ),
    "a port with a wrong protocol": (
        "Pod",
        {"spec.containers[0].ports": [{"containerPort": 80, "protocol": "tcp"}]},
        [
            'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported '
            'values: "SCTP", "TCP", "UDP"'
        ],
    ),
    "two ports of one name": (
        "Pod",
        {
            "spec.containers[0].ports": [
                {"containerPort": 80, "name": "http"},
                {"containerPort": 81, "name": "http"},
            ]
        },
        ['spec.containers[0].ports[1].name: Duplicate value: "http"'],
    ),
    "a wrong pull policy": (
        "Pod",
        {"spec.containers[0].imagePullPolicy": "Sometimes"},
        [
            'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported '
            'values: "Always", "IfNotPresent", "Never"'
        ],
    ),
    "a request above its limit": (
        "Pod",
        {"spec.containers[0].resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}},
        [
            'spec.containers[0].resources.requests: Invalid value: "2": must be less than '
            "or equal to cpu limit of 1"
        ],
    ),
    "a negative request": (
        "Pod",
        {"spec.containers[0].resources": {"requests": {"memory": "-1Mi"}}},
        [
            'spec.containers[0].resources.requests[memory]: Invalid value: "-1Mi": must be '
            "greater than or equal to 0"
        ],
    ),
    "an unknown resource": (
        "Pod",
        {"spec.containers[0].resources": {"requests": {"gpu": "1"}}},
        [
            'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a '
            "standard resource type or fully qualified",
            'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a '
            "standard resource for containers",
        ],
    ),
    "an extended resource needs a limit": (
        "Pod",
        {"spec.containers[0].resources": {"requests": {"example.com/gpu": "1"}}},
        [
            "spec.containers[0].resources.limits: Required value: Limit must be set for "
            "non overcommitable resources"
        ],
    ),
    "a variable without a name": (
        "Pod",
        {"spec.containers[0].env": [{"value": "x"}]},
        ["spec.containers[0].env[0].name: Required value"],
    ),
    "a variable with a value and a source": (
        "Pod",
        {
            "spec.containers[0].env": [
                {
                    "name": "A",
                    "value": "x",
                    "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}},
                }
            ]
        },
        [
            'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified '
            "when `value` is not empty"
        ],
    ),
    "a variable from an unknown field": (
        "Pod",
        {
            "spec.containers[0].env": [
                {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.foo"}}}
            ]
        },
        [
            "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "
            '"spec.foo": error converting fieldPath: field label not supported: spec.foo'
        ],
    ),
    "a mount of no volume": (
        "Pod",
        {"spec.containers[0].volumeMounts": [{"name": "data", "mountPath": "/data"}]},
        ['spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ),
    "two mounts at one place": (
        "Pod",
        {
            "spec.volumes": [{"name": "a"}, {"name": "b"}],
            "spec.containers[0].volumeMounts": [
                {"name": "a", "mountPath": "/d"},
                {"name": "b", "mountPath": "/d"},
            ],
        },
        ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/d": must be unique'],
    ),
    "a volume of two kinds": (
        "Pod",
        {"spec.volumes": [{"name": "a", "emptyDir": {}, "hostPath": {"path": "/"}}]},
        ["spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"],
    ),
    "two volumes of one name": (
        "Pod",
        {"spec.volumes": [{"name": "a", "emptyDir": {}}, {"name": "a", "emptyDir": {}}]},
        ['spec.volumes[1].name: Duplicate value: "a"'],
    ),
    "a config map volume needs a name": (
        "Pod",
        {"spec.volumes": [{"name": "a", "configMap": {}}]},
        ["spec.volumes[0].configMap.name: Required value"],
    ),
    "a probe with two handlers": (
        "Pod",
        {
            "spec.containers[0].livenessProbe": {
                "tcpSocket": {"port": 80},
                "exec": {"command": ["a"]},
            }
        },
        [
            "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more "
            "than 1 handler type"
        ],
    ),
    "a probe without a handler": (
        "Pod",
        {"spec.containers[0].readinessProbe": {}},
        ["spec.containers[0].readinessProbe: Required value: must specify a handler type"],
    ),
    "a liveness probe that needs two successes": (
        "Pod",
        {"spec.containers[0].livenessProbe": {"tcpSocket": {"port": 80}, "successThreshold": 2}},
        ["spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"],
    ),
    "a probe of a port out of range": (
        "Pod",
        {"spec.containers[0].startupProbe": {"httpGet": {"port": 0}}},
        [
            "spec.containers[0].startupProbe.httpGet.port: Invalid value: 0: must be "
            "between 1 and 65535, inclusive"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)
