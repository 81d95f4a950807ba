"""Defaults of pods and pod templates.

They run on every object with a pod spec in it, in place, and write only what is missing, so a spec
that is complete already may be shared with stored objects.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Quantity, parse_quantity
from cluster_engine.kinds.core.pod.disabled import (
    drop_from_spec,
    drop_old_annotations,
    drop_owners,
)

_CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_VOLUME_DEFAULTS: dict[str, tuple[tuple[str, Any], ...]] = {
    "secret": (("defaultMode", 0o644),),
    "configMap": (("defaultMode", 0o644),),
    "downwardAPI": (("defaultMode", 0o644),),
    "projected": (("defaultMode", 0o644),),
    "hostPath": (("type", ""),),
    "rbd": (("pool", "rbd"), ("user", "admin"), ("keyring", "/etc/ceph/keyring")),
    "iscsi": (("iscsiInterface", "default"),),
    "scaleIO": (("storageMode", "ThinProvisioned"), ("fsType", "xfs")),
    "azureDisk": (
        ("cachingMode", "ReadWrite"),
        ("fsType", "ext4"),
        ("readOnly", False),
        ("kind", "Shared"),
    ),
}

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_DOMAIN_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_DOMAIN_LABEL}(?:\.{_DOMAIN_LABEL})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?:{_DOMAIN}/)?{_COMPONENT}(?:/{_COMPONENT})*"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?P<digest>@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?",
    re.ASCII,
)


def default_pod(obj: Object) -> None:
    """Defaults of a Pod; some of them are not given to templates."""
    spec = obj.get("spec")
    if spec is None:
        spec = obj["spec"] = {}
    default_pod_spec(spec)
    grace = spec["terminationGracePeriodSeconds"]
    if grace < 0:
        spec["terminationGracePeriodSeconds"] = 1
    for name in ("containers", "initContainers"):
        for container in spec.get(name) or ():
            resources = container.get("resources")
            if resources and resources.get("limits"):
                _default_requests(resources)
            if spec.get("hostNetwork"):
                _default_host_ports(container)
    if "enableServiceLinks" not in spec:
        spec["enableServiceLinks"] = True
    _default_addresses(obj.get("status"))
    annotations = (obj.get("metadata") or {}).get("annotations")
    if annotations:
        drop_old_annotations(annotations)


def default_template(template: Object) -> None:
    """Defaults of a pod template."""
    spec = template.get("spec")
    if spec is not None:
        default_pod_spec(spec)
    annotations = (template.get("metadata") or {}).get("annotations")
    if annotations:
        drop_old_annotations(annotations)


def default_pod_spec(spec: Object) -> None:
    """Defaults that pods and templates share."""
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account and not (spec.get("serviceAccountName") == spec.get("serviceAccount") == account):
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    if not spec.get("dnsPolicy"):
        spec["dnsPolicy"] = "ClusterFirst"
    if not spec.get("restartPolicy"):
        spec["restartPolicy"] = "Always"
    if spec.get("securityContext") is None:
        spec["securityContext"] = {}
    if spec.get("terminationGracePeriodSeconds") is None:
        spec["terminationGracePeriodSeconds"] = 30
    if not spec.get("schedulerName"):
        spec["schedulerName"] = "default-scheduler"
    drop_from_spec(spec)
    for name in _CONTAINER_LISTS:
        for container in spec.get(name) or ():
            _default_container(container)
    for volume in spec.get("volumes") or ():
        default_volume(volume)
    if spec.get("overhead"):
        round_up(spec["overhead"])
    if spec.get("resources"):
        round_up_requirements(spec["resources"])


def _default_container(container: Object) -> None:
    if not container.get("imagePullPolicy"):
        container["imagePullPolicy"] = pull_policy(container.get("image") or "")
    if not container.get("terminationMessagePath"):
        container["terminationMessagePath"] = "/dev/termination-log"
    if not container.get("terminationMessagePolicy"):
        container["terminationMessagePolicy"] = "File"
    for port in container.get("ports") or ():
        if not port.get("protocol"):
            port["protocol"] = "TCP"
    if container.get("env"):
        _default_environment(container["env"])
    resources = container.get("resources")
    if resources:
        round_up_requirements(resources)
    for name in _PROBES:
        if name in container:
            _default_probe(container[name])
    if container.get("lifecycle") is not None:
        _default_lifecycle(container)
    for mount in container.get("volumeMounts") or ():
        mount.pop("bindMountOptions", None)


def _default_lifecycle(container: Object) -> None:
    lifecycle = container["lifecycle"]
    for handler in (lifecycle.get("postStart"), lifecycle.get("preStop")):
        if handler and handler.get("httpGet") is not None:
            _default_http(handler["httpGet"])
    if lifecycle.pop("stopSignal", None) is not None and not lifecycle:
        del container["lifecycle"]


def _default_environment(variables: list[Object]) -> None:
    for variable in variables:
        source = variable.get("valueFrom")
        if not source:
            continue
        if "fieldRef" in source:
            _default_field_reference(source["fieldRef"])
        if "fileKeyRef" in source and "optional" not in source["fileKeyRef"]:
            source["fileKeyRef"]["optional"] = False


def _default_field_reference(reference: Object) -> None:
    if not reference.get("apiVersion"):
        reference["apiVersion"] = "v1"


def _default_probe(probe: Object) -> None:
    if not probe.get("timeoutSeconds"):
        probe["timeoutSeconds"] = 1
    if not probe.get("periodSeconds"):
        probe["periodSeconds"] = 10
    if not probe.get("successThreshold"):
        probe["successThreshold"] = 1
    if not probe.get("failureThreshold"):
        probe["failureThreshold"] = 3
    if "httpGet" in probe:
        _default_http(probe["httpGet"])
    grpc = probe.get("grpc")
    if grpc is not None:
        grpc.pop("mode", None)
        if grpc.get("service") is None:
            grpc["service"] = ""


def _default_http(action: Object) -> None:
    if not action.get("path"):
        action["path"] = "/"
    if not action.get("scheme"):
        action["scheme"] = "HTTP"
    action.pop("protocol", None)


def default_volume(volume: Object) -> None:
    """Defaults of one volume of a pod: without a source it is an emptyDir."""
    if len(volume) < 2 and not volume.keys() - {"name"}:
        volume["emptyDir"] = {}
        return
    if "emptyDir" in volume:
        volume["emptyDir"].pop("mode", None)
    drop_owners(volume)
    for source, defaults in _VOLUME_DEFAULTS.items():
        if source in volume:
            set_missing(volume[source], defaults)
    if "downwardAPI" in volume:
        _default_downward(volume["downwardAPI"])
    if "projected" in volume:
        for projection in volume["projected"].get("sources") or ():
            _default_projection(projection)
    if "ephemeral" in volume:
        template = volume["ephemeral"].get("volumeClaimTemplate")
        if template is not None and "spec" in template:
            default_claim_spec(template["spec"])
    if "image" in volume and not volume["image"].get("pullPolicy"):
        volume["image"]["pullPolicy"] = pull_policy(volume["image"].get("reference") or "")


def set_missing(source: Object, defaults: Iterable[tuple[str, Any]]) -> None:
    """Set the fields that are absent or empty."""
    for field, value in defaults:
        if source.get(field) is None or (source[field] == "" and value != ""):
            source[field] = value


def _default_downward(source: Object) -> None:
    for item in source.get("items") or ():
        if "fieldRef" in item:
            _default_field_reference(item["fieldRef"])


def _default_projection(projection: Object) -> None:
    token = projection.get("serviceAccountToken")
    if token is not None and token.get("expirationSeconds") is None:
        token["expirationSeconds"] = 3600
    if "downwardAPI" in projection:
        _default_downward(projection["downwardAPI"])
    certificate = projection.get("podCertificate")
    if certificate is not None and certificate.get("maxExpirationSeconds") is None:
        certificate["maxExpirationSeconds"] = 86400


def default_claim_spec(spec: Object) -> None:
    """Defaults of a PersistentVolumeClaim's spec, also inside pods and StatefulSets."""
    if spec.get("volumeMode") is None:
        spec["volumeMode"] = "Filesystem"
    if spec.get("resources"):
        round_up_requirements(spec["resources"])


