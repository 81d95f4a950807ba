"""The volumes of a pod.

Models: ValidateVolumes, validateVolumeSource in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    required,
)
from cluster_engine.apimachinery.names import is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity
from cluster_engine.kinds.checks import annotation_names, dns_label, labels, one_of, require, wrong
from cluster_engine.kinds.core import volume_sources as sources
from cluster_engine.kinds.core.claim_validation import check_claim_spec
from cluster_engine.kinds.core.pod.files import (
    check_downward_file,
    check_key_to_path,
    check_mode,
)
from cluster_engine.kinds.core.pod.projections import check_projections

Check = Callable[[list[FieldError], str, Object], None]

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_MORE_THAN_ONE = "may not specify more than 1 volume type"
_PORTAL_LENGTH_MAX = 64


def check_volumes(
    problems: list[FieldError], path: str, volumes: list[Object], pod_name: str
) -> dict[str, Object]:
    """The volumes by name that are good, to be mounted; `pod_name` is empty in a template."""
    good: dict[str, Object] = {}
    created = {
        f"{pod_name}-{volume.get('name', '')}"
        for volume in volumes
        if pod_name and volume.get("ephemeral") is not None
    }
    for position, volume in enumerate(volumes):
        before = len(problems)
        name, at = volume.get("name", ""), f"{path}[{position}]"
        _check_source(problems, at, volume, pod_name)
        if not name:
            problems.append(required(f"{at}.name"))
        else:
            dns_label(problems, f"{at}.name", name)
        if name in good:
            problems.append(duplicate(f"{at}.name", name))
        if len(problems) == before:
            good[name] = volume
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim in created:
            text = "must not reference a PVC that gets created for an ephemeral volume"
            place = f"{at}.persistentVolumeClaim.claimName"
            problems.append(invalid_value(place, claim, text))
    return good


def _check_source(problems: list[FieldError], path: str, volume: Object, pod_name: str) -> None:
    used = 0
    for name in volume if len(volume) == 2 else _CHECKS:
        if name == "name" or volume.get(name) is None or name not in _CHECKS:
            continue
        if used:
            shown = _MISSPELT.get(name, name)
            problems.append(forbidden_field(f"{path}.{shown}", _MORE_THAN_ONE))
        else:
            used += 1
            at = "persistentDisk" if name == "gcePersistentDisk" else name
            _CHECKS[name](problems, f"{path}.{at}", volume[name])
        if name == "iscsi":
            _check_portal(problems, path, volume)
        elif name == "ephemeral":
            _check_claim_name(problems, path, volume, pod_name)
    if not used:
        problems.append(required(path, "must specify a volume type"))


def _check_portal(problems: list[FieldError], path: str, volume: Object) -> None:
    source, name = volume["iscsi"], volume.get("name", "")
    portal = f"{name}:{source.get('targetPortal', '')}"
    if source.get("initiatorName") is not None and len(portal) > _PORTAL_LENGTH_MAX:
        text = (
            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if "
            "iscsi.initiatorName is specified."
        )
        problems.append(invalid_value(f"{path}.name", name, text))


def _check_claim_name(problems: list[FieldError], path: str, volume: Object, pod_name: str) -> None:
    name = volume.get("name", "")
    if not pod_name or not name:
        return
    claim = f"{pod_name}-{name}"
    for message in is_dns1123_subdomain(claim):
        problems.append(invalid_value(f"{path}.name", name, f'PVC name "{claim}": {message}'))


def _empty_dir(problems: list[FieldError], path: str, source: Object) -> None:
    limit = source.get("sizeLimit")
    if limit is not None and parse_quantity(limit).nanos < 0:
        text = "SizeLimit field must be a valid resource quantity"
        problems.append(forbidden_field(f"{path}.sizeLimit", text))


def _files(problems: list[FieldError], path: str, source: Object, name: str) -> None:
    require(problems, source, path, name)
    check_mode(problems, f"{path}.defaultMode", source.get("defaultMode"))
    for position, item in enumerate(source.get("items") or ()):
        check_key_to_path(problems, f"{path}.items[{position}]", item)


def _secret(problems: list[FieldError], path: str, source: Object) -> None:
    _files(problems, path, source, "secretName")


def _config_map(problems: list[FieldError], path: str, source: Object) -> None:
    _files(problems, path, source, "name")


def _claim(problems: list[FieldError], path: str, source: Object) -> None:
    require(problems, source, path, "claimName")


def _downward(problems: list[FieldError], path: str, source: Object) -> None:
    check_mode(problems, f"{path}.defaultMode", source.get("defaultMode"))
    for item in source.get("items") or ():
        check_downward_file(problems, path, item)


def _csi(problems: list[FieldError], path: str, source: Object) -> None:
    sources.csi_driver_name(problems, f"{path}.driver", source.get("driver", ""))
    secret = source.get("nodePublishSecretRef")
    if secret is not None:
        name = secret.get("name", "")
        if not name:
            problems.append(required(f"{path}.nodePublishSecretRef.name"))
        else:
            wrong(problems, f"{path}.name", name, is_dns1123_subdomain(name))


def _ephemeral(problems: list[FieldError], path: str, source: Object) -> None:
    template = source.get("volumeClaimTemplate")
    at = f"{path}.volumeClaimTemplate"
    if template is None:
        problems.append(required(at))
        return
    metadata = template.get("metadata") or {}
    annotation_names(problems, f"{at}.metadata.annotations", metadata.get("annotations"))
    labels(problems, f"{at}.metadata.labels", metadata.get("labels"))
    for field, value in metadata.items():
        if value and field not in ("annotations", "labels"):
            problems.append(forbidden_field(f"{at}.metadata.{field}", "cannot be set"))
    check_claim_spec(problems, f"{at}.spec", template.get("spec") or {})


def _image(problems: list[FieldError], path: str, source: Object) -> None:
    require(problems, source, path, "reference")
    policy = source.get("pullPolicy", "")
    one_of(problems, f"{path}.pullPolicy", policy, PULL_POLICIES, is_required=True)


def _projected(problems: list[FieldError], path: str, source: Object) -> None:
    check_mode(problems, f"{path}.defaultMode", source.get("defaultMode"))
    check_projections(problems, path, source.get("sources") or ())


#: In the order in which several at once are reported.
_CHECKS: dict[str, Check] = {
    "emptyDir": _empty_dir,
    "hostPath": sources.host_path,
    "gitRepo": sources.git_repo,
    "gcePersistentDisk": sources.gce_disk,
    "awsElasticBlockStore": sources.aws_disk,
    "secret": _secret,
    "nfs": sources.nfs,
    "iscsi": sources.iscsi,
    "glusterfs": sources.glusterfs,
    "flocker": sources.flocker,
    "persistentVolumeClaim": _claim,
    "rbd": sources.rbd,
    "cinder": sources.cinder,
    "cephfs": sources.ceph_fs,
    "quobyte": sources.quobyte,
    "downwardAPI": _downward,
    "fc": sources.fibre_channel,
    "flexVolume": sources.flex_volume,
    "configMap": _config_map,
    "azureFile": sources.azure_file,
    "vsphereVolume": sources.vsphere,
    "photonPersistentDisk": sources.photon,
    "portworxVolume": sources.portworx,
    "azureDisk": sources.azure_disk,
    "storageos": sources.storage_os,
    "projected": _projected,
    "scaleIO": sources.scale_io,
    "csi": _csi,
    "ephemeral": _ephemeral,
    "image": _image,
}
#: Upstream spells these differently where they come second.
_MISSPELT = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
