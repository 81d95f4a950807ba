"""What a shell knows besides what it is doing: variables, parameters, options, functions, jobs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cluster_engine.shell.syntax.dialect import Dialect
from cluster_engine.shell.syntax.nodes import Function
from cluster_engine.shell.variables import Variables

HISTORY_MAX = 500
#: The exit status after Ctrl-C.
_INTERRUPTED = 130


@dataclass(slots=True)
class Options:
    """What `set` and `shopt` switch."""

    errexit: bool = False
    nounset: bool = False
    xtrace: bool = False
    verbose: bool = False
    noexec: bool = False
    noglob: bool = False
    noclobber: bool = False
    allexport: bool = False
    pipefail: bool = False
    monitor: bool = False
    nullglob: bool = False
    dotglob: bool = False
    extglob: bool = False
    globstar: bool = False
    nocasematch: bool = False
    expand_aliases: bool = False
    lastpipe: bool = False


@dataclass(slots=True)
class Job:
    """A background (or stopped) pipeline."""

    number: int
    group: int
    pids: list[int]
    source: str
    #: Exit statuses by pid of those that have ended.
    ended: dict[int, int] = field(default_factory=dict)
    is_stopped: bool = False
    is_told: bool = False
    signal: int = 0

    @property
    def is_done(self) -> bool:
        """Whether all of its processes have ended."""
        return len(self.ended) == len(self.pids)

    @property
    def status(self) -> int:
        """The exit status of its last process."""
        return self.ended.get(self.pids[-1], 0)


@dataclass(frozen=True, slots=True)
class Entered:
    """The last line that a person entered, and how many in a row have failed so far."""

    text: str
    at_ms: int
    failures: int = 0
    is_done: bool = False

    def done(self, status: int) -> Entered:
        """The same once it has ended with that status; an interrupt is no failure."""
        is_failure = status not in (0, _INTERRUPTED)
        return replace(self, failures=self.failures + 1 if is_failure else 0, is_done=True)


@dataclass(slots=True)
class State:
    """The memory of one shell."""

    dialect: Dialect
    variables: Variables
    #: `$0`, and `$1` and so on.
    name: str
    positional: list[str] = field(default_factory=list)
    options: Options = field(default_factory=Options)
    functions: dict[str, Function] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    #: Signal name ("INT", "EXIT", "ERR") to the commands of `trap`; "" ignores.
    traps: dict[str, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    entered: Entered | None = None
    #: Names of functions that run, innermost last.
    calls: list[str] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)
    hashed: dict[str, str] = field(default_factory=dict)
    status: int = 0
    pipe_statuses: list[int] = field(default_factory=list)
    last_background: int = 0
    #: `$$`: the pid of the first shell, also in subshells.
    pid: int = 0
    started_ms: int = 0
    line: int = 0
    umask: int = 0o022
    is_interactive: bool = False
    is_login: bool = False
    is_command_string: bool = False
    is_script: bool = False
    is_subshell: bool = False
    #: Whether a loop of the shell that it was copied from goes on around it.
    is_in_loop: bool = False
    #: Where getopts is: in which word, and at which letter of it.
    option_index: int = 0
    option_word: int = 0
    #: `$_`.
    last_argument: str = ""

    def copy(self) -> State:
        """For a subshell: the same memory, nothing shared that changes."""
        return replace(
            self,
            variables=self.variables.copy(),
            positional=list(self.positional),
            options=replace(self.options),
            functions=dict(self.functions),
            aliases=dict(self.aliases),
            traps={name: action for name, action in self.traps.items() if not action},
            jobs=[],
            history=[],
            calls=list(self.calls),
            directories=list(self.directories),
            hashed=dict(self.hashed),
            pipe_statuses=list(self.pipe_statuses),
            is_interactive=False,
            is_subshell=True,
        )

    @property
    def flags(self) -> str:
        """`$-`."""
        options = self.options
        shown = "a" if options.allexport else ""
        shown += "e" if options.errexit else ""
        shown += "f" if options.noglob else ""
        shown += "h" if self.dialect.name == "bash" else ""
        shown += "i" if self.is_interactive else ""
        shown += "m" if options.monitor else ""
        shown += "u" if options.nounset else ""
        shown += "x" if options.xtrace else ""
        if self.dialect.name == "bash":
            shown += "B" + ("C" if options.noclobber else "") + ("H" if self.is_interactive else "")
            shown += "c" if self.is_command_string else ""
        return shown

    def complaint(self, text: str, where: str = "", builtin: str = "") -> str:
        """A message the way this shell begins one: `bash: line 3: cd: text`. `where` is what bash
        puts before the line: "-c: ", "eval: "."""
        who = f"{builtin}: " if builtin else ""
        line = max(self.line, 1)
        if self.dialect.name == "bash":
            if self.is_interactive:
                return f"bash: {where}{who}{text}\n"
            name = "environment" if self.calls and self.is_command_string else self.name
            return f"{name}: {where}line {line}: {who}{text}\n"
        if self.dialect.name == "dash":
            return f"{self.name}: {line}: {who}{text}\n"
        shown = f"line {line}: " if self.is_script else ""
        if builtin and self.is_command_string:
            shown = "line 0: "
        return f"{self.name}: {who}{shown}{text}\n"
