"""let: arithmetic as a command."""

from __future__ import annotations

from cluster_engine.shell.builtins.call import BASH_AND_ASH, Builtin, BuiltinProblem, Call, Result
from cluster_engine.shell.expansion.arithmetic import ArithmeticProblem, evaluate
from cluster_engine.shell.expansion.lookup import Lookup


def run_let(call: Call) -> Result:
    """Evaluate each argument; fails when the last is 0."""
    if not call.words:
        raise BuiltinProblem("expression expected")
    value = 0
    for word in call.words:
        lookup = Lookup(call.state, call.system)
        try:
            value = evaluate(word, lookup)
        except ArithmeticProblem as problem:
            raise BuiltinProblem(str(problem)) from None
        lookup.commit()
    return 0 if value else 1


BUILTINS = (Builtin("let", run_let, BASH_AND_ASH),)
