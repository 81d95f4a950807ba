"""Parsing an expression.

Models: the grammar and macros of github.com/google/cel-go (cel-spec, langdef.md).
"""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apimachinery.cel.nodes import (
    Call,
    Entries,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Struct,
)
from cluster_engine.apimachinery.cel.tokens import RESERVED, SyntaxProblem, Token, tokens_of

_DEPTH_MAX = 50
_CHAIN_MAX = 100
_TOO_DEEP = f"expression recursion limit exceeded: {_DEPTH_MAX}"
_INT_MIN, _INT_MAX, _UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1
_RELATIONS = ("<", "<=", ">", ">=", "==", "!=")
#: How many variables and bodies the comprehensions take.
_MACROS = {
    "all": ((1, 1), (2, 1)),
    "exists": ((1, 1), (2, 1)),
    "exists_one": ((1, 1),),
    "existsOne": ((1, 1), (2, 1)),
    "filter": ((1, 1),),
    "map": ((1, 1), (1, 2)),
    "transformList": ((2, 1), (2, 2)),
    "transformMap": ((2, 1), (2, 2)),
    "transformMapEntry": ((2, 1), (2, 2)),
    "optMap": ((1, 1),),
    "optFlatMap": ((1, 1),),
}


def parse(text: str) -> Node:
    """The expression. Raises SyntaxProblem."""
    parser = _Parser(tokens_of(text))
    node = parser.expression(0)
    if parser.token.kind != "end":
        raise parser.unexpected("<EOF>")
    return node


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._at]

    def unexpected(self, wanted: str = "") -> SyntaxProblem:
        token = self.token
        if wanted:
            text = f"Syntax error: mismatched input '{token.text}' expecting '{wanted}'"
        else:
            text = f"Syntax error: unexpected '{token.text}'"
        if wanted == "<EOF>":
            text = f"Syntax error: mismatched input '{token.text}' expecting <EOF>"
        return SyntaxProblem(token.place, text)

    def _next(self) -> Token:
        token = self.token
        self._at += 1
        return token

    def _is(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def _take(self, sign: str) -> bool:
        if not self._is(sign):
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self.unexpected(sign)

    def expression(self, depth: int) -> Node:
        if depth > _DEPTH_MAX:
            raise SyntaxProblem(self.token.place, _TOO_DEEP)
        condition = self._or(depth)
        place = self.token.place
        if not self._take("?"):
            return condition
        then = self._or(depth + 1)
        self._expect(":")
        return Call(place, "_?_:_", (condition, then, self.expression(depth + 1)))

    def _chain(self, depth: int, signs: tuple[str, ...], inner: Callable[[int], Node]) -> Node:
        """Operators of one rank, from the left."""
        left, length = inner(depth), 0
        while self._is(*signs):
            sign = self._next()
            length += 1
            if length > _CHAIN_MAX:
                raise SyntaxProblem(sign.place, _TOO_DEEP)
            left = Call(sign.place, f"_{sign.text}_", (left, inner(depth)))
        return left

    def _logical(self, depth: int, sign: str, inner: Callable[[int], Node]) -> Node:
        """All that is joined by one logical operator, in one call."""
        parts, place = [inner(depth)], -1
        while self._is(sign):
            token = self._next()
            place = token.place if place < 0 else place
            parts.append(inner(depth))
        return parts[0] if place < 0 else Call(place, f"_{sign}_", tuple(parts))

    def _or(self, depth: int) -> Node:
        return self._logical(depth, "||", self._and)

    def _and(self, depth: int) -> Node:
        return self._logical(depth, "&&", self._relation)

    def _relation(self, depth: int) -> Node:
        left = self._sum(depth)
        while self._is(*_RELATIONS) or (self.token.kind == "word" and self.token.text == "in"):
            sign = self._next()
            function = "@in" if sign.text == "in" else f"_{sign.text}_"
            left = Call(sign.place, function, (left, self._sum(depth)))
        return left

    def _sum(self, depth: int) -> Node:
        return self._chain(depth, ("+", "-"), self._product)

    def _product(self, depth: int) -> Node:
        return self._chain(depth, ("*", "/", "%"), self._unary)

    def _unary(self, depth: int) -> Node:
        token = self.token
        if self._is("!"):
            count = 0
            while self._take("!"):
                count += 1
            inner = self._member(depth)
            return Call(token.place, "!_", (inner,)) if count % 2 else inner
        if self._is("-"):
            self._next()
            if self.token.kind in ("int", "float"):
                number = self._next()
                literal = self._number(number, sign=-1, place=token.place)
                return self._rest(literal, depth)
            inner = self._unary(depth + 1)
            return Call(token.place, "-_", (inner,))
        return self._member(depth)

    def _number(self, token: Token, *, sign: int = 1, place: int) -> Literal:
        value = token.value * sign
        if token.kind == "float":
            return Literal(place, "double", value)
        if token.kind == "uint":
            if value > _UINT_MAX:
                raise SyntaxProblem(place, "invalid uint literal")
            return Literal(place, "uint", value)
        if not _INT_MIN <= value <= _INT_MAX:
            raise SyntaxProblem(place, "invalid int literal")
        return Literal(place, "int", value)

    def _member(self, depth: int) -> Node:
        return self._rest(self._primary(depth), depth)

    def _rest(self, node: Node, depth: int) -> Node:
        """Selections, calls and indexes after a primary."""
        while True:
            place = self.token.place
            if self._take("."):
                is_optional = self._take("?")
                word = self._word()
                if self._is("(") and not is_optional and word.value is None:
                    call_place = self._next().place
                    arguments = self._arguments(")", depth)
                    node = _method(call_place, node, word.text, arguments)
                else:
                    node = Select(place, node, word.text, is_optional=is_optional)
            elif self._take("["):
                function = "_[?_]" if self._take("?") else "_[_]"
                index = self.expression(depth + 1)
                self._expect("]")
                node = Call(place, function, (node, index))
            elif self._is("{") and _dotted_name(node):
                node = self._struct(_dotted_name(node), depth)
            else:
                return node

    def _struct(self, name: str, depth: int) -> Node:
        place = self._next().place
        fields: list[tuple[str, Node, int]] = []
        optional: set[int] = set()
        while not self._is("}"):
            if self._take("?"):
                optional.add(len(fields))
            word, colon = self._word(), self.token.place
            self._expect(":")
            fields.append((word.text, self.expression(depth + 1), colon))
            if not self._take(","):
                break
        self._expect("}")
        return Struct(place, name, tuple(fields), frozenset(optional))

    def _word(self) -> Token:
        if self.token.kind != "word":
            raise self.unexpected("IDENTIFIER")
        return self._next()

    def _arguments(self, end: str, depth: int) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self._is(end):
            found.append(self.expression(depth + 1))
            if not self._take(","):
                break
        self._expect(end)
        return tuple(found)

    def _primary(self, depth: int) -> Node:
        token = self._next()
        if token.kind in ("int", "uint", "float"):
            return self._number(token, place=token.place)
        if token.kind in ("text", "bytes"):
            kind = "string" if token.kind == "text" else "bytes"
            return Literal(token.place, kind, token.value)
        if token.kind == "sign":
            if token.text == "(":
                inner = self.expression(depth + 1)
                self._expect(")")
                return inner
            if token.text == "[":
                return self._list(token.place, depth)
            if token.text == "{":
                return self._map(token.place, depth)
            if token.text == "." and self.token.kind == "word":
                return self._named(self._next(), depth)
        if token.kind == "word":
            return self._named(token, depth)
        self._at -= 1
        raise self.unexpected()

    def _named(self, token: Token, depth: int) -> Node:
        if token.text in RESERVED:
            raise SyntaxProblem(token.place, f"reserved identifier: {token.text}")
        if token.text in ("true", "false"):
            return Literal(token.place, "bool", token.text == "true")
        if token.text == "null":
            return Literal(token.place, "null", None)
        if not self._is("("):
            return Name(token.place, token.text)
        place = self._next().place
        arguments = self._arguments(")", depth)
        if token.text == "has":
            if len(arguments) != 1 or not isinstance(arguments[0], Select):
                raise SyntaxProblem(place, "invalid argument to has() macro")
            chosen = arguments[0]
            return Select(chosen.place, chosen.operand, chosen.field, is_test=True)
        return Call(place, token.text, arguments)

    def _list(self, place: int, depth: int) -> Node:
        items: list[Node] = []
        optional: set[int] = set()
        while not self._is("]"):
            if self._take("?"):
                optional.add(len(items))
            items.append(self.expression(depth + 1))
            if not self._take(","):
                break
        self._expect("]")
        return Items(place, tuple(items), frozenset(optional))

    def _map(self, place: int, depth: int) -> Node:
        entries: list[tuple[Node, Node]] = []
        optional: set[int] = set()
        while not self._is("}"):
            if self._take("?"):
                optional.add(len(entries))
            key = self.expression(depth + 1)
            self._expect(":")
            entries.append((key, self.expression(depth + 1)))
            if not self._take(","):
                break
        self._expect("}")
        return Entries(place, tuple(entries), frozenset(optional))


def _method(place: int, target: Node, name: str, arguments: tuple[Node, ...]) -> Node:
    """A call of a method, or the comprehension that it stands for."""
    for variables, bodies in _MACROS.get(name, ()):
        if len(arguments) != variables + bodies:
            continue
        names = arguments[:variables]
        if not all(isinstance(one, Name) for one in names):
            wrong = next(one for one in names if not isinstance(one, Name))
            raise SyntaxProblem(wrong.place, "argument must be a simple name")
        words = tuple(one.name for one in names if isinstance(one, Name))
        return Macro(place, name, target, words, arguments[variables:])
    dotted = _dotted(target)
    if dotted in (
        "optional",
        "sets",
        "strings",
        "lists",
        "math",
        "format",
        "ip",
        "cidr",
        "jsonpatch",
    ):
        return Call(place, f"{dotted}.{name}", arguments)
    return Call(place, name, arguments, target)


def _dotted(node: Node) -> str:
    return node.name if isinstance(node, Name) else ""


def _dotted_name(node: Node) -> str:
    """The name of a type, if that is what it may be."""
    if isinstance(node, Name):
        return node.name
    if not isinstance(node, Select) or node.is_test or node.is_optional:
        return ""
    holder = _dotted_name(node.operand)
    return holder and f"{holder}.{node.field}"
