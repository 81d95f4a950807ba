"""What each step of a compiled awk program does (see `compiler`)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.awk.compiler import Slot
from cluster_engine.shell.commands.awk.exchange import EXCHANGES
from cluster_engine.shell.commands.awk.functions import builtin, length, split, substitute
from cluster_engine.shell.commands.awk.machine import (
    Machine,
    Operations,
    calculate,
    compare,
    truth,
)
from cluster_engine.shell.commands.awk.values import Array, Input, to_boolean, to_number

_HUGE = 1e9


def _constant(machine: Machine, system: System, value: Any) -> None:
    machine.stack.append(value)


def _pop(machine: Machine, system: System, argument: None) -> None:
    machine.stack.pop()


def _double(machine: Machine, system: System, argument: None) -> None:
    machine.stack.append(machine.stack[-1])


# Variables, elements, fields


def _load(machine: Machine, system: System, slot: Slot) -> None:
    machine.stack.append(machine.load(slot))


def _store(machine: Machine, system: System, slot: Slot) -> None:
    machine.store(slot, machine.stack[-1])


def _argument(machine: Machine, system: System, slot: Slot) -> None:
    """A name as an argument may be an array that does not exist yet."""
    value = machine.get(slot)
    if value is None and slot != "NF":
        value = Array()
        machine.put(slot, value)
    machine.stack.append(machine.load(slot) if slot == "NF" else value)


def _key(machine: Machine, system: System, count: int) -> None:
    if count == 1:
        machine.stack.append(str(machine.pop_text()))
        return
    parts = [machine.text(value) for value in machine.stack[-count:]]
    del machine.stack[-count:]
    machine.stack.append(machine.setting("SUBSEP").join(parts))


def _item(machine: Machine, system: System, slot: Slot) -> None:
    key, array = machine.stack.pop(), machine.array(slot)
    if key not in array:
        machine.put_item(array, key, None)
    machine.stack.append(array[key])


def _store_item(machine: Machine, system: System, slot: Slot) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    machine.put_item(machine.array(slot), key, value)
    machine.stack.append(value)


def _contains(machine: Machine, system: System, slot: Slot) -> None:
    key = machine.stack.pop()
    machine.stack.append(1.0 if key in machine.array(slot) else 0.0)


def _delete(machine: Machine, system: System, slot: Slot) -> None:
    machine.remove_item(machine.array(slot), machine.stack.pop())


def _clear(machine: Machine, system: System, slot: Slot) -> None:
    machine.empty(machine.array(slot))


def _index(value: Any) -> int:
    number = to_number(value)
    return int(number) if abs(number) < _HUGE else int(_HUGE)


def _field(machine: Machine, system: System, argument: None) -> None:
    machine.stack.append(machine.field(_index(machine.stack.pop())))


def _store_field(machine: Machine, system: System, argument: None) -> None:
    value, number = machine.stack.pop(), machine.stack.pop()
    machine.set_field(_index(number), value)
    machine.stack.append(value)


def _step(machine: Machine, system: System, how: tuple[Slot, int, bool]) -> None:
    slot, by, is_after = how
    old = to_number(machine.load(slot))
    machine.store(slot, old + by)
    machine.stack.append(old if is_after else old + by)


def _step_item(machine: Machine, system: System, how: tuple[Slot, int, bool]) -> None:
    slot, by, is_after = how
    key, array = machine.stack.pop(), machine.array(slot)
    old = to_number(array.get(key))
    machine.put_item(array, key, old + by)
    machine.stack.append(old if is_after else old + by)


def _step_field(machine: Machine, system: System, how: tuple[int, bool]) -> None:
    by, is_after = how
    number = _index(machine.stack.pop())
    old = to_number(machine.field(number))
    machine.set_field(number, old + by)
    machine.stack.append(old if is_after else old + by)


def _keep(machine: Machine, system: System, slot: Slot) -> None:
    """Store a value if there is one: on top is how many there are."""
    status, value = machine.stack.pop(), machine.stack.pop()
    if status > 0:
        machine.store(slot, value)
    machine.stack.append(status)


def _keep_item(machine: Machine, system: System, slot: Slot) -> None:
    status, value, key = machine.stack.pop(), machine.stack.pop(), machine.stack.pop()
    if status > 0:
        machine.put_item(machine.array(slot), key, value)
    machine.stack.append(status)


def _keep_field(machine: Machine, system: System, argument: None) -> None:
    status, value, number = machine.stack.pop(), machine.stack.pop(), machine.stack.pop()
    if status > 0:
        machine.set_field(_index(number), value)
    machine.stack.append(status)


def _keep_nothing(machine: Machine, system: System, argument: None) -> None:
    del machine.stack[-2]


# Operators


def _calculate(machine: Machine, system: System, operator: str) -> None:
    right, left = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(calculate(machine, operator, left, right))


def _compare(machine: Machine, system: System, operator: str) -> None:
    right, left = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(1.0 if compare(machine, operator, left, right) else 0.0)


def _negate(machine: Machine, system: System, argument: None) -> None:
    machine.stack.append(0.0 if to_boolean(machine.stack.pop()) else 1.0)


def _minus(machine: Machine, system: System, argument: None) -> None:
    machine.stack.append(0.0 - to_number(machine.stack.pop()))


def _plus(machine: Machine, system: System, argument: None) -> None:
    machine.stack.append(to_number(machine.stack.pop()))


def _boolean(machine: Machine, system: System, argument: None) -> None:
    machine.stack[-1] = truth(machine.stack[-1])


def _finds(machine: Machine, source: str, text: str) -> bool:
    pattern = machine.patterns.get(source)
    before = pattern.work
    found = pattern.finds(text)
    machine.spent += pattern.work - before + len(text) // 500
    return found


def _match(machine: Machine, system: System, is_negated: bool) -> None:
    source, subject = machine.pop_text(), machine.pop_text()
    machine.stack.append(1.0 if _finds(machine, source, subject) != is_negated else 0.0)


def _match_record(machine: Machine, system: System, source: str) -> None:
    text = machine.text(machine.field(0))
    machine.stack.append(1.0 if _finds(machine, source, text) else 0.0)


# Control


def _jump(machine: Machine, system: System, place: int) -> None:
    machine.at = place


def _jump_if_false(machine: Machine, system: System, place: int) -> None:
    if not to_boolean(machine.stack.pop()):
        machine.at = place


def _jump_if_true(machine: Machine, system: System, place: int) -> None:
    if to_boolean(machine.stack.pop()):
        machine.at = place


def _and(machine: Machine, system: System, place: int) -> None:
    """The value on top decides, or makes room for the next."""
    if machine.stack[-1] == 0.0:
        machine.at = place
    else:
        machine.stack.pop()


def _or(machine: Machine, system: System, place: int) -> None:
    if machine.stack[-1] != 0.0:
        machine.at = place
    else:
        machine.stack.pop()


def _each(machine: Machine, system: System, slot: Slot) -> None:
    keys = list(reversed(machine.array(slot)))
    machine.spent += len(keys) // 50
    machine.stack.append(keys)


def _each_next(machine: Machine, system: System, place: int) -> None:
    keys = machine.stack[-1]
    if keys:
        machine.stack.append(Input(keys.pop()))
    else:
        machine.stack.pop()
        machine.at = place


def _call(machine: Machine, system: System, how: tuple[str, int]) -> None:
    machine.call(*how)


def _return(machine: Machine, system: System, argument: Any) -> None:
    machine.leave()


def _exit(machine: Machine, system: System, has_code: bool) -> None:
    machine.finish(_index(machine.stack.pop()) & 0xFF if has_code else None)


def _next(machine: Machine, system: System, argument: None) -> None:
    machine.go(machine.compiled.loop)


def _next_file(machine: Machine, system: System, argument: None) -> None:
    machine.inputs.skip_file(system)
    machine.go(machine.compiled.loop)


def _halt(machine: Machine, system: System, argument: None) -> None:
    machine.is_over = True


def _in_range(machine: Machine, system: System, number: int) -> None:
    machine.stack.append(1.0 if machine.in_range(number) else 0.0)


def _set_range(machine: Machine, system: System, how: tuple[int, bool]) -> None:
    machine.set_range(*how)


#: Every operation a step may have.
OPERATIONS: Operations = MappingProxyType(
    {
        "and": _and,
        "argument": _argument,
        "boolean": _boolean,
        "builtin": builtin,
        "calculate": _calculate,
        "call": _call,
        "clear": _clear,
        "compare": _compare,
        "constant": _constant,
        "contains": _contains,
        "delete": _delete,
        "double": _double,
        "each": _each,
        "each_next": _each_next,
        "exit": _exit,
        "field": _field,
        "halt": _halt,
        "in_range": _in_range,
        "item": _item,
        "jump": _jump,
        "jump_if_false": _jump_if_false,
        "jump_if_true": _jump_if_true,
        "keep": _keep,
        "keep_field": _keep_field,
        "keep_item": _keep_item,
        "keep_nothing": _keep_nothing,
        "key": _key,
        "length": length,
        "load": _load,
        "match": _match,
        "match_record": _match_record,
        "minus": _minus,
        "negate": _negate,
        "next": _next,
        "nextfile": _next_file,
        "or": _or,
        "plus": _plus,
        "pop": _pop,
        "return": _return,
        "set_range": _set_range,
        "split": split,
        "step": _step,
        "step_field": _step_field,
        "step_item": _step_item,
        "store": _store,
        "store_field": _store_field,
        "store_item": _store_item,
        "substitute": substitute,
        **EXCHANGES,
    }
)
