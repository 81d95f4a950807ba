"""The configuration language of nginx: text to directives.

Models: ngx_conf_file.c: quoting, comments, and the texts of its refusals.
"""

from __future__ import annotations

from dataclasses import dataclass

DIRECTIVES_MAX = 20_000
DEPTH_MAX = 30


class ConfigurationError(Exception):
    """nginx would not start; `str()` is its text, with the place."""


@dataclass(slots=True)
class Directive:
    """One directive; `block` is None when it ends with a semicolon."""

    name: str
    arguments: list[str]
    file: str
    line: int
    block: list[Directive] | None = None

    @property
    def place(self) -> str:
        """Where it is, as messages say it."""
        return f"{self.file}:{self.line}"


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    at: int = 0
    line: int = 1
    count: int = 0

    def fail(self, text: str) -> ConfigurationError:
        return ConfigurationError(f"{text} in {self.file}:{self.line}")


def parse(text: str, file: str) -> list[Directive]:
    """The directives of one file. Raises ConfigurationError."""
    return _block(_Reader(text, file), 0)


def _block(reader: _Reader, depth: int) -> list[Directive]:
    if depth > DEPTH_MAX:
        raise reader.fail("too many nested blocks")
    found: list[Directive] = []
    words: list[str] = []
    while True:
        token = _token(reader)
        if token is None:
            if depth or words:
                expecting = '";" or "}"' if words or depth else '"}"'
                raise reader.fail(f"unexpected end of file, expecting {expecting}")
            return found
        kind, word = token
        if kind == "word":
            words.append(word)
            continue
        if kind == "}":
            if words:
                raise reader.fail('unexpected "}"')
            if not depth:
                raise reader.fail('unexpected "}"')
            return found
        if not words:
            raise reader.fail(f'unexpected "{kind}"')
        directive = Directive(words[0], words[1:], reader.file, reader.line)
        if kind == "{":
            directive.block = _block(reader, depth + 1)
        reader.count += 1
        if reader.count > DIRECTIVES_MAX:
            raise reader.fail("too many directives")
        found.append(directive)
        words = []


def _token(reader: _Reader) -> tuple[str, str] | None:
    """The next word, or one of `;`, `{`, `}`."""
    text = reader.text
    while reader.at < len(text):
        char = text[reader.at]
        if char == "\n":
            reader.line += 1
        elif char == "#":
            end = text.find("\n", reader.at)
            reader.at = len(text) if end < 0 else end
            continue
        elif not char.isspace():
            break
        reader.at += 1
    if reader.at >= len(text):
        return None
    char = text[reader.at]
    if char in ";{}":
        reader.at += 1
        return char, ""
    if char in "\"'":
        return "word", _quoted(reader, char)
    return "word", _plain(reader)


def _quoted(reader: _Reader, quote: str) -> str:
    text, out = reader.text, list[str]()
    at = reader.at + 1
    while at < len(text) and text[at] != quote:
        if text[at] == "\\" and at + 1 < len(text):
            out.append(_unescaped(text[at + 1]))
            at += 2
            continue
        if text[at] == "\n":
            reader.line += 1
        out.append(text[at])
        at += 1
    if at >= len(text):
        reader.at = at
        raise reader.fail('unexpected end of file, expecting ";" or "}"')
    reader.at = at + 1
    following = text[reader.at : reader.at + 1]
    if following and not following.isspace() and following not in ";{)":
        raise reader.fail(f'unexpected "{following}"')
    return "".join(out)


def _plain(reader: _Reader) -> str:
    text, out = reader.text, list[str]()
    at = reader.at
    while at < len(text):
        char = text[at]
        if char.isspace() or char == ";" or (char == "{" and out[-1:] != ["$"]):
            break
        if char == "\\" and at + 1 < len(text):
            out.append(_unescaped(text[at + 1]))
            at += 2
            continue
        if char == "{":
            end = text.find("}", at)
            end = len(text) - 1 if end < 0 else end
            out.append(text[at : end + 1])
            at = end + 1
            continue
        out.append(char)
        at += 1
    reader.at = at
    return "".join(out)


def _unescaped(char: str) -> str:
    """A backslash vanishes before quotes and blanks, and stays before everything else."""
    if char in "\"' ;{}":
        return char
    return {"t": "\t", "r": "\r", "n": "\n", "\\": "\\"}.get(char, f"\\{char}")
