"""`http`: what a server inside the simulated network answers to a GET."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from playground.lessons.checks.check import Sight
from playground.lessons.checks.reader import Reader
from playground.lessons.checks.sources.pods import PodChoice, read_pods
from playground.lessons.format.fields import Fields

_PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`http: {host, port?, path?, from?: {pod or labels}}`; by itself: it answers with 200.

    `host` is a service's name as a pod knows it, or an address. When nobody answers, `status` is 0
    and `error` says why, so that a check may ask for just that.
    """

    key: ClassVar[str] = "http"
    variables: ClassVar[tuple[str, ...]] = ("status", "headers", "body", "error")
    where_default: ClassVar[str] = "status == 200"
    missing_default: ClassVar[str] = (
        "{error != '' ? 'nobody answers: ' + error : 'the answer has status ' + string(status)}"
    )

    host: str
    port: int
    path: str
    source: PodChoice | None

    @classmethod
    def read(cls, fields: Fields) -> HttpAnswer:
        """The source that the fields describe."""
        source = None
        if fields.has("from"):
            inner = fields.child("from")
            source = read_pods(inner)
            inner.done()
        port = fields.whole("port", 1, _PORT_MAX, default=80) or 80
        return cls(fields.text("host"), port, fields.text("path", default="/"), source)

    async def look(self, reader: Reader) -> list[Sight]:
        """The answer, asked from each of the pods, or once from the control plane."""
        if self.source is None:
            return [await self._ask(reader, "")]
        pods = await self.source.find(reader)
        if not pods:
            return [Sight({}, self.source.absent())]
        names = [f"{self.source.namespace}/{pod['metadata']['name']}" for pod in pods]
        return [await self._ask(reader, name) for name in names]

    async def _ask(self, reader: Reader, source: str) -> Sight:
        found = await reader.http(self.host, self.port, self.path, source)
        return Sight({"status": 0, "headers": {}, "body": "", "error": "", **found})
