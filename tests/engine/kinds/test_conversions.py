"""Objects in other versions than the one they are stored in."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.autoscaling.horizontal_pod_autoscaler import KIND as AUTOSCALER
from cluster_engine.kinds.events.event import KIND as EVENT
from tests.engine.kinds.judging import CREATED, stored

METRICS = "autoscaling.alpha.kubernetes.io/metrics"
CPU = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
}
MEMORY = {
    "type": "Resource",
    "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "1Gi"}},
}
OF_PODS = {
    "type": "Pods",
    "pods": {
        "metric": {"name": "requests", "selector": {"matchLabels": {"a": "b"}}},
        "target": {"type": "AverageValue", "averageValue": "10"},
    },
}
OF_OBJECT = {
    "type": "Object",
    "object": {
        "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "web"},
        "metric": {"name": "hits"},
        "target": {"type": "Value", "value": "100"},
    },
}
EXTERNAL = {
    "type": "External",
    "external": {"metric": {"name": "queue"}, "target": {"type": "Value", "value": "30"}},
}
IN_CONTAINER = {
    "type": "ContainerResource",
    "containerResource": {
        "name": "cpu",
        "container": "web",
        "target": {"type": "Utilization", "averageUtilization": 50},
    },
}


def to_v1(obj: Object) -> Object:
    """As autoscaling/v1 shows it."""
    assert AUTOSCALER.to_version is not None
    return AUTOSCALER.to_version(obj, "v1")


def from_v1(obj: Object) -> Object:
    """As it is stored."""
    assert AUTOSCALER.from_version is not None
    return AUTOSCALER.from_version(obj, "v1")


def test_the_processor_is_a_field_of_its_own_in_v1() -> None:
    shown = to_v1(stored("HorizontalPodAutoscaler"))
    assert shown["apiVersion"] == "autoscaling/v1"
    assert shown["spec"]["targetCPUUtilizationPercentage"] == 60
    assert "metrics" not in shown["spec"]
    assert "annotations" not in shown["metadata"]


def test_other_metrics_travel_in_an_annotation() -> None:
    shown = to_v1(stored("HorizontalPodAutoscaler", {"spec.metrics": [CPU, MEMORY]}))
    assert shown["spec"]["targetCPUUtilizationPercentage"] == 60
    assert json.loads(shown["metadata"]["annotations"][METRICS]) == [
        {"type": "Resource", "resource": {"name": "memory", "targetAverageValue": "1Gi"}}
    ]


def test_an_annotation_that_cannot_be_read_is_no_metric() -> None:
    old = to_v1(stored("HorizontalPodAutoscaler"))
    old["metadata"] = {**old["metadata"], "annotations": {METRICS: "{", "mine": "x"}}
    back = from_v1(old)
    assert back["spec"]["metrics"] == [CPU]
    assert back["metadata"]["annotations"] == {"mine": "x"}


@given(
    st.lists(
        st.sampled_from([CPU, MEMORY, OF_PODS, OF_OBJECT, EXTERNAL, IN_CONTAINER]), unique_by=id
    ),
    st.booleans(),
    st.booleans(),
)
def test_there_and_back_is_the_same(
    metrics: list[Object], has_behavior: bool, has_status: bool
) -> None:
    obj = stored("HorizontalPodAutoscaler")
    spec = {**obj["spec"], "metrics": [one for one in metrics if one is not CPU]}
    # v1 has the processor last.
    spec["metrics"] += [CPU] if CPU in metrics else []
    if not spec["metrics"]:
        del spec["metrics"]
    if has_behavior:
        policy = {"type": "Percent", "value": 100, "periodSeconds": 15}
        spec["behavior"] = {"scaleDown": {"selectPolicy": "Max", "policies": [policy]}}
    status: Object = {"currentReplicas": 2, "desiredReplicas": 3}
    if has_status:
        current = {"averageUtilization": 70, "averageValue": "7m"}
        status["currentMetrics"] = [
            {"type": "Resource", "resource": {"name": "cpu", "current": current}}
        ]
        status["conditions"] = [
            {"type": "AbleToScale", "status": "True", "lastTransitionTime": CREATED}
        ]
    obj = {**obj, "spec": spec, "status": status}
    assert from_v1(to_v1(obj)) == obj


def test_an_event_has_other_names_in_its_own_group() -> None:
    assert EVENT.to_version is not None
    event = stored("Event")
    shown = EVENT.to_version(event, "v1")
    assert shown["regarding"] == event["involvedObject"]
    assert shown["note"] == event["message"]
    assert shown["deprecatedCount"] == 2
    assert shown["apiVersion"] == "events.k8s.io/v1"


def test_a_new_event_is_stored_as_a_core_event() -> None:
    event = stored("Event.events.k8s.io")
    assert event["apiVersion"] == "v1"
    assert event["message"] == "Started container web"
    assert event["reportingComponent"] == "example.com/robot"
    assert event["firstTimestamp"] is None
