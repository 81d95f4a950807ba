"""cp: copies files and folders."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "recursive": "r",
    "archive": "a",
    "force": "f",
    "verbose": "v",
    "preserve": "p",
    "no-clobber": "n",
    "target-directory": "t",
}


def run(invocation: Invocation) -> int:
    """Copy the sources to the target, or into it when it is a folder."""
    options, operands = parse(invocation, "rRafvpnidLPTu", "t", _LONG)
    sources, target = targets(invocation, options, operands)
    code = 0
    for source in sources:
        place = into(invocation, source, target, options)
        if not _copy(invocation, source.rstrip("/") or "/", place, options):
            code = 1
    return code


def targets(invocation: Invocation, options: Options, operands: list[str]) -> tuple[list[str], str]:
    """Sources and target of cp and mv. Raises UsageError when some are missing."""
    hint = f"Try '{invocation.name} --help' for more information."
    if "t" in options:
        if not operands:
            raise UsageError(f"missing file operand\n{hint}")
        return operands, options["t"]
    if not operands:
        raise UsageError(f"missing file operand\n{hint}")
    if len(operands) == 1:
        text = f"missing destination file operand after '{operands[0]}'\n{hint}"
        raise UsageError(text)
    *sources, target = operands
    if len(sources) > 1 and not _is_folder(invocation, target):
        raise UsageError(f"target '{target}': No such file or directory")
    return sources, target


def into(invocation: Invocation, source: str, target: str, options: Options) -> str:
    """Where a source goes: the target itself, or below it when it is a folder."""
    if "T" in options or not _is_folder(invocation, target):
        return target
    return f"{target.rstrip('/')}/{source.rstrip('/').rpartition('/')[2]}"


def _is_folder(invocation: Invocation, path: str) -> bool:
    try:
        return invocation.system.stat(path).kind == "directory"
    except Errno:
        return False


def _copy(invocation: Invocation, source: str, place: str, options: Options) -> bool:
    system = invocation.system
    is_deep = any(letter in options for letter in "rRa")
    keeps_links = "a" in options or "P" in options or "d" in options
    try:
        status = system.lstat(source) if is_deep or keeps_links else system.stat(source)
    except Errno as error:
        invocation.complain(f"cannot stat '{source}': {error.text}")
        return False
    if "n" in options and system.exists(place):
        return True
    if status.kind == "directory":
        return _copy_folder(invocation, source, place, options, status.mode, is_deep)
    try:
        if status.kind == "symlink":
            if system.exists(place):
                system.unlink(place)
            system.symlink(system.readlink(source), place)
        else:
            if system.exists(place) and system.realpath(place) == system.realpath(source):
                invocation.complain(f"'{source}' and '{place}' are the same file")
                return False
            system.write_file(place, system.read_file(source), mode=status.mode)
            if "p" in options or "a" in options:
                system.chmod(place, status.mode)
                system.utime(place, status.mtime_ms)
                _try_chown(invocation, place, status.uid, status.gid)
    except Errno as error:
        invocation.complain(f"cannot create regular file '{place}': {error.text}")
        return False
    if "v" in options:
        invocation.line(f"'{source}' -> '{place}'")
    return True


def _copy_folder(
    invocation: Invocation, source: str, place: str, options: Options, mode: int, is_deep: bool
) -> bool:
    system = invocation.system
    if not is_deep:
        invocation.complain(f"-r not specified; omitting directory '{source}'")
        return False
    if f"{place}/".startswith(f"{source}/"):
        invocation.complain(f"cannot copy a directory, '{source}', into itself, '{place}'")
        return False
    try:
        if not _is_folder(invocation, place):
            system.mkdir(place, mode)
    except Errno as error:
        invocation.complain(f"cannot create directory '{place}': {error.text}")
        return False
    base, is_good = source.rstrip("/"), True
    for name in system.list_directory(source):
        is_good = _copy(invocation, f"{base}/{name}", f"{place}/{name}", options) and is_good
    return is_good


def _try_chown(invocation: Invocation, path: str, uid: int, gid: int) -> None:
    try:
        invocation.system.chown(path, uid, gid)
    except Errno:
        return


COMMAND = Command("cp", run)
