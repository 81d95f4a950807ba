"""A compiled regular expression: what grep, sed, awk and the shell match with.

Matches are the leftmost and of those the longest, as POSIX wants them; with backreferences and in
Perl's dialect the first one found by trying. Work is bounded for every pattern and text; `work`
tells how much there was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeAlias

from cluster_engine.shell.commands.regex.automaton import Automaton
from cluster_engine.shell.commands.regex.backtracking import Meter, match_at
from cluster_engine.shell.commands.regex.nodes import (
    Accept,
    Assertion,
    Backreference,
    Keep,
    Look,
    Node,
    Sequence,
    is_plain,
    literal,
    mirrored,
    walk,
)
from cluster_engine.shell.commands.regex.problems import TOO_LONG, PatternProblem
from cluster_engine.shell.commands.regex.program import Instruction, compile_node
from cluster_engine.shell.commands.regex.reading import Dialect, read_pattern

_PARSED_MAX = 256
#: Characters looked at for the matches of one text, beyond which it takes too long.
_SCANNED_MAX = 4_000_000


class _Parsed(NamedTuple):
    """What a pattern's text says; shared by all who use the same text."""

    program: tuple[Instruction, ...]
    backwards: tuple[Instruction, ...]
    groups: int
    #: Only the backtracking matcher can do it.
    is_irregular: bool
    #: Every match contains this.
    literal: str
    #: The same for Python's engine, which is fast and safe with it; None when it would not be.
    plain: re.Pattern[str] | None


#: What a match has to be: anything, whole words, the whole line.
Extent: TypeAlias = Literal["any", "word", "line"]
_EDGES: dict[Extent, tuple[str, str]] = {"word": ("(", ")"), "line": ("^", "$")}


@lru_cache(maxsize=_PARSED_MAX)
def _parse(source: str, dialect: Dialect, ignores_case: bool, extent: Extent) -> _Parsed:
    node, groups = read_pattern(source, dialect, ignores_case=ignores_case)
    if extent != "any":
        before, after = _EDGES[extent]
        node = Sequence((Assertion(before), node, Assertion(after)))
    is_irregular = dialect == "perl" or any(
        isinstance(part, Backreference | Look | Keep) for part in walk(node)
    )
    program = compile_node(node)
    plain = re.compile(_plain_text(node), re.DOTALL) if is_plain(node) else None
    needs_backwards = not is_irregular and plain is None
    backwards = compile_node(mirrored(node)) if needs_backwards else ()
    return _Parsed(program, backwards, groups, is_irregular, literal(node), plain)


def _plain_text(node: Node) -> str:
    parts = node.nodes if isinstance(node, Sequence) else (node,)
    return "".join(_plain_part(part) for part in parts)


def _plain_part(part: Node) -> str:
    if not isinstance(part, Accept):
        return r"\A" if getattr(part, "kind", "") == "^" else r"\Z"
    characters = part.characters
    if not characters.ranges:
        return "." if characters.is_negated else r"(?!)"
    letters = "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in characters.ranges)
    text = f"[{'^' if characters.is_negated else ''}{letters}]"
    return f"(?i:{text})" if characters.ignores_case else text


class Match:
    """Where a pattern was found. Groups are worked out when they are asked for."""

    __slots__ = ("_end", "_pattern", "_slots", "_start", "text")

    def __init__(
        self, pattern: Pattern, text: str, start: int, end: int, slots: list[int] | None = None
    ) -> None:
        self._pattern = pattern
        self.text = text
        self._start = start
        self._end = end
        self._slots = slots

    def start(self) -> int:
        """Where it begins."""
        return self._start

    def end(self) -> int:
        """Where it ends."""
        return self._end

    def span(self) -> tuple[int, int]:
        """Where it begins and ends."""
        return self._start, self._end

    def group(self, number: int = 0) -> str | None:
        """The text of a group, None when the match went another way; 0 is all of it."""
        if number == 0:
            return self.text[self._start : self._end]
        if self._slots is None:
            self._slots = self._pattern.slots(self.text, self._start, self._end)
        first, last = self._slots[2 * number], self._slots[2 * number + 1]
        return self.text[first:last] if 0 <= first <= last else None

    def __getitem__(self, number: int) -> str:
        return self.group(number) or ""

    def groups(self) -> tuple[str | None, ...]:
        """All groups but the first."""
        return tuple(self.group(number) for number in range(1, self._pattern.groups + 1))


