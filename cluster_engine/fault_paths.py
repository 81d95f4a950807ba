"""Breaking and mending over the playground's own paths.

`GET /podyard/v1/faults` -> `{"faults": [what holds], "catalogue": [what there is]}`; `POST` with
`{"fault", "target"?, "for_seconds"?}` breaks something, `DELETE …/faults/<id>` mends it. Without a
target it hits what is hit hardest; a target is a node's name, or `namespace/name` of a pod.
Changing takes the rights of an administrator.
"""

from __future__ import annotations

from collections.abc import Callable

import orjson

from cluster_engine.apimachinery.errors import bad_request, forbidden, method_not_allowed
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import Request, Response
from cluster_engine.faults.catalogue import FAULTS
from cluster_engine.faults.component import Faults

_FIELDS = ("fault", "target", "for_seconds")
_SECONDS_MAX = 7 * 86_400
_TARGET_LENGTH_MAX = 320


class FaultPaths:
    """Answers the faults' paths; fulfils `extensions.Extra`."""

    def __init__(self, faults: Faults, revision: Callable[[], int]) -> None:
        self._faults = faults
        self._revision = revision

    def __call__(self, request: Request, parts: list[str]) -> Response | None:
        """The answer, or None when the path is another's. Raises ApiError."""
        if not parts or parts[0] != "faults" or len(parts) > 2:
            return None
        if request.method == "GET" and len(parts) == 1:
            return _json(200, self._list())
        wanted = "POST" if len(parts) == 1 else "DELETE"
        if request.method != wanted:
            raise method_not_allowed()
        if request.user is not None and "system:masters" not in request.user.groups:
            raise forbidden("faults", "", "only an administrator of the cluster breaks it")
        if wanted == "DELETE":
            self._faults.mend(parts[1], request.caller, self._revision())
            return Response(204)
        return _json(201, self._break(request))

    def _list(self) -> Object:
        return {
            "faults": [one.body() for one in self._faults.active()],
            "catalogue": [
                {
                    "name": fault.name,
                    "title": fault.title,
                    "target": str(fault.target),
                    "text": fault.text,
                    "undoable": not fault.is_moment,
                }
                for fault in FAULTS.values()
            ],
        }

    def _break(self, request: Request) -> Object:
        body = _decoded(request.body)
        for name in body:
            if name not in _FIELDS:
                raise bad_request(f"unknown field {name!r}: give {', '.join(_FIELDS)}")
        fault, target = body.get("fault"), body.get("target") or ""
        if not isinstance(fault, str):
            raise bad_request(f"fault {fault!r}: give a name")
        if not isinstance(target, str) or len(target) > _TARGET_LENGTH_MAX:
            raise bad_request("target: give the name of a node, or namespace/name of a pod")
        seconds = body.get("for_seconds") or 0
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if not is_number or not 0 <= seconds <= _SECONDS_MAX:
            raise bad_request(f"for_seconds {seconds!r}: give 0 to {_SECONDS_MAX}")
        made = self._faults.break_(
            fault, target, int(seconds * 1000), request.caller, self._revision()
        )
        return made.body()


def _decoded(body: bytes) -> Object:
    try:
        value = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError as error:
        raise bad_request(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise bad_request("the body must be a JSON object")
    return value


def _json(status: int, body: Object) -> Response:
    return Response(status, orjson.dumps(body), {"content-type": "application/json"})
