"""Assignments: their values expanded first, then made."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.shell.expansion.arithmetic import evaluate
from cluster_engine.shell.expansion.expander import Expander
from cluster_engine.shell.expansion.parameters import ExpansionProblem
from cluster_engine.shell.state import State
from cluster_engine.shell.syntax.nodes import Assignment
from cluster_engine.shell.variables import Elements, VariableProblem


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment with its value: text, or the elements of an array."""

    name: str
    text: str
    key: int | str | None = None
    is_appending: bool = False
    #: (key or None, text) of each element.
    elements: tuple[tuple[int | str | None, str], ...] | None = None


class _Values:
    """Numbers for integer variables, without effects on others."""

    def __init__(self, state: State) -> None:
        self._state = state

    def number_text(self, name: str, index: int | str | None) -> str:
        return self._state.variables.get(name) or ""

    def set_number(self, name: str, index: int | str | None, value: int) -> None:
        self._state.variables.set(name, str(value))


def evaluate_assignment(node: Assignment, expander: Expander) -> Assigned:
    """Expand the value of an assignment."""
    is_associative = expander.lookup.is_associative(node.name)

    def key(text: str) -> int | str:
        return text if is_associative else expander.calculate(text)

    index = key(expander.text(node.index)) if node.index is not None else None
    if node.elements is None:
        text = expander.text(node.value) if node.value is not None else ""
        if index is None and not node.is_appending:
            held = expander.lookup.state.variables.find(node.name)
            if held is None or held.elements is None:
                expander.lookup.preview(node.name, text)
        return Assigned(node.name, text, index, node.is_appending)
    elements: list[tuple[int | str | None, str]] = []
    for element_index, word in node.elements:
        if element_index is not None:
            source = expander.text(element_index)
            elements.append((source, expander.text(word)))
        else:
            elements += [(None, text) for text in expander.fields((word,))]
    return Assigned(node.name, "", index, node.is_appending, tuple(elements))


def assign(state: State, assigned: Assigned) -> None:
    """Make an assignment. Raises VariableProblem, ExpansionProblem."""
    variables = state.variables
    name = assigned.name
    if assigned.elements is not None:
        _assign_elements(state, assigned)
        return
    held = variables.find(name)
    text = assigned.text
    if held is not None and held.is_integer:
        if assigned.is_appending:
            text = f"({variables.get(name) or 0})+({text})"
        try:
            text = str(evaluate(text, _Values(state)))
        except Exception as problem:
            raise VariableProblem(str(problem)) from None
    elif assigned.is_appending:
        before = variables.get(name) if assigned.key is None else None
        if assigned.key is not None and held is not None and held.elements is not None:
            before = held.elements.get(assigned.key)
        text = (before or "") + text
    if assigned.key is not None:
        variables.set_element(name, assigned.key, text)
    else:
        variables.set(name, text)
    if state.options.allexport:
        variables.mark(name, is_exported=True)


def _assign_elements(state: State, assigned: Assigned) -> None:
    assert assigned.elements is not None
    held = state.variables.find(assigned.name)
    is_associative = held is not None and held.is_associative
    elements: Elements = {}
    if assigned.is_appending and held is not None:
        elements = dict(held.elements) if held.elements is not None else {0: held.value}
    following = max((key for key in elements if isinstance(key, int)), default=-1) + 1
    for key, text in assigned.elements:
        if is_associative:
            elements[str(key if key is not None else text)] = text if key is not None else ""
            continue
        if key is not None:
            following = _number(str(key), state)
        elements[following] = text
        following += 1
    state.variables.set_elements(assigned.name, elements)


def _number(text: str, state: State) -> int:
    try:
        return evaluate(text, _Values(state))
    except Exception as problem:
        raise ExpansionProblem(str(problem)) from None
