"""What the playground serves beside Kubernetes' own paths: read-only explanations, the console.

`GET /podyard/v1/namespaces/<namespace>/pods/<name>/scheduling` tells why a pod is where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson

from cluster_engine.apimachinery.errors import ApiError, method_not_allowed, path_not_found
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import Request, Response

PREFIX = "/podyard/v1/"

#: The explanation of a pod by namespace and name.
Explain = Callable[[str, str], Object]
#: Answers a path below the prefix; None: not mine.
Extra = Callable[[Request, list[str]], Response | None]


class Extensions:
    """Routes below the prefix."""

    def __init__(self, explain: Explain, extras: Sequence[Extra] = ()) -> None:
        self._explain = explain
        self._extras = extras

    def __call__(self, request: Request) -> Response:
        """Answer a request; refusals are Status answers."""
        try:
            return self._answer(request)
        except ApiError as error:
            return _json(error.code, error.status())

    def _answer(self, request: Request) -> Response:
        parts = [part for part in request.path[len(PREFIX) :].split("/") if part]
        match parts:
            case ["namespaces", namespace, "pods", name, "scheduling"]:
                if request.method != "GET":
                    raise method_not_allowed()
                return _json(200, self._explain(namespace, name))
        for extra in self._extras:
            answer = extra(request, parts)
            if answer is not None:
                return answer
        raise path_not_found()


def _json(status: int, body: Object) -> Response:
    return Response(status, orjson.dumps(body), {"content-type": "application/json"})
