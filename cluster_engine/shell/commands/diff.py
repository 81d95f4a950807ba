"""diff and cmp: how files differ."""

from __future__ import annotations

import difflib

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError, decoded
from cluster_engine.shell.commands.copying import is_folder
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.options import Options, parse

_LINES_MAX = 5_000
_DEPTH_MAX = 30
_NO_END = "\\ No newline at end of file"
_LONG = {
    "unified": "u?",
    "brief": "q",
    "recursive": "r",
    "ignore-all-space": "w",
    "ignore-space-change": "b",
    "ignore-blank-lines": "B",
    "ignore-case": "i",
    "new-file": "N",
    "text": "a",
    "report-identical-files": "s",
    "color": "color?",
    "label": "L",
    "context": "c?",
    "side-by-side": "y",
}


def run(invocation: Invocation) -> int:
    """Print the differences: plain, or -u unified; 0 when there are none."""
    options, files = parse(invocation, "uqrwbBiNasdtT", "UL", _LONG, code=2)
    if len(files) != 2:
        words = invocation.arguments
        gnu = f"missing operand after '{words[-1] if len(words) > 1 else 'diff'}'"
        gnu = gnu if len(files) < 2 else f"extra operand '{files[2]}'"
        if invocation.is_busybox:
            raise UsageError("", 2, has_hint=True)
        raise UsageError(f"{gnu}\ndiff: Try 'diff --help' for more information.", 2)
    return _Comparison(invocation, options).compare(files[0], files[1], 0)


class _Comparison:
    """Compares files and folders in one manner."""

    def __init__(self, invocation: Invocation, options: Options) -> None:
        self._call = invocation
        self._options = options
        self._is_unified = "u" in options or "U" in options or invocation.is_busybox

    def compare(self, one: str, other: str, depth: int) -> int:
        """0 when they are alike, 1 when not, 2 on trouble."""
        system = self._call.system
        folders = [name != "-" and is_folder(system, name) for name in (one, other)]
        if all(folders):
            return self._folders(one, other, depth)
        if folders[0]:
            one = f"{one.rstrip('/')}/{other.rpartition('/')[2]}"
        elif folders[1]:
            other = f"{other.rstrip('/')}/{one.rpartition('/')[2]}"
        contents = [self._read(one), self._read(other)]
        if contents[0] is None or contents[1] is None:
            return 2
        return self._files(one, contents[0], other, contents[1], depth)

    def _read(self, name: str) -> bytes | None:
        if name == "-":
            return self._call.stdin
        if "N" in self._options and not self._call.system.exists(name):
            return b""
        return self._call.read(name)

    def _folders(self, one: str, other: str, depth: int) -> int:
        system, code = self._call.system, 0
        left, right = set(system.list_directory(one)), set(system.list_directory(other))
        for name in sorted(left | right):
            paths = (f"{one.rstrip('/')}/{name}", f"{other.rstrip('/')}/{name}")
            if (name not in left or name not in right) and "N" not in self._options:
                self._call.line(f"Only in {one if name in left else other}: {name}")
                code = max(code, 1)
            elif is_folder(system, paths[0]) and is_folder(system, paths[1]):
                if "r" in self._options and depth < _DEPTH_MAX:
                    code = max(code, self.compare(*paths, depth + 1))
                else:
                    self._call.line(f"Common subdirectories: {paths[0]} and {paths[1]}")
            else:
                code = max(code, self.compare(*paths, depth + 1))
        return code

    def _files(self, one: str, before: bytes, other: str, after: bytes, depth: int) -> int:
        if before == after:
            if "s" in self._options:
                self._call.line(f"Files {one} and {other} are identical")
            return 0
        is_binary = b"\0" in before[:8192] or b"\0" in after[:8192]
        if is_binary and "a" not in self._options:
            kind = "Files" if "q" in self._options else "Binary files"
            self._call.line(f"{kind} {one} and {other} differ")
            return 1 if "q" in self._options else 2
        old, new = _lines(before), _lines(after)
        keys = [self._key(line) for line in old], [self._key(line) for line in new]
        if keys[0] == keys[1]:
            return 0
        if "q" in self._options:
            self._call.line(f"Files {one} and {other} differ")
            return 1
        if max(len(old), len(new)) > _LINES_MAX:
            raise UsageError("memory exhausted", 2)
        matcher = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False)
        if depth:
            flags = "".join(letter for letter in self._options if len(letter) == 1)
            self._call.line(f"diff -{flags} {one} {other}")
        if self._is_unified:
            self._unified(matcher, one, old, other, new)
        else:
            self._plain(matcher, old, new)
        return 1

    def _key(self, line: str) -> str:
        if "w" in self._options:
            line = "".join(line.split())
        elif "b" in self._options:
            line = " ".join(line.split())
        return line.lower() if "i" in self._options else line

    def _unified(
        self,
        matcher: difflib.SequenceMatcher[str],
        one: str,
        old: list[str],
        other: str,
        new: list[str],
    ) -> None:
        labels = self._options.all("L")
        for mark, name, label in (("---", one, labels[:1]), ("+++", other, labels[1:2])):
            stamp = "" if self._call.is_busybox else f"\t{self._stamp(name)}"
            self._call.line(f"{mark} {label[0] if label else name + stamp}")
        around = self._options.count("U", 3, "invalid context length '{}'", 2)
        for group in matcher.get_grouped_opcodes(around):
            first, last = group[0], group[-1]
            left = _unified_span(first[1], last[2])
            right = _unified_span(first[3], last[4])
            self._call.line(f"@@ -{left} +{right} @@")
            for tag, a, b, c, d in group:
                if tag == "equal":
                    self._show(" ", old[a:b])
                    continue
                self._show("-", old[a:b])
                self._show("+", new[c:d])

    def _plain(self, matcher: difflib.SequenceMatcher[str], old: list[str], new: list[str]) -> None:
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                continue
            letter = {"replace": "c", "delete": "d", "insert": "a"}[tag]
            left = _span(a, b) if tag != "insert" else str(a)
            right = _span(c, d) if tag != "delete" else str(c)
            self._call.line(f"{left}{letter}{right}")
            self._show("< ", old[a:b])
            if tag == "replace":
                self._call.line("---")
            self._show("> ", new[c:d])

    def _show(self, mark: str, lines: list[str]) -> None:
        for line in lines:
            self._call.line(mark + line.removesuffix("\n"))
            if not line.endswith("\n"):
                self._call.line(_NO_END)

    def _stamp(self, name: str) -> str:
        try:
            time_ms = self._call.system.stat(name).mtime_ms
        except Errno:
            time_ms = self._call.system.now_ms
        return moment(time_ms).strftime("%Y-%m-%d %H:%M:%S.%f000 +0000")


