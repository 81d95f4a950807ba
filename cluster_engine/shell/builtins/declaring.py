"""export, readonly, local, declare, unset, shift: variables."""

from __future__ import annotations

import re

from cluster_engine.shell.builtins.call import BASH_ONLY, Builtin, BuiltinProblem, Call, Result
from cluster_engine.shell.frames.assignments import Assigned, assign
from cluster_engine.shell.quoting import quote, quote_double
from cluster_engine.shell.variables import Variable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[([^\]]*)\])?(\+?)=(.*)\Z", re.S)
_ELEMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\[(.+)\]\Z", re.S)
_MARKS = {
    "x": "is_exported",
    "r": "is_readonly",
    "i": "is_integer",
    "A": "is_associative",
}


def _take(call: Call, word: str, marks: dict[str, object]) -> bool:
    """Declare one name, with its value if it is given; False after a complaint."""
    found = _ASSIGNMENT.match(word)
    name = found[1] if found else word
    if not _NAME.match(name):
        call.complain(f"`{word}': not a valid identifier")
        return False
    held = call.state.variables.find(name)
    is_locked = held is not None and held.is_readonly
    if not found and (marks or held is None):
        call.state.variables.mark(name, **marks)
        return True
    if found:
        late = {key: value for key, value in marks.items() if key == "is_readonly"}
        early = {key: value for key, value in marks.items() if key != "is_readonly"}
        if early and not is_locked:
            call.state.variables.mark(name, **early)
        key: int | str | None = None
        if found[2] is not None:
            key = int(found[2]) if found[2].isdecimal() else found[2]
        assign(call.state, Assigned(name, found[4], key, bool(found[3])))
        if late:
            call.state.variables.mark(name, **late)
    return True


def _declare(call: Call, words: list[str], marks: dict[str, object], *, is_local: bool) -> int:
    status = 0
    arrays = {assigned.name: assigned for assigned in call.assigned}
    for word in words:
        name = word.partition("=")[0].rstrip("+")
        if is_local and _NAME.match(name):
            call.state.variables.declare_local(name)
        if word in arrays:
            if marks:
                early = {key: value for key, value in marks.items() if key != "is_readonly"}
                call.state.variables.mark(word, **early)
            assign(call.state, arrays[word])
            if marks.get("is_readonly"):
                call.state.variables.mark(word, is_readonly=True)
        elif not _take(call, word, marks):
            status = 1
    return status


def _letters(variable: Variable) -> str:
    found = ""
    if variable.elements is not None:
        found += "A" if variable.is_associative else "a"
    found += "i" if variable.is_integer else ""
    found += "r" if variable.is_readonly else ""
    found += "x" if variable.is_exported else ""
    return found or "-"


def _shown(name: str, variable: Variable) -> str:
    """As `declare -p` prints it."""
    head = f"declare -{_letters(variable)} {name}"
    if variable.elements is not None:
        pieces = [f"[{key}]={quote_double(value)}" for key, value in variable.elements.items()]
        return f"{head}=({' '.join(pieces)})"
    return f"{head}={quote_double(variable.value)}" if variable.is_set else head


def run_export(call: Call) -> Result:
    """Give variables to children."""
    flags, words = call.flags("fnp")
    if not words:
        _list_marked(call, "is_exported", "export")
        return 0
    if "f" in flags:
        return 0
    return _declare(call, words, {"is_exported": "n" not in flags}, is_local=False)


def run_readonly(call: Call) -> Result:
    """Let variables stay as they are."""
    _, words = call.flags("aAfp")
    if not words:
        _list_marked(call, "is_readonly", "readonly")
        return 0
    return _declare(call, words, {"is_readonly": True}, is_local=False)


def _list_marked(call: Call, mark: str, word: str) -> None:
    variables = call.state.variables
    for name in variables.names():
        held = variables.find(name)
        if held is None or not getattr(held, mark):
            continue
        if call.state.dialect.name == "bash":
            call.line(_shown(name, held))
        else:
            call.line(f"{word} {name}={quote(held.value) if held.value else chr(39) * 2}")


