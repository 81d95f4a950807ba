"""By which labels pods without spread constraints are spread: those of their services and owners.

Models: pkg/scheduler/framework/plugins/helper/spread.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apimachinery.selectors import (
    Requirement,
    Selector,
    SelectorError,
    from_label_selector,
    from_map,
)
from cluster_engine.client.informer import Informers
from cluster_engine.scheduler.pods import PodInfo, SpreadConstraint
from cluster_engine.store.changes import Change

_REMEMBERED_MAX = 1024


def has_all_keys(labels: Mapping[str, str], constraints: Iterable[SpreadConstraint]) -> bool:
    """Whether a node has the label of every constraint."""
    return all(constraint.topology_key in labels for constraint in constraints)


class DefaultSelectors:
    """Answers `of` a pod; what services say is remembered until one of them changes."""

    def __init__(self, informers: Informers) -> None:
        self._services = informers.of("services")
        self._owners = {
            ("v1", "ReplicationController"): informers.of("replicationcontrollers"),
            ("apps/v1", "ReplicaSet"): informers.of("replicasets.apps"),
            ("apps/v1", "StatefulSet"): informers.of("statefulsets.apps"),
        }
        self._by_services: dict[
            tuple[str, tuple[tuple[str, str], ...]], tuple[Requirement, ...]
        ] = {}
        self._by_namespace: dict[str, list[Mapping[str, str]]] = {}
        self._services.add_handler(self._forget)

    def of(self, pod: PodInfo) -> Selector:
        """What the pod's services and its controller select; everything when there are none."""
        known = (pod.namespace, pod.labels_key)
        requirements = self._by_services.get(known)
        if requirements is None:
            requirements = self._ask_services(pod)
            if len(self._by_services) >= _REMEMBERED_MAX:
                self._by_services.clear()
            self._by_services[known] = requirements
        return Selector(requirements + self._ask_owner(pod.pod))

    def _ask_services(self, pod: PodInfo) -> tuple[Requirement, ...]:
        selectors = self._by_namespace.get(pod.namespace)
        if selectors is None:
            services = self._services.list(pod.namespace)
            found = (service["spec"].get("selector") for service in services)
            selectors = self._by_namespace[pod.namespace] = [s for s in found if s]
        merged: dict[str, str] = {}
        for selector in selectors:
            if all(pod.labels.get(key) == value for key, value in selector.items()):
                merged.update(selector)
        return from_map(merged).requirements

    def _ask_owner(self, pod: Object) -> tuple[Requirement, ...]:
        reference = controller_of(pod)
        if reference is None:
            return ()
        informer = self._owners.get((reference.get("apiVersion", ""), reference.get("kind", "")))
        if informer is None:
            return ()
        owner = informer.get(pod["metadata"].get("namespace", ""), reference["name"])
        if owner is None:
            return ()
        selector = owner["spec"].get("selector")
        if reference["kind"] == "ReplicationController":
            return from_map(selector).requirements
        try:
            return from_label_selector(selector).requirements
        except SelectorError:
            return ()

    def _forget(self, change: Change) -> None:
        self._by_services.clear()
        self._by_namespace.pop(change.namespace, None)
