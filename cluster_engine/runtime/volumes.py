"""All volumes of a cluster by id: empty directories, projections, disks, paths of nodes.

Part of the kernel (`kernel.volumes`); the kubelets say what there is. A volume outlives the
containers that mount it until it is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cluster_engine.runtime.container import StartFailure
from cluster_engine.runtime.filesystem.layer import directory, layer
from cluster_engine.runtime.filesystem.nodes import Directory, File, Node
from cluster_engine.runtime.filesystem.projected import FileContent, project
from cluster_engine.runtime.filesystem.volume import DISK_BYTES, Quota, Volume
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness

#: How the id of a node's disk begins; ids of a pod's own volumes begin with its uid.
_DISK = "disk:"
_UID_LENGTH = 36
_SUFFIX_MAX = 4_294_967_295

#: What a node's own file system holds at first.
NODE_LAYER = layer(
    "node",
    {
        "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\n',
        "/etc/hosts": "127.0.0.1\tlocalhost\n",
        "/etc/kubernetes/manifests": directory(),
        "/etc/cni/net.d": directory(),
        "/home": directory(),
        "/mnt": directory(),
        "/opt/cni/bin": directory(),
        "/root": directory(mode=0o700),
        "/run/containerd": directory(),
        "/srv": directory(),
        "/tmp": directory(mode=0o1777),
        "/usr/share": directory(),
        "/var/lib/kubelet/pods": directory(),
        "/var/log/pods": directory(),
        "/var/log/containers": directory(),
        "/var/tmp": directory(mode=0o1777),
    },
)


_NOTHING = Directory()
_NOTHING.origin = "empty"


class Volumes:
    """Volumes by id, and which piece of another one an id may stand for."""

    def __init__(
        self,
        limits: Limits,
        randomness: Randomness,
        find_files: Callable[[str], tuple[Mapping[str, FileContent], int]],
    ) -> None:
        self.limits = limits
        #: What a projected volume contains now, and what time it is.
        self.find_files = find_files
        self.quota = Quota(limits.stored_bytes_max)
        self._randomness = randomness
        self._volumes: dict[str, Volume] = {}
        #: Volume id to (id of a node's file system, names below its root).
        self._pieces: dict[str, tuple[str, tuple[str, ...]]] = {}
        #: Volume id to its version and bytes at the last copy.
        self._copies: dict[str, tuple[int, bytes]] = {}

    def get(self, volume_id: str) -> tuple[Volume, tuple[str, ...]] | None:
        """The file system, and the names below its root where the volume begins."""
        piece = self._pieces.get(volume_id)
        if piece is not None:
            return self._volumes[piece[0]], piece[1]
        volume = self._volumes.get(volume_id)
        return (volume, ()) if volume is not None else None

    def add_empty_directory(
        self,
        volume_id: str,
        now_ms: int,
        *,
        mode: int = 0o777,
        gid: int | None = None,
        bytes_max: int = 0,
        is_memory: bool = False,
    ) -> None:
        """A writable volume (see Runtime of the kubelet); one that exists is left as it is."""
        if volume_id in self._volumes:
            return
        root = Directory(mode, 0, gid or 0, now_ms)
        if gid is not None:
            root.mode |= 0o2000
        self._volumes[volume_id] = Volume(
            volume_id,
            root,
            self.quota,
            type="tmpfs" if is_memory else "ext4",
            source="tmpfs" if is_memory else "/dev/vda1",
            bytes_max=bytes_max or DISK_BYTES,
            files_max=self.limits.files_per_container_max,
            file_bytes_max=self.limits.file_bytes_max,
        )

    def add_projection(
        self, volume_id: str, files: Mapping[str, FileContent] | None, now_ms: int
    ) -> None:
        """A read-only volume with `..data` links; again with other files: an atomic update.
        None: its files are asked for when someone first looks into it."""
        volume = self._volumes.get(volume_id)
        if volume is None:
            volume = Volume(
                volume_id,
                _NOTHING,
                self.quota,
                type="tmpfs",
                source="tmpfs",
                is_read_only=True,
            )
            volume.loader = self._load
            self._volumes[volume_id] = volume
        if files is None:
            volume.is_stale = True
            volume.version += 1
        else:
            self._project(volume, files, now_ms)

    def add_host_directory(
        self, volume_id: str, node: str, path: str, type_: str, now_ms: int
    ) -> None:
        """A path of a node's own file system. StartFailure when it is not of that type."""
        disk = self._disk(node)
        names = tuple(part for part in path.split("/") if part)
        held: Node | None = disk.root
        above: Node | None = None
        for name in names:
            above = held
            held = held.entries.get(name) if isinstance(held, Directory) else None
        wants_file = type_ in ("File", "FileOrCreate")
        if held is None and type_ in ("", "DirectoryOrCreate", "FileOrCreate"):
            if wants_file and above is None:
                raise StartFailure(f"open {path}: no such file or directory")
            held = _make(disk, names, now_ms, is_file=wants_file)
        if held is None:
            raise StartFailure(f"hostPath type check failed: {path} is not a {_word(type_)}")
        if type_ and wants_file != isinstance(held, File):
            raise StartFailure(f"hostPath type check failed: {path} is not a {_word(type_)}")
        self._pieces[volume_id] = (disk.id, names)

    def by_id(self, volume_id: str) -> Volume:
        """A whole file system; one that was removed under an ended container is empty."""
        held = self._volumes.get(volume_id)
        if held is None:
            held = Volume(volume_id, _NOTHING, self.quota, type="tmpfs", source="tmpfs")
        return held

    def own(self) -> list[Volume]:
        """Those that hold files of their own: no projections."""
        return [held for _, held in sorted(self._volumes.items()) if not held.is_read_only]

    def base_of(self, volume: Volume) -> Directory | None:
        """The tree that a volume began with; None: an empty one."""
        return NODE_LAYER.root if volume.id.startswith(_DISK) else None

    def take(self, volume_id: str, now_ms: int) -> Volume | None:
        """The volume of that id, to put files into; one that outlives pods is made when it must
        be. None for a pod's own that is not there, and for projections."""
        volume = self._volumes.get(volume_id)
        if volume is None and volume_id.startswith(_DISK):
            volume = self._disk(volume_id[len(_DISK) :])
        if volume is None and "/" in volume_id and len(volume_id.partition("/")[0]) != _UID_LENGTH:
            self.add_empty_directory(volume_id, now_ms)
            volume = self._volumes[volume_id]
        return None if volume is None or volume.is_read_only else volume

    def state(self, write: Callable[[Volume], bytes]) -> Any:
        """All of them, those that have not changed since the last time as the same bytes."""
        for key, volume in self._volumes.items():
            held = self._copies.get(key)
            if held is None or held[0] != volume.version:
                self._copies[key] = (volume.version, write(volume))
        return dict(self._copies), dict(self._pieces), self.quota.bytes_used

    def restore(self, state: Any, read: Callable[[bytes], Volume]) -> None:
        """Take over what `state` gave."""
        copies, pieces, self.quota.bytes_used = state
        self._copies = dict(copies)
        self._volumes = {key: read(data) for key, (_, data) in copies.items()}
        self._pieces = dict(pieces)
        for volume in self._volumes.values():
            volume.loader = self._load

    def remove(self, volume_id: str) -> None:
        """Forget a volume (of a node's file system only the mount)."""
        if self._pieces.pop(volume_id, None) is None:
            volume = self._volumes.pop(volume_id, None)
            if volume is not None:
                volume.clear()
                self._copies.pop(volume_id, None)

    def bytes_used(self, volume_id: str) -> int:
        """What the files of a volume take."""
        volume = self._volumes.get(volume_id)
        return volume.bytes_used if volume is not None else 0

    def _load(self, volume: Volume) -> None:
        files, now_ms = self.find_files(volume.id)
        self._project(volume, files, now_ms)

    def _project(self, volume: Volume, files: Mapping[str, FileContent], now_ms: int) -> None:
        suffix = self._randomness.stream("projections").randint(1, _SUFFIX_MAX)
        project(volume, files, now_ms, suffix)

    def _disk(self, node: str) -> Volume:
        key = f"{_DISK}{node}"
        disk = self._volumes.get(key)
        if disk is None:
            disk = Volume(
                key,
                NODE_LAYER.root,
                self.quota,
                type="ext4",
                source="/dev/vda1",
                files_max=self.limits.files_per_container_max,
                file_bytes_max=self.limits.file_bytes_max,
            )
            self._volumes[key] = disk
        return disk


def _make(disk: Volume, names: tuple[str, ...], now_ms: int, *, is_file: bool) -> Node:
    """The directory (or the file) at `names`, made with what is missing above it."""
    if disk.root.origin:
        disk.root = disk.root.copy()
    place = disk.root
    for position, name in enumerate(names):
        child = place.entries.get(name)
        if child is None:
            is_last = position == len(names) - 1
            made = File(b"", 0o644, mtime_ms=now_ms) if is_file and is_last else None
            child = made or Directory(0o755, mtime_ms=now_ms)
            disk.add(place, name, child, now_ms)
        elif child.origin:
            child = place.entries[name] = child.copy()
            disk.adopt(child)
        if not isinstance(child, Directory):
            return child
        place = child
    return place


def _word(type_: str) -> str:
    words = {"Socket": "socket", "CharDevice": "character device", "BlockDevice": "block device"}
    return words.get(type_, "file" if type_ in ("File", "FileOrCreate") else "directory")
