"""What is put in order before an object is stored."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core.pod.pod import grace_seconds
from cluster_engine.kinds.core.pod.qos import qos_class
from tests.engine.kinds.judging import (
    CREATED,
    Changes,
    changed,
    created,
    kind_of,
    manifest,
    put,
    stored,
    valid_objects,
)


def through(subresource: str, old: Object, changes: Changes) -> Object:
    """An object after a write through one of its subresources."""
    new = copy.deepcopy(old)
    for path, value in changes.items():
        put(new, path, value)
    kind = kind_of(old)
    part = next(one for one in kind.subresources if one.name == subresource)
    prepare = part.prepare or kind.prepare_status
    assert prepare is not None
    prepare(new, old)
    return new


def test_a_new_pod_is_pending_whatever_its_status_says() -> None:
    pod = created("Pod", {"status": {"phase": "Running", "podIP": "1.2.3.4"}})
    assert pod["status"] == {"phase": "Pending", "qosClass": "BestEffort"}


def test_a_new_pod_behind_a_gate_says_so() -> None:
    pod = created("Pod", {"spec.schedulingGates": [{"name": "a.b/c"}]})
    (condition,) = pod["status"]["conditions"]
    assert (condition["type"], condition["reason"]) == ("PodScheduled", "SchedulingGated")
    assert condition["lastTransitionTime"] == CREATED


def test_a_change_of_a_pod_keeps_its_status() -> None:
    pod = created("Pod")
    assert changed(pod, {"status.phase": "Failed"})["status"] == pod["status"]


def test_labels_that_affinity_matches_become_part_of_its_selector() -> None:
    term = {
        "labelSelector": {"matchLabels": {"a": "b"}},
        "matchLabelKeys": ["app"],
        "topologyKey": "zone",
    }
    path = "spec.affinity"
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    pod = created("Pod", {path: {"podAffinity": {required: [term]}}})
    selector = pod["spec"]["affinity"]["podAffinity"][required][0]["labelSelector"]
    assert selector["matchExpressions"] == [{"key": "app", "operator": "In", "values": ["web"]}]


QOS = {
    "without numbers it gets what is left": ({}, "BestEffort"),
    "with a request it may take more": ({"requests": {"cpu": "1"}}, "Burstable"),
    "with a limit on the processor alone": ({"limits": {"cpu": "1"}}, "Burstable"),
    "with limits on both it is sure of them": (
        {"limits": {"cpu": "1", "memory": "1Gi"}},
        "Guaranteed",
    ),
    "with requests below its limits": (
        {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1", "memory": "1Mi"}},
        "Burstable",
    ),
    "zero is no request": ({"requests": {"cpu": "0"}}, "BestEffort"),
}


@pytest.mark.parametrize(("resources", "expected"), QOS.values(), ids=QOS.keys())
def test_the_class_of_a_pod(resources: dict[str, Any], expected: str) -> None:
    pod = created("Pod", {"spec.containers[0].resources": resources})
    assert pod["status"]["qosClass"] == expected
    assert qos_class(pod) == expected


def test_every_container_counts_for_the_class_of_a_pod() -> None:
    whole = {"limits": {"cpu": "1", "memory": "1Gi"}}
    pod = created(
        "Pod",
        {
            "spec.containers[0].resources": whole,
            "spec.containers[1]": {"name": "b", "image": "b"},
        },
    )
    assert pod["status"]["qosClass"] == "Burstable"


GRACE: dict[str, tuple[Changes, int]] = {
    "a pod that runs has its time": ({"spec.nodeName": "node-1"}, 30),
    "a pod that is nowhere goes at once": ({}, 0),
    "a pod that has ended goes at once": (
        {"spec.nodeName": "node-1", "status": {"phase": "Succeeded"}},
        0,
    ),
    "less than no time is a second": (
        {"spec.nodeName": "node-1", "spec.terminationGracePeriodSeconds": -1},
        1,
    ),
}


@pytest.mark.parametrize(("changes", "expected"), GRACE.values(), ids=GRACE.keys())
def test_how_long_a_pod_may_take_to_stop(changes: Changes, expected: int) -> None:
    assert grace_seconds(stored("Pod", changes)) == expected


def test_only_the_status_of_a_pod_changes_through_status() -> None:
    pod = created("Pod")
    new = through("status", pod, {"spec.nodeName": "node-1", "status": {"phase": "Running"}})
    assert "nodeName" not in new["spec"]
    # The writer does not know the class, which stays.
    assert new["status"] == {"phase": "Running", "qosClass": "BestEffort"}


def test_only_resources_change_through_resize() -> None:
    pod = created("Pod", {"spec.containers[0].resources": {"requests": {"cpu": "1"}}})
    new = through(
        "resize",
        pod,
        {
            "spec.containers[0]": {
                "name": "web",
                "image": "other",
                "resources": {"requests": {"cpu": "2"}},
            }
        },
    )
    (container,) = new["spec"]["containers"]
    assert container["image"] == "nginx:1.27"
    assert container["resources"] == {"requests": {"cpu": "2"}}


def test_only_ephemeral_containers_change_through_their_path() -> None:
    pod = created("Pod")
    added = [{"name": "debug", "image": "busybox"}]
    new = through(
        "ephemeralcontainers", pod, {"spec.hostname": "x", "spec.ephemeralContainers": added}
    )
    assert new["spec"] == {**pod["spec"], "ephemeralContainers": added}


def test_a_new_namespace_is_active_and_is_cleaned_up_before_it_goes() -> None:
    namespace = created("Namespace")
    assert namespace["status"] == {"phase": "Active"}
    assert namespace["spec"] == {"finalizers": ["kubernetes"]}
    assert namespace["metadata"]["labels"] == {"kubernetes.io/metadata.name": "shop"}


def test_the_finalizers_of_a_namespace_change_on_their_own_path_only() -> None:
    namespace = created("Namespace")
    assert changed(namespace, {"spec": {}})["spec"] == {"finalizers": ["kubernetes"]}
    assert through("finalize", namespace, {"spec": {"finalizers": []}})["spec"] == {
        "finalizers": []
    }


def test_a_new_job_selects_its_pods_by_its_uid() -> None:
    job = created(
        "Job",
        {"spec.selector": None, "spec.template.metadata": {"labels": {"app": "report"}}},
    )
    assert job["spec"]["selector"] == {"matchLabels": {"batch.kubernetes.io/controller-uid": "u-1"}}
    labels = job["spec"]["template"]["metadata"]["labels"]
    assert labels["job-name"] == labels["batch.kubernetes.io/job-name"] == "report"
    assert labels["app"] == "report"


def test_a_job_that_selects_by_hand_keeps_its_selector() -> None:
    job = created(
        "Job",
        {"spec.manualSelector": True, "spec.selector": {"matchLabels": {"app": "report"}}},
    )
    assert job["spec"]["selector"] == {"matchLabels": {"app": "report"}}


CLAIM = {"kind": "PersistentVolumeClaim", "name": "old", "apiGroup": None}
BUCKET = {"apiGroup": "example.com", "kind": "Bucket", "name": "old"}
SOURCES: dict[str, tuple[Changes, Any, Any]] = {
    "a claim copies a claim": ({"spec.dataSource": CLAIM}, CLAIM, CLAIM),
    "the new field fills the old one": ({"spec.dataSourceRef": BUCKET}, BUCKET, BUCKET),
    "the old field takes few kinds": ({"spec.dataSource": BUCKET}, None, None),
    "a source in another namespace is ignored": (
        {"spec.dataSourceRef": {**BUCKET, "namespace": "other"}},
        None,
        None,
    ),
}


@pytest.mark.parametrize(("changes", "source", "reference"), SOURCES.values(), ids=SOURCES.keys())
def test_where_the_data_of_a_claim_come_from(changes: Changes, source: Any, reference: Any) -> None:
    spec = created("PersistentVolumeClaim", changes)["spec"]
    assert (spec.get("dataSource"), spec.get("dataSourceRef")) == (source, reference)


def test_a_claim_keeps_the_source_it_was_made_from() -> None:
    claim = created("PersistentVolumeClaim", {"spec.dataSourceRef": BUCKET})
    new = changed(claim, {"spec.dataSourceRef": None})
    assert new["spec"]["dataSourceRef"] == BUCKET


def test_a_service_that_goes_inside_loses_its_node_ports() -> None:
    service = created("Service", {"spec.type": "NodePort", "spec.ports[0].nodePort": 30080})
    new = changed(service, {"spec.type": "ClusterIP"})
    assert "nodePort" not in new["spec"]["ports"][0]
    assert "externalTrafficPolicy" not in new["spec"]


def test_a_service_that_becomes_a_name_loses_its_address() -> None:
    new = changed(
        created("Service"), {"spec.type": "ExternalName", "spec.externalName": "a.example.com"}
    )
    assert not {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"} & set(new["spec"])


GENERATIONS: dict[str, tuple[str, Changes, int]] = {
    "a change of a deployment's spec counts": ("Deployment", {"spec.replicas": 3}, 2),
    "an annotation of a deployment counts": ("Deployment", {"metadata.annotations": {"a": "b"}}, 2),
    "a label of a deployment does not": ("Deployment", {"metadata.labels": {"a": "b"}}, 1),
}


@pytest.mark.parametrize(
    ("name", "changes", "expected"), GENERATIONS.values(), ids=GENERATIONS.keys()
)
def test_the_generation(name: str, changes: Changes, expected: int) -> None:
    obj = created(name)
    assert obj["metadata"]["generation"] == 1
    assert changed(obj, changes)["metadata"]["generation"] == expected


def test_a_change_of_the_template_counts_in_a_daemon_set() -> None:
    agent = created("DaemonSet")
    counted = agent["metadata"]["annotations"]["deprecated.daemonset.template.generation"]
    new = changed(agent, {"spec.template.spec.containers[0].image": "agent:2"})
    annotations = new["metadata"]["annotations"]
    assert (counted, annotations["deprecated.daemonset.template.generation"]) == ("1", "2")


#: Where nothing is to be prepared the API server itself keeps the status.
SEPARATE = [
    name
    for name, obj in valid_objects().items()
    if kind_of(obj).prepare and any(one.name == "status" for one in kind_of(obj).subresources)
]


@pytest.mark.parametrize("name", SEPARATE)
def test_a_status_is_not_changed_together_with_its_object(name: str) -> None:
    old = created(name)
    old["status"] = {"phase": "Old"}
    assert changed(old, {"status": {"phase": "New"}})["status"]["phase"] == "Old"


def test_a_device_that_is_given_back_is_reported_on_no_more() -> None:
    result = {"request": "gpu", "driver": "a.b", "pool": "p", "device": "d"}
    report = {"driver": "a.b", "pool": "p", "device": "d"}
    allocation = {"devices": {"results": [result]}}
    old = stored("ResourceClaim", {"status": {"allocation": allocation, "devices": [report]}})
    new = through("status", old, {"status": {"devices": [report]}})
    assert new["status"] == {}


def test_a_taint_of_devices_is_there_since_its_rule_is() -> None:
    rule = created("DeviceTaintRule")
    assert rule["spec"]["taint"]["timeAdded"] == CREATED
    assert manifest("DeviceTaintRule")["spec"]["taint"] == {
        "key": "example.com/broken",
        "effect": "NoSchedule",
    }
