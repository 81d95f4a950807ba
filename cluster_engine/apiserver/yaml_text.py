"""YAML answers, as sigs.k8s.io/yaml writes them: sorted keys, block style, double quotes where a
plain word would be read as something else."""

from __future__ import annotations

from typing import Any

import yaml

_STRING_TAG = "tag:yaml.org,2002:str"
_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDTH = 1_000_000


class _Dumper(_BASE):  # type: ignore[misc]
    """PyYAML's dumper with Go's choice of quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: Any, text: str) -> Any:
    if "\n" in text:
        return dumper.represent_scalar(_STRING_TAG, text, style="|")
    is_plain = dumper.resolve(yaml.ScalarNode, text, (True, False)) == _STRING_TAG
    return dumper.represent_scalar(_STRING_TAG, text, style=None if is_plain else '"')


def _represent_map(dumper: Any, value: dict[str, Any]) -> Any:
    return dumper.represent_dict(value)


def _represent_list(dumper: Any, value: list[Any]) -> Any:
    return dumper.represent_list(value)


_Dumper.add_representer(str, _represent_text)
# Also for the read-only kinds of dict and list that a store may hold.
_Dumper.add_multi_representer(dict, _represent_map)
_Dumper.add_multi_representer(list, _represent_list)


def to_yaml(value: Any) -> bytes:
    """A JSON-shaped value as one YAML document."""
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=False,
        sort_keys=True,
        allow_unicode=True,
        width=_WIDTH,
    )
    return text.encode()
