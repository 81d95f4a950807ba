"""The shell: a program that is a stack of frames over a state, all of it data.

`Shell` is stepped by the kernel; each step advances the topmost frame a few times. Builtins and
frames act on the shell through the methods here: run, push, pop, finish, start processes, break
off. It can be copied at any moment and goes on in both copies.

Models: bash 5.2, dash 0.5.12, BusyBox 1.37 ash.
"""

from __future__ import annotations

from cluster_engine.runtime import signals
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.builtins.call import Builtin
from cluster_engine.shell.builtins.registry import BUILTINS
from cluster_engine.shell.children import Children
from cluster_engine.shell.expansion.parameters import ExpansionProblem
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.frames.functions import FunctionFrame
from cluster_engine.shell.frames.loops import LoopFrame
from cluster_engine.shell.frames.nodes import frame_for
from cluster_engine.shell.frames.sources import SourceFrame, TextFrame, TrapFrame
from cluster_engine.shell.frames.waiting import WaitFrame
from cluster_engine.shell.interactive.reading import ReadingFrame
from cluster_engine.shell.quoting import quote
from cluster_engine.shell.state import State
from cluster_engine.shell.syntax.nodes import Command

ADVANCES_PER_STEP = 24
WORK_PER_ADVANCE = 6
FRAMES_MAX = 3_000
OUTPUT_BYTES_MAX = 8 * 1024 * 1024
UNBOUND_STATUS = {"bash": 127, "dash": 2, "ash": 2}


