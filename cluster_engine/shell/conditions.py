"""Whether the condition of `[[ … ]]` holds."""

from __future__ import annotations

from cluster_engine.runtime.system import System
from cluster_engine.shell.commands import test
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.patterns import compile_pattern as compile_regex
from cluster_engine.shell.expansion.expander import Expander
from cluster_engine.shell.expansion.pattern import compile_pattern
from cluster_engine.shell.state import State
from cluster_engine.shell.syntax.nodes import Test
from cluster_engine.shell.variables import Elements

_NUMERIC = frozenset(("-eq", "-ne", "-lt", "-le", "-gt", "-ge"))


class ConditionProblem(Exception):
    """The condition cannot be decided; the text is bash's."""


def holds(node: Test, expander: Expander, state: State, system: System) -> bool:
    """Decide it, left to right, no further than needed."""
    if node.operator == "!":
        return not holds(node.conditions[0], expander, state, system)
    if node.operator in ("&&", "||"):
        first = holds(node.conditions[0], expander, state, system)
        if first == (node.operator == "||"):
            return first
        return holds(node.conditions[1], expander, state, system)
    left = expander.text(node.words[0])
    if len(node.words) == 1:
        return _unary(node.operator, left, state, system)
    return _binary(node, left, expander, state, system)


def _unary(operator: str, word: str, state: State, system: System) -> bool:
    if operator == "-v":
        return state.variables.get(word) is not None
    if operator == "-o":
        return bool(getattr(state.options, word, False))
    if operator in ("-a", "-G", "-N", "-O", "-R"):
        operator = "-e"
    return _test(["[[", operator, word], system)


def _binary(node: Test, left: str, expander: Expander, state: State, system: System) -> bool:
    operator, word = node.operator, node.words[1]
    if operator in ("=", "==", "!="):
        pattern = expander.pattern(word)
        if state.options.nocasematch:
            left, pattern = left.lower(), pattern.lower()
        return compile_pattern(pattern).matches(left) == (operator != "!=")
    if operator == "=~":
        return _matches_regex(left, expander.regex(word), state)
    right = expander.text(word)
    if operator in ("<", ">"):
        return left < right if operator == "<" else left > right
    if operator in _NUMERIC:
        a, b = expander.calculate(left), expander.calculate(right)
        return {
            "-eq": a == b,
            "-ne": a != b,
            "-lt": a < b,
            "-le": a <= b,
            "-gt": a > b,
            "-ge": a >= b,
        }[operator]
    return _test(["[[", left, operator, right], system)


def _matches_regex(text: str, pattern: str, state: State) -> bool:
    try:
        compiled = compile_regex(pattern, is_extended=True, ignores_case=state.options.nocasematch)
    except UsageError as problem:
        raise ConditionProblem(str(problem)) from None
    found = compiled.search(text)
    groups: Elements = {}
    if found is not None:
        groups = dict(enumerate([found.group(0) or "", *(g or "" for g in found.groups())]))
    state.variables.set_elements("BASH_REMATCH", groups)
    return found is not None


def _test(words: list[str], system: System) -> bool:
    try:
        return test.run(Invocation(system, words)) == 0
    except UsageError as problem:
        raise ConditionProblem(str(problem)) from None
