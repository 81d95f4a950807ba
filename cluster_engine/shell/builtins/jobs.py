"""jobs, wait, fg, bg, disown, kill: background processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime import signals
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.builtins.borrowed import borrow
from cluster_engine.shell.builtins.call import BASH_ONLY, Builtin, BuiltinProblem, Call, Result
from cluster_engine.shell.commands import kill as kill_command
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.frames.waiting import WaitFrame
from cluster_engine.shell.state import Job

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell


def find_job(call: Call, word: str) -> Job | None:
    """The job that `%1`, `%+`, `%name` means."""
    jobs = call.state.jobs
    name = word.removeprefix("%")
    if name in ("", "+", "%"):
        return jobs[-1] if jobs else None
    if name == "-":
        return jobs[-2] if len(jobs) > 1 else None
    if name.isdecimal():
        return next((job for job in jobs if job.number == int(name)), None)
    return next((job for job in reversed(jobs) if job.source.startswith(name)), None)


def run_jobs(call: Call) -> Result:
    """List background jobs."""
    flags, _ = call.flags("lprs")
    call.shell.reap_jobs(call.system)
    for job in list(call.state.jobs):
        if "p" in flags:
            call.line(str(job.group))
            continue
        line = call.shell.job_line(job)
        if "l" in flags:
            head, _, rest = line.partition("  ")
            line = f"{head} {job.group} {rest}"
        call.say(line)
        job.is_told = True
        if job.is_done:
            call.state.jobs.remove(job)
    return 0


class WaitForFrame(Frame):
    """Waits for background processes; a trap breaks it off."""

    __slots__ = ("is_any", "is_every", "pids", "status", "traps")

    def __init__(self, pids: list[int], *, is_any: bool, is_every: bool, traps: int) -> None:
        self.pids = pids
        self.is_any = is_any
        self.is_every = is_every
        self.traps = traps
        self.status = 0

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if shell.traps_run != self.traps:
            shell.finish(system, 128 + shell.last_signal)
            return None
        shell.reap_jobs(system)
        ended = {pid: status for job in shell.state.jobs for pid, status in job.ended.items()}
        left = [pid for pid in self.pids if pid not in ended]
        for pid in self.pids:
            if pid in ended:
                self.status = ended[pid]
        if left and not (self.is_any and len(left) < len(self.pids)):
            return Waiting(children=tuple(left))
        for job in list(shell.state.jobs):
            if job.is_done and set(job.pids) & set(self.pids):
                if self.is_every and shell.state.is_interactive:
                    shell.write(2, shell.job_line(job))
                shell.state.jobs.remove(job)
        shell.finish(system, 0 if self.is_every else self.status)
        return None


def run_wait(call: Call) -> Result:
    """Wait for background processes."""
    flags, words = call.flags("fnp")
    call.shell.reap_jobs(call.system)
    jobs = call.state.jobs
    pids: list[int] = []
    for word in words:
        if word.startswith("%"):
            job = find_job(call, word)
            if job is None:
                raise BuiltinProblem(f"{word}: no such job", 127)
            pids.append(job.pids[-1])
        elif word.isdecimal():
            if not any(int(word) in job.pids for job in jobs):
                call.complain(f"pid {word} is not a child of this shell")
                return 127
            pids.append(int(word))
        else:
            raise BuiltinProblem(f"`{word}': not a pid or valid job spec")
    if not words:
        pids = [pid for job in jobs for pid in job.pids]
    if not pids:
        return 127 if "n" in flags else 0
    is_any = "n" in flags
    return WaitForFrame(
        pids, is_any=is_any, is_every=not words and not is_any, traps=call.shell.traps_run
    )


def _chosen(call: Call) -> Job:
    word = call.words[0] if call.words else "%+"
    job = find_job(call, word)
    if job is None:
        raise BuiltinProblem(f"{call.words[0] if call.words else 'current'}: no such job")
    return job


def run_fg(call: Call) -> Result:
    """Let a job go on in the foreground."""
    if not call.shell.has_job_control:
        raise BuiltinProblem("no job control")
    job = _chosen(call)
    call.line(job.source)
    call.state.jobs.remove(job)
    if call.system.is_tty(0):
        call.system.set_foreground(0, job.group)
    _continue(call, job)
    frame = WaitFrame([pid for pid in job.pids if pid not in job.ended], job.group, job.source)
    return frame if frame.pids else job.status


def run_bg(call: Call) -> Result:
    """Let a stopped job go on in the background."""
    if not call.shell.has_job_control:
        raise BuiltinProblem("no job control")
    job = _chosen(call)
    call.line(f"[{job.number}]{call.shell.job_mark(job)} {job.source} &")
    _continue(call, job)
    return 0


def _continue(call: Call, job: Job) -> None:
    job.is_stopped = False
    try:
        call.system.kill(-job.group, signals.SIGCONT)
    except Errno:
        return


def run_disown(call: Call) -> Result:
    """Forget a job, but let it run."""
    flags, words = call.flags("ahr")
    if "a" in flags:
        call.state.jobs.clear()
        return 0
    for word in words or ["%+"]:
        job = find_job(call, word)
        if job is None:
            raise BuiltinProblem(f"{word}: no such job")
        call.state.jobs.remove(job)
    return 0


def run_kill(call: Call) -> Result:
    """Send a signal; `%1` is a job."""
    words = [call.arguments[0]]
    for word in call.words:
        if word.startswith("%"):
            job = find_job(call, word)
            if job is None:
                raise BuiltinProblem(f"{word}: no such job")
            group = call.shell.has_job_control
            words.append(str(-job.group if group else job.group))
            if group and words[-2:-1] == [call.arguments[0]]:
                words.insert(-1, "--")
        else:
            words.append(word)
    call.shell.yields = True
    return borrow(call, kill_command.BUILTINS[call.state.dialect.name], words)


BUILTINS = (
    Builtin("jobs", run_jobs),
    Builtin("wait", run_wait),
    Builtin("fg", run_fg),
    Builtin("bg", run_bg),
    Builtin("disown", run_disown, BASH_ONLY),
    Builtin("kill", run_kill),
)
