"""Help texts: the list of commands, and one command's page.

Models: k8s.io/kubectl/pkg/util/templates (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from cluster_engine.kubectl.command import GLOBAL_FLAGS, HELP_FLAG, Command
from cluster_engine.kubectl.flags import ARRAY, BOOL, DURATION, INT, STRINGS, Flag, duration_text

#: Titles of `kubectl --help` and the commands below each.
Groups: TypeAlias = Sequence[tuple[str, Sequence[Command]]]

_FOOTER = (
    'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'
)
_SUGGESTION_DISTANCE_MAX = 2


def root_help(groups: Groups) -> str:
    """What `kubectl` alone prints."""
    parts = [
        "kubectl controls the Kubernetes cluster manager.\n\n"
        " Find more information at: https://kubernetes.io/docs/reference/kubectl/\n"
    ]
    for title, commands in groups:
        lines = [f"  {command.name:<15} {command.short}" for command in commands]
        parts.append("\n".join([f"{title}:", *lines]) + "\n")
    parts.append("Usage:\n  kubectl [flags] [options]\n")
    more = 'Use "kubectl <command> --help" for more information about a given command.\n'
    return "\n".join([*parts, more + _FOOTER])


def command_help(path: str, command: Command) -> str:
    """What `kubectl <command> --help` prints."""
    parts = [(command.long or f"{command.short}.") + "\n"]
    if command.aliases:
        parts.append("Aliases:\n" + ", ".join((command.name, *command.aliases)) + "\n")
    if command.examples:
        parts.append("Examples:\n" + _indented(command.examples) + "\n")
    if command.children:
        lines = [f"  {child.name:<13} {child.short}" for child in command.children]
        parts.append("\n".join(["Available Commands:", *lines]) + "\n")
    if command.flags:
        parts.append("Options:\n" + options(command.flags))
    usage = command.usage or ("SUBCOMMAND" if command.children else "")
    parts.append(f"Usage:\n  {' '.join(filter(None, (path, usage)))} [options]\n")
    more = ""
    if command.children:
        more = f'Use "{path} <command> --help" for more information about a given command.\n'
    return "\n".join([*parts, more + _FOOTER])


def options_help() -> str:
    """What `kubectl options` prints."""
    shown = options((*GLOBAL_FLAGS, HELP_FLAG))
    return f"The following options can be passed to any command:\n\n{shown}"


def options(flags: tuple[Flag, ...]) -> str:
    """Flags by name, each with its default and what it does."""
    lines = []
    for flag in sorted(flags, key=lambda flag: flag.name):
        if flag.is_hidden or flag is HELP_FLAG:
            continue
        short = f"-{flag.short}, " if flag.short else ""
        lines.append(f"    {short}--{flag.name}={_default(flag)}:\n\t{flag.help}\n")
    return "\n".join(lines)


def unknown_command(name: str, known: Sequence[str]) -> str:
    """What is said of a word that is no command."""
    text = f'error: unknown command "{name}" for "kubectl"'
    similar = suggestions(name, known)
    if similar:
        text += "\n\nDid you mean this?\n" + "".join(f"\t{word}\n" for word in similar)
        return text.rstrip("\n")
    return text


def suggestions(name: str, words: Sequence[str]) -> list[str]:
    """Words that are nearly `name`, or that it begins."""
    return [
        word
        for word in words
        if _distance(name.lower(), word.lower()) <= _SUGGESTION_DISTANCE_MAX
        or word.lower().startswith(name.lower())
    ]


def _default(flag: Flag) -> str:
    value: Any = flag.start()
    if flag.kind == BOOL:
        return "true" if value else "false"
    if flag.kind in (STRINGS, ARRAY):
        return "[" + ",".join(value) + "]"
    if flag.kind == DURATION:
        return duration_text(value)
    return str(value) if flag.kind == INT else f"'{value}'"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip("\n").split("\n"))


def _distance(left: str, right: str) -> int:
    """Levenshtein's."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
