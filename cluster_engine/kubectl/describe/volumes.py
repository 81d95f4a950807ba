"""Volumes in descriptions: where each gets its files from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.claims import write_claim
from cluster_engine.kubectl.describe.page import NONE, UNSET, Page
from cluster_engine.kubectl.describe.words import go_value, lower_bool, quantity, reference_text

_Read: TypeAlias = "Callable[[Object], Any]"
_Row: TypeAlias = "tuple[str, _Read]"


def _text(field: str, default: str = "") -> _Read:
    return lambda source: source.get(field, default)


def _bool(field: str) -> _Read:
    return lambda source: lower_bool(source.get(field))


def _number(field: str) -> _Read:
    return lambda source: source.get(field, 0)


def _listed(field: str) -> _Read:
    return lambda source: go_value(source.get(field) or [])


def _secret(source: Object) -> str:
    return reference_text(source.get("secretRef"), "LocalObjectReference")


def _secret_elsewhere(source: Object) -> str:
    return reference_text(source.get("secretRef"), "SecretReference")


def _of_secret(field: str) -> _Read:
    return lambda source: (source.get("secretRef") or {}).get(field, "")


def _size_limit(source: Object) -> str:
    return quantity(source["sizeLimit"]) if source.get("sizeLimit") else UNSET


def _options(source: Object) -> str:
    return go_value(source.get("options") or {})


@dataclass(frozen=True, slots=True)
class _Sort:
    """One way to get a volume."""

    field: str
    text: str
    rows: tuple[_Row, ...] = ()


_READ_ONLY: _Row = ("ReadOnly:", _bool("readOnly"))
_FS_TYPE: _Row = ("FSType:", _text("fsType"))
_DISK: tuple[_Row, ...] = (_FS_TYPE, ("Partition:", _number("partition")), _READ_ONLY)
_SECRET: _Row = ("SecretRef:", _secret)

_SORTS = (
    _Sort(
        "hostPath",
        "HostPath (bare host directory volume)",
        (("Path:", _text("path")), ("HostPathType:", _text("type", NONE))),
    ),
    _Sort(
        "emptyDir",
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        (("Medium:", _text("medium")), ("SizeLimit:", _size_limit)),
    ),
    _Sort(
        "gcePersistentDisk",
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        (("PDName:", _text("pdName")), *_DISK),
    ),
    _Sort(
        "awsElasticBlockStore",
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        (("VolumeID:", _text("volumeID")), *_DISK),
    ),
    _Sort(
        "gitRepo",
        "GitRepo (a volume that is pulled from git when the pod is created)",
        (("Repository:", _text("repository")), ("Revision:", _text("revision"))),
    ),
    _Sort(
        "secret",
        "Secret (a volume populated by a Secret)",
        (("SecretName:", _text("secretName")), ("Optional:", _bool("optional"))),
    ),
    _Sort(
        "configMap",
        "ConfigMap (a volume populated by a ConfigMap)",
        (("Name:", _text("name")), ("Optional:", _bool("optional"))),
    ),
    _Sort(
        "nfs",
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        (("Server:", _text("server")), ("Path:", _text("path")), _READ_ONLY),
    ),
    _Sort(
        "iscsi",
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then "
        "exposed to the pod)",
        (
            ("TargetPortal:", _text("targetPortal")),
            ("IQN:", _text("iqn")),
            ("Lun:", _number("lun")),
            ("ISCSIInterface", _text("iscsiInterface")),
            _FS_TYPE,
            _READ_ONLY,
            ("Portals:", _listed("portals")),
            ("DiscoveryCHAPAuth:", _bool("chapAuthDiscovery")),
            ("SessionCHAPAuth:", _bool("chapAuthSession")),
            _SECRET,
            ("InitiatorName:", _text("initiatorName", NONE)),
        ),
    ),
    _Sort(
        "glusterfs",
        "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        (("EndpointsName:", _text("endpoints")), ("Path:", _text("path")), _READ_ONLY),
    ),
    _Sort(
        "persistentVolumeClaim",
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        (("ClaimName:", _text("claimName")), _READ_ONLY),
    ),
    _Sort(
        "ephemeral",
        "EphemeralVolume (an inline specification for a volume that gets created and deleted with "
        "the pod)",
    ),
    _Sort(
        "rbd",
        "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
        (
            ("CephMonitors:", _listed("monitors")),
            ("RBDImage:", _text("image")),
            _FS_TYPE,
            ("RBDPool:", _text("pool")),
            ("RadosUser:", _text("user")),
            ("Keyring:", _text("keyring")),
            _SECRET,
            _READ_ONLY,
        ),
    ),
    _Sort(
        "quobyte",
        "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
        (("Registry:", _text("registry")), ("Volume:", _text("volume")), _READ_ONLY),
    ),
    _Sort("downwardAPI", "DownwardAPI (a volume populated by information about the pod)"),
    _Sort(
        "azureDisk",
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        (
            ("DiskName:", _text("diskName")),
            ("DiskURI:", _text("diskURI")),
            ("Kind: ", _text("kind")),
            _FS_TYPE,
            ("CachingMode:", _text("cachingMode")),
            _READ_ONLY,
        ),
    ),
    _Sort(
        "vsphereVolume",
        "vSphereVolume (a Persistent Disk resource in vSphere)",
        (
            ("VolumePath:", _text("volumePath")),
            _FS_TYPE,
            ("StoragePolicyName:", _text("storagePolicyName")),
        ),
    ),
    _Sort(
        "cinder",
        "Cinder (a Persistent Disk resource in OpenStack)",
        (("VolumeID:", _text("volumeID")), _FS_TYPE, _READ_ONLY, _SECRET),
    ),
    _Sort(
        "photonPersistentDisk",
        "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
        (("PdID:", _text("pdID")), _FS_TYPE),
    ),
    _Sort(
        "portworxVolume",
        "PortworxVolume (a Portworx Volume resource)",
        (("VolumeID:", _text("volumeID")),),
    ),
    _Sort(
        "scaleIO",
        "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        (
            ("Gateway:", _text("gateway")),
            ("System:", _text("system")),
            ("Protection Domain:", _text("protectionDomain")),
            ("Storage Pool:", _text("storagePool")),
            ("Storage Mode:", _text("storageMode")),
            ("VolumeName:", _text("volumeName")),
            _FS_TYPE,
            _READ_ONLY,
        ),
    ),
    _Sort(
        "local",
        "LocalVolume (a persistent volume backed by local storage on a node)",
        (("Path:", _text("path")),),
    ),
    _Sort(
        "cephfs",
        "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        (
            ("Monitors:", _listed("monitors")),
            ("Path:", _text("path")),
            ("User:", _text("user")),
            ("SecretFile:", _text("secretFile")),
            _SECRET,
            _READ_ONLY,
        ),
    ),
    _Sort(
        "storageos",
        "StorageOS (a StorageOS Persistent Disk resource)",
        (
            ("VolumeName:", _text("volumeName")),
            ("VolumeNamespace:", _text("volumeNamespace")),
            _FS_TYPE,
            _READ_ONLY,
        ),
    ),
    _Sort(
        "fc",
        "FC (a Fibre Channel disk)",
        (
            ("TargetWWNs:", lambda source: ", ".join(source.get("targetWWNs") or ())),
            ("LUN:", _text("lun", NONE)),
            _FS_TYPE,
            _READ_ONLY,
        ),
    ),
    _Sort(
        "azureFile",
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        (("SecretName:", _text("secretName")), ("ShareName:", _text("shareName")), _READ_ONLY),
    ),
    _Sort(
        "flexVolume",
        "FlexVolume (a generic volume resource that is provisioned/attached using an exec based "
        "plugin)",
        (("Driver:", _text("driver")), _FS_TYPE, _SECRET, _READ_ONLY, ("Options:", _options)),
    ),
    _Sort(
        "flocker",
        "Flocker (a Flocker volume mounted by the Flocker agent)",
        (("DatasetName:", _text("datasetName")), ("DatasetUUID:", _text("datasetUUID"))),
    ),
    _Sort(
        "projected",
        "Projected (a volume that contains injected data from multiple sources)",
    ),
    _Sort(
        "csi",
        "CSI (a Container Storage Interface (CSI) volume source)",
        (("Driver:", _text("driver")), _FS_TYPE, _READ_ONLY),
    ),
    _Sort(
        "image",
        "Image (a container image or OCI artifact)",
        (("Reference:", _text("reference")), ("PullPolicy:", _text("pullPolicy"))),
    ),
)
#: What volumes have more when they are not written in a pod, behind which row.
_PERSISTENT: dict[str, tuple[str, tuple[_Row, ...]]] = {
    "csi": ("FSType:", (("VolumeHandle:", _text("volumeHandle")),)),
    "glusterfs": ("EndpointsName:", (("EndpointsNamespace:", _text("endpointsNamespace", UNSET)),)),
    "azureFile": ("SecretName:", (("SecretNamespace:", _text("secretNamespace")),)),
    "scaleIO": (
        "VolumeName:",
        (("SecretName:", _of_secret("name")), ("SecretNamespace:", _of_secret("namespace"))),
    ),
}
_ATTRIBUTE_LENGTH_MAX = 140


def write_volumes(page: Page, volumes: list[Object] | None, indent: str = "") -> None:
    """All volumes of a pod or template."""
    if not volumes:
        page.line(f"{indent}Volumes:\t{NONE}")
        return
    page.line(f"{indent}Volumes:")
    for volume in volumes:
        page.line(f"{' ' if indent else ''}{volume['name']}:", 1)
        write_source(page, volume)


def write_source(page: Page, holder: Object, *, is_persistent: bool = False) -> None:
    """Where a volume's files are from."""
    for sort in _SORTS:
        source = holder.get(sort.field)
        if source is None:
            continue
        page.field("Type", sort.text, 2)
        for name, read in _persistent_rows(sort) if is_persistent else sort.rows:
            page.row(name, read(source), level=2)
        extra = _EXTRA.get(sort.field)
        if extra is not None:
            extra(page, source)
        return
    page.line("<unknown>", 1)


