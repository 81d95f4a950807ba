"""Volumes: what must be there before a pod starts, and what is in them."""

import base64

import pytest

from tests.engine.kubelet.world import World, pod


def mounted(world, volume, mount=None, **spec):
    mount = {"name": "v", "mountPath": "/v", **(mount or {})}
    main = {"name": "main", "volumeMounts": [mount]}
    world.create(pod(containers=[main], volumes=[{"name": "v", **volume}], **spec))
    world.settle()


def config_map(world, name="c", **data):
    world.create({"metadata": {"name": name, "namespace": "default"}, "data": data}, "configmaps")


def secret(world, name="s", **data):
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    metadata = {"name": name, "namespace": "default"}
    world.create({"metadata": metadata, "data": encoded}, "secrets")


def files(world, name="v"):
    uid = world.pod()["metadata"]["uid"]
    return {
        path: (file.data.decode(), oct(file.mode))
        for path, file in world.kubelets.volume_files(f"{uid}/{name}").items()
    }


def shown(world, path="a", name="v"):
    """What a program would read in a projected volume."""
    uid = world.pod()["metadata"]["uid"]
    volume, _ = world.kernel.volumes.get(f"{uid}/{name}")
    data = volume.root.entries["..data"].target
    return volume.root.entries[data].entries[path].contents()


def test_an_empty_directory_is_made_once_and_goes_with_the_pod():
    world = World()
    source = {"medium": "Memory", "sizeLimit": "1Mi"}
    mounted(world, {"emptyDir": source}, securityContext={"fsGroup": 2000})
    uid = world.pod()["metadata"]["uid"]
    volume, _ = world.kernel.volumes.get(f"{uid}/v")
    assert (volume.type, volume.bytes_max, volume.root.gid) == ("tmpfs", 1024**2, 2000)
    spec = next(iter(world.kernel.specs.values()))
    assert (spec.mounts[0].path, spec.mounts[0].volume_id) == ("/v", f"{uid}/v")
    assert spec.groups == (0, 2000)
    world.exit(1)
    world.settle()
    assert world.kernel.volumes.get(f"{uid}/v") == (volume, ())
    world.client.delete("pods", "default", "a")
    world.settle()
    assert world.kernel.volumes.get(f"{uid}/v") is None


@pytest.mark.parametrize(
    ("volume", "message"),
    [
        ({"configMap": {"name": "c"}}, 'configmap "c" not found'),
        ({"secret": {"secretName": "s"}}, 'secret "s" not found'),
        (
            {"configMap": {"name": "there", "items": [{"key": "no", "path": "p"}]}},
            "configmap references non-existent config key: no",
        ),
        (
            {"secret": {"secretName": "held", "items": [{"key": "no", "path": "p"}]}},
            "references non-existent secret key: no",
        ),
        (
            {"projected": {"sources": [{"configMap": {"name": "x"}}, {"secret": {"name": "y"}}]}},
            '[configmap "x" not found, secret "y" not found]',
        ),
        (
            {"hostPath": {"path": "/nowhere", "type": "Directory"}},
            "hostPath type check failed: /nowhere is not a directory",
        ),
        (
            {"persistentVolumeClaim": {"claimName": "p"}},
            'persistentvolumeclaim "p" not found',
        ),
    ],
    ids=[
        "a missing config map",
        "a missing secret",
        "a missing key of a config map",
        "a missing key of a secret",
        "several missing sources",
        "a path that is none",
        "a missing claim",
    ],
)
def test_what_keeps_a_pod_from_starting(volume, message):
    world = World()
    config_map(world, "there", a="1")
    secret(world, "held", a="1")
    mounted(world, volume)
    assert world.events() == [
        ("FailedMount", f'MountVolume.SetUp failed for volume "v" : {message}')
    ]
    assert world.status()["phase"] == "Pending"
    assert world.container()["state"] == {"waiting": {"reason": "ContainerCreating"}}


def test_a_missing_secret_is_looked_for_at_growing_intervals():
    world = World()
    mounted(world, {"secret": {"secretName": "s"}})
    world.advance(4)
    counts = [
        e["count"]
        for e in world.informers.of("events").list("default")
        if e["reason"] == "FailedMount"
    ]
    assert counts == [4]  # at 0, 0.5, 1.5 and 3.5 seconds
    secret(world, a="1")
    world.advance(4)
    assert world.status()["phase"] == "Running"


