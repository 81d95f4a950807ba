"""Who asks: bearer tokens, anonymous users, impersonation.

Models: k8s.io/apiserver/pkg/authentication and pkg/endpoints/filters/impersonation (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from cluster_engine.apimachinery.errors import ApiError, bad_request, unauthorized
from cluster_engine.apiserver.authorization.attributes import Attributes, denial
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import Request, User
from cluster_engine.apiserver.tokens import Tokens, account_groups

ANONYMOUS = User()
AUTHENTICATED = "system:authenticated"
UNAUTHENTICATED = "system:unauthenticated"
_USER, _GROUP, _UID = "impersonate-user", "impersonate-group", "impersonate-uid"
_EXTRA = "impersonate-extra-"
_ACCOUNT = "system:serviceaccount:"


class Authentication:
    """Finds out who a request acts as."""

    def __init__(self, core: Core, tokens: Tokens, authorizer: Authorizer) -> None:
        self._core = core
        self._tokens = tokens
        self._authorizer = authorizer

    def user_of(self, request: Request) -> User:
        """The user a request acts as. Raises ApiError 401 for bad credentials, 403 for an
        impersonation that is not allowed."""
        user = self._authenticated(request)
        wanted = _wanted(request.headers)
        if wanted is None:
            return user
        for asked in _impersonations(user, wanted, request.headers):
            decision = self._authorizer.authorize(asked)
            if not decision.is_allowed:
                raise denial(asked, decision.reason)
        return wanted

    def _authenticated(self, request: Request) -> User:
        if request.user is not None:
            return request.user
        header = request.headers.get("authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            bearer = self._tokens.check(token.strip())
            if bearer is None:
                raise unauthorized()
            return bearer.user
        return self._core.default_user or ANONYMOUS


def _wanted(headers: Mapping[str, str]) -> User | None:
    """The user that the impersonation headers ask for; None without them."""
    name = headers.get(_USER, "")
    groups = tuple(part.strip() for part in headers.get(_GROUP, "").split(",") if part.strip())
    extra = {
        unquote(key[len(_EXTRA) :]): tuple(part.strip() for part in value.split(","))
        for key, value in headers.items()
        if key.startswith(_EXTRA)
    }
    uid = headers.get(_UID, "")
    if not name:
        if groups or extra or uid:
            raise _without_user(groups, extra, uid)
        return None
    if name.startswith(_ACCOUNT) and name.count(":") == 3 and not groups:
        groups = account_groups(name.split(":")[2])
    if name == ANONYMOUS.name:
        groups = groups if UNAUTHENTICATED in groups else (*groups, UNAUTHENTICATED)
    elif AUTHENTICATED not in groups and UNAUTHENTICATED not in groups:
        groups = (*groups, AUTHENTICATED)
    return User(name, groups, uid, extra)


def _without_user(
    groups: tuple[str, ...], extra: Mapping[str, tuple[str, ...]], uid: str
) -> ApiError:
    shown = []
    if groups:
        shown.append(f"groups={list(groups)}")
    if extra:
        shown.append(f"extra={dict(extra)}")
    if uid:
        shown.append(f"uid={uid}")
    return bad_request(f"requested {', '.join(shown)} without impersonating a user name")


def _impersonations(user: User, wanted: User, headers: Mapping[str, str]) -> list[Attributes]:
    """Everything the real user must be allowed to impersonate."""
    asked: list[Attributes] = []
    if wanted.name.startswith(_ACCOUNT) and wanted.name.count(":") == 3:
        _, _, namespace, name = wanted.name.split(":")
        asked.append(
            Attributes(
                user, "impersonate", namespace=namespace, resource="serviceaccounts", name=name
            )
        )
    else:
        asked.append(Attributes(user, "impersonate", resource="users", name=wanted.name))
    for group in headers.get(_GROUP, "").split(","):
        if group.strip():
            asked.append(Attributes(user, "impersonate", resource="groups", name=group.strip()))
    for key, values in wanted.extra.items():
        for value in values:
            asked.append(
                Attributes(
                    user,
                    "impersonate",
                    group="authentication.k8s.io",
                    resource="userextras",
                    subresource=key,
                    name=value,
                )
            )
    if wanted.uid:
        asked.append(
            Attributes(
                user,
                "impersonate",
                group="authentication.k8s.io",
                resource="uids",
                name=wanted.uid,
            )
        )
    return asked
