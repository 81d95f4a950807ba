"""The switch of the review gate: `GET`, `PUT` and `DELETE /podyard/v1/review`, for the host alone.

`{"on": true, "reviewers": [ids of callers], "address": where submissions are seen}`, and where a
cluster takes another's place `"writes"` and `"submissions"`: the last numbers there, to go on from.
`DELETE` forgets the record and switches off, for a copy that begins a life of its own. A request
behind which the host names a person is refused, however much that person may do in the cluster.
"""

from __future__ import annotations

import orjson

from cluster_engine.apimachinery.errors import bad_request, forbidden, method_not_allowed
from cluster_engine.apiserver.requests import Request, Response
from cluster_engine.apiserver.review_gate import ReviewGate

_REVIEWERS_MAX = 1_000
_ADDRESS_LENGTH_MAX = 500


class ReviewSwitch:
    """Answers the switch's path; fulfils `extensions.Extra`."""

    def __init__(self, gate: ReviewGate) -> None:
        self._gate = gate

    def __call__(self, request: Request, parts: list[str]) -> Response | None:
        """The answer, or None when the path is another's. Raises ApiError."""
        if parts != ["review"]:
            return None
        is_host = request.user is not None and "system:masters" in request.user.groups
        if request.caller is not None or not is_host:
            raise forbidden("", "", "review is switched at the review desk")
        if request.method == "PUT":
            self._set(request.body)
        elif request.method == "DELETE":
            self._gate.forget()
        elif request.method != "GET":
            raise method_not_allowed()
        body = orjson.dumps(self._gate.body())
        return Response(200, body, {"content-type": "application/json"})

    def _set(self, body: bytes) -> None:
        try:
            wish = orjson.loads(body)
            is_on, reviewers, address = wish["on"], wish["reviewers"], wish["address"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise bad_request("give on, reviewers and address") from None
        if not isinstance(is_on, bool) or not isinstance(address, str):
            raise bad_request("on is true or false, address a text")
        if not isinstance(reviewers, list) or not all(isinstance(one, str) for one in reviewers):
            raise bad_request("reviewers is a list of ids")
        if len(reviewers) > _REVIEWERS_MAX or len(address) > _ADDRESS_LENGTH_MAX:
            raise bad_request(f"at most {_REVIEWERS_MAX} reviewers are accepted")
        numbers = [wish.get(name, 0) for name in ("writes", "submissions")]
        if not all(type(number) is int and 0 <= number < 2**53 for number in numbers):
            raise bad_request("writes and submissions are numbers")
        self._gate.go_on(writes=numbers[0], submissions=numbers[1])
        self._gate.switch(is_on=is_on, reviewers=tuple(sorted(set(reviewers))), address=address)
