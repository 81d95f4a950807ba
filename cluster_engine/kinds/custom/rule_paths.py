"""Where a rule says that a problem is: `.spec.name`, `.labels['app']`.

Models: ValidFieldPath in k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel (v0.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.fields import child
from cluster_engine.kinds.custom.structural import Schema, additional

_STEP = re.compile(r"\.(?P<name>[^.\[\]]+)|\['(?P<quoted>(?:[^'\\]|\\.)+)'\]")
_ESCAPED = re.compile(r"\\(.)")


def problem_path(text: str, schema: Schema, start: str) -> str | None:
    """The path below `start`; None when the schema has nothing there."""
    path, place = start, 0
    while place < len(text):
        step = _STEP.match(text, place)
        if step is None:
            return None
        place = step.end()
        name = step["name"] or _ESCAPED.sub(r"\1", step["quoted"])
        properties, values = schema.get("properties") or {}, additional(schema)
        if name in properties:
            schema, path = properties[name], child(path, name)
        elif values is not None:
            schema, path = values, f"{path}[{name}]"
        else:
            return None
    return path
