"""`kubectl logs`: what containers have written, once or as it comes.

Models: k8s.io/kubectl/pkg/cmd/logs (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.kubectl.command import SELECTOR, Command
from cluster_engine.kubectl.errors import KubectlError, StatusError, UsageError
from cluster_engine.kubectl.flags import DURATION, INT, Flag, switch
from cluster_engine.kubectl.pods import (
    DEFAULT_CONTAINER,
    container_names,
    find_container,
    pod_resource,
    pods_of,
    target_named,
)
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.streams import read_frames
from cluster_engine.runtime.program import Waiting

_USAGE = (
    "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n"
    "POD or TYPE/NAME is a required argument for the logs command"
)
_SELECTOR_TAIL = 10


def run(session: Session) -> int | Task:
    flags = session.flags
    words = session.arguments
    selector = flags.text("selector")
    if (not words and not selector) or len(words) > 2:
        raise UsageError(_USAGE, session.command)
    if len(words) == 1 and selector:
        raise UsageError("only a selector (-l) or a POD name is allowed", session.command)
    container = words[1] if len(words) == 2 else flags.text("container")
    _check(session, container)
    pods = _pods(session, words[0] if words else "", selector)
    sources = [source for pod in pods for source in _sources(session, pod, container)]
    if flags.is_on("follow") and len(sources) > flags["max-log-requests"]:
        raise KubectlError(
            f"you are attempting to follow {len(sources)} log streams, but maximum allowed "
            f"concurrency is {flags['max-log-requests']}, use --max-log-requests to increase the "
            "limit"
        )
    query = _query(session, bool(selector))
    if flags.is_on("follow"):
        return Follow(sources, query)
    return _print(session, sources, query)


def _check(session: Session, container: str) -> None:
    flags = session.flags
    if flags.text("since-time") and flags["since"]:
        raise KubectlError("at most one of `sinceTime` or `sinceSeconds` may be specified")
    if flags.is_on("all-containers") and container:
        raise KubectlError(
            f"--all-containers=true should not be specified with container name {container}"
        )
    if flags.has("container") and len(session.arguments) == 2:
        raise KubectlError("only one of -c or an inline [CONTAINER] arg is allowed")
    if flags["limit-bytes"] < 0:
        raise KubectlError("--limit-bytes must be greater than 0")
    if flags["since"] < 0:
        raise KubectlError("--since must be greater than 0")
    if flags["tail"] < -1:
        raise KubectlError("--tail must be greater than or equal to -1")


@dataclass(frozen=True, slots=True)
class Source:
    """One container's log."""

    path: str
    pod: str
    container: str

    @property
    def prefix(self) -> str:
        return f"[pod/{self.pod}/{self.container}] "


def _pods(session: Session, word: str, selector: str) -> list[Object]:
    if not word:
        path = pod_resource(session).path(session.namespace)
        items: list[Object] = session.client.call("GET", path, {"labelSelector": selector})["items"]
        if not items:
            session.err(f"No resources found in {session.namespace} namespace.")
        return items
    try:
        target = target_named(session, word)
    except StatusError as error:
        if error.is_not_found:
            raise KubectlError(
                f'error from server (NotFound): {error.message} in namespace "{session.namespace}"'
            ) from None
        raise
    if target.resource.kind == "Pod":
        return [target.object]
    try:
        pods = pods_of(session, target)
    except KubectlError as error:
        kind = f"*{target.resource.version}.{target.resource.kind}"
        raise KubectlError(f"cannot get the logs from {kind}: {error.message}") from None
    if not pods:
        raise KubectlError("timed out waiting for the condition")
    if session.flags.is_on("all-pods"):
        return pods
    if len(pods) > 1:
        session.err(f"Found {len(pods)} pods, using pod/{pods[0]['metadata']['name']}")
    return pods[:1]


