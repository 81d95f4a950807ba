"""The sessions' door for the Kubernetes gateway: `/k8s/<id>/<secret>/…`.

kubectl sends no credentials over plain http, so the unguessable secret is in the path. Where it is
"-", the same secret counts as a bearer token. A service account's token is left to the cluster.
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, not_found, unauthorized
from playground.gateway.door import Grant, Scope, bearer_token, header_values, is_web_token
from playground.lab_sessions.access import Entry
from playground.lab_sessions.lifetimes import session_begin
from playground.lab_sessions.problems import Ended, NotFound
from playground.lab_sessions.selectors import access_book, activity, session_entry, session_get

PREFIX = "/k8s/"
_IN_HEADER = "-"


class SessionDoor:
    """Admits whoever knows a session's secret."""

    async def admit(self, scope: Scope) -> Grant:
        """See gateway.door.Door.admit."""
        session_id, secret, path = split(scope["path"])
        entry = await _entry(session_id)
        token = ""
        if any(name == b"authorization" for name, _ in scope["headers"]):
            token = bearer_token(header_values(scope))
        role = access_book().role(entry, token if secret == _IN_HEADER else secret)
        if role is None:
            raise unauthorized()
        activity().note(session_id)
        if entry.is_waiting:
            await session_begin(session=await session_get(session_id))
        is_service_account = secret != _IN_HEADER and is_web_token(token)
        return Grant(
            cluster_id=session_id,
            path=path,
            user=None if is_service_account and role.may_edit else role.user,
            read_only_reason=entry.refusal if entry.is_read_only else "",
            caller=role.caller,
        )


def split(path: str) -> tuple[str, str, str]:
    """Session id, secret and Kubernetes path of an address. Raises ApiError."""
    session_id, _, rest = path.removeprefix(PREFIX).partition("/")
    secret, _, kubernetes_path = rest.partition("/")
    if not session_id or not secret:
        raise not_found("sessions", session_id)
    return session_id, secret, "/" + kubernetes_path


async def _entry(session_id: str) -> Entry:
    try:
        return await session_entry(session_id)
    except NotFound:
        raise not_found("sessions", session_id) from None
    except Ended as ended:
        raise ApiError(410, "Gone", str(ended)) from None
