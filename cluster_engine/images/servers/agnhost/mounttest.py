"""mounttest: what files and file systems look like from inside a container.

Models: test/images/agnhost/mounttest (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.images.servers.agnhost.flags import STDOUT, Flags
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import FileStatus, System

_CONTENT = "mount-tester new file\n"
_PAUSE_MS = 2_000
#: What statfs calls file systems other than tmpfs.
_MAGIC = {"overlay": 0x794C7630, "ext4": 0xEF53, "proc": 0x9FA0}
_KINDS = {"directory": "d", "symlink": "L", "character": "Dc", "fifo": "p", "socket": "S"}
_SWITCHES = ("break_on_expected_content",)
_NEW_FILES = (("0644", 0o644), ("0666", 0o666), ("0660", 0o660), ("0777", 0o777))


class MountTest:
    """The program: everything at once but the loop, which looks every two seconds."""

    def __init__(self, arguments: list[str]) -> None:
        self._flags = Flags(arguments[2:], _SWITCHES)
        self._end_ms = 0
        self._has_failed = False

    def step(self, system: System) -> Outcome:
        """Print what the flags ask for, in mounttest's own order."""
        if not self._end_ms:
            self._print_all(system)
            self._end_ms = system.now_ms + self._flags.number("retry_time", 180) * 1000
        path = self._flags.text("file_content_in_loop")
        if path and system.now_ms < self._end_ms and not self._look(system, path):
            return Waiting(until_ms=system.now_ms + _PAUSE_MS)
        return Exited(int(self._has_failed))

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def _print_all(self, system: System) -> None:
        system.umask(0)
        self._print_type(system, self._flags.text("fs_type"))
        for name, mode in _NEW_FILES:
            self._write_file(system, self._flags.text(f"new_file_{name}"), mode)
        self._print_status(system, self._flags.text("file_mode"), "mode")
        self._print_status(system, self._flags.text("file_perm"), "perms")
        self._print_owner(system, self._flags.text("file_owner"))
        self._print_content(system, self._flags.text("file_content"))

    def _print_type(self, system: System, path: str) -> None:
        if not path:
            return
        try:
            kind = system.statvfs(path).type
        except Errno as error:
            self._complain(system, f'error from statfs("{path}"): {error.text.lower()}')
            return
        shown = kind if kind == "tmpfs" else str(_MAGIC.get(kind, _MAGIC["ext4"]))
        _say(system, f'mount type of "{path}": {shown}')

    def _write_file(self, system: System, path: str, mode: int) -> None:
        if not path:
            return
        try:
            system.write_file(path, _CONTENT.encode(), mode=mode)
        except Errno as error:
            text = f'error writing new file "{path}": open {path}: {error.text.lower()}'
            self._complain(system, text)
            return
        self._print_content(system, path)

    def _print_status(self, system: System, path: str, what: str) -> None:
        if not path:
            return
        try:
            status = system.stat(path)
        except Errno as error:
            text = f'error from Stat("{path}"): stat {path}: {error.text.lower()}'
            self._complain(system, text)
            return
        shown = mode_text(status) if what == "mode" else f"-{permissions(status.mode)}"
        _say(system, f'{what} of file "{path}": {shown}')

    def _print_owner(self, system: System, path: str) -> None:
        if not path:
            return
        try:
            status = system.stat(path)
        except Errno as error:
            self._complain(system, f'error from stat("{path}"): {error.text.lower()}')
            return
        _say(system, f'owner UID of "{path}": {status.uid}')
        _say(system, f'owner GID of "{path}": {status.gid}')

    def _print_content(self, system: System, path: str) -> None:
        if not path:
            return
        try:
            content = system.read_file(path).decode("utf-8", "replace")
        except Errno as error:
            text = f'error reading file content for "{path}": open {path}: {error.text.lower()}'
            self._complain(system, text)
            return
        _say(system, f'content of file "{path}": {content}')

    def _look(self, system: System, path: str) -> bool:
        """Whether the loop is over."""
        try:
            content = system.read_file(path).decode("utf-8", "replace")
        except Errno as error:
            _say(system, f"Error reading file {path}: open {path}: {error.text.lower()}, retrying")
            self._has_failed = True
            return False
        self._has_failed = False
        _say(system, f'content of file "{path}": {content}')
        if not self._flags.switch("break_on_expected_content", default=True):
            return False
        if content != _CONTENT:
            _say(system, f"Unexpected content. Expected: {_CONTENT}. Retrying")
            return False
        return True

    def _complain(self, system: System, text: str) -> None:
        self._has_failed = True
        _say(system, text)


def mode_text(status: FileStatus) -> str:
    """A file's mode as Go writes it: `-rw-r--r--`, `dtrwxrwxrwx`."""
    kind = _KINDS.get(status.kind, "")
    special = "".join(
        letter for letter, bit in (("u", 0o4000), ("g", 0o2000), ("t", 0o1000)) if status.mode & bit
    )
    return (
        f"{kind}{special}{permissions(status.mode)}"
        if kind + special
        else (f"-{permissions(status.mode)}")
    )


def permissions(mode: int) -> str:
    """`rwxr-x---`."""
    return "".join(
        letter if mode & (1 << (8 - place)) else "-" for place, letter in enumerate("rwx" * 3)
    )


def _say(system: System, text: str) -> None:
    system.write(STDOUT, f"{text}\n".encode())
