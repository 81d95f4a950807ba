"""Prompts: the escapes of PS1.

Models: bash's parse.y decode_prompt_string, BusyBox' parse_and_put_prompt.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.state import State

_DEFAULTS = {"bash": "\\s-\\v\\$ ", "ash": "\\w \\$ "}


def source_of(state: State, system: System, name: str) -> str:
    """The text of PS1 or PS2 before anything is expanded."""
    held = state.variables.get(name)
    if held is not None:
        return held
    if name != "PS1":
        return "> "
    return _DEFAULTS.get(state.dialect.name) or ("# " if system.uid == 0 else "$ ")


def decode(text: str, state: State, system: System) -> str:
    """Replace the backslash escapes; parameters are expanded afterwards."""
    if state.dialect.name == "dash":
        return text
    result = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char != "\\" or at + 1 == len(text):
            result += char
            at += 1
            continue
        letter = text[at + 1]
        at += 2
        if letter in "01234567":
            digits = text[at - 1 : at + 2]
            octal = digits[: next((i for i, d in enumerate(digits) if d not in "01234567"), 3)]
            result += chr(int(octal, 8) & 0xFF)
            at += len(octal) - 1
        elif letter == "D" and text.startswith("{", at):
            end = text.find("}", at)
            result += _moment(system).strftime(text[at + 1 : end] or "%H:%M:%S")
            at = end + 1 if end > 0 else at + 1
        else:
            result += _decoded(letter, state, system)
    return result


def _decoded(letter: str, state: State, system: System) -> str:
    plain = {
        "n": "\n",
        "r": "\r",
        "a": "\a",
        "e": "\x1b",
        "[": "\x01",
        "]": "\x02",
        "\\": "\\\\",
        "$": "#" if system.uid == 0 else "\\$",
        "h": system.hostname.split(".")[0],
        "H": system.hostname,
        "s": state.name.rpartition("/")[2],
        "v": "5.2",
        "V": "5.2.37",
        "j": str(len(state.jobs)),
        "l": "0",
        "!": str(len(state.history) + 1),
        "#": str(len(state.history) + 1),
    }.get(letter)
    if plain is not None:
        return plain
    if letter == "u":
        return user_name(system)
    if letter in "wW":
        return _directory(state, system, is_short=letter == "W")
    formats = {"t": "%H:%M:%S", "T": "%I:%M:%S", "@": "%I:%M %p", "A": "%H:%M", "d": "%a %b %d"}
    if letter in formats:
        return _moment(system).strftime(formats[letter])
    return f"\\{letter}"


def user_name(system: System) -> str:
    """The name of the user in /etc/passwd; bash's words when there is none."""
    try:
        lines = system.read_file("/etc/passwd").decode(errors="replace").splitlines()
    except Errno:
        lines = []
    for line in lines:
        fields = line.split(":")
        if len(fields) > 2 and fields[2] == str(system.uid):
            return fields[0]
    return "root" if system.uid == 0 else "I have no name!"


def _directory(state: State, system: System, *, is_short: bool) -> str:
    path = state.variables.get("PWD") or system.cwd
    home = state.variables.get("HOME") or ""
    if home and home != "/" and (path == home or path.startswith(f"{home}/")):
        path = "~" + path[len(home) :]
    if is_short and path not in ("/", "~"):
        return path.rpartition("/")[2]
    return path.replace("\\", "\\\\").replace("$", "\\$")


def _moment(system: System) -> datetime:
    return datetime.fromtimestamp(system.now_ms / 1000, UTC)