class Pattern:
    """A compiled pattern; `source` is what it was made of. Raises PatternProblem."""

    def __init__(
        self,
        source: str,
        dialect: Dialect,
        *,
        ignores_case: bool = False,
        extent: Extent = "any",
    ) -> None:
        self.source = source
        self.dialect: Dialect = dialect
        self.ignores_case = ignores_case
        self.extent: Extent = extent
        self._parsed = _parse(source, dialect, ignores_case, extent)
        self.groups = self._parsed.groups
        self._steps = 0

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.source, self.dialect, self.ignores_case, self.extent)

    @cached_property
    def _searcher(self) -> Automaton:
        return Automaton(self._parsed.program, is_searching=True)

    @cached_property
    def _follower(self) -> Automaton:
        return Automaton(self._parsed.program, is_searching=False)

    @cached_property
    def _mirror(self) -> Automaton:
        return Automaton(self._parsed.backwards, is_searching=True)

    @property
    def work(self) -> int:
        """Steps taken so far, each less than a microsecond."""
        held = self.__dict__
        automata = [held[name] for name in ("_searcher", "_follower", "_mirror") if name in held]
        scanned = sum(automaton.work + automaton.scanned // 16 for automaton in automata)
        return int(self._steps + scanned)

    def finds(self, text: str) -> bool:
        """Whether it matches anywhere in the text."""
        parsed = self._parsed
        if parsed.literal and parsed.literal not in text and not parsed.is_irregular:
            return False
        if parsed.plain is not None:
            return parsed.plain.search(text) is not None
        if parsed.is_irregular:
            return self.search(text) is not None
        return self._searcher.finds(text)

    def search(self, text: str, start: int = 0) -> Match | None:
        """The first match that begins at `start` or later."""
        return next(self._matches(text, start), None)

    def match(self, text: str) -> Match | None:
        """The match at the beginning of the text."""
        if self._parsed.is_irregular:
            return self._try(text, 0, Meter())
        end = self._follower.longest(text, 0)
        return None if end < 0 else Match(self, text, 0, end)

    def fullmatch(self, text: str) -> Match | None:
        """The match that is the whole text."""
        if self._parsed.is_irregular:
            meter = Meter()
            slots = match_at(self._parsed.program, text, 0, self.groups, meter, end=len(text))
            self._steps += meter.steps
            return None if slots is None else Match(self, text, slots[0], len(text), slots)
        found = self.match(text)
        return found if found is not None and found.end() == len(text) else None

    def finditer(self, text: str) -> Iterator[Match]:
        """All matches one after the other; none is empty where another has just ended."""
        return self._matches(text, 0)

    def slots(self, text: str, start: int, end: int) -> list[int]:
        """Where the groups of a match are."""
        meter = Meter()
        found = match_at(self._parsed.program, text, start, self.groups, meter, end=end)
        self._steps += meter.steps
        return found if found is not None else [-1] * (2 * self.groups + 2)

    def _matches(self, text: str, start: int) -> Iterator[Match]:
        parsed = self._parsed
        if parsed.literal and parsed.literal not in text and not parsed.is_irregular:
            return
        if parsed.is_irregular:
            yield from self._tried(text, start)
        elif parsed.plain is not None:
            yield from self._plain(parsed.plain, text, start)
        else:
            yield from self._run(text, start)

    def _plain(self, plain: re.Pattern[str], text: str, start: int) -> Iterator[Match]:
        at, last = start, -1
        while at <= len(text):
            found = plain.search(text, at)
            if found is None:
                return
            if found.end() > found.start() or found.end() != last:
                yield Match(self, text, found.start(), found.end())
            last = found.end()
            at = max(last, found.start() + 1)

    def _run(self, text: str, start: int) -> Iterator[Match]:
        ends = self._mirror.ends(text[::-1])
        length, at, last = len(text), start, -1
        scanned_max = self._follower.scanned + _SCANNED_MAX
        while at <= length:
            # Place p of the text is place length - p of its mirror image.
            place = ends.rfind(1, 0, length - at + 1)
            if place < 0:
                return
            begin = length - place
            end = self._follower.longest(text, begin)
            if self._follower.scanned > scanned_max:
                raise PatternProblem(TOO_LONG)
            if end > begin or (end == begin and end != last):
                yield Match(self, text, begin, end)
            last = end
            at = max(end, begin + 1)

    def _tried(self, text: str, start: int) -> Iterator[Match]:
        at, last, meter = start, -1, Meter()
        while at <= len(text):
            found = self._try(text, at, meter)
            if found is None:
                at += 1
                continue
            if found.end() > found.start() or found.end() != last:
                yield found
            last = found.end()
            at = max(last, at + 1)

    def _try(self, text: str, at: int, meter: Meter) -> Match | None:
        before = meter.steps
        slots = match_at(self._parsed.program, text, at, self.groups, meter)
        self._steps += meter.steps - before
        return None if slots is None else Match(self, text, slots[0], slots[1], slots)


def _again(source: str, dialect: Dialect, ignores_case: bool, extent: Extent) -> Pattern:
    return Pattern(source, dialect, ignores_case=ignores_case, extent=extent)
