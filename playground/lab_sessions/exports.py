"""Everything in a cluster that a person may list."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from cluster_engine.apiserver.requests import Request, User
from playground.hosting.host import ClusterHost

_LISTABLE = "list"


async def objects_of(host: ClusterHost, cluster_id: str, user: User) -> list[dict[str, Any]]:
    """Everything that `user` may list, one resource after the other."""
    items: list[dict[str, Any]] = []
    for path in await _collections(host, cluster_id, user):
        await asyncio.sleep(0)
        body = await _get(host, cluster_id, user, path)
        if body is None:
            continue
        kind = str(body.get("kind", "")).removesuffix("List")
        api_version = body.get("apiVersion", "")
        items += [
            {"apiVersion": api_version, "kind": kind, **item} for item in body.get("items", [])
        ]
    return items


async def _collections(host: ClusterHost, cluster_id: str, user: User) -> list[str]:
    """The path of every resource that can be listed, in each group's preferred version."""
    groups = await _get(host, cluster_id, user, "/apis") or {}
    bases = ["/api/v1"]
    bases += [f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups["groups"]]
    found = []
    for base in bases:
        resources = await _get(host, cluster_id, user, base) or {}
        found += [
            f"{base}/{resource['name']}"
            for resource in resources.get("resources", [])
            if _LISTABLE in resource["verbs"] and "/" not in resource["name"]
        ]
    return found


async def _get(host: ClusterHost, cluster_id: str, user: User, path: str) -> dict[str, Any] | None:
    headers = {"accept": "application/json"}
    answer = await host.call(cluster_id, Request("GET", path, headers=headers, user=user))
    return orjson.loads(answer.body) if answer.status == 200 else None
