"""The command line of tar: bundled letters with or without "-", long names, -C between names."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field

from cluster_engine.shell.commands.command import UsageError

_VALUED = "fCTXbI"
_FLAGS = "cxtruAvzpmokOhPSBaiwlnsU"
_LONG = {
    "create": "c",
    "extract": "x",
    "get": "x",
    "list": "t",
    "append": "r",
    "file": "f",
    "verbose": "v",
    "gzip": "z",
    "gunzip": "z",
    "directory": "C",
    "touch": "m",
    "no-same-owner": "o",
    "preserve-permissions": "p",
    "same-permissions": "p",
    "keep-old-files": "k",
    "to-stdout": "O",
    "dereference": "h",
    "absolute-names": "P",
    "files-from": "T",
    "exclude": "exclude=",
    "strip-components": "strip-components=",
    "no-recursion": "no-recursion",
    "overwrite": "overwrite",
    "numeric-owner": "numeric-owner",
    "no-same-permissions": "no-same-permissions",
    "same-owner": "same-owner",
    "owner": "owner=",
    "group": "group=",
    "warning": "warning=",
    "format": "format=",
    "totals": "totals",
    "wildcards": "wildcards",
    "no-overwrite-dir": "no-overwrite-dir",
    "sparse": "S",
    "auto-compress": "a",
    "bzip2": "j",
    "xz": "J",
}
_MODES = "cxtru"
_USAGE = (
    "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\n"
    "Try 'tar --help' or 'tar --usage' for more information."
)
_TOO_MANY = _USAGE.replace("must specify one of the", "may not specify more than one").replace(
    "options", "option", 1
)
_HINT = "Try 'tar --help' or 'tar --usage' for more information."


@dataclass(slots=True)
class TarOptions:
    """What is to be done. `names` are (folder given by -C before it, name)."""

    mode: str = ""
    flags: set[str] = field(default_factory=set)
    file: str = "-"
    folder: str = ""
    names: list[tuple[str, str]] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    strip: int = 0
    lists: list[str] = field(default_factory=list)

    def has(self, letter: str) -> bool:
        """Whether a flag was given."""
        return letter in self.flags

    def is_excluded(self, name: str) -> bool:
        """Whether a pattern of --exclude leaves the name out."""
        parts = name.strip("/").split("/")
        tails = ["/".join(parts[at:]) for at in range(len(parts))]
        return any(
            fnmatch.fnmatchcase(text, wish.rstrip("/"))
            for wish in self.excluded
            for text in (name, *tails)
        )


class _Parser:
    def __init__(self, words: list[str], *, is_busybox: bool) -> None:
        self._waiting = list(words)
        self._is_busybox = is_busybox
        self._found = TarOptions()

    def parse(self) -> TarOptions:
        """All of it. Raises UsageError."""
        found = self._found
        if self._waiting and self._waiting[0] and not self._waiting[0].startswith("-"):
            self._old_style(self._waiting.pop(0))
        while self._waiting:
            word = self._waiting.pop(0)
            if word == "--":
                found.names += [(found.folder, name) for name in self._waiting]
                break
            if word.startswith("--"):
                self._long(word[2:])
            elif word.startswith("-") and len(word) > 1:
                self._short(word[1:])
            else:
                found.names.append((found.folder, word))
        if len(found.mode) != 1:
            if self._is_busybox:
                raise UsageError("", has_hint=True)
            raise UsageError(_TOO_MANY if found.mode else _USAGE, 2)
        return found

    def _old_style(self, letters: str) -> None:
        """Letters without "-": their values are the words that follow, in order."""
        for letter in letters:
            if letter in _VALUED:
                if not self._waiting:
                    text = f"Old option '{letter}' requires an argument.\n{_HINT}"
                    raise self._problem(text, f"option requires an argument -- '{letter}'")
                self._set(letter, self._waiting.pop(0))
            else:
                self._set(letter, "")

    def _short(self, letters: str) -> None:
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in _VALUED:
                if not letters and not self._waiting:
                    text = f"option requires an argument -- '{letter}'"
                    raise self._problem(f"{text}\n{_HINT}", text)
                self._set(letter, letters or self._waiting.pop(0))
                return
            self._set(letter, "")

    def _long(self, word: str) -> None:
        key, equals, value = word.partition("=")
        name = _LONG.get(key)
        if name is None:
            matches = [full for full in _LONG if full.startswith(key)]
            if len(matches) != 1:
                text = f"unrecognized option '--{word}'"
                raise self._problem(f"{text}\n{_HINT}", text)
            name = _LONG[matches[0]]
        if (name in _VALUED or name.endswith("=")) and not equals:
            if not self._waiting:
                raise self._problem(f"option '--{key}' requires an argument\n{_HINT}")
            value = self._waiting.pop(0)
        self._set(name.rstrip("="), value)

    def _set(self, name: str, value: str) -> None:
        found = self._found
        if name in _MODES and len(name) == 1:
            found.mode += name if name not in found.mode else ""
        elif name == "f":
            found.file = value
        elif name == "C":
            base = "" if value.startswith("/") or not found.folder else f"{found.folder}/"
            found.folder = base + value
        elif name in ("T", "X"):
            (found.lists if name == "T" else found.excluded).append(value)
        elif name == "exclude":
            found.excluded.append(value)
        elif name == "strip-components":
            found.strip = int(value) if value.isdecimal() else 0
        elif len(name) == 1 and name not in _FLAGS + _VALUED:
            text = f"invalid option -- '{name}'"
            raise self._problem(f"{text}\n{_HINT}", text)
        else:
            found.flags.add(name)

    def _problem(self, gnu: str, busybox: str = "") -> UsageError:
        if self._is_busybox:
            return UsageError(busybox or gnu, is_option=True)
        return UsageError(gnu, 64 if "option --" in gnu or "unrecognized" in gnu else 2)


def parse_tar(words: list[str], *, is_busybox: bool) -> TarOptions:
    """What tar is to do. Raises UsageError."""
    return _Parser(words, is_busybox=is_busybox).parse()
