"""Applying, trying, comparing, deleting and checking a text of manifests.

Everything is checked first. If anything is wrong nothing is applied; if the cluster refuses a
document all the same, those before it stay applied, those after it are skipped, and each result
says so.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from cluster_engine.apiserver.requests import Caller, Request, User
from cluster_engine.simulation.limits import Limits
from playground.hosting.host import ClusterHost
from playground.lab_sessions.manifests.differences import difference, shown
from playground.lab_sessions.manifests.documents import Document, Problem, Reading, read
from playground.lab_sessions.manifests.fields import field_problems
from playground.lab_sessions.manifests.resources import Resource, Resources
from playground.lab_sessions.manifests.statuses import problems_of, waits_for_review

FIELD_MANAGER = "podyard-editor"
_APPLY = "application/apply-patch+yaml"
_DEFAULT_NAMESPACE = "default"
#: A longer text is read beside the event loop.
_THREAD_CHARACTERS_MIN = 16_384


class Action(StrEnum):
    """What to do with a text."""

    APPLY = "apply"
    DRY_RUN = "dry-run"
    DIFF = "diff"
    DELETE = "delete"
    CHECK = "check"


@dataclass(slots=True)
class Result:
    """What became of one document."""

    document: Document
    outcome: str
    message: str = ""
    diff: str | None = None
    object: dict[str, Any] | None = None
    namespace: str = ""

    def body(self) -> dict[str, Any]:
        """As JSON; empty parts are left out."""
        values = {
            "document": self.document.index,
            "line": self.document.line,
            "apiVersion": self.document.api_version,
            "kind": self.document.kind,
            "namespace": self.namespace,
            "name": self.document.name or self._given_name(),
            "outcome": self.outcome,
            "message": self.message,
            "diff": self.diff,
            "object": self.object,
        }
        kept = ("document", "line", "kind", "name", "outcome")
        return {
            key: value
            for key, value in values.items()
            if key in kept or value or (key == "diff" and value is not None)
        }

    def _given_name(self) -> str:
        """What the cluster made of a generateName."""
        metadata = (self.object or {}).get("metadata", {})
        return str(metadata.get("name", "")) if self.outcome == "created" else ""


@dataclass(slots=True)
class Report:
    """What became of a text."""

    results: list[Result] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def body(self, problems_max: int) -> dict[str, Any]:
        """As JSON, problems in the order of the text."""
        problems = sorted(self.problems, key=lambda one: (one.line, one.column))
        return {
            "results": [result.body() for result in self.results],
            "problems": [problem.body() for problem in problems[:problems_max]],
        }


async def perform(
    *,
    host: ClusterHost,
    cluster_id: str,
    user: User,
    text: str,
    action: Action,
    limits: Limits,
    caller: Caller | None = None,
    request_id: str = "",
) -> Report:
    """Carry out an action on every document of a text, in the name of `caller`. What it writes
    belongs together under `request_id`."""
    if len(text) < _THREAD_CHARACTERS_MIN:
        reading = _read(text, limits)
    else:
        reading = await asyncio.to_thread(_read, text, limits)
    door = _Door(host, cluster_id, user, caller, request_id or f"editor/{secrets.token_hex(8)}")
    work = _Work(door, reading, is_long=len(text) >= _THREAD_CHARACTERS_MIN)
    if not reading.documents and not reading.problems:
        reading.problems.append(Problem(1, 1, "there is no object in this text", "warning"))
    if work.has_errors():
        return work.report
    if action is Action.DELETE:
        await work.delete_all()
        return work.report
    trials = await work.try_all(has_diffs=action is Action.DIFF)
    if action is Action.CHECK:
        return work.report
    if action is Action.APPLY:
        if not work.has_errors():
            await work.apply_all()
        else:
            work.skip_all(trials)
        return work.report
    work.report.results = trials
    return work.report


def _read(text: str, limits: Limits) -> Reading:
    """Everything that can be said without a cluster."""
    reading = read(text, limits)
    for document in reading.documents:
        reading.problems += field_problems(document)
    return reading


@dataclass(frozen=True, slots=True)
class _Door:
    """The cluster, and in whose name it is asked."""

    host: ClusterHost
    cluster_id: str
    user: User
    caller: Caller | None
    #: The same for all requests of one text: they belong together.
    request_id: str

    async def ask(
        self, method: str, path: str, query: str, body: bytes, content_type: str
    ) -> tuple[int, dict[str, Any]]:
        """The code and the parsed body of the answer."""
        headers = {"accept": "application/json", "user-agent": FIELD_MANAGER}
        if content_type:
            headers["content-type"] = content_type
        request = Request(
            method, path, query, headers, body, self.user, self.request_id, self.caller
        )
        await asyncio.sleep(0)
        answer = await self.host.call(self.cluster_id, request)
        try:
            parsed = orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            parsed = {"message": answer.body.decode("utf-8", "replace")}
        return answer.status, parsed


class _Work:
    """One text on its way through a cluster."""

    def __init__(self, door: _Door, reading: Reading, *, is_long: bool) -> None:
        self._ask = door.ask
        self._is_long = is_long
        #: Whether something of this text became a submission.
        self._waits = False
        self._documents = reading.documents
        self._resources = Resources(self._ask)
        self.report = Report(problems=reading.problems)
        self._namespaces = {
            document.name for document in reading.documents if document.kind == "Namespace"
        }
        self._custom_kinds = {
            _kind_of_definition(document.object)
            for document in reading.documents
            if document.kind == "CustomResourceDefinition"
        }

    def has_errors(self) -> bool:
        """Whether anything is wrong, warnings aside."""
        return any(problem.severity == "error" for problem in self.report.problems)

    async def try_all(self, *, has_diffs: bool) -> list[Result]:
        """What applying would do, by dry runs; problems go into the report."""
        return [await self._try(document, has_diff=has_diffs) for document in self._documents]

    async def apply_all(self) -> None:
        """Apply in order, up to the first refusal."""
        for position, document in enumerate(self._documents):
            result = await self._apply(document)
            self.report.results.append(result)
            if result.outcome == "failed":
                rest = self._documents[position + 1 :]
                message = "not applied, because the document before it was refused"
                self.report.results += [Result(one, "skipped", message) for one in rest]
                return

    def skip_all(self, trials: list[Result]) -> None:
        """Say that nothing was applied."""
        for trial in trials:
            if trial.outcome == "failed":
                self.report.results.append(trial)
            else:
                message = "nothing was applied, because another document has a problem"
                self.report.results.append(Result(trial.document, "skipped", message))

    async def delete_all(self) -> None:
        """Delete in order; what is not there is skipped."""
        for document in self._documents:
            self.report.results.append(await self._delete(document))

    async def _try(self, document: Document, *, has_diff: bool) -> Result:
        resource = await self._locate(document)
        if resource is None:
            if _kind_of(document) in self._custom_kinds:
                return Result(document, "created", "its kind is defined by this text first")
            return self._unknown_kind(document, await self._resources.serves(document.api_version))
        namespace = _namespace(document, resource)
        live = await self._live(resource, document, namespace)
        code, body = await self._write(resource, document, namespace, is_trial=True)
        if code >= 400:
            if self._comes_first(body, namespace):
                message = f"namespace {namespace} is created by this text first"
                return Result(document, "created", message, namespace=namespace)
            return self._failed(document, body, namespace)
        is_same = live is not None and shown(live) == shown(body)
        outcome = "created" if live is None else "unchanged" if is_same else "configured"
        result = Result(document, outcome, object=shown(body), namespace=namespace)
        if has_diff:
            name = f"{document.kind}/{body['metadata'].get('name', '')}"
            result.diff = "" if is_same else await self._difference(live, body, name)
        return result

    async def _difference(
        self, live: dict[str, Any] | None, body: dict[str, Any], name: str
    ) -> str:
        """Beside the event loop when there is much to compare."""
        if not self._is_long:
            return difference(live, body, name)
        return await asyncio.to_thread(difference, live, body, name)

    async def _apply(self, document: Document) -> Result:
        resource = await self._locate(document)
        if resource is None and self._waits and _kind_of(document) in self._custom_kinds:
            message = "its kind waits for review: apply it again once that is there"
            return Result(document, "skipped", message)
        if resource is None:
            return self._unknown_kind(document, is_group_served=True)
        namespace = _namespace(document, resource)
        live = await self._live(resource, document, namespace)
        code, body = await self._write(resource, document, namespace, is_trial=False)
        if code >= 400:
            return self._failed(document, body, namespace)
        if live is None:
            outcome = "created"
        else:
            before, after = live["metadata"], body["metadata"]
            is_same = before["resourceVersion"] == after["resourceVersion"]
            outcome = "unchanged" if is_same else "configured"
        return Result(document, outcome, object=shown(body), namespace=namespace)

    async def _delete(self, document: Document) -> Result:
        resource = await self._locate(document)
        if resource is None:
            return self._unknown_kind(document, is_group_served=True)
        namespace = _namespace(document, resource)
        if not document.name:
            return Result(document, "skipped", "it has no name", namespace=namespace)
        path = resource.path(namespace, document.name)
        query = "propagationPolicy=Background"
        code, body = await self._ask("DELETE", path, query, b"", "")
        if code == 404:
            return Result(document, "skipped", "it does not exist", namespace=namespace)
        if code >= 400:
            return self._failed(document, body, namespace)
        return Result(document, "deleted", namespace=namespace)

    async def _locate(self, document: Document) -> Resource | None:
        return await self._resources.find(document.api_version, document.kind)

    async def _live(
        self, resource: Resource, document: Document, namespace: str
    ) -> dict[str, Any] | None:
        if not document.name:
            return None
        path = resource.path(namespace, document.name)
        code, body = await self._ask("GET", path, "", b"", "")
        return body if code == 200 else None

    async def _write(
        self, resource: Resource, document: Document, namespace: str, *, is_trial: bool
    ) -> tuple[int, dict[str, Any]]:
        query = f"fieldManager={FIELD_MANAGER}&fieldValidation=Strict"
        query += "&dryRun=All" if is_trial else ""
        body = orjson.dumps(document.object)
        if not document.name:
            path = resource.collection(namespace)
            return await self._ask("POST", path, query, body, "application/json")
        path = resource.path(namespace, document.name)
        return await self._ask("PATCH", path, query + "&force=true", body, _APPLY)

    def _comes_first(self, status: dict[str, Any], namespace: str) -> bool:
        details = status.get("details") or {}
        is_missing = status.get("reason") == "NotFound" and details.get("kind") == "namespaces"
        return is_missing and namespace in self._namespaces

    def _failed(self, document: Document, status: dict[str, Any], namespace: str) -> Result:
        """A refusal; with review on, that it waits for review."""
        if waits_for_review(status):
            self._waits = True
            return Result(document, "submitted", str(status["message"]), namespace=namespace)
        self.report.problems += problems_of(document, status)
        message = str(status.get("message", "refused"))
        return Result(document, "failed", message, namespace=namespace)

    def _unknown_kind(self, document: Document, is_group_served: bool) -> Result:
        if is_group_served:
            where, message = "kind", f"{document.api_version} has no kind {document.kind}"
        else:
            where, message = "apiVersion", f"this cluster has no API {document.api_version}"
        self.report.problems.append(document.problem((where,), message))
        return Result(document, "failed", message)


def _namespace(document: Document, resource: Resource) -> str:
    return (document.namespace or _DEFAULT_NAMESPACE) if resource.is_namespaced else ""


def _kind_of(document: Document) -> tuple[str, str]:
    """Group and kind."""
    return document.api_version.rpartition("/")[0], document.kind


def _kind_of_definition(obj: dict[str, Any]) -> tuple[str, str]:
    spec = obj.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    names = spec.get("names")
    names = names if isinstance(names, dict) else {}
    return str(spec.get("group", "")), str(names.get("kind", ""))
