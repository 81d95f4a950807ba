"""What a command works with: its flags, the API, files, and where its output goes.

A session lasts for one step; what must last longer is in the command's task. Output is collected
and written by the program, so that a full pipe never blocks a command half way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cluster_engine.apiserver.requests import Request, Response
from cluster_engine.kubectl.client import Client
from cluster_engine.kubectl.errors import KubectlError, PlainError
from cluster_engine.kubectl.flags import Parsed
from cluster_engine.kubectl.kubeconfig import SERVER, Kubeconfig
from cluster_engine.kubectl.resources import Resources, discover
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Waiting
from cluster_engine.runtime.system import System

STDOUT, STDERR = 1, 2
#: How much of an answer is read and written in a microsecond.
_BYTES_PER_UNIT = 16


class Task(Protocol):
    """A command that takes more than one step. Plain data, so that it can be copied."""

    def step(self, session: Session) -> int | Waiting | Task:
        """Go on; the exit code when it is done, or the task that takes over."""


class NeedsInput(Exception):
    """Raised by `Session.stdin`: the command is run again once standard input has ended."""


@dataclass(slots=True)
class Memory:
    """What is kept between the steps of one program."""

    resources: Resources | None = None
    stdin: bytes | None = None
    warned: set[str] = field(default_factory=set)
    #: How many objects have been printed whole.
    printed: int = 0


class Session:
    """One step of one command."""

    def __init__(self, system: System, command: str, parsed: Parsed, memory: Memory) -> None:
        self.system = system
        #: "kubectl get"
        self.command = command
        self.flags = parsed
        self.memory = memory
        self.writes: list[tuple[int, str | bytes]] = []
        self._config: Kubeconfig | None = None
        self._client: Client | None = None

    @property
    def arguments(self) -> list[str]:
        return self.flags.arguments

    @property
    def now_ms(self) -> int:
        return self.system.now_ms

    def out(self, text: str) -> None:
        """Write a line."""
        self.writes.append((STDOUT, f"{text}\n"))

    def write(self, text: str | bytes) -> None:
        """Write as it is."""
        if text:
            self.writes.append((STDOUT, text))

    def err(self, text: str) -> None:
        """Write a line to standard error."""
        self.writes.append((STDERR, f"{text}\n"))

    def write_err(self, text: str | bytes) -> None:
        if text:
            self.writes.append((STDERR, text))

    def warn(self, text: str) -> None:
        """A warning of the server; each is shown once."""
        if text not in self.memory.warned:
            self.memory.warned.add(text)
            self.err(f"Warning: {text}")

    @property
    def config(self) -> Kubeconfig:
        if self._config is None:
            self._config = Kubeconfig.read(self.system, self._global("kubeconfig"))
        return self._config

    @property
    def namespace(self) -> str:
        """From --namespace, else from the context."""
        return self._global("namespace") or self.config.namespace(self._global("context"))

    @property
    def is_namespace_given(self) -> bool:
        return self.flags.has("namespace")

    @property
    def client(self) -> Client:
        if self._client is None:
            headers = {"kubectl-command": self.command, **self._impersonation()}
            self._client = Client(self._api(), self.warn, headers)
        return self._client

    @property
    def resources(self) -> Resources:
        """What the server has; asked for once."""
        if self.memory.resources is None:
            self.memory.resources = discover(self.client)
        return self.memory.resources

    def stdin(self) -> bytes:
        """All of standard input. Raises NeedsInput until it has ended: read it before acting."""
        if self.memory.stdin is None:
            raise NeedsInput
        return self.memory.stdin

    def read_file(self, path: str) -> bytes:
        """Raises KubectlError with Go's text."""
        try:
            return self.system.read_file(path)
        except Errno as error:
            raise KubectlError(f"open {path}: {error.text.lower()}") from None

    def _api(self) -> Callable[[Request], Response]:
        self._check_context()
        api = self.system.api
        server = self._server()
        if api is None or not server.startswith(SERVER.rpartition(":")[0]):
            host = server.partition("://")[2] or server
            raise PlainError(
                f"The connection to the server {host} was refused - did you specify the right "
                "host or port?"
            )

        def call(request: Request) -> Response:
            answer = api(request)
            self.system.work(len(answer.body) // _BYTES_PER_UNIT)
            return answer

        return call

    def _server(self) -> str:
        """Where the API is said to be."""
        context, cluster = self._global("context"), self._global("cluster")
        if self._global("server"):
            return self._global("server")
        if not context and not cluster and not self.config.current:
            return "http://localhost:8080"
        return self.config.server(context, cluster)

    def _check_context(self) -> None:
        user, cluster = self._global("user"), self._global("cluster")
        context = self._global("context") or self.config.current
        if context and self.config.named("contexts", context) is None:
            raise PlainError(
                f"Error in configuration: context was not found for specified context: {context}"
            )
        if user and self.config.named("users", user) is None:
            raise KubectlError(f'auth info "{user}" does not exist')
        if cluster and self.config.named("clusters", cluster) is None:
            raise KubectlError(f'no server found for cluster "{cluster}"')

    def _impersonation(self) -> dict[str, str]:
        headers = {}
        user = self._global("as")
        if user:
            headers["impersonate-user"] = user
            groups = self.flags.values.get("as-group") or []
            if groups:
                headers["impersonate-group"] = ",".join(groups)
        return headers

    def _global(self, name: str) -> str:
        """The value of a flag that every command has, unless the command means another by it."""
        value = self.flags.values.get(name)
        return value if isinstance(value, str) else ""