def run_local(call: Call) -> Result:
    """Variables that end with the function."""
    if not call.state.variables.is_in_function:
        if call.state.dialect.name == "bash":
            raise BuiltinProblem("can only be used in a function")
        call.shell.complain("local: not in a function")
        call.shell.exit(call.system, 2)
        return None
    marks, words, _ = _marks(call)
    if call.state.dialect.name == "dash":
        for word in words:
            name = word.partition("=")[0]
            held = call.state.variables.get(name)
            call.state.variables.declare_local(name)
            if "=" not in word and held is not None:
                call.state.variables.set(name, held)
    return _declare(call, words, marks, is_local=True)


def run_declare(call: Call) -> Result:
    """Declare variables and their kind."""
    marks, words, flags = _marks(call)
    if "f" in flags or "F" in flags:
        return _list_functions(call, words, names_only="F" in flags)
    if "p" in flags or not (words or marks):
        return _list_variables(call, words)
    is_local = call.state.variables.is_in_function and "g" not in flags
    if "a" in flags:
        for word in words:
            name = word.partition("=")[0]
            held = call.state.variables.find(name)
            if _NAME.match(name) and (held is None or held.elements is None):
                if is_local:
                    call.state.variables.declare_local(name)
                call.state.variables.mark(name, elements={}, is_set=True)
    return _declare(call, words, marks, is_local=is_local)


def _marks(call: Call) -> tuple[dict[str, object], list[str], str]:
    marks: dict[str, object] = {}
    words = list(call.words)
    flags = ""
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        for letter in word[1:]:
            if letter in _MARKS:
                marks[_MARKS[letter]] = word[0] == "-"
                if letter == "A":
                    marks["elements"] = {}
            elif letter in "lu":
                marks["case"] = letter if word[0] == "-" else ""
            elif letter not in "agpfFInt":
                raise BuiltinProblem(f"-{letter}: invalid option", 2)
            flags += letter
    return marks, words, flags


def _list_variables(call: Call, words: list[str]) -> int:
    status = 0
    for name in words or call.state.variables.names():
        held = call.state.variables.find(name)
        if held is None:
            call.complain(f"{name}: not found")
            status = 1
        else:
            call.line(_shown(name, held))
    return status


def _list_functions(call: Call, words: list[str], *, names_only: bool) -> int:
    status = 0
    for name in words or sorted(call.state.functions):
        function = call.state.functions.get(name)
        if function is None:
            status = 1
        elif names_only:
            call.line(name if words else f"declare -f {name}")
        else:
            call.line(f"{name} () \n{function.source}")
    return status


def run_unset(call: Call) -> Result:
    """Forget variables or functions."""
    flags, words = call.flags("fnv")
    status = 0
    for word in words:
        element = _ELEMENT.match(word)
        if "f" in flags:
            call.state.functions.pop(word, None)
        elif element:
            _unset_element(call, element[1], element[2])
        elif not _NAME.match(word):
            call.complain(f"`{word}': not a valid identifier")
            status = 1
        elif "v" not in flags and call.state.variables.find(word) is None:
            call.state.functions.pop(word, None)
        else:
            call.state.variables.unset(word)
    return status


def _unset_element(call: Call, name: str, source: str) -> None:
    held = call.state.variables.find(name)
    source = source.strip("'\"")
    if source in ("@", "*"):
        call.state.variables.unset(name)
    elif held is not None and held.is_associative:
        call.state.variables.unset(name, source)
    elif source.lstrip("-").isdecimal():
        key = int(source)
        if key < 0 and held is not None and held.elements:
            key += max(each for each in held.elements if isinstance(each, int)) + 1
        call.state.variables.unset(name, key)


def run_shift(call: Call) -> Result:
    """Take parameters away from the front."""
    count = 1
    if call.words:
        if not call.words[0].isdecimal():
            raise BuiltinProblem(f"{call.words[0]}: numeric argument required")
        count = int(call.words[0][:9])
    if count > len(call.state.positional):
        if call.state.dialect.name == "dash":
            call.complain("can't shift that many")
            call.shell.exit(call.system, 2)
            return None
        return 1
    del call.state.positional[:count]
    return 0


BUILTINS = (
    Builtin("export", run_export, is_special=True, declares=True),
    Builtin("readonly", run_readonly, is_special=True, declares=True),
    Builtin("local", run_local, declares=True),
    Builtin("declare", run_declare, BASH_ONLY, declares=True),
    Builtin("typeset", run_declare, BASH_ONLY, declares=True),
    Builtin("unset", run_unset, is_special=True),
    Builtin("shift", run_shift, is_special=True),
)
