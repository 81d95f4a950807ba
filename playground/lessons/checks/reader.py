"""How checks look into one cluster: API reads only, each asked once per look."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.hosting.host import ClusterHost

_HEADERS = {"accept": "application/json", "user-agent": "podyard-lessons"}
_PEEK = "/podyard/v1/peek"


class NotNow(Exception):
    """The cluster cannot be asked at the moment; look again later."""


class Reader:
    """One look at one cluster."""

    def __init__(self, host: ClusterHost, cluster_id: str) -> None:
        self._host = host
        self._cluster_id = cluster_id
        self._seen: dict[tuple[str, str], tuple[int, bytes]] = {}

    async def get(self, path: str, /, **query: str) -> dict[str, Any] | None:
        """The JSON at a path; None when there is no such thing. Raises NotNow, UnknownCluster."""
        status, body = await self._ask(path, urlencode(query))
        return orjson.loads(body) if status == 200 else None

    async def items(self, path: str, /, **query: str) -> list[dict[str, Any]]:
        """The items of a list."""
        return list((await self.get(path, **query) or {}).get("items") or [])

    async def text(self, path: str, /, **query: str) -> str | None:
        """The text at a path; None when there is none."""
        status, body = await self._ask(path, urlencode(query))
        return body.decode("utf-8", "replace") if status == 200 else None

    async def file(self, namespace: str, pod: str, container: str, path: str) -> dict[str, Any]:
        """What lies at a path of a container. See cluster_engine.peeking."""
        query = {"namespace": namespace, "pod": pod, "container": container, "path": path}
        return await self.get(f"{_PEEK}/file", **query) or {"exists": False, "text": ""}

    async def http(self, host: str, port: int, path: str, source: str) -> dict[str, Any]:
        """What a server answers; `source` is "namespace/pod" or empty."""
        namespace, _, pod = source.partition("/")
        query = {"host": host, "port": str(port), "path": path, "namespace": namespace, "pod": pod}
        return await self.get(f"{_PEEK}/http", **query) or {"error": f"there is no pod {pod}"}

    async def _ask(self, path: str, query: str) -> tuple[int, bytes]:
        known = self._seen.get((path, query))
        if known is not None:
            return known
        await asyncio.sleep(0)
        request = Request("GET", path, query, _HEADERS, user=ADMIN)
        answer = await self._host.call(self._cluster_id, request)
        if answer.status == 429 or answer.status >= 500:
            raise NotNow(path)
        self._seen[path, query] = answer.status, answer.body
        return answer.status, answer.body


def part(text: str) -> str:
    """A name as part of a path."""
    return quote(text, safe="")
