"""Builtins that are commands as well: echo, printf, test. They run the commands' functions."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.builtins.call import Builtin, Call, Result
from cluster_engine.shell.commands import echo, false, printf, test
from cluster_engine.shell.commands.command import Command, Invocation, UsageError


def borrow(call: Call, command: Command, arguments: list[str]) -> int:
    """Run a command's function; what it says goes where the shell's own words go."""
    invocation = Invocation(call.system, arguments)
    try:
        status = command.run(invocation) & 0xFF
    except UsageError as error:
        call.shell.write(1, bytes(invocation.out))
        text = str(error)
        if call.state.dialect.name != "bash":
            text = text.replace("missing `]'", "missing ]")
        if call.state.dialect.name == "ash" and call.arguments[0] in ("[", "test"):
            call.shell.complain(text)
        else:
            call.complain(text)
        return error.code
    except Errno as error:
        call.complain(error.text)
        return 1
    call.shell.write(1, bytes(invocation.out))
    for line in invocation.err.decode("utf-8", "surrogateescape").splitlines():
        call.shell.complain(line)
    return status


def run_echo(call: Call) -> Result:
    """Print the arguments."""
    arguments = call.arguments
    if call.state.dialect.has_echo_escapes:
        has_n = arguments[1:2] == ["-n"]
        words = arguments[2:] if has_n else arguments[1:]
        arguments = ["echo", "-ne" if has_n else "-e", " ".join(words)]
        if not words:
            arguments = ["echo", "-n"] if has_n else ["echo"]
    return borrow(call, echo.COMMAND, arguments)


def run_printf(call: Call) -> Result:
    """Print by a format; -v into a variable."""
    words = call.words
    if words[:1] == ["-v"] and len(words) > 1 and call.state.dialect.name == "bash":
        invocation = Invocation(call.system, ["printf", *words[2:]])
        status = printf.COMMAND.run(invocation)
        text = invocation.out.decode("utf-8", "surrogateescape")
        call.state.variables.set(words[1], text)
        return status
    return borrow(call, printf.COMMAND, call.arguments)


def run_test(call: Call) -> Result:
    """Decide a condition; -o and -v ask the shell itself."""
    words = call.words[:-1] if call.arguments[0] == "[" and call.words else call.words
    if len(words) == 2 and call.state.dialect.name == "bash":
        if words[0] == "-o":
            return 0 if getattr(call.state.options, words[1], False) else 1
        if words[0] == "-v":
            return 0 if call.state.variables.get(words[1]) is not None else 1
    return borrow(call, test.COMMAND, call.arguments)


def run_false(call: Call) -> Result:
    """Fail."""
    return borrow(call, false.COMMAND, call.arguments)


BUILTINS = (
    Builtin("echo", run_echo),
    Builtin("printf", run_printf),
    Builtin("test", run_test),
    Builtin("[", run_test),
    Builtin("false", run_false),
)
