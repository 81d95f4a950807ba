"""What a container is started with: environment, command, user, files."""

import base64

import pytest

from cluster_engine.kubelet.environment import expand, service_variables
from tests.engine.kubelet.world import World, pod


def spec_of(world, **container):
    shared = container.pop("pod", {})
    world.create(pod(containers=[{"name": "main", **container}], **shared))
    world.settle()
    return world.kernel.asked[0]


def test_variables_come_from_everywhere():
    world = World()
    config_map = {"metadata": {"name": "c", "namespace": "default"}, "data": {"K": "from map"}}
    world.create(config_map, "configmaps")
    encoded = base64.b64encode(b"from secret").decode()
    secret = {"metadata": {"name": "s", "namespace": "default"}, "data": {"P": encoded}}
    world.create(secret, "secrets")
    env = [
        {"name": "PLAIN", "value": "x"},
        {"name": "BOTH", "value": "$(PLAIN)-$(PRE_K)-$(NONE)-$$(PLAIN)"},
        {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "P"}}},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        {"name": "LABEL", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
        {"name": "MEM", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}},
        {
            "name": "GONE",
            "valueFrom": {"configMapKeyRef": {"name": "x", "key": "y", "optional": True}},
        },
        {"name": "EMPTY"},
    ]
    sources = [{"prefix": "PRE_", "configMapRef": {"name": "c"}}, {"secretRef": {"name": "s"}}]
    found = spec_of(world, env=env, envFrom=sources).environment
    assert found["PRE_K"] == "from map" and found["P"] == "from secret"
    assert found["BOTH"] == "x-from map-$(NONE)-$(PLAIN)"
    assert found["SECRET"] == "from secret"
    assert (found["IP"], found["NODE"], found["LABEL"]) == ("10.244.0.2", "node-1", "")
    assert found["MEM"] == str(16 * 1024**3)
    assert "GONE" not in found and found["EMPTY"] == ""
    assert found["IMAGE"] == "yes" and found["HOSTNAME"] == "a"


def test_services_of_the_namespace_are_told():
    world = World()
    service = {
        "metadata": {"name": "my-web", "namespace": "default"},
        "spec": {"clusterIP": "10.96.0.9", "ports": [{"name": "http", "port": 80}]},
    }
    world.create(service, "services")
    assert spec_of(world).environment["MY_WEB_SERVICE_HOST"] == "10.96.0.9"


def test_variables_of_a_service():
    spec = {
        "clusterIP": "10.0.0.1",
        "ports": [{"name": "p", "port": 80}, {"name": "q-r", "port": 81, "protocol": "UDP"}],
    }
    assert service_variables({"metadata": {"name": "db"}, "spec": spec}) == {
        "DB_SERVICE_HOST": "10.0.0.1",
        "DB_SERVICE_PORT": "80",
        "DB_SERVICE_PORT_P": "80",
        "DB_SERVICE_PORT_Q_R": "81",
        "DB_PORT": "tcp://10.0.0.1:80",
        "DB_PORT_80_TCP": "tcp://10.0.0.1:80",
        "DB_PORT_80_TCP_PROTO": "tcp",
        "DB_PORT_80_TCP_PORT": "80",
        "DB_PORT_80_TCP_ADDR": "10.0.0.1",
        "DB_PORT_81_UDP": "udp://10.0.0.1:81",
        "DB_PORT_81_UDP_PROTO": "udp",
        "DB_PORT_81_UDP_PORT": "81",
        "DB_PORT_81_UDP_ADDR": "10.0.0.1",
    }
    assert service_variables({"metadata": {"name": "n"}, "spec": {"clusterIP": "None"}}) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("$(A)", "1"), ("$(B)", "$(B)"), ("$$(A)", "$(A)"), ("$A", "$A"), ("a$(A)b$(A)", "a1b1")],
)
def test_expand(text, expected):
    assert expand(text, {"A": "1"}) == expected


def doubling(count):
    """Variables of which each says the one before it twice."""
    first = {"name": "A0", "value": "xx"}
    rest = [{"name": f"A{n}", "value": f"$(A{n - 1})$(A{n - 1})"} for n in range(1, count)]
    return [first, *rest]


