"""The parts of a parsed script."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.shell.commands.patterns import Pattern
from cluster_engine.shell.commands.sed.replacement import Replacement


@dataclass(slots=True)
class Address:
    """Which line: a number, the last one, a pattern ("": the last one used), or every so many."""

    number: int = 0
    step: int = 0
    is_last: bool = False
    pattern: Pattern | None = None
    is_pattern: bool = False


@dataclass(slots=True)
class End:
    """Where a range ends: an address, so many lines on, or at the next multiple."""

    address: Address = field(default_factory=Address)
    after: int | None = None
    multiple: int = 0


@dataclass(slots=True)
class Instruction:
    """One command. `target` is where a block or jump leads, or what `q` exits with."""

    name: str
    first: Address | None = None
    second: End | None = None
    is_negated: bool = False
    #: The file of r and w, the label of b and t, the text of a, i and c.
    text: str = ""
    target: int = 0
    pattern: Pattern | None = None
    replacement: Replacement = field(default_factory=Replacement)
    is_global: bool = False
    prints: bool = False
    occurrence: int = 1
    table: dict[int, int] = field(default_factory=dict)
