"""Every address of the site's router, and what somebody meets there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.playground.authorization.table import Outcome
from tests.playground.authorization.world import CSRF_TOKEN, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_REGEX_PARAMETER = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
#: What must be said before anybody's rights are looked at.
BODIES = {
    "POST /api/v1/reviews/<submission_id>/comments": '{"text": "why?"}',
    "POST /api/v1/reviews/<submission_id>/decisions": '{"act": "request-changes"}',
    "POST /api/v1/reviews/<submission_id>/versions": '{"text": "kind: Pod"}',
    "PUT /api/v1/sessions/<session_id>/review": '{"on": false}',
    "PATCH /api/v1/sessions/<session_id>/people/<person>": '{"role": "editor"}',
    "POST /api/v1/sessions/<session_id>/manifests": (
        '{"action": "apply", "text": "apiVersion: v1\\nkind: Namespace\\nmetadata: {name: a}"}'
    ),
}


def routes() -> list[str]:
    """Of every page and endpoint, as the router has them; without the administration's inside."""
    found = (_plain(route) for route in _walk(get_resolver().url_patterns, "/"))
    return sorted({route for route in found if not _is_inside_admin(route)})


def _is_inside_admin(route: str) -> bool:
    """Its own test asks about each model, by the table of accounts.permissions."""
    doors = ("/admin/", "/admin/login/", "/admin/logout/")
    return route.startswith("/admin/") and route not in doors


def _walk(patterns: list[Any], prefix: str) -> Iterator[str]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def _plain(route: str) -> str:
    """Parameters as `<name>`, whatever their type, and no marks of regular expressions."""
    plain = _REGEX_PARAMETER.sub(r"<\1>", route).replace("^", "").replace("$", "")
    return _PARAMETER.sub(r"<\1>", plain)


def address(route: str, world: World) -> str:
    """The route with the world's values; says which one is missing."""
    before = ""
    parts = []
    for part in route.split("/"):
        names = _PARAMETER.findall(part)
        for name in names:
            value = world.parameters.get(f"{before}/{name}", world.parameters.get(name))
            assert value is not None, (
                f"{route}: what is <{name}>? Make one in authorization/world.py, `_things`, and "
                f"name it there as {before + '/' + name!r}"
            )
            part = part.replace(f"<{name}>", value)
        before = part if not names else before
        parts.append(part)
    return "/".join(parts)


async def meet(
    world: World, role: str, method: str, route: str, *, has_token: bool = True, origin: str = ""
) -> Any:
    """The answer to somebody's request, from a page of `origin` if one is given."""
    client = await world.client(role)
    headers = {"X-CSRFToken": CSRF_TOKEN} if has_token else {}
    if origin:
        headers["Origin"] = origin
    is_api = route.startswith("/api/")
    body = BODIES.get(f"{method} {route}", "{}") if is_api else "form=1"
    kind = "application/json" if is_api else "application/x-www-form-urlencoded"
    sent = {} if method == "GET" else {"data": body, "content_type": kind}
    return await client.generic(method, address(route, world), headers=headers, **sent)


def outcome(answer: Any) -> Outcome:
    """What an answer means for who asked; a 400 or 409 says that they were let in."""
    status = answer.status_code
    if status >= 500 and status != 503:
        return Outcome.BROKEN
    if status == 404:
        return Outcome.HIDDEN
    if status in (401, 403):
        return Outcome.NO
    if 300 <= status < 400:
        target = answer.headers["location"].partition("?")[0]
        return Outcome.LOGIN if "/login/" in target else Outcome.OK
    return Outcome.OK


def needs_submission(route: str) -> bool:
    """Whether the address is about the review desk."""
    return any(word in route for word in ("<submission_id>", "/writes/", "/review"))


def is_refused(answer: Any) -> bool:
    """Whether nothing was done; the administration sends who may not enter to its door."""
    at_the_door = answer.headers.get("location") == "/admin/"
    is_error = answer.status_code in (400, 401, 403, 404, 405)
    return is_error or at_the_door or outcome(answer) is Outcome.LOGIN
