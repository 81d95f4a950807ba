"""The volumes of pods: what must exist before containers start, and what is in them.

`set_up` makes a pod's volumes or says why it cannot; `files` gives the content of a projected
volume when someone first looks into it (most pods never look at their token). ConfigMaps and
Secrets that change are shown again after the kubelet's usual delay.

Models: pkg/kubelet/volumemanager, pkg/volume/{secret,configmap,projected,downwardapi,hostpath,
emptydir} (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import bytes_of
from cluster_engine.kubelet.projection import Projections
from cluster_engine.kubelet.texts import aggregated, quoted
from cluster_engine.kubelet.tools import ACTOR, WARNING, Tools
from cluster_engine.kubelet.worker import Worker
from cluster_engine.runtime.container import FileContent, StartFailure
from cluster_engine.store.changes import Change

#: The first wait after a failed mount, doubling up to the second.
RETRY_MS_FIRST, RETRY_MS_MAX = 500, 122_000
_REFRESH_MS = (30_000, 75_000)
_PROJECTED = ("configMap", "secret", "downwardAPI", "projected")
#: Fields of volume sources that name a disk elsewhere: its content outlives the pod.
_REMOTE = {
    "nfs": ("server", "path"),
    "awsElasticBlockStore": ("volumeID",),
    "gcePersistentDisk": ("pdName",),
    "azureDisk": ("diskURI",),
    "azureFile": ("shareName",),
    "csi": ("driver", "volumeHandle"),
    "iscsi": ("targetPortal", "iqn", "lun"),
    "fc": ("wwids", "lun"),
    "cephfs": ("monitors", "path"),
    "rbd": ("image", "pool"),
    "glusterfs": ("endpoints", "path"),
    "vsphereVolume": ("volumePath",),
    "cinder": ("volumeID",),
    "portworxVolume": ("volumeID",),
}


class MountError(Exception):
    """A volume cannot be mounted; `str()` is upstream's text."""


