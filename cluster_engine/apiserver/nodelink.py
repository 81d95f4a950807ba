"""How the API server reaches into nodes: declared here, fulfilled by the kubelets, wired in
`cluster.py`. Each call raises ApiError with upstream's text when it cannot be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import Response, Stream


@dataclass(frozen=True, slots=True)
class LogOptions:
    """The query of a `log` request, decoded (see v1.PodLogOptions)."""

    container: str
    follow: bool = False
    previous: bool = False
    timestamps: bool = False
    since_seconds: int | None = None
    since_time_ms: int | None = None
    tail_lines: int | None = None
    limit_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ExecOptions:
    """The query of an `exec` or `attach` request, decoded (see v1.PodExecOptions)."""

    container: str
    command: tuple[str, ...] = ()
    stdin: bool = False
    stdout: bool = True
    stderr: bool = True
    tty: bool = False


class NodeLink(Protocol):
    """What kubelets do for the API server. `pod` is the stored object; the container is checked."""

    def log(self, pod: Object, options: LogOptions) -> bytes | Stream:
        """The log text; a stream when following."""

    def exec(self, pod: Object, options: ExecOptions) -> Stream:
        """Run a command; the ERROR channel ends with a Status (NonZeroExitCode on failure)."""

    def attach(self, pod: Object, options: ExecOptions) -> Stream:
        """Join the container's first process."""

    def port_forward(self, pod: Object, port: int) -> Stream:
        """One connection to a port of the pod: client bytes by STDIN, the pod's by STDOUT."""

    def http(
        self, host: str, port: int, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> Response:
        """One HTTP exchange inside the simulated network, for the proxy subresources."""
