"""The review gate: with review on, a write of somebody who is no reviewer is tried, not applied.

It stands behind authentication and authorization. A write that a dry run refuses is answered as
ever; one that would go through becomes part of a submission, and the answer says where that is.
Writes of one command or text (the same request id) are one submission. The switch is set by the
host through `/podyard/v1/review`; what reviewers approve comes back with the source "review".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson

from cluster_engine.apimachinery.errors import ApiError, forbidden
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.person_writes import (
    COMMANDS,
    Outcome,
    PersonWrites,
    is_trial,
    is_write,
    loaded,
    name_in,
)
from cluster_engine.apiserver.requests import Caller, Response, Source
from cluster_engine.apiserver.writing import live_record

Dispatch = Callable[[Call], Response]

#: What these do on behalf of people has been decided already.
_TRUSTED = frozenset((Source.REVIEW, Source.TEACHER))
_REMEMBERED_MAX = 200
_DONE = {
    "create": "created",
    "update": "changed",
    "patch": "changed",
    "delete": "deleted",
    "deletecollection": "deleted",
    "exec": "run",
    "eviction": "evicted",
    "scale": "scaled",
}
_APPLY = "application/apply-patch+yaml"


class ReviewGate:
    """Records people's writes, and holds back those that wait for review."""

    name = "review"

    def __init__(self, core: Core) -> None:
        self._core = core
        self.writes = PersonWrites(core.limits)
        self.is_on = False
        #: Ids of callers whose writes are applied at once.
        self.reviewers: tuple[str, ...] = ()
        #: Where a submission can be seen, but for its number.
        self.address = ""
        self._last_number = 0
        #: Submission numbers by who and which command, the newest last.
        self._numbers: dict[tuple[str, str], int] = {}
        #: Namespaces that wait for review: what goes into them cannot be tried.
        self._namespaces: dict[str, None] = {}

    def answer(self, call: Call, dispatch: Dispatch) -> Response:
        """Answer a call. Raises ApiError for refusals, those that became submissions too."""
        caller = call.request.caller
        if caller is None or not is_write(call) or is_trial(call):
            return dispatch(call)
        try:
            if self._holds(caller):
                self._hold(call, caller, dispatch)
            response = dispatch(call)
        except Held as held:
            self._note(call, Outcome(403, held.reason, held.message, submission=held.number))
            raise
        except ApiError as error:
            self._note(call, Outcome(error.code, error.reason, error.message))
            raise
        is_named = bool(call.info.name or name_in(call.request.body))
        name = "" if is_named or call.info.verb != "create" else name_in(response.body)
        self._note(call, Outcome(response.status, name=name))
        return response

    def switch(self, *, is_on: bool, reviewers: tuple[str, ...], address: str) -> None:
        """Set who is held back, and where people find their submissions."""
        self.is_on, self.reviewers, self.address = is_on, reviewers, address
        if not is_on:
            self._numbers.clear()
            self._namespaces.clear()

    def go_on(self, *, writes: int, submissions: int) -> None:
        """Count on from there, if that is further."""
        self.writes.last = max(self.writes.last, writes)
        self._last_number = max(self._last_number, submissions)

    def forget(self) -> None:
        """No record and no review any more; the numbers go on."""
        self.writes.clear()
        self.switch(is_on=False, reviewers=(), address="")

    def body(self) -> Object:
        """The switch as JSON, with the last numbers."""
        return {
            "on": self.is_on,
            "reviewers": list(self.reviewers),
            "address": self.address,
            "writes": self.writes.last,
            "submissions": self._last_number,
        }

    def wake(self, message: object) -> None:
        """See simulation.component. Nothing here waits for anything."""

    def state(self) -> Any:
        """See simulation.component."""
        switch = (self.is_on, self.reviewers, self.address)
        return (
            switch,
            self._last_number,
            tuple(self._numbers.items()),
            tuple(self._namespaces),
            self.writes.state(),
        )

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        switch, self._last_number, numbers, namespaces, writes = state
        self.is_on, self.reviewers, self.address = switch
        self._numbers = dict(numbers)
        self._namespaces = dict.fromkeys(namespaces)
        self.writes.restore(writes)

    def _holds(self, caller: Caller) -> bool:
        return self.is_on and caller.source not in _TRUSTED and caller.id not in self.reviewers

    def _hold(self, call: Call, caller: Caller, dispatch: Dispatch) -> None:
        """Raises Held for what would go through, ApiError for what would not."""
        if call.info.subresource in COMMANDS:
            self._try_command(call)
        else:
            self._try(call, dispatch)
        raise Held(call, self._number(call, caller), self.address)

    def _try(self, call: Call, dispatch: Dispatch) -> None:
        try:
            dispatch(trial_of(call))
        except ApiError as error:
            details = error.details or {}
            is_missing = error.code == 404 and details.get("kind") == "namespaces"
            if not is_missing or details.get("name") not in self._namespaces:
                raise
        if call.kind.resource == "namespaces" and call.info.verb in ("create", "patch"):
            name = call.info.name or name_in(call.request.body)
            self._namespaces[name] = None
            _drop_oldest(self._namespaces)

    def _try_command(self, call: Call) -> None:
        live_record(self._core, call.kind, call.namespace, call.info.name)
        query = call.query
        is_talk = any(query.get(name, ["0"])[0] in ("1", "true") for name in ("stdin", "tty"))
        if is_talk or call.info.subresource == "attach":
            why = "review is on: only reviewers may talk to a container; a single command without "
            raise forbidden(call.kind.resource, call.info.name, why + "input can be submitted")

    def _number(self, call: Call, caller: Caller) -> int:
        command = call.request.request_id
        known = self._numbers.get((caller.id, command)) if command else None
        if known is not None:
            return known
        self._last_number += 1
        if command:
            self._numbers[caller.id, command] = self._last_number
            _drop_oldest(self._numbers)
        return self._last_number

    def _note(self, call: Call, outcome: Outcome) -> None:
        self.writes.note(call, outcome, self._core.store.revision, self._core.clock.now_ms)


class Held(ApiError):
    """403: the write has become part of a submission."""

    def __init__(self, call: Call, number: int, address: str) -> None:
        name = call.info.name or name_in(call.request.body)
        kind = call.kind
        subject = f'{kind.resource} "{name}"' if name else kind.resource
        what = _DONE.get(call.info.subresource) or _DONE.get(call.info.verb, "changed")
        if call.request.headers.get("content-type", "").startswith(_APPLY):
            what = "applied"
        if call.info.subresource == "exec":
            subject = f"the command in {subject}"
        where = f", see {address}{number}/" if address else ""
        message = f"{subject} is not {what} yet: it waits for review as submission {number}{where}"
        details: Object = {"kind": kind.plural, "causes": [_cause(number, address)]}
        if name:
            details["name"] = name
        if kind.group:
            details["group"] = kind.group
        super().__init__(403, "Forbidden", message, details)
        self.number = number


def trial_of(call: Call) -> Call:
    """The same call as a dry run."""
    request = call.request
    body = request.body
    if body and call.info.verb in ("delete", "deletecollection"):
        body = orjson.dumps({**loaded(body), "dryRun": ["All"]})
    query = f"{request.query}&" if request.query else ""
    request = replace(request, query=query + urlencode({"dryRun": "All"}), body=body)
    return replace(call, request=request, query=request.parameters())


def _cause(number: int, address: str) -> Object:
    return {"reason": "SubmittedForReview", "message": f"{address}{number}/", "field": str(number)}


def _drop_oldest(held: dict[Any, Any]) -> None:
    if len(held) > _REMEMBERED_MAX:
        del held[next(iter(held))]
