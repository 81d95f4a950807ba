"""What a session can start from: nodes, manifests, a speed, faults, a lesson.

Shipped templates are files in `starts/`: a header, then manifests. Other apps add sources, such as
lessons as `lesson:<slug>`. A source says what it has; nothing here knows where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import yaml

_FOLDER = Path(__file__).parent / "starts"


@dataclass(frozen=True, slots=True)
class Template:
    """A start for a session. `manifests` is applied as its first text."""

    name: str
    title: str
    summary: str
    nodes: int = 3
    #: As in the REST API: a number or "max"; empty: the site's own.
    speed: str = ""
    minutes: int | None = None
    #: For the same picture every time; None: by chance.
    seed: int | None = None
    node_cpu: str = "4"
    node_memory: str = "16Gi"
    manifests: str = ""
    faults: tuple[str, ...] = ()
    lesson: str = ""
    #: Whether the landing page offers it.
    is_listed: bool = True


class TemplateSource(Protocol):
    """Somebody who has templates."""

    def all(self) -> Iterable[Template]: ...

    def get(self, name: str) -> Template | None: ...


class Templates:
    """Every source of this site, the shipped one first."""

    def __init__(self) -> None:
        self._sources: list[TemplateSource] = [Shipped()]

    def add(self, source: TemplateSource) -> None:
        """Register a source."""
        self._sources.append(source)

    def all(self) -> list[Template]:
        """Every template, in the order of the sources."""
        return [template for source in self._sources for template in source.all()]

    def get(self, name: str) -> Template | None:
        """One template, None when nobody has it."""
        found = (source.get(name) for source in self._sources)
        return next((template for template in found if template is not None), None)


class Shipped:
    """The templates in `starts/`."""

    def all(self) -> Iterable[Template]:
        """In the order of their files' names."""
        return _shipped().values()

    def get(self, name: str) -> Template | None:
        """One of them."""
        return _shipped().get(name)


@cache
def _shipped() -> dict[str, Template]:
    found = (read(path.stem, path.read_text()) for path in sorted(_FOLDER.glob("*.yaml")))
    return {template.name: template for template in found}


def read(stem: str, text: str) -> Template:
    """A template from a file: `10-web-shop` with its header and manifests. Raises ValueError."""
    head, _, manifests = text.partition("\n---\n")
    facts: dict[str, Any] = yaml.load(head, Loader=yaml.CSafeLoader)
    known = {name for name in Template.__slots__ if name not in ("name", "manifests")}
    for name in facts:
        if name not in known:
            raise ValueError(f"{stem}: {name} is none of {', '.join(sorted(known))}")
    if "faults" in facts:
        facts["faults"] = tuple(facts["faults"])
    return Template(name=stem.partition("-")[2], manifests=manifests, **facts)
