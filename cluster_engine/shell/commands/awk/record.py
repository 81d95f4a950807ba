"""The record: its text, and its fields when somebody asks for them."""

from __future__ import annotations

from cluster_engine.shell.commands.awk.limits import FIELDS_MAX, AwkFault, AwkProblem
from cluster_engine.shell.commands.awk.values import Input, Scalar, Shower, bounded
from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.patterns import Pattern, compile_pattern, escaped

_PATTERNS_MAX = 100


class Patterns:
    """Patterns by their text, compiled once, and what matching them has cost."""

    def __init__(self) -> None:
        self._known: dict[str, Pattern] = {}
        self._spent = 0

    def get(self, source: str) -> Pattern:
        """The pattern of a text. Raises AwkProblem."""
        found = self._known.get(source)
        if found is None:
            if len(self._known) >= _PATTERNS_MAX:
                self._spent = self.work
                self._known.clear()
            try:
                found = compile_pattern(source, is_extended=True, dialect="awk")
            except UsageError as error:
                raise AwkProblem(
                    f"regular expression compile failed ({error})\n{source}", str(error)
                ) from None
            self._known[source] = found
        return found

    @property
    def work(self) -> int:
        """The cost so far."""
        return self._spent + sum(pattern.work for pattern in self._known.values())


def split_fields(
    text: str, separator: str, patterns: Patterns, *, is_regex: bool = False
) -> list[str]:
    """The fields of a text. A separator of one character is that character; " " any blanks."""
    if not text:
        return []
    if separator == " " and not is_regex:
        parts = text.replace("\n", " ").replace("\t", " ").split(" ")
        return [part for part in parts if part]
    if not separator:
        return list(text)
    is_special = separator == "\\" or (is_regex and separator in ".^$")
    if len(separator) == 1 and not is_special:
        return text.split(separator)
    return _split_by(text, patterns.get(escaped(separator) if separator == "\\" else separator))


def _split_by(text: str, pattern: Pattern) -> list[str]:
    found, start = [], 0
    for match in pattern.finditer(text):
        first, last = match.span()
        if last > first:
            found.append(text[start:first])
            start = last
    found.append(text[start:])
    return found


class Record:
    """$0 and the fields. One is made of the other when it is looked at."""

    def __init__(self, shower: Shower, patterns: Patterns) -> None:
        self._shower = shower
        self._patterns = patterns
        self._text: str = Input("")
        #: None until the text is split.
        self._fields: list[Scalar] | None = []
        self._is_stale = False
        #: FS when the record was read.
        self._separator = " "
        self._has_paragraphs = False

    def set(self, text: str, separator: str, *, has_paragraphs: bool = False) -> None:
        """A new record."""
        self._text = Input(bounded(text))
        self._fields = None
        self._is_stale = False
        self._separator = separator
        self._has_paragraphs = has_paragraphs

    def text(self, joint: str, template: str) -> str:
        """$0."""
        if self._is_stale:
            shown = [self._shower.text(field, template) for field in self._fields or ()]
            self._text = Input(bounded(joint.join(shown)))
            self._is_stale = False
        return self._text

    def count(self) -> int:
        """NF."""
        return len(self._split())

    def set_count(self, count: int) -> None:
        """Drop the last fields, or add empty ones."""
        fields = self._split()
        _check(count)
        del fields[count:]
        fields.extend([Input("")] * (count - len(fields)))
        self._is_stale = True

    def field(self, number: int) -> Scalar:
        """$1 and on."""
        fields = self._split()
        return fields[number - 1] if number <= len(fields) else None

    def set_field(self, number: int, value: Scalar) -> None:
        """Change a field; those before it come into being."""
        _check(number)
        fields = self._split()
        if number > len(fields):
            fields.extend([Input("")] * (number - len(fields)))
        fields[number - 1] = value
        self._is_stale = True

    def _split(self) -> list[Scalar]:
        if self._fields is None:
            self._fields = [Input(part) for part in self._parts()]
        return self._fields

    def _parts(self) -> list[str]:
        text, separator = str(self._text), self._separator
        if self._has_paragraphs and separator != " ":
            only = escaped(separator) if len(separator) == 1 else f"({separator})"
            parts = _split_by(text, self._patterns.get(f"{only}|\n")) if text else []
        else:
            parts = split_fields(text, separator, self._patterns)
        if len(parts) > FIELDS_MAX:
            raise AwkFault("program limit exceeded: maximum number of fields size=32767")
        return parts


def _check(number: int) -> None:
    if number < 0:
        raise AwkFault(f"negative field index ${number}", "Access to negative field")
    if number > FIELDS_MAX:
        raise AwkFault("program limit exceeded: maximum number of fields size=32767")
