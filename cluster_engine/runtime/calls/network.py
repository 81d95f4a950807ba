"""Calls on the network, and on the cluster's API for the console machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cluster_engine.apiserver.requests import Caller, Frame, Request, Response, Source, Stream
from cluster_engine.network.connection import CLIENT, SERVER, Handler, NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.calls.terminals import TerminalCalls
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.handles import ConnectionHandle, Handle, Listener, StreamHandle
from cluster_engine.runtime.system import SocketStatus

_PRIVILEGED_PORT_MAX = 1023
#: Somebody at the console whom the host has not named.
NOBODY = Caller("", "console", Source.CONSOLE)


class NetworkCalls(TerminalCalls):
    """See System."""

    __slots__ = ()

    def resolve(self, host: str) -> list[str]:
        known = self._hosts_file(host)
        if known is not None:
            return [known]
        fabric = self._kernel.fabric
        try:
            first = fabric.lookup(self.ip, host)
        except NetworkError as error:
            if error.kind == "no such host":
                return []
            raise
        return fabric.resolve(host, self.namespace) or [first]

    def full_name(self, host: str) -> str:
        return self._kernel.fabric.dns.full_name(host, self.namespace)

    def reverse(self, ip: str) -> str:
        return self._kernel.fabric.dns.reverse(ip)

    def listen(self, port: int, *, is_http: bool = False, takes_streams: bool = False) -> int:
        if not 0 < port < 65536:
            raise Errno("EINVAL")
        fd = self._process.free_descriptor()
        listener = Listener(self.ip, port, self._process.address, is_http)
        key = (self._sandbox.id, port)
        handler = Handler("kernel", key, is_http, takes_streams)
        if not self._kernel.fabric.listen(self.ip, port, handler):
            raise Errno("EADDRINUSE")
        self._sandbox.listeners[port] = listener
        self._install(fd, listener)
        return fd

    def accept(self, fd: int) -> int | None:
        listener = self._process.handle(fd)
        if not isinstance(listener, Listener):
            raise Errno("EINVAL")
        connections = self._kernel.connections
        while listener.backlog:
            number = listener.backlog.pop(0)
            connection = connections.get(number)
            if connection is not None:
                return self._install_end(number, SERVER, (connection.source_ip, 40_000 + number))
        return None

    def connect(self, host: str, port: int) -> int:
        self._process.free_descriptor()
        target = self._hosts_file(host) or host
        connection = self._kernel.fabric.connect(self.ip, target, port, "kernel")
        return self._install_end(connection.id, CLIENT, (connection.ip, connection.port))

    def finish(self, fd: int) -> None:
        end = self._process.handle(fd)
        if isinstance(end, ConnectionHandle):
            self._kernel.connections.finish(end.number, end.side)

    def peer(self, fd: int) -> tuple[str, int]:
        end = self._process.handle(fd)
        if not isinstance(end, ConnectionHandle):
            raise Errno("EINVAL")
        return end.peer

    def http(self, host: str, request: HttpRequest, port: int) -> HttpReply:
        fabric = self._kernel.fabric
        target = self._hosts_file(host) or host
        *_, handler = fabric.reach(self.ip, target, port)
        if not handler.is_http:
            raise Errno("EINVAL")
        self.worked += 50
        status, headers, body = fabric.http(
            self.ip,
            target,
            port,
            request.method,
            request.path,
            dict(request.headers),
            request.body,
        )
        return HttpReply(status, body, headers)

    def sockets(self) -> list[SocketStatus]:
        found = []
        for process in self._pids.processes.values():
            for handle in process.fds.values():
                status = self._socket(handle, process.pid, process.arguments[0])
                if status is not None:
                    found.append(status)
        return found

    # The cluster's API

    @property
    def api(self) -> Callable[[Request], Response] | None:
        api = self._kernel.api if self._container.spec.has_api else None
        if api is None:
            return None
        process = self._process
        person = process.person or NOBODY
        command = f"console/{process.pid}/{process.start_ms}"
        return lambda request: api(replace(request, request_id=command, caller=person))

    def open_stream(self, stream: Stream) -> int:
        fd = self._process.free_descriptor()
        handle = StreamHandle(None)
        handle.connect(stream, self._kernel)
        self._install(fd, handle)
        handle.deadline_ms = getattr(stream, "deadline_ms", None)
        if handle.deadline_ms is not None:
            message = ("expire", *self._process.address, fd)
            self._kernel.agenda.schedule(handle.deadline_ms, self._kernel.name, message)
        return fd

    def read_frames(self, fd: int) -> list[Frame] | None:
        return self._stream(fd).frames()

    def write_frame(self, fd: int, frame: Frame) -> None:
        stream = self._stream(fd).stream
        if stream is not None:
            stream.write(frame)

    def end_stream_input(self, fd: int) -> None:
        stream = self._stream(fd).stream
        if stream is not None:
            stream.end_input()

    def _stream(self, fd: int) -> StreamHandle:
        handle = self._process.handle(fd)
        if not isinstance(handle, StreamHandle):
            raise Errno("EINVAL")
        return handle

    def _install_end(self, number: int, side: int, peer: tuple[str, int]) -> int:
        fd = self._process.free_descriptor()
        end = ConnectionHandle(number, side, peer)
        self._sandbox.ends[number, side] = end
        self._kernel.ends[number, side] = self._sandbox.id
        self._install(fd, end)
        return fd

    def _socket(self, handle: Handle, pid: int, name: str) -> SocketStatus | None:
        if isinstance(handle, Listener):
            return SocketStatus(True, ("0.0.0.0", handle.port), ("0.0.0.0", 0), pid, name)
        if isinstance(handle, ConnectionHandle):
            connection = self._kernel.connections.get(handle.number)
            if connection is None:
                return None
            client = (connection.source_ip, 40_000 + handle.number)
            server = (connection.ip, connection.port)
            ends = (client, server) if handle.side == CLIENT else (server, client)
            return SocketStatus(False, *ends, pid, name)
        return None

    def _hosts_file(self, host: str) -> str | None:
        """The address that /etc/hosts gives a name."""
        if host == "localhost":
            return "127.0.0.1"
        if host == self.hostname and self.ip:
            return self.ip
        try:
            lines = self.read_file("/etc/hosts").decode(errors="replace").splitlines()
        except Errno:
            return None
        for line in lines:
            words = line.split("#")[0].split()
            if len(words) > 1 and host in words[1:] and ":" not in words[0]:
                return words[0]
        return None
