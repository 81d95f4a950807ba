"""What persistent volumes and their claims share.

Models: k8s.io/kubernetes/pkg/apis/core/helper and pkg/apis/core/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Defaults of the volume sources that have any, as persistent volumes have them.
PV_DEFAULTS: dict[str, tuple[tuple[str, Any], ...]] = {
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
_SHORT_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}


def access_modes_text(modes: Iterable[str] | None) -> str:
    """ "RWO,ROX" in a fixed order."""
    held = set(modes or ())
    return ",".join(short for mode, short in _SHORT_MODES.items() if mode in held)
