"""Replays a recorded conversation against an engine in this process, and compares."""

from __future__ import annotations

import json
import re
from typing import Any

from cluster_engine import Cluster, ClusterSpec, Request
from cluster_engine.apiserver.requests import User
from tests.parity.masking import Memory, mask, mask_text

_ADMIN = User("admin", ("system:masters", "system:authenticated"))
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_WATCH = re.compile(r"[?&]watch=(?!0|false)\w+")
_TIMEOUT = re.compile(r"[?&]timeoutSeconds=(\d+)")
_POLL_MS = 150
_TIMEOUT_SECONDS_DEFAULT = 1


class Conversation:
    """A new API server and what it has said."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._case = case
        self._cluster = Cluster(ClusterSpec(is_api_only=True))
        self._memory = Memory()
        self._keeps_managers = bool(case.get("managedFields"))

    def differences(self) -> list[str]:
        """One line for each step that is not answered as recorded."""
        for step in self._case.get("setup", []):
            self._ask(step["request"])
        found = []
        for number, step in enumerate(self._case["steps"]):
            answer, expected = self._answer(step), step["response"]
            if step.get("volatile"):
                answer, expected = {"status": answer["status"]}, {"status": expected["status"]}
            line = difference(_alike(expected), _alike(answer), f"steps[{number}]")
            if line:
                request = step["request"]
                found.append(f"{request['method']} {request['path']} {line}")
        return found

    def _answer(self, step: dict[str, Any]) -> dict[str, Any]:
        self._wait(step.get("delay_ms", 0))
        patience_ms = step.get("poll", {}).get("seconds", 0) * 1000
        while True:
            status, headers, body = self._ask(step["request"])
            if "poll" not in step or _is_reached(step["poll"], status, body) or patience_ms <= 0:
                break
            self._wait(_POLL_MS)
            patience_ms -= _POLL_MS
        self._memory.note_generated(body)
        self._capture(step, body)
        answer: dict[str, Any] = {"status": status}
        shown = self._headers(headers, body)
        if shown:
            answer["headers"] = shown
        part = mask(_extract(step, body), self._memory, keeps_managers=self._keeps_managers)
        if "pick" in step and isinstance(part, dict):
            part = {name: part[name] for name in step["pick"] if name in part}
        answer["body"] = part
        return answer

    def _capture(self, step: dict[str, Any], body: Any) -> None:
        for name, pointer in step.get("capture", {}).items():
            self._memory.values[name] = _at(body, pointer)
            is_list = isinstance(body, dict) and "items" in body
            (self._memory.of_lists.add if is_list else self._memory.of_lists.discard)(name)

    def _headers(self, headers: dict[str, list[str]], body: Any) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if headers.get("warning"):
            shown["warning"] = [mask_text(text, self._memory) for text in headers["warning"]]
        if headers.get("retry-after"):
            shown["retry-after"] = headers["retry-after"]
        if not isinstance(body, dict | list) and headers.get("content-type"):
            shown["content-type"] = headers["content-type"]
        return shown

    def _ask(self, asked: dict[str, Any]) -> tuple[int, dict[str, list[str]], Any]:
        asked = self._filled(asked)
        path, _, query = asked["path"].partition("?")
        headers = {"accept": "application/json", "user-agent": "parity/1.0"}
        headers |= {
            name.lower(): _joined(value) for name, value in asked.get("headers", {}).items()
        }
        body = asked.get("body")
        data = b"" if body is None else body.encode() if isinstance(body, str) else _json(body)
        if body is not None:
            headers.setdefault("content-type", "application/json")
        request = Request(asked["method"], path, query, headers, data, _ADMIN)
        response = self._cluster.handle(request)
        text = response.body.decode("utf-8", "replace")
        if response.stream is not None:
            text = self._listen(response.stream, asked["path"])
        shown = {name.lower(): [value] for name, value in response.headers.items()}
        if response.warnings:
            shown["warning"] = [f'299 - "{_quoted(words)}"' for words in response.warnings]
        is_watch = bool(_WATCH.search(asked["path"])) and response.status == 200
        return response.status, shown, _events(text) if is_watch else _parsed(text)

    def _listen(self, stream: Any, path: str) -> str:
        """What a watch says until its time is over."""
        found = _TIMEOUT.search(path)
        self._wait(1000 * int(found.group(1) if found else _TIMEOUT_SECONDS_DEFAULT))
        lines = []
        while frames := stream.read():
            lines += [frame.data.decode() for frame in frames]
        stream.close()
        return "".join(lines)

    def _wait(self, span_ms: int) -> None:
        self._cluster.advance(self._cluster.now_ms + span_ms)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            values = self._memory.values
            return _VARIABLE.sub(lambda found: str(values.get(found[1], found[0])), value)
        if isinstance(value, dict):
            return {name: self._filled(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._filled(part) for part in value]
        return value


def difference(expected: Any, got: Any, path: str) -> str:
    """The first difference, as a path and both values; empty when there is none."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for name in [*expected, *(name for name in got if name not in expected)]:
            if name not in got:
                return f"{path}.{name}: expected {_short(expected[name])}, which is missing"
            if name not in expected:
                return f"{path}.{name}: {_short(got[name])} is too much"
            if line := difference(expected[name], got[name], f"{path}.{name}"):
                return line
        return ""
    if isinstance(expected, list) and isinstance(got, list):
        for index, (one, other) in enumerate(zip(expected, got, strict=False)):
            if line := difference(one, other, f"{path}[{index}]"):
                return line
        if len(expected) != len(got):
            return f"{path}: expected {len(expected)} entries, got {len(got)}"
        return ""
    is_number = isinstance(expected, int | float) and isinstance(got, int | float)
    is_same_type = type(expected) is type(got) or (is_number and not isinstance(got, bool))
    if is_same_type and expected == got:
        return ""
    return f"{path}: expected {_short(expected)}, got {_short(got)}"


def _alike(response: dict[str, Any]) -> dict[str, Any]:
    """Recorded masks in the words of `masking`, so that both sides speak alike."""
    words = {"<rv": "<revision", "<rand>": "<random>"}
    text = json.dumps(response)
    for theirs, ours in words.items():
        text = text.replace(theirs, ours)
    text = re.sub(r"(serverAddress: )[^\\\s]+", r"\1<server>", text)
    found: dict[str, Any] = json.loads(text)
    return found


def _is_reached(poll: dict[str, Any], status: int, body: Any) -> bool:
    if "status" in poll and poll["status"] != status:
        return False
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return "contains" not in poll or poll["contains"] in text


def _extract(step: dict[str, Any], body: Any) -> Any:
    wanted = step.get("extract")
    if not wanted:
        return body
    value = _at(body, wanted["pointer"]) if wanted["pointer"] else body
    return sorted(value) if wanted["op"] == "keys" else value


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def _events(text: str) -> list[Any]:
    return [_parsed(line) for line in text.splitlines() if line.strip()]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _joined(value: str | list[str]) -> str:
    return ",".join(value) if isinstance(value, list) else value


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else f"{text[:157]}..."
