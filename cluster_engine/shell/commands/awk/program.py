"""awk, the program: reads its options and its script, then takes the script's steps."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.awk.compiler import compile_script
from cluster_engine.shell.commands.awk.limits import AwkFault, AwkProblem, OpenProblem
from cluster_engine.shell.commands.awk.machine import Machine
from cluster_engine.shell.commands.awk.operations import OPERATIONS
from cluster_engine.shell.commands.awk.parser import parse_script
from cluster_engine.shell.commands.awk.streams import path
from cluster_engine.shell.commands.awk.values import Array, Input, to_number
from cluster_engine.shell.commands.command import Invocation, Output, UsageError, encoded
from cluster_engine.shell.commands.options import parse_words
from cluster_engine.shell.commands.patterns import PatternProblem

_STEPS = 300
_VERSION = """\
mawk 1.3.4 20200120
Copyright 2008-2019,2020, Thomas E. Dickey
Copyright 1991-1996,2014, Michael D. Brennan

"""
_USAGE = """\
Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.
"""


class Awk:
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._machine: Machine | None = None
        self._code = -1

    def step(self, system: System) -> Outcome:
        """Write out, then go on."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._output.is_broken:
            return Exited(2)
        call = Invocation(
            system, self._arguments, None, self._output.out, self._output.err, self._is_busybox
        )
        if self._code >= 0:
            return self._close(system)
        try:
            return self._go_on(call)
        except UsageError as error:
            self._code = call.misused(error)
        except AwkProblem as problem:
            self._fail(call, problem)
        except PatternProblem as problem:
            self._fail(call, AwkFault(str(problem)))
        except RecursionError:
            self._fail(call, AwkFault("program too complicated"))
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        machine = self._machine
        if machine is None:
            started = self._start(call)
            if isinstance(started, int):
                self._code = started
            else:
                self._machine = started
            return AGAIN
        waiting = machine.run(call.system, _STEPS, OPERATIONS)
        self._take_output(machine)
        if machine.is_over:
            self._code = machine.code
            return AGAIN
        if self._output.out:
            return AGAIN
        blocked = machine.streams.flush(call.system) if machine.streams.is_full else None
        return blocked or waiting or AGAIN

    def _take_output(self, machine: Machine) -> None:
        self._output.out += machine.out
        machine.out.clear()

    def _close(self, system: System) -> Outcome:
        """Close what is open, wait for its commands, then end."""
        if self._machine is not None:
            self._take_output(self._machine)
            waiting = self._machine.streams.close_all(system)
            if waiting is not None:
                return waiting
        return Exited(self._code)

    def _fail(self, call: Invocation, problem: AwkProblem) -> None:
        machine = self._machine
        if machine is not None:
            self._take_output(machine)
        text = _words(problem, machine, self._is_busybox)
        call.err.extend(encoded(f"{call.title}: {text}\n"))
        self._code = 1 if self._is_busybox else 2

    # The command line

    def _start(self, call: Invocation) -> Machine | int:
        """The machine, ready to run; or an exit code. Raises UsageError, AwkProblem."""
        if self._arguments[1:2] in (["-W"], ["-Wversion"]) and not self._is_busybox:
            call.say(_VERSION)
            return 0
        try:
            options, words = parse_words(
                "awk",
                self._arguments[1:],
                "",
                "Fvfe" if self._is_busybox else "Fvf",
                stops_early=True,
                code=1 if self._is_busybox else 2,
            )
        except UsageError as error:
            raise self._wrong_option(error) from None
        texts = [_read_script(call, value) for key, value in options.given if key == "f"]
        texts += [value for key, value in options.given if key == "e"]
        if not texts:
            if not words:
                return self._explain(call)
            texts.append(words.pop(0))
        script = parse_script(_bytes("\n".join(texts)), is_busybox=self._is_busybox)
        machine = Machine(compile_script(script), is_busybox=self._is_busybox)
        machine.variables["ARGV"] = _array([call.name, *words])
        machine.variables["ARGC"] = float(len(words) + 1)
        environment = Array()
        for name, value in call.system.environment.items():
            environment[_bytes(name)] = Input(_bytes(value))
        machine.variables["ENVIRON"] = environment
        if "F" in options:
            machine.assign("FS", _bytes(options["F"]))
        for setting in options.all("v"):
            name, equals, value = setting.partition("=")
            if not equals:
                raise AwkProblem(f"improper assignment: -v {setting}", f"bad variable {setting}")
            machine.assign(name, _bytes(value))
        return machine

    def _explain(self, call: Invocation) -> int:
        if self._is_busybox:
            raise UsageError("", has_hint=True)
        call.err.extend(_USAGE.encode())
        return 0

    def _wrong_option(self, error: UsageError) -> UsageError:
        if self._is_busybox:
            return error
        letter = str(error).rpartition("'")[0].rpartition("'")[2]
        if "requires" in str(error):
            return UsageError(f"option -{letter} lacks argument", 2)
        return UsageError(f"not an option: {letter if letter[:1] == '-' else f'-{letter}'}", 2)


def _words(problem: AwkProblem, machine: Machine | None, is_busybox: bool) -> str:
    """What is said of a problem."""
    if isinstance(problem, OpenProblem):
        return problem.busybox if is_busybox else problem.mawk
    if is_busybox:
        return f"cmd. line:{max(problem.line, 1)}: {path(problem.busybox)}"
    if machine is None or not isinstance(problem, AwkFault):
        return f"line {max(problem.line, 1)}: {path(problem.mawk)}"
    facts = machine.variables
    name = machine.text(machine.load("FILENAME"))
    numbers = [int(to_number(facts.get(key))) for key in ("FNR", "NR")]
    where = f'FILENAME="{name}" FNR={numbers[0]} NR={numbers[1]}'
    return f"run time error: {path(problem.mawk)}\n\t{path(where)}"


def _read_script(call: Invocation, name: str) -> str:
    try:
        return call.system.read_file(name).decode("utf-8", "surrogateescape")
    except Errno as error:
        raise OpenProblem(
            f"cannot open {name} ({error.text})", f"can't open '{name}': {error.text}"
        ) from None


def _bytes(text: str) -> str:
    """A text of bytes, one character each."""
    return encoded(text).decode("latin-1")


def _array(words: list[str]) -> Array:
    return Array({str(at): Input(_bytes(word)) for at, word in enumerate(words)})
