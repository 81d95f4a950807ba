"""The sessions' door for the Kubernetes gateway: `/k8s/<id>/<secret>/…`.

kubectl sends no credentials over plain http, so the unguessable secret is in the path. Where it is
"-", the same secret counts as a bearer token. A service account's token is left to the cluster.
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, not_found, unauthorized
from cluster_engine.apiserver.requests import Caller
from playground.gateway.door import Grant, Scope, bearer_token, header_values, is_web_token
from playground.lab_sessions.lifetimes import session_begin
from playground.lab_sessions.problems import Ended, Forbidden, NotFound
from playground.lab_sessions.roles import Role
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import (
    activity,
    rules,
    session_entry,
    session_get,
    session_key,
)

PREFIX = "/k8s/"
_IN_HEADER = "-"
_OWN_PATHS = "/podyard/v1/"
_ACTS = {"console": Act.CONSOLE, "clock": Act.CLOCK, "faults": Act.FAULTS}
_SAFE = ("GET", "HEAD", "OPTIONS")


class SessionDoor:
    """Admits whoever knows a session's secret."""

    async def admit(self, scope: Scope) -> Grant:
        """See gateway.door.Door.admit."""
        session_id, secret, path = split(scope["path"])
        headers = header_values(scope)
        token = bearer_token(headers)
        try:
            entry = await session_entry(session_id)
            key = await session_key(session_id, token if secret == _IN_HEADER else secret)
        except NotFound:
            raise not_found("sessions", session_id) from None
        except Ended as ended:
            raise ApiError(410, "Gone", str(ended)) from None
        if key is None:
            raise unauthorized()
        await _check_rules(session_id, key.role, path, scope.get("method", ""))
        activity().note(session_id)
        if entry.is_waiting:
            await session_begin(session=await session_get(session_id))
        is_service_account = secret != _IN_HEADER and is_web_token(token)
        role, person = key.role, key.person
        return Grant(
            cluster_id=session_id,
            path=path,
            user=None
            if is_service_account and role.may_edit
            else role.user_named(person.name, person.id),
            read_only_reason=entry.refusal if entry.is_read_only else "",
            caller=Caller(person.id, person.name),
            hold=key.hold,
        )


async def _check_rules(session_id: str, role: Role, path: str, method: str) -> None:
    """The playground's own paths beside Kubernetes' may be switched off."""
    if not path.startswith(_OWN_PATHS) or method in _SAFE:
        return
    act = _ACTS.get(path.removeprefix(_OWN_PATHS).lstrip("/").partition("/")[0])
    if act is None:
        return
    try:
        await rules().check(session_id, role, act)
    except Forbidden as refusal:
        raise ApiError(403, "Forbidden", refusal.message) from None


def split(path: str) -> tuple[str, str, str]:
    """Session id, secret and Kubernetes path of an address. Raises ApiError."""
    session_id, _, rest = path.removeprefix(PREFIX).partition("/")
    secret, _, kubernetes_path = rest.partition("/")
    if not session_id or not secret:
        raise not_found("sessions", session_id)
    return session_id, secret, "/" + kubernetes_path
