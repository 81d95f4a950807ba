"""What a pod counts for."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.resources import (
    amounts,
    bound_requests,
    is_scalar,
    nonzero_requests,
    requests,
)

MIB = 1024 * 1024


def container(name: str = "c", restart: str = "", **asked: str) -> Object:
    made: Object = {"name": name, "resources": {"requests": asked} if asked else {}}
    if restart:
        made["restartPolicy"] = restart
    return made


def pod(*containers: Object, init: list[Object] | None = None, **spec: Any) -> Object:
    return {"spec": {"containers": list(containers), "initContainers": init or [], **spec}}


@pytest.mark.parametrize(
    ("made", "cpu", "memory"),
    [
        pytest.param(pod(container()), 0, 0, id="nothing asked for is nothing"),
        pytest.param(
            pod(container(cpu="100m", memory="64Mi"), container(cpu="200m")),
            300,
            64 * MIB,
            id="containers add up",
        ),
        pytest.param(
            pod(container(cpu="1"), init=[container(cpu="3"), container(cpu="2")]),
            3000,
            0,
            id="init containers run one after the other, the largest counts",
        ),
        pytest.param(
            pod(container(cpu="1"), init=[container("s", "Always", cpu="500m")]),
            1500,
            0,
            id="a sidecar runs beside the containers",
        ),
        pytest.param(
            pod(
                container(cpu="1"),
                init=[container("s", "Always", cpu="1"), container(cpu="1500m")],
            ),
            2500,
            0,
            id="an init container runs beside the sidecars started before it",
        ),
        pytest.param(
            pod(
                container(cpu="1"),
                init=[container(cpu="1500m"), container("s", "Always", cpu="700m")],
            ),
            1700,
            0,
            id="but not beside those started after it",
        ),
        pytest.param(
            pod(container(cpu="1"), overhead={"cpu": "250m", "memory": "1Mi"}),
            1250,
            MIB,
            id="overhead comes on top",
        ),
        pytest.param(
            pod(container(cpu="1"), resources={"requests": {"cpu": "3"}}),
            3000,
            0,
            id="what is asked for at pod level replaces the sum",
        ),
        pytest.param(
            pod(container(cpu="0.1m"), container(cpu="0.1m")),
            1,
            0,
            id="sums are exact and rounded up once",
        ),
    ],
)
def test_requests(made: Object, cpu: int, memory: int) -> None:
    found = requests(made)
    assert (found.get("cpu", 0), found.get("memory", 0)) == (cpu, memory)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(pod(container()), (100, 200 * MIB), id="the default"),
        pytest.param(
            pod(container(cpu="0", memory="1Mi")), (0, MIB), id="an explicit zero stays zero"
        ),
        pytest.param(pod(container(cpu="1"), container()), (1100, 400 * MIB), id="per container"),
        pytest.param(
            pod(container(), resources={"requests": {"cpu": "2"}}),
            (2000, 200 * MIB),
            id="no default for what is asked for at pod level",
        ),
    ],
)
def test_nonzero_requests(made: Object, expected: tuple[int, int]) -> None:
    assert nonzero_requests(made) == expected


def test_least_allocated_scoring_overlooks_what_is_asked_for_at_pod_level() -> None:
    made = pod(container(), resources={"requests": {"cpu": "2"}})
    assert nonzero_requests(made, is_pod_level=False) == (100, 200 * MIB)


@pytest.mark.parametrize(
    ("status", "cpu"),
    [
        pytest.param({}, 1000, id="without a status the spec counts"),
        pytest.param(
            {"containerStatuses": [{"name": "c", "allocatedResources": {"cpu": "2"}}]},
            2000,
            id="what is still allocated counts while it is more",
        ),
        pytest.param(
            {
                "containerStatuses": [
                    {"name": "c", "resources": {"requests": {"cpu": "3"}}},
                ]
            },
            3000,
            id="what is in force counts while it is more",
        ),
        pytest.param(
            {
                "conditions": [{"type": "PodResizePending", "reason": "Infeasible"}],
                "containerStatuses": [{"name": "c", "allocatedResources": {"cpu": "500m"}}],
            },
            500,
            id="an infeasible resize does not count",
        ),
    ],
)
def test_bound_requests(status: Object, cpu: int) -> None:
    made = {**pod(container(cpu="1")), "status": status}
    assert bound_requests(made)[0]["cpu"] == cpu


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("example.com/gpu", True),
        ("hugepages-2Mi", True),
        ("attachable-volumes-aws-ebs", True),
        ("requests.cpu", False),
        ("cpu", False),
        ("storage", False),
    ],
)
def test_scalars_are_extended_resources_and_huge_pages(name: str, expected: bool) -> None:
    assert is_scalar(name) is expected


def test_amounts_leave_out_what_is_not_counted() -> None:
    assert amounts({"cpu": "1500m", "pods": "110", "storage": "1Gi", "memory": "0"}) == {
        "cpu": 1500,
        "pods": 110,
    }
