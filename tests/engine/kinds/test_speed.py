"""What creating a pod may cost; the limits leave room for slow machines.

A thousand pods must go through everything in two seconds, so decoding, defaults and validation
together have a small part of two milliseconds.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

import pytest

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core.pod.defaults import default_pod
from cluster_engine.kinds.core.pod.validation import validate
from cluster_engine.schema.check import check
from tests.engine.kinds.judging import manifest, stored

ROUNDS = 300
USUAL = {
    "spec.containers[0].ports": [{"containerPort": 80, "name": "http"}],
    "spec.containers[0].env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
    "spec.containers[0].resources": {
        "requests": {"cpu": "100m", "memory": "64Mi"},
        "limits": {"cpu": "1", "memory": "128Mi"},
    },
    "spec.containers[0].readinessProbe": {"httpGet": {"path": "/", "port": 80}},
    "spec.containers[0].volumeMounts": [{"name": "config", "mountPath": "/etc/app"}],
    "spec.volumes": [{"name": "config", "configMap": {"name": "settings"}}],
}


def microseconds(call: Callable[[Object], object], objects: list[Object]) -> float:
    """The best time of one call."""
    best = float("inf")
    for obj in objects:
        begin = time.perf_counter()
        call(obj)
        best = min(best, time.perf_counter() - begin)
    return best * 1e6


STEPS: dict[str, tuple[Callable[[Object], object], Object, float]] = {
    "reading a pod": (
        lambda obj: check(obj, "", "v1", "Pod"),
        manifest("Pod", USUAL),
        300,
    ),
    "the defaults of a pod": (default_pod, manifest("Pod", USUAL), 120),
    "the rules for a pod": (validate, stored("Pod", USUAL), 300),
}


@pytest.mark.parametrize(("call", "obj", "limit"), STEPS.values(), ids=STEPS.keys())
def test_a_usual_pod_is_quick(call: Callable[[Object], object], obj: Object, limit: float) -> None:
    call(copy.deepcopy(obj))
    assert microseconds(call, [copy.deepcopy(obj) for _ in range(ROUNDS)]) < limit
