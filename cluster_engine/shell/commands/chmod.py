"""chmod: changes permissions."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.sizes import mode_text, parse_mode
from cluster_engine.shell.commands.walk import walk

_FLAGS = "Rvcf"
_LONG = {"--recursive": "R", "--verbose": "v", "--changes": "c", "--silent": "f", "--quiet": "f"}


def run(invocation: Invocation) -> int:
    """Give each path the mode; -R with all below."""
    flags, wish, paths = _take_apart(invocation)
    code = 0
    for path in paths:
        for place in walk(invocation.system, path) if "R" in flags else [path]:
            if not _change(invocation, place, wish, flags, is_operand=place == path):
                code = 1
    return code


def _take_apart(invocation: Invocation) -> tuple[str, str, list[str]]:
    """Flags, mode and paths; a mode may begin with "-". Raises UsageError."""
    flags, operands = "", []
    reference = ""
    waiting = invocation.arguments[1:]
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            operands += waiting
            break
        if word.startswith("--reference=") and not invocation.is_busybox:
            reference = word.partition("=")[2]
        elif word in _LONG:
            flags += _LONG[word]
        elif word.startswith("--"):
            raise UsageError(f"unrecognized option '{word}'", is_option=True)
        elif len(word) > 1 and word[0] == "-" and set(word[1:]) <= set(_FLAGS):
            flags += word[1:]
        else:
            operands.append(word)
    if reference:
        try:
            wish = f"{invocation.system.stat(reference).mode:o}"
        except Errno as error:
            text = f"failed to get attributes of '{reference}': {error.text}"
            raise UsageError(text) from None
        operands.insert(0, wish)
    if not operands:
        raise UsageError("missing operand", has_hint=True)
    if len(operands) == 1:
        raise UsageError(f"missing operand after '{operands[0]}'", has_hint=True)
    return flags, operands[0], operands[1:]


def _change(invocation: Invocation, place: str, wish: str, flags: str, *, is_operand: bool) -> bool:
    system = invocation.system
    try:
        if not is_operand and system.lstat(place).kind == "symlink":
            return True
        status = system.stat(place)
        mode = _wanted(invocation, wish, status.mode, status.kind == "directory")
        system.chmod(place, mode)
    except Errno as error:
        if "f" not in flags:
            gnu = f"cannot access '{place}': {error.text}"
            if error.name == "EPERM":
                gnu = f"changing permissions of '{place}': {error.text}"
            invocation.complain(invocation.either(gnu, f"{place}: {error.text}"))
        return False
    if "v" in flags or ("c" in flags and mode != status.mode):
        _tell(invocation, place, status.mode, mode)
    return True


def _wanted(invocation: Invocation, wish: str, before: int, is_directory: bool) -> int:
    try:
        mode = parse_mode(wish, before, is_directory, invocation.system.umask())
    except UsageError:
        if invocation.is_busybox:
            raise UsageError(f"invalid mode '{wish}'") from None
        raise
    if wish.isdigit() and is_directory and len(wish) < 5 and not invocation.is_busybox:
        mode |= before & 0o6000
    return mode


def _tell(invocation: Invocation, place: str, before: int, mode: int) -> None:
    now = f"{mode:04o} ({mode_text('file', mode)[1:]})"
    if invocation.is_busybox:
        invocation.line(f"mode of '{place}' changed to {now}")
    elif mode == before:
        invocation.line(f"mode of '{place}' retained as {now}")
    else:
        then = f"{before:04o} ({mode_text('file', before)[1:]})"
        invocation.line(f"mode of '{place}' changed from {then} to {now}")


COMMAND = Command("chmod", run)
