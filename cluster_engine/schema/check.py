"""Decoding a client's object: its canonical form, and what `fieldValidation` has to say about it.

The API server parses the body and asks `check`; the texts come out as upstream words them. What to
do with them (ignore, warn, refuse) is `fieldValidation`'s and the API server's choice.

Models: sigs.k8s.io/json strict decoding and runtime.strictDecodingError (v0.37.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cluster_engine.apimachinery.json_text import quoted
from cluster_engine.apimachinery.objects import Object
from cluster_engine.schema.catalogue import load
from cluster_engine.schema.decoding import UNKNOWN_MAX, Decoder, DecodingError


@dataclass(frozen=True, slots=True)
class Findings:
    """The canonical private object, and the texts of what strict decoding minds.

    `wrong` is the decoding error (then `object` is as it came); empty when there is none.
    """

    object: Object
    unknown: tuple[str, ...] = ()
    wrong: str = ""


@cache
def decoder() -> Decoder:
    """The decoder of this process."""
    return Decoder(load())


def check(obj: Object, group: str, version: str, kind: str) -> Findings:
    """Decode an object as a published kind. A kind that is not published comes back as it is."""
    definition = load().name_of(group, version, kind)
    if definition is None:
        return Findings(obj)
    try:
        decoded = decoder().decode(obj, definition)
    except DecodingError as error:
        return Findings(obj, wrong=str(error))
    texts = tuple(dict.fromkeys(f"unknown field {quoted(path)}" for path in decoded.unknown))
    return Findings(decoded.object, texts)


def strict_error(texts: tuple[str, ...]) -> str:
    """What a strict request is refused with."""
    return f"strict decoding error: {', '.join(texts)}"


def duplicate_fields(body: bytes | str) -> tuple[str, ...]:
    """Texts for keys that occur twice in one JSON object, in the order of the document.

    The body is valid JSON. Costs one pass of the C scanner when there are none.
    """
    found = False

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        together = dict(pairs)
        found = found or len(together) != len(pairs)
        return together

    json.loads(body, object_pairs_hook=note)
    if not found:
        return ()
    texts: dict[str, None] = {}
    _walk(json.loads(body, object_pairs_hook=_Pairs), "", texts)
    return tuple(list(texts)[:UNKNOWN_MAX])


def strict_texts(body: bytes | str, unknown: tuple[str, ...]) -> tuple[str, ...]:
    """Those texts and the ones of keys that occur twice, in the order of the document.

    What is unknown is not looked into, and may occur twice.
    """
    texts: dict[str, None] = {}
    _walk(json.loads(body, object_pairs_hook=_Pairs), "", texts, frozenset(unknown))
    return tuple(list(texts)[:UNKNOWN_MAX])


class _Pairs(list[tuple[str, Any]]):
    """The members of one JSON object, repeated ones included."""


def _walk(
    value: Any, path: str, texts: dict[str, None], unknown: frozenset[str] = frozenset()
) -> None:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for name, item in value:
            below = f"{path}.{name}" if path else name
            text = f"unknown field {quoted(below)}"
            if text in unknown:
                texts[text] = None
                continue
            if name in seen:
                texts[f"duplicate field {quoted(below)}"] = None
            seen.add(name)
            _walk(item, below, texts, unknown)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _walk(item, f"{path}[{position}]", texts, unknown)