def test_a_volume_that_nobody_mounts_is_not_needed():
    world = World()
    world.create(pod(volumes=[{"name": "v", "secret": {"secretName": "s"}}]))
    world.settle()
    assert world.status()["phase"] == "Running"


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        (
            {"configMap": {"name": "c", "defaultMode": 0o400}},
            {"a": ("1", "0o400"), "b": ("2", "0o400")},
        ),
        (
            {"configMap": {"name": "c", "items": [{"key": "a", "path": "x/y", "mode": 0o600}]}},
            {"x/y": ("1", "0o600")},
        ),
        ({"secret": {"secretName": "s"}}, {"password": ("geheim", "0o644")}),
        ({"configMap": {"name": "none", "optional": True}}, {}),
        (
            {
                "downwardAPI": {
                    "items": [
                        {"path": "name", "fieldRef": {"fieldPath": "metadata.name"}},
                        {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
                        {
                            "path": "cpu",
                            "resourceFieldRef": {
                                "containerName": "main",
                                "resource": "limits.cpu",
                                "divisor": "1m",
                            },
                        },
                    ]
                }
            },
            {"name": ("a", "0o644"), "labels": ('app="x"', "0o644"), "cpu": ("4000", "0o644")},
        ),
        (
            {
                "projected": {
                    "defaultMode": 0o440,
                    "sources": [
                        {"serviceAccountToken": {"path": "token"}},
                        {"configMap": {"name": "c", "items": [{"key": "a", "path": "ca.crt"}]}},
                    ],
                }
            },
            {"token": ("token", "0o440"), "ca.crt": ("1", "0o440")},
        ),
    ],
    ids=[
        "all of a config map with a mode",
        "one key at a path with its own mode",
        "a secret, decoded",
        "an optional source that is not there",
        "fields and resources of the pod",
        "a token beside a certificate",
    ],
)
def test_what_projected_volumes_show(volume, expected):
    world = World()
    config_map(world, a="1", b="2")
    secret(world, password="geheim")
    main = {"name": "main", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    obj = pod(containers=[main], volumes=[{"name": "v", **volume}])
    obj["metadata"]["labels"] = {"app": "x"}
    world.create(obj)
    world.settle()
    assert files(world) == expected


def test_an_fs_group_may_read_projected_files():
    world = World()
    secret(world, a="1")
    volume = {"secret": {"secretName": "s", "defaultMode": 0o400}}
    mounted(world, volume, securityContext={"fsGroup": 3000})
    uid = world.pod()["metadata"]["uid"]
    file = world.kubelets.volume_files(f"{uid}/v")["a"]
    assert (oct(file.mode), file.gid) == ("0o440", 3000)


def test_a_changed_config_map_is_shown_again_after_a_while():
    world = World(is_instant=False)
    config_map(world, a="1")
    mounted(world, {"configMap": {"name": "c"}})
    world.advance(10)
    assert shown(world) == b"1"
    held = world.client.get("configmaps", "default", "c")
    world.change("configmaps", {**held, "data": {"a": "2"}})
    world.advance(20)
    assert shown(world) == b"1"
    world.advance(60)
    assert shown(world) == b"2"


def test_changes_of_sources_cost_nothing_once_their_pods_are_gone():
    world = World()
    config_map(world, a="1")
    mounted(world, {"configMap": {"name": "c"}})
    world.client.delete("pods", "default", "a")
    world.advance(60)
    held = world.client.get("configmaps", "default", "c")
    world.change("configmaps", {**held, "data": {"a": "2"}})
    assert len(world.agenda) == 0


def test_a_bound_claim_gives_a_disk_that_outlives_the_pod():
    world = World()
    metadata = {"name": "p", "namespace": "default"}
    claim = {"metadata": metadata, "spec": {"volumeName": "d"}, "status": {"phase": "Bound"}}
    world.create(claim, "persistentvolumeclaims")
    disk = world.create({"metadata": {"name": "d"}, "spec": {"csi": {}}}, "persistentvolumes")
    mounted(world, {"persistentVolumeClaim": {"claimName": "p"}})
    volume_id = f"disk/{disk['metadata']['uid']}"
    assert world.kernel.volumes.get(volume_id) is not None
    world.client.delete("pods", "default", "a")
    world.settle()
    assert world.pod() is None
    assert world.kernel.volumes.get(volume_id) is not None


def test_an_unbound_claim_is_waited_for():
    world = World()
    claim = {"metadata": {"name": "p", "namespace": "default"}, "spec": {}}
    world.create(claim, "persistentvolumeclaims")
    mounted(world, {"persistentVolumeClaim": {"claimName": "p"}})
    assert world.events()[0][1].endswith("PVC default/p is not bound")


def test_mounts_say_where_and_how():
    world = World()
    mount = {"subPathExpr": "logs/$(POD)", "readOnly": True}
    main = {
        "name": "main",
        "env": [{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        "volumeMounts": [{"name": "v", "mountPath": "/v", **mount}],
    }
    world.create(pod(containers=[main], volumes=[{"name": "v", "emptyDir": {}}]))
    world.settle()
    found = next(iter(world.kernel.specs.values())).mounts[0]
    assert (found.sub_path, found.is_read_only) == ("logs/a", True)
    assert world.container()["volumeMounts"] == [
        {"name": "v", "mountPath": "/v", "readOnly": True, "recursiveReadOnly": "Disabled"}
    ]
