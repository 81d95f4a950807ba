"""What a new container finds in its file system: its image, /proc, /dev, managed files, volumes.

Models: containerd's default mounts; pkg/kubelet/kubelet_pods.go makeMounts (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.runtime.container import ContainerSpec, StartFailure
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.layer import DEVICES, Layer
from cluster_engine.runtime.filesystem.namespace import Mount, Namespace
from cluster_engine.runtime.filesystem.nodes import Directory, File, Node, Symlink
from cluster_engine.runtime.filesystem.proc import Generated
from cluster_engine.runtime.filesystem.volume import Quota, Volume
from cluster_engine.runtime.volumes import Volumes
from cluster_engine.simulation.limits import Limits

_SHM_BYTES = 64 * 1024 * 1024
PROC = Volume("proc", Generated(""), Quota(0), type="proc", source="proc")


def writable_layer(spec: ContainerSpec, layer: Layer, quota: Quota, limits: Limits) -> Volume:
    """A container's own file system: the image's tree, copied where it is changed."""
    return Volume(
        f"layer:{spec.id}",
        layer.root,
        quota,
        files_max=limits.files_per_container_max,
        file_bytes_max=limits.file_bytes_max,
        is_private=True,
    )


def managed_files(spec: ContainerSpec, quota: Quota, now_ms: int) -> Volume:
    """/etc/hosts and its like, the termination log and /dev, on one small file system."""
    root = Directory()
    for path, content in spec.files.items():
        node = File(content.data, content.mode, content.uid, content.gid, now_ms)
        root.entries[path.replace("/", "|")] = node
    log = File(b"", 0o666, mtime_ms=now_ms)
    root.entries[spec.termination_message_path.replace("/", "|")] = log
    root.entries["dev"] = DEVICES.root
    return Volume(
        f"managed:{spec.id}",
        root,
        quota,
        type="tmpfs",
        source="tmpfs",
        bytes_max=_SHM_BYTES,
        is_private=True,
    )


def namespace_of(
    spec: ContainerSpec, layer: Volume, managed: Volume, volumes: Volumes
) -> Namespace:
    """The container's mounts. StartFailure when a volume is not there."""
    mounts = [
        Mount("", layer, spec.is_read_only_root),
        Mount("/proc", PROC),
        Mount("/dev", managed, names=("dev",)),
    ]
    for path in (*spec.files, spec.termination_message_path):
        mounts.append(Mount(path, managed, names=(path.replace("/", "|"),)))
    for wanted in spec.mounts:
        found = volumes.get(wanted.volume_id)
        if found is None:
            raise StartFailure(f'volume "{wanted.volume_id}" is not mounted')
        path = "" if wanted.path == "/" else wanted.path.rstrip("/")
        mounts.append(_mounted(path, *found, wanted.sub_path, wanted.is_read_only))
    return Namespace(mounts)


def _mounted(
    path: str, volume: Volume, above: tuple[str, ...], sub_path: str, is_read_only: bool
) -> Mount:
    below = tuple(part for part in sub_path.split("/") if part and part != ".")
    names = (*above, *below)
    if not below:
        return Mount(path, volume, is_read_only, names)
    try:
        node = _below(volume, names)
    except Errno as error:
        raise StartFailure(
            f'failed to create subPath directory for volumeMount "{volume.id}"'
        ) from error
    if volume.is_read_only:
        return Mount(path, volume, is_read_only, names, pinned=node)
    return Mount(path, volume, is_read_only, names)


def _below(volume: Volume, names: tuple[str, ...]) -> Node:
    """The node at `names` in a volume, links followed; a missing directory is made."""
    node: Node = volume.root
    for name in names:
        if not isinstance(node, Directory):
            raise Errno("ENOTDIR")
        child = node.entries.get(name)
        if isinstance(child, Symlink):
            target = (*(part for part in child.target.split("/") if part),)
            child = _below(volume, target)
        if child is None:
            if volume.is_read_only or node.origin:
                raise Errno("ENOENT")
            child = Directory(0o750, mtime_ms=node.mtime_ms)
            volume.add(node, name, child, node.mtime_ms)
        node = child
    return node
