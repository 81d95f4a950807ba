"""redis-cli against a Redis server, once and line by line."""

import pytest

from cluster_engine.shell.commands.redis_cli.program import RedisCli
from cluster_engine.shell.commands.redis_cli.replies import (
    Malformed,
    Nil,
    Status,
    read_reply,
    shown,
    split_line,
)
from tests.engine.images.machine import Machine

PROMPT = "127.0.0.1:6379> "


@pytest.fixture
def machine():
    machine = Machine()
    machine.kernel.programs = {**machine.kernel.programs, "redis-cli": RedisCli}
    machine.start("redis:7", pod="r")
    return machine


def test_one_command_is_answered_plainly(machine):
    assert machine.call("r", "redis-cli", "set", "a", "1") == ("OK\n", "", 0)
    assert machine.call("r", "redis-cli", "get", "a") == ("1\n", "", 0)
    assert machine.call("r", "redis-cli", "--no-raw", "incr", "a") == ("(integer) 2\n", "", 0)
    assert machine.call("r", "redis-cli", "-n", "1", "get", "a") == ("\n", "", 0)
    assert machine.call("r", "redis-cli", "-x", "set", "b", stdin="v")[0] == "OK\n"
    assert machine.call("r", "redis-cli", "--scan")[0].split() == ["a", "b"]
    assert machine.call("r", "redis-cli", "-r", "2", "ping") == ("PONG\nPONG\n", "", 0)


def test_troubles_are_told(machine):
    refused = "Could not connect to Redis at 127.0.0.1:1: Connection refused\n"
    assert machine.call("r", "redis-cli", "-p", "1", "ping") == ("", refused, 1)
    assert machine.call("r", "redis-cli", "foo")[0] == (
        "ERR unknown command 'foo', with args beginning with: \n\n"
    )
    assert machine.call("r", "redis-cli", "--foo")[2] == 1


def test_lines_come_from_a_pipe(machine):
    out, _, code = machine.call("r", "redis-cli", stdin='ping\n\nset "a b" 1\nget "a b"\nquit\nx\n')
    assert (out, code) == ("PONG\nOK\n1\n", 0)


def test_a_person_is_prompted_and_has_a_history(machine):
    terminal = machine.terminal("r", "redis-cli")
    assert terminal.out.decode() == PROMPT
    assert terminal.type("lpush l 1 2\r").endswith(f"(integer) 2\r\n{PROMPT}")
    assert terminal.type("lrange l 0 -1\r").endswith(f'1) "2"\r\n2) "1"\r\n{PROMPT}')
    assert terminal.type("\x1b[A\r").endswith(f'1) "2"\r\n2) "1"\r\n{PROMPT}')
    assert terminal.type("get nope\r").endswith(f"(nil)\r\n{PROMPT}")
    assert terminal.type("set 'x\r").endswith(f"Invalid argument(s)\r\n{PROMPT}")
    assert terminal.type("select 3\r").endswith("OK\r\n127.0.0.1:6379[3]> ")
    assert terminal.type("multi\r").endswith("OK\r\n127.0.0.1:6379[3](TX)> ")
    assert terminal.type("exit\r") == "exit\r\n"
    assert terminal.code == 0


def test_a_subscription_ends_with_an_interrupt(machine):
    terminal = machine.terminal("r", "redis-cli")
    assert "Reading messages..." in terminal.type("subscribe news\r")
    machine.call("r", "redis-cli", "publish", "news", "hello")
    assert '3) "hello"' in terminal.read()
    assert terminal.type("\x03").endswith(PROMPT)
    assert terminal.type("ping\r").endswith(f"PONG\r\n{PROMPT}")


def test_a_server_that_is_gone_is_missed(machine):
    terminal = machine.terminal("r", "redis-cli", "-p", "1")
    assert terminal.out.decode().endswith("Connection refused\r\nnot connected> ")


@pytest.mark.parametrize(
    ("data", "reply", "terminal"),
    [
        (b"+OK\r\n", Status("OK"), "OK"),
        (b"-ERR x\r\n", Status("ERR x", True), "(error) ERR x"),
        (b":7\r\n", 7, "(integer) 7"),
        (b"$-1\r\n", Nil(), "(nil)"),
        (b"$3\r\na\nb\r\n", b"a\nb", '"a\\nb"'),
        (b"*0\r\n", [], "(empty array)"),
        (b"*2\r\n:1\r\n*1\r\n$1\r\nx\r\n", [1, [b"x"]], '1) (integer) 1\n2) 1) "x"'),
    ],
)
def test_replies_are_read_and_shown(data, reply, terminal):
    assert read_reply(bytearray(data)) == (reply, len(data))
    assert read_reply(bytearray(data[:-1])) is None
    assert shown(reply, "terminal").decode() == terminal + "\n"


def test_what_is_no_reply_is_refused():
    with pytest.raises(Malformed):
        read_reply(bytearray(b"?x\r\n"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("get a", [b"get", b"a"]),
        ("  ", []),
        ("set \"a b\" 'c d'", [b"set", b"a b", b"c d"]),
        (r'set a "\x41\n\""', [b"set", b"a", b'A\n"']),
        ('set "a', None),
        ('set "a"b', None),
    ],
)
def test_lines_are_split_into_words(line, words):
    assert split_line(line) == words