def _sources(session: Session, pod: Object, container: str) -> list[Source]:
    metadata, spec = pod["metadata"], pod["spec"]
    path = pod_resource(session).path(metadata["namespace"], metadata["name"], "log")
    name = metadata["name"]
    if session.flags.is_on("all-containers"):
        fields = ("initContainers", "containers", "ephemeralContainers")
        return [
            Source(path, name, item["name"]) for kind in fields for item in spec.get(kind) or ()
        ]
    wanted = container or (metadata.get("annotations") or {}).get(DEFAULT_CONTAINER, "")
    if wanted and not container and find_container(pod, wanted) is None:
        session.err(f'Default container name "{wanted}" not found in pod {name}')
        wanted = ""
    if not wanted:
        wanted = spec["containers"][0]["name"]
        has_more = len(spec["containers"]) > 1
        if has_more or spec.get("initContainers") or spec.get("ephemeralContainers"):
            session.err(f'Defaulted container "{wanted}" out of: {container_names(pod)}')
    if find_container(pod, wanted) is None:
        raise KubectlError(
            f"container {wanted} is not valid for pod {name} out of: {container_names(pod)}"
        )
    return [Source(path, name, wanted)]


def _query(session: Session, has_selector: bool) -> dict[str, Any]:
    flags = session.flags
    query: dict[str, Any] = {}
    for name in ("follow", "previous", "timestamps"):
        if flags.is_on(name):
            query[name] = True
    if flags.text("since-time"):
        try:
            parse_rfc3339(flags.text("since-time"))
        except ValueError:
            text = flags.text("since-time")
            raise KubectlError(
                f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as '
                '"2006"'
            ) from None
        query["sinceTime"] = flags.text("since-time")
    if flags["since"]:
        query["sinceSeconds"] = max(round(flags["since"] / 1000), 1)
    if flags["limit-bytes"]:
        query["limitBytes"] = flags["limit-bytes"]
    if has_selector and not flags.has("tail"):
        query["tailLines"] = _SELECTOR_TAIL
    elif flags["tail"] != -1:
        query["tailLines"] = flags["tail"]
    return query


def _print(session: Session, sources: list[Source], query: dict[str, Any]) -> int:
    for source in sources:
        try:
            text = session.client.text(source.path, {"container": source.container, **query})
        except StatusError as error:
            if not session.flags.is_on("ignore-errors"):
                raise
            session.write(f"error: {error.message}\n")
            continue
        session.write(_prefixed(session, source, text))
    return 0


def _prefixed(session: Session, source: Source, text: bytes) -> bytes:
    if not session.flags.is_on("prefix") and not session.flags.is_on("all-pods"):
        return text
    prefix = source.prefix.encode()
    return b"".join(prefix + line for line in text.splitlines(keepends=True))


@dataclass(slots=True)
class Follow:
    """Prints logs as they grow, whole lines, until they end."""

    sources: list[Source]
    query: dict[str, Any]
    fds: dict[int, int] = field(default_factory=dict)
    rests: dict[int, bytes] = field(default_factory=dict)
    is_open: bool = False

    def step(self, session: Session) -> int | Waiting:
        if not self.is_open:
            self.is_open = True
            for number, source in enumerate(self.sources):
                query = {"container": source.container, **self.query}
                stream = session.client.stream("GET", source.path, query, accept="*/*")
                self.fds[number] = session.system.open_stream(stream)
        for number in list(self.fds):
            self._read(session, number)
        if not self.fds:
            return 0
        return Waiting(readable=tuple(self.fds.values()))

    def _read(self, session: Session, number: int) -> None:
        frames = read_frames(session.system, self.fds[number])
        if frames is None:
            return
        data = self.rests.get(number, b"") + b"".join(frame.data for frame in frames)
        if frames:
            end = data.rfind(b"\n") + 1
            self.rests[number], data = data[end:], data[:end]
        else:
            session.system.close(self.fds.pop(number))
        session.write(_prefixed(session, self.sources[number], data))


