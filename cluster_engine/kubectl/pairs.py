"""KEY=VALUE words: labels, annotations, environment.

Models: k8s.io/kubectl/pkg/cmd/util/helpers.go ParsePairs (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster_engine.kubectl.errors import KubectlError


def parse_pairs(
    words: Sequence[str], what: str, *, can_remove: bool
) -> tuple[dict[str, str], list[str]]:
    """What is set, and (from "KEY-") what is removed. Raises KubectlError."""
    values: dict[str, str] = {}
    removed: list[str] = []
    invalid: list[str] = []
    for word in words:
        name, equals, text = word.partition("=")
        if equals and name:
            values[name] = text
        elif can_remove and word.endswith("-") and word != "-":
            removed.append(word[:-1])
        else:
            invalid.append(word)
    if invalid:
        raise KubectlError(f"invalid {what} format: {', '.join(invalid)}")
    return values, removed


def parse_labels(text: str) -> dict[str, str]:
    """ "a=b,c=d". Raises KubectlError."""
    if not text:
        raise KubectlError("no label spec passed")
    labels: dict[str, str] = {}
    for spec in text.split(","):
        parts = spec.split("=")
        if len(parts) != 2:
            raise KubectlError(f"unexpected label spec: {spec}")
        if not parts[0]:
            raise KubectlError("unexpected empty label key")
        labels[parts[0]] = parts[1]
    return labels
