"""One pass over one deployment: what was read, and the writes that steps share."""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object, with_metadata, with_status
from cluster_engine.client.client import Client
from cluster_engine.client.recorder import Recorder
from cluster_engine.controllers.deployment import counts, replicasets
from cluster_engine.controllers.deployment import status as statuses

_SETS = "replicasets.apps"


class Rollout:
    """The deployment, its new set (if any) and its old ones; kept current as steps write."""

    def __init__(self, client: Client, recorder: Recorder, now_ms: int, deployment: Object) -> None:
        self.deployment = deployment
        self.new_set: Object | None = None
        self.old_sets: list[Object] = []
        self._client = client
        self._recorder = recorder
        self._now_ms = now_ms

    @property
    def all_sets(self) -> list[Object]:
        """Old sets, then the new one."""
        return [*self.old_sets, *([self.new_set] if self.new_set is not None else [])]

    def take(self, replica_sets: list[Object]) -> None:
        """Start from the sets that the deployment controls."""
        self.new_set = replicasets.find_new(self.deployment, replica_sets)
        self.old_sets = [item for item in replica_sets if item is not self.new_set]

    def find_new(self, *, is_creating: bool) -> None:
        """Bring the new set's annotations and the deployment's revision up to date; make the set
        when there is none and `is_creating`."""
        revision = max((counts.revision_of(item) for item in self.old_sets), default=0) + 1
        if self.new_set is not None:
            self._refresh_new(self.new_set, revision)
        elif is_creating:
            self._create_new(revision)

    def scale(self, replica_set: Object, size: int, *, is_forced: bool = False) -> bool:
        """Give a set another size (or, forced, current annotations). True when it changed size."""
        before = counts.replicas(replica_set)
        if before == size and not is_forced:
            return False
        held = replica_set["metadata"].get("annotations") or {}
        wanted = {**held, **replicasets.replica_annotations(self.deployment)}
        if before == size and wanted == held:
            return False
        changed = with_metadata(replica_set, annotations=wanted)
        changed = {**changed, "spec": {**changed["spec"], "replicas": size}}
        self._replace(self._client.update(_SETS, changed))
        if before == size:
            return False
        direction = "up" if before < size else "down"
        name = replica_set["metadata"]["name"]
        self._say(f"Scaled {direction} replica set {name} from {before} to {size}")
        return True

    def clean_up(self) -> None:
        """Delete the oldest idle sets beyond the history limit."""
        limit = self.deployment["spec"].get("revisionHistoryLimit", 10)
        alive = [i for i in self.old_sets if "deletionTimestamp" not in i["metadata"]]
        for replica_set in sorted(alive, key=counts.revision_of)[: max(len(alive) - limit, 0)]:
            metadata, held = replica_set["metadata"], replica_set.get("status") or {}
            if (
                held.get("replicas", 0) == 0
                and counts.replicas(replica_set) == 0
                and metadata.get("generation", 0) <= held.get("observedGeneration", 0)
            ):
                self._client.delete(_SETS, metadata["namespace"], metadata["name"])

    def write_status(self, *, is_rollout: bool) -> None:
        """Compute the status and write it if it changed."""
        compute = statuses.rollout_status if is_rollout else statuses.basic_status
        status = compute(self.deployment, self.all_sets, self.new_set, self._now_ms)
        if status != (self.deployment.get("status") or {}):
            self._write(with_status(self.deployment, status))

    def set_progress(self, status: str, reason: str, message: str) -> None:
        """Write the Progressing condition at once."""
        held = self.deployment.get("status") or {}
        mark = statuses.condition("Progressing", status, reason, message, self._now_ms)
        conditions = statuses.set_condition(held.get("conditions") or [], mark)
        self._write(with_status(self.deployment, {**held, "conditions": conditions}))

    def _refresh_new(self, new_set: Object, revision: int) -> None:
        changed = replicasets.with_annotations(self.deployment, new_set, revision)
        ready = self.deployment["spec"].get("minReadySeconds", 0)
        if changed["spec"].get("minReadySeconds", 0) != ready:
            changed = {**changed, "spec": {**changed["spec"], "minReadySeconds": ready}}
        if changed is not new_set:
            self._replace(self._client.update(_SETS, changed))
        assert self.new_set is not None
        self._set_revision(counts.revision_of(self.new_set))
        held = (self.deployment.get("status") or {}).get("conditions") or []
        if counts.has_deadline(self.deployment) and find(held, "Progressing") is None:
            name = new_set["metadata"]["name"]
            self.set_progress("True", "FoundNewReplicaSet", f'Found new replica set "{name}"')

    def _create_new(self, revision: int) -> None:
        wanted = replicasets.make_new(self.deployment, self.old_sets, revision)
        name = wanted["metadata"]["name"]
        try:
            self.new_set = self._client.create(_SETS, wanted)
        except ApiError as error:
            self._note_failed_creation(name, error)
            raise
        if counts.replicas(self.new_set) > 0:
            self._say(f"Scaled up replica set {name} from 0 to {counts.replicas(self.new_set)}")
        self._set_revision(revision)
        if counts.has_deadline(self.deployment):
            message = f'Created new replica set "{name}"'
            self.set_progress("True", "NewReplicaSetCreated", message)

    def _note_failed_creation(self, name: str, error: ApiError) -> None:
        if error.reason == "AlreadyExists":
            # The hash collides with another template's: count it, the next try hashes anew.
            held = self.deployment.get("status") or {}
            status = {**held, "collisionCount": held.get("collisionCount", 0) + 1}
            self._write(with_status(self.deployment, status))
        elif "is being terminated" not in error.message:
            message = f'Failed to create new replica set "{name}": {error.message}'
            if counts.has_deadline(self.deployment):
                self.set_progress("False", "ReplicaSetCreateError", message)
            self._recorder.event(self.deployment, "Warning", "ReplicaSetCreateError", message)

    def _set_revision(self, revision: int) -> None:
        annotations = self.deployment["metadata"].get("annotations") or {}
        if annotations.get(counts.REVISION) != str(revision):
            annotations = {**annotations, counts.REVISION: str(revision)}
            # A status write, as upstream: any other would count as a new generation.
            self._write(with_metadata(self.deployment, annotations=annotations))

    def _write(self, deployment: Object) -> None:
        self.deployment = self._client.update_status("deployments.apps", deployment)

    def _replace(self, replica_set: Object) -> None:
        uid = replica_set["metadata"]["uid"]
        if self.new_set is not None and self.new_set["metadata"]["uid"] == uid:
            self.new_set = replica_set
        self.old_sets = [
            replica_set if item["metadata"]["uid"] == uid else item for item in self.old_sets
        ]

    def _say(self, message: str) -> None:
        self._recorder.event(self.deployment, "Normal", "ScalingReplicaSet", message)