class Volumes:
    """Sets up and takes down the volumes of pods."""

    def __init__(self, tools: Tools, projections: Projections) -> None:
        self._tools = tools
        self._projections = projections
        informers = tools.context.informers
        self._claims = informers.of("persistentvolumeclaims")
        self._disks = informers.of("persistentvolumes")
        #: Who shows a ConfigMap or Secret: (resource, namespace/name) -> uids.
        self._users: dict[tuple[str, str], dict[str, None]] = {}
        for resource in ("configmaps", "secrets"):
            informers.of(resource).add_handler(self._source_changed)

    def set_up(self, worker: Worker, pod: Object) -> bool:
        """Make the volumes that containers mount; False (and events) when one cannot be made."""
        spec = pod["spec"]
        wanted = _mounted_names(spec)
        is_complete = True
        for volume in spec.get("volumes") or ():
            name = volume["name"]
            if name not in wanted or name in worker.volumes:
                continue
            try:
                worker.volumes[name] = self._make(worker, pod, volume)
            except (MountError, StartFailure) as error:
                message = f"MountVolume.SetUp failed for volume {quoted(name)} : {error}"
                self._tools.event(pod, WARNING, "FailedMount", message)
                is_complete = False
        if is_complete:
            worker.mount_failures = 0
            self._watch(worker, pod)
        else:
            worker.mount_failures += 1
        return is_complete

    def retry_ms(self, worker: Worker) -> int:
        """How long to wait after the latest failure."""
        return min(RETRY_MS_FIRST << min(worker.mount_failures - 1, 16), RETRY_MS_MAX)

    def take_down(self, worker: Worker) -> None:
        """The pod is gone: forget its own volumes, leave disks that outlive it."""
        for volume_id in worker.volumes.values():
            if volume_id.startswith(worker.uid):
                self._tools.runtime.remove_volume(volume_id)
        worker.volumes.clear()
        for source in worker.sources:
            users = self._users.get(source)
            if users is not None:
                users.pop(worker.uid, None)
                if not users:
                    del self._users[source]
        worker.sources = ()

    def files(self, worker: Worker, pod: Object, volume_id: str) -> dict[str, FileContent]:
        """What is in a projected volume now; nothing when it is not (any more) the pod's."""
        for volume in pod["spec"].get("volumes") or ():
            if worker.volumes.get(volume["name"]) == volume_id:
                return self._projections.collect(worker, pod, volume)
        return {}

    def watch_again(self, worker: Worker) -> None:
        """Know again whom a change of a source concerns (after a copy)."""
        for source in worker.sources:
            self._users.setdefault(source, {})[worker.uid] = None

    def users(self, source: tuple[str, str]) -> list[str]:
        """The uids of pods that show that ConfigMap or Secret."""
        return list(self._users.get(source, ()))

    def refresh(self, worker: Worker, pod: Object, source: tuple[str, str]) -> None:
        """Show the present content of a source that has changed."""
        for volume in pod["spec"].get("volumes") or ():
            volume_id = worker.volumes.get(volume["name"])
            if not volume_id or source not in self._projections.sources(pod, volume):
                continue
            if not self._projections.problems(pod, volume):
                self._tools.runtime.add_projection(volume_id, None)

    def _make(self, worker: Worker, pod: Object, volume: Object) -> str:
        volume_id = f"{worker.uid}/{volume['name']}"
        runtime = self._tools.runtime
        if any(volume.get(kind) is not None for kind in _PROJECTED):
            problems = self._projections.problems(pod, volume)
            if problems:
                raise MountError(aggregated(problems))
            runtime.add_projection(volume_id, None)
        elif volume.get("hostPath") is not None:
            source = volume["hostPath"]
            runtime.add_host_directory(
                volume_id, worker.node, source["path"], source.get("type") or ""
            )
        elif volume.get("persistentVolumeClaim") is not None:
            return self._claim(worker, pod, volume["persistentVolumeClaim"]["claimName"])
        elif volume.get("ephemeral") is not None:
            return self._claim(worker, pod, f"{worker.name}-{volume['name']}")
        else:
            volume_id = _remote_id(volume) or volume_id
            self._add_directory(volume_id, pod, volume.get("emptyDir") or {})
        return volume_id

    def _add_directory(self, volume_id: str, pod: Object, source: Object) -> None:
        group: int | None = (pod["spec"].get("securityContext") or {}).get("fsGroup")
        size = source.get("sizeLimit")
        self._tools.runtime.add_empty_directory(
            volume_id,
            mode=0o777,
            gid=group,
            bytes_max=bytes_of(size) if size else 0,
            is_memory=source.get("medium") == "Memory",
        )

    def _claim(self, worker: Worker, pod: Object, name: str) -> str:
        claim = self._claims.get(worker.namespace, name)
        if claim is None:
            raise MountError(f'persistentvolumeclaim "{name}" not found')
        disk_name = claim["spec"].get("volumeName")
        if not disk_name or (claim.get("status") or {}).get("phase") != "Bound":
            raise MountError(f"PVC {worker.namespace}/{name} is not bound")
        disk = self._disks.get("", disk_name)
        if disk is None:
            raise MountError(f'persistentvolume "{disk_name}" not found')
        source = disk["spec"].get("hostPath") or disk["spec"].get("local")
        if source is not None:
            volume_id = f"{worker.uid}/{disk_name}"
            type_ = source.get("type") or (
                "DirectoryOrCreate" if "hostPath" in disk["spec"] else ""
            )
            self._tools.runtime.add_host_directory(volume_id, worker.node, source["path"], type_)
            return volume_id
        volume_id = f"disk/{disk['metadata']['uid']}"
        self._add_directory(volume_id, pod, {})
        return volume_id

    def _watch(self, worker: Worker, pod: Object) -> None:
        found: dict[tuple[str, str], None] = {}
        for volume in pod["spec"].get("volumes") or ():
            if worker.volumes.get(volume["name"]):
                found.update(dict.fromkeys(self._projections.sources(pod, volume)))
        worker.sources = tuple(found)
        self.watch_again(worker)

    def _source_changed(self, change: Change) -> None:
        source = (change.resource, f"{change.namespace}/{change.name}")
        if source in self._users:
            due_ms = self._tools.now_ms + self._tools.between_ms(*_REFRESH_MS)
            self._tools.agenda.schedule(due_ms, ACTOR, ("source", *source))


def _mounted_names(spec: Object) -> set[str]:
    return {mount["name"] for mount in _mounts(spec)}


def _mounts(spec: Object) -> Iterator[Object]:
    for group in ("initContainers", "containers", "ephemeralContainers"):
        for container in spec.get(group) or ():
            yield from container.get("volumeMounts") or ()


def _remote_id(volume: Object) -> str:
    for kind, fields in _REMOTE.items():
        source = volume.get(kind)
        if source is not None and any(source.get(field) for field in fields):
            return "/".join([kind, *(str(source.get(field, "")) for field in fields)])
    return ""
