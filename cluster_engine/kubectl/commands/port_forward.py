"""`kubectl port-forward`: ports of this machine that lead into a pod.

Models: k8s.io/kubectl/pkg/cmd/portforward and k8s.io/client-go/tools/portforward (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cluster_engine.apiserver.requests import STDIN, STDOUT, Frame, Stream
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError, StatusError, UsageError
from cluster_engine.kubectl.flags import DURATION, STRINGS, Flag
from cluster_engine.kubectl.forwarding import PortPair, pairs_of, reply_of
from cluster_engine.kubectl.pods import pod_of, pod_resource, target_named
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.network.http import HttpReply, HttpRequest, request_bytes
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Waiting
from cluster_engine.runtime.system import System

_LOCAL = "localhost"
_FIRST_FREE, _FREE_COUNT = 32768, 28000
_CONNECTIONS_MAX = 100


def run(session: Session) -> int | Task:
    flags, words = session.flags, session.arguments
    if len(words) < 2:
        raise UsageError(
            "TYPE/NAME and list of ports are required for port-forward", session.command
        )
    if flags["pod-running-timeout"] <= 0:
        raise KubectlError("--pod-running-timeout must be higher than zero")
    target = target_named(session, words[0])
    pod = pod_of(session, words[0], action="port forward")
    pairs = pairs_of(words[1:], target.object, pod)
    phase = (pod.get("status") or {}).get("phase", "")
    if phase != "Running":
        raise KubectlError(
            f"unable to forward port because pod is not running. Current status={phase}"
        )
    metadata = pod["metadata"]
    path = pod_resource(session).path(metadata["namespace"], metadata["name"], "portforward")
    return Forwarding(path, pairs, flags.words("address"))


@dataclass(slots=True)
class Pipe:
    """One connection and the stream to the pod."""

    connection: int
    stream: int
    to_connection: bytes = b""
    has_input_ended: bool = False

    def pump(self, system: System) -> bool:
        """Pass on what there is; False when it is over."""
        try:
            self._take_input(system)
            frames = None if self.to_connection else system.read_frames(self.stream)
            if frames == []:
                return False
            for frame in frames or ():
                if frame.channel == STDOUT:
                    self.to_connection += frame.data
            if self.to_connection:
                taken = system.write(self.connection, self.to_connection)
                self.to_connection = self.to_connection[taken:]
        except Errno:
            return False
        return True

    def _take_input(self, system: System) -> None:
        while not self.has_input_ended:
            data = system.read(self.connection)
            if data is None:
                return
            if data:
                system.write_frame(self.stream, Frame(STDIN, data))
            else:
                self.has_input_ended = True
                system.end_stream_input(self.stream)

    def close(self, system: System) -> None:
        system.close(self.stream)
        system.close(self.connection)


@dataclass(slots=True)
class Forwarding:
    """Accepts connections and passes bytes both ways, until it is interrupted."""

    path: str
    pairs: list[PortPair]
    addresses: list[str]
    listening: list[tuple[int, PortPair]] = field(default_factory=list)
    pipes: list[Pipe] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        system = session.system
        if not self.listening:
            self._listen(session)
        for fd, pair in self.listening:
            while len(self.pipes) < _CONNECTIONS_MAX:
                connection = system.accept(fd)
                if connection is None:
                    break
                self._connect(session, connection, pair)
        for pipe in list(self.pipes):
            if not pipe.pump(system):
                pipe.close(system)
                self.pipes.remove(pipe)
        readable = [fd for fd, _ in self.listening]
        for pipe in self.pipes:
            readable.append(pipe.stream)
            if not pipe.has_input_ended:
                readable.append(pipe.connection)
        writable = tuple(pipe.connection for pipe in self.pipes if pipe.to_connection)
        return Waiting(readable=tuple(readable), writable=writable)

    def _listen(self, session: Session) -> None:
        for pair in self.pairs:
            local = _local_port(session, pair)
            if local is None:
                continue
            fd, port = local
            self.listening.append((fd, PortPair(port, pair.remote)))
            for address in self.addresses:
                shown = ["127.0.0.1", "[::1]"] if address == _LOCAL else [address]
                for host in shown:
                    session.out(f"Forwarding from {host}:{port} -> {pair.remote}")
        if not self.listening:
            wanted = " ".join(str(pair) for pair in self.pairs)
            raise KubectlError(f"unable to listen on any of the requested ports: [{wanted}]")

    def http(self, session: Session, request: HttpRequest) -> HttpReply:
        """Pass on one whole request, for clients that cannot wait for bytes."""
        pair = next((pair for _, pair in self.listening if pair.local == request.port), None)
        if pair is None:
            return HttpReply(502)
        try:
            stream = self._stream(session, pair)
        except KubectlError:
            return HttpReply(502)
        stream.write(Frame(STDIN, request_bytes(request)))
        stream.end_input()
        data = b"".join(frame.data for frame in _all_frames(stream))
        stream.close()
        return reply_of(data)

    def _connect(self, session: Session, connection: int, pair: PortPair) -> None:
        try:
            stream = self._stream(session, pair)
        except KubectlError:
            session.system.close(connection)
            raise
        self.pipes.append(Pipe(connection, session.system.open_stream(stream)))

    def _stream(self, session: Session, pair: PortPair) -> Stream:
        """A stream to the pod's port. Raises KubectlError, having said what is wrong."""
        session.out(f"Handling connection for {pair.local}")
        try:
            return session.client.stream("POST", self.path, {"ports": pair.remote})
        except StatusError as error:
            what = (
                f"an error occurred forwarding {pair.local} -> {pair.remote}: error forwarding "
                f"port {pair.remote} to pod: {error.message}"
            )
            head = _log_head(session.now_ms)
            session.err(f'{head} portforward.go:424] "Unhandled Error" err="{what}"')
            raise KubectlError("lost connection to pod") from None


