"""From a bound pod to running containers, and what stands in the way."""

import pytest

from tests.engine.kubelet.world import World, pod


def reasons(world, name="a"):
    return [reason for reason, _ in world.events(name)]


def test_an_instant_pod_runs_after_one_status_write():
    world = World()
    world.create(pod())
    world.door.writes.clear()
    world.settle()
    assert [w for w in world.door.writes if w[1] == "pods"] == [("status", "pods", "a")]
    status = world.status()
    assert status["phase"] == "Running"
    assert status["podIP"] == "10.244.0.2" and status["podIPs"] == [{"ip": "10.244.0.2"}]
    assert status["hostIP"] == "172.18.0.3" and status["hostIPs"] == [{"ip": "172.18.0.3"}]
    assert status["startTime"] == "2026-01-01T00:00:00Z"
    assert status["observedGeneration"] == 1
    found = world.container()
    assert found["ready"] and found["started"] and found["restartCount"] == 0
    assert found["image"] == "docker.io/library/nginx:latest"
    assert found["imageID"].startswith("docker.io/library/nginx@sha256:")
    assert found["containerID"].startswith("containerd://")
    assert found["state"] == {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
    assert found["lastState"] == {} and found["resources"] == {}
    assert found["user"] == {"linux": {"uid": 0, "gid": 0, "supplementalGroups": [0]}}


def test_conditions_come_in_order_and_carry_the_generation():
    world = World()
    world.create(pod())
    world.settle()
    conditions = world.status()["conditions"]
    assert [c["type"] for c in conditions] == [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
    ]
    assert {c["status"] for c in conditions} == {"True"}
    assert {c["observedGeneration"] for c in conditions} == {1}
    assert all(c["lastProbeTime"] is None for c in conditions)


def test_events_of_the_first_pod_and_of_the_next_on_the_same_node():
    world = World()
    world.create(pod())
    world.create(pod("b"))
    world.settle()
    assert world.events() == [
        ("Pulling", 'Pulling image "nginx"'),
        (
            "Pulled",
            'Successfully pulled image "nginx" in 0s (0s including waiting). '
            "Image size: 60000000 bytes.",
        ),
        ("Created", "Container created"),
        ("Started", "Container started"),
    ]
    assert world.events("b")[0] == (
        "Pulled",
        'Container image "nginx" already present on machine and can be accessed by the pod',
    )
    event = [e for e in world.informers.of("events").list() if e["reason"] == "Started"][-1]
    assert event["involvedObject"]["fieldPath"] == "spec.containers{main}"
    assert event["source"] == {"component": "kubelet", "host": "node-1"}


def test_a_realistic_pod_is_seen_waiting_before_it_runs():
    world = World(is_instant=False)
    world.create(pod())
    world.settle()
    status = world.status()
    assert status["phase"] == "Pending"
    waiting = world.container()
    assert waiting["state"] == {"waiting": {"reason": "ContainerCreating"}}
    assert waiting["imageID"] == "" and waiting["image"] == "nginx"
    assert not waiting["started"] and not waiting["ready"]
    sandbox = world.conditions()["PodReadyToStartContainers"]
    assert (sandbox["status"], sandbox["reason"], sandbox["message"]) == (
        "False",
        "PodSandboxNotReady",
        "no pod sandbox exists",
    )
    assert world.conditions()["Ready"]["message"] == "containers with unready status: [main]"
    world.advance(1)
    assert world.conditions()["PodReadyToStartContainers"]["status"] == "True"
    assert world.status()["phase"] == "Pending"
    world.advance(3)
    assert world.status()["phase"] == "Running"
    assert reasons(world) == ["Pulling", "Pulled", "Created", "Started"]


def test_pulls_of_a_node_wait_for_each_other():
    world = World(is_instant=False)
    world.create(pod())
    world.create(pod("b", containers=[{"name": "main", "image": "redis"}]))
    world.advance(10)
    waits = []
    for name in ("a", "b"):
        _, message = world.events(name)[1]
        pulled, waited = message.split(" in ")[1].split(" including")[0].split(" (")
        waits.append(float(waited.rstrip("s")) - float(pulled.rstrip("s")))
    assert min(waits) == 0 and max(waits) > 1


def test_an_image_that_cannot_be_pulled_is_backed_off_and_tried_again():
    world = World()
    world.create(pod(containers=[{"name": "main", "image": "nosuch"}]))
    world.settle()
    failure = "failed to resolve reference docker.io/library/nosuch:latest: not found"
    assert world.container()["state"]["waiting"] == {"reason": "ErrImagePull", "message": failure}
    assert world.status()["phase"] == "Pending"
    world.advance(1)
    assert world.container()["state"]["waiting"] == {
        "reason": "ImagePullBackOff",
        "message": f'Back-off pulling image "nosuch": ErrImagePull: {failure}',
    }
    assert world.events() == [
        ("Pulling", 'Pulling image "nosuch"'),
        ("Failed", f'Failed to pull image "nosuch": {failure}'),
        ("Failed", "Error: ErrImagePull"),
        ("BackOff", 'Back-off pulling image "nosuch"'),
        ("Failed", "Error: ImagePullBackOff"),
    ]
    world.advance(8)
    assert world.container()["state"]["waiting"]["reason"] == "ImagePullBackOff"
    world.advance(1)
    assert world.container()["state"]["waiting"]["reason"] == "ErrImagePull"
    world.advance(20)
    counts = {
        event["message"]: event["count"]
        for event in world.informers.of("events").list("default")
        if event["reason"] == "Pulling"
    }
    assert counts == {'Pulling image "nosuch"': 3}


@pytest.mark.parametrize(
    ("image", "policy", "reason", "message"),
    [
        (
            "Nginx",
            "IfNotPresent",
            "InvalidImageName",
            'Failed to apply default image tag "Nginx": couldn\'t parse image name "Nginx": '
            "invalid reference format: repository name (library/Nginx) must be lowercase",
        ),
        (
            "nginx:::1",
            "IfNotPresent",
            "InvalidImageName",
            'Failed to apply default image tag "nginx:::1": couldn\'t parse image name '
            '"nginx:::1": invalid reference format',
        ),
        (
            "nginx",
            "Never",
            "ErrImageNeverPull",
            'Container image "nginx" is not present with pull policy of Never',
        ),
    ],
    ids=["a name in capitals", "a name that is none", "an image that may not be pulled"],
)
def test_images_that_are_refused(image, policy, reason, message):
    world = World()
    world.create(pod(containers=[{"name": "main", "image": image, "imagePullPolicy": policy}]))
    world.settle()
    assert world.container()["state"]["waiting"] == {"reason": reason, "message": message}


def test_pull_policy_always_asks_the_registry_each_time():
    world = World()
    containers = [{"name": "main", "image": "nginx", "imagePullPolicy": "Always"}]
    world.create(pod(containers=containers))
    world.create(pod("b", containers=[dict(containers[0])]))
    world.settle()
    assert reasons(world, "b")[:2] == ["Pulling", "Pulled"]


def test_images_of_the_node_object_are_there_already_and_new_ones_are_listed():
    world = World(nodes=())
    images = [{"names": ["docker.io/library/nginx:latest"], "sizeBytes": 7}]
    world.add_node("node-1", status={"images": images})
    world.create(pod(containers=[{"name": "main", "image": "nginx", "imagePullPolicy": "Never"}]))
    world.create(pod("b", containers=[{"name": "main", "image": "redis:7"}]))
    world.settle()
    assert world.status()["phase"] == "Running"
    world.advance(10)
    listed = world.client.get("nodes", "", "node-1")["status"]["images"]
    assert listed[0]["names"][1] == "docker.io/library/redis:7"
    assert listed[1] == {"names": ["docker.io/library/nginx:latest"], "sizeBytes": 7}


def test_a_missing_config_map_key_shows_as_config_error_until_it_is_there():
    world = World()
    env = [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}]
    world.create(pod(containers=[{"name": "main", "image": "nginx", "env": env}]))
    world.settle()
    assert world.container()["state"]["waiting"] == {
        "reason": "CreateContainerConfigError",
        "message": 'configmap "c" not found',
    }
    assert world.events()[-1] == ("Failed", 'Error: configmap "c" not found')
    metadata = {"name": "c", "namespace": "default"}
    world.create({"metadata": metadata, "data": {}}, "configmaps")
    world.advance(10)
    message = world.container()["state"]["waiting"]["message"]
    assert message == "couldn't find key k in ConfigMap default/c"
    world.change("configmaps", {"metadata": metadata, "data": {"k": "v"}})
    world.advance(10)
    assert world.status()["phase"] == "Running"


