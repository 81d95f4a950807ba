"""/proc, generated when it is looked at: nothing of it is stored.

Models: proc(5), as much of it as tools and labs read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.nodes import (
    DescriptorLink,
    Directory,
    File,
    Node,
    Symlink,
    Viewer,
)
from cluster_engine.runtime.system import FileSystemStatus, ProcessStatus

KERNEL_RELEASE = "6.12.48"
KERNEL_VERSION = "#1 SMP PREEMPT_DYNAMIC Podyard"
NODE_CPUS = 4
NODE_MEMORY_KIB = 16 * 1024 * 1024


class ProcViewer(Viewer, Protocol):
    """What /proc is generated from: the system calls of the process that looks."""

    @property
    def pid(self) -> int: ...
    @property
    def boot_ms(self) -> int: ...
    @property
    def hostname(self) -> str: ...
    def processes(self) -> list[ProcessStatus]: ...
    def process_environment(self, pid: int) -> dict[str, str]: ...
    def descriptors_of(self, pid: int) -> list[int]: ...
    def descriptor_name(self, fd: int, pid: int = 0) -> str: ...
    def directory_of(self, pid: int) -> str: ...
    def program_of(self, pid: int) -> str: ...
    def mounts(self) -> list[FileSystemStatus]: ...
    def random(self, count: int) -> bytes: ...


class Generated(Directory):
    """A directory of generated nodes. `place` names it: "", "sys/kernel", "12", "12/fd"."""

    __slots__ = ("place",)

    def __init__(self, place: str) -> None:
        super().__init__(0o555)
        self.place = place
        self.origin = "proc"

    def get(self, name: str, viewer: Viewer) -> Node | None:
        return _child(self.place, name, cast(ProcViewer, viewer))

    def names(self, viewer: Viewer) -> list[str]:
        return sorted(_names(self.place, cast(ProcViewer, viewer)))


def _file(content: str | bytes, mode: int = 0o444) -> File:
    data = content.encode() if isinstance(content, str) else content
    node = File(data, mode)
    node.origin = "proc"
    return node


def _process(pid: int, viewer: ProcViewer) -> ProcessStatus | None:
    for process in viewer.processes():
        if process.pid == pid:
            return process
    return None


def _names(place: str, viewer: ProcViewer) -> list[str]:
    if place == "":
        pids = [str(process.pid) for process in viewer.processes()]
        return [*pids, *_TEXTS_BY_PLACE[""], "self", "sys", "net"]
    head, _, rest = place.partition("/")
    if not head.isdecimal():
        below = f"{place}/"
        children = {key[len(below) :].split("/")[0] for key in _TEXTS if key.startswith(below)}
        return sorted(children)
    if rest == "fd":
        return [str(fd) for fd in viewer.descriptors_of(int(head))]
    return [*_PROCESS_TEXTS, "cwd", "exe", "fd", "root"]


def _child(place: str, name: str, viewer: ProcViewer) -> Node | None:
    path = f"{place}/{name}" if place else name
    if path in ("self", "thread-self"):
        return Symlink(str(viewer.pid))
    if path == "mounts":
        return Symlink("self/mounts")
    text = _TEXTS.get(path)
    if text is not None:
        return _file(text(viewer))
    if any(key.startswith(f"{path}/") for key in _TEXTS):
        return Generated(path)
    head, _, rest = path.partition("/")
    if not head.isdecimal():
        return None
    process = _process(int(head), viewer)
    return _of_process(process, rest, viewer) if process is not None else None


def _of_process(process: ProcessStatus, rest: str, viewer: ProcViewer) -> Node | None:
    pid = process.pid
    if rest in ("", "fd", "task"):
        node: Node = Generated(f"{pid}/{rest}" if rest else str(pid))
    elif rest.startswith("fd/"):
        number = rest[3:]
        if not number.isdecimal() or int(number) not in viewer.descriptors_of(pid):
            return None
        return DescriptorLink(viewer.descriptor_name(int(number), pid), pid, int(number))
    elif rest == "cwd":
        node = Symlink(viewer.directory_of(pid) or "/")
    elif rest == "exe":
        node = Symlink(viewer.program_of(pid))
    elif rest == "root":
        node = Symlink("/")
    elif rest in _PROCESS_TEXTS:
        node = _file(_PROCESS_TEXTS[rest](process, viewer), 0o400 if rest == "environ" else 0o444)
    else:
        return None
    node.uid, node.gid = process.uid, process.gid
    return node


# Texts of one process


def _status(process: ProcessStatus, viewer: ProcViewer) -> str:
    words = {"R": "running", "S": "sleeping", "T": "stopped", "Z": "zombie"}
    kib = process.memory_bytes // 1024
    return (
        f"Name:\t{process.name}\nUmask:\t0022\n"
        f"State:\t{process.state} ({words.get(process.state, 'sleeping')})\n"
        f"Tgid:\t{process.pid}\nNgid:\t0\nPid:\t{process.pid}\nPPid:\t{process.parent}\n"
        f"TracerPid:\t0\n"
        f"Uid:\t{process.uid}\t{process.uid}\t{process.uid}\t{process.uid}\n"
        f"Gid:\t{process.gid}\t{process.gid}\t{process.gid}\t{process.gid}\n"
        f"FDSize:\t64\nVmPeak:\t{kib * 2:8d} kB\nVmSize:\t{kib * 2:8d} kB\n"
        f"VmRSS:\t{kib:8d} kB\nThreads:\t{process.threads}\n"
    )


def _stat(process: ProcessStatus, viewer: ProcViewer) -> str:
    ticks = process.cpu_ms // 10
    start = max(process.start_ms - viewer.boot_ms, 0) // 10
    pages = process.memory_bytes // 4096
    return (
        f"{process.pid} ({process.name}) {process.state} {process.parent} {process.group} "
        f"{process.session} 0 -1 4194560 0 0 0 0 {ticks} 0 0 0 20 0 {process.threads} 0 {start} "
        f"{process.memory_bytes * 2} {pages} " + "0 " * 27 + "0\n"
    )


def _cmdline(process: ProcessStatus, viewer: ProcViewer) -> str:
    if process.state == "Z":
        return ""
    return "".join(f"{word}\0" for word in process.arguments)


def _environ(process: ProcessStatus, viewer: ProcViewer) -> str:
    if viewer.uid not in (0, process.uid):
        raise Errno("EACCES")
    variables = viewer.process_environment(process.pid)
    return "".join(f"{name}={value}\0" for name, value in variables.items())


def _mounts(process: ProcessStatus, viewer: ProcViewer) -> str:
    return "".join(
        f"{mount.source} {mount.path} {mount.type} {mount.options} 0 0\n"
        for mount in viewer.mounts()
    )


def _limits(process: ProcessStatus, viewer: ProcViewer) -> str:
    head = f"{'Limit':<26}{'Soft Limit':<21}{'Hard Limit':<21}{'Units':<10}\n"
    rows = (
        ("Max cpu time", "unlimited", "unlimited", "seconds"),
        ("Max file size", "unlimited", "unlimited", "bytes"),
        ("Max processes", "unlimited", "unlimited", "processes"),
        ("Max open files", "1048576", "1048576", "files"),
    )
    return head + "".join(f"{a:<26}{b:<21}{c:<21}{d:<10}\n" for a, b, c, d in rows)


_PROCESS_TEXTS: dict[str, Callable[[ProcessStatus, ProcViewer], str]] = {
    "cgroup": lambda process, viewer: "0::/\n",
    "cmdline": _cmdline,
    "comm": lambda process, viewer: f"{process.name}\n",
    "environ": _environ,
    "limits": _limits,
    "mounts": _mounts,
    "stat": _stat,
    "status": _status,
}


# Texts of the machine


def _uptime(viewer: ProcViewer) -> str:
    seconds = (viewer.now_ms - viewer.boot_ms) / 1000
    return f"{seconds:.2f} {seconds * NODE_CPUS * 0.97:.2f}\n"


def _loadavg(viewer: ProcViewer) -> str:
    processes = viewer.processes()
    running = sum(process.state == "R" for process in processes)
    last = max((process.pid for process in processes), default=1)
    return f"0.{min(running, 9)}2 0.08 0.05 {running}/{len(processes)} {last}\n"


def _meminfo(viewer: ProcViewer) -> str:
    used = sum(process.memory_bytes for process in viewer.processes()) // 1024
    free = max(NODE_MEMORY_KIB - 1_800_000 - used, 0)
    rows = {
        "MemTotal": NODE_MEMORY_KIB,
        "MemFree": free,
        "MemAvailable": min(free + 1_100_000, NODE_MEMORY_KIB),
        "Buffers": 84_000,
        "Cached": 1_050_000,
        "SwapCached": 0,
        "SwapTotal": 0,
        "SwapFree": 0,
        "Shmem": 2_100,
    }
    return "".join(f"{name + ':':<16}{kib:>8} kB\n" for name, kib in rows.items())


def _cpuinfo(viewer: ProcViewer) -> str:
    return "\n".join(
        f"processor\t: {number}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n"
        f"model name\t: Simulated CPU @ 2.60GHz\nstepping\t: 7\ncpu MHz\t\t: 2600.000\n"
        f"cache size\t: 16384 KB\nphysical id\t: 0\nsiblings\t: {NODE_CPUS}\n"
        f"core id\t\t: {number}\ncpu cores\t: {NODE_CPUS}\n"
        for number in range(NODE_CPUS)
    )


def _machine_stat(viewer: ProcViewer) -> str:
    ticks = (viewer.now_ms - viewer.boot_ms) // 10
    lines = [f"cpu  {ticks // 50} 0 {ticks // 80} {ticks * NODE_CPUS} 0 0 0 0 0 0"]
    lines += [
        f"cpu{number} {ticks // 200} 0 {ticks // 320} {ticks} 0 0 0 0 0 0"
        for number in range(NODE_CPUS)
    ]
    lines += [f"btime {viewer.boot_ms // 1000}", f"processes {len(viewer.processes())}"]
    return "\n".join(lines) + "\n"


def _version(viewer: ProcViewer) -> str:
    return f"Linux version {KERNEL_RELEASE} (podyard@simulated) {KERNEL_VERSION}\n"


def _network_devices(viewer: ProcViewer) -> str:
    return (
        "Inter-|   Receive                                                |  Transmit\n"
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets "
        "errs drop fifo colls carrier compressed\n"
        "    lo:       0       0    0    0    0     0          0         0        0       0 "
        "   0    0    0     0       0          0\n"
        "  eth0:    1516      18    0    0    0     0          0         0     1026      12 "
        "   0    0    0     0       0          0\n"
    )


def _uuid(viewer: ProcViewer) -> str:
    digits = viewer.random(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}\n"


_TEXTS: dict[str, Callable[[ProcViewer], str]] = {
    "cmdline": lambda viewer: "BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro console=ttyS0\n",
    "cpuinfo": _cpuinfo,
    "filesystems": lambda viewer: "nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n",
    "loadavg": _loadavg,
    "meminfo": _meminfo,
    "net/dev": _network_devices,
    "stat": _machine_stat,
    "sys/kernel/hostname": lambda viewer: f"{viewer.hostname}\n",
    "sys/kernel/osrelease": lambda viewer: f"{KERNEL_RELEASE}\n",
    "sys/kernel/ostype": lambda viewer: "Linux\n",
    "sys/kernel/pid_max": lambda viewer: "4194304\n",
    "sys/kernel/random/uuid": _uuid,
    "sys/net/core/somaxconn": lambda viewer: "4096\n",
    "sys/net/ipv4/ip_forward": lambda viewer: "1\n",
    "sys/net/ipv4/ip_unprivileged_port_start": lambda viewer: "0\n",
    "sys/vm/max_map_count": lambda viewer: "1048576\n",
    "sys/vm/overcommit_memory": lambda viewer: "1\n",
    "sys/vm/swappiness": lambda viewer: "60\n",
    "uptime": _uptime,
    "version": _version,
}
_TEXTS_BY_PLACE = {"": ["mounts", *(name for name in _TEXTS if "/" not in name)]}