def _lines(content: bytes) -> list[str]:
    lines = decoded(content).split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _span(start: int, end: int) -> str:
    return str(start + 1) if end - start == 1 else f"{start + 1},{end}"


def _unified_span(start: int, end: int) -> str:
    size = end - start
    if size == 1:
        return str(start + 1)
    return f"{start + 1 if size else start},{size}"


def compare(invocation: Invocation) -> int:
    """cmp: print the first byte that differs."""
    long = {"silent": "s", "quiet": "s", "verbose": "l", "bytes": "n", "print-bytes": "b"}
    options, files = parse(invocation, "slb", "n", long, code=2)
    if not files:
        raise UsageError(
            "missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.", 2
        )
    names = [files[0], files[1] if len(files) > 1 else "-"]
    contents = [invocation.stdin if name == "-" else invocation.read(name) for name in names]
    one, other = contents
    if one is None or other is None:
        return 2
    limit = options.count("n", max(len(one), len(other)), "invalid --bytes value '{}'", 2)
    one, other = one[:limit], other[:limit]
    if one == other:
        return 0
    if "s" in options:
        return 1
    different = [at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if "l" in options:
        width = len(str(max(min(len(one), len(other)), 1)))
        for at in different:
            invocation.line(f"{at + 1:{width}} {one[at]:3o} {other[at]:3o}")
    elif different:
        line = one[: different[0]].count(b"\n") + 1
        invocation.line(f"{names[0]} {names[1]} differ: char {different[0] + 1}, line {line}")
        return 1
    _tell_end(invocation, names, one, other, "l" in options)
    return 1


def _tell_end(
    invocation: Invocation, names: list[str], one: bytes, other: bytes, is_long: bool
) -> None:
    if len(one) == len(other):
        return
    shorter, content = (names[0], one) if len(one) < len(other) else (names[1], other)
    if not content:
        invocation.complain(f"EOF on {shorter} which is empty")
        return
    text = f"EOF on {shorter} after byte {len(content)}"
    line = content.count(b"\n") + (not content.endswith(b"\n"))
    where = f", line {line}" if content.endswith(b"\n") else f", in line {line}"
    invocation.complain(invocation.either(text + ("" if is_long else where), f"EOF on {shorter}"))


COMMAND = Command("diff", run)
CMP = Command("cmp", compare)
