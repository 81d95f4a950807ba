"""The record of what people wrote: the last writes of everyone the host has named, in order.

A write is what would change the cluster: an object written, patched or deleted, a subresource such
as a scale or an eviction, a command run in a container. Trials (dry runs) and questions are none.
The host reads what is new after a number it keeps itself, so reading changes nothing here and a
replayed cluster has the same record. Bounded in number and bytes: the oldest go.

Models nothing upstream; the nearest is the API server's audit log.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import orjson

from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.requests import Caller, User
from cluster_engine.schema import protobuf
from cluster_engine.simulation.limits import Limits

#: Subresources that run something in a container.
COMMANDS = ("exec", "attach")
_WRITING = frozenset(("create", "update", "patch", "delete", "deletecollection"))
_NO_WRITES = frozenset(("proxy", "portforward", "token", "log"))
_QUESTIONS = frozenset(("authorization.k8s.io", "authentication.k8s.io"))
_COMMAND_LENGTH_MAX = 200
_MESSAGE_LENGTH_MAX = 2_000


@dataclass(frozen=True, slots=True)
class PersonWrite:
    """One request with which a person wrote, or tried to, and its answer."""

    #: From 1, without gaps, per cluster.
    sequence: int
    caller: Caller
    #: As whom they acted inside the cluster.
    user: User
    #: The same for all requests of one command or text; empty: unknown.
    request_id: str
    #: "kubectl apply", where the client says so.
    command: str
    verb: str
    method: str
    path: str
    query: str
    content_type: str
    user_agent: str
    body: bytes
    api_version: str
    kind: str
    resource: str
    namespace: str
    name: str
    subresource: str
    code: int
    reason: str
    message: str
    #: The cluster's revision afterwards.
    revision: int
    time_ms: int
    #: The submission that it became part of instead of being applied; 0: none.
    submission: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a write."""

    code: int
    reason: str = ""
    message: str = ""
    name: str = ""
    submission: int = 0


class PersonWrites:
    """The ring of writes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._writes: deque[PersonWrite] = deque()
        self._bytes = 0
        #: The number of the newest.
        self.last = 0

    def note(self, call: Call, outcome: Outcome, revision: int, time_ms: int) -> None:
        """Add a write and its outcome."""
        request, info, kind = call.request, call.info, call.kind
        if request.caller is None:
            return
        self.last += 1
        headers = request.headers
        self._add(
            PersonWrite(
                sequence=self.last,
                caller=request.caller,
                user=call.user,
                request_id=request.request_id,
                command=headers.get("kubectl-command", "")[:_COMMAND_LENGTH_MAX],
                verb=info.verb if info.subresource not in COMMANDS else info.subresource,
                method=request.method,
                path=request.path,
                query=request.query,
                content_type=headers.get("content-type", ""),
                user_agent=headers.get("user-agent", ""),
                body=request.body,
                api_version=call.api_version,
                kind=kind.kind,
                resource=kind.resource,
                namespace=call.namespace,
                name=info.name or outcome.name or name_in(request.body),
                subresource=info.subresource,
                code=outcome.code,
                reason=outcome.reason,
                message=outcome.message[:_MESSAGE_LENGTH_MAX],
                revision=revision,
                time_ms=time_ms,
                submission=outcome.submission,
            )
        )

    def after(self, sequence: int) -> list[PersonWrite]:
        """The writes with a greater number that are still there, oldest first."""
        found: list[PersonWrite] = []
        for write in reversed(self._writes):
            if write.sequence <= sequence:
                break
            found.append(write)
        return found[::-1]

    def clear(self) -> None:
        """Forget them all; the numbers go on."""
        self._writes.clear()
        self._bytes = 0

    def state(self) -> Any:
        """For a snapshot."""
        return self.last, tuple(self._writes)

    def restore(self, state: Any) -> None:
        """Take over what `state` gave."""
        self.last, writes = state
        self._writes = deque(writes)
        self._bytes = sum(len(write.body) for write in writes)

    def _add(self, write: PersonWrite) -> None:
        self._writes.append(write)
        self._bytes += len(write.body)
        limits = self._limits
        while len(self._writes) > limits.person_writes_max or (
            self._bytes > limits.person_writes_bytes_max and len(self._writes) > 1
        ):
            self._bytes -= len(self._writes.popleft().body)


def is_write(call: Call) -> bool:
    """Whether the call would change the cluster, or runs something in it."""
    if call.info.subresource in COMMANDS:
        return True
    return (
        call.info.verb in _WRITING
        and call.info.subresource not in _NO_WRITES
        and call.kind.group not in _QUESTIONS
    )


def is_trial(call: Call) -> bool:
    """Whether the call asks for a dry run, in its query or in the options of a deletion."""
    if "All" in call.query.get("dryRun", ()):
        return True
    if b"dryRun" not in call.request.body:
        return False
    if call.info.verb not in ("delete", "deletecollection") and call.info.subresource != "eviction":
        return False
    options = loaded(call.request.body)
    if call.info.subresource == "eviction":
        options = options.get("deleteOptions") or {}
    return isinstance(options, dict) and bool(options.get("dryRun"))


def name_in(body: bytes) -> str:
    """The name of the object that a body is; empty when it has none."""
    metadata = loaded(body).get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""


def loaded(body: bytes) -> dict[str, Any]:
    """The object of a body in JSON or protobuf; empty when the bytes are none."""
    if body.startswith(protobuf.MAGIC):
        try:
            return protobuf.decode(body)
        except protobuf.ProtobufError:
            return {}
    if not body.startswith(b"{"):
        body = body.lstrip()
        if not body.startswith(b"{"):
            return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
