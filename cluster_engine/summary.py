"""A cluster in a few hundred bytes, for a wall of clusters: `GET /podyard/v1/summary`.

One letter per pod, node by node, and what the person did last. Computed when asked; a pod that has
not changed since the last question costs a look into a dictionary. Reading changes nothing.

`{"revision", "nodes": [{"name", "ready", "pods"}], "unplaced", "failing", "command": {"text",
"at"} or null, "failures"}`: `pods` and `unplaced` are letters (see LETTERS), at most `PODS_MAX`
per node, `failures` how many commands in a row have failed, `at` virtual time in ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import orjson

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.errors import method_not_allowed
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import Request, Response, Source
from cluster_engine.client.informer import Informers
from cluster_engine.projection.words import pod_state

PODS_MAX = 40
LETTERS = {
    "waiting": "w",
    "pulling": "p",
    "creating": "c",
    "running": "r",
    "notready": "n",
    "failing": "f",
    "succeeded": "s",
    "failed": "x",
    "terminating": "t",
}
_TROUBLE = ("f", "x")
_TEXT_LENGTH_MAX = 200
#: Writes that count as what the student does; the teacher's and lessons' own do not.
_OWN_SOURCES = (Source.EDITOR, Source.KUBECTL, Source.API)


class Entered(Protocol):
    """A line that was entered at a shell: what the runtime knows of it."""

    @property
    def text(self) -> str: ...

    @property
    def at_ms(self) -> int: ...

    @property
    def failures(self) -> int: ...


class Summary:
    """Answers the summary's path; fulfils `extensions.Extra`."""

    def __init__(
        self,
        informers: Informers,
        writes_after: Callable[[int], list[PersonWrite]],
        entered: Callable[[], Entered | None],
        is_pulling: Callable[[str], bool],
    ) -> None:
        self._informers = informers
        self._writes_after = writes_after
        self._entered = entered
        self._is_pulling = is_pulling
        #: Pod uid -> the object that was looked at, and its letter.
        self._letters: dict[str, tuple[Object, str]] = {}
        self._seen = 0
        self._wrote: tuple[str, int] | None = None
        self._failures = 0

    def __call__(self, request: Request, parts: list[str]) -> Response | None:
        """The answer, or None when the path is another's. Raises ApiError."""
        if parts != ["summary"]:
            return None
        if request.method != "GET":
            raise method_not_allowed()
        return Response(200, orjson.dumps(self.body()), {"content-type": "application/json"})

    def body(self) -> Object:
        """The cluster as it is now."""
        by_node = self._pods_by_node()
        nodes = [
            {
                "name": node["metadata"]["name"],
                "ready": _is_ready(node),
                "pods": by_node.get(node["metadata"]["name"], "")[:PODS_MAX],
            }
            for node in self._informers.peek("nodes")
        ]
        letters = "".join(by_node.values())
        command, failures = self._command()
        return {
            "nodes": nodes,
            "unplaced": by_node.get("", "")[:PODS_MAX],
            "pods": len(letters),
            "failing": sum(letters.count(letter) for letter in _TROUBLE),
            "command": command,
            "failures": failures,
        }

    def _pods_by_node(self) -> dict[str, str]:
        found: dict[str, list[str]] = {}
        kept: dict[str, tuple[Object, str]] = {}
        for pod in self._informers.peek("pods"):
            uid = pod["metadata"]["uid"]
            held = self._letters.get(uid)
            # Whether an image is being pulled is not in the object.
            if held is None or held[0] is not pod or held[1] in "pc":
                held = (pod, self._letter(pod))
            kept[uid] = held
            found.setdefault(pod["spec"].get("nodeName", ""), []).append(held[1])
        self._letters = kept
        return {node: "".join(letters) for node, letters in found.items()}

    def _letter(self, pod: Object) -> str:
        image = "an image" if self._is_pulling(pod["metadata"]["uid"]) else ""
        return LETTERS[pod_state(pod, image).state]

    def _command(self) -> tuple[Object | None, int]:
        """What the person did last: at the console, or elsewhere."""
        for write in self._writes_after(self._seen):
            self._seen = write.sequence
            if write.caller.source in _OWN_SOURCES:
                self._wrote = (_said(write), write.time_ms)
                self._failures = self._failures + 1 if write.code >= 400 else 0
        entered = self._entered()
        if entered is None or (self._wrote is not None and self._wrote[1] > entered.at_ms):
            if self._wrote is None:
                return None, 0
            return {"text": self._wrote[0], "at": self._wrote[1]}, self._failures
        text = entered.text[:_TEXT_LENGTH_MAX]
        return {"text": text, "at": entered.at_ms}, entered.failures


def _is_ready(node: Object) -> bool:
    ready = find(node.get("status", {}).get("conditions") or [], "Ready")
    return ready is not None and ready["status"] == "True"


def _said(write: PersonWrite) -> str:
    """A write as a person would say it: `kubectl apply deployment web`, `editor: pod redis`."""
    how = write.command or ("editor:" if write.caller.source == Source.EDITOR else write.verb)
    words = (how, write.kind.lower() or write.resource, write.name)
    return " ".join(_words(words))[:_TEXT_LENGTH_MAX]


def _words(words: tuple[str, ...]) -> Iterator[str]:
    return (word for word in words if word)
