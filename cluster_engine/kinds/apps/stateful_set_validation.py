"""Problems of stateful sets.

Models: ValidateStatefulSet in k8s.io/kubernetes/pkg/apis/apps/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.apps.pod_templates import (
    check_labels,
    check_runs_on,
    check_same_selector,
    check_selector,
    selector_of,
)
from cluster_engine.kinds.checks import (
    annotation_names,
    bounded_counts,
    dns_label,
    int_or_percent,
    is_nothing,
    labels,
    non_negative,
    not_decremented,
    not_over_100_percent,
    unchanged,
)
from cluster_engine.kinds.core.claim_validation import check_claim_spec
from cluster_engine.kinds.core.pod.annotations import check_annotations
from cluster_engine.kinds.core.pod.template import check_template
from cluster_engine.kinds.internal import internal, internal_list

_PODS = ("OrderedReady", "Parallel")
_RETENTION = ("Retain", "Delete")
_TEMPLATE = "spec.template"
_COUNTS = (
    "replicas",
    "readyReplicas",
    "currentReplicas",
    "updatedReplicas",
    "availableReplicas",
    "observedGeneration",
    "collisionCount",
)
_PARTS = ("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new stateful set."""
    return _problems_of(obj.get("spec") or {}, is_new=True, with_template=True)


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Selector, claims, service and order stay. A template that was wrong may stay so."""
    after, before = (obj.get("spec") or {} for obj in (new, old))
    is_right = not _problems_of(before, is_new=False, with_template=True)
    problems = _problems_of(after, is_new=False, with_template=is_right)
    check_same_selector(problems, new, old)
    field = "volumeClaimTemplates"
    if (after.get(field) or None) != (before.get(field) or None):
        shown = internal_list("core", "PersistentVolumeClaim", after.get(field))
        problems.append(invalid_value(f"spec.{field}", shown, "field is immutable"))
    for field in ("serviceName", "podManagementPolicy"):
        unchanged(problems, f"spec.{field}", after.get(field, ""), before.get(field, ""))
    return problems


def _problems_of(spec: Object, *, is_new: bool, with_template: bool) -> list[FieldError]:
    problems: list[FieldError] = []
    _check_words(problems, spec)
    if is_new:
        for position, claim in enumerate(spec.get("volumeClaimTemplates") or ()):
            at = f"spec.volumeClaimTemplates[{position}].spec"
            check_claim_spec(problems, at, claim.get("spec") or {})
    non_negative(problems, "spec.replicas", spec.get("replicas"))
    non_negative(problems, "spec.minReadySeconds", spec.get("minReadySeconds"))
    non_negative(problems, "spec.ordinals.start", (spec.get("ordinals") or {}).get("start"))
    if is_new and spec.get("serviceName"):
        dns_label(problems, "spec.serviceName", spec["serviceName"])
    check_selector(problems, spec, "statefulset")
    selector = selector_of(problems, spec, "")
    template = spec.get("template") or {}
    if selector is not None:
        check_labels(problems, template, selector)
        _check_template(problems, spec, template, with_template)
    check_runs_on(problems, template, "StatefulSet")
    return problems


def _check_words(problems: list[FieldError], spec: Object) -> None:
    policy = spec.get("podManagementPolicy", "")
    if not policy:
        problems.append(required("spec.podManagementPolicy"))
    elif policy not in _PODS:
        text = "must be 'OrderedReady' or 'Parallel'"
        problems.append(invalid_value("spec.podManagementPolicy", policy, text))
    _check_strategy(problems, "spec.updateStrategy", spec.get("updateStrategy") or {})
    retention = spec.get("persistentVolumeClaimRetentionPolicy")
    if retention is not None:
        for field in ("whenDeleted", "whenScaled"):
            if retention.get(field, "") not in _RETENTION:
                at = f"spec.persistentVolumeClaimRetentionPolicy.{field}"
                problems.append(not_supported(at, retention.get(field, ""), _RETENTION))


def _check_strategy(problems: list[FieldError], path: str, strategy: Object) -> None:
    type_, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    if not type_:
        problems.append(required(path))
    elif type_ == "OnDelete":
        if rolling is not None:
            shown = internal("apps", "RollingUpdateStatefulSetStrategy", rolling)
            text = "only allowed for updateStrategy 'RollingUpdate'"
            problems.append(invalid_value(f"{path}.rollingUpdate", shown, text))
    elif type_ == "RollingUpdate":
        if rolling is not None:
            _check_rolling(problems, f"{path}.rollingUpdate", rolling)
    else:
        shown = internal("apps", "StatefulSetUpdateStrategy", strategy)
        text = "must be 'RollingUpdate' or 'OnDelete'"
        problems.append(invalid_value(path, shown, text))


def _check_rolling(problems: list[FieldError], path: str, rolling: Object) -> None:
    non_negative(problems, f"{path}.partition", rolling.get("partition"))
    unavailable, at = rolling.get("maxUnavailable"), f"{path}.maxUnavailable"
    if unavailable is not None:
        int_or_percent(problems, at, unavailable)
        if is_nothing(unavailable):
            problems.append(invalid_value(at, unavailable, "cannot be 0"))
        not_over_100_percent(problems, at, unavailable)


def _check_template(
    problems: list[FieldError], spec: Object, template: Object, with_template: bool
) -> None:
    """The template with the volumes that the claims make; the set names its pods itself."""
    pod = {
        name: value
        for name, value in (template.get("spec") or {}).items()
        if name not in ("hostname", "subdomain")
    }
    claims = [
        (claim.get("metadata") or {}).get("name", "")
        for claim in spec.get("volumeClaimTemplates") or ()
    ]
    if claims:
        made = [
            {"name": name, "persistentVolumeClaim": {"claimName": name}}
            for name in dict.fromkeys(claims)
        ]
        kept = [one for one in pod.get("volumes") or () if one.get("name", "") not in claims]
        pod["volumes"] = [*made, *kept]
    if with_template:
        check_template(problems, _TEMPLATE, {**template, "spec": pod})
    metadata = template.get("metadata") or {}
    labels(problems, f"{_TEMPLATE}.labels", metadata.get("labels"))
    if metadata.get("annotations"):
        at = f"{_TEMPLATE}.annotations"
        annotation_names(problems, at, metadata["annotations"])
        check_annotations(problems, at, metadata["annotations"], pod)


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Counts that fit each other."""
    problems: list[FieldError] = []
    status, before = new.get("status") or {}, old.get("status") or {}
    for field in _COUNTS:
        non_negative(problems, f"status.{field}", status.get(field))
    bounded_counts(problems, status, _PARTS)
    bounded_counts(
        problems, status, ("availableReplicas",), "readyReplicas", "status.readyReplicas"
    )
    field = "collisionCount"
    not_decremented(problems, f"status.{field}", status.get(field), before.get(field))
    return problems
