"""Texts as Go prints them, names of images, sums of resources, back-off."""

import pytest

from cluster_engine.kubelet.backoff import Backoff
from cluster_engine.kubelet.references import full_name, problem
from cluster_engine.kubelet.resources import pod_total, qos_class
from cluster_engine.kubelet.texts import aggregated, duration, format_map, listed


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (0, "0s"),
        (350, "350ms"),
        (1_000, "1s"),
        (1_500, "1.5s"),
        (2_165, "2.165s"),
        (10_000, "10s"),
        (80_000, "1m20s"),
        (300_000, "5m0s"),
        (3_661_500, "1h1m1.5s"),
    ],
)
def test_durations(milliseconds, expected):
    assert duration(milliseconds) == expected


def test_lists_maps_and_errors():
    assert listed(["a", "b"]) == "[a b]"
    assert format_map({"b": 'say "x"', "a": "1"}) == 'a="1"\nb="say \\"x\\""'
    assert format_map(None) == ""
    assert aggregated(["one"]) == "one"
    assert aggregated(["one", "two", "one"]) == "[one, two]"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("bitnami/redis", "docker.io/bitnami/redis:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest"),
        ("registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10"),
        ("localhost:5000/x", "localhost:5000/x:latest"),
        (f"nginx@sha256:{'a' * 64}", f"docker.io/library/nginx@sha256:{'a' * 64}"),
    ],
)
def test_full_names(image, expected):
    assert full_name(image) == expected
    assert problem(image) == ""


@pytest.mark.parametrize("image", ["", "a b", "x:", "-x", "x/", "Nginx", "a" * 64, "x@sha256:12"])
def test_names_that_are_none(image):
    assert problem(image).startswith(f'couldn\'t parse image name "{image}": ')


def container(**requests):
    return {"name": "c", "resources": {"requests": requests}}


def sidecar(**requests):
    return {**container(**requests), "restartPolicy": "Always"}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"containers": [container(cpu="1")]}, {"cpu": "1"}),
        (
            {"containers": [container(cpu="1"), container(cpu="500m", memory="1Gi")]},
            {"cpu": "1500m", "memory": "1Gi"},
        ),
        (
            {"containers": [container(cpu="1")], "initContainers": [container(cpu="3")]},
            {"cpu": "3"},
        ),
        (
            {
                "containers": [container(cpu="1")],
                "initContainers": [sidecar(cpu="1"), container(cpu="2")],
            },
            {"cpu": "3"},
        ),
        (
            {"containers": [container(cpu="1")], "resources": {"requests": {"cpu": "4"}}},
            {"cpu": "4"},
        ),
        ({"containers": [container(cpu="1")], "overhead": {"cpu": "250m"}}, {"cpu": "1250m"}),
    ],
    ids=[
        "one container",
        "a sum",
        "a larger init container",
        "an init container beside a sidecar",
        "the pod's own",
        "with overhead",
    ],
)
def test_requests_of_pods(spec, expected):
    assert pod_total(spec, "requests") == expected


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({}, "BestEffort"),
        ({"requests": {"cpu": "1"}}, "Burstable"),
        ({"limits": {"cpu": "1", "memory": "1Gi"}}, "Guaranteed"),
        (
            {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m", "memory": "1Gi"}},
            "Burstable",
        ),
    ],
    ids=["nothing asked", "a request", "limits alone", "less than the limits"],
)
def test_quality_of_service(resources, expected):
    assert qos_class({"spec": {"containers": [{"name": "c", "resources": resources}]}}) == expected


def test_waits_double_up_to_five_minutes_and_start_again_after_ten_quiet_ones():
    backoff, now_ms, waits = Backoff(), 0, []
    for _ in range(7):
        backoff.next(now_ms, now_ms)
        waits.append(backoff.delay_ms // 1000)
        assert backoff.is_waiting(now_ms, now_ms + backoff.delay_ms - 1)
        assert not backoff.is_waiting(now_ms, now_ms + backoff.delay_ms)
        now_ms += backoff.delay_ms
    assert waits == [10, 20, 40, 80, 160, 300, 300]
    backoff.next(now_ms + 600_001, now_ms + 600_001)
    assert backoff.delay_ms == 10_000
