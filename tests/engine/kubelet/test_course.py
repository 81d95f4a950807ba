"""The labs of the course: what is lost with a container, and what is not."""

import json

from cluster_engine.apiserver.nodelink import ExecOptions
from cluster_engine.apiserver.requests import ERROR, STDOUT
from tests.engine.kubelet.world import World, pod


def run(world, *command):
    """What a command in the container prints, and its exit code."""
    stream = world.kubelets.exec(world.pod(), ExecOptions("main", command))
    world.settle()
    output, code = b"", None
    while frames := stream.read():
        for frame in frames:
            if frame.channel == STDOUT:
                output += frame.data
            elif frame.channel == ERROR:
                status = json.loads(frame.data)
                causes = status.get("details", {}).get("causes", [{"message": "0"}])
                code = int(causes[0]["message"])
    return output.decode(), code


def test_killing_the_first_process_loses_the_layer_and_keeps_the_empty_directory():
    world = World(is_instant=False)
    main = {"name": "main", "volumeMounts": [{"name": "storage", "mountPath": "/data/redis"}]}
    world.create(pod(containers=[main], volumes=[{"name": "storage", "emptyDir": {}}]))
    world.advance(30)
    assert run(world, "writes", "/data/redis/test-file", "Hello") == ("", 0)
    assert run(world, "writes", "/data/lost", "Hello") == ("", 0)
    assert run(world, "kills", "1") == ("", 137)
    world.advance(3)
    found = world.container()
    assert found["restartCount"] == 1 and found["ready"]
    assert found["lastState"]["terminated"]["reason"] == "Completed"
    assert run(world, "reads", "/data/redis/test-file") == ("Hello", 0)
    assert run(world, "reads", "/data/lost") == ("No such file or directory", 1)


def test_two_containers_share_an_empty_directory_live():
    world = World()
    mounts = [{"name": "shared", "mountPath": "/shared"}]
    containers = [
        {"name": "main", "volumeMounts": mounts},
        {"name": "writer", "volumeMounts": mounts, "command": ["writes", "/shared/x", "seen"]},
    ]
    world.create(pod(containers=containers, volumes=[{"name": "shared", "emptyDir": {}}]))
    world.settle()
    assert run(world, "reads", "/shared/x") == ("seen", 0)


def test_a_secret_is_mounted_as_files():
    world = World()
    metadata = {"name": "test-secret", "namespace": "default"}
    data = {"username": "bXktYXBw", "password": "Mzk1MjgkdmRnN0pi"}
    world.create({"metadata": metadata, "data": data}, "secrets")
    mounts = [{"name": "secret-volume", "mountPath": "/etc/secret-volume", "readOnly": True}]
    volumes = [{"name": "secret-volume", "secret": {"secretName": "test-secret"}}]
    world.create(pod(containers=[{"name": "main", "volumeMounts": mounts}], volumes=volumes))
    world.settle()
    assert run(world, "reads", "/etc/secret-volume/username") == ("my-app", 0)
    assert run(world, "reads", "/etc/secret-volume/password") == ("39528$vdg7Jb", 0)


def test_files_of_the_kubelet_are_in_the_container():
    world = World()
    world.create(pod())
    world.settle()
    assert "10.244.0.2\ta\n" in run(world, "reads", "/etc/hosts")[0]
    assert run(world, "reads", "/etc/hostname") == ("a\n", 0)
    assert "nameserver 10.96.0.10" in run(world, "reads", "/etc/resolv.conf")[0]
