"""The expression of find as a tree, parsed from its words.

Models: GNU findutils 4.9 and BusyBox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from cluster_engine.shell.commands.command import UsageError

#: Tests and actions that take a word.
VALUED = frozenset(
    "-name -iname -path -ipath -wholename -iwholename -lname -regex -iregex -type -size -mtime "
    "-mmin -ctime -cmin -atime -amin -newer -newermt -user -group -uid -gid -perm -links -inum "
    "-samefile -printf".split()
)
PLAIN = frozenset("-empty -true -false -nouser -nogroup -readable -writable -executable".split())
ACTIONS = frozenset("-print -print0 -delete -prune -quit -ls -printf".split())
_OPTIONS = frozenset(
    "-depth -d -xdev -mount -follow -noleaf -daystart -warn -nowarn "
    "-ignore_readdir_race -noignore_readdir_race".split()
)
_COMMANDS = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
_DEPTH_MAX = 50
_NUMBERS = frozenset(("-maxdepth", "-mindepth"))


@dataclass(frozen=True, slots=True)
class Test:
    """A primary: its name and its word."""

    name: str
    value: str = ""
    #: Of -exec: the command, and whether it takes many paths at once.
    command: tuple[str, ...] = ()
    is_batch: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """One after the other, as long as they hold."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One after the other, until one holds."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comma:
    """All of them; the last one's result."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Test | Not | All | Either | Comma


@dataclass(slots=True)
class Wish:
    """All that the words say."""

    roots: list[str] = field(default_factory=list)
    node: Node = field(default_factory=lambda: Test("-true"))
    depth_max: int = 1000
    depth_min: int = 0
    is_depth_first: bool = False
    stays: bool = False
    #: "P": links are not followed, "H": those of the command line, "L": all.
    follows: str = "P"
    regex_type: str = "emacs"


class _Parser:
    def __init__(self, words: list[str], wish: Wish, *, is_busybox: bool) -> None:
        self._words = words
        self._wish = wish
        self._is_busybox = is_busybox
        self._depth = 0
        self.has_action = False

    def _problem(self, gnu: str, busybox: str = "") -> UsageError:
        return UsageError(busybox if self._is_busybox and busybox else gnu)

    def parse(self) -> Node:
        """The whole expression."""
        node = self._comma()
        if self._words:
            word = self._words[0]
            if word == ")":
                raise self._problem("invalid expression; you have too many ')'")
            raise self._problem(f"paths must precede expression: `{word}'")
        return node

    def _comma(self) -> Node:
        nodes = [self._either()]
        while self._words and self._words[0] == ",":
            self._words.pop(0)
            nodes.append(self._either())
        return nodes[0] if len(nodes) == 1 else Comma(tuple(nodes))

    def _either(self) -> Node:
        nodes = [self._all()]
        while self._words and self._words[0] in ("-o", "-or"):
            self._words.pop(0)
            nodes.append(self._all())
        return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))

    def _all(self) -> Node:
        nodes: list[Node] = []
        while self._words and self._words[0] not in ("-o", "-or", ",", ")"):
            if self._words[0] in ("-a", "-and"):
                self._words.pop(0)
                continue
            node = self._one()
            if node is not None:
                nodes.append(node)
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def _one(self) -> Node | None:
        word = self._words.pop(0)
        if word in ("!", "-not"):
            if not self._words:
                raise self._problem(f"expected an expression after '{word}'")
            node = self._one()
            return None if node is None else Not(node)
        if word == "(":
            return self._parenthesis()
        if word in _COMMANDS:
            return self._command(word)
        if word in VALUED or word in _NUMBERS or word == "-regextype":
            return self._valued(word)
        if word in _OPTIONS:
            self._wish.is_depth_first = self._wish.is_depth_first or word in ("-depth", "-d")
            self._wish.stays = self._wish.stays or word in ("-xdev", "-mount")
            self._wish.follows = "L" if word == "-follow" else self._wish.follows
            return None
        if word in PLAIN or word in ACTIONS:
            if word in ACTIONS:
                self.has_action = self.has_action or word != "-prune"
                self._wish.is_depth_first = self._wish.is_depth_first or word == "-delete"
            return Test(word)
        if word.startswith("-"):
            raise UsageError(
                self._text(f"unknown predicate `{word}'", f"unrecognized: {word}"),
                has_hint=self._is_busybox,
                is_option=self._is_busybox,
            )
        text = f"paths must precede expression: `{word}'"
        raise self._problem(text, f"unrecognized: {word}")

    def _text(self, gnu: str, busybox: str) -> str:
        return busybox if self._is_busybox else gnu

    def _parenthesis(self) -> Node:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise UsageError("the expression is nested too deeply")
        node = self._comma()
        if not self._words or self._words.pop(0) != ")":
            raise self._problem(
                "invalid expression; I was expecting to find a ')' somewhere but did not see one."
            )
        self._depth -= 1
        return node

    def _valued(self, word: str) -> Node | None:
        if not self._words:
            raise self._problem(f"missing argument to `{word}'", f"{word} requires an argument")
        value = self._words.pop(0)
        if word in _NUMBERS:
            if not value.isdecimal():
                raise self._problem(
                    f"Expected a positive decimal integer argument to {word}, but got '{value}'",
                    f"invalid number '{value}'",
                )
            number = int(value[:9])
            if word == "-maxdepth":
                self._wish.depth_max = number
            else:
                self._wish.depth_min = number
            return None
        if word == "-regextype":
            self._wish.regex_type = value
            return None
        if word == "-type":
            self._check_type(value)
        if word == "-printf":
            self.has_action = True
        return Test(word, value)

    def _check_type(self, value: str) -> None:
        for letter in value.split(","):
            if letter not in ("f", "d", "l", "c", "b", "p", "s"):
                text = f"Unknown argument to -type: {letter[:1]}"
                raise self._problem(text, f"unrecognized -type '{value}'")

    def _command(self, word: str) -> Node:
        command: list[str] = []
        self.has_action = True
        while self._words:
            part = self._words.pop(0)
            if part == ";" or (part == "+" and command and command[-1] == "{}"):
                if not command:
                    break
                return Test(word, "", tuple(command), part == "+")
            command.append(part)
        raise self._problem(f"missing argument to `{word}'", f"{word} requires an argument")


def parse_wish(words: list[str], *, is_busybox: bool) -> Wish:
    """What the words of find say. Raises UsageError."""
    wish = Wish()
    waiting = list(words)
    while waiting and waiting[0] in ("-L", "-H", "-P"):
        wish.follows = waiting.pop(0)[1]
    while waiting and not (waiting[0].startswith("-") and len(waiting[0]) > 1):
        if waiting[0] in ("!", "(", ")", ","):
            break
        wish.roots.append(waiting.pop(0))
    wish.roots = wish.roots or ["."]
    parser = _Parser(waiting, wish, is_busybox=is_busybox)
    node = parser.parse()
    wish.node = node if parser.has_action else All((node, Test("-print")))
    return wish
