"""Problems of jobs, also of those that cron jobs make.

Models: ValidateJobCreate, ValidateJobUpdate in k8s.io/kubernetes/pkg/apis/batch/validation
(v1.37.2).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cluster_engine.apimachinery.conditions import is_true
from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import is_dns1123_label, is_domain_prefixed_path
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.kinds.batch.job_policies import check_failure_policy, check_success_policy
from cluster_engine.kinds.checks import (
    IMMUTABLE,
    Problems,
    declared,
    label_selector,
    non_negative,
    unchanged,
    wrong,
)
from cluster_engine.kinds.core.pod.template import check_template
from cluster_engine.kinds.internal import LABEL_SELECTOR, internal, published, sorted_map

INDEXED = "Indexed"
_MODES = ("NonIndexed", INDEXED)
_REPLACEMENTS = ("Failed", "TerminatingOrFailed")
_RESTARTS = ("OnFailure", "Never")
_MANAGER_LENGTH_MAX = 63
_INDEXES_MAX = 100_000
_MANY_COMPLETIONS = 100_000
_MANY_MAX = 10_000
_COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_NEW_LABELS = {"uid": "batch.kubernetes.io/controller-uid", "name": "batch.kubernetes.io/job-name"}
_OLD_LABELS = {"uid": "controller-uid", "name": "job-name"}


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new job."""
    problems = Problems()
    spec = obj.get("spec") or {}
    _check_generated(problems, obj, spec, with_new=True)
    _check_whole(problems, spec)
    _check_name(problems, obj, spec)
    return problems.all()


def _check_generated(
    problems: list[FieldError], obj: Object, spec: Object, *, with_new: bool
) -> None:
    """The selector and labels that the server makes."""
    selector = spec.get("selector")
    if spec.get("manualSelector") or selector is None:
        return
    metadata = obj["metadata"]
    if not metadata.get("uid"):
        problems.append(required("metadata.uid"))
    held = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}
    expected: dict[str, str] = {}
    for labels in (_OLD_LABELS, _NEW_LABELS) if with_new else (_OLD_LABELS,):
        for field, label in labels.items():
            expected[label] = metadata.get(field, "")
            _check_label(problems, held, label, expected[label])
    with suppress(SelectorError):
        if not from_label_selector(selector).matches(expected):
            problems.append(
                invalid_value(
                    "spec.selector",
                    published(LABEL_SELECTOR, selector),
                    "`selector` not auto-generated",
                )
            )


def _check_label(
    problems: list[FieldError], held: dict[str, str], label: str, expected: str
) -> None:
    path = "spec.template.metadata.labels"
    if label not in held:
        problems.append(required(f"{path}[{label}]", f"must be '{expected}'"))
    elif held[label] != expected:
        problems.append(
            invalid_value(f"{path}[{label}]", sorted_map(held), f"must be '{expected}'")
        )


def _check_whole(problems: list[FieldError], spec: Object) -> None:
    check_job_spec(problems, "spec", spec)
    selector = spec.get("selector")
    if selector is None:
        problems.append(required("spec.selector"))
    else:
        label_selector(problems, "spec.selector", selector)
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    with suppress(SelectorError):
        if not from_label_selector(selector).matches(labels):
            text = "`selector` does not match template `labels`"
            at = "spec.template.metadata.labels"
            problems.append(invalid_value(at, sorted_map(labels), text))


def _check_name(problems: list[FieldError], obj: Object, spec: Object) -> None:
    completions, name = spec.get("completions") or 0, obj["metadata"].get("name", "")
    if spec.get("completionMode") != INDEXED or completions <= 0:
        return
    longest = f"{name}-{completions - 1}"
    if is_dns1123_label(longest):
        text = f"will not able to create pod with invalid DNS label: {longest}"
        problems.append(invalid_value("metadata.name", name, text))


