"""Selectors and templates of the kinds that keep pods running.

Models: ValidatePodTemplateSpecForReplicaSet and its kin in
k8s.io/kubernetes/pkg/apis/apps/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, SelectorError, from_label_selector
from cluster_engine.kinds.checks import IMMUTABLE, label_selector
from cluster_engine.kinds.core.pod.template import check_template
from cluster_engine.kinds.internal import LABEL_SELECTOR, published, sorted_map

_SELECTOR, _TEMPLATE = "spec.selector", "spec.template"
_MISMATCH = "`selector` does not match template `labels`"


def check_selector(problems: list[FieldError], spec: Object, kind: str) -> None:
    """A selector that is there and selects less than everything."""
    selector = spec.get("selector")
    if selector is None:
        problems.append(required(_SELECTOR))
        return
    label_selector(problems, _SELECTOR, selector)
    check_not_empty(problems, selector, kind)


def check_not_empty(problems: list[FieldError], selector: Object, kind: str) -> None:
    """`kind` is what upstream calls the kind in the text."""
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        text = f"empty selector is invalid for {kind}"
        shown = published(LABEL_SELECTOR, selector)
        problems.append(invalid_value(_SELECTOR, shown, text))


def selector_of(problems: list[FieldError], spec: Object, text: str) -> Selector | None:
    """What is selected; a problem with that text when it cannot be told."""
    try:
        return from_label_selector(spec.get("selector"))
    except SelectorError:
        shown = published(LABEL_SELECTOR, spec.get("selector"))
        problems.append(invalid_value(_SELECTOR, shown, text))
        return None


def check_labels(problems: list[FieldError], template: Object, selector: Selector) -> None:
    """The selector selects the pods that the template makes."""
    labels = (template.get("metadata") or {}).get("labels")
    if not selector.matches(labels):
        at = f"{_TEMPLATE}.metadata.labels"
        problems.append(invalid_value(at, sorted_map(labels), _MISMATCH))


def check_replicated(problems: list[FieldError], spec: Object) -> None:
    """The selector and template of a ReplicaSet or Deployment."""
    check_selector(problems, spec, "deployment")
    selector = selector_of(problems, spec, "invalid label selector")
    if selector is None:
        return
    template = spec.get("template") or {}
    check_labels(problems, template, selector)
    check_template(problems, _TEMPLATE, template)
    check_runs_on(problems, template, "ReplicaSet")


def check_same_selector(problems: list[FieldError], new: Object, old: Object) -> None:
    """The selector stays."""
    after, before = ((obj.get("spec") or {}).get("selector") for obj in (new, old))
    if after != before:
        shown = published(LABEL_SELECTOR, after)
        problems.append(invalid_value(_SELECTOR, shown, IMMUTABLE))


def check_runs_on(problems: list[FieldError], template: Object, kind: str) -> None:
    """Pods that are restarted for ever."""
    pod = template.get("spec") or {}
    if pod.get("restartPolicy") != "Always":
        at = f"{_TEMPLATE}.spec.restartPolicy"
        problems.append(not_supported(at, pod.get("restartPolicy", ""), ("Always",)))
    if pod.get("activeDeadlineSeconds") is not None:
        text = f"activeDeadlineSeconds in {kind} is not Supported"
        problems.append(forbidden_field(f"{_TEMPLATE}.spec.activeDeadlineSeconds", text))
