"""What people read of a write: the manifest as they wrote it, or a sentence. Pure.

kubectl sends what it made of a manifest, and beside it the manifest, as an annotation: that is what
is shown. What is no manifest (a patch, a deletion, a command) becomes comment lines, so that a text
of several writes is still YAML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs

import orjson
import yaml

from cluster_engine.apimachinery.manifests import ManifestError, load_manifests
from cluster_engine.apiserver.person_writes import loaded
from cluster_engine.schema import protobuf
from cluster_engine.simulation.limits import Limits
from playground.reviews.masking import LAST_APPLIED, masked

_APPLY = "application/apply-patch+yaml"
_FIRST = ("apiVersion", "kind", "metadata")
_PARTS = {"eviction": "evict", "scale": "scale", "binding": "bind", "attach": "attach to"}
_SERVERS = ("creationTimestamp", "resourceVersion", "uid", "generation", "managedFields")


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of one write."""

    text: str
    #: The verb in people's words: "apply", "create", "delete", "scale", "run" …
    verb: str
    is_manifest: bool
    is_secret: bool


class Sent(Protocol):
    """What of a write a text is made of; a PersonWrite, or an Item with its body."""

    @property
    def verb(self) -> str: ...
    @property
    def command(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def api_version(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def resource(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def subresource(self) -> str: ...


class _Dumper(yaml.CSafeDumper):
    """Blocks for long texts, no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text_node(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text_node)


def shown(write: Sent, *, is_open: bool = False) -> Shown:
    """What a write looks like; `is_open`: with Secrets' values."""
    is_secret = write.resource == "secrets"
    value = body_of(write)
    verb = verb_of(write)
    manifest = manifest_of(write, value)
    if manifest is not None:
        obj = manifest if is_open or not is_secret else masked(manifest)
        return Shown(yaml_text(obj), verb, is_manifest=True, is_secret=is_secret)
    if is_secret and not is_open:
        value = masked(value)
    return Shown(_as_comment(sentence(write), value), verb, False, is_secret)


def verb_of(write: Sent) -> str:
    """What the person did, in a word."""
    if write.subresource == "exec":
        return "run"
    if write.subresource in _PARTS:
        return _PARTS[write.subresource]
    if write.content_type.startswith(_APPLY):
        return "apply"
    if write.command in ("kubectl apply", "kubectl create", "kubectl replace", "kubectl edit"):
        return write.command.partition(" ")[2]
    words = {"update": "replace", "deletecollection": "delete"}
    return words.get(write.verb, write.verb)


def sentence(write: Sent) -> str:
    """What a write that is no manifest would do: "delete Pod web in default"."""
    subject = " ".join(part for part in (write.kind, write.name) if part)
    if write.verb == "deletecollection":
        subject = f"every {write.kind}{_selected(write.query)}"
    where = f" in {write.namespace}" if write.namespace else ""
    if write.subresource == "exec":
        query = parse_qs(write.query)
        container = f", container {query['container'][0]}" if "container" in query else ""
        return f"run in {subject}{where}{container}: {' '.join(query.get('command', []))}"
    part = write.subresource if write.subresource not in _PARTS else ""
    of = f" {part} of" if part else ""
    return f"{verb_of(write)}{of} {subject}{where}"


def manifest_of(write: Sent, value: Any) -> dict[str, Any] | None:
    """The object as the person wrote it; None when the write is no manifest."""
    if write.subresource or not isinstance(value, dict):
        return None
    noted = _last_applied(value)
    if noted is not None:
        return noted
    is_whole = write.verb in ("create", "update") or write.content_type.startswith(_APPLY)
    if not is_whole:
        return None
    return {"apiVersion": write.api_version, "kind": write.kind, **_without_servers(value)}


def body_of(write: Sent) -> Any:
    """The value of a body; None when it has none that can be read."""
    if not write.body:
        return None
    if write.body.startswith(protobuf.MAGIC):
        return loaded(write.body) or None
    try:
        return orjson.loads(write.body)
    except orjson.JSONDecodeError:
        pass
    try:
        manifests = load_manifests(write.body.decode("utf-8", "replace"), Limits())
    except ManifestError:
        return None
    return manifests[0].object if manifests else None


def yaml_text(value: Any) -> str:
    """YAML with the head of an object first, otherwise in the order it came."""
    if isinstance(value, dict):
        head = {key: value[key] for key in _FIRST if key in value}
        value = {**head, **{key: item for key, item in value.items() if key not in head}}
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    return text


def joined(texts: list[str]) -> tuple[str, list[int]]:
    """Several texts as one, and the line on which each begins, from 1."""
    lines: list[int] = []
    parts: list[str] = []
    line = 1
    for number, text in enumerate(texts):
        if number:
            parts.append("---\n")
            line += 1
        lines.append(line)
        text = text if text.endswith("\n") else f"{text}\n"
        parts.append(text)
        line += text.count("\n")
    return "".join(parts), lines


def _as_comment(first: str, value: Any) -> str:
    lines = [f"# {first}"]
    if value not in (None, {}, []):
        lines += [f"#   {line}" for line in yaml_text(value).splitlines()]
    return "\n".join(lines) + "\n"


def _last_applied(value: dict[str, Any]) -> dict[str, Any] | None:
    metadata = value.get("metadata")
    notes = metadata.get("annotations") if isinstance(metadata, dict) else None
    text = notes.get(LAST_APPLIED) if isinstance(notes, dict) else None
    try:
        noted = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return None
    if not isinstance(noted, dict):
        return None
    held = noted.get("metadata")
    if isinstance(held, dict) and held.get("annotations") == {}:
        noted["metadata"] = {key: item for key, item in held.items() if key != "annotations"}
    return noted


def _without_servers(value: dict[str, Any]) -> dict[str, Any]:
    """Without what only servers write, and what Go sends though nobody wrote it."""
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        return value
    kept = {key: item for key, item in metadata.items() if key not in _SERVERS and item is not None}
    found = {**value, "metadata": kept}
    if found.get("status") in ({}, None, {"loadBalancer": {}}):
        found.pop("status", None)
    return found


def _selected(query: str) -> str:
    asked = parse_qs(query)
    words = [*asked.get("labelSelector", []), *asked.get("fieldSelector", [])]
    return f" with {', '.join(words)}" if words else ""