@pytest.mark.parametrize(
    ("container", "message"),
    [
        ({"env": doubling(40)}, "argument list too long: $(A16) expands beyond 128 KiB"),
        (
            {"env": [*doubling(15), *({"name": f"B{n}", "value": "$(A14)"} for n in range(80))]},
            "argument list too long: the variables exceed 2 MiB",
        ),
        (
            {"env": doubling(15), "args": ["$(A14)"] * 80},
            "argument list too long: the command line exceeds 2 MiB",
        ),
    ],
    ids=["one text", "all variables", "the command line"],
)
def test_variables_cannot_grow_beyond_what_a_program_is_given(container, message):
    world = World()
    world.create(pod(containers=[{"name": "main", **container}]))
    world.settle()
    waiting = world.container()["state"]["waiting"]
    assert (waiting["reason"], waiting["message"]) == ("CreateContainerConfigError", message)


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ({}, ("/entrypoint.sh", "serve")),
        ({"args": ["x"]}, ("/entrypoint.sh", "x")),
        ({"command": ["sh"]}, ("sh",)),
        ({"command": ["sh"], "args": ["-c", "echo $(A)"]}, ("sh", "-c", "echo 1")),
    ],
    ids=["the image's", "args replace cmd", "command replaces both", "command and args"],
)
def test_command_lines(container, expected):
    world = World()
    assert spec_of(world, env=[{"name": "A", "value": "1"}], **container).command == expected


@pytest.mark.parametrize(
    ("shared", "own", "image", "expected"),
    [
        ({}, {}, "", (0, 0)),
        ({"runAsUser": 1000}, {}, "", (1000, 0)),
        ({"runAsUser": 1000, "runAsGroup": 5}, {"runAsUser": 7}, "", (7, 5)),
        ({}, {}, "101:102", (101, 102)),
        ({}, {}, "redis", (999, 1000)),
    ],
    ids=[
        "root",
        "the pod's user",
        "the container's user",
        "the image's user by number",
        "the image's user by name",
    ],
)
def test_users(shared, own, image, expected):
    world = World()
    world.catalogue.user = image
    found = spec_of(world, securityContext=own, pod={"securityContext": shared})
    assert (found.uid, found.gid) == expected


def test_a_container_that_must_not_run_as_root_is_not_started_as_root():
    world = World()
    world.create(pod(securityContext={"runAsNonRoot": True}))
    world.settle()
    waiting = world.container()["state"]["waiting"]
    uid = world.pod()["metadata"]["uid"]
    assert waiting["reason"] == "CreateContainerConfigError"
    assert waiting["message"] == (
        "container has runAsNonRoot and image will run as root "
        f'(pod: "a_default({uid})", container: main)'
    )


def test_files_that_the_kubelet_manages():
    world = World()
    aliases = [{"ip": "1.2.3.4", "hostnames": ["x", "y"]}]
    shared = {"hostAliases": aliases, "hostname": "h", "subdomain": "sub"}
    found = spec_of(world, pod=shared)
    hosts = found.files["/etc/hosts"].data.decode()
    assert hosts.startswith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n")
    assert "10.244.0.2\th.sub.default.svc.cluster.local\th\n" in hosts
    assert hosts.endswith("\n# Entries added by HostAliases.\n1.2.3.4\tx\ty\n")
    assert found.files["/etc/resolv.conf"].data.decode() == (
        "search default.svc.cluster.local svc.cluster.local cluster.local\n"
        "nameserver 10.96.0.10\noptions ndots:5\n"
    )
    assert found.hostname == "h"


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        ({"dnsPolicy": "Default"}, "nameserver 172.18.0.1\noptions edns0 trust-ad ndots:0\n"),
        (
            {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["1.1.1.1"], "searches": ["x.y"]}},
            "search x.y\nnameserver 1.1.1.1\n",
        ),
        (
            {"dnsConfig": {"options": [{"name": "ndots", "value": "2"}]}},
            "search default.svc.cluster.local svc.cluster.local cluster.local\n"
            "nameserver 10.96.0.10\noptions ndots:2\n",
        ),
    ],
    ids=["the node's own", "only what the pod says", "the cluster's with an option"],
)
def test_resolver_files(shared, expected):
    assert spec_of(World(), pod=shared).files["/etc/resolv.conf"].data.decode() == expected


def test_limits_and_flags_are_passed_on():
    limits = {"cpu": "500m", "memory": "64Mi"}
    found = spec_of(
        World(),
        resources={"limits": limits},
        securityContext={"readOnlyRootFilesystem": True, "privileged": True},
        stdin=True,
        tty=True,
        workingDir="/w",
    )
    assert (found.cpu_limit_milli, found.memory_limit_bytes) == (500, 64 * 1024**2)
    assert found.is_read_only_root and found.is_privileged and found.has_stdin and found.has_tty
    assert found.working_dir == "/w"
