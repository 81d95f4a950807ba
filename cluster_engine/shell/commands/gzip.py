"""gzip, gunzip and zcat: compression."""

from __future__ import annotations

import gzip
import zlib

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.walk import walk

_BYTES_MAX = 16 * 1024 * 1024
_ENDINGS = (".gz", ".tgz", ".z", ".Z")
_LONG = {
    "stdout": "c",
    "to-stdout": "c",
    "decompress": "d",
    "uncompress": "d",
    "force": "f",
    "keep": "k",
    "verbose": "v",
    "list": "l",
    "quiet": "q",
    "recursive": "r",
    "test": "t",
    "no-name": "n",
    "name": "N",
    "fast": "1",
    "best": "9",
}


def run(invocation: Invocation) -> int:
    """Compress, or with -d (and as gunzip or zcat) decompress."""
    options, files = parse(invocation, "cdfklnNqrtv123456789", "S", _LONG)
    if invocation.name in ("gunzip", "zcat", "uncompress"):
        options.add("d", "")
    if invocation.name == "zcat":
        options.add("c", "")
    if "l" in options:
        invocation.line("         compressed        uncompressed  ratio uncompressed_name")
    packer = _Packer(invocation, options)
    for name in files or ["-"]:
        places = list(walk(invocation.system, name)) if "r" in options and name != "-" else [name]
        for place in places:
            packer.take(place, is_nested=place != name)
    return packer.code


class _Packer:
    """Does one file after the other."""

    def __init__(self, invocation: Invocation, options: Options) -> None:
        self.code = 0
        self._call = invocation
        self._system = invocation.system
        self._options = options
        self._is_unpacking = any(letter in options for letter in "dtl")
        self._to_output = any(letter in options for letter in "ctl")
        self._title = "gzip" if not invocation.is_busybox else invocation.name

    def take(self, name: str, *, is_nested: bool) -> None:
        """One file, or standard input."""
        content = self._call.stdin if name == "-" else self._content(name, is_nested)
        if content is None:
            return
        changed = self._unpacked(content) if self._is_unpacking else self._packed(content)
        if changed is None:
            self._refuse(f"{'stdin' if name == '-' else name}: not in gzip format")
        elif "l" in self._options:
            ratio = 100 * (1 - len(content) / len(changed)) if changed else 0.0
            shown = name.removesuffix(".gz")
            self._call.line(f"{len(content):19} {len(changed):19} {ratio:5.1f}% {shown}")
        elif "t" in self._options:
            return
        elif name == "-" or self._to_output:
            self._call.say(changed)
        else:
            self._replace(name, changed)

    def _tell(self, text: str) -> None:
        self._call.err.extend(f"{self._title}: {text}\n".encode("utf-8", "surrogateescape"))

    def _refuse(self, text: str, code: int = 1) -> None:
        if not self._call.is_busybox and "not in gzip format" in text:
            self._call.err.extend(b"\n")
        self._tell(text)
        self.code = max(self.code, code)

    def _content(self, name: str, is_nested: bool) -> bytes | None:
        is_bare = self._is_unpacking and not name.endswith(_ENDINGS)
        if is_bare and not self._system.exists(name):
            name += ".gz"
        try:
            status = self._system.lstat(name) if is_nested else self._system.stat(name)
            if status.kind == "directory":
                if "r" not in self._options:
                    self._refuse(f"{name} is a directory -- ignored", 2)
                return None
            if is_nested and status.kind == "symlink":
                return None
            if is_bare and not self._to_output and not name.endswith(_ENDINGS):
                mark = "-" if self._call.is_busybox else "--"
                code = 1 if self._call.is_busybox else 2
                self._refuse(f"{name}: unknown suffix {mark} ignored", code)
                return None
            return self._system.read_file(name)
        except Errno as error:
            self._refuse(f"{name}: {error.text}")
            return None

    def _packed(self, content: bytes) -> bytes:
        level = max((int(letter) for letter in self._options if letter.isdigit()), default=6)
        return gzip.compress(content, level, mtime=0)

    def _unpacked(self, content: bytes) -> bytes | None:
        pieces: list[bytes] = []
        size = 0
        while content:
            unpacker = zlib.decompressobj(wbits=31)
            try:
                pieces.append(unpacker.decompress(content, _BYTES_MAX - size))
            except zlib.error:
                return b"".join(pieces) if pieces else None
            size += len(pieces[-1])
            if unpacker.unconsumed_tail or size >= _BYTES_MAX:
                self._refuse("memory exhausted")
                break
            content = unpacker.unused_data
        return b"".join(pieces)

    def _replace(self, name: str, content: bytes) -> None:
        target = f"{name}.gz"
        if self._is_unpacking:
            if not name.endswith(_ENDINGS):
                name += ".gz"
            target = name[:-4] + ".tar" if name.endswith(".tgz") else name.rpartition(".")[0]
        elif name.endswith(_ENDINGS) and "f" not in self._options:
            self._tell(f"{name} already has {name[name.rindex('.') :]} suffix -- unchanged")
            return
        if self._system.exists(target) and "f" not in self._options:
            gnu = f"{target} already exists;\tnot overwritten"
            busybox = f"can't open '{target}': File exists"
            self._refuse(self._call.either(gnu, busybox), 1 if self._call.is_busybox else 2)
            return
        try:
            status = self._system.stat(name)
            self._system.write_file(target, content, mode=status.mode)
            self._system.utime(target, status.mtime_ms)
            if "k" not in self._options:
                self._system.unlink(name)
        except Errno as error:
            self._refuse(f"{target}: {error.text}")
            return
        if "v" in self._options:
            self._tell(f"{name}:\t replaced with {target}")


COMMAND = Command("gzip", run)
