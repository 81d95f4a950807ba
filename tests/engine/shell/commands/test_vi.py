"""vi beyond what one screen shows: files, other programs, the window, copies."""

import pytest

from cluster_engine.apiserver.requests import RESIZE, Frame
from cluster_engine.shell.commands.screens.keys import Keyboard
from cluster_engine.shell.commands.vi.motions import MOTIONS
from cluster_engine.shell.commands.vi.normal import Command, read_keys
from cluster_engine.shell.commands.vi.text import Text
from tests.engine.runtime.bench import Client
from tests.engine.shell.commands.scenarios import machine, run
from tests.engine.shell.commands.screen import Screen
from tests.engine.shell.commands.test_screens import look
from tests.engine.shell.machine import BUSYBOX, ShellBench


def saved(keys, name="a", command="vi a"):
    """The file's lines after keys were typed into vi."""
    bench = machine("busybox")
    screen, client = look(command, keys, bench=bench)
    assert client.code == 0, screen.text
    return run(bench, "busybox", f"cat /tmp/w/{name}")


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        pytest.param("xxx:wq\r", ["~", "two", "three", "four", "five"], id="x and wq"),
        pytest.param("ddZZ", ["two", "three", "four", "five"], id="dd and ZZ"),
        pytest.param("dGihi\x1b:x\r", ["hi"], id="all replaced"),
        pytest.param("x:q!\r", ["one", "two", "three", "four", "five"], id="given up"),
        pytest.param("GAend\x1b:w|q\r", ["one", "two", "three", "four", "fiveend"], id="two lines"),
        pytest.param(":%s/e$/E/\r:wq\r", ["onE", "two", "threE", "four", "fivE"], id="substitute"),
        pytest.param(":2,$d\r:wq\r", ["one"], id="a range"),
        pytest.param(":g\r:wq\r", ["one", "two", "three", "four", "five"], id="unknown line"),
        pytest.param("yy3p:wq\r", ["one"] * 4 + ["two", "three", "four", "five"], id="put"),
        pytest.param(
            "oünï — 界\x1b:wq\r", ["one", "ünï — 界", "two", "three", "four", "five"], id="letters"
        ),
        pytest.param(
            "cwx\x1bjw.:wq\r", ["x", "two", "x", "four", "five"], id="a change made again"
        ),
    ],
)
def test_vi_saves(keys, lines):
    assert saved(keys) == lines


def test_another_name_gets_its_own_file():
    assert saved(":w new\r:q\r", name="new") == ["one", "two", "three", "four", "five"]


def test_a_file_that_may_not_be_written_keeps_vi_open():
    screen, client = look("vi a", "x:w /nope/x\r")
    assert screen.lines[-1] == "'/nope/x' No such file or directory"
    assert client.code is None


def test_without_a_terminal_it_says_so():
    assert run(machine("busybox"), "busybox", "vi a < /dev/null") == [
        "! vi: can't read user input",
        "[1]",
    ]


def test_the_window_may_change():
    screen, client = look("vi s", "G")
    assert screen.lines[-1] == "- s 30/30 100%"
    client.stream.write(Frame(RESIZE, b'{"Width": 40, "Height": 5}'))
    seen = len(client.out)
    client.read(100)
    smaller = Screen(40, 5)
    smaller.feed(client.out[seen:])
    assert smaller.lines == ["27", "28", "29", "30", "- s 30/30 100%"]


def test_another_command_runs_on_the_ordinary_screen():
    screen, client = look("vi a", ":!echo out there\r")
    assert screen.lines[-2:] == ["out there", "[Hit return to continue]"]
    client.type("\r", 100)
    screen.feed(client.out)
    assert client.code is None
    client.type(":q\r", 100)
    assert client.code == 0


def test_a_copy_of_the_cluster_goes_on_editing():
    bench = ShellBench(BUSYBOX)
    client = bench.terminal("vi", "/srv/one")
    client.type("xitwo\x1bo", 100)
    copy = bench.copy()
    client.type("three\x1b:wq\r", 100)
    assert client.code == 0
    assert bench.sh("cat /srv/one", "ash")[0] == "two\nthree\n"
    twin = Client(copy, copy.kernel.exec("c1", ("ash", "-c", "cat /srv/one; pgrep vi")))
    twin.read()
    assert twin.out.split() == [b"1", b"2"]


def test_a_text_that_is_too_big_is_refused():
    screen, client = look("vi a", "yy9999p" + "9999P" * 60 + "GyG9999p")
    assert client.code is None
    assert screen.rows == 10


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        pytest.param("d", None, id="an operator waits"),
        pytest.param("2", None, id="a count waits"),
        pytest.param("2d3", None, id="two counts wait"),
        pytest.param('"a', None, id="a register waits"),
        pytest.param("dd", Command("line", operator="d"), id="a line"),
        pytest.param("2d3w", Command("w", 6, operator="d"), id="counts are multiplied"),
        pytest.param('"ay$', Command("$", 0, "a", operator="y"), id="a register"),
        pytest.param("10G", Command("G", 10), id="a zero in a count"),
        pytest.param("0", Command("0"), id="a zero by itself"),
        pytest.param("dfx", Command("f", letter="x", operator="d"), id="a letter after f"),
        pytest.param("ciw", Command("i", letter="w", operator="c"), id="a word around"),
    ],
)
def test_keys_are_read(keys, command):
    assert read_keys(list(keys)) == command


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        pytest.param("w", (0, 0), (0, 3), id="to punctuation"),
        pytest.param("W", (0, 0), (0, 9), id="to a big word"),
        pytest.param("w", (0, 9), (1, 0), id="to an empty line"),
        pytest.param("e", (0, 0), (0, 2), id="to the end of a word"),
        pytest.param("e", (0, 11), (2, 4), id="over an empty line"),
        pytest.param("b", (2, 2), (1, 0), id="back to an empty line"),
        pytest.param("B", (0, 6), (0, 0), id="back over punctuation"),
        pytest.param("$", (0, 3), (0, 11), id="to the last letter"),
        pytest.param("^", (2, 4), (2, 2), id="to the first letter"),
        pytest.param("%", (0, 0), (0, 7), id="to the other bracket"),
        pytest.param("}", (0, 0), (1, 0), id="to the next paragraph"),
        pytest.param("{", (2, 3), (1, 0), id="to the paragraph before"),
    ],
)
def test_motions_lead(key, start, end):
    text = Text(["foo(b,r) baz", "", "  qux"])
    text.row, text.column = start
    lead = MOTIONS[key](text, 1)
    assert lead is not None
    assert lead.place == end


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        pytest.param([b"ab"], ["a", "b"], id="letters"),
        pytest.param(
            [b"\x1b[A\x1bOB\x1b[3~\x1b[1;5C"],
            ["<Up>", "<Down>", "<Delete>", "<Right>"],
            id="sequences",
        ),
        pytest.param([b"\x1b"], ["<Esc>"], id="escape"),
        pytest.param(
            [b"\x01\r\t\x7f"], ["<C-a>", "<Enter>", "<Tab>", "<Backspace>"], id="controls"
        ),
        pytest.param(["é".encode()[:1], "é".encode()[1:]], ["é"], id="half a letter"),
        pytest.param([b"\xff", b"a"], ["\ufffd", "a"], id="no letter at all"),
    ],
)
def test_keys_come_out_of_bytes(data, keys):
    keyboard = Keyboard()
    assert [key for piece in data for key in keyboard.feed(piece)] == keys
