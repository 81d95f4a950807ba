"""The two labs of the course, with real kubectls, as they stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.clients import labs
from tests.clients.kubectl import Kubectl

Give = Callable[[str], Kubectl]


@pytest.fixture(autouse=True)
def tidy(kubectl_of: Give) -> Iterator[None]:
    """Each lab starts and ends with an empty namespace."""
    yield
    kubectl_of("1.33")("delete", "pod,secret", "--all", "--grace-period=1")


def test_emptydir_lab(kubectl_of: Give) -> None:
    k = kubectl_of("1.33")
    k("create", "-f", k.write("pod-redis.yaml", labs.REDIS_POD))
    k("wait", "--for=condition=Ready", "pod/redis", "--timeout=30s")
    code, screen = k.type(
        ["exec", "-it", "redis", "--", "/bin/bash"],
        [
            ("root@redis:/data# ", "cd /data/redis\n"),
            ("root@redis:/data/redis# ", "echo Hello > test-file\n"),
            ("root@redis:/data/redis# ", "kill 1\n"),
        ],
    )
    assert code == 137
    assert "command terminated with exit code 137" in screen
    k("wait", "--for=jsonpath={.status.containerStatuses[0].restartCount}=1", "pod/redis")
    k("wait", "--for=condition=Ready", "pod/redis", "--timeout=30s")
    header, row = k("get", "pod", "redis").splitlines()
    assert header.split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert row.split()[:4] == ["redis", "1/1", "Running", "1"]
    code, screen = k.type(
        ["exec", "-it", "redis", "--", "/bin/bash"],
        [("root@redis:/data# ", "ls /data/redis\n"), ("root@redis:/data# ", "exit\n")],
    )
    assert code == 0
    assert "test-file" in screen
    assert k("exec", "redis", "--", "cat", "/data/redis/test-file") == "Hello\n"


def test_the_layer_of_a_container_does_not_survive_it(kubectl_of: Give) -> None:
    k = kubectl_of("1.33")
    k("apply", "-f", k.write("pod-redis.yaml", labs.REDIS_POD))
    k("wait", "--for=condition=Ready", "pod/redis", "--timeout=30s")
    k("exec", "redis", "--", "sh", "-c", "echo gone > /tmp/mark")
    k("exec", "redis", "--", "kill", "1")
    k("wait", "--for=jsonpath={.status.containerStatuses[0].restartCount}=1", "pod/redis")
    k("wait", "--for=condition=Ready", "pod/redis", "--timeout=30s")
    said = k("exec", "redis", "--", "cat", "/tmp/mark", code=1)
    assert "No such file or directory" in said


def test_secrets_lab(kubectl_of: Give) -> None:
    k = kubectl_of("1.33")
    k("create", "-f", k.write("secrets.yaml", labs.SECRET))
    k("create", "-f", k.write("secrets-pod.yaml", labs.SECRET_POD))
    k("wait", "--for=condition=Ready", "pod/secret-test-pod", "--timeout=30s")
    _, row = k("get", "pod", "secret-test-pod").splitlines()
    assert row.split()[:4] == ["secret-test-pod", "1/1", "Running", "0"]
    code, screen = k.type(
        ["exec", "-it", "secret-test-pod", "--", "/bin/bash"],
        [
            ("root@secret-test-pod:/# ", "cd /etc/secret-volume/\n"),
            ("root@secret-test-pod:/etc/secret-volume# ", "ls\n"),
            ("root@secret-test-pod:/etc/secret-volume# ", "exit\n"),
        ],
    )
    assert code == 0
    assert "password  username" in screen


def test_an_old_kubectl_does_all_but_exec(kubectl_of: Give) -> None:
    k = kubectl_of("1.27")
    k("apply", "-f", k.write("pod-redis.yaml", labs.REDIS_POD))
    k("apply", "-f", k.write("secrets.yaml", labs.SECRET))
    k("wait", "--for=condition=Ready", "pod/redis", "--timeout=30s")
    assert "Ready to accept connections" in k("logs", "redis")
    assert "redis-storage" in k("describe", "pod", "redis")
    assert "WebSocket" in k("exec", "redis", "--", "ls", code=1)
    assert 'secret "test-secret" deleted' in k("delete", "secret", "test-secret")


def test_a_pod_that_asks_for_too_much_waits_and_says_why(kubectl_of: Give) -> None:
    k = kubectl_of("1.33")
    k("run", "greedy", "--image=nginx", "--overrides", _resources("64"))
    k("wait", "--for=condition=PodScheduled=false", "pod/greedy", "--timeout=20s")
    said = k("describe", "pod", "greedy")
    assert "0/3 nodes are available: 3 Insufficient cpu." in said


def _resources(cpu: str) -> str:
    container = f'{{"name":"greedy","image":"nginx","resources":{{"requests":{{"cpu":"{cpu}"}}}}}}'
    return f'{{"apiVersion":"v1","spec":{{"containers":[{container}]}}}}'