def check_job_spec(problems: list[FieldError], path: str, spec: Object) -> None:
    """What holds for every job spec."""
    for field in _COUNTS:
        non_negative(problems, f"{path}.{field}", spec.get(field))
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        text = "when maxFailedIndexes is specified"
        declared(problems).append(required(f"{path}.backoffLimitPerIndex", text))
    manager = spec.get("managedBy")
    if manager is not None:
        wrong(problems, f"{path}.managedBy", manager, is_domain_prefixed_path(manager))
        if len(manager) > _MANAGER_LENGTH_MAX:
            problems.append(too_long(f"{path}.managedBy", _MANAGER_LENGTH_MAX))
    mode = spec.get("completionMode")
    if mode is not None and mode not in _MODES:
        problems.append(not_supported(f"{path}.completionMode", mode, _MODES))
    if mode == INDEXED:
        _check_indexed(problems, path, spec)
    elif mode in (None, _MODES[0]):
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if spec.get(field) is not None:
                text = "requires indexed completion mode"
                problems.append(invalid_value(f"{path}.{field}", spec[field], text))
    _check_policies(problems, path, spec)
    template = spec.get("template") or {}
    check_template(problems, f"{path}.template", template)
    _check_restarts(problems, f"{path}.template.spec.restartPolicy", spec, template)


def _check_indexed(problems: list[FieldError], path: str, spec: Object) -> None:
    completions, parallelism = spec.get("completions"), spec.get("parallelism") or 0
    failed = spec.get("maxFailedIndexes")
    if completions is None:
        text = f"when completion mode is {INDEXED}"
        problems.append(required(f"{path}.completions", text))
    if parallelism > _INDEXES_MAX:
        text = f"must be less than or equal to {_INDEXES_MAX} when completion mode is {INDEXED}"
        problems.append(invalid_value(f"{path}.parallelism", parallelism, text))
    if completions is not None and failed is not None and failed > completions:
        text = "must be less than or equal to completions"
        problems.append(invalid_value(f"{path}.maxFailedIndexes", failed, text))
    if failed is not None and failed > _INDEXES_MAX:
        text = f"must be less than or equal to {_INDEXES_MAX}"
        problems.append(invalid_value(f"{path}.maxFailedIndexes", failed, text))
    if (completions or 0) > _MANY_COMPLETIONS and spec.get("backoffLimitPerIndex") is not None:
        if failed is None:
            text = f"must be specified when completions is above {_MANY_COMPLETIONS}"
            problems.append(required(f"{path}.maxFailedIndexes", text))
        text = (
            f"must be less than or equal to {_MANY_MAX} when completions are above "
            f"{_MANY_COMPLETIONS} and used with backoff limit per index"
        )
        if parallelism > _MANY_MAX:
            problems.append(invalid_value(f"{path}.parallelism", parallelism, text))
        if failed is not None and failed > _MANY_MAX:
            problems.append(invalid_value(f"{path}.maxFailedIndexes", failed, text))


def _check_policies(problems: list[FieldError], path: str, spec: Object) -> None:
    if spec.get("podFailurePolicy") is not None:
        check_failure_policy(problems, f"{path}.podFailurePolicy", spec)
    success = spec.get("successPolicy")
    if success is not None:
        if spec.get("completionMode") != INDEXED:
            shown = internal("batch", "SuccessPolicy", success)
            text = "requires indexed completion mode"
            problems.append(invalid_value(f"{path}.successPolicy", shown, text))
        else:
            check_success_policy(problems, f"{path}.successPolicy", spec)
    replacement = spec.get("podReplacementPolicy")
    if replacement is not None:
        at = f"{path}.podReplacementPolicy"
        known = ("Failed",) if spec.get("podFailurePolicy") is not None else _REPLACEMENTS
        if replacement not in known:
            problems.append(not_supported(at, replacement, known))


