"""Steps of an awk program that read and write: records, print, commands."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Waiting
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.awk.inputs import read_problem
from cluster_engine.shell.commands.awk.machine import Blocked, Machine, Operation
from cluster_engine.shell.commands.awk.streams import Got, path, reap
from cluster_engine.shell.commands.awk.values import Input, to_number


def _record(machine: Machine, system: System, place: int) -> None:
    """Read the next record of the main input; jump when there is none."""
    text = _next_main(machine, system)
    if text is None:
        machine.is_ending = True
        machine.at = place
    else:
        machine.set_record(text)


def _next_main(machine: Machine, system: System) -> str | None:
    while True:
        found = machine.inputs.read(system, machine.setting("RS"), machine.patterns)
        text = _arrived(found)
        if text is not None:
            machine.variables["NR"] = to_number(machine.variables.get("NR")) + 1
            machine.variables["FNR"] = to_number(machine.variables.get("FNR")) + 1
            machine.spent += len(text) // 500
            return text
        if not machine.inputs.open_next(system, machine.argument, machine.assign):
            return None
        machine.variables["FILENAME"] = machine.inputs.name
        machine.variables["FNR"] = 0.0


def _arrived(found: Got) -> str | None:
    if found is None or isinstance(found, str):
        return found
    raise Blocked(found)


def _get_line(machine: Machine, system: System, how: tuple[str, bool]) -> None:
    origin, has_target = how
    if origin == "input":
        text = _next_main(machine, system)
        status = 0.0 if text is None else 1.0
    else:
        text, status = _from_stream(machine, system, machine.text(machine.stack[-1]), origin)
        machine.stack.pop()
        if text is not None and origin == "command":
            machine.variables["NR"] = to_number(machine.variables.get("NR")) + 1
    if has_target:
        machine.stack.append(Input(text or ""))
    elif text is not None:
        machine.set_record(text)
    machine.stack.append(status)


def _from_stream(
    machine: Machine, system: System, name: str, origin: str
) -> tuple[str | None, float]:
    if origin == "command":
        _flush(machine, system)
    is_command = origin == "command"
    reader = machine.streams.reader(system, name, is_command=is_command)
    if reader is None:
        return None, -1.0
    try:
        text = _arrived(reader.read(system, machine.setting("RS"), machine.patterns))
    except Errno as error:
        if machine.is_busybox:
            return None, -1.0
        raise read_problem(error) from None
    return text, 0.0 if text is None else 1.0


def _print(machine: Machine, system: System, how: tuple[int, str, bool]) -> None:
    count, redirect, has_destination = how
    _make_room(machine)
    destination = machine.pop_text() if has_destination else ""
    if count:
        template = machine.setting("OFMT")
        values = machine.stack[-count:]
        del machine.stack[-count:]
        shown = [machine.shower.text(value, template) for value in values]
        text = machine.setting("OFS").join(shown)
    else:
        text = machine.text(machine.field(0))
    _say(machine, system, text + machine.setting("ORS"), redirect, destination)


def _printf(machine: Machine, system: System, how: tuple[int, str, bool]) -> None:
    count, redirect, has_destination = how
    _make_room(machine)
    destination = machine.pop_text() if has_destination else ""
    template, *values = machine.stack[-count:]
    del machine.stack[-count:]
    text = machine.formatter.fill(
        machine.text(template), values, machine.setting("CONVFMT"), "printf"
    )
    _say(machine, system, text, redirect, destination)


def _make_room(machine: Machine) -> None:
    """Nothing is printed before what was printed has gone."""
    if machine.streams.is_full:
        raise Blocked(AGAIN)


def _say(machine: Machine, system: System, text: str, redirect: str, destination: str) -> None:
    machine.spent += len(text) // 500
    if not redirect or destination in ("/dev/stdout", "-"):
        machine.out += text.encode("latin-1")
        return
    writer = machine.streams.writer(system, destination, redirect)
    writer.waiting += text.encode("latin-1")
    if writer.fd == 2:
        machine.streams.flush(system)


def _flush(machine: Machine, system: System) -> None:
    """Everything that was printed goes out before a command starts."""
    if machine.out:
        raise Blocked(AGAIN)
    waiting = machine.streams.flush(system)
    if waiting is not None:
        raise Blocked(waiting)


def _system(machine: Machine, system: System, count: int) -> None:
    """Run a command and wait for it; its exit code."""
    _flush(machine, system)
    if not machine.child:
        command = path(machine.text(machine.stack[-1]))
        try:
            machine.child = system.spawn(Spawn(("sh", "-c", command)))
        except Errno:
            machine.stack[-1] = 127.0
            return
    ended = reap(system, machine.child)
    if ended is None:
        raise Blocked(Waiting(children=(machine.child,)))
    machine.child = 0
    machine.stack[-1] = float(ended.status)


def _close(machine: Machine, system: System, count: int) -> None:
    _flush(machine, system)
    name = machine.text(machine.stack[-count])
    closed = machine.streams.close(system, name)
    if not isinstance(closed, int):
        raise Blocked(closed)
    del machine.stack[-count:]
    machine.stack.append(float(closed))


def _fflush(machine: Machine, system: System, count: int) -> None:
    _flush(machine, system)
    if count:
        machine.stack.pop()
    machine.stack.append(0.0)


EXCHANGES: dict[str, Operation] = {
    "close": _close,
    "fflush": _fflush,
    "get_line": _get_line,
    "print": _print,
    "printf": _printf,
    "record": _record,
    "system": _system,
}
