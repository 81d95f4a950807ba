"""Which path serves which kind: asked of the cluster's own discovery, so custom kinds work too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

#: `(method, path, query, body, content type)` to `(status, JSON)`.
Ask: TypeAlias = Callable[[str, str, str, bytes, str], Awaitable[tuple[int, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Resource:
    """Where objects of a kind live."""

    api_version: str
    plural: str
    is_namespaced: bool

    def collection(self, namespace: str) -> str:
        """The path of all of them."""
        place = f"namespaces/{quote(namespace, safe='')}/" if self.is_namespaced else ""
        return f"{_base(self.api_version)}/{place}{self.plural}"

    def path(self, namespace: str, name: str) -> str:
        """The path of one."""
        return f"{self.collection(namespace)}/{quote(name, safe='')}"


class Resources:
    """Looks kinds up, each group version once."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._found: dict[str, dict[str, Resource]] = {}

    async def find(self, api_version: str, kind: str) -> Resource | None:
        """Where a kind is served, None when it is not."""
        kinds = self._found.get(api_version)
        if kinds is None:
            kinds = self._found[api_version] = await self._read(api_version)
        return kinds.get(kind)

    async def serves(self, api_version: str) -> bool:
        """Whether the cluster knows that group and version."""
        await self.find(api_version, "")
        return bool(self._found[api_version])

    async def _read(self, api_version: str) -> dict[str, Resource]:
        status, body = await self._ask("GET", _base(api_version), "", b"", "")
        if status != 200:
            return {}
        return {
            item["kind"]: Resource(api_version, item["name"], item["namespaced"])
            for item in body.get("resources", [])
            if "/" not in item["name"]
        }


def _base(api_version: str) -> str:
    group = quote(api_version, safe="/")
    return f"/apis/{group}" if "/" in api_version else f"/api/{group}"
