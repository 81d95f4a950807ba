"""YAML answers, as sigs.k8s.io/yaml writes them: sorted keys, block style."""

from __future__ import annotations

from typing import Any

import yaml

_DUMPER: type[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def to_yaml(value: Any) -> bytes:
    """A JSON-shaped value as one YAML document."""
    text = yaml.dump(
        value,
        Dumper=_DUMPER,
        default_flow_style=False,
        sort_keys=True,
        allow_unicode=True,
        width=1_000_000,
    )
    return text.encode()
