"""`/podyard/v1/clock`: a cluster's clock beside the Kubernetes paths.

`GET` reads `{"now", "speed", "paused"}`; `PUT` takes any of them (a later `now` is gone to at
once); `POST …/advance {"seconds"}` lets time pass, `POST …/step` runs what is due next. Changing
it takes the rights of a cluster administrator.
"""

from __future__ import annotations

from typing import Any

import orjson

from cluster_engine.apimachinery.errors import (
    ApiError,
    bad_request,
    forbidden,
    method_not_allowed,
    path_not_found,
)
from cluster_engine.apiserver.requests import Request
from playground.hosting import statuses
from playground.hosting.host import Answer, ClockReading, ClusterHost, parse_speed

PREFIX = "/podyard/v1/clock"
#: Beyond this, a number is nonsense; how far one may go is a limit of the host.
_SECONDS_MAX = 1e12


async def answer(host: ClusterHost, cluster_id: str, request: Request) -> Answer:
    """Serve one request below PREFIX. The user must be set when it is not the administrator."""
    try:
        reading = await _serve(host, cluster_id, request)
    except ApiError as error:
        return statuses.refusal(error)
    except ValueError as error:
        return statuses.refusal(bad_request(str(error)))
    return statuses.body(reading.body())


async def _serve(host: ClusterHost, cluster_id: str, request: Request) -> ClockReading:
    action = request.path.removeprefix(PREFIX).strip("/")
    allowed = {"": ("GET", "PUT"), "advance": ("POST",), "step": ("POST",)}.get(action)
    if allowed is None:
        raise path_not_found()
    if request.method not in allowed:
        raise method_not_allowed()
    if request.method == "GET":
        return await host.clock(cluster_id)
    if request.user is None or "system:masters" not in request.user.groups:
        raise forbidden("clock", "", "only an administrator of the cluster moves its clock")
    body = _decoded(request.body)
    if action == "step":
        return await host.clock_step(cluster_id)
    if action == "advance":
        return await host.clock_advance(cluster_id, _span_ms(body))
    return await _put(host, cluster_id, body)


async def _put(host: ClusterHost, cluster_id: str, body: dict[str, Any]) -> ClockReading:
    unknown = sorted(set(body) - {"now", "speed", "paused"})
    if unknown:
        raise bad_request(f"unknown field {unknown[0]!r}: give now, speed or paused")
    paused = body.get("paused")
    if paused is not None and not isinstance(paused, bool):
        raise bad_request(f"paused {paused!r}: give true or false")
    speed = parse_speed(body["speed"]) if body.get("speed") is not None else None
    now = body.get("now")
    if now is not None and (isinstance(now, bool) or not isinstance(now, int)):
        raise bad_request(f"now {now!r}: give milliseconds since 1970")
    if now is not None:
        # First what may be refused: a half of what was asked is never done.
        ahead_ms = now - (await host.clock(cluster_id)).now_ms
        if ahead_ms > 0:
            await host.clock_advance(cluster_id, ahead_ms)
    return await host.clock_set(cluster_id, speed=speed, is_paused=paused)


def _decoded(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise bad_request("the body must be a JSON object")
    return value


def _span_ms(body: dict[str, Any]) -> int:
    seconds = body.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise bad_request(f"seconds {seconds!r}: give a number of seconds")
    if abs(seconds) > _SECONDS_MAX:
        raise bad_request(f"seconds {seconds!r}: that is too far")
    return int(seconds * 1000)
