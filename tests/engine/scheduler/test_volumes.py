"""Pods and their volumes: what they wait for, where they may go, what is done before they bind."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine.apimachinery.objects import Object, with_metadata
from tests.builders import node, pod
from tests.engine.scheduler.harness import START_MS, Bench

ZONE = "topology.kubernetes.io/zone"


def zoned(name: str, zone: str) -> Object:
    made = node(name).build()
    made["metadata"]["labels"] = {"kubernetes.io/hostname": name, ZONE: zone}
    return made


def storage_class(name: str, provisioner: str = "csi.example.com", **fields: Any) -> Object:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name},
        "provisioner": provisioner,
        **fields,
    }


WAITING = storage_class("waiting", volumeBindingMode="WaitForFirstConsumer")
LOCAL = storage_class(
    "local", "kubernetes.io/no-provisioner", volumeBindingMode="WaitForFirstConsumer"
)


def claim(name: str, class_name: str = "waiting", size: str = "1Gi", **spec: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": class_name,
            "resources": {"requests": {"storage": size}},
            **spec,
        },
    }


def volume(name: str, class_name: str = "local", size: str = "5Gi", host: str = "") -> Object:
    made: Object = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": size},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": class_name,
        },
    }
    if host:
        condition = {"key": "kubernetes.io/hostname", "operator": "In", "values": [host]}
        terms = [{"matchExpressions": [condition]}]
        made["spec"]["nodeAffinity"] = {"required": {"nodeSelectorTerms": terms}}
    return made


def user(name: str, *claims: str) -> Object:
    volumes = [
        {"name": f"v{number}", "persistentVolumeClaim": {"claimName": claim_name}}
        for number, claim_name in enumerate(claims)
    ]
    return pod(name).set("spec.volumes", volumes).build()


def bind(bench: Bench, name: str, volume_name: str) -> None:
    """What the volume controller does once a volume has been provisioned."""
    held = bench.door.read("persistentvolumeclaims", "default", name)
    annotations = {
        **(held["metadata"].get("annotations") or {}),
        "pv.kubernetes.io/bind-completed": "yes",
    }
    bound = with_metadata(held, annotations=annotations)
    spec = {**held["spec"], "volumeName": volume_name}
    bench.client.update("persistentvolumeclaims", {**bound, "spec": spec})


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        pytest.param([], 'persistentvolumeclaim "c" not found', id="the claim is missing"),
        pytest.param(
            [storage_class("now"), claim("c", "now")],
            "pod has unbound immediate PersistentVolumeClaims",
            id="the claim is not bound yet",
        ),
        pytest.param(
            [WAITING, with_metadata(claim("c"), deletionTimestamp="2026-01-01T00:00:00Z")],
            'persistentvolumeclaim "c" is being deleted',
            id="the claim is going away",
        ),
        pytest.param(
            [{**claim("c", volumeName="v"), "status": {"phase": "Lost"}}],
            'persistentvolumeclaim "c" bound to non-existent persistentvolume "v"',
            id="the claim has lost its volume",
        ),
        pytest.param(
            [LOCAL, claim("c", "local")],
            "2 node(s) didn't find available persistent volumes to bind",
            id="no volume is there to bind",
        ),
        pytest.param(
            [
                storage_class(
                    "far",
                    volumeBindingMode="WaitForFirstConsumer",
                    allowedTopologies=[
                        {"matchLabelExpressions": [{"key": ZONE, "values": ["elsewhere"]}]}
                    ],
                ),
                claim("c", "far"),
            ],
            "2 node(s) didn't find available persistent volumes to bind",
            id="the class is not served near any node",
        ),
        pytest.param(
            [
                WAITING,
                claim("c"),
                {
                    "apiVersion": "storage.k8s.io/v1",
                    "kind": "CSIDriver",
                    "metadata": {"name": "csi.example.com"},
                    "spec": {"storageCapacity": True},
                },
            ],
            "2 node(s) did not have enough free storage",
            id="the driver has no room left",
        ),
    ],
)
def test_why_a_pod_waits(objects: list[Object], message: str) -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), zoned("b", "y"), *objects)
    bench.create(user("p", "c"))
    bench.settle()
    text = bench.condition("p")["message"]
    assert text.startswith(f"0/2 nodes are available: {message}. preemption: "), text
    assert text.endswith("2 Preemption is not helpful for scheduling.")


def test_a_claim_created_late_brings_the_pod_back() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), LOCAL, volume("v", host="a"))
    bench.create(user("p", "c"))
    bench.settle()
    assert bench.place("p") is None
    bench.create(claim("c", "local"))
    bench.settle()
    assert bench.place("p") == "a"


def test_the_smallest_volume_that_fits_is_claimed_for_the_pod() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), LOCAL, claim("c", "local", "3Gi"))
    bench.create(*(volume(f"v{n}", size=f"{n}Gi", host="a") for n in (2, 9, 4)))
    bench.create(user("p", "c"))
    bench.settle()
    assert bench.place("p") == "a"
    taken = bench.door.read("persistentvolumes", "", "v4")
    held = bench.door.read("persistentvolumeclaims", "default", "c")
    reference = taken["spec"]["claimRef"]
    assert (reference["kind"], reference["name"]) == ("PersistentVolumeClaim", "c")
    assert reference["uid"] == held["metadata"]["uid"]
    annotations = taken["metadata"]["annotations"]
    assert annotations == {"pv.kubernetes.io/bound-by-controller": "yes"}


def test_a_claim_to_provision_is_marked_and_the_pod_binds_when_it_is_bound() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), WAITING, claim("c"))
    bench.create(user("p", "c"))
    bench.settle()
    assert bench.place("p") is None
    assert bench.pod("p")["status"]["nominatedNodeName"] == "a"
    held = bench.door.read("persistentvolumeclaims", "default", "c")
    assert held["metadata"]["annotations"]["volume.kubernetes.io/selected-node"] == "a"
    bench.create(volume("pv-1", "waiting"))
    bind(bench, "c", "pv-1")
    bench.settle()
    assert bench.place("p") == "a"


def test_in_real_time_volumes_are_looked_at_once_a_second() -> None:
    bench = Bench(is_instant=False)
    bench.create(zoned("a", "x"), LOCAL, claim("c", "local"), volume("v", host="a"))
    bench.create(user("p", "c"))
    bench.settle(START_MS + 999)
    assert bench.place("p") is None
    bench.settle(START_MS + 1_000)
    assert bench.place("p") == "a"


def test_the_place_is_held_while_volumes_are_bound() -> None:
    bench = Bench()
    bench.create(node("a", cpu="1").build(), WAITING, claim("c"))
    first = user("first", "c")
    first["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "1"}}
    bench.create(first)
    bench.settle()
    bench.create(pod("second").requests(cpu="1").build())
    bench.settle()
    assert bench.condition("second")["message"].startswith(
        "0/1 nodes are available: 1 Insufficient cpu."
    )
    bench.delete("first")
    bench.settle()
    assert bench.place("second") == "a"


def test_volumes_that_never_come_are_given_up_after_ten_minutes() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), WAITING, claim("c"))
    bench.create(user("p", "c"))
    bench.settle(START_MS + 600_000)
    condition = bench.condition("p")
    assert condition["reason"] == "SchedulerError"
    assert condition["message"] == (
        'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded'
    )
    assert "nominatedNodeName" not in bench.pod("p")["status"]


def test_a_failed_provisioning_sends_the_pod_back() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), WAITING, claim("c"))
    bench.create(user("p", "c"))
    bench.settle()
    held = bench.door.read("persistentvolumeclaims", "default", "c")
    bench.client.update("persistentvolumeclaims", with_metadata(held, annotations={}))
    bench.settle()
    assert bench.condition("p")["message"] == (
        'running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "c"'
    )


def test_a_zone_label_of_a_volume_restricts_the_nodes() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), zoned("b", "y"))
    bench.create(with_metadata(volume("v", ""), labels={ZONE: "y"}))
    bench.create(claim("c", "", volumeName="v"))
    bench.create(user("p", "c"))
    bench.settle()
    assert bench.place("p") == "b"
    [attempt] = bench.attempts("p")
    verdict = attempt["filters"]["a"]["VolumeZone"]
    assert verdict == {"passed": False, "reason": "node(s) had no available volume zone"}


def test_a_read_write_once_pod_claim_serves_one_pod_and_a_better_one_takes_it() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), volume("v", ""))
    bench.create(claim("c", "", volumeName="v", accessModes=["ReadWriteOncePod"]))
    bench.create(user("first", "c"))
    bench.settle()
    assert bench.place("first") == "a"
    bench.create(user("second", "c"))
    bench.settle()
    assert bench.condition("second")["message"].startswith(
        "0/1 nodes are available: 1 node(s) unavailable due to PersistentVolumeClaim with "
        "ReadWriteOncePod access mode already in-use by another pod."
    )
    bench.delete("first")
    bench.settle()
    assert bench.place("second") == "a"


def test_no_more_volumes_of_a_driver_than_the_node_attaches() -> None:
    bench = Bench()
    driver = {"name": "csi.example.com", "nodeID": "a", "allocatable": {"count": 1}}
    bench.create(zoned("a", "x"), WAITING)
    bench.create(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "CSINode",
            "metadata": {"name": "a"},
            "spec": {"drivers": [driver]},
        }
    )
    for number in (1, 2):
        made = volume(f"v{number}", "waiting")
        made["spec"]["csi"] = {"driver": "csi.example.com", "volumeHandle": f"h{number}"}
        bench.create(made, claim(f"c{number}", volumeName=f"v{number}"))
        bench.create(user(f"p{number}", f"c{number}"))
        bench.settle()
    assert bench.place("p1") == "a"
    assert bench.condition("p2")["message"].startswith(
        "0/1 nodes are available: 1 node(s) exceed max volume count."
    )


@pytest.mark.parametrize(
    ("kind", "source", "is_shared"),
    [
        ("gcePersistentDisk", {"pdName": "d"}, False),
        ("gcePersistentDisk", {"pdName": "d", "readOnly": True}, True),
        ("awsElasticBlockStore", {"volumeID": "d", "readOnly": True}, False),
        ("iscsi", {"iqn": "d", "readOnly": True}, True),
        ("rbd", {"monitors": ["m"], "image": "d"}, False),
    ],
)
def test_disks_that_two_pods_may_or_may_not_share(
    kind: str, source: Object, is_shared: bool
) -> None:
    bench = Bench()
    bench.create(zoned("a", "x"))
    for name in ("first", "second"):
        bench.create(pod(name).set("spec.volumes", [{"name": "v", kind: source}]).build())
    bench.settle()
    assert (bench.place("second") == "a") is is_shared


def test_volumes_hardly_used_are_preferred() -> None:
    bench = Bench()
    bench.create(zoned("a", "x"), zoned("b", "y"), LOCAL, claim("c", "local", "2Gi"))
    bench.create(volume("small", size="2Gi", host="a"), volume("large", size="8Gi", host="b"))
    bench.create(user("p", "c"))
    bench.settle()
    scores = bench.attempts("p")[0]["scores"]
    weighted = {n: s["plugins"]["VolumeBinding"]["weighted"] for n, s in scores.items()}
    assert weighted == {"a": 0, "b": 75}
    assert bench.place("p") == "b"
