"""A write as it is kept for later, and the request that it becomes again. Pure but for the key."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import Caller, Request, Source, User
from playground.hosting.rehearsal import Trial
from playground.reviews.models import Item, Submission
from playground.reviews.sealing import sealed, unsealed

_TITLE_LENGTH_MAX = 200


def packed(write: PersonWrite) -> str:
    """What is needed to send it again and is not for reading: the body, and as whom."""
    user = write.user
    value = {
        "body": base64.b64encode(write.body).decode(),
        "name": user.name,
        "groups": list(user.groups),
        "uid": user.uid,
        "extra": {key: list(values) for key, values in user.extra.items()},
    }
    return sealed(orjson.dumps(value))


def body_and_user(item: Item) -> tuple[bytes, User]:
    """What `packed` packed. Raises sealing.Unsealable."""
    value: dict[str, Any] = orjson.loads(unsealed(item.sealed))
    extra = {key: tuple(values) for key, values in value["extra"].items()}
    user = User(value["name"], tuple(value["groups"]), value["uid"], extra)
    return base64.b64decode(value["body"]), user


@dataclass(frozen=True, slots=True)
class Reopened:
    """An item with its body; fulfils `texts.Sent`."""

    verb: str
    command: str
    content_type: str
    query: str
    body: bytes
    api_version: str
    kind: str
    resource: str
    namespace: str
    name: str
    subresource: str


def reopened(item: Item, command: str) -> Reopened:
    """The item as it came. Raises sealing.Unsealable."""
    body, _ = body_and_user(item)
    return Reopened(
        item.verb,
        command,
        item.content_type,
        item.query,
        body,
        item.api_version,
        item.kind,
        item.resource,
        item.namespace,
        item.name,
        item.subresource,
    )


def request_of(submission: Submission, item: Item) -> Request:
    """The request, in the submitter's name, with the mark that it has been decided."""
    body, user = body_and_user(item)
    headers = {"accept": "application/json"}
    for name, value in (("content-type", item.content_type), ("user-agent", item.user_agent)):
        if value:
            headers[name] = value
    caller = Caller(submission.submitter, submission.submitter_name, Source.REVIEW)
    return Request(
        item.method,
        item.path,
        item.query,
        headers,
        body,
        user,
        f"review/{submission.pk}/{item.version_id}",
        caller,
    )


def trial_of(submission: Submission, item: Item) -> Trial:
    """The request with the path of its object, to be tried on a copy."""
    return Trial(request_of(submission, item), live_path(item))


def live_path(item: Item) -> str:
    """Where the item's object is, or will be; empty when that cannot be said."""
    if item.verb == "deletecollection":
        return ""
    path = item.path.removesuffix(f"/{item.subresource}") if item.subresource else item.path
    if item.verb == "create" and not item.subresource:
        return f"{path.rstrip('/')}/{item.name}" if item.name else ""
    return path


def is_command(item: Item) -> bool:
    """Whether it runs something in a container instead of writing an object."""
    return item.subresource == "exec"


def title_of(items: Iterable[Item]) -> str:
    """A line that says what all of it would do: "apply Deployment web, Service web"."""
    parts: list[str] = []
    last = ""
    for item in items:
        words = f"{item.kind} {item.name}".strip()
        parts.append(words if item.act == last else f"{item.act} {words}")
        last = item.act
    title = ", ".join(parts)
    return title if len(title) <= _TITLE_LENGTH_MAX else title[: _TITLE_LENGTH_MAX - 1] + "…"


def without_secrets(item: Item) -> Item:
    """An item whose Secret nobody needs any more."""
    if item.is_secret:
        item.sealed = ""
    return item
