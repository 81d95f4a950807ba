"""A shell's variables: text, arrays, marks; and the scopes that `local` makes.

A variable is immutable and replaced when it changes, so a subshell's copy costs one dict.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

VALUE_BYTES_MAX = 1024 * 1024
VARIABLES_MAX = 5_000

#: Elements of an array by index (a number, or text in an associative one), in insertion order.
Elements: TypeAlias = dict["int | str", str]


class VariableProblem(Exception):
    """A variable cannot be set; the text is bash's."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `elements` is never changed in place."""

    value: str = ""
    elements: Elements | None = None
    is_set: bool = True
    is_exported: bool = False
    is_readonly: bool = False
    is_integer: bool = False
    is_associative: bool = False
    case: str = ""


class Variables:
    """Variables by name."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._held: dict[str, Variable] = {
            name: Variable(value, is_exported=True) for name, value in environment.items()
        }
        #: What each function's scope has hidden: name to the variable before, or None.
        self._scopes: list[dict[str, Variable | None]] = []

    def copy(self) -> Variables:
        """For a subshell."""
        twin = Variables({})
        twin._held = dict(self._held)
        twin._scopes = [dict(scope) for scope in self._scopes]
        return twin

    def find(self, name: str) -> Variable | None:
        """The variable, also one that is only declared."""
        return self._held.get(name)

    def get(self, name: str) -> str | None:
        """Its text (of an array: element 0); None when it is unset."""
        variable = self._held.get(name)
        if variable is None or not variable.is_set:
            return None
        if variable.elements is not None:
            key: int | str = "0" if variable.is_associative else 0
            return variable.elements.get(key)
        return variable.value

    def set(self, name: str, value: str) -> None:
        """Assign text (of an array: to element 0). Raises VariableProblem."""
        held = self._held.get(name)
        if held is None:
            self._put(name, Variable(value))
        elif held.elements is not None:
            key: int | str = "0" if held.is_associative else 0
            self.set_element(name, key, value)
        else:
            self._put(name, replace(held, value=_cased(value, held.case), is_set=True))

    def set_element(self, name: str, key: int | str, value: str) -> None:
        """Assign one element; a plain variable becomes an array."""
        held = self._held.get(name) or Variable(elements={})
        elements = dict(held.elements) if held.elements is not None else {}
        if held.elements is None and held.is_set and held.value:
            elements[0] = held.value
        elements[key] = value
        if len(elements) > VARIABLES_MAX:
            raise VariableProblem(f"{name}: too many elements")
        self._put(name, replace(held, elements=elements, is_set=True))

    def set_elements(self, name: str, elements: Elements) -> None:
        """Assign a whole array."""
        if len(elements) > VARIABLES_MAX:
            raise VariableProblem(f"{name}: too many elements")
        held = self._held.get(name) or Variable()
        self._put(name, replace(held, elements=elements, is_set=True))

    def unset(self, name: str, key: int | str | None = None) -> None:
        """Forget it, or one element. Raises VariableProblem."""
        held = self._held.get(name)
        if held is None:
            return
        if held.is_readonly:
            raise VariableProblem(f"{name}: cannot unset: readonly variable")
        if key is None:
            del self._held[name]
        elif held.elements is not None:
            elements = {k: v for k, v in held.elements.items() if k != key}
            self._held[name] = replace(held, elements=elements)

    def mark(self, name: str, **marks: object) -> None:
        """Set marks such as is_exported; a variable that is not there is declared."""
        held = self._held.get(name) or Variable(is_set=False)
        self._held[name] = replace(held, **marks)  # type: ignore[arg-type]

    def declare_local(self, name: str) -> None:
        """Hide the variable until the function ends."""
        if self._scopes and name not in self._scopes[-1]:
            self._scopes[-1][name] = self._held.get(name)
            held = self._held.get(name)
            self._held[name] = Variable(
                is_set=False, is_exported=held is not None and held.is_exported
            )

    @property
    def is_in_function(self) -> bool:
        """Whether there is a scope for `local`."""
        return bool(self._scopes)

    def enter(self) -> None:
        """A function begins."""
        self._scopes.append({})

    def leave(self) -> None:
        """A function ends: what it had hidden is back."""
        for name, variable in self._scopes.pop().items():
            if variable is None:
                self._held.pop(name, None)
            else:
                self._held[name] = variable

    def environment(self) -> dict[str, str]:
        """What children get."""
        return {
            name: variable.value
            for name, variable in self._held.items()
            if variable.is_exported and variable.is_set and variable.elements is None
        }

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._held)

    def restore(self, name: str, variable: Variable | None) -> None:
        """Put a variable back as it was (after `name=value command`)."""
        if variable is None:
            self._held.pop(name, None)
        else:
            self._held[name] = variable

    def _put(self, name: str, variable: Variable) -> None:
        held = self._held.get(name)
        if held is not None and held.is_readonly:
            raise VariableProblem(f"{name}: readonly variable")
        if len(variable.value) > VALUE_BYTES_MAX:
            raise VariableProblem(f"{name}: cannot allocate memory")
        if held is None and len(self._held) >= VARIABLES_MAX:
            raise VariableProblem(f"{name}: too many variables")
        self._held[name] = variable


def _cased(value: str, case: str) -> str:
    return value.lower() if case == "l" else value.upper() if case == "u" else value
