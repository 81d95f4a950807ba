"""What the API server asks of nodes: logs, commands in containers, forwarded ports, HTTP.

Fulfils `apiserver.nodelink.NodeLink`, and is the kubelets' party of the fabric (their ends of
forwarded connections). A copied cluster has those streams that are revived in it.

Models: pkg/kubelet/server, the kubelet side of the API server's proxies (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Hashable

from cluster_engine.apimachinery.errors import ApiError, internal
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.nodelink import ExecOptions, LogOptions
from cluster_engine.apiserver.requests import Recipe, Response, Stream
from cluster_engine.kubelet.forwarding import ForwardStream
from cluster_engine.kubelet.logs import LogStream, find_attempt, log_bytes
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.tools import ACTOR, Tools
from cluster_engine.kubelet.worker import Attempt, Run
from cluster_engine.network.addresses import API_SERVER_IP
from cluster_engine.network.connection import Connection, NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno

#: What the kubelet, the container runtime and the system take of a node.
_DAEMONS = (40, 350 * 1024 * 1024)


_PORT = 10250


class Links:
    """The kubelets as servers."""

    def __init__(self, tools: Tools, machines: Machines) -> None:
        self._tools = tools
        self._machines = machines
        #: Followed logs by container id.
        self._followers: dict[str, list[LogStream]] = {}
        self._forwards: dict[int, ForwardStream] = {}
        tools.fabric.attach(ACTOR, self)

    def log(self, pod: Object, options: LogOptions) -> bytes | Stream:
        """See apiserver.nodelink.NodeLink."""
        self._dial(pod)
        worker = self._machines.workers.get(pod["metadata"]["uid"])
        attempt = find_attempt(worker, pod["metadata"]["name"], options)
        lines, end = self._tools.runtime.log_after(attempt.id, 0)
        data = log_bytes(lines, options, self._tools.now_ms)
        if not options.follow:
            return data
        stream = self._log_stream(attempt.id, data, options, end)
        if attempt.state == Run.RUNNING:
            self._followers.setdefault(attempt.id, []).append(stream)
        else:
            stream.end()
        return stream

    def exec(self, pod: Object, options: ExecOptions) -> Stream:
        """See apiserver.nodelink.NodeLink."""
        attempt = self._running(pod, options.container)
        return self._tools.runtime.exec(
            attempt.id,
            options.command,
            stdin=options.stdin,
            stdout=options.stdout,
            stderr=options.stderr,
            tty=options.tty,
        )

    def attach(self, pod: Object, options: ExecOptions) -> Stream:
        """See apiserver.nodelink.NodeLink."""
        attempt = self._running(pod, options.container)
        return self._tools.runtime.attach(
            attempt.id,
            stdin=options.stdin,
            stdout=options.stdout,
            stderr=options.stderr,
            tty=options.tty,
        )

    def port_forward(self, pod: Object, port: int) -> Stream:
        """See apiserver.nodelink.NodeLink."""
        self._dial(pod)
        worker = self._machines.workers.get(pod["metadata"]["uid"])
        if worker is None or not worker.has_sandbox:
            raise internal("unable to do port forwarding: pod is not running")
        fabric = self._tools.fabric
        try:
            connection = fabric.connect(worker.ip, worker.ip, port, ACTOR)
        except NetworkError:
            raise internal(
                f"failed to connect to localhost:{port} inside namespace "
                f'"{worker.uid}", IPv4: dial tcp4 127.0.0.1:{port}: connect: connection refused '
                f"IPv6 dial tcp6: address localhost: no suitable address found"
            ) from None
        return self._forward_stream(connection.id)

    def revive_log(self, recipe: Recipe) -> Stream:
        """A followed log that goes on where another was when it gave its recipe."""
        _, container_id, options, number, pending, left, is_over = recipe
        stream = self._log_stream(container_id, b"", options, number)
        stream.resume(pending, left, is_over=is_over)
        if not is_over:
            self._followers.setdefault(container_id, []).append(stream)
        return stream

    def revive_forward(self, recipe: Recipe) -> Stream | None:
        """A forwarded connection that goes on where another was when it gave its recipe."""
        _, connection_id, waiting = recipe
        if self._tools.fabric.connections.get(connection_id) is None:
            return None
        return self._forward_stream(connection_id, waiting)

    def http(
        self, host: str, port: int, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> Response:
        """See apiserver.nodelink.NodeLink."""
        try:
            status, answer, content = self._tools.fabric.http(
                API_SERVER_IP, host, port, method, path, headers, body
            )
        except NetworkError as error:
            why = f"dial tcp {host}:{port}: connect: connection refused"
            if error.kind == "timeout":
                why = f"dial tcp {host}:{port}: i/o timeout"
            elif error.kind in ("no such host", "dns timeout"):
                why = f"dial tcp: lookup {host}: no such host"
            message = f"error trying to reach service: {why}"
            raise ApiError(503, "ServiceUnavailable", message) from None
        return Response(status, content, dict(answer))

    def look_at(self, pod: Object, container: str, path: str) -> bytes | list[str]:
        """What lies at a path of a running container: a file's bytes, a directory's names. The
        first container without a name. Raises Errno. Leaves traces: for a copied cluster only."""
        name = container or pod["spec"]["containers"][0]["name"]
        worker = self._machines.workers.get(pod["metadata"]["uid"])
        attempt = worker.latest(name) if worker is not None else None
        if attempt is None:
            raise Errno("ESRCH")
        return self._tools.runtime.look_at(attempt.id, path)

    def fetch(
        self, pod: Object | None, host: str, port: int, path: str
    ) -> tuple[int, dict[str, str], bytes]:
        """What a GET from inside a pod (None: from the control plane) is answered. Raises
        NetworkError. The server notices: for a copied cluster only."""
        source_ip = API_SERVER_IP
        if pod is not None:
            worker = self._machines.workers.get(pod["metadata"]["uid"])
            if worker is None or not worker.ip:
                raise NetworkError("no route to host", host)
            source_ip = worker.ip
        return self._tools.fabric.http(source_ip, host, port, "GET", path)

    def pod_usage(self, pod: Object) -> dict[str, tuple[int, int]]:
        """What the running containers of a pod use: name -> (CPU in thousandths, bytes)."""
        worker = self._machines.workers.get(pod["metadata"]["uid"])
        runs = worker.running() if worker is not None else []
        return {attempt.name: self._tools.runtime.usage(attempt.id) for attempt in runs}

    def node_usage(self, node: str) -> tuple[int, int] | None:
        """What a node uses, its own daemons included; None for a node without a kubelet."""
        if not self._machines.ip(node):
            return None
        cpu_milli, memory_bytes = _DAEMONS
        for worker in self._machines.on(node):
            for attempt in worker.running():
                cpu, memory = self._tools.runtime.usage(attempt.id)
                cpu_milli += cpu
                memory_bytes += memory
        return cpu_milli, memory_bytes

    def log_written(self, container_id: str) -> None:
        """A container has written to its log (see contracts.RuntimeListener)."""
        followers = self._followers.get(container_id)
        if not followers:
            return
        for stream in followers:
            lines, stream.number = self._tools.runtime.log_after(container_id, stream.number)
            stream.add(lines)

    def end_followers(self, container_id: str) -> None:
        """A container has ended: so do the streams that follow its log."""
        self.log_written(container_id)
        for stream in self._followers.pop(container_id, ()):
            stream.end()

    # network.connection.Party

    def accept(self, key: Hashable, connection: Connection) -> bool:
        """Kubelets listen nowhere."""
        return False

    def answer(self, key: Hashable, request: HttpRequest) -> HttpReply | None:
        """Kubelets listen nowhere."""
        return None

    def ready(self, connection_id: int, side: int) -> None:
        """A forwarded connection has news."""
        stream = self._forwards.get(connection_id)
        if stream is not None:
            stream.ready()

    def _dial(self, pod: Object) -> None:
        """The API server calls the pod's kubelet. Raises ApiError when nobody answers."""
        node = pod["spec"].get("nodeName") or ""
        if node in self._machines.down:
            address = f"{self._machines.ip(node)}:{_PORT}"
            why = f"error dialing backend: dial tcp {address}: connect: connection refused"
            raise ApiError(500, "InternalError", f"Internal error occurred: {why}")

    def _running(self, pod: Object, name: str) -> Attempt:
        self._dial(pod)
        worker = self._machines.workers.get(pod["metadata"]["uid"])
        attempt = worker.latest(name) if worker is not None else None
        if attempt is None or attempt.state != Run.RUNNING:
            raise internal(f'unable to upgrade connection: container not found ("{name}")')
        return attempt

    def _log_stream(
        self, container_id: str, first: bytes, options: LogOptions, number: int
    ) -> LogStream:
        def unfollow() -> None:
            self._unfollow(container_id)

        return LogStream(container_id, first, options, number, unfollow)

    def _forward_stream(self, connection_id: int, waiting: bytes = b"") -> ForwardStream:
        def forget() -> None:
            self._forwards.pop(connection_id, None)

        connections = self._tools.fabric.connections
        stream = ForwardStream(connections, connection_id, forget, waiting)
        self._forwards[connection_id] = stream
        return stream

    def _unfollow(self, container_id: str) -> None:
        followers = self._followers.get(container_id, [])
        followers[:] = [stream for stream in followers if not stream.is_done]
        if not followers:
            self._followers.pop(container_id, None)
