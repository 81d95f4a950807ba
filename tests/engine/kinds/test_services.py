"""What services and their endpoints are refused for."""

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
    "a service without ports": ("Service", {"spec.ports": []}, ["spec.ports: Required value"]),
    "a headless service needs none": (
        "Service",
        {"spec.ports": [], "spec.clusterIP": "None", "spec.clusterIPs": ["None"]},
        [],
    ),
    "a port out of range": (
        "Service",
        {"spec.ports[0].port": 0},
        [
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
        ],
    ),
    "two ports need names": (
        "Service",
        {"spec.ports": [{"port": 80}, {"port": 81}]},
        ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
    ),
    "two ports of one name": (
        "Service",
        {"spec.ports": [{"name": "a", "port": 80}, {"name": "a", "port": 81}]},
        ['spec.ports[1].name: Duplicate value: "a"'],
    ),
    "one port twice": (
        "Service",
        {"spec.ports": [{"name": "a", "port": 80}, {"name": "b", "port": 80}]},
        [
            "spec.ports[1]: Duplicate value: "
            '{"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodeP'
            'ort":0}'
        ],
    ),
    "a protocol in small letters": (
        "Service",
        {"spec.ports[0].protocol": "tcp"},
        [
            'spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", '
            '"TCP", "UDP"'
        ],
    ),
    "a target out of range": (
        "Service",
        {"spec.ports[0].targetPort": 70000},
        ["spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive"],
    ),
    "a target without a letter": (
        "Service",
        {"spec.ports[0].targetPort": "-"},
        [
            'spec.ports[0].targetPort: Invalid value: "-": must contain at least one letter (a-z)',
            'spec.ports[0].targetPort: Invalid value: "-": must not begin or end with a hyphen',
        ],
    ),
    "a type nobody knows": (
        "Service",
        {"spec.type": "Internal"},
        [
            'spec.type: Unsupported value: "Internal": supported values: "ClusterIP", '
            '"ExternalName", "LoadBalancer", "NodePort"'
        ],
    ),
    "a node port on an inner service": (
        "Service",
        {"spec.ports[0].nodePort": 30080},
        ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ),
    "one node port twice": (
        "Service",
        {
            "spec.type": "NodePort",
            "spec.ports": [
                {"name": "a", "port": 80, "nodePort": 30080},
                {"name": "b", "port": 81, "nodePort": 30080},
            ],
        },
        ["spec.ports[1].nodePort: Duplicate value: 30080"],
    ),
    "an outer name is needed": (
        "Service",
        {
            "spec.type": "ExternalName",
            "spec.clusterIP": GONE,
            "spec.clusterIPs": GONE,
            "spec.ipFamilies": GONE,
            "spec.ipFamilyPolicy": GONE,
        },
        ["spec.externalName: Required value"],
    ),
    "an outer name with an address": (
        "Service",
        {"spec.type": "ExternalName", "spec.externalName": "a.example.com"},
        [
            "spec.clusterIPs: Forbidden: may not be set for ExternalName services",
            "spec.ipFamilies: Forbidden: may not be set for ExternalName services",
            "spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services",
        ],
    ),
    "a wrong address": (
        "Service",
        {"spec.clusterIP": "1.2.3", "spec.clusterIPs": ["1.2.3"]},
        ['spec.clusterIPs[0]: Invalid value: "1.2.3": must be a valid IP address,…'],
    ),
    "two addresses of one family": (
        "Service",
        {
            "spec.clusterIPs": ["10.96.0.10", "10.96.0.11"],
            "spec.ipFamilyPolicy": "RequireDualStack",
        },
        [
            'spec.clusterIPs: Invalid value: ["10.96.0.10","10.96.0.11"]: may specify no '
            "more than one IP for each IP family"
        ],
    ),
    "an affinity nobody knows": (
        "Service",
        {"spec.sessionAffinity": "Cookie"},
        ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
    ),
    "an affinity that lasts too long": (
        "Service",
        {
            "spec.sessionAffinity": "ClientIP",
            "spec.sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 90000}},
        },
        [
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: "
            "must be greater than 0 and less than 86400"
        ],
    ),
    "a local policy on an inner service": (
        "Service",
        {"spec.externalTrafficPolicy": "Local"},
        [
            'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for '
            "externally-accessible services"
        ],
    ),
    "an outer address of this machine": (
        "Service",
        {"spec.externalIPs": ["127.0.0.1"]},
        [
            'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback '
            "range (127.0.0.0/8, ::1/128)"
        ],
    ),
    "source ranges without a balancer": (
        "Service",
        {"spec.loadBalancerSourceRanges": ["10.0.0.0/8"]},
        [
            "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is "
            "'LoadBalancer'"
        ],
    ),
    "a class without a balancer": (
        "Service",
        {"spec.loadBalancerClass": "example.com/lb"},
        ["spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    ),
    "a selector with a wrong value": (
        "Service",
        {"spec.selector": {"app": "a b"}},
        [
            'spec.selector: Invalid value: "a b": a valid label must be an empty string or '
            "consist of alphanumeric characters, '-', '_' or '.', and must start and end "
            "with an alphanumeric character…"
        ],
    ),
    "an endpoint with a wrong address": (
        "Endpoints",
        {"subsets[0].addresses[0].ip": "x"},
        [
            'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address,…',
            'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address',
        ],
    ),
    "an endpoint of this machine": (
        "Endpoints",
        {"subsets[0].addresses[0].ip": "127.0.0.1"},
        [
            'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the '
            "loopback range (127.0.0.0/8, ::1/128)"
        ],
    ),
    "an endpoint's port": (
        "Endpoints",
        {"subsets[0].ports[0].port": 0},
        ["subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    ),
    "two ports of an endpoint need names": (
        "Endpoints",
        {"subsets[0].ports": [{"port": 80}, {"port": 81}]},
        ["subsets[0].ports[0].name: Required value", "subsets[0].ports[1].name: Required value"],
    ),
    "a subset with nobody": (
        "Endpoints",
        {"subsets[0].addresses": []},
        ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"],
    ),
    "a slice of no type": ("EndpointSlice", {"addressType": ""}, ["addressType: Required value"]),
    "a slice with an address of another type": (
        "EndpointSlice",
        {"endpoints[0].addresses": ["fd00::1"]},
        ['endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address'],
    ),
    "an endpoint of a slice without an address": (
        "EndpointSlice",
        {"endpoints[0].addresses": []},
        ["endpoints[0].addresses: Required value"],
    ),
    "two ports of a slice with one name": (
        "EndpointSlice",
        {"ports": [{"port": 80}, {"port": 81}]},
        ['ports[1].name: Duplicate value: ""'],
    ),
    "a port's name": (
        "EndpointSlice",
        {"ports[0].name": "HTTP!"},
        [
            'ports[0].name: Invalid value: "HTTP!": a lowercase RFC 1123 label must '
            "consist of lower case alphanumeric characters or '-', and must start and end "
            "with an alphanumeric character…"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)


CHANGES: dict[str, ChangeCase] = {
    "a port may change": ("Service", {}, {"spec.ports[0].port": 81}, []),
    "the address stays": (
        "Service",
        {},
        {"spec.clusterIP": "10.96.0.11", "spec.clusterIPs": ["10.96.0.11"]},
        ['spec.clusterIPs[0]: Invalid value: ["10.96.0.11"]: may not change once set'],
    ),
    "the type may change": ("Service", {}, {"spec.type": "NodePort"}, []),
    "a slice keeps its type": (
        "EndpointSlice",
        {},
        {"addressType": "IPv6", "endpoints[0].addresses": ["fd00::1"]},
        ["addressType: Invalid value: null: field is immutable"],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)


STATUSES: dict[str, ChangeCase] = {
    "an address for an inner service": (
        "Service",
        {},
        {"status": {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}},
        [
            "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is "
            "'LoadBalancer'"
        ],
    ),
    "a wrong address of a balancer": (
        "Service",
        {"spec.type": "LoadBalancer"},
        {"status": {"loadBalancer": {"ingress": [{"ip": "x"}]}}},
        ['status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address,…'],
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
    "an external address with zeros": (
        "Service",
        {"spec.externalIPs": ["010.1.2.3"]},
        [
            'spec.externalIPs[0]: non-standard IP address "010.1.2.3" is invalid: use "10.1.2.3"',
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_new_object_is_warned_about(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(warnings(name, changes), expected)
