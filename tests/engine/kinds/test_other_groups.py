"""What the kinds of the smaller groups are refused for."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    GONE,
    Case,
    Changes,
    assert_texts,
    problems,
)

REFUSED: dict[str, Case] = {
    "an ingress without rules and backend": (
        "Ingress",
        {"spec": {}},
        ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
    ),
    "an ingress for an address": (
        "Ingress",
        {"spec.rules[0].host": "10.0.0.1"},
        ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
    ),
    "an ingress for a wide wildcard": (
        "Ingress",
        {"spec.rules[0].host": "*.*.example.com"},
        [
            'spec.rules[0].host: Invalid value: "*.*.example.com": a wildcard DNS-1123 '
            "subdomain must start with '*.', followed by a valid DNS subdomain, which must "
            "consist of lower case alphanumeric characters, '-' or '.' and end with an "
            "alphanumeric character…"
        ],
    ),
    "a path that is relative": (
        "Ingress",
        {"spec.rules[0].http.paths[0].path": "a"},
        ['spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path'],
    ),
    "a path of no type": (
        "Ingress",
        {"spec.rules[0].http.paths[0].pathType": GONE},
        ["spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"],
    ),
    "a path of a type nobody knows": (
        "Ingress",
        {"spec.rules[0].http.paths[0].pathType": "Regex"},
        [
            'spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex": supported '
            'values: "Exact", "ImplementationSpecific", "Prefix"'
        ],
    ),
    "a path with two slashes": (
        "Ingress",
        {"spec.rules[0].http.paths[0].path": "/a//b"},
        ["spec.rules[0].http.paths[0].path: Invalid value: \"/a//b\": must not contain '//'"],
    ),
    "a backend without a port": (
        "Ingress",
        {"spec.rules[0].http.paths[0].backend": {"service": {"name": "web"}}},
        ["spec.rules[0].http.paths[0].backend: Required value: port name or number is required"],
    ),
    "a backend with a named and a numbered port": (
        "Ingress",
        {
            "spec.rules[0].http.paths[0].backend": {
                "service": {"name": "web", "port": {"name": "http", "number": 80}}
            }
        },
        [
            'spec.rules[0].http.paths[0].backend: Invalid value: "": cannot set both port '
            "name & port number"
        ],
    ),
    "a class in a field and another in an annotation": (
        "Ingress",
        {"metadata.annotations": {"kubernetes.io/ingress.class": "other"}},
        [
            'annotations.kubernetes.io/ingress.class: Invalid value: "other": must match '
            "`ingressClassName` when both are specified"
        ],
    ),
    "a class without a controller": (
        "IngressClass",
        {"spec": {}},
        [
            'spec.controller: Invalid value: "": must be a domain-prefixed path (such as '
            '"acme.io/foo")'
        ],
    ),
    "a controller without a domain": (
        "IngressClass",
        {"spec.controller": "nginx"},
        [
            'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such '
            'as "acme.io/foo")'
        ],
    ),
    "an address of nothing": (
        "IPAddress",
        {"spec.parentRef": GONE},
        ["spec.parentRef: Required value"],
    ),
    "a policy of a type nobody knows": (
        "NetworkPolicy",
        {"spec.policyTypes": ["Both"]},
        ['spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
    ),
    "a peer that is two things": (
        "NetworkPolicy",
        {"spec.ingress": [{"from": [{"podSelector": {}, "ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
        ["spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer"],
    ),
    "a peer that is nothing": (
        "NetworkPolicy",
        {"spec.ingress": [{"from": [{}]}]},
        ["spec.ingress[0].from[0]: Required value: must specify a peer"],
    ),
    "an exception outside of its block": (
        "NetworkPolicy",
        {
            "spec.ingress": [
                {"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}]}
            ]
        },
        [
            'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must '
            "be a strict subset of `cidr`"
        ],
    ),
    "a last port without a first": (
        "NetworkPolicy",
        {"spec.ingress": [{"ports": [{"endPort": 90}]}]},
        [
            "spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified "
            "when `port` is not specified"
        ],
    ),
    "a last port below the first": (
        "NetworkPolicy",
        {"spec.ingress": [{"ports": [{"port": 100, "endPort": 90}]}]},
        [
            "spec.ingress[0].ports[0].endPort: Invalid value: 90: must be greater than or "
            "equal to `port`"
        ],
    ),
    "blocks of one family twice": (
        "ServiceCIDR",
        {"spec.cidrs": ["10.0.0.0/16", "10.1.0.0/16"]},
        [
            'spec.cidrs: Invalid value: ["10.0.0.0/16","10.1.0.0/16"]: may specify no more '
            "than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"
        ],
    ),
    "no blocks": (
        "ServiceCIDR",
        {"spec.cidrs": []},
        ["spec.cidrs: Required value: at least one CIDR required"],
    ),
    "a budget of both kinds": (
        "PodDisruptionBudget",
        {"spec.maxUnavailable": 1},
        [
            "spec: Invalid value: "
            '{"MinAvailable":1,"Selector":{"matchLabels":{"app":"web"}},"MaxUnavailable":1,'
            '"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be '
            "both set"
        ],
    ),
    "a budget of more than all": (
        "PodDisruptionBudget",
        {"spec.minAvailable": "101%"},
        ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%'],
    ),
    "a budget below zero": (
        "PodDisruptionBudget",
        {"spec.minAvailable": -1},
        ["spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a policy for sick pods nobody knows": (
        "PodDisruptionBudget",
        {"spec.unhealthyPodEvictionPolicy": "Never"},
        [
            'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported '
            'values: "AlwaysAllow", "IfHealthyBudget"'
        ],
    ),
    "an autoscaler with max below min": (
        "HorizontalPodAutoscaler",
        {"spec.minReplicas": 6},
        ["spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`"],
    ),
    "an autoscaler of zero": (
        "HorizontalPodAutoscaler",
        {"spec.maxReplicas": 0},
        [
            "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
            "spec.maxReplicas: Required value",
        ],
    ),
    "an autoscaler of nothing": (
        "HorizontalPodAutoscaler",
        {"spec.scaleTargetRef": {"kind": "", "name": ""}},
        [
            "spec.scaleTargetRef.kind: Required value",
            "spec.scaleTargetRef.name: Required value",
            'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
        ],
    ),
    "a metric of a type nobody knows": (
        "HorizontalPodAutoscaler",
        {"spec.metrics": [{"type": "Luck"}]},
        [
            'spec.metrics[0].type: Unsupported value: "Luck": supported values: '
            '"ContainerResource", "External", "Object", "Pods", "Resource"'
        ],
    ),
    "a metric without its source": (
        "HorizontalPodAutoscaler",
        {"spec.metrics": [{"type": "Resource"}]},
        [
            "spec.metrics[0].resource: Required value: must populate information for the "
            "given metric source"
        ],
    ),
    "a metric without a target": (
        "HorizontalPodAutoscaler",
        {
            "spec.metrics": [
                {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}
            ]
        },
        [
            "spec.metrics[0].resource.target.averageUtilization: Required value: must set "
            "either a target raw value or a target utilization"
        ],
    ),
    "a window that is too long": (
        "HorizontalPodAutoscaler",
        {"spec.behavior": {"scaleDown": {"stabilizationWindowSeconds": 4000}}},
        [
            "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must "
            "be less than or equal to 3600"
        ],
    ),
    "a policy of scaling without a period": (
        "HorizontalPodAutoscaler",
        {
            "spec.behavior": {
                "scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 0}]}
            }
        },
        [
            "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 0: must be "
            "greater than zero"
        ],
    ),
    "a rule without verbs": (
        "Role",
        {"rules": [{"apiGroups": [""], "resources": ["pods"]}]},
        ["rules[0].verbs: Required value"],
    ),
    "a rule without resources": (
        "Role",
        {"rules": [{"apiGroups": [""], "verbs": ["get"]}]},
        ["rules[0].resources: Required value: resource rules must supply at least one resource"],
    ),
    "a role is about resources only": (
        "Role",
        {"rules": [{"nonResourceURLs": ["/"], "verbs": ["get"]}]},
        [
            'rules[0].nonResourceURLs: Invalid value: ["/"]: namespaced rules cannot apply '
            "to non-resource URLs"
        ],
    ),
    "a rule about both": (
        "ClusterRole",
        {
            "rules": [
                {
                    "nonResourceURLs": ["/"],
                    "resources": ["pods"],
                    "apiGroups": [""],
                    "verbs": ["get"],
                }
            ]
        },
        [
            'rules[0].nonResourceURLs: Invalid value: ["/"]: rules cannot apply to both '
            "regular resources and non-resource URLs"
        ],
    ),
    "a binding to a pod": (
        "RoleBinding",
        {"roleRef.kind": "Pod"},
        ['roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"'],
    ),
    "a binding to no name": (
        "ClusterRoleBinding",
        {"roleRef.name": ""},
        ["roleRef.name: Required value"],
    ),
    "a binding of a pod": (
        "RoleBinding",
        {"subjects": [{"kind": "Pod", "name": "a"}]},
        [
            'subjects[0].kind: Unsupported value: "Pod": supported values: '
            '"ServiceAccount", "User", "Group"'
        ],
    ),
    "a binding of an account without a namespace": (
        "ClusterRoleBinding",
        {"subjects": [{"kind": "ServiceAccount", "name": "a"}]},
        ["subjects[0].namespace: Required value"],
    ),
    "a class without a provisioner": (
        "StorageClass",
        {"provisioner": ""},
        ["provisioner: Required value"],
    ),
    "a class that reclaims in its own way": (
        "StorageClass",
        {"reclaimPolicy": "Recycle"},
        ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ),
    "a class that binds in its own way": (
        "StorageClass",
        {"volumeBindingMode": "Later"},
        [
            'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", '
            '"WaitForFirstConsumer"'
        ],
    ),
    "an attachment of nothing": (
        "VolumeAttachment",
        {"spec.source": {}},
        [
            "spec.source: Required value: must specify exactly one of inlineVolumeSpec and "
            "persistentVolumeName"
        ],
    ),
    "a driver twice": (
        "CSINode",
        {"spec.drivers": [{"name": "a.b", "nodeID": "1"}, {"name": "a.b", "nodeID": "2"}]},
        ['spec.drivers[1].name: Duplicate value: "a.b"'],
    ),
    "a driver without its node": (
        "CSINode",
        {"spec.drivers[0].nodeID": ""},
        ["spec.drivers[0].nodeID: Required value"],
    ),
    "a mode of a driver nobody knows": (
        "CSIDriver",
        {"spec.volumeLifecycleModes": ["Never"]},
        [
            'spec.volumeLifecycleModes: Unsupported value: "Never": supported values: '
            '"Persistent", "Ephemeral"'
        ],
    ),
    "a capacity below zero": (
        "CSIStorageCapacity",
        {"capacity": "-1"},
        ['capacity: Invalid value: "-1": must be greater than or equal to 0'],
    ),
    "no parameters": (
        "VolumeAttributesClass",
        {"parameters": {}},
        ["parameters: Required value: must contain at least one key/value pair"],
    ),
    "a priority like those of the system": (
        "PriorityClass",
        {"value": 2000000000},
        ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    ),
    "a name like those of the system": (
        "PriorityClass",
        {"metadata.name": "system-mine"},
        [
            "metadata.name: Forbidden: priority class names with 'system-' prefix are "
            "reserved for system use only. error: system-mine is not a known system "
            "priority class"
        ],
    ),
    "a policy of preemption nobody knows": (
        "PriorityClass",
        {"preemptionPolicy": "Always"},
        [
            'preemptionPolicy: Unsupported value: "Always": supported values: '
            '"PreemptLowerPriority", "Never"'
        ],
    ),
    "a lease that lasts no time": (
        "Lease",
        {"spec.leaseDurationSeconds": 0},
        ["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"],
    ),
    "a lease with changes below zero": (
        "Lease",
        {"spec.leaseTransitions": -1},
        ["spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a handler with capitals": (
        "RuntimeClass",
        {"handler": "RunSC"},
        [
            'handler: Invalid value: "RunSC": a lowercase RFC 1123 label must consist of '
            "lower case alphanumeric characters or '-', and must start and end with an "
            "alphanumeric character…"
        ],
    ),
    "an overhead of something unknown": (
        "RuntimeClass",
        {"overhead": {"podFixed": {"things": "1"}}},
        [
            'overhead.limits[things]: Invalid value: "things": must be a standard resource '
            "type or fully qualified",
            'overhead.limits[things]: Invalid value: "things": must be a standard resource '
            "for containers",
        ],
    ),
    "an api service of another name": (
        "APIService",
        {"metadata.name": "v1.other"},
        [
            'metadata.name: Invalid value: "v1.other": must be '
            '`spec.version+"."+spec.group`: "v1beta1.metrics.k8s.io"'
        ],
    ),
    "an api service that trusts a bundle and anybody": (
        "APIService",
        {"spec.caBundle": "eA=="},
        ["spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present"],
    ),
    "an api service with a wrong priority": (
        "APIService",
        {"spec.groupPriorityMinimum": 0},
        ["spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000"],
    ),
    "a flow without its level": (
        "FlowSchema",
        {"spec.priorityLevelConfiguration": {"name": ""}},
        ["spec.priorityLevelConfiguration.name: Required value: must reference a priority level"],
    ),
    "a flow for nobody": (
        "FlowSchema",
        {
            "spec.rules": [
                {"subjects": [], "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]}
            ]
        },
        ["spec.rules[0].subjects: Required value: subjects must contain at least one value"],
    ),
    "a precedence that is too high": (
        "FlowSchema",
        {"spec.matchingPrecedence": 10001},
        ["spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000"],
    ),
    "a level of a type nobody knows": (
        "PriorityLevelConfiguration",
        {"spec.type": "Free"},
        ['spec.type: Unsupported value: "Free": supported values: "Exempt", "Limited"'],
    ),
    "a level whose hand is larger than its deck": (
        "PriorityLevelConfiguration",
        {
            "spec.limited": {
                "limitResponse": {"type": "Queue", "queuing": {"queues": 2, "handSize": 8}}
            }
        },
        [
            "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be "
            "greater than queues (2)"
        ],
    ),
    "a migration of nothing": (
        "StorageVersionMigration",
        {"spec.resource": {"resource": ""}},
        ["spec.resource.resource: Required value: resource is required to be set"],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)
