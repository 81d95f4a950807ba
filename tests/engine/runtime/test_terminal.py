"""The line discipline: keys to lines, echo and signals."""

import pytest

from cluster_engine.runtime.signals import SIGINT, SIGQUIT, SIGTSTP
from cluster_engine.runtime.system import TerminalMode
from cluster_engine.runtime.terminal import INPUT_BYTES_MAX, OUTPUT_BYTES_MAX, Terminal


@pytest.mark.parametrize(
    ("typed", "lines", "shown"),
    [
        (b"ab\r", [b"ab\n"], b"ab\r\n"),
        (b"ab\x7f\x7f\x7fc\n", [b"c\n"], b"ab\b \b\b \bc\r\n"),
        ("ä\x7fx\r".encode(), [b"x\n"], "ä".encode() + b"\b \bx\r\n"),
        (b"one two\x17\r", [b"one \n"], b"one two" + b"\b \b" * 3 + b"\r\n"),
        (b"gone\x15kept\r", [b"kept\n"], b"gone" + b"\b \b" * 4 + b"kept\r\n"),
        (b"part\x04", [b"part"], b"part"),
        (b"\x04", [b""], b""),
        (b"a\rb\r", [b"a\n", b"b\n"], b"a\r\nb\r\n"),
        (b"\x01\r", [b"\x01\n"], b"^A\r\n"),
    ],
    ids=[
        "a line",
        "erasing",
        "erasing a letter of two bytes",
        "a word back",
        "the whole line back",
        "half a line",
        "the end",
        "two lines",
        "a control sign",
    ],
)
def test_lines_are_edited_and_echoed(typed, lines, shown):
    terminal = Terminal(0)
    assert terminal.type(typed) == []
    read = []
    while (line := terminal.read(100)) is not None:
        read.append(line)
    assert read == lines
    assert terminal.take_output(1000) == shown


@pytest.mark.parametrize(
    ("key", "signal"), [(b"\x03", SIGINT), (b"\x1c", SIGQUIT), (b"\x1a", SIGTSTP)]
)
def test_keys_that_send_signals_give_the_line_up(key, signal):
    terminal = Terminal(0)
    assert terminal.type(b"half" + key) == [signal]
    assert terminal.read(10) is None


def test_raw_mode_passes_each_key_at_once():
    terminal = Terminal(0)
    terminal.set_mode(TerminalMode(False, False, False))
    assert terminal.type(b"\x03\r") == []
    assert terminal.read(10) == b"\x03\r"
    assert terminal.take_output(10) == b""


def test_what_was_typed_ahead_in_raw_mode_becomes_lines():
    terminal = Terminal(0)
    terminal.set_mode(TerminalMode(False, False, False))
    terminal.type(b"one\rtwo")
    terminal.set_mode(TerminalMode())
    terminal.type(b"\r")
    assert terminal.read(100) == b"one\n"
    assert terminal.read(100) == b"two\n"


def test_output_and_input_are_bounded():
    terminal = Terminal(0)
    assert terminal.write(b"x" * (OUTPUT_BYTES_MAX + 5)) == OUTPUT_BYTES_MAX
    assert not terminal.is_writable()
    for _ in range(100):
        terminal.type(b"y" * 4000 + b"\n")
    assert sum(map(len, terminal.chunks)) <= INPUT_BYTES_MAX
