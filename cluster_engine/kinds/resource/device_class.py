"""The DeviceClass kind.

Models: k8s.io/kubernetes/pkg/registry/resource/deviceclass (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.names import is_label_key
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, wrong
from cluster_engine.kinds.columns import AGE, NAME, name_and_age
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.resource.claim_validation import (
    CONFIGS_MAX,
    check_configuration,
    check_selectors,
)
from cluster_engine.kinds.resource.devices import GROUP
from cluster_engine.kinds.resource.lists import check_items

_NATIVE_DOMAIN = "kubernetes.io/"
_REQUESTS = "requests."


def validate(obj: Object) -> list[FieldError]:
    """Problems of a class."""
    problems, spec = Problems(), obj.get("spec") or {}
    check_selectors(problems, "spec.selectors", spec.get("selectors"))
    configs = spec.get("config")
    check_items(problems, "spec.config", configs, CONFIGS_MAX, check_configuration)
    name = spec.get("extendedResourceName")
    if name is not None:
        _check_resource_name(problems.declared, "spec.extendedResourceName", name)
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change."""
    del old
    return validate(new)


def _check_resource_name(problems: list[FieldError], path: str, name: str) -> None:
    if "/" not in name:
        text = "a name must be a domain-prefixed path, such as 'example.com/my-prop'"
        problems.append(invalid_value(path, name, text))
    elif _NATIVE_DOMAIN in name:
        text = f'must not have "{_NATIVE_DOMAIN}" domain'
        problems.append(invalid_value(path, name, text))
    if name.startswith(_REQUESTS):
        problems.append(invalid_value(path, name, f'must not have "{_REQUESTS}" prefix'))
    wrong(problems, path, name, is_label_key(f"{_REQUESTS}{name}"))


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="DeviceClass",
    plural="deviceclasses",
    singular="deviceclass",
    namespaced=False,
    validate=validate,
    validate_update=validate_update,
    has_generation=True,
    columns=(NAME, AGE),
    cells=name_and_age,
)
