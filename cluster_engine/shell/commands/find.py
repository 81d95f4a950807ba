"""find: files by name, kind, size and age."""

from __future__ import annotations

import fnmatch

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import FileStatus, Spawn, System
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.walk import walk

_VALUED = {
    "-name",
    "-iname",
    "-path",
    "-type",
    "-size",
    "-maxdepth",
    "-mindepth",
    "-mtime",
    "-mmin",
    "-user",
    "-newer",
    "-perm",
}
_ACTIONS = {"-print", "-print0", "-delete", "-exec", "-ls"}
_STEP = 200


class Find:
    """The program: finds everything first, then acts on it, a child at a time for -exec."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._found: list[str] | None = None
        self._tests: list[list[str]] = []
        self._command: list[str] = []
        self._is_batch = False
        self._does = "-print"
        self._child = 0
        self._code = 0
        self._pending = bytearray()

    def step(self, system: System) -> Outcome:
        """Find, print, run."""
        if self._found is None:
            invocation = Invocation(system, self._arguments)
            try:
                self._search(invocation)
            except UsageError as error:
                system.write(2, f"find: {error}\n".encode())
                return Exited(1)
            system.write(2, bytes(invocation.err))
            return AGAIN
        if self._pending:
            taken = system.write(1, bytes(self._pending))
            del self._pending[:taken]
            return AGAIN if taken else Waiting(writable=(1,))
        if self._child:
            ended = system.wait(self._child)
            if ended is None:
                return Waiting(children=(self._child,))
            self._child = 0
        if not self._found:
            return Exited(self._code)
        if self._command:
            self._run_next(system)
            return AGAIN
        for path in self._found[:_STEP]:
            self._act(system, path)
        del self._found[:_STEP]
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _act(self, system: System, path: str) -> None:
        if self._does == "-delete":
            try:
                is_folder = system.lstat(path).kind == "directory"
                system.rmdir(path) if is_folder else system.unlink(path)
            except Errno as error:
                system.write(2, f"find: cannot delete '{path}': {error.text}\n".encode())
                self._code = 1
            return
        end = "\0" if self._does == "-print0" else "\n"
        self._pending += (path + end).encode("utf-8", "surrogateescape")

    def _run_next(self, system: System) -> None:
        assert self._found is not None
        paths = list(self._found) if self._is_batch else [self._found[0]]
        del self._found[: len(paths)]
        words: list[str] = []
        for word in self._command:
            if word == "{}" and self._is_batch:
                words += paths
            else:
                words.append(word.replace("{}", paths[0]))
        try:
            self._child = system.spawn(Spawn(words))
        except Errno as error:
            system.write(2, f"find: '{words[0]}': {error.text}\n".encode())
            self._code = 1

    def _search(self, invocation: Invocation) -> None:
        words = self._arguments[1:]
        roots = []
        while words and not words[0].startswith(("-", "!", "(")):
            roots.append(words.pop(0))
        self._parse(words)
        found: list[str] = []
        for root in roots or ["."]:
            if not invocation.system.exists(root):
                invocation.complain(f"'{root}': No such file or directory")
                self._code = 1
                continue
            base = root.rstrip("/").count("/") if root != "/" else 0
            for path in walk(invocation.system, root):
                depth = path.rstrip("/").count("/") - base if path != root else 0
                if self._matches(invocation.system, path, depth):
                    found.append(path)
        self._found = found[::-1] if self._does == "-delete" else found

    def _parse(self, words: list[str]) -> None:
        is_negated = False
        while words:
            word = words.pop(0)
            if word in ("!", "-not"):
                is_negated = not is_negated
                continue
            if word == "-exec":
                self._take_command(words)
            elif word in _ACTIONS:
                self._does = word
            elif word in _VALUED:
                if not words:
                    raise UsageError(f"missing argument to `{word}'")
                self._tests.append([word, words.pop(0), "!" if is_negated else ""])
            elif word in ("-empty", "-o", "-or"):
                self._tests.append([word, "", "!" if is_negated else ""])
            elif word not in ("-a", "-and", "-follow", "-xdev", "(", ")"):
                raise UsageError(f"unknown predicate `{word}'")
            is_negated = False

    def _take_command(self, words: list[str]) -> None:
        while words and words[0] not in (";", "+"):
            self._command.append(words.pop(0))
        if not words or not self._command:
            raise UsageError("missing argument to `-exec'")
        self._is_batch = words.pop(0) == "+"

    def _matches(self, system: System, path: str, depth: int) -> bool:
        try:
            status = system.lstat(path)
        except Errno:
            return False
        groups: list[list[list[str]]] = [[]]
        for test in self._tests:
            if test[0] in ("-o", "-or"):
                groups.append([])
            else:
                groups[-1].append(test)
        return any(
            all(
                _holds(system, path, status, depth, name, value) != bool(negation)
                for name, value, negation in group
            )
            for group in groups
        )


def _holds(
    system: System, path: str, status: FileStatus, depth: int, name: str, value: str
) -> bool:
    base = path.rstrip("/").rpartition("/")[2] or path
    if name in ("-name", "-iname"):
        if name == "-iname":
            base, value = base.lower(), value.lower()
        return fnmatch.fnmatchcase(base, value)
    if name == "-path":
        return fnmatch.fnmatchcase(path, value)
    if name == "-type":
        kinds = {"f": "file", "d": "directory", "l": "symlink", "c": "character", "p": "fifo"}
        return status.kind == kinds.get(value)
    if name == "-empty":
        if status.kind == "directory":
            return not system.list_directory(path)
        return status.kind == "file" and status.size == 0
    if name in ("-maxdepth", "-mindepth"):
        return depth <= int(value) if name == "-maxdepth" else depth >= int(value)
    if name == "-user":
        return value in (str(status.uid), "root" if status.uid == 0 else "")
    if name == "-newer":
        return status.mtime_ms > system.stat(value).mtime_ms
    if name == "-perm":
        wanted = int(value.lstrip("-/"), 8)
        return status.mode & wanted == wanted if value[0] == "-" else status.mode == wanted
    return _compares(system, status, name, value)


def _compares(system: System, status: FileStatus, name: str, value: str) -> bool:
    if name == "-size":
        units = {"c": 1, "k": 1024, "M": 1024**2, "G": 1024**3, "b": 512}
        factor = units.get(value[-1], 512)
        wish, held = value.rstrip("ckMGb"), -(-status.size // factor)
    else:
        unit_ms = 60_000 if name == "-mmin" else 86_400_000
        wish, held = value, (system.now_ms - status.mtime_ms) // unit_ms
    try:
        number = int(wish.lstrip("+-"))
    except ValueError:
        raise UsageError(f"invalid argument `{value}' to `{name}'") from None
    if wish.startswith("+"):
        return held > number
    return held < number if wish.startswith("-") else held == number
