"""echo: its arguments in a line."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.escapes import expand


def run(invocation: Invocation) -> int:
    """Print the arguments; -n without a newline, -e with escapes."""
    words = invocation.arguments[1:]
    has_newline, has_escapes = True, False
    while words and len(words[0]) > 1 and words[0][0] == "-" and set(words[0][1:]) <= set("neE"):
        for letter in words.pop(0)[1:]:
            has_newline = has_newline and letter != "n"
            has_escapes = letter == "e" if letter in "eE" else has_escapes
    text = " ".join(words)
    if has_escapes:
        text, is_cut = expand(text, has_long_octals=True)
        has_newline = has_newline and not is_cut
    invocation.say(text + "\n" if has_newline else text)
    return 0


COMMAND = Command("echo", run)
