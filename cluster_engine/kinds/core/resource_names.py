"""Names and amounts of resources: cpu, memory, hugepages-2Mi, example.com/gpu.

Models: k8s.io/kubernetes/pkg/apis/core/helper/helpers.go and pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.names import is_qualified_name
from cluster_engine.apimachinery.quantity import Quantity, QuantityError, parse_quantity, value
from cluster_engine.kinds.checks import NEGATIVE

HUGE_PAGES = "hugepages-"
_REQUESTS = "requests."
_NATIVE_DOMAIN = "kubernetes.io/"
_CONTAINER = frozenset(("cpu", "memory", "ephemeral-storage"))
_COUNTED = frozenset(
    (
        "pods",
        "resourcequotas",
        "services",
        "replicationcontrollers",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "services.nodeports",
        "services.loadbalancers",
    )
)
_QUOTA = frozenset(
    (
        *_CONTAINER,
        *_COUNTED,
        "requests.cpu",
        "requests.memory",
        "requests.storage",
        "requests.ephemeral-storage",
        "limits.cpu",
        "limits.memory",
        "limits.ephemeral-storage",
    )
)
_STANDARD = frozenset((*_QUOTA, "storage"))
_NANO = 10**9


def is_huge_page(name: str) -> bool:
    """Memory in large pages, such as hugepages-2Mi."""
    return name.startswith(HUGE_PAGES)


def is_native(name: str) -> bool:
    """A resource of Kubernetes itself."""
    return "/" not in name or _NATIVE_DOMAIN in name


def is_extended(name: str) -> bool:
    """A resource that somebody else defines, such as "example.com/gpu"."""
    if is_native(name) or name.startswith(_REQUESTS):
        return False
    return not is_qualified_name(f"{_REQUESTS}{name}")


def can_be_overcommitted(name: str) -> bool:
    """Whether more may be promised than there is."""
    return is_native(name) and not is_huge_page(name)


def _is_huge_page_quota(name: str) -> bool:
    return name.startswith((HUGE_PAGES, f"{_REQUESTS}{HUGE_PAGES}"))


@lru_cache(maxsize=1024)
def _standard_messages(name: str) -> tuple[str, ...]:
    messages = tuple(is_qualified_name(name))
    if messages or "/" in name or name in _STANDARD or _is_huge_page_quota(name):
        return messages
    return ("must be a standard resource type or fully qualified",)


@lru_cache(maxsize=1024)
def container_messages(name: str) -> tuple[str, ...]:
    """Why a container may not ask for that resource."""
    messages = _standard_messages(name)
    if "/" not in name:
        if name not in _CONTAINER and not is_huge_page(name):
            return (*messages, "must be a standard resource for containers")
    elif not is_native(name) and not is_extended(name):
        return (*messages, "doesn't follow extended resource name standard")
    return messages


@lru_cache(maxsize=1024)
def quota_messages(name: str) -> tuple[str, ...]:
    """Why a quota cannot be about that resource."""
    messages = _standard_messages(name)
    if "/" not in name and name not in _QUOTA and not _is_huge_page_quota(name):
        return (*messages, "must be a standard resource for quota")
    return messages


def is_quota_name(name: str) -> bool:
    """Whether quotas know that resource by name."""
    return name in _QUOTA or _is_huge_page_quota(name)


def standard_messages(name: str) -> tuple[str, ...]:
    """Why that is no resource at all."""
    return _standard_messages(name)


def check_amount(problems: list[FieldError], path: str, name: str, written: Any) -> None:
    """Not negative, and whole where only whole numbers make sense."""
    amount = parse_quantity(written)
    if amount.nanos < 0:
        problems.append(invalid_value(path, written, NEGATIVE))
    if amount.nanos % _NANO and (name in _COUNTED or is_extended(name)):
        problems.append(invalid_value(path, written, "must be an integer"))


def huge_page_problem(name: str, written: Any) -> str:
    """Why an amount of huge pages is none; empty when it is fine."""
    try:
        page = parse_quantity(name.removeprefix(HUGE_PAGES))
    except QuantityError:
        page = Quantity(0)
    if page.nanos > 0 and page.nanos % _NANO == 0 and value(written) % value(page) == 0:
        return ""
    return f"{written} is not positive integer multiple of {name}"
