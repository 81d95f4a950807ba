"""What kind of terminal is asked for, the request that opens it, and what its end says. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.lab_sessions.problems import Invalid

COLUMNS, ROWS = 80, 24
_SHELL = ("/bin/sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash || exec sh")


def read_spec(body: dict[str, Any]) -> dict[str, Any]:
    """What kind of terminal a JSON body asks for. Raises Invalid."""
    kind = body.get("kind")
    if kind == "console":
        return {"kind": "console"}
    if kind != "exec":
        raise Invalid(f"kind is {kind!r}: give 'console' or 'exec'", field="kind")
    spec: dict[str, Any] = {"kind": "exec"}
    for field, is_needed in (("namespace", True), ("pod", True), ("container", False)):
        value = body.get(field)
        if value is None and not is_needed:
            continue
        if not isinstance(value, str) or not value or "/" in value:
            raise Invalid(f"{field} is {value!r}: give a name", field=field)
        spec[field] = value
    command = body.get("command")
    if command is not None:
        if not isinstance(command, list) or not command:
            raise Invalid("command must be a list of texts", field="command")
        if not all(isinstance(word, str) for word in command):
            raise Invalid("command must be a list of texts", field="command")
        spec["command"] = command
    return spec


def request_of(spec: dict[str, Any]) -> tuple[Request, str]:
    """The request that opens it, and its title."""
    if spec["kind"] == "console":
        query = urlencode({"columns": COLUMNS, "rows": ROWS})
        return Request("POST", "/podyard/v1/console", query, user=ADMIN), "Console"
    pairs = [("stdin", "true"), ("stdout", "true"), ("tty", "true")]
    if spec.get("container"):
        pairs.append(("container", spec["container"]))
    pairs += [("command", word) for word in spec.get("command", _SHELL)]
    path = f"/api/v1/namespaces/{spec['namespace']}/pods/{spec['pod']}/exec"
    title = spec["pod"] + (f" · {spec['container']}" if spec.get("container") else "")
    return Request("GET", path, urlencode(pairs), user=ADMIN), title


def outcome_of(data: bytes) -> dict[str, Any]:
    """A final Status as an exit code and a sentence."""
    try:
        status = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {"code": 1, "message": data.decode("utf-8", "replace")}
    if status.get("status") == "Success":
        return {"code": 0, "message": ""}
    causes = (status.get("details") or {}).get("causes") or []
    codes = [cause["message"] for cause in causes if cause.get("reason") == "ExitCode"]
    code = int(codes[0]) if codes and codes[0].isdigit() else 1
    return {"code": code, "message": status.get("message", "")}


def message_of(body: bytes) -> str:
    """What a refusal says."""
    try:
        return str(orjson.loads(body).get("message", "refused"))
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace") or "refused"
