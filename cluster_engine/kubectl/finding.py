"""Which command the words of a line mean, and which flags it takes."""

from __future__ import annotations

from cluster_engine.kubectl.command import GLOBAL_FLAGS, HELP_FLAG, Command
from cluster_engine.kubectl.flags import Flag


def find(words: list[str], root: Command) -> tuple[tuple[str, ...], Command, list[str]]:
    """The command that the words name (as cobra finds it, flags may come first), and the rest."""
    path: tuple[str, ...] = ()
    command = root
    rest = list(words)
    while command.children:
        place = _first_plain(rest, flags_of(command))
        child = None if place is None else command.child(rest[place])
        if place is None or child is None:
            break
        command = child
        path = (*path, child.name)
        del rest[place]
    return path, command, rest


def flags_of(command: Command) -> tuple[Flag, ...]:
    """The command's own flags and those of every command; its own win."""
    own = {flag.name for flag in command.flags}
    shorts = {flag.short for flag in command.flags if flag.short}
    shared = []
    for flag in (*GLOBAL_FLAGS, HELP_FLAG):
        if flag.name in own:
            continue
        if flag.short in shorts:
            flag = Flag(flag.name, "", flag.kind, flag.default, flag.help, flag.bare)
        shared.append(flag)
    return (*command.flags, *shared)


def _first_plain(words: list[str], flags: tuple[Flag, ...]) -> int | None:
    """Where the first word stands that is neither a flag nor a flag's value."""
    names = {f"--{flag.name}": flag for flag in flags}
    names.update({f"-{flag.short}": flag for flag in flags if flag.short})
    place = 0
    while place < len(words):
        word = words[place]
        if word == "--":
            return None
        if not word.startswith("-") or word == "-":
            return place
        flag = names.get(word)
        takes_next = flag is not None and flag.bare_value is None and "=" not in word
        place += 2 if takes_next else 1
    return None
