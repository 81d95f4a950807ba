"""What pods are refused and warned for."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
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
    "a wrong restart policy": (
        "Pod",
        {"spec.restartPolicy": "Sometimes"},
        [
            'spec.restartPolicy: Unsupported value: "Sometimes": supported values: '
            '"Always", "OnFailure", "Never"'
        ],
    ),
    "a wrong dns policy": (
        "Pod",
        {"spec.dnsPolicy": "Mine"},
        [
            'spec.dnsPolicy: Unsupported value: "Mine": supported values: '
            '"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"'
        ],
    ),
    "dns policy None needs a server": (
        "Pod",
        {"spec.dnsPolicy": "None"},
        ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
    ),
    "a deadline of zero": (
        "Pod",
        {"spec.activeDeadlineSeconds": 0},
        [
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and "
            "2147483647, inclusive"
        ],
    ),
    "a negative grace period": ("Pod", {"spec.terminationGracePeriodSeconds": -1}, []),
    "host ports must be container ports on the host's network": (
        "Pod",
        {
            "spec.hostNetwork": True,
            "spec.containers[0].ports": [{"containerPort": 80, "hostPort": 81}],
        },
        [
            "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match "
            "`containerPort` when `hostNetwork` is true"
        ],
    ),
    "one host port twice": (
        "Pod",
        {
            "spec.containers[0].ports": [
                {"containerPort": 80, "hostPort": 81},
                {"containerPort": 82, "hostPort": 81},
            ]
        },
        ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//81"'],
    ),
    "an init container has no readiness probe": (
        "Pod",
        {
            "spec.initContainers": [
                {"name": "i", "image": "b", "readinessProbe": {"tcpSocket": {"port": 80}}}
            ]
        },
        [
            "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init "
            "containers without restartPolicy=Always"
        ],
    ),
    "a sidecar may": (
        "Pod",
        {
            "spec.initContainers": [
                {
                    "name": "i",
                    "image": "b",
                    "restartPolicy": "Always",
                    "readinessProbe": {"tcpSocket": {"port": 80}},
                }
            ]
        },
        [],
    ),
    "ephemeral containers come later": (
        "Pod",
        {"spec.ephemeralContainers": [{"name": "d", "image": "b"}]},
        ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
    ),
    "a privileged container that may not escalate": (
        "Pod",
        {
            "spec.containers[0].securityContext": {
                "privileged": True,
                "allowPrivilegeEscalation": False,
            }
        },
        [
            "spec.containers[0].securityContext: Invalid value: "
            '{"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":'
            'null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFiles'
            'ystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile"'
            ':null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false '
            "and `privileged` to true"
        ],
    ),
    "a user id below zero": (
        "Pod",
        {"spec.securityContext": {"runAsUser": -1}},
        [
            "spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and "
            "2147483647, inclusive"
        ],
    ),
    "a toleration with a value for Exists": (
        "Pod",
        {"spec.tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
        [
            'spec.tolerations[0].operator: Invalid value: "b": value must be empty when '
            "`operator` is 'Exists'"
        ],
    ),
    "a toleration of nothing in particular needs Exists": (
        "Pod",
        {"spec.tolerations": [{"operator": "Equal"}]},
        [
            'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists '
            'when `key` is empty, which means "match all values and all keys"'
        ],
    ),
    "seconds of a toleration go with NoExecute": (
        "Pod",
        {"spec.tolerations": [{"key": "a", "effect": "NoSchedule", "tolerationSeconds": 1}]},
        [
            'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be '
            "'NoExecute' when `tolerationSeconds` is set"
        ],
    ),
    "a weight of affinity above 100": (
        "Pod",
        {
            "spec.affinity": {
                "nodeAffinity": {
                    "preferredDuringSchedulingIgnoredDuringExecution": [
                        {
                            "weight": 101,
                            "preference": {
                                "matchExpressions": [{"key": "a", "operator": "Exists"}]
                            },
                        }
                    ]
                }
            }
        },
        [
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]."
            "weight: Invalid value: 101: must be in the range 1-100"
        ],
    ),
    "affinity to pods needs a topology key": (
        "Pod",
        {
            "spec.affinity": {
                "podAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        {"labelSelector": {"matchLabels": {"a": "b"}}}
                    ]
                }
            }
        },
        [
            "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].to"
            "pologyKey: Required value: can not be empty",
            "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].to"
            'pologyKey: Invalid value: "": name part must be non-empty',
            "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].to"
            'pologyKey: Invalid value: "": name part must consist of alphanumeric '
            "characters, '-', '_' or '.', and must start and end with an alphanumeric "
            "character…",
        ],
    ),
    "a skew of zero": (
        "Pod",
        {
            "spec.topologySpreadConstraints": [
                {"maxSkew": 0, "topologyKey": "zone", "whenUnsatisfiable": "Never"}
            ]
        },
        [
            "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater "
            "than zero",
            "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "
            '"Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
        ],
    ),
    "a priority that clients set": (
        "Pod",
        {"spec.priorityClassName": "a b"},
        [
            'spec.priorityClassName: Invalid value: "a b": a lowercase RFC 1123 subdomain '
            "must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character…"
        ],
    ),
    "a host name with a dot": (
        "Pod",
        {"spec.hostname": "a.b"},
        ['spec.hostname: Invalid value: "a.b": must not contain dots'],
    ),
    "an alias with a wrong address": (
        "Pod",
        {"spec.hostAliases": [{"ip": "1.2.3"}]},
        ['spec.hostAliases[0].ip: Invalid value: "1.2.3": must be a valid IP address,…'],
    ),
    "a secret for pulling needs a name": ("Pod", {"spec.imagePullSecrets": [{}]}, []),
    "windows options on linux": (
        "Pod",
        {
            "spec.os": {"name": "linux"},
            "spec.securityContext": {"windowsOptions": {"runAsUserName": "a"}},
        },
        [
            "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set "
            "for a linux pod"
        ],
    ),
    "a gate twice": (
        "Pod",
        {"spec.schedulingGates": [{"name": "a.b/c"}, {"name": "a.b/c"}]},
        ['spec.schedulingGates[1]: Duplicate value: "a.b/c"'],
    ),
    "a gated pod has no node": (
        "Pod",
        {"spec.schedulingGates": [{"name": "a.b/c"}], "spec.nodeName": "n"},
        ["spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"],
    ),
    "a lifecycle hook without a handler": (
        "Pod",
        {"spec.containers[0].lifecycle": {"preStop": {}}},
        ["spec.containers[0].lifecycle.preStop: Required value: must specify a handler type"],
    ),
    "a hook that sleeps too long": (
        "Pod",
        {"spec.containers[0].lifecycle": {"preStop": {"sleep": {"seconds": 31}}}},
        [
            "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be "
            "non-negative and less than terminationGracePeriodSeconds (30)"
        ],
    ),
    "a service account with a wrong name": (
        "Pod",
        {"spec.serviceAccountName": "A"},
        [
            'spec.serviceAccountName: Invalid value: "A": a lowercase RFC 1123 subdomain '
            "must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character…"
        ],
    ),
    "a projected token too short": (
        "Pod",
        {
            "spec.volumes": [
                {
                    "name": "a",
                    "projected": {
                        "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 1}}]
                    },
                }
            ]
        },
        [
            "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: "
            "Invalid value: 1: may not specify a duration less than 10 minutes",
            "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not "
            "be specified when serviceAccountName is not set",
        ],
    ),
    "a projected path that leaves": (
        "Pod",
        {
            "spec.volumes": [
                {"name": "a", "configMap": {"name": "c", "items": [{"key": "k", "path": "../x"}]}}
            ]
        },
        ["spec.volumes[0].configMap.items[0].path: Invalid value: \"../x\": must not contain '..'"],
    ),
    "an annotation of apparmor for no container": (
        "Pod",
        {
            "metadata.annotations": {
                "container.apparmor.security.beta.kubernetes.io/x": "runtime/default"
            }
        },
        [
            "metadata.annotations[container.apparmor.security.beta.kubernetes.io/x]: "
            'Invalid value: "x": container not found'
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)


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
