"""rm: removes files and folders."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "recursive": "r",
    "force": "f",
    "verbose": "v",
    "dir": "d",
    "interactive": "i?",
    "no-preserve-root": "no-preserve-root",
    "preserve-root": "preserve-root?",
    "one-file-system": "one-file-system",
}
_DEPTH_MAX = 128


def run(invocation: Invocation) -> int:
    """Remove each path; -r with all below, -f without complaining, -i after asking."""
    options, operands = parse(invocation, "rRfvdiI", "", _LONG)
    if not operands:
        if "f" in options:
            return 0
        raise UsageError("missing operand", has_hint=True)
    removal = Removal(invocation, options)
    chosen = [path for path in operands if removal.agrees(path)]
    code = int(removal.has_failed)
    for path in chosen:
        if not removal.remove(path):
            code = 1
    return code


class Removal:
    """How to remove, and what went wrong."""

    def __init__(self, invocation: Invocation, options: Options) -> None:
        self._invocation = invocation
        self._system = invocation.system
        self._options = options
        self._is_deep = "r" in options or "R" in options
        self.has_failed = False

    def agrees(self, path: str) -> bool:
        """Whether the path may be removed at all, and the person wants it to be."""
        call = self._invocation
        if path.rstrip("/").rpartition("/")[2] in (".", ".."):
            gnu = f"refusing to remove '.' or '..' directory: skipping '{path}'"
            call.complain(call.either(gnu, "can't remove '.' or '..'"))
            self.has_failed = True
            return False
        if self._is_root(path):
            call.complain("it is dangerous to operate recursively on '/'")
            call.complain("use --no-preserve-root to override this failsafe")
            self.has_failed = True
            return False
        if "i" not in self._options or self._options.last("if") == "f":
            return True
        return self._asks(path)

    def _is_root(self, path: str) -> bool:
        """GNU's rm spares it; BusyBox' does not."""
        is_spared = not self._invocation.is_busybox and "no-preserve-root" not in self._options
        return self._is_deep and is_spared and path != "" and not path.strip("/")

    def _asks(self, path: str) -> bool:
        try:
            status = self._system.lstat(path)
        except Errno:
            return True
        if self._invocation.is_busybox:
            return self._invocation.ask(f"remove '{path}'? ")
        kinds = {"directory": "directory", "symlink": "symbolic link"}
        kind = kinds.get(status.kind, "regular file" if status.size else "regular empty file")
        return self._invocation.ask(f"remove {kind} '{path}'? ")

    def remove(self, path: str, depth: int = 0) -> bool:
        """Remove the path; False after a complaint."""
        try:
            kind = self._system.lstat(path).kind
        except Errno as error:
            if "f" in self._options and error.name in ("ENOENT", "ENOTDIR"):
                return True
            return self._refuse(path, error.text)
        if kind == "directory" and not self._is_deep and "d" not in self._options:
            if self._invocation.is_busybox:
                self._invocation.complain(f"'{path}' is a directory")
                return False
            return self._refuse(path, "Is a directory")
        try:
            if kind != "directory":
                self._system.unlink(path)
            elif not self._empty(path, depth):
                return False
            else:
                self._system.rmdir(path)
        except Errno as error:
            return self._refuse(path, error.text)
        if "v" in self._options:
            words = "removed"
            if kind == "directory":
                words = self._invocation.either("removed directory", "removed directory:")
            self._invocation.line(f"{words} '{path}'")
        return True

    def _empty(self, path: str, depth: int) -> bool:
        if not self._is_deep or depth > _DEPTH_MAX:
            return True
        base = path.rstrip("/")
        good = True
        for name in self._system.list_directory(path):
            good = self.remove(f"{base}/{name}", depth + 1) and good
        return good

    def _refuse(self, path: str, text: str) -> bool:
        verb = self._invocation.either("cannot", "can't")
        self._invocation.complain(f"{verb} remove '{path}': {text}")
        return False


COMMAND = Command("rm", run)
