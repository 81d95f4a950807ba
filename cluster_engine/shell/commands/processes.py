"""What ps, top and pgrep know of a process."""

from __future__ import annotations

from cluster_engine.runtime.system import ProcessStatus, System
from cluster_engine.shell.commands.accounts import Accounts
from cluster_engine.shell.commands.command import Invocation
from cluster_engine.shell.commands.free import memory
from cluster_engine.shell.commands.moments import moment

_DAY_MS = 24 * 3_600_000
#: Of a page of memory.
_PAGE_KIB = 4


class Machine:
    """What is the same for all processes of a table."""

    def __init__(self, invocation: Invocation) -> None:
        self.system: System = invocation.system
        self.accounts = Accounts(invocation.system)
        self.memory_kib = max(memory(invocation)["MemTotal"] // 1024, 1)

    def facts(self) -> list[Facts]:
        """Of every process, by pid."""
        return [Facts(self, process) for process in self.system.processes()]


class Facts:
    """One process, as tables show it."""

    __slots__ = ("_machine", "status")

    def __init__(self, machine: Machine, status: ProcessStatus) -> None:
        self._machine = machine
        self.status = status

    @property
    def is_zombie(self) -> bool:
        """It has ended, and nobody has asked how."""
        return self.status.state == "Z"

    @property
    def user(self) -> str:
        """Its user's name."""
        return self._machine.accounts.user(self.status.uid)

    @property
    def group(self) -> str:
        """Its group's name."""
        return self._machine.accounts.group(self.status.gid)

    @property
    def command(self) -> str:
        """With its arguments."""
        if self.is_zombie:
            return f"[{self.status.name}] <defunct>"
        return " ".join(self.status.arguments) or f"[{self.status.name}]"

    @property
    def state(self) -> str:
        """As the column STAT shows it: "Ss+"."""
        status = self.status
        leader = "s" if status.session == status.pid else ""
        threads = "l" if status.threads > 1 else ""
        return status.state + leader + threads + ("+" if status.is_foreground else "")

    @property
    def resident_kib(self) -> int:
        """Memory in use."""
        return 0 if self.is_zombie else self.status.memory_bytes // 1024

    @property
    def virtual_kib(self) -> int:
        """Address space in use."""
        return self.resident_kib + self.resident_kib // 2 // _PAGE_KIB * _PAGE_KIB

    @property
    def memory_percent(self) -> float:
        """Of the machine's memory."""
        return 100 * self.resident_kib / self._machine.memory_kib

    @property
    def cpu_percent(self) -> float:
        """Of one processor, on average since it started."""
        return min(100 * self.status.cpu_ms / max(self.age_ms, 1), 99.9)

    @property
    def cpu_seconds(self) -> int:
        """Time it has computed."""
        return self.status.cpu_ms // 1000

    @property
    def age_ms(self) -> int:
        """Since it started."""
        return max(self._machine.system.now_ms - self.status.start_ms, 0)

    def started(self, day: str = "%b%d") -> str:
        """The time of day, or the day when that is long ago."""
        is_recent = self.age_ms < _DAY_MS
        return moment(self.status.start_ms).strftime("%H:%M" if is_recent else day)


def clock(seconds: int) -> str:
    """ "1-02:03:04" of seconds, at least "00:03:04"."""
    days, rest = divmod(seconds, 86_400)
    text = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}-{text}" if days else text


def elapsed(seconds: int) -> str:
    """ "1-02:03:04", "02:03:04" or "03:04"."""
    return clock(seconds).removeprefix("00:") if seconds < 3600 else clock(seconds)


def minutes(seconds: int) -> str:
    """ "123:04" of seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"
