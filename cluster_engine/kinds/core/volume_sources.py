"""Sources of volumes that pods and persistent volumes share, each with its rules.

Models: validate…VolumeSource in k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import is_dns1123_label, is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import dns_label, in_range, require, wrong
from cluster_engine.kinds.core.paths import descending, no_backsteps

_HOST_PATH_TYPES = (
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
)
_INITIATORS = {
    "iqn": re.compile(r"iqn\.\d{4}-\d{2}\.([a-zA-Z0-9.-]+)(:[^,;*&$|\s]+)$"),
    "eui": re.compile(r"^eui.[a-zA-Z0-9]{16}$"),
    "naa": re.compile(r"^naa.[a-zA-Z0-9]{32}$"),
}
_CACHING = ("None", "ReadOnly", "ReadWrite")
_DISK_KINDS = ("Dedicated", "Managed", "Shared")
_MANAGED_URI = (
    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/"
    "{disk-id}"
)
_BLOB_URI = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"
_HOST_PORT = "must be a host:port pair or multiple pairs separated by commas"
_DRIVER_LENGTH_MAX = 63
_LUN_MAX = 255


def host_path(problems: list[FieldError], path: str, source: Object) -> None:
    """A path on the node."""
    target = source.get("path", "")
    if not target:
        problems.append(required(f"{path}.path"))
        return
    no_backsteps(problems, f"{path}.path", target)
    type_ = source.get("type")
    if type_ is not None and type_ not in _HOST_PATH_TYPES:
        problems.append(not_supported(f"{path}.type", type_, _HOST_PATH_TYPES))


def git_repo(problems: list[FieldError], path: str, source: Object) -> None:
    """A clone of a repository."""
    require(problems, source, path, "repository")
    descending(problems, f"{path}.directory", source.get("directory", ""))


def disk(problems: list[FieldError], path: str, source: Object, name: str) -> None:
    """A cloud disk with a partition; `name` is the field that names it."""
    require(problems, source, path, name)
    partition = source.get("partition", 0)
    if not 0 <= partition <= 255:
        text = "must be between 1 and 255, inclusive"
        problems.append(invalid_value(f"{path}.partition", partition, text))


def gce_disk(problems: list[FieldError], path: str, source: Object) -> None:
    """A disk of Google's cloud."""
    disk(problems, path, source, "pdName")


def aws_disk(problems: list[FieldError], path: str, source: Object) -> None:
    """A disk of Amazon's cloud."""
    disk(problems, path, source, "volumeID")


def nfs(problems: list[FieldError], path: str, source: Object) -> None:
    """A path on a file server."""
    require(problems, source, path, "server", "path")
    target = source.get("path", "")
    if not target.startswith("/"):
        problems.append(invalid_value(f"{path}.path", target, "must be an absolute path"))


def iscsi(
    problems: list[FieldError],
    path: str,
    source: Object,
    bad_start: str = "must be valid format starting with iqn, eui, or naa",
) -> None:
    """A disk behind iSCSI."""
    require(problems, source, path, "targetPortal")
    name = source.get("iqn", "")
    if not name:
        problems.append(required(f"{path}.iqn"))
    else:
        _check_initiator(problems, f"{path}.iqn", name, bad_start)
    in_range(problems, f"{path}.lun", source.get("lun", 0), 0, _LUN_MAX)
    uses_chap = source.get("chapAuthDiscovery") or source.get("chapAuthSession")
    if uses_chap and source.get("secretRef") is None:
        problems.append(required(f"{path}.secretRef"))
    if source.get("initiatorName") is not None:
        _check_initiator(problems, f"{path}.initiatorname", source["initiatorName"], bad_start)


def _check_initiator(problems: list[FieldError], path: str, name: str, bad_start: str) -> None:
    pattern = _INITIATORS.get(name[:3])
    if pattern is None:
        problems.append(invalid_value(path, name, bad_start))
    elif not pattern.search(name):
        problems.append(invalid_value(path, name, "must be valid format"))


def glusterfs(problems: list[FieldError], path: str, source: Object) -> None:
    """A volume of Gluster."""
    require(problems, source, path, "endpoints", "path")
    namespace = source.get("endpointsNamespace")
    if namespace == "":
        text = "if the endpointnamespace is set, it must be a valid namespace name"
        problems.append(invalid_value(f"{path}.endpointsNamespace", namespace, text))
    elif namespace is not None:
        messages = is_dns1123_label(namespace)
        wrong(problems, f"{path}.endpointsNamespace", namespace, messages)


def flocker(problems: list[FieldError], path: str, source: Object) -> None:
    """A data set of Flocker."""
    name, uuid = source.get("datasetName", ""), source.get("datasetUUID", "")
    if not name and not uuid:
        problems.append(required(path, "one of datasetName and datasetUUID is required"))
    if name and uuid:
        text = "datasetName and datasetUUID can not be specified simultaneously"
        problems.append(invalid_value(path, "resource", text))
    if "/" in name:
        problems.append(invalid_value(f"{path}.datasetName", name, "must not contain '/'"))


