"""Claims and volumes: finding each other, waiting, parting, protected while in use."""

from typing import Any

from tests.builders import Builder, pod
from tests.engine.controllers.lab import Lab


def volume(name: str, size: str, class_: str = "", policy: str = "Retain") -> dict[str, Any]:
    builder = Builder("v1", "PersistentVolume", name)
    builder.object["spec"] = {
        "capacity": {"storage": size},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": policy,
        "storageClassName": class_,
        "hostPath": {"path": f"/mnt/{name}"},
    }
    return builder.build()


def claim(name: str, size: str, class_: str = "", **spec: Any) -> dict[str, Any]:
    builder = Builder("v1", "PersistentVolumeClaim", name, "default")
    builder.object["spec"] = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": class_,
        "resources": {"requests": {"storage": size}},
        **spec,
    }
    return builder.build()


def storage_class(name: str, provisioner: str, mode: str = "Immediate") -> dict[str, Any]:
    body = Builder("storage.k8s.io/v1", "StorageClass", name).build()
    return {**body, "provisioner": provisioner, "volumeBindingMode": mode}


def user_of(name: str, claim_name: str) -> dict[str, Any]:
    body = pod(name).build()
    source = {"persistentVolumeClaim": {"claimName": claim_name}}
    body["spec"]["volumes"] = [{"name": "data", **source}]
    return body


def phase(lab: Lab, resource: str, name: str) -> str:
    found: str = lab.get(resource, name)["status"]["phase"]
    return found


def test_a_claim_takes_the_smallest_volume_that_fits() -> None:
    lab = Lab()
    for name, size in (("large", "20Gi"), ("small", "1Gi"), ("right", "5Gi")):
        lab.create("persistentvolumes", volume(name, size))
    lab.create("persistentvolumeclaims", claim("data", "2Gi"))
    held = lab.get("persistentvolumeclaims", "data")
    assert held["spec"]["volumeName"] == "right"
    assert held["status"]["phase"] == "Bound"
    assert held["status"]["capacity"] == {"storage": "5Gi"}
    assert phase(lab, "persistentvolumes", "right") == "Bound"
    assert phase(lab, "persistentvolumes", "small") == "Available"
    assert lab.get("persistentvolumes", "right")["spec"]["claimRef"]["name"] == "data"


def test_a_claim_waits_for_a_volume_to_come() -> None:
    lab = Lab()
    lab.create("persistentvolumeclaims", claim("data", "2Gi"))
    assert phase(lab, "persistentvolumeclaims", "data") == "Pending"
    assert lab.messages("data") == [
        "no persistent volumes available for this claim and no storage class is set"
    ]
    lab.create("persistentvolumes", volume("late", "5Gi"))
    assert phase(lab, "persistentvolumeclaims", "data") == "Bound"


def test_a_class_may_wait_for_the_first_pod() -> None:
    lab = Lab()
    lab.create(
        "storageclasses",
        storage_class("local", "kubernetes.io/no-provisioner", "WaitForFirstConsumer"),
    )
    lab.create("persistentvolumes", volume("disk", "5Gi", "local"))
    lab.create("persistentvolumeclaims", claim("data", "2Gi", "local"))
    assert phase(lab, "persistentvolumeclaims", "data") == "Pending"
    assert lab.messages("data") == ["waiting for first consumer to be created before binding"]
    lab.create("pods", user_of("web", "data"))
    lab.pass_time(5)
    assert phase(lab, "persistentvolumeclaims", "data") == "Bound"
    assert phase(lab, "pods", "web") == "Running"


def test_a_claim_says_for_which_provisioner_it_waits() -> None:
    lab = Lab()
    lab.create("storageclasses", storage_class("fast", "example.com/disks"))
    lab.create("persistentvolumeclaims", claim("data", "2Gi", "fast"))
    (message,) = lab.messages("data")
    assert "external provisioner 'example.com/disks'" in message


def test_a_claim_in_use_stays_until_its_pod_has_gone() -> None:
    lab = Lab()
    lab.create("persistentvolumes", volume("disk", "5Gi"))
    lab.create("persistentvolumeclaims", claim("data", "2Gi"))
    lab.create("pods", user_of("web", "data"))
    lab.delete("persistentvolumeclaims", "data")
    lab.pass_time(5)
    assert "deletionTimestamp" in lab.get("persistentvolumeclaims", "data")["metadata"]
    lab.delete("pods", "web")
    lab.pass_time(60)
    assert lab.names("persistentvolumeclaims") == []
    assert phase(lab, "persistentvolumes", "disk") == "Released"


def test_a_volume_goes_with_its_claim_when_its_policy_says_so() -> None:
    lab = Lab()
    lab.create("persistentvolumes", volume("disk", "5Gi", policy="Delete"))
    lab.create("persistentvolumeclaims", claim("data", "2Gi"))
    lab.delete("persistentvolumeclaims", "data")
    lab.pass_time(5)
    assert lab.names("persistentvolumes") == []


def test_a_bound_volume_cannot_be_pulled_away() -> None:
    lab = Lab()
    lab.create("persistentvolumes", volume("disk", "5Gi"))
    lab.create("persistentvolumeclaims", claim("data", "2Gi"))
    lab.delete("persistentvolumes", "disk")
    lab.pass_time(5)
    assert lab.names("persistentvolumes") == ["disk"]
