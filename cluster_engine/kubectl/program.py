"""The program `kubectl`: finds the command, runs it step by step, writes what it says.

Its memory is plain data; a copy of the cluster in the middle of `kubectl get -w` goes on in both.
"""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.completing import answer
from cluster_engine.kubectl.errors import HelpError, KubectlError, SilentExit
from cluster_engine.kubectl.finding import find, flags_of
from cluster_engine.kubectl.flags import Parsed, parse
from cluster_engine.kubectl.help import command_help, root_help, unknown_command
from cluster_engine.kubectl.registry import GROUPS, ROOT
from cluster_engine.kubectl.session import STDERR, STDOUT, Memory, NeedsInput, Session, Task
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

#: Groups of commands that do not mind being called alone.
_SHOW_HELP = ("certificate",)
_STDIN_BYTES_MAX = 10 * 1024 * 1024


class Kubectl:
    """One call of kubectl."""

    def __init__(self, arguments: list[str]) -> None:
        self._words = arguments[1:]
        self._memory = Memory()
        self._path: tuple[str, ...] = ()
        self._parsed = Parsed({})
        self._task: Task | None = None
        self._pending: list[tuple[int, bytes]] = []
        self._input: list[bytes] | None = None
        self._code: int | None = None

    def step(self, system: System) -> Outcome:
        """See runtime.program."""
        blocked = self._flush(system)
        if blocked is not None:
            return blocked
        if self._has_ended():
            return Exited(self._code or 0)
        if self._input is not None:
            waiting = self._collect_input(system)
            if waiting is not None:
                return waiting
        outcome = self._advance(system)
        blocked = self._flush(system)
        if blocked is not None:
            return blocked
        if self._has_ended():
            return Exited(self._code or 0)
        return outcome or Waiting()

    def signal(self, system: System, number: int) -> bool:
        """Signals end it, as they end kubectl; a task may want to know."""
        handler = getattr(self._task, "signal", None)
        return bool(handler is not None and handler(system, number))

    def http(self, system: System, request: HttpRequest) -> HttpReply:
        """A request to a port that a task listens on; see runtime.program.HttpProgram."""
        handler = getattr(self._task, "http", None)
        if handler is None:
            return HttpReply(502)
        session = Session(system, "kubectl", self._parsed, self._memory)
        reply: HttpReply = handler(session, request)
        self._keep(session)
        self._flush(system)
        return reply

    def _has_ended(self) -> bool:
        return self._code is not None

    def _advance(self, system: System) -> Waiting | None:
        """Run the command, or the next step of its task."""
        session = Session(system, " ".join(("kubectl", *self._path)), self._parsed, self._memory)
        result: int | Task | Waiting | None
        try:
            result = self._task.step(session) if self._task else self._start(session)
        except NeedsInput:
            self._input = []
            result = None
        except SilentExit as exit_:
            result = exit_.code
        except KubectlError as error:
            if isinstance(error, HelpError):
                session.write(command_help(session.command, find(self._words, ROOT)[1]))
            text = error.text().rstrip("\n")
            session.write_err(f"{text}\n" if text else "")
            result = error.code
        except Errno as error:
            session.err(f"error: {error.text.lower()}")
            result = 1
        if self._input is None:
            self._keep(session)
        if isinstance(result, int):
            self._code = self._final(result)
        elif isinstance(result, Waiting):
            return result
        elif result is not None:
            self._task = result
        return None

    def _start(self, session: Session) -> int | Task:
        if self._words[:1] == ["__complete"]:
            session.write(answer(self._words[1:], session, ROOT).text())
            return 0
        if self._words[:1] == ["help"]:
            return _topic(session, self._words[1:])
        self._path, command, words = find(self._words, ROOT)
        session.command = " ".join(("kubectl", *self._path))
        if not self._path and words and not words[0].startswith("-"):
            session.err(unknown_command(words[0], [child.name for child in ROOT.children]))
            return 1
        self._parsed = parse(words, flags_of(command), session.command)
        session.flags = self._parsed
        if self._parsed.is_on("help") or command.run is None:
            return self._help(session, command)
        return command.run(session)

    def _help(self, session: Session, command: Command) -> int:
        if not self._path:
            session.write(root_help(GROUPS))
            return 0
        if command.run is None and self._parsed.arguments:
            name = self._parsed.arguments[0]
            raise KubectlError(
                f"unknown command \"{name}\"\nSee '{session.command} -h' for help and examples"
            )
        text = command_help(session.command, command)
        if self._parsed.is_on("help"):
            session.write(text)
            return 0
        # A group of commands called without one of them.
        is_error = command.name not in _SHOW_HELP
        if is_error and command.name != "rollout":
            session.write_err(text)
        else:
            session.write(text)
        return int(is_error)

    def _final(self, code: int) -> int:
        if code == 0 and self._parsed.values.get("warnings-as-errors") and self._memory.warned:
            count = len(self._memory.warned)
            text = f"error: {count} warning{'s' if count > 1 else ''} received\n"
            self._pending.append((STDERR, text.encode()))
            return 1
        return code

    def _keep(self, session: Session) -> None:
        """Take over what the session has written, neighbours joined."""
        for fd, data in session.writes:
            raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
            if self._pending and self._pending[-1][0] == fd:
                raw = self._pending.pop()[1] + raw
            self._pending.append((fd, raw))

    def _flush(self, system: System) -> Waiting | None:
        while self._pending:
            fd, data = self._pending[0]
            try:
                taken = system.write(fd, data)
            except Errno:
                self._pending.clear()
                self._code = 1 if fd == STDOUT else self._code
                return None
            if taken < len(data):
                self._pending[0] = (fd, data[taken:])
                return Waiting(writable=(fd,))
            self._pending.pop(0)
        return None

    def _collect_input(self, system: System) -> Waiting | None:
        chunks = self._input if self._input is not None else []
        while True:
            data = system.read(0)
            if data is None:
                return Waiting(readable=(0,))
            if not data or sum(map(len, chunks)) > _STDIN_BYTES_MAX:
                break
            chunks.append(data)
        self._memory.stdin = b"".join(chunks)
        self._input = None
        return None


def _topic(session: Session, words: list[str]) -> int:
    """`kubectl help` about a command."""
    path, command, rest = find(words, ROOT)
    if path:
        session.write(command_help(" ".join(("kubectl", *path)), command))
        return 0
    if rest:
        session.err(f"Unknown help topic [{' '.join(f'`{word}`' for word in rest)}]")
    session.write(root_help(GROUPS))
    return 0