def rbd(problems: list[FieldError], path: str, source: Object) -> None:
    """A block device of Ceph."""
    require(problems, source, path, "monitors", "image")


def cinder(problems: list[FieldError], path: str, source: Object) -> None:
    """A disk of OpenStack."""
    require(problems, source, path, "volumeID")
    if source.get("secretRef") is not None:
        require(problems, source["secretRef"], f"{path}.secretRef", "name")


def ceph_fs(problems: list[FieldError], path: str, source: Object) -> None:
    """A file system of Ceph."""
    require(problems, source, path, "monitors")


def quobyte(problems: list[FieldError], path: str, source: Object) -> None:
    """A volume of Quobyte."""
    registry = source.get("registry", "")
    if not registry:
        problems.append(required(f"{path}.registry", _HOST_PORT))
    elif len(source.get("tenant", "")) >= 65:
        text = "must be a UUID and may not exceed a length of 64 characters"
        problems.append(required(f"{path}.tenant", text))
    else:
        for pair in registry.split(","):
            if pair.count(":") != 1 and not re.fullmatch(r"\[[^\]]*\]:[^:]*", pair):
                problems.append(invalid_value(f"{path}.registry", registry, _HOST_PORT))
    require(problems, source, path, "volume")


def fibre_channel(problems: list[FieldError], path: str, source: Object) -> None:
    """A disk behind fibre channel."""
    names, ids, lun = source.get("targetWWNs"), source.get("wwids"), source.get("lun")
    at = f"{path}.targetWWNs"
    if not names and not ids:
        problems.append(required(at, "must specify either targetWWNs or wwids, but not both"))
    if names and ids:
        text = "targetWWNs and wwids can not be specified simultaneously"
        problems.append(invalid_value(at, names, text))
    if names and lun is None:
        text = "lun is required if targetWWNs is specified"
        problems.append(required(f"{path}.lun", text))
    elif names and lun is not None:
        in_range(problems, f"{path}.lun", lun, 0, _LUN_MAX)


def flex_volume(problems: list[FieldError], path: str, source: Object) -> None:
    """A volume that a program on the node mounts."""
    require(problems, source, path, "driver")
    for key in source.get("options") or ():
        domain = f".{key.partition('/')[0].lower()}"
        if domain.endswith((".kubernetes.io", ".k8s.io")):
            text = "kubernetes.io and k8s.io namespaces are reserved"
            problems.append(invalid_value(f"{path}.options[{key}]", key, text))


def azure_file(problems: list[FieldError], path: str, source: Object) -> None:
    """A share of Azure."""
    require(problems, source, path, "secretName", "shareName")
    if source.get("secretNamespace") == "":
        problems.append(required(f"{path}.secretNamespace"))


def azure_disk(problems: list[FieldError], path: str, source: Object) -> None:
    """A disk of Azure."""
    require(problems, source, path, "diskName", "diskURI")
    uri, kind = source.get("diskURI", ""), source.get("kind")
    for name, words in (("cachingMode", _CACHING), ("kind", _DISK_KINDS)):
        if source.get(name) is not None and source[name] not in words:
            problems.append(not_supported(f"{path}.{name}", source[name], words))
    if kind == "Managed" and not uri.startswith("/subscriptions/"):
        problems.append(not_supported(f"{path}.diskURI", uri, (_MANAGED_URI,)))
    if kind not in (None, "Managed") and not uri.startswith("https://"):
        problems.append(not_supported(f"{path}.diskURI", uri, (_BLOB_URI,)))


def vsphere(problems: list[FieldError], path: str, source: Object) -> None:
    """A disk of vSphere."""
    require(problems, source, path, "volumePath")


def photon(problems: list[FieldError], path: str, source: Object) -> None:
    """A disk of Photon."""
    require(problems, source, path, "pdID")


def portworx(problems: list[FieldError], path: str, source: Object) -> None:
    """A volume of Portworx."""
    require(problems, source, path, "volumeID")


def storage_os(problems: list[FieldError], path: str, source: Object) -> None:
    """A volume of StorageOS."""
    name, namespace = source.get("volumeName", ""), source.get("volumeNamespace", "")
    if not name:
        problems.append(required(f"{path}.volumeName"))
    else:
        dns_label(problems, f"{path}.volumeName", name)
    if namespace:
        dns_label(problems, f"{path}.volumeNamespace", namespace)
    if source.get("secretRef") is not None:
        require(problems, source["secretRef"], f"{path}.secretRef", "name")


def scale_io(problems: list[FieldError], path: str, source: Object) -> None:
    """A volume of ScaleIO."""
    require(problems, source, path, "gateway", "system", "volumeName")


def csi_driver_name(problems: list[FieldError], path: str, name: str) -> None:
    """The name of a CSI driver, in any case."""
    if not name:
        problems.append(required(path))
        return
    if len(name) > _DRIVER_LENGTH_MAX:
        problems.append(too_long(path, _DRIVER_LENGTH_MAX))
    wrong(problems, path, name, is_dns1123_subdomain(name.lower()))
