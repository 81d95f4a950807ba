"""A cluster written as entries; see layout. Nothing of the cluster changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import orjson

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.console import CONTAINER_ID
from cluster_engine.portable import files, layout, objects
from cluster_engine.runtime.filesystem.nodes import Directory
from cluster_engine.runtime.filesystem.volume import Volume
from cluster_engine.runtime.sandbox import Container
from cluster_engine.scheduler.explanation import Explanations
from cluster_engine.spec import ClusterSpec
from cluster_engine.wiring import Parts

_LINES_MAX = 20_000
_EXPLANATIONS_BYTES_MAX = 8 * 1024 * 1024
_SPEC = (
    "name",
    "nodes",
    "seed",
    "profile",
    "node_cpu",
    "node_memory",
    "node_pods",
    "is_api_only",
    "start_ms",
)


def write(parts: Parts, spec: ClusterSpec) -> dict[str, bytes]:
    """All entries by name."""
    known = asdict(spec)
    head = {
        "format": layout.FORMAT,
        "version": layout.VERSION,
        "spec": {name: known[name] for name in _SPEC},
        "now_ms": parts.clock.now_ms,
        "revision": parts.store.revision,
        "randomness": parts.randomness.state(),
    }
    entries = {
        layout.HEAD: orjson.dumps(head),
        layout.OBJECTS: objects.written(parts.store, parts.api.core.registry),
        layout.TIMELINE: _joined(parts.lines()[-_LINES_MAX:]),
    }
    if parts.scheduler is not None:
        entries[layout.SCHEDULING] = _explanations(parts.scheduler.explanations)
    if parts.kubelets is not None:
        entries.update(_files(parts))
        entries.update(_logs(parts))
    return entries


def _explanations(explanations: Explanations) -> bytes:
    """Why pods are where they are, as far as there is room: the latest pods first, each with its
    last attempt (the text of one names every node with every plugin)."""
    kept: list[bytes] = []
    left = _EXPLANATIONS_BYTES_MAX
    for uid in explanations.uids():
        told = b"%b:%b" % (orjson.dumps(uid), orjson.dumps(explanations.of(uid)[-1:]))
        left -= len(told)
        if left < 0:
            break
        kept.append(told)
    return b"{%b}" % b",".join(kept)


def _files(parts: Parts) -> dict[str, bytes]:
    index: list[Object] = []
    contents: dict[str, bytes] = {}
    for place, title, volume, base in _volumes(parts):
        for row, data in files.tree(volume, base):
            if data:
                name = files.contents_name(title, row["path"], len(contents) + 1)
                contents[name], row["entry"] = data, name
            index.append({"in": place, **row})
    return {layout.FILES: _joined(index), **contents}


def _volumes(parts: Parts) -> Iterator[tuple[str, str, Volume, Directory | None]]:
    """Id, title, tree and image of everything that holds files of its own."""
    kernel, kubelets, console = parts.kernel, parts.kubelets, parts.console
    assert kernel is not None and kubelets is not None and console is not None
    for volume in kernel.volumes.own():
        base = kernel.volumes.base_of(volume)
        yield volume.id, volume.id, volume, base
    for container, title in _containers(parts):
        if container.is_running:
            own = container.spec.id
            base = console.tree if own == CONTAINER_ID else kubelets.image_tree(own)
            yield f"container:{own}", title, container.layer, base


def _containers(parts: Parts) -> Iterator[tuple[Container, str]]:
    kernel = parts.kernel
    assert kernel is not None
    for sandbox_id in sorted(kernel.sandboxes):
        for container in kernel.sandboxes[sandbox_id].containers.values():
            spec = container.spec
            names = (spec.namespace, spec.hostname, spec.name)
            yield container, "console" if spec.id == CONTAINER_ID else "/".join(names)


def _logs(parts: Parts) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for container, title in _containers(parts):
        lines = [
            f"{rfc3339(line.time_ms)} ".encode() + line.text + b"\n" for line in container.log.lines
        ]
        if lines:
            name = files.contents_name(title, "", 0).partition("/00000/")[2]
            found[f"{layout.LOGS}{name}-{container.spec.id[:8]}.log"] = b"".join(lines)
    return found


def _joined(rows: list[Object]) -> bytes:
    return b"\n".join(orjson.dumps(row) for row in rows)
