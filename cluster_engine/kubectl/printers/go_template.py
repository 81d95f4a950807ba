"""Go templates: `-o go-template='{{range .items}}{{.metadata.name}}{{end}}'`.

The usual actions (range, if, with, variables, pipelines, functions); no nested templates.

Models: text/template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cluster_engine.kubectl.printers.template_functions import (
    FUNCTIONS,
    TemplateError,
    is_true,
    text_of,
)

__all__ = ["TemplateError", "render"]

_OUTPUT_MAX = 4 * 1024 * 1024
_TOKEN = re.compile(
    r'\s+|(?P<string>"(?:\\.|[^"\\])*"|`[^`]*`)|(?P<number>[+-]?[0-9][0-9._eE]*)'
    r"|(?P<assign>:=|=)|(?P<sign>[|(),])|(?P<variable>\$\w*)|(?P<word>\w+)|(?P<field>\.\w*)"
)
Token: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class _Block:
    """A node: text, an action, or range/if/with with two bodies."""

    kind: str
    text: str = ""
    tokens: list[Token] = field(default_factory=list)
    body: list[_Block] = field(default_factory=list)
    other: list[_Block] = field(default_factory=list)


def render(text: str, data: Any, *, allows_missing: bool = True) -> str:
    """The template filled in. Raises TemplateError."""
    blocks = _parse(text)
    out: list[str] = []
    _Evaluation(out, allows_missing).run(blocks, data, {"$": data})
    return "".join(out)


def check(text: str) -> None:
    """Raises TemplateError when the template is malformed."""
    _parse(text)


def _parse(text: str) -> list[_Block]:
    pieces = _pieces(text)
    root: list[_Block] = []
    stack: list[tuple[_Block, list[_Block]]] = []
    current = root
    for kind, content in pieces:
        if kind == "text":
            if content:
                current.append(_Block("text", content))
            continue
        word = content.split(None, 1)[0] if content else ""
        if word in ("range", "if", "with"):
            block = _Block(word, tokens=_tokens(content[len(word) :]))
            current.append(block)
            stack.append((block, current))
            current = block.body
        elif word == "else":
            if not stack:
                raise TemplateError("unexpected {{else}}")
            rest = content[4:].strip()
            current = stack[-1][0].other
            if rest:
                nested = rest.split(None, 1)[0]
                block = _Block(nested, tokens=_tokens(rest[len(nested) :]))
                current.append(block)
                stack[-1] = (block, stack[-1][1])
                current = block.body
        elif word == "end":
            if not stack:
                raise TemplateError("unexpected {{end}}")
            current = stack.pop()[1]
        elif content:
            current.append(_Block("action", tokens=_tokens(content)))
        else:
            raise TemplateError("missing value for command")
    if stack:
        raise TemplateError("unexpected EOF")
    return root


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    trims = False
    while True:
        opening = text.find("{{", place)
        plain = text[place:] if opening < 0 else text[place:opening]
        if trims:
            plain = plain.lstrip()
        if opening < 0:
            yield "text", plain
            return
        closing = text.find("}}", opening)
        if closing < 0:
            raise TemplateError("unclosed action")
        content = text[opening + 2 : closing]
        if content.startswith("- "):
            plain, content = plain.rstrip(), content[2:]
        trims = content.endswith(" -")
        content = content[:-2] if trims else content
        yield "text", plain
        if not content.strip().startswith("/*"):
            yield "action", content.strip()
        place = closing + 2


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise TemplateError(f"unexpected {text[place]!r} in operand")
        if match.lastgroup:
            joined = match.lastgroup == "field" and place > 0 and not text[place - 1].isspace()
            joined = joined and text[place - 1] not in "(|,"
            found.append(("chain" if joined else match.lastgroup, match.group()))
        place = match.end()
    return found


class _Evaluation:
    def __init__(self, out: list[str], allows_missing: bool) -> None:
        self._out = out
        self._size = 0
        self._allows_missing = allows_missing

    def run(self, blocks: list[_Block], dot: Any, variables: dict[str, Any]) -> None:
        for block in blocks:
            if block.kind == "text":
                self._write(block.text)
            elif block.kind == "action":
                names, value = self._assignment(block.tokens, dot, variables)
                if names:
                    variables[names[0]] = value
                else:
                    self._write(text_of(value))
            elif block.kind == "range":
                self._range(block, dot, variables)
            else:
                self._branch(block, dot, variables)

    def _branch(self, block: _Block, dot: Any, variables: dict[str, Any]) -> None:
        inner = dict(variables)
        names, value = self._assignment(block.tokens, dot, inner)
        if names:
            inner[names[0]] = value
        if is_true(value):
            self.run(block.body, value if block.kind == "with" else dot, inner)
        else:
            self.run(block.other, dot, inner)

    def _range(self, block: _Block, dot: Any, variables: dict[str, Any]) -> None:
        names, value = self._assignment(block.tokens, dot, variables)
        items: list[tuple[Any, Any]]
        if isinstance(value, dict):
            items = [(key, value[key]) for key in sorted(value)]
        elif isinstance(value, list):
            items = list(enumerate(value))
        elif value is None:
            items = []
        else:
            raise TemplateError(f"range can't iterate over {text_of(value)}")
        for key, item in items:
            inner = dict(variables)
            if len(names) == 2:
                inner[names[0]], inner[names[1]] = key, item
            elif names:
                inner[names[0]] = item
            self.run(block.body, item, inner)
        if not items:
            self.run(block.other, dot, variables)

    def _assignment(
        self, tokens: list[Token], dot: Any, variables: dict[str, Any]
    ) -> tuple[list[str], Any]:
        places = [place for place, token in enumerate(tokens) if token[0] == "assign"]
        if not places:
            return [], self._pipeline(tokens, dot, variables)
        names = [text for kind, text in tokens[: places[0]] if kind == "variable"]
        return names, self._pipeline(tokens[places[0] + 1 :], dot, variables)

    def _pipeline(self, tokens: list[Token], dot: Any, variables: dict[str, Any]) -> Any:
        value: Any = None
        is_first = True
        for command in _split(tokens):
            if not command:
                raise TemplateError("missing value for command")
            value = self._command(command, dot, variables, [] if is_first else [value])
            is_first = False
        return value

    def _command(
        self, tokens: list[Token], dot: Any, variables: dict[str, Any], piped: list[Any]
    ) -> Any:
        kind, text = tokens[0]
        if kind == "word" and text in FUNCTIONS:
            values = [*self._operands(tokens[1:], dot, variables), *piped]
            try:
                return FUNCTIONS[text](*values)
            except (TypeError, IndexError) as error:
                raise TemplateError(f"error calling {text}: {error}") from None
        values = self._operands(tokens, dot, variables)
        if len(values) != 1 or piped:
            raise TemplateError(f"can't give argument to non-function {text}")
        return values[0]

    def _operands(self, tokens: list[Token], dot: Any, variables: dict[str, Any]) -> list[Any]:
        values: list[Any] = []
        place = 0
        while place < len(tokens):
            kind, text = tokens[place]
            place += 1
            if text == "(" and kind == "sign":
                end = _closing(tokens, place)
                values.append(self._pipeline(tokens[place:end], dot, variables))
                place = end + 1
            elif kind == "chain" and values:
                values[-1] = self._member(values[-1], text[1:])
            else:
                values.append(self._operand(kind, text, dot, variables))
        return values

    def _operand(self, kind: str, text: str, dot: Any, variables: dict[str, Any]) -> Any:
        if kind in ("field", "chain"):
            return dot if text == "." else self._member(dot, text[1:])
        if kind == "variable":
            if text not in variables:
                raise TemplateError(f'undefined variable "{text}"')
            return variables[text]
        if kind == "string":
            return text[1:-1] if text[0] == "`" else _unquoted(text[1:-1])
        if kind == "number":
            return float(text) if any(sign in text for sign in ".eE") else int(text)
        words = {"true": True, "false": False, "nil": None}
        if text in words:
            return words[text]
        if text in FUNCTIONS:
            return FUNCTIONS[text]()
        raise TemplateError(f'function "{text}" not defined')

    def _member(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            if name not in value and not self._allows_missing:
                raise TemplateError(f'map has no entry for key "{name}"')
            return value.get(name)
        if value is None:
            return None
        raise TemplateError(f"can't evaluate field {name} in type interface {{}}")

    def _write(self, text: str) -> None:
        self._size += len(text)
        if self._size > _OUTPUT_MAX:
            raise TemplateError("the output is too long")
        self._out.append(text)


def _split(tokens: list[Token]) -> list[list[Token]]:
    commands: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token[1], 0) if token[0] == "sign" else 0
        if token == ("sign", "|") and depth == 0:
            commands.append([])
        else:
            commands[-1].append(token)
    return commands


def _closing(tokens: list[Token], start: int) -> int:
    depth = 1
    for place in range(start, len(tokens)):
        if tokens[place][0] == "sign":
            depth += {"(": 1, ")": -1}.get(tokens[place][1], 0)
            if depth == 0:
                return place
    raise TemplateError("unclosed left paren")


def _unquoted(text: str) -> str:
    escapes = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
    return re.sub(r"\\(.)", lambda found: escapes.get(found.group(1), found.group(1)), text)
