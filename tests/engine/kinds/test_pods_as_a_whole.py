"""What pods are refused for: what is theirs as a whole, and how they are placed."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    Case,
    Changes,
    assert_texts,
    problems,
)

REFUSED: dict[str, Case] = {
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
