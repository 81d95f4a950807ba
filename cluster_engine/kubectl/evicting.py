"""Which pods have to leave a node that is drained, and making them leave.

Models: k8s.io/kubectl/pkg/drain (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.flags import duration_text
from cluster_engine.kubectl.results import SERVER, dry_run, report
from cluster_engine.kubectl.session import Session

_DAEMON_SET_FATAL = "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"
_DAEMON_SET_WARNING = "ignoring DaemonSet-managed Pods"
_STORAGE_FATAL = "Pods with local storage (use --delete-emptydir-data to override)"
_STORAGE_WARNING = "deleting Pods with local storage"
_UNMANAGED_FATAL = "Pods that declare no controller (use --force to override)"
_UNMANAGED_WARNING = "deleting Pods that declare no controller"
_MIRROR = "kubernetes.io/config.mirror"
_RETRY_MS = 5000
_NEVER_MS = 2**62


@dataclass(slots=True)
class Candidates:
    """The pods of a node: those to remove, and what is to be said about them."""

    pods: list[Object] = field(default_factory=list)
    warnings: dict[str, list[str]] = field(default_factory=dict)
    refusals: dict[str, list[str]] = field(default_factory=dict)

    def warning(self) -> str:
        return "; ".join(f"{text}: {', '.join(pods)}" for text, pods in self.warnings.items())

    def errors(self) -> list[KubectlError]:
        return [
            KubectlError(f"cannot delete {text}: {', '.join(pods)}")
            for text, pods in self.refusals.items()
        ]


def candidates_on(session: Session, node: str) -> Candidates:
    """Raises KubectlError when the pods cannot be listed."""
    query = {
        "labelSelector": session.flags.text("pod-selector"),
        "fieldSelector": f"spec.nodeName={node}",
    }
    found = Candidates()
    for pod in session.client.call("GET", "/api/v1/pods", query).get("items") or ():
        _judge(session, pod, found)
    return found


def _judge(session: Session, pod: Object, found: Candidates) -> None:
    """Put the pod where it belongs. The last warning wins, a refusal ends it."""
    metadata, flags = pod["metadata"], session.flags
    name = f"{metadata['namespace']}/{metadata['name']}"
    if is_skipped(session, pod) or _MIRROR in (metadata.get("annotations") or {}):
        return
    has_ended = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
    warning = ""
    owner = controller_of(pod)
    if not has_ended and owner is not None and owner.get("kind") == "DaemonSet":
        problem = _missing_daemon_set(session, metadata["namespace"], owner["name"])
        if problem is None:
            if flags.is_on("ignore-daemonsets"):
                found.warnings.setdefault(_DAEMON_SET_WARNING, []).append(name)
            else:
                found.refusals.setdefault(_DAEMON_SET_FATAL, []).append(name)
            return
        if not (problem.is_not_found and flags.is_on("force")):
            found.refusals.setdefault(problem.message, []).append(name)
            return
        warning = problem.message
    has_storage = any("emptyDir" in volume for volume in pod["spec"].get("volumes") or ())
    if not has_ended and has_storage:
        if not flags.is_on("delete-emptydir-data"):
            found.refusals.setdefault(_STORAGE_FATAL, []).append(name)
            return
        warning = _STORAGE_WARNING
    if not has_ended and owner is None:
        if not flags.is_on("force"):
            found.refusals.setdefault(_UNMANAGED_FATAL, []).append(name)
            return
        warning = _UNMANAGED_WARNING
    elif warning == _STORAGE_WARNING:
        # Upstream's last filter lets the warning of the one before it go.
        warning = ""
    if warning:
        found.warnings.setdefault(warning, []).append(name)
    found.pods.append({"apiVersion": "v1", "kind": "Pod", **pod})


def _missing_daemon_set(session: Session, namespace: str, name: str) -> StatusError | None:
    try:
        session.client.call("GET", f"/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}")
    except StatusError as error:
        return error
    return None


def is_skipped(session: Session, pod: Object) -> bool:
    """Whether the pod has been terminating for longer than anyone wants to wait."""
    seconds = session.flags["skip-wait-for-delete-timeout"]
    deleted = pod["metadata"].get("deletionTimestamp")
    if seconds <= 0 or not deleted:
        return False
    return (session.now_ms - parse_rfc3339(deleted)) // 1000 > int(seconds)


@dataclass(slots=True)
class Leaving:
    """One pod on its way out."""

    pod: Object
    is_evicted: bool = False
    retry_ms: int = 0


@dataclass(slots=True)
class Removal:
    """Evicts (or deletes) pods side by side and waits until they are gone."""

    leaving: list[Leaving]
    deadline_ms: int
    errors: list[KubectlError] = field(default_factory=list)

    def step(self, session: Session) -> int | None:
        """When to look again; None when all are gone or have failed."""
        still: list[Leaving] = []
        for each in self.leaving:
            try:
                if self._go_on(session, each):
                    still.append(each)
            except KubectlError as error:
                self.errors.append(error)
        self.leaving = still
        if not still:
            return None
        times = [each.retry_ms if not each.is_evicted else session.now_ms + 1000 for each in still]
        return max(min(*times, self.deadline_ms), session.now_ms + 1)

    def _go_on(self, session: Session, each: Leaving) -> bool:
        """False when the pod is gone. Raises KubectlError when it cannot leave."""
        is_late = session.now_ms >= self.deadline_ms
        if not each.is_evicted:
            if session.now_ms < each.retry_ms and not is_late:
                return True
            return self._evict(session, each, is_late)
        metadata = each.pod["metadata"]
        verb = "deleted" if session.flags.is_on("disable-eviction") else "evicted"
        try:
            pod = session.client.call("GET", _path(each.pod))
        except StatusError as error:
            if not error.is_not_found:
                raise
            pod = None
        if pod is None or pod["metadata"]["uid"] != metadata["uid"]:
            report(session, each.pod, verb)
            return False
        if is_skipped(session, pod):
            seconds = session.flags["skip-wait-for-delete-timeout"]
            session.out(
                f'pod "{metadata["name"]}" has DeletionTimestamp older than {seconds} seconds, '
                "skipping"
            )
            return False
        if is_late:
            raise KubectlError(
                f'error when waiting for pod "{metadata["name"]}" in namespace '
                f'"{metadata["namespace"]}" to terminate: context deadline exceeded'
            )
        return True

    def _evict(self, session: Session, each: Leaving, is_late: bool) -> bool:
        metadata = each.pod["metadata"]
        name, namespace = metadata["name"], metadata["namespace"]
        if session.flags.is_on("disable-eviction"):
            return self._delete(session, each)
        is_trial = dry_run(session) == SERVER
        suffix = " (server dry run)" if is_trial else ""
        session.out(f"evicting pod {namespace}/{name}{suffix}")
        if is_late:
            raise KubectlError(
                f'error when evicting pods/"{name}" -n "{namespace}": global timeout reached: '
                f"{duration_text(session.flags['timeout'])}"
            )
        eviction: Object = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": name, "namespace": namespace},
            "deleteOptions": _options(session),
        }
        try:
            session.client.call("POST", f"{_path(each.pod)}/eviction", None, eviction)
        except StatusError as error:
            if error.is_not_found:
                return False
            if error.reason == "TooManyRequests":
                session.err(
                    f'error when evicting pods/"{name}" -n "{namespace}" (will retry after '
                    f"{duration_text(_RETRY_MS)}): {error.message}"
                )
                each.retry_ms = session.now_ms + _RETRY_MS
                return True
            raise KubectlError(
                f'error when evicting pods/"{name}" -n "{namespace}": {error.message}'
            ) from None
        each.is_evicted = True
        return not is_trial

    def _delete(self, session: Session, each: Leaving) -> bool:
        try:
            session.client.call("DELETE", _path(each.pod), None, _options(session))
        except StatusError as error:
            if not error.is_not_found:
                raise
        each.is_evicted = True
        return dry_run(session) != SERVER


def removal_of(session: Session, pods: list[Object]) -> Removal:
    timeout_ms = session.flags["timeout"]
    deadline = session.now_ms + timeout_ms if timeout_ms else _NEVER_MS
    return Removal([Leaving(pod) for pod in pods], deadline)


def _path(pod: Object) -> str:
    metadata = pod["metadata"]
    return f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"


def _options(session: Session) -> Object:
    options: Object = {"kind": "DeleteOptions", "apiVersion": "v1"}
    if session.flags["grace-period"] >= 0:
        options["gracePeriodSeconds"] = session.flags["grace-period"]
    if dry_run(session) == SERVER:
        options["dryRun"] = ["All"]
    return options
