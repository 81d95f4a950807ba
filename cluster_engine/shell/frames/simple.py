"""Simple commands: expand, redirect, then run a builtin, a function or a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.builtins.call import Call
from cluster_engine.shell.expansion.expander import Expander
from cluster_engine.shell.frames.assignments import Assigned, assign, evaluate_assignment
from cluster_engine.shell.frames.frame import ExpandingFrame, Frame
from cluster_engine.shell.frames.functions import FunctionFrame
from cluster_engine.shell.frames.waiting import WaitFrame
from cluster_engine.shell.redirects import (
    Opening,
    RedirectProblem,
    Saved,
    apply,
    forget,
    restore,
)
from cluster_engine.shell.syntax.nodes import Redirect, Redirected, Simple
from cluster_engine.shell.variables import Variable, VariableProblem

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

NOT_EXECUTABLE, NOT_FOUND = 126, 127


@dataclass(slots=True)
class Expanded:
    """A simple command after expansion."""

    words: list[str]
    openings: list[Opening]
    assignments: list[Assigned] = field(default_factory=list)


def expand_redirects(redirects: tuple[Redirect, ...], expander: Expander) -> list[Opening]:
    """Redirects with their targets expanded."""
    found = []
    for redirect in redirects:
        if redirect.operator == "<<":
            text = expander.body(redirect.target)
        else:
            text = expander.text(redirect.target)
            if redirect.operator == "<<<":
                text += "\n"
        found.append(Opening(redirect.operator, text, redirect.fd))
    return found


class RedirectedFrame(ExpandingFrame):
    """Runs a compound command with redirects."""

    __slots__ = ("is_begun", "node", "saved")

    def __init__(self, node: Redirected) -> None:
        super().__init__()
        self.node = node
        self.saved: Saved = []
        self.is_begun = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.is_begun:
            shell.pop(system)
            return None
        redirects = self.node.redirects
        openings = self.expand(shell, system, lambda e: expand_redirects(redirects, e))
        if openings is None:
            return None
        try:
            options = shell.state.options
            self.saved = apply(system, openings, shell.state.dialect, keeps_files=options.noclobber)
        except RedirectProblem as problem:
            shell.complain(str(problem))
            shell.finish(system, 1)
            shell.check_error(system)
            return None
        self.is_begun = True
        shell.run(self.node.command)
        return None

    def leave(self, shell: Shell, system: System) -> None:
        restore(system, self.saved)
        self.saved = []


class SimpleFrame(ExpandingFrame):
    """Runs a simple command. `is_last`: a program may take this process' place."""

    __slots__ = ("before", "expanded", "is_last", "node", "opened", "saved", "source", "stage")

    def __init__(self, node: Simple, is_last: bool, source: str) -> None:
        super().__init__()
        self.node = node
        self.is_last = is_last
        self.source = source
        self.stage = "expand"
        self.expanded: Expanded | None = None
        self.saved: Saved = []
        #: Variables as they were before `name=value command`.
        self.before: list[tuple[str, Variable | None]] = []
        #: Descriptors of process substitutions.
        self.opened: list[int] = []

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.stage == "expand":
            shell.state.line = self.node.line
            shell.has_substituted = bool(self.results)
            self.expanded = self.expand(shell, system, self._expand)
            if self.expanded is None:
                return None
            self.stage = "run"
            self._trace(shell, self.expanded)
            self._begin(shell, system, self.expanded)
            return None
        shell.pop(system)
        shell.done(system)
        return None

    def leave(self, shell: Shell, system: System) -> None:
        restore(system, self.saved)
        self.saved = []
        for name, variable in reversed(self.before):
            shell.state.variables.restore(name, variable)
        self.before = []
        for fd in self.opened:
            if fd in system.descriptors():
                system.close(fd)
        self.opened = []

    def _expand(self, expander: Expander) -> Expanded:
        words = expander.fields(self.node.words)
        openings = expand_redirects(self.node.redirects, expander)
        assignments = [evaluate_assignment(each, expander) for each in self.node.assignments]
        return Expanded(words, openings, assignments)

    def _trace(self, shell: Shell, expanded: Expanded) -> None:
        if not shell.state.options.xtrace:
            return
        shown = [shell.shown(f"{each.name}={each.text}") for each in expanded.assignments]
        shown += [shell.shown(word) for word in expanded.words]
        shell.write(2, (shell.state.variables.get("PS4") or "+ ") + " ".join(shown) + "\n")

    def _begin(self, shell: Shell, system: System, expanded: Expanded) -> None:
        try:
            self.saved = apply(
                system,
                expanded.openings,
                shell.state.dialect,
                keeps_files=shell.state.options.noclobber,
            )
        except (RedirectProblem, Errno) as problem:
            text = problem.text if isinstance(problem, Errno) else str(problem)
            shell.complain(text)
            self._end(shell, system, 2 if shell.state.dialect.name == "dash" else 1)
            return
        words = expanded.words
        if not words:
            self._assign_only(shell, system, expanded)
            return
        shell.state.last_argument = words[-1]
        hides = shell.hidden_functions
        function = shell.state.functions.get(words[0]) if not hides else None
        builtin = shell.find_builtin(words[0])
        if builtin is not None and (function is None or builtin.is_special_in(shell.state)):
            self._run_builtin(shell, system, expanded)
        elif function is not None:
            if self._assign_for_now(shell, system, expanded):
                shell.push(FunctionFrame(function, words))
        else:
            self._run_program(shell, system, expanded)

    def _assign_only(self, shell: Shell, system: System, expanded: Expanded) -> None:
        status = shell.state.status if shell.has_substituted else 0
        shell.has_substituted = False
        try:
            for each in expanded.assignments:
                assign(shell.state, each)
        except VariableProblem as problem:
            self._refused(shell, system, problem)
            return
        self._end(shell, system, status)

    def _refused(self, shell: Shell, system: System, problem: VariableProblem) -> None:
        is_locked = "readonly" in str(problem)
        text = str(problem)
        if shell.state.dialect.name != "bash":
            text = text.replace("readonly variable", "is read only")
        shell.complain(text)
        self._end(shell, system, 1)
        if not is_locked:
            return
        if shell.state.dialect.name == "bash" or shell.state.is_interactive:
            shell.break_off(system, 1)
        else:
            shell.exit(system, 2)

    def _end(self, shell: Shell, system: System, status: int) -> None:
        shell.finish(system, status)
        shell.done(system)

    def _assign_for_now(self, shell: Shell, system: System, expanded: Expanded) -> bool:
        """Assign for the time of the command; False when it is over already."""
        try:
            for each in expanded.assignments:
                if each.elements is None:
                    self.before.append((each.name, shell.state.variables.find(each.name)))
                    assign(shell.state, each)
                    shell.state.variables.mark(each.name, is_exported=True)
        except VariableProblem as problem:
            self._refused(shell, system, problem)
            return False
        return True

    def _run_builtin(self, shell: Shell, system: System, expanded: Expanded) -> None:
        words = expanded.words
        builtin = shell.find_builtin(words[0])
        assert builtin is not None
        if builtin.declares:
            expanded.assignments, arrays = [], expanded.assignments
            call = Call(shell, system, words, arrays)
        else:
            if not self._assign_for_now(shell, system, expanded):
                return
            call = Call(shell, system, words)
        if builtin.name == "exec":
            self.before = []
            forget(system, self.saved)
            self.saved = []
        result = builtin.call(call)
        if isinstance(result, Frame):
            shell.push(result)
        elif isinstance(result, int):
            shell.state.status = result

    # Programs

    def _run_program(self, shell: Shell, system: System, expanded: Expanded) -> None:
        words = expanded.words
        environment = shell.state.variables.environment()
        for each in expanded.assignments:
            environment[each.name] = each.text
        path = (
            environment.get("PATH")
            if any(a.name == "PATH" for a in expanded.assignments)
            else (shell.state.variables.get("PATH"))
        )
        target = words[0]
        if "/" not in target:
            found = shell.find_program(system, target, path)
            if found is None:
                self._fail(shell, system, target, Errno("ENOENT"))
                return
            target = found
        environment["_"] = target
        try:
            if self.is_last and shell.may_replace():
                system.execute(words, environment, target)
                shell.is_replaced = True
                return
            self._spawn(shell, system, target, words, environment)
        except Errno as error:
            if error.name == "ENOEXEC":
                self._run_script(shell, system, target, words, environment)
            else:
                self._fail(shell, system, words[0], error)

    def _spawn(
        self,
        shell: Shell,
        system: System,
        target: str,
        words: list[str],
        environment: dict[str, str],
    ) -> None:
        has_jobs = shell.has_job_control
        pid = system.spawn(
            Spawn(
                words,
                environment,
                shell.child_descriptors(system, self.opened),
                path=target,
                group=0 if has_jobs else None,
                is_foreground=has_jobs,
            )
        )
        shell.name_child(system, pid, words)
        shell.push(WaitFrame([pid], pid, self.source or " ".join(words)))

    def _run_script(
        self,
        shell: Shell,
        system: System,
        target: str,
        words: list[str],
        environment: dict[str, str],
    ) -> None:
        """A file that is no program is a script of this shell."""
        script = shell.script([target, *words[1:]], environment, system)
        if script is None:
            self._fail(shell, system, words[0], Errno("ENOEXEC"))
            return
        has_jobs = shell.has_job_control
        pid = system.spawn(
            Spawn(
                [*shell.shell_words(), target, *words[1:]],
                environment,
                shell.child_descriptors(system, self.opened),
                program=script,
                group=0 if has_jobs else None,
                is_foreground=has_jobs,
            )
        )
        shell.push(WaitFrame([pid], pid, self.source))

    def _fail(self, shell: Shell, system: System, name: str, error: Errno) -> None:
        bash = shell.state.dialect.name == "bash"
        if error.name == "ENOENT" and "/" not in name:
            text = f"{name}: command not found" if bash else f"{name}: not found"
            status = NOT_FOUND
        elif error.name == "ENOENT":
            text = f"{name}: {error.text}" if bash else f"{name}: not found"
            status = NOT_FOUND
        else:
            text = f"{name}: {error.text}"
            if error.name == "EACCES" and bash and shell.is_directory(system, name):
                text = f"{name}: Is a directory"
            if error.name == "EAGAIN":
                text = f"fork: retry: {error.text}"
            status = NOT_EXECUTABLE
        shell.complain(text)
        self._end(shell, system, status)
