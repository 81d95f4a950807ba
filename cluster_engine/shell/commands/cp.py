"""cp: copies files and folders."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.copying import Copying, Manner, is_folder
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "recursive": "r",
    "archive": "a",
    "force": "f",
    "verbose": "v",
    "preserve": "p?",
    "no-preserve": "no-preserve=",
    "no-clobber": "n",
    "no-dereference": "P",
    "dereference": "L",
    "no-target-directory": "T",
    "target-directory": "t",
    "parents": "parents",
    "update": "u?",
    "interactive": "i",
    "symbolic-link": "s",
    "link": "l",
    "remove-destination": "remove-destination",
}


def run(invocation: Invocation) -> int:
    """Copy the sources to the target, or into it when it is a folder."""
    options, operands = parse(invocation, "rRafvpnidlsLPHTu", "t", _LONG)
    sources, target = targets(invocation, options, operands)
    places = [(source, into(invocation, source, target, options)) for source in sources]
    if "i" in options and "f" not in options and "n" not in options:
        places = [pair for pair in places if _agrees(invocation, pair[1])]
    copying = Copying(invocation, manner(options))
    results = [copying.copy(source, place) for source, place in places]
    return 0 if all(results) else 1


def manner(options: Options) -> Manner:
    """How the options say to copy."""
    return Manner(
        is_deep=any(letter in options for letter in "rRa"),
        keeps_links=any(letter in options for letter in "aPd") and options.last("aPdL") != "L",
        keeps_all="p" in options or "a" in options,
        is_forced="f" in options,
        is_verbose="v" in options,
        spares="n" in options,
        spares_newer="u" in options,
        links=options.last("sl"),
    )


def _agrees(invocation: Invocation, place: str) -> bool:
    return not invocation.system.exists(place) or invocation.ask(f"overwrite '{place}'? ")


def targets(invocation: Invocation, options: Options, operands: list[str]) -> tuple[list[str], str]:
    """Sources and target of cp and mv. Raises UsageError when some are missing."""
    if "t" in options:
        if not operands:
            raise UsageError("missing file operand", has_hint=True)
        if not is_folder(invocation.system, options["t"]) and not invocation.is_busybox:
            raise UsageError(f"target directory '{options['t']}': No such file or directory")
        return operands, options["t"]
    if not operands:
        raise UsageError("missing file operand", has_hint=True)
    if len(operands) == 1:
        text = f"missing destination file operand after '{operands[0]}'"
        raise UsageError(text, has_hint=True)
    *sources, target = operands
    if len(sources) > 1 and invocation.is_busybox:
        options.add("t", target)
    elif len(sources) > 1:
        if "T" in options:
            raise UsageError(f"extra operand '{operands[2]}'", has_hint=True)
        if not is_folder(invocation.system, target):
            is_there = invocation.system.exists(target)
            reason = "Not a directory" if is_there else "No such file or directory"
            raise UsageError(f"target '{target}': {reason}")
    return sources, target


def into(invocation: Invocation, source: str, target: str, options: Options) -> str:
    """Where a source goes: the target itself, or below it when it is a folder."""
    if "T" in options:
        return target
    is_below = is_folder(invocation.system, target) or "t" in options
    name = source.rstrip("/").rpartition("/")[2]
    if not is_below or name in ("..", "."):
        return target if not is_below or name != ".." else f"{target.rstrip('/')}/."
    if "parents" in options:
        name = source.strip("/")
        _make_parents(invocation, target.rstrip("/"), name)
    return f"{target.rstrip('/')}/{name}"


def _make_parents(invocation: Invocation, base: str, name: str) -> None:
    parts = name.split("/")[:-1]
    for end in range(1, len(parts) + 1):
        folder = "/".join([base, *parts[:end]])
        if not invocation.system.exists(folder):
            invocation.system.mkdir(folder)


COMMAND = Command("cp", run)
