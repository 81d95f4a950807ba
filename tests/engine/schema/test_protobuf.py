"""Protobuf bodies become the JSON the same client would have sent."""

from typing import Any

import pytest

from cluster_engine.schema.protobuf import ProtobufError, decode


def text(number: int, content: str | bytes) -> bytes:
    """A length-delimited field."""
    data = content.encode() if isinstance(content, str) else content
    size = len(data)
    prefix = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return bytes([number << 3 | 2]) + prefix + data


def number(field: int, value: int) -> bytes:
    """A small varint field."""
    return bytes([field << 3, value])


def body(api_version: str, kind: str, raw: bytes) -> bytes:
    """The envelope."""
    return b"k8s\x00" + text(1, text(1, api_version) + text(2, kind)) + text(2, raw)


def entry(field: int, key: str, value: bytes) -> bytes:
    """One entry of a map."""
    return text(field, text(1, key) + value)


CASES: list[tuple[str, bytes, dict[str, Any]]] = [
    (
        "a config map: maps of text, empty strings left out",
        body("v1", "ConfigMap", text(1, text(1, "c1") + text(2, "")) + entry(2, "x", text(2, "y"))),
        {"metadata": {"name": "c1"}, "data": {"x": "y"}},
    ),
    (
        "a secret: bytes as base64",
        body("v1", "Secret", text(1, text(1, "s")) + entry(2, "a", text(2, b"\x00\xff"))),
        {"metadata": {"name": "s"}, "data": {"a": "AP8="}},
    ),
    (
        "a service: numbers, and a target port that may be a number or a name",
        body(
            "v1",
            "Service",
            text(2, text(1, number(3, 80) + text(4, number(1, 0) + number(2, 81)))),
        ),
        {"spec": {"ports": [{"port": 80, "targetPort": 81}]}},
    ),
    (
        "a pod: what Go embeds is written out",
        body("v1", "Pod", text(2, text(1, text(1, "v") + text(2, text(2, b""))))),
        {"spec": {"volumes": [{"name": "v", "emptyDir": {}}]}},
    ),
    (
        "an ingress: a message that Go embeds keeps its own fields",
        body(
            "networking.k8s.io/v1",
            "Ingress",
            text(2, text(3, text(1, "h") + text(2, text(1, text(1, text(1, "/")))))),
        ),
        {"spec": {"rules": [{"host": "h", "http": {"paths": [{"path": "/"}]}}]}},
    ),
    (
        "a quota: quantities are text",
        body("v1", "ResourceQuota", text(2, entry(1, "pods", text(2, text(1, "3"))))),
        {"spec": {"hard": {"pods": "3"}}},
    ),
    (
        "a deployment: a pointer to zero stays, a zero time goes",
        body("apps/v1", "Deployment", text(1, text(8, b"")) + text(2, number(1, 0))),
        {"metadata": {}, "spec": {"replicas": 0}},
    ),
]


@pytest.mark.parametrize(("data", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_decode(data: bytes, expected: dict[str, Any]) -> None:
    found = decode(data)
    found.pop("apiVersion")
    found.pop("kind")
    assert found == expected


@pytest.mark.parametrize(
    "data",
    [b"{}", b"k8s\x00\x0a\xff", body("v1", "Nonsense", b""), body("v1", "Pod", b"\x0a\x7f")],
    ids=["JSON", "cut off", "an unknown kind", "a field longer than the body"],
)
def test_what_is_not_protobuf_of_a_known_kind_is_refused(data: bytes) -> None:
    with pytest.raises(ProtobufError):
        decode(data)
