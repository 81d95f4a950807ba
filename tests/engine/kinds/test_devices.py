"""What claims, classes and slices of devices are refused for."""

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
    "a class of devices chosen by nothing": (
        "DeviceClass",
        {"spec.selectors": [{}]},
        ["spec.selectors[0].cel: Required value"],
    ),
    "a taint of a device without an effect": (
        "DeviceTaintRule",
        {"spec.taint.effect": GONE},
        ["spec.taint.effect: Required value"],
    ),
    "a request for no class": (
        "ResourceClaim",
        {"spec.devices.requests[0].exactly.deviceClassName": ""},
        ["spec.devices.requests[0].exactly.deviceClassName: Required value"],
    ),
    "a request that is nothing": (
        "ResourceClaim",
        {"spec.devices.requests": [{"name": "a"}]},
        [
            "spec.devices.requests[0]: Required value: exactly one of `exactly` or "
            "`firstAvailable` is required"
        ],
    ),
    "all devices have no count": (
        "ResourceClaim",
        {
            "spec.devices.requests[0].exactly": {
                "deviceClassName": "a",
                "allocationMode": "All",
                "count": 2,
            }
        },
        [
            "spec.devices.requests[0].exactly.count: Invalid value: 2: must not be "
            "specified when allocationMode is 'All'"
        ],
    ),
    "a constraint about a request that is not there": (
        "ResourceClaim",
        {"spec.devices.constraints": [{"requests": ["x"], "matchAttribute": "example.com/numa"}]},
        [
            'spec.devices.constraints[0].requests[0]: Invalid value: "x": must be the name '
            "of a request in the claim or the name of a request and a subrequest separated "
            "by '/'"
        ],
    ),
    "a constraint about an attribute without a domain": (
        "ResourceClaim",
        {"spec.devices.constraints": [{"matchAttribute": "numa"}]},
        [
            'spec.devices.constraints[0].matchAttribute: Invalid value: "numa": a fully '
            "qualified name must be a domain and a name separated by a slash"
        ],
    ),
    "metadata of a template": (
        "ResourceClaimTemplate",
        {"spec.metadata": {"name": "x"}},
        ["spec.metadata.name: Forbidden: cannot be set"],
    ),
    "a slice in two places": (
        "ResourceSlice",
        {"spec.allNodes": True},
        [
            'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, '
            "`nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but "
            "multiple fields are set"
        ],
    ),
    "a slice in no place": (
        "ResourceSlice",
        {"spec.nodeName": GONE},
        [
            "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, "
            "`perDeviceNodeSelection` is required"
        ],
    ),
    "a device twice": (
        "ResourceSlice",
        {"spec.devices": [{"name": "a"}, {"name": "a"}]},
        ['spec.devices[1]: Duplicate value: "a"'],
    ),
    "an attribute of two types": (
        "ResourceSlice",
        {"spec.devices": [{"name": "a", "attributes": {"model": {"string": "x", "int": 1}}}]},
        [
            'spec.devices[0].attributes[model]: Invalid value: "{int, string}": must '
            "specify exactly one of: `int`, `bool`, `string`, `version`, `ints`, `bools`, "
            "`strings`, `versions`"
        ],
    ),
    "an attribute of no type": (
        "ResourceSlice",
        {"spec.devices": [{"name": "a", "attributes": {"model": {}}}]},
        [
            'spec.devices[0].attributes[model]: Invalid value: "": must specify one of: '
            "`int`, `bool`, `string`, `version`, `ints`, `bools`, `strings`, `versions`"
        ],
    ),
    "a version that is none": (
        "ResourceSlice",
        {"spec.devices": [{"name": "a", "attributes": {"v": {"version": "1.2"}}}]},
        [
            'spec.devices[0].attributes[v].version: Invalid value: "1.2": must be a string '
            "compatible with semver.org spec 2.0.0"
        ],
    ),
    "a policy of capacity that is not shared": (
        "ResourceSlice",
        {
            "spec.devices": [
                {
                    "name": "a",
                    "capacity": {"memory": {"value": "1Gi", "requestPolicy": {"default": "1Gi"}}},
                }
            ]
        },
        [
            "spec.devices[0].capacity[memory].requestPolicy: Forbidden: "
            "allowMultipleAllocations must be true"
        ],
    ),
    "amounts out of order": (
        "ResourceSlice",
        {
            "spec.devices": [
                {
                    "name": "a",
                    "allowMultipleAllocations": True,
                    "capacity": {
                        "memory": {
                            "value": "4Gi",
                            "requestPolicy": {"default": "1Gi", "validValues": ["2Gi", "1Gi"]},
                        }
                    },
                }
            ]
        },
        [
            "spec.devices[0].capacity[memory].requestPolicy.validValues[1]: Invalid value: "
            '"1Gi": values must be sorted in ascending order'
        ],
    ),
    "a range whose step does not fit": (
        "ResourceSlice",
        {
            "spec.devices": [
                {
                    "name": "a",
                    "allowMultipleAllocations": True,
                    "capacity": {
                        "memory": {
                            "value": "10",
                            "requestPolicy": {
                                "default": "4",
                                "validRange": {"min": "1", "max": "9", "step": "2"},
                            },
                        }
                    },
                }
            ]
        },
        [
            "spec.devices[0].capacity[memory].requestPolicy.validRange.step: Invalid "
            'value: "4": value is not a multiple of a given step (2) from (1)'
        ],
    ),
    "conditions of binding without those of failing": (
        "ResourceSlice",
        {"spec.devices": [{"name": "a", "bindingConditions": ["ready"]}]},
        [
            "spec.devices[0].bindingFailureConditions: Invalid value: null: "
            "bindingFailureConditions are required to use bindingConditions"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)


CHANGES: dict[str, ChangeCase] = {
    "a claim of devices stays": (
        "ResourceClaim",
        {},
        {"spec.devices.requests[0].name": "other"},
        ["spec: Invalid value: null: field is immutable"],
    ),
    "a template of claims stays": (
        "ResourceClaimTemplate",
        {},
        {"spec.spec.devices.requests[0].name": "a"},
        [
            "spec: Invalid value: "
            '{"Spec":{"Devices":{"Requests":[{"Name":"a","Exactly":{"DeviceClassName":"gpu.'
            'example.com","Selectors":null,"AllocationMode":"ExactCount","Count":1,"AdminAc'
            'cess":null,"Tolerations":null,"Capacity":null,"DerivedAttributes":null},"First'
            'Available":null}],"Constraints":null,"Config":null}}}: field is immutable'
        ],
    ),
    "a slice stays on its node": (
        "ResourceSlice",
        {},
        {"spec.nodeName": "node-2"},
        ['spec.nodeName: Invalid value: "node-2": field is immutable'],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)


STATUSES: dict[str, ChangeCase] = {
    "devices before they are allocated": (
        "ResourceClaim",
        {},
        {"status": {"reservedFor": [{"resource": "pods", "name": "a", "uid": "1"}]}},
        ["status.reservedFor: Forbidden: may not be specified when `allocated` is not set"],
    ),
    "an allocation stays": (
        "ResourceClaim",
        {
            "status": {
                "allocation": {
                    "devices": {
                        "results": [{"request": "gpu", "driver": "a.b", "pool": "p", "device": "d"}]
                    }
                }
            }
        },
        {
            "status": {
                "allocation": {
                    "devices": {
                        "results": [{"request": "gpu", "driver": "a.b", "pool": "p", "device": "e"}]
                    }
                }
            }
        },
        ["status.allocation: Invalid value: null: field cannot be modified once set"],
    ),
    "an allocation for a request that is not there": (
        "ResourceClaim",
        {},
        {
            "status": {
                "allocation": {
                    "devices": {
                        "results": [{"request": "x", "driver": "a.b", "pool": "p", "device": "d"}]
                    }
                }
            }
        },
        [
            'status.allocation.devices.results[0].request: Invalid value: "x": must be the '
            "name of a request in the claim or the name of a request and a subrequest "
            "separated by '/'"
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
    "a driver's name with capitals": (
        "ResourceSlice",
        {"spec.driver": "Gpu.example.com"},
        [
            'spec.driver: driver names should be lowercase; "Gpu.example.com" contains '
            "uppercase characters"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_new_object_is_warned_about(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(warnings(name, changes), expected)
