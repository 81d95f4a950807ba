"""The processes that a shell starts: subshells, pipelines, jobs. The lower half of `Shell`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cluster_engine.runtime import signals
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.frames.frame import ExpandingFrame, Frame
from cluster_engine.shell.frames.loops import LoopFrame
from cluster_engine.shell.frames.nodes import frame_for
from cluster_engine.shell.frames.simple import SimpleFrame
from cluster_engine.shell.frames.sources import TextFrame
from cluster_engine.shell.frames.substitution import SubstitutionFrame
from cluster_engine.shell.frames.waiting import WaitFrame
from cluster_engine.shell.redirects import SAVED_FD_MIN
from cluster_engine.shell.state import Job, State
from cluster_engine.shell.syntax.nodes import Command, Item, ProcessSubstitution, Substitution
from cluster_engine.shell.variables import Variables

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

SCRIPT_BYTES_MAX = 2 * 1024 * 1024
JOBS_MAX = 200
SUBSTITUTION_FD = 63
_NOT_TEXT = b"\0"


class Children:
    """Starting processes, and what becomes of them."""

    state: State
    frames: list[Frame]
    arguments: tuple[str, ...] = ()
    #: Descriptors of process substitutions outside simple commands.
    loose: list[int]

    def push(self, frame: Frame) -> None:
        raise NotImplementedError

    def write(self, fd: int, text: str | bytes) -> None:
        raise NotImplementedError

    def complain(self, text: str, where: str = "", builtin: str = "") -> None:
        raise NotImplementedError

    # What kind of shell this is

    @property
    def has_job_control(self) -> bool:
        """Whether commands get process groups of their own."""
        return self.state.options.monitor and not self.state.is_subshell

    def may_replace(self) -> bool:
        """Whether a last program may take this process' place: nothing waits for its end."""
        state = self.state
        return not state.is_interactive and not any(state.traps.values()) and not state.jobs

    def shell_words(self) -> list[str]:
        """How this shell shows in `ps`."""
        return list(self.arguments) or [self.state.name]

    def _twin(self, frames: list[Frame], state: State) -> Shell:
        raise NotImplementedError

    # Starting

    def spawn_subshell(
        self,
        system: System,
        node: Command,
        descriptors: Mapping[int, int],
        *,
        group: int | None,
        is_foreground: bool = False,
    ) -> int:
        """Run a command in a copy of this shell; its pid. `descriptors` go over the shell's own."""
        state = self.state.copy()
        state.is_in_loop |= any(isinstance(frame, LoopFrame) for frame in self.frames)
        twin = self._twin([frame_for(node, True, "")], state)
        fds = {**self.child_descriptors(system, []), **descriptors}
        return system.spawn(
            Spawn(
                self.shell_words(),
                dict(system.environment),
                fds,
                program=twin,
                group=group,
                is_foreground=is_foreground,
            )
        )

    def start_foreground(self, system: System, nodes: list[Command], source: str) -> None:
        """Run commands joined by pipes, each in a subshell, and wait for them."""
        try:
            pids, group = self._start_pipeline(system, nodes, is_foreground=True)
        except Errno as error:
            self.complain(f"fork: retry: {error.text}")
            self.state.status = 254
            return
        self.push(WaitFrame(pids, group, source))

    def start_background(self, system: System, item: Item) -> None:
        """Run a command without waiting for it."""
        if len(self.state.jobs) >= JOBS_MAX:
            self.reap_jobs(system)
        try:
            extra: dict[int, int] = {}
            if not self.has_job_control and system.exists("/dev/null"):
                extra[0] = system.open("/dev/null")
            group = 0 if self.has_job_control else None
            pid = self.spawn_subshell(system, item.command, extra, group=group)
            for fd in extra.values():
                system.close(fd)
        except Errno as error:
            self.complain(f"fork: retry: {error.text}")
            self.state.status = 254
            return
        number = self.next_job_number()
        self.state.jobs.append(Job(number, pid, [pid], item.source))
        self.state.last_background = pid
        self.state.status = 0
        if self.state.is_interactive:
            self.write(2, f"[{number}] {pid}\n")

    def _start_pipeline(
        self, system: System, nodes: list[Command], *, is_foreground: bool
    ) -> tuple[list[int], int]:
        pids: list[int] = []
        group: int | None = 0 if self.has_job_control else None
        previous = -1
        try:
            for position, node in enumerate(nodes):
                descriptors: dict[int, int] = {}
                reader = writer = -1
                if position < len(nodes) - 1:
                    reader, writer = (self.move_up(system, fd) for fd in system.pipe())
                    descriptors[1] = writer
                if previous >= 0:
                    descriptors[0] = previous
                foreground = is_foreground and self.has_job_control
                pid = self.spawn_subshell(
                    system, node, descriptors, group=group, is_foreground=foreground
                )
                pids.append(pid)
                if group == 0:
                    group = pid
                for fd in (previous, writer):
                    if fd >= 0:
                        system.close(fd)
                previous = reader
        except Errno:
            for fd in (previous, reader, writer):
                if fd >= 0 and fd in system.descriptors():
                    system.close(fd)
            if not pids:
                raise
        return pids, group or (pids[0] if pids else 0)

    def move_up(self, system: System, fd: int) -> int:
        """Move a descriptor to where commands do not see it."""
        moved = system.dup(fd, SAVED_FD_MIN)
        system.close(fd)
        return moved

    def child_descriptors(self, system: System, extra: list[int]) -> dict[int, int]:
        """What children inherit."""
        kept = {fd: fd for fd in system.descriptors() if fd < SAVED_FD_MIN}
        return {**kept, **{fd: fd for fd in extra}}

    def name_child(self, system: System, pid: int, words: list[str]) -> None:
        """A hook for who wants to know what runs in the foreground."""

    # Substitutions

    def substitute(self, system: System, node: Substitution | ProcessSubstitution) -> None:
        """Get the output of commands for the topmost frame, which expands words."""
        if isinstance(node, Substitution):
            self.push(SubstitutionFrame(node))
            return
        frame = self.frames[-1]
        assert isinstance(frame, ExpandingFrame)
        frame.results.append(self._process_substitution(system, node, frame))

    def _process_substitution(
        self, system: System, node: ProcessSubstitution, frame: ExpandingFrame
    ) -> str:
        try:
            reader, writer = (self.move_up(system, fd) for fd in system.pipe())
            ours, theirs = (writer, reader) if node.is_output else (reader, writer)
            if node.body is not None:
                target = 0 if node.is_output else 1
                self.spawn_subshell(system, node.body, {target: theirs}, group=None)
            system.close(theirs)
            ours = self._move_to_top(system, ours)
        except Errno as error:
            self.complain(f"cannot make pipe for process substitution: {error.text}")
            return "/dev/null"
        opened = frame.opened if isinstance(frame, SimpleFrame) else self.loose
        opened.append(ours)
        return f"/dev/fd/{ours}"

    def _move_to_top(self, system: System, fd: int) -> int:
        """Move a descriptor to the highest free number, as bash numbers substitutions."""
        number = SUBSTITUTION_FD
        while number in system.descriptors():
            number -= 1
        system.dup2(fd, number)
        system.close(fd)
        return number

    def close_loose(self, system: System) -> None:
        """Close what process substitutions of a whole command have left open."""
        for fd in self.loose:
            if fd in system.descriptors():
                system.close(fd)
        self.loose = []

    # Scripts and programs

    def script(self, words: list[str], environment: dict[str, str], system: System) -> Shell | None:
        """A shell for a script file without `#!`; None when it is not text."""
        try:
            data = system.read_file(words[0])
        except Errno:
            return None
        if _NOT_TEXT in data[:256] or len(data) > SCRIPT_BYTES_MAX:
            return None
        state = State(self.state.dialect, Variables(environment), words[0], words[1:])
        text = data.decode("utf-8", "surrogateescape")
        return self._twin([TextFrame(text)], state)

    def find_program(self, system: System, name: str, path: str | None) -> str | None:
        """The executable that a command name stands for."""
        known = self.state.hashed.get(name)
        if known is not None and system.access(known, 1):
            return known
        found = system.find_program(name, path)
        if found is not None and path == self.state.variables.get("PATH"):
            self.state.hashed[name] = found
        return found

    def is_directory(self, system: System, path: str) -> bool:
        """Whether the path is a directory."""
        try:
            return system.stat(path).kind == "directory"
        except Errno:
            return False

    # Jobs

    def next_job_number(self) -> int:
        """The number of a new job."""
        return max((job.number for job in self.state.jobs), default=0) + 1

    def reap_jobs(self, system: System) -> None:
        """See which background processes have ended."""
        for job in self.state.jobs:
            for pid in job.pids:
                if pid in job.ended:
                    continue
                try:
                    ended = system.wait(pid)
                except Errno:
                    job.ended[pid] = 127
                    continue
                if ended is None:
                    continue
                if ended.is_stopped:
                    job.is_stopped = True
                    job.is_told = False
                else:
                    job.ended[pid] = ended.status
                    job.signal = ended.signal
                    job.is_stopped = False
                    job.is_told = False

    def tell_jobs(self, system: System) -> None:
        """Say what has become of jobs since the last time, and forget those that are over."""
        if not self.state.jobs:
            return
        self.reap_jobs(system)
        for job in list(self.state.jobs):
            if not job.is_told and (job.is_done or job.is_stopped):
                job.is_told = True
                self.write(2, self.job_line(job))
            if job.is_done:
                self.state.jobs.remove(job)

    def job_line(self, job: Job) -> str:
        """`[1]+  Done                    sleep 1`."""
        mark = self.job_mark(job)
        if job.is_stopped:
            words = "Stopped"
        elif not job.is_done:
            words = "Running"
        elif job.signal:
            words = signals.DESCRIPTIONS.get(job.signal) or f"Signal {job.signal}"
        else:
            words = f"Exit {job.status}" if job.status else "Done"
        ampersand = " &" if words == "Running" else ""
        return f"[{job.number}]{mark}  {words:<24}{job.source}{ampersand}\n"

    def job_mark(self, job: Job) -> str:
        """ "+" for the present job, "-" for the one before, else a blank."""
        recent = [each.number for each in self.state.jobs]
        if recent and job.number == recent[-1]:
            return "+"
        return "-" if len(recent) > 1 and job.number == recent[-2] else " "

    def take_terminal(self, system: System) -> None:
        """Be in the foreground again."""
        if not self.has_job_control:
            return
        # Standard input may be redirected just now (`cat < file`): any of ours will do.
        for fd in system.descriptors():
            if system.is_tty(fd):
                system.set_foreground(fd, system.group())
                return

    def hang_up(self, system: System) -> None:
        """The terminal is gone: so are the jobs."""
        for job in self.state.jobs:
            if not job.is_done:
                try:
                    system.kill(-job.group, signals.SIGHUP)
                    system.kill(-job.group, signals.SIGCONT)
                except Errno:
                    continue