def test_a_command_that_is_not_there_is_a_start_error_that_crash_loops():
    world = World()
    world.create(pod(containers=[{"name": "main", "command": ["nope"]}]))
    world.settle()
    text = (
        "failed to create containerd task: failed to create shim task: OCI runtime create "
        "failed: runc create failed: unable to start container process: error during container "
        'init: exec: "nope": executable file not found in $PATH'
    )
    found = world.container()
    assert found["state"]["waiting"] == {"reason": "RunContainerError", "message": text}
    ended = found["lastState"]["terminated"]
    assert (ended["exitCode"], ended["reason"], ended["message"]) == (128, "StartError", text)
    assert ended["startedAt"] == "1970-01-01T00:00:00Z"
    assert world.events()[-2:] == [("Created", "Container created"), ("Failed", f"Error: {text}")]
    world.advance(1)
    world.advance(1)
    assert world.container()["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    assert world.container()["restartCount"] == 1


def test_a_pod_without_room_for_an_address_keeps_trying():
    world = World(nodes=())
    world.add_node("node-1", spec={"podCIDR": "10.9.0.0/30"})
    world.create(pod())
    world.settle()
    world.create(pod("b"))
    world.settle()
    reason, message = world.events("b")[0]
    assert reason == "FailedCreatePodSandBox"
    assert "no IP addresses available" in message
    world.client.delete("pods", "default", "a", grace_seconds=0)
    world.advance(12)
    assert world.status("b")["podIP"] == "10.9.0.2"


def test_a_host_network_pod_has_the_address_of_its_node():
    world = World()
    world.create(pod(hostNetwork=True))
    world.settle()
    assert world.status()["podIP"] == world.status()["hostIP"] == "172.18.0.3"
    spec = next(iter(world.kernel.specs.values()))
    assert spec.hostname == "node-1" and spec.ip == "172.18.0.3"


@pytest.mark.parametrize(
    ("spec", "reason", "message"),
    [
        (
            {
                "containers": [
                    {"name": "main", "image": "i", "resources": {"requests": {"cpu": "9"}}}
                ]
            },
            "OutOfcpu",
            "Node didn't have enough resource: cpu, requested: 9000, used: 0, capacity: 4000",
        ),
        (
            {"nodeSelector": {"disk": "ssd"}},
            "NodeAffinity",
            "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
        ),
        (
            {},
            "TaintToleration",
            "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
        ),
    ],
    ids=["too much cpu", "the wrong labels", "a taint it does not tolerate"],
)
def test_pods_that_the_node_does_not_take(spec, reason, message):
    world = World(nodes=())
    taints = [{"key": "k", "effect": "NoExecute"}] if reason == "TaintToleration" else []
    world.add_node("node-1", spec={"taints": taints})
    world.create(pod(**spec))
    world.settle()
    status = world.status()
    assert (status["phase"], status["reason"]) == ("Failed", reason)
    assert status["message"] == f"Pod was rejected: {message}"
    assert world.events() == [(reason, message)]
    assert not world.kernel.specs


def test_what_ended_pods_reserved_is_free_again():
    world = World()
    big = [{"name": "main", "image": "i", "resources": {"requests": {"cpu": "3"}}}]
    world.create(pod(containers=big, restartPolicy="Never"))
    world.settle()
    world.exit(0)
    world.settle()
    world.create(pod("b", containers=[dict(big[0])]))
    world.settle()
    assert world.status("a")["phase"] == "Succeeded"
    assert world.status("b")["phase"] == "Running"


def test_what_a_pod_deleted_by_force_reserved_is_free_at_once():
    world = World()
    big = [{"name": "main", "image": "i", "resources": {"requests": {"cpu": "3"}}}]
    world.create(pod(containers=big))
    world.settle()
    world.client.delete("pods", "default", "a", grace_seconds=0)
    world.create(pod("b", containers=[dict(big[0])]))
    world.settle()
    assert world.status("b")["phase"] == "Running"


def test_a_pod_bound_before_its_node_appears_is_taken_up():
    world = World(nodes=())
    world.create(pod(node="late"))
    world.settle()
    assert world.status()["phase"] == "Pending"
    world.add_node("late")
    world.settle()
    assert world.status()["phase"] == "Running"


def test_resources_of_containers_and_pod_are_in_the_status():
    world = World()
    resources = {
        "requests": {"cpu": "100m", "memory": "10Mi"},
        "limits": {"cpu": "1", "memory": "20Mi"},
    }
    world.create(pod(containers=[{"name": "main", "image": "i", "resources": resources}]))
    world.settle()
    assert world.container()["resources"] == resources
    assert world.container()["allocatedResources"] == resources["requests"]
    assert world.status()["resources"] == resources
    assert world.status()["allocatedResources"] == resources["requests"]


def test_an_image_without_a_command_cannot_be_made_a_container():
    world = World()
    world.create(pod(containers=[{"name": "main", "image": "empty"}]))
    world.settle()
    waiting = world.container()["state"]["waiting"]
    assert waiting["reason"] == "CreateContainerError"
    assert waiting["message"].endswith("spec: failed to generate spec: no command specified")


def test_missing_pull_secrets_are_told_when_a_pull_fails():
    world = World()
    main = {"name": "main", "image": "nosuch"}
    world.create(pod(containers=[main], imagePullSecrets=[{"name": "s"}, {"name": "t"}]))
    world.settle()
    assert world.events()[-1] == (
        "FailedToRetrieveImagePullSecret",
        "Unable to retrieve some image pull secrets (s, t); attempting to pull the image may "
        "not succeed.",
    )
