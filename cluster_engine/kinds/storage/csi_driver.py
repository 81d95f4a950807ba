"""The CSIDriver kind.

Models: k8s.io/kubernetes/pkg/apis/storage/v1/defaults.go, pkg/registry/storage/csidriver
(v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import unchanged
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.preparation import count_generation

COLUMNS = (
    NAME,
    Column("AttachRequired", "boolean", described_by="storage.v1.CSIDriverSpec.attachRequired"),
    Column("PodInfoOnMount", "boolean", described_by="storage.v1.CSIDriverSpec.podInfoOnMount"),
    Column("StorageCapacity", "boolean", described_by="storage.v1.CSIDriverSpec.storageCapacity"),
    Column("TokenRequests", described_by="storage.v1.CSIDriverSpec.tokenRequests"),
    Column(
        "RequiresRepublish", "boolean", described_by="storage.v1.CSIDriverSpec.requiresRepublish"
    ),
    Column("Modes", described_by="storage.v1.CSIDriverSpec.volumeLifecycleModes"),
    AGE,
)

_DEFAULTS = (
    ("attachRequired", True),
    ("podInfoOnMount", False),
    ("storageCapacity", False),
    ("fsGroupPolicy", "ReadWriteOnceWithFSType"),
    ("requiresRepublish", False),
    ("seLinuxMount", False),
    ("preventPodSchedulingIfMissing", False),
)

_REQUIRED = (
    ("attachRequired", "attachedRequired"),
    ("podInfoOnMount", "podInfoOnMount"),
    ("storageCapacity", "storageCapacity"),
)
_GROUP_POLICIES = ("File", "None", "ReadWriteOnceWithFSType")
_MODES = ("Persistent", "Ephemeral")
_PERIOD_SECONDS_MIN = 10
_TOKEN_SECONDS_MIN = 600


def default(obj: Object) -> None:
    """Volumes are attached and persistent."""
    spec = obj.setdefault("spec", {})
    for name, value in _DEFAULTS:
        if spec.get(name) is None:
            spec[name] = value
    if not spec.get("volumeLifecycleModes"):
        spec["volumeLifecycleModes"] = ["Persistent"]


def prepare(new: Object, old: Object | None) -> None:
    """Changes of the spec are counted, from none."""
    if old is not None:
        count_generation(new, old, "spec")


def validate(obj: Object) -> list[FieldError]:
    """Answers to every question, and tokens that can be."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    problems.extend(
        required(f"spec.{shown}") for field, shown in _REQUIRED if spec.get(field) is None
    )
    policy = spec.get("fsGroupPolicy")
    if policy is not None and policy not in _GROUP_POLICIES:
        problems.append(not_supported("spec.fsGroupPolicy", policy, _GROUP_POLICIES))
    requests = spec.get("tokenRequests") or ()
    _check_tokens(problems, "spec.tokenRequests", requests)
    for mode in spec.get("volumeLifecycleModes") or ():
        if mode not in _MODES:
            problems.append(not_supported("spec.volumeLifecycleModes", mode, _MODES))
    if spec.get("seLinuxMount") is None:
        problems.append(required("spec.seLinuxMount"))
    period = spec.get("nodeAllocatableUpdatePeriodSeconds")
    if period is not None and period < _PERIOD_SECONDS_MIN:
        at = "spec.nodeAllocatableUpdatePeriodSeconds"
        text = f"must be greater than or equal to {_PERIOD_SECONDS_MIN} seconds"
        problems.append(invalid_value(at, period, text))
    in_secrets = spec.get("serviceAccountTokenInSecrets")
    if in_secrets is not None and not requests:
        text = "serviceAccountTokenInSecrets is set but no tokenRequests are specified"
        problems.append(invalid_value("spec.serviceAccountTokenInSecrets", in_secrets, text))
    if spec.get("preventPodSchedulingIfMissing") is None:
        problems.append(required("spec.preventPodSchedulingIfMissing"))
    return problems


def _check_tokens(problems: list[FieldError], path: str, requests: Sequence[Object]) -> None:
    seen = set()
    for position, request in enumerate(requests):
        at, audience = f"{path}[{position}]", request.get("audience", "")
        if audience in seen:
            problems.append(duplicate(f"{at}.audience", audience))
            continue
        seen.add(audience)
        seconds = request.get("expirationSeconds")
        if seconds is not None and seconds < _TOKEN_SECONDS_MIN:
            text = "may not specify a duration less than 10 minutes"
            problems.append(invalid_value(f"{at}.expirationSeconds", seconds, text))
        if seconds is not None and seconds > 2**32:
            text = "may not specify a duration larger than 2^32 seconds"
            problems.append(invalid_value(f"{at}.expirationSeconds", seconds, text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """How volumes are attached and live stays."""
    problems = validate(new)
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    for field, shown in (
        ("attachRequired", "attachedRequired"),
        ("volumeLifecycleModes", "volumeLifecycleModes"),
    ):
        unchanged(problems, f"spec.{shown}", spec.get(field), before.get(field))
    return problems


def warn(new: Object, old: Object | None) -> list[str]:
    """Of tokens that may show up in logs."""
    spec, before = new.get("spec") or {}, (old or {}).get("spec") or {}
    requests = spec.get("tokenRequests")
    is_new = old is None or requests != before.get("tokenRequests")
    if not requests or not is_new or spec.get("serviceAccountTokenInSecrets") is not None:
        return []
    return [
        "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true "
        "to prevent possible logging of tokens in volume attributes"
    ]


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    attach, requests = spec.get("attachRequired"), spec.get("tokenRequests")
    audiences = ",".join(one.get("audience", "") for one in requests or ())
    return [
        obj["metadata"]["name"],
        True if attach is None else attach,
        bool(spec.get("podInfoOnMount")),
        bool(spec.get("storageCapacity")),
        "<unset>" if requests is None else audiences,
        bool(spec.get("requiresRepublish")),
        ",".join(spec.get("volumeLifecycleModes") or ()) or "<none>",
        age(obj, now_ms),
    ]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="CSIDriver",
    plural="csidrivers",
    singular="csidriver",
    namespaced=False,
    default=default,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    prepare=prepare,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
