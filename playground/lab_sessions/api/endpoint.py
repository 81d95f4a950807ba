"""What every endpoint shares: methods, who asks, JSON in and out, one form of error.

Cookies count only for requests from our own pages: a body must be JSON, which another site cannot
send without our leave, and an Origin that is not ours is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, TypeAlias

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from cluster_engine.apiserver.requests import Caller, Source
from playground.accounts.visitors import Visitor, new_visitor, remember, visitor_of
from playground.gateway.door import bearer_token
from playground.hosting.host import HostError, UnknownCluster
from playground.lab_sessions.admissions import Admission
from playground.lab_sessions.lifetimes import session_enter
from playground.lab_sessions.models import Session
from playground.lab_sessions.problems import Ended, Forbidden, Full, Invalid, Refused, TooMany
from playground.lab_sessions.roles import Role
from playground.lab_sessions.secrets import address_key
from playground.lab_sessions.selectors import allowances
from playground.site.addresses import client_address
from playground.site.origins import is_ours

Value: TypeAlias = dict[str, Any] | list[Any]
_SAFE = ("GET", "HEAD")
#: A body of that size counts as one more request.
_COSTLY_BYTES = 64 * 1024
_RETRY_SECONDS = 5
#: It ended while it was asked.
GONE = "This session has just ended. Start a new one: it takes a second."


class ApiRequest:
    """A request to an endpoint."""

    def __init__(self, request: HttpRequest) -> None:
        self.http = request
        self.method = request.method or "GET"
        self.secret = bearer_token({"authorization": request.headers.get("authorization", "")})
        self.known_visitor = visitor_of(request.COOKIES)
        #: Set by `visitor`: the browser gets its cookie.
        self.new_visitor: Visitor | None = None

    @property
    def visitor(self) -> Visitor:
        """Who asks; somebody new gets a name."""
        if self.known_visitor is None:
            self.known_visitor = self.new_visitor = new_visitor()
        return self.known_visitor

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent; empty when nothing was. Raises Invalid."""
        raw = self.http.body
        if not raw:
            return {}
        if self.http.content_type != "application/json":
            raise Invalid("send JSON, with Content-Type: application/json")
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise Invalid(f"the body is not JSON: {error}") from None
        if not isinstance(value, dict):
            raise Invalid("the body must be a JSON object")
        return value

    async def admission(
        self,
        session_id: str,
        *,
        needs_edit: bool = False,
        needs_own: bool = False,
        needs_end: bool = False,
    ) -> Admission:
        """The session, and who the caller is in it. See lifetimes.session_enter."""
        admission = await session_enter(
            session_id,
            visitor=self.known_visitor,
            secret=self.secret,
            needs_edit=needs_edit,
            needs_own=needs_own,
            needs_end=needs_end,
        )
        if self.known_visitor is None:
            self.known_visitor = admission.person
        return admission

    async def session(
        self, session_id: str, *, needs_edit: bool = False, needs_own: bool = False
    ) -> tuple[Session, Role]:
        """The session and the caller's role. See selectors.session_admit."""
        admission = await self.admission(session_id, needs_edit=needs_edit, needs_own=needs_own)
        return admission.session, admission.role

    def caller(self, role: Role, source: Source) -> Caller:
        """Who asks, as clusters note it."""
        return self.visitor.caller(source)


Endpoint: TypeAlias = Callable[..., Coroutine[Any, Any, HttpResponse]]


def endpoint(*methods: str) -> Callable[[Endpoint], Endpoint]:
    """Make an asynchronous function of an ApiRequest a view for these methods."""

    def decorate(function: Endpoint) -> Endpoint:
        @csrf_exempt
        @wraps(function)
        async def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if request.method not in methods:
                allowed = ", ".join(methods)
                response = error("method", f"give {allowed}", 405)
                response["Allow"] = allowed
                return response
            asked = ApiRequest(request)
            try:
                _check_rate(request)
                if request.method not in _SAFE:
                    _check_origin(request)
                response = await function(asked, **arguments)
            except Refused as refusal:
                response = refused(refusal)
            except RequestDataTooBig:
                most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
                response = error("too-large", f"the body is larger than {most} bytes", 413)
            except UnknownCluster:
                response = error(Ended.code, GONE, Ended.status)
            except HostError as refusal:
                response = error("full", str(refusal), 503)
            if asked.new_visitor is not None:
                remember(request, response, asked.new_visitor)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return view

    return decorate


def reply(value: Value, status: int = 200) -> HttpResponse:
    """A JSON answer."""
    return HttpResponse(orjson.dumps(value), content_type="application/json", status=status)


def refused(refusal: Refused) -> HttpResponse:
    """A refusal as an error; its details stand beside code and message."""
    body = {"code": refusal.code, "message": refusal.message, **refusal.details}
    if refusal.field:
        body["field"] = refusal.field
    response = reply({"error": body, **refusal.beside}, refusal.status)
    if refusal.status == Full.status:
        response["Retry-After"] = str(_RETRY_SECONDS)
    return response


def error(code: str, message: str, status: int, field: str = "") -> HttpResponse:
    """The one form of error."""
    body = {"code": code, "message": message}
    if field:
        body["field"] = field
    return reply({"error": body}, status)


def _check_rate(request: HttpRequest) -> None:
    """A large body costs more than a small one."""
    if not allowances().take(
        address_key(client_address(request)),
        time.monotonic(),
        per_second=settings.PODYARD_API_REQUESTS_PER_SECOND_MAX,
        burst=settings.PODYARD_API_REQUESTS_BURST_MAX,
        cost=1 + _body_bytes(request) / _COSTLY_BYTES,
    ):
        raise TooMany("too many requests from your address; wait a few seconds")


def _body_bytes(request: HttpRequest) -> int:
    """How long the body is, which the server has bounded already."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 16 else 0


def _check_origin(request: HttpRequest) -> None:
    headers = {"host": request.get_host()}
    origin = request.headers.get("origin")
    if origin is not None:
        headers["origin"] = origin
    if not is_ours(headers):
        raise Forbidden("this request comes from another site")