def _check_restarts(problems: list[FieldError], path: str, spec: Object, template: Object) -> None:
    policy = (template.get("spec") or {}).get("restartPolicy", "")
    if policy in ("", "Always"):
        problems.append(required(path, 'valid values: "OnFailure", "Never"'))
    elif policy not in _RESTARTS:
        problems.append(not_supported(path, policy, _RESTARTS))
    elif spec.get("podFailurePolicy") is not None and policy != "Never":
        text = 'only "Never" is supported when podFailurePolicy is specified'
        problems.append(invalid_value(path, policy, text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change: what a job does stays, unless it has not begun."""
    problems = Problems()
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    _check_whole(problems, spec)
    _check_completions(problems, spec, before)
    if spec.get("selector") != before.get("selector"):
        shown = published(LABEL_SELECTOR, spec.get("selector"))
        problems.append(invalid_value("spec.selector", shown, IMMUTABLE))
    _check_template_change(problems, spec, old)
    for field, type_ in (
        ("completionMode", ""),
        ("podFailurePolicy", "PodFailurePolicy"),
        ("backoffLimitPerIndex", ""),
        ("managedBy", ""),
        ("successPolicy", "SuccessPolicy"),
    ):
        if spec.get(field) != before.get(field):
            held: Any = spec.get(field)
            shown = internal("batch", type_, held) if type_ else held
            problems.append(invalid_value(f"spec.{field}", shown, IMMUTABLE))
    _check_name(problems, new, spec)
    return problems.all()


def _check_completions(problems: list[FieldError], spec: Object, before: Object) -> None:
    new, old = spec.get("completions"), before.get("completions")
    if spec.get("completionMode") != INDEXED:
        unchanged(problems, "spec.completions", new, old)
    elif new is not None and new != old and new != spec.get("parallelism"):
        text = "can only be modified in tandem with spec.parallelism"
        problems.append(invalid_value("spec.completions", new, text))


def _check_template_change(problems: list[FieldError], spec: Object, old: Object) -> None:
    before, status = old.get("spec") or {}, old.get("status") or {}
    is_suspended = bool(before.get("suspend"))
    is_idle = status.get("startTime") is None or is_true(status.get("conditions"), "Suspended")
    is_open = is_suspended and is_idle and not status.get("active")
    template, held = spec.get("template") or {}, before.get("template") or {}
    if is_open:
        held = _with_directives(template, held)
    if not is_open:
        if template != held:
            shown = internal("core", "PodTemplateSpec", template)
            problems.append(invalid_value("spec.template", shown, IMMUTABLE))
        return
    pod, kept = template.get("spec") or {}, _with_resources(template, held.get("spec") or {})
    if pod != kept:
        shown = internal("core", "PodSpec", pod)
        problems.append(invalid_value("spec.template.spec", shown, IMMUTABLE))


def _with_directives(template: Object, held: Object) -> Object:
    """The old template with what the new one says about scheduling."""
    pod, old_pod = template.get("spec") or {}, dict(held.get("spec") or {})
    affinity, old_affinity = pod.get("affinity"), dict(old_pod.get("affinity") or {})
    old_affinity.pop("nodeAffinity", None)
    if affinity is not None and "nodeAffinity" in affinity:
        old_affinity["nodeAffinity"] = affinity["nodeAffinity"]
    old_pod["affinity"] = old_affinity
    if not old_affinity and affinity is None:
        del old_pod["affinity"]
    for field in ("nodeSelector", "tolerations", "schedulingGates"):
        old_pod.pop(field, None)
        if field in pod:
            old_pod[field] = pod[field]
    return {**template, "spec": old_pod}


def _with_resources(template: Object, held: Object) -> Object:
    """The old pod spec with the resources of the new one's containers."""
    pod, kept = template.get("spec") or {}, dict(held)
    for name in ("containers", "initContainers"):
        new, old = pod.get(name) or [], kept.get(name) or []
        if not old or len(new) != len(old):
            continue
        merged = []
        for one, other in zip(new, old, strict=True):
            container = dict(other)
            if one.get("name") == other.get("name"):
                container.pop("resources", None)
                if "resources" in one:
                    container["resources"] = one["resources"]
            merged.append(container)
        kept[name] = merged
    return kept