COMMAND = Command(
    name="logs",
    short="Print the logs for a container in a pod",
    usage="[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
    long="Print the logs for a container in a pod or specified resource. If the pod has only one "
    "container, the container name is optional.",
    examples="""# Return snapshot logs from pod nginx with only one container
kubectl logs nginx

# Return snapshot logs from pod nginx, prefixing each line with the source pod and container name
kubectl logs nginx --prefix

# Return snapshot logs from pod nginx, limiting output to 500 bytes
kubectl logs nginx --limit-bytes=500

# Return snapshot logs from pod nginx, waiting up to 20 seconds for it to start running.
kubectl logs nginx --pod-running-timeout=20s

# Return snapshot logs from pod nginx with multi containers
kubectl logs nginx --all-containers=true

# Return snapshot logs from all pods in the deployment nginx
kubectl logs deployment/nginx --all-pods=true

# Return snapshot logs from all containers in pods defined by label app=nginx
kubectl logs -l app=nginx --all-containers=true

# Return snapshot logs from all pods defined by label app=nginx, limiting concurrent log requests \
to 10 pods
kubectl logs -l app=nginx --max-log-requests=10

# Return snapshot of previous terminated ruby container logs from pod web-1
kubectl logs -p -c ruby web-1

# Begin streaming the logs from pod nginx, continuing even if errors occur
kubectl logs nginx -f --ignore-errors=true

# Begin streaming the logs of the ruby container in pod web-1
kubectl logs -f -c ruby web-1

# Begin streaming the logs from all containers in pods defined by label app=nginx
kubectl logs -f -l app=nginx --all-containers=true

# Display only the most recent 20 lines of output in pod nginx
kubectl logs --tail=20 nginx

# Show all logs from pod nginx written in the last hour
kubectl logs --since=1h nginx

# Show all logs with timestamps from pod nginx starting from August 30, 2024, at 06:00:00 UTC
kubectl logs nginx --since-time=2024-08-30T06:00:00Z --timestamps=true

# Show logs from a kubelet with an expired serving certificate
kubectl logs --insecure-skip-tls-verify-backend nginx

# Return snapshot logs from first container of a job named hello
kubectl logs job/hello

# Return snapshot logs from container nginx-1 of a deployment named nginx
kubectl logs deployment/nginx -c nginx-1""",
    flags=(
        SELECTOR,
        switch("all-containers", "", "Get all containers' logs in the pod(s)."),
        switch("all-pods", "", "Get logs from all pod(s). Sets prefix to true."),
        Flag("container", "c", "string", "", "Print the logs of this container"),
        switch("follow", "f", "Specify if the logs should be streamed."),
        switch(
            "ignore-errors",
            "",
            "If watching / following pod logs, allow for any errors that occur to be non-fatal",
        ),
        Flag("limit-bytes", "", INT, 0, "Maximum bytes of logs to return. Defaults to no limit."),
        Flag(
            "max-log-requests",
            "",
            INT,
            5,
            "Specify maximum number of concurrent logs to follow "
            "when using by a selector. Defaults to 5.",
        ),
        Flag(
            "pod-running-timeout",
            "",
            DURATION,
            20_000,
            "The length of time (like 5s, 2m, or 3h, "
            "higher than zero) to wait until at least one pod is running",
        ),
        switch(
            "prefix", "", "Prefix each log line with the log source (pod name and container name)"
        ),
        switch(
            "previous",
            "p",
            "If true, print the logs for the previous instance of the "
            "container in a pod if it exists.",
        ),
        Flag(
            "since",
            "",
            DURATION,
            0,
            "Only return logs newer than a relative duration like 5s, "
            "2m, or 3h. Defaults to all logs. Only one of since-time / since may be used.",
        ),
        Flag(
            "since-time",
            "",
            "string",
            "",
            "Only return logs after a specific date (RFC3339). "
            "Defaults to all logs. Only one of since-time / since may be used.",
        ),
        Flag(
            "tail",
            "",
            INT,
            -1,
            "Lines of recent log file to display. Defaults to -1 with no "
            "selector, showing all log lines otherwise 10, if a selector is provided.",
        ),
        switch("timestamps", "", "Include timestamps on each line in the log output"),
    ),
    run=run,
)
