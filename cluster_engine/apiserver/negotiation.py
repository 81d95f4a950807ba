"""Which representation a client wants, from its `Accept` header.

Answers are JSON or YAML. A client that accepts protobuf only is given JSON, which every client
reads; a type that no API server speaks is refused with 406.

Models: k8s.io/apiserver/pkg/endpoints/handlers/negotiation (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apiserver.requests import Request

JSON = "application/json"
YAML = "application/yaml"
PROTOBUF = "application/vnd.kubernetes.protobuf"

_AVAILABLE = f"{JSON}, {YAML}, {PROTOBUF}"
_STREAMS = f", {JSON};stream=watch, {PROTOBUF};stream=watch"
_SERVED = {JSON: JSON, YAML: YAML, PROTOBUF: JSON, "*/*": JSON, "": JSON}
#: What people look with.
_PEOPLE = ("curl", "Wget", "Mozilla/5.0")
_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_TRANSFORMS = ("Table", "PartialObjectMetadata", "PartialObjectMetadataList")


@dataclass(frozen=True, slots=True)
class Media:
    """What to answer with."""

    type: str = JSON
    #: Table, PartialObjectMetadata, PartialObjectMetadataList or empty: the object itself.
    transform: str = ""
    #: The version of meta.k8s.io for a transform; for discovery the version of its own group.
    version: str = "v1"
    group: str = ""
    is_pretty: bool = False
    is_stream: bool = False


PLAIN = Media()


@dataclass(frozen=True, slots=True)
class Clause:
    """One media type of an Accept header with its parameters."""

    type: str
    parameters: dict[str, str]


@lru_cache(maxsize=512)
def parse_accept(header: str) -> tuple[Clause, ...]:
    """The clauses in order of preference; quality sorts, order breaks ties."""
    found: list[tuple[float, int, Clause]] = []
    for position, text in enumerate(header.split(",")):
        pieces = [piece.strip() for piece in text.split(";")]
        parameters = dict(piece.partition("=")[::2] for piece in pieces[1:] if piece)
        try:
            quality = float(parameters.pop("q", "1"))
        except ValueError:
            quality = 1.0
        found.append((-quality, position, Clause(pieces[0].lower(), parameters)))
    return tuple(clause for _, _, clause in sorted(found, key=_by_preference))


@lru_cache(maxsize=512)
def negotiate(header: str, *, has_transforms: bool = True) -> Media:
    """The first acceptable representation. Raises ApiError 406 when none is."""
    is_known = False
    for clause in parse_accept(header):
        served = _SERVED.get(clause.type)
        if served is None:
            continue
        is_known = True
        transform = clause.parameters.get("as", "")
        if transform and (not has_transforms or not _is_served_transform(clause)):
            continue
        return Media(
            type=served,
            transform=transform,
            version=clause.parameters.get("v", "v1"),
            group=clause.parameters.get("g", ""),
            is_pretty=clause.parameters.get("pretty") in ("1", "true"),
            is_stream=clause.parameters.get("stream") == "watch",
        )
    raise not_acceptable(is_known)


def media_of(request: Request, query: Mapping[str, list[str]]) -> Media:
    """What a request wants. People who look with curl or a browser get indented JSON."""
    media = negotiate(request.headers.get("accept", ""))
    if media.is_pretty:
        return media
    asked = query.get("pretty", [""])[0]
    agent = request.headers.get("user-agent", "")
    is_pretty = asked in _TRUE if asked else agent.startswith(_PEOPLE)
    return replace(media, is_pretty=True) if is_pretty else media


def not_acceptable(is_type_known: bool, *, has_streams: bool = True) -> ApiError:
    """406, in the words of the layer that refuses: the transform's or the web server's."""
    if is_type_known:
        text = f"only the following media types are accepted: {_AVAILABLE}"
        return ApiError(406, "NotAcceptable", text)
    available = _AVAILABLE + _STREAMS if has_streams else _AVAILABLE
    text = f"406: Not Acceptable\n\nAvailable representations: {available}"
    return ApiError(406, "NotAcceptable", text, {})


def _is_served_transform(clause: Clause) -> bool:
    parameters = clause.parameters
    return (
        parameters["as"] in _TRANSFORMS
        and parameters.get("g") == "meta.k8s.io"
        and parameters.get("v") in ("v1", "v1beta1")
    )


def _by_preference(found: tuple[float, int, Clause]) -> tuple[float, int]:
    return found[0], found[1]