def _persistent_rows(sort: _Sort) -> list[_Row]:
    behind, more = _PERSISTENT.get(sort.field, ("", ()))
    found: list[_Row] = []
    for row in sort.rows:
        found.append((row[0], _secret_elsewhere) if row == _SECRET else row)
        if row[0] == behind:
            found.extend(more)
    return found


def _downward(page: Page, source: Object) -> None:
    page.line("Items:", 2)
    for item in source.get("items") or ():
        if item.get("fieldRef"):
            page.line(f"{item['fieldRef'].get('fieldPath', '')} -> {item['path']}", 3)
        if item.get("resourceFieldRef"):
            page.line(f"{item['resourceFieldRef'].get('resource', '')} -> {item['path']}", 3)


def _projected(page: Page, source: Object) -> None:
    for item in source.get("sources") or ():
        if item.get("secret") is not None:
            page.field("SecretName", item["secret"].get("name", ""), 2)
            page.field("Optional", lower_bool(item["secret"].get("optional")), 2)
        elif item.get("downwardAPI") is not None:
            page.field("DownwardAPI", "true", 2)
        elif item.get("configMap") is not None:
            page.field("ConfigMapName", item["configMap"].get("name", ""), 2)
            page.field("Optional", lower_bool(item["configMap"].get("optional")), 2)
        elif item.get("serviceAccountToken") is not None:
            seconds = item["serviceAccountToken"].get("expirationSeconds", 0)
            page.field("TokenExpirationSeconds", seconds, 2)


def _csi(page: Page, source: Object) -> None:
    lines = [
        f"{key}={value}" for key, value in sorted((source.get("volumeAttributes") or {}).items())
    ]
    # The attributes stand four blanks further in, as upstream has it.
    shown = [
        f"    {line[:_ATTRIBUTE_LENGTH_MAX]}..."
        if len(line) > _ATTRIBUTE_LENGTH_MAX
        else f"    {line}"
        for line in lines
    ]
    page.multiline("VolumeAttributes", shown, "    ")


def _ephemeral(page: Page, source: Object) -> None:
    template = source.get("volumeClaimTemplate")
    if template is not None:
        claim = {"metadata": template.get("metadata") or {}, "spec": template.get("spec") or {}}
        write_claim(page, claim, 0, is_full=False, level=2)


_EXTRA: dict[str, Callable[[Page, Object], None]] = {
    "downwardAPI": _downward,
    "projected": _projected,
    "csi": _csi,
    "ephemeral": _ephemeral,
}
