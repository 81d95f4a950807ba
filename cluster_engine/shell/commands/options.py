"""Command-line options the way getopt takes them.

options, operands = parse(invocation, "alh", "w", {"all": "a", "width": "w"})
if "a" in options: ...
width = options.get("w")
"""

from __future__ import annotations

from collections.abc import Mapping

from cluster_engine.shell.commands.command import Invocation, UsageError


class Options(dict[str, str]):
    """Letter (or long name without one) to its last value; flags have the value ""."""

    def __init__(self) -> None:
        super().__init__()
        #: All of them in the order they were given.
        self.given: list[tuple[str, str]] = []
        self.is_busybox = False

    def add(self, letter: str, value: str) -> None:
        """One more."""
        self[letter] = value
        self.given.append((letter, value))

    def all(self, letter: str) -> list[str]:
        """Every value given to an option."""
        return [value for given, value in self.given if given == letter]

    def last(self, letters: str) -> str:
        """Which of some letters was given last, "" when none was."""
        return next((letter for letter, _ in reversed(self.given) if letter in letters), "")

    def count(
        self, letter: str, default: int, problem: str = "invalid number: '{}'", code: int = 1
    ) -> int:
        """The value as a whole number that is not negative. Raises UsageError with `problem`."""
        text = self.get(letter)
        if text is None:
            return default
        if not text.isdecimal() or len(text) > 18:
            shown = "invalid number '{}'" if self.is_busybox else problem
            raise UsageError(shown.format(text), code)
        return int(text)


def parse(
    invocation: Invocation,
    flags: str,
    valued: str = "",
    long: Mapping[str, str] | None = None,
    *,
    code: int = 1,
    stops_early: bool = False,
    optional: str = "",
) -> tuple[Options, list[str]]:
    """Options and operands. Raises UsageError with getopt's text.

    `long` maps long names to letters; a letter that ends with "=" takes a value, one with "?" may
    have one after "=". Letters in `optional` take the rest of their word, if any. With
    `stops_early` everything after the first operand is an operand.
    """
    words = invocation.arguments[1:]
    parser = _Parser(words, flags, valued, long or {}, code, optional)
    options, operands = parser.parse(stops_early=stops_early)
    options.is_busybox = invocation.is_busybox
    return options, operands


def parse_words(
    name: str,
    words: list[str],
    flags: str,
    valued: str = "",
    long: Mapping[str, str] | None = None,
    code: int = 1,
    stops_early: bool = False,
    optional: str = "",
) -> tuple[Options, list[str]]:
    """`parse` for words without an invocation."""
    del name
    parser = _Parser(words, flags, valued, long or {}, code, optional)
    return parser.parse(stops_early=stops_early)


class _Parser:
    def __init__(
        self,
        words: list[str],
        flags: str,
        valued: str,
        long: Mapping[str, str],
        code: int,
        optional: str,
    ) -> None:
        self._waiting = list(words)
        self._flags = flags
        self._valued = valued
        self._long = long
        self._code = code
        self._optional = optional
        self._options = Options()

    def parse(self, *, stops_early: bool) -> tuple[Options, list[str]]:
        """See the function of that name."""
        operands: list[str] = []
        while self._waiting:
            word = self._waiting.pop(0)
            if word == "--":
                break
            if word.startswith("--"):
                self._take_long(word[2:])
            elif word.startswith("-") and len(word) > 1:
                self._take_short(word[1:])
            else:
                operands.append(word)
                if stops_early:
                    break
        return self._options, operands + self._waiting

    def _take_long(self, word: str) -> None:
        key, equals, value = word.partition("=")
        letter = self._letter(key)
        name = letter.rstrip("=?")
        if letter.endswith("?"):
            self._options.add(name, value)
        elif letter in self._valued or letter.endswith("="):
            if not equals:
                if not self._waiting:
                    raise self._wrong(f"option '--{key}' requires an argument")
                value = self._waiting.pop(0)
            self._options.add(name, value)
        elif equals:
            raise self._wrong(f"option '--{key}' doesn't allow an argument")
        else:
            self._options.add(name, "")

    def _letter(self, key: str) -> str:
        letter = self._long.get(key)
        if letter is not None:
            return letter
        matches = [full for full in self._long if full.startswith(key)]
        if not matches:
            raise self._wrong(f"unrecognized option '--{key}'")
        if len({self._long[full] for full in matches}) > 1:
            shown = " ".join(f"'--{full}'" for full in matches)
            raise self._wrong(f"option '--{key}' is ambiguous; possibilities: {shown}")
        return self._long[matches[0]]

    def _take_short(self, word: str) -> None:
        while word:
            letter, word = word[0], word[1:]
            if letter in self._optional:
                self._options.add(letter, word)
                return
            if letter in self._valued:
                if not word and not self._waiting:
                    raise self._wrong(f"option requires an argument -- '{letter}'")
                self._options.add(letter, word or self._waiting.pop(0))
                return
            if letter not in self._flags:
                raise self._wrong(f"invalid option -- '{letter}'")
            self._options.add(letter, "")

    def _wrong(self, text: str) -> UsageError:
        return UsageError(text, self._code, is_option=True)
