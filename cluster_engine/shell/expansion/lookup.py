"""Parameters by name, special ones too; assignments on the way wait until they are committed."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.expansion.arithmetic import UnsetName, evaluate
from cluster_engine.shell.state import State
from cluster_engine.shell.variables import Elements

BASH_VERSION = "5.2.37(1)-release"


class Lookup:
    """Reads a shell's parameters; fulfils `arithmetic.Names`."""

    def __init__(self, state: State, system: System) -> None:
        self.state = state
        self._system = system
        self._assigned: dict[str, str] = {}
        self._previews: dict[str, str] = {}
        self._elements: dict[tuple[str, int | str], str] = {}

    def get(self, name: str) -> str | None:
        """The text of a parameter; None when it is unset."""
        if name in self._previews:
            return self._previews[name]
        if name in self._assigned:
            return self._assigned[name]
        state = self.state
        if name.isdecimal():
            number = int(name)
            if number == 0:
                return state.name
            return state.positional[number - 1] if number <= len(state.positional) else None
        if not (name[0].isalpha() or name[0] == "_"):
            return self._special(name)
        if self._elements and (name, 0) in self._elements:
            return self._elements[name, 0]
        held = state.variables.get(name)
        return self._dynamic(name) if held is None else held

    def elements(self, name: str) -> Elements | None:
        """The elements of an array; a plain variable is one with element 0; None when unset."""
        held = self.state.variables.find(name)
        if held is not None and held.elements is not None:
            return held.elements
        if name == "FUNCNAME":
            return dict(enumerate(reversed(self.state.calls)))
        if name == "PIPESTATUS":
            return dict(enumerate(str(status) for status in self.state.pipe_statuses))
        text = self.get(name)
        return None if text is None else {0: text}

    def element(self, name: str, key: int | str) -> str | None:
        """One element."""
        if (name, key) in self._elements:
            return self._elements[name, key]
        elements = self.elements(name)
        if elements is None:
            return None
        if isinstance(key, int) and key < 0:
            numbers = [number for number in elements if isinstance(number, int)]
            key += max(numbers, default=-1) + 1
        return elements.get(key)

    def is_associative(self, name: str) -> bool:
        """Whether its keys are texts."""
        held = self.state.variables.find(name)
        return held is not None and held.is_associative

    def assign(self, name: str, value: str) -> None:
        """Assign when all has been expanded."""
        self._assigned[name] = value

    def charge(self, units: int) -> None:
        """Account for work that grows with the length of texts."""
        self._system.work(units)

    def preview(self, name: str, value: str) -> None:
        """What an assignment of the same command will make of a variable."""
        self._previews[name] = value

    def commit(self) -> None:
        """Make the assignments. Raises VariableProblem."""
        for name, value in self._assigned.items():
            self.state.variables.set(name, value)
        for (name, key), value in self._elements.items():
            self.state.variables.set_element(name, key, value)

    # arithmetic.Names

    def number_text(self, name: str, index: int | str | None) -> str:
        found = self.get(name) if index is None else self.element(name, self._key(name, index))
        if found is None and self.state.options.nounset:
            raise UnsetName(name)
        return found or ""

    def set_number(self, name: str, index: int | str | None, value: int) -> None:
        if index is None:
            self._assigned[name] = str(value)
        else:
            self._elements[name, self._key(name, index)] = str(value)

    def _key(self, name: str, index: int | str) -> int | str:
        if self.is_associative(name):
            return str(index)
        return evaluate(index, self) if isinstance(index, str) else index

    def home(self, name: str) -> str | None:
        """The home directory that `~name` means."""
        if name == "":
            return self.get("HOME")
        if name == "+":
            return self._system.cwd
        if name == "-":
            return self.get("OLDPWD")
        try:
            lines = self._system.read_file("/etc/passwd").decode(errors="replace").splitlines()
        except Errno:
            return None
        for line in lines:
            fields = line.split(":")
            if len(fields) > 5 and fields[0] == name:
                return fields[5]
        return None

    def _special(self, name: str) -> str | None:
        state = self.state
        if name == "?":
            return str(state.status)
        if name == "#":
            return str(len(state.positional))
        if name == "$":
            return str(state.pid)
        if name == "!":
            return str(state.last_background) if state.last_background else None
        if name == "-":
            return state.flags
        separator = self.get("IFS")
        joiner = " " if separator is None or name == "@" else separator[:1]
        return joiner.join(state.positional)

    def _dynamic(self, name: str) -> str | None:
        """Variables that bash computes."""
        state, system = self.state, self._system
        if name == "PPID":
            return str(system.parent)
        if name == "LINENO":
            return str(state.line)
        if name == "_":
            return state.last_argument
        if name == "OPTIND":
            return "1"
        if state.dialect.name == "dash":
            return None
        if name == "RANDOM":
            return str(int.from_bytes(system.random(2), "big") & 0x7FFF)
        if state.dialect.name != "bash":
            return None
        if name == "SECONDS":
            return str((system.now_ms - state.started_ms) // 1000)
        if name == "EPOCHSECONDS":
            return str(system.now_ms // 1000)
        if name == "EPOCHREALTIME":
            return f"{system.now_ms // 1000}.{system.now_ms % 1000:03d}000"
        if name in ("UID", "EUID"):
            return str(system.uid)
        if name == "BASHPID":
            return str(system.pid)
        if name == "FUNCNAME":
            return state.calls[-1] if state.calls else None
        if name == "PIPESTATUS":
            return str(state.pipe_statuses[0]) if state.pipe_statuses else "0"
        return _CONSTANTS.get(name)


_CONSTANTS = {
    "BASH": "/bin/bash",
    "BASH_VERSION": BASH_VERSION,
    "HOSTTYPE": "x86_64",
    "MACHTYPE": "x86_64-pc-linux-gnu",
    "OSTYPE": "linux-gnu",
    "SHELLOPTS": "braceexpand:hashall:interactive-comments",
    "SHLVL": "1",
}
