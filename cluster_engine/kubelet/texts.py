"""Texts as Go prints them: durations, lists, quoted strings, names of pods.

Models: time.Duration.String, fmt and pkg/kubelet/util/format (v1.37.2).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from cluster_engine.apimachinery.objects import Object


def duration(milliseconds: int) -> str:
    """A Go duration: "0s", "350ms", "1.5s", "2m40s", "1h0m0s"."""
    if milliseconds == 0:
        return "0s"
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    seconds, rest = divmod(milliseconds, 1000)
    fraction = f"{rest / 1000:.3f}"[1:].rstrip("0").rstrip(".") if rest else ""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{seconds}{fraction}s"
    if minutes:
        return f"{minutes}m{seconds}{fraction}s"
    return f"{seconds}{fraction}s"


def quoted(text: str) -> str:
    """A Go quoted string (%q) of ordinary text."""
    return json.dumps(text, ensure_ascii=False)


def listed(words: Iterable[str]) -> str:
    """A Go slice of strings (%v): [a b]."""
    return "[" + " ".join(words) + "]"


def pod_text(pod: Object) -> str:
    """How the kubelet names a pod in messages: name_namespace(uid)."""
    metadata = pod["metadata"]
    return f"{metadata['name']}_{metadata['namespace']}({metadata['uid']})"


def format_map(entries: Mapping[str, str] | None) -> str:
    """Labels or annotations in the downward API: sorted lines of key="value"."""
    return "\n".join(f"{key}={quoted(value)}" for key, value in sorted((entries or {}).items()))


def aggregated(messages: list[str]) -> str:
    """Several errors as one: "[a, b]", a single one as it is."""
    distinct = list(dict.fromkeys(messages))
    return distinct[0] if len(distinct) == 1 else "[" + ", ".join(distinct) + "]"