class Shell(Children):
    """One shell process."""

    def __init__(self, state: State, frames: list[Frame]) -> None:
        self.state = state
        self.frames = frames
        self.loose: list[int] = []
        #: What builtins have written and the kernel has not taken yet.
        self.output: list[tuple[int, bytes]] = []
        #: Signal names whose traps have to run.
        self.trapped: list[str] = []
        #: Above 0 while failures are answers (conditions, `!`, the left of `&&`).
        self.tested = 0
        #: Above 0 while functions are passed over (`command`).
        self.hidden_functions = 0
        #: How many traps have run, and for which signal last: `wait` looks at it.
        self.traps_run = 0
        self.last_signal = 0
        self.has_substituted = False
        #: Another program takes this process' place after the step.
        self.is_replaced = False
        self.is_exiting = False
        self.is_begun = False
        self.was_interrupted = False
        #: Let the kernel deliver signals before anything else is done.
        self.yields = False

    def _twin(self, frames: list[Frame], state: State) -> Shell:
        twin = Shell(state, frames)
        twin.arguments = self.arguments
        return twin

    # Stepping

    def step(self, system: System) -> Outcome:
        """Advance what is being done; see runtime.program."""
        if not self.is_begun:
            self.begin(system)
        for _ in range(ADVANCES_PER_STEP):
            system.work(WORK_PER_ADVANCE)
            if self.output:
                outcome = self._flush(system)
                if outcome is not None:
                    return outcome
            if self.was_interrupted:
                self._interrupt(system)
            if self.trapped and self._run_trap(system):
                continue
            if not self.frames:
                if self._exit_trap():
                    continue
                return Exited(self.state.status)
            if len(self.frames) > FRAMES_MAX:
                self.complain("out of memory")
                self.exit(system, 2)
                continue
            outcome = self.frames[-1].advance(self, system)
            if self.is_replaced:
                return AGAIN
            if outcome is not None and not self.output:
                return outcome
            if self.yields:
                self.yields = False
                return AGAIN
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Run a trap, or do what interactive shells do; see runtime.program."""
        name = signals.NAMES.get(number, "")
        action = self.state.traps.get(name)
        if action is not None:
            if action:
                self.trapped.append(name)
            return True
        if not self.state.is_interactive:
            return False
        if number == signals.SIGINT:
            self.was_interrupted = True
            return True
        if number == signals.SIGHUP:
            self.hang_up(system)
            return False
        if number == signals.SIGWINCH and isinstance(self.frames[0], ReadingFrame):
            self.frames[0].resize(system)
        return number in (
            signals.SIGTERM,
            signals.SIGQUIT,
            signals.SIGTSTP,
            signals.SIGTTIN,
            signals.SIGTTOU,
            signals.SIGWINCH,
        )

    def begin(self, system: System) -> None:
        """The first step: learn who and when this is."""
        self.is_begun = True
        if not self.state.pid:
            self.state.pid = system.pid
        self.state.started_ms = self.state.started_ms or system.now_ms

    # Frames

    def push(self, frame: Frame) -> None:
        """Do this before the present frame goes on."""
        self.frames.append(frame)

    def pop(self, system: System) -> None:
        """The topmost frame is over."""
        self.frames.pop().leave(self, system)

    def run(self, node: Command, *, is_last: bool = False, source: str = "") -> None:
        """Run a command; its status is in `state.status` when the present frame goes on."""
        self.push(frame_for(node, is_last, source))

    def finish(self, system: System, status: int) -> None:
        """The topmost frame is over with that status."""
        self.pop(system)
        self.state.status = status & 0xFF

    def done(self, system: System) -> None:
        """After a command that is no pipeline: note its status, see whether it is an error."""
        self.state.pipe_statuses = [self.state.status]
        self.check_error(system)

    def check_error(self, system: System) -> None:
        """After a command: `set -e` and the ERR trap."""
        state = self.state
        if state.status == 0 or self.tested or not self.frames:
            return
        action = state.traps.get("ERR")
        if action and not any(isinstance(frame, TrapFrame) for frame in self.frames):
            self.push(TrapFrame(action, state.status))
        if state.options.errexit:
            self.exit(system, state.status)

    # Breaking off

    def break_off(self, system: System, status: int) -> None:
        """Give up what is being done: back to the prompt, or (in a script) to the next command
        of its text."""
        if not self.state.is_interactive:
            base = next(
                (p for p, frame in enumerate(self.frames) if isinstance(frame, TextFrame)), -1
            )
        else:
            base = 0
        while len(self.frames) > base + 1:
            self.pop(system)
        self.state.status = status & 0xFF

    def exit(self, system: System, status: int) -> None:
        """End the shell; the EXIT trap runs first."""
        while self.frames:
            self.pop(system)
        self.state.status = status & 0xFF
        self.is_exiting = True

    def leave_loops(self, system: System, count: int, *, goes_on: bool) -> bool:
        """`break` and `continue`; False when there is no loop."""
        loops = []
        for position in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[position]
            if isinstance(frame, LoopFrame):
                loops.append(position)
            elif isinstance(frame, (FunctionFrame, TrapFrame)):
                break
        if not loops:
            return False
        target = loops[min(count, len(loops)) - 1]
        while len(self.frames) > target + 1:
            self.pop(system)
        self.state.status = 0
        loop = self.frames[-1]
        assert isinstance(loop, LoopFrame)
        loop.last = 0
        if goes_on:
            loop.go_on()
        else:
            self.pop(system)
        return True

    def return_from(self, system: System, status: int) -> bool:
        """`return`; False when there is nothing to return from."""
        position = len(self.frames) - 1
        while position >= 0:
            if isinstance(self.frames[position], (FunctionFrame, SourceFrame)):
                break
            position -= 1
        if position < 0:
            return False
        while len(self.frames) > position:
            self.pop(system)
        self.state.status = status & 0xFF
        return True

    def expansion_failed(self, system: System, problem: ExpansionProblem) -> None:
        """Words could not be expanded."""
        self.complain(str(problem))
        if self.state.is_interactive:
            self.break_off(system, 1)
        elif problem.ends_line:
            self.break_off(system, problem.status)
        else:
            self.exit(system, problem.status or UNBOUND_STATUS[self.state.dialect.name])

    def syntax_failed(self, system: System) -> None:
        """A text could not be read: a script ends."""
        if not self.state.is_interactive and not self.frames:
            self.exit(system, self.state.status)

    def _interrupt(self, system: System) -> None:
        """^C at a prompt or while only the shell itself works."""
        self.was_interrupted = False
        if self.frames and not isinstance(self.frames[-1], WaitFrame):
            self.output.clear()
            if len(self.frames) > 1:
                self.write(2, "\n")
            self.break_off(system, 130)
            if self.frames and isinstance(self.frames[0], ReadingFrame):
                self.frames[0].restart()

    # Traps

    def _run_trap(self, system: System) -> bool:
        """Begin the next trap; not while a program runs in the foreground."""
        if self.frames and isinstance(self.frames[-1], WaitFrame):
            return False
        name = self.trapped.pop(0)
        action = self.state.traps.get(name)
        if not action:
            return False
        self.traps_run += 1
        self.last_signal = signals.NUMBERS.get(name, 0)
        self.push(TrapFrame(action, self.state.status))
        return True

    def _exit_trap(self) -> bool:
        action = self.state.traps.pop("EXIT", "")
        if not action:
            return False
        self.is_exiting = False
        self.push(TrapFrame(action, self.state.status))
        return True

    # Words

    def write(self, fd: int, text: str | bytes) -> None:
        """Write once the kernel takes it, before anything else is done."""
        data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        if data:
            self.output.append((fd, data))

    def complain(self, text: str, where: str = "", builtin: str = "") -> None:
        """Write `bash: line 3: text` to standard error."""
        self.write(2, self.state.complaint(text, where, builtin))

    def shown(self, word: str) -> str:
        """A word as `set -x` shows it."""
        return word if self.state.dialect.name == "dash" else quote(word)

    def find_builtin(self, name: str) -> Builtin | None:
        """The builtin of that name in this dialect."""
        found = BUILTINS.get(name)
        if found is not None and self.state.dialect.name in found.dialects:
            return found
        return None

    def builtin_names(self) -> list[str]:
        """The names of this dialect's builtins."""
        name = self.state.dialect.name
        return sorted(each for each, held in BUILTINS.items() if name in held.dialects)

    def until_readable(self, fd: int) -> Outcome:
        """Wait for input."""
        return Waiting(readable=(fd,))

    def _flush(self, system: System) -> Outcome | None:
        """Write out what waits; an outcome when it is not all taken."""
        while self.output:
            fd, data = self.output[0]
            try:
                taken = system.write(fd, data)
            except Errno as error:
                if error.name == "EPIPE":
                    raise
                self.output.clear()
                self.state.status = 1
                if fd != 2:
                    self.complain(f"write error: {error.text}")
                return None
            if taken < len(data):
                self.output[0] = (fd, data[taken:])
                return Waiting(writable=(fd,))
            del self.output[0]
        return None
