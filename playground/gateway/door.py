"""Who may come in: declared here, fulfilled by the sessions and by the foreground cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

from cluster_engine.apiserver.requests import Caller, Source, User

Scope: TypeAlias = MutableMapping[str, Any]

#: A JSON web token, which only the cluster itself can judge.
_WEB_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")


#: It is named after its file, such as kubectl-1.33 or kubectl.exe.
_KUBECTL_AGENTS = ("kubectl", "oc/")
_BROWSER_AGENTS = ("Mozilla/",)
_AGENT_LENGTH_MAX = 80
_COMMAND_LENGTH_MAX = 64


def forever(let_go: Callable[[], None]) -> AbstractContextManager[None]:
    """Rights that nobody can take away."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Grant:
    """A caller who was let in."""

    cluster_id: str
    #: The Kubernetes path, decoded, starting with "/".
    path: str
    #: Who it is; None: the cluster judges the credentials in the headers.
    user: User | None
    #: Set when the session has ended: the text with which changes are refused.
    read_only_reason: str = ""
    #: The person behind it, for the record; the gateway fills in where they act from.
    caller: Caller | None = None
    #: Wrapped around what stays open: should the caller lose their rights, it is let go of.
    hold: Callable[[Callable[[], None]], AbstractContextManager[None]] = forever


class Door(Protocol):
    """Decides about a connection before anything of it is read."""

    async def admit(self, scope: Scope) -> Grant:
        """Raises ApiError to refuse."""


def caller_of(grant: Grant, headers: Mapping[str, str]) -> Caller | None:
    """The person behind a request, and which program they use."""
    if grant.caller is None:
        return None
    agent = headers.get("user-agent", "")
    if agent.startswith(_BROWSER_AGENTS):
        return replace(grant.caller, source=Source.EDITOR)
    is_kubectl = "kubectl-command" in headers or agent.startswith(_KUBECTL_AGENTS)
    source = Source.KUBECTL if is_kubectl else Source.API
    return replace(grant.caller, source=source, agent=agent[:_AGENT_LENGTH_MAX])


def command_of(headers: Mapping[str, str]) -> str:
    """What the requests of one call of kubectl have in common; empty for other clients."""
    return headers.get("kubectl-session", "")[:_COMMAND_LENGTH_MAX]


def header_values(scope: Scope) -> dict[str, str]:
    """The headers by lower-case name; repeated ones are joined with a comma."""
    values: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def bearer_token(headers: Mapping[str, str]) -> str:
    """The bearer token of a request, empty when it has none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_web_token(token: str) -> bool:
    """Whether a token looks like one that the cluster signed for a service account."""
    return _WEB_TOKEN.fullmatch(token) is not None