def _default_requests(resources: Object) -> None:
    limits, requests = resources["limits"], resources.get("requests") or {}
    missing = {name: amount for name, amount in limits.items() if name not in requests}
    if missing:
        resources["requests"] = {**requests, **missing}


def _default_host_ports(container: Object) -> None:
    for port in container.get("ports") or ():
        if not port.get("hostPort") and port.get("containerPort"):
            port["hostPort"] = port["containerPort"]


def _default_addresses(status: Object | None) -> None:
    """Keep the single address and the list of addresses of a status in step."""
    if not status:
        return
    address, addresses = status.get("podIP"), status.get("podIPs")
    if address and (not addresses or addresses[0].get("ip") != address):
        status["podIPs"] = [{"ip": address}]
    elif addresses and not address:
        status["podIP"] = addresses[0].get("ip", "")


def round_up_requirements(resources: Object) -> None:
    """No amount is finer than a thousandth."""
    for name in ("limits", "requests"):
        if resources.get(name):
            round_up(resources[name])


def round_up(amounts: dict[str, Any]) -> None:
    """No amount of the list is finer than a thousandth."""
    for name, amount in amounts.items():
        if isinstance(amount, str) and amount.endswith(("u", "n")):
            amounts[name] = _rounded(amount)


@lru_cache(maxsize=256)
def _rounded(amount: str) -> str:
    held = parse_quantity(amount)
    return str(Quantity(-(-held.nanos // 1_000_000) * 1_000_000, held.format))


@lru_cache(maxsize=4096)
def pull_policy(image: str) -> str:
    """Always for the tag `latest`, said or meant; IfNotPresent otherwise and for nonsense."""
    found = _REFERENCE.fullmatch(image)
    if found is None or len(image) > 255 or re.fullmatch("[a-f0-9]{64}", image):
        return "IfNotPresent"
    tag = found["tag"] or ("" if found["digest"] else "latest")
    return "Always" if tag == "latest" else "IfNotPresent"