def _local_port(session: Session, pair: PortPair) -> tuple[int, int] | None:
    """A listening descriptor and its port; None (and a word of it) when it is taken."""
    system = session.system
    if pair.local:
        try:
            return _listen(system, pair.local), pair.local
        except Errno as error:
            reason = error.text.lower()
            session.err(
                f"Unable to listen on port {pair.local}: Listeners failed to create with the "
                f"following errors: [unable to create listener: Error listen tcp4 "
                f"127.0.0.1:{pair.local}: bind: {reason} unable to create listener: Error listen "
                f"tcp6 [::1]:{pair.local}: bind: {reason}]"
            )
            return None
    start = int.from_bytes(system.random(2), "big")
    for offset in range(_FREE_COUNT):
        port = _FIRST_FREE + (start + offset) % _FREE_COUNT
        try:
            return _listen(system, port), port
        except Errno:
            continue
    return None


def _listen(system: System, port: int) -> int:
    return system.listen(port, is_http=True, takes_streams=True)


def _all_frames(stream: Stream) -> Iterator[Frame]:
    while frames := stream.read():
        yield from frames


def _log_head(now_ms: int) -> str:
    """As klog begins a line."""
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    return f"E{moment:%m%d %H:%M:%S.%f}       1"


COMMAND = Command(
    name="port-forward",
    short="Forward one or more local ports to a pod",
    usage="TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
    long="""Forward one or more local ports to a pod.

 Use resource type/name such as deployment/mydeployment to select a pod. Resource type defaults \
to 'pod' if omitted.

 If there are multiple pods matching the criteria, a pod will be selected automatically. The \
forwarding session ends when the selected pod terminates, and a rerun of the command is needed to \
resume forwarding.""",
    examples="""# Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and \
6000 in the pod
kubectl port-forward pod/mypod 5000 6000

# Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in a pod \
selected by the deployment
kubectl port-forward deployment/mydeployment 5000 6000

# Listen on port 8443 locally, forwarding to the targetPort of the service's port named "https" \
in a pod selected by the service
kubectl port-forward service/myservice 8443:https

# Listen on port 8888 locally, forwarding to 5000 in the pod
kubectl port-forward pod/mypod 8888:5000

# Listen on port 8888 on all addresses, forwarding to 5000 in the pod
kubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000

# Listen on port 8888 on localhost and selected IP, forwarding to 5000 in the pod
kubectl port-forward --address localhost,10.19.21.23 pod/mypod 8888:5000

# Listen on a random port locally, forwarding to 5000 in the pod
kubectl port-forward pod/mypod :5000""",
    flags=(
        Flag(
            "address",
            "",
            STRINGS,
            ("localhost",),
            "Addresses to listen on (comma separated). Only accepts IP addresses or "
            "localhost as a value. When localhost is supplied, kubectl will try to bind "
            "on both 127.0.0.1 and ::1 and will fail if neither of these addresses are "
            "available to bind.",
        ),
        Flag(
            "pod-running-timeout",
            "",
            DURATION,
            60_000,
            "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at "
            "least one pod is running",
        ),
    ),
    run=run,
)
