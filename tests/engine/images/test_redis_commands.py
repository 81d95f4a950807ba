"""What each command of Redis answers, on databases of its own."""

import pytest

from cluster_engine.images.servers.redis.commands import run
from cluster_engine.images.servers.redis.database import Database
from cluster_engine.images.servers.redis.formatting import pretty
from cluster_engine.images.servers.redis.keys import pattern
from cluster_engine.images.servers.redis.keyspace import Keyspace
from cluster_engine.images.servers.redis.resp import split_words


def play(database, text):
    """Do the commands, separated by `;`; what the last one answers, as redis-cli shows it."""
    shown = ""
    for line in text.split(";"):
        words = split_words(line)
        assert words
        shown = pretty(run(database, words))
    return shown.rstrip("\n")


WRONG = "(error) WRONGTYPE Operation against a key holding the wrong kind of value"
NOT_INTEGER = "(error) ERR value is not an integer or out of range"
ANSWERS = [
    ("a missing key is nil", "get a", "(nil)"),
    ("a value comes back", "set a 'b c'; get a", '"b c"'),
    ("special bytes are escaped", r'set a "x\n\x01\""; get a', r'"x\n\x01\""'),
    ("NX keeps what is there", "set a 1; set a 2 NX", "(nil)"),
    ("XX wants something there", "set a 1 XX", "(nil)"),
    ("SET GET gives the old value", "set a 1; set a 2 GET", '"1"'),
    ("an unknown option is a syntax error", "set a 1 FOO", "(error) ERR syntax error"),
    ("EX needs a time", "set a 1 EX", "(error) ERR syntax error"),
    ("no time is refused", "set a 1 EX 0", "(error) ERR invalid expire time in 'set' command"),
    ("SETNX tells whether", "setnx a 1; setnx a 2", "(integer) 0"),
    ("counting begins at zero", "incr a; incrby a 10; decr a", "(integer) 10"),
    ("only numbers are counted", "set a x; incr a", NOT_INTEGER),
    (
        "an overflow is refused",
        "set a 9223372036854775807; incr a",
        "(error) ERR increment or decrement would overflow",
    ),
    ("floats add up as people do", "incrbyfloat a 0.1; incrbyfloat a 0.2", '"0.3"'),
    ("APPEND tells the length", "append a ab; append a cd", "(integer) 4"),
    ("GETRANGE counts from the end", "set a Hello; getrange a -3 -1", '"llo"'),
    ("SETRANGE fills with zeros", "setrange a 2 x; get a", r'"\x00\x00x"'),
    (
        "MGET gives nil for other kinds",
        "lpush l x; set a 1; mget a l b",
        '1) "1"\n2) (nil)\n3) (nil)',
    ),
    ("MSET wants pairs", "mset a 1 b", "(error) ERR wrong number of arguments for 'mset' command"),
    ("GETDEL takes away", "set a 1; getdel a; exists a", "(integer) 0"),
    ("a list is no string", "lpush a 1; get a", WRONG),
    ("DEL counts", "set a 1; set b 2; del a b c", "(integer) 2"),
    ("EXISTS counts twice", "set a 1; exists a a", "(integer) 2"),
    ("TYPE of a sorted set", "zadd z 1 a; type z", "zset"),
    ("TTL without an end", "set a 1; ttl a", "(integer) -1"),
    ("TTL of nothing", "ttl a", "(integer) -2"),
    ("EXPIRE can be seen", "set a 1; expire a 100; ttl a", "(integer) 100"),
    ("PERSIST takes it back", "set a 1 EX 9; persist a; ttl a", "(integer) -1"),
    ("SET takes it back too", "set a 1 EX 9; set a 2; ttl a", "(integer) -1"),
    ("a past moment removes", "set a 1; expire a -1; get a", "(nil)"),
    ("RENAME of nothing", "rename a b", "(error) ERR no such key"),
    ("RENAME moves", "set a 1; rename a b; get b", '"1"'),
    ("KEYS by a glob", "mset one 1 two 2 three 3; keys t*", '1) "two"\n2) "three"'),
    ("KEYS by a class", "mset ab 1 ac 2 ad 3; keys a[b-c]", '1) "ab"\n2) "ac"'),
    ("SCAN goes on", "mset a 1 b 2 c 3; scan 0 count 2", '1) "2"\n2) 1) "a"\n   2) "b"'),
    ("SCAN ends with 0", "mset a 1 b 2 c 3; scan 2", '1) "0"\n2) 1) "c"'),
    ("OBJECT ENCODING of a number", "set a 12; object encoding a", '"int"'),
    ("DBSIZE", "mset a 1 b 2; dbsize", "(integer) 2"),
    ("LPUSH puts in front", "lpush l a b; lrange l 0 -1", '1) "b"\n2) "a"'),
    ("RPUSH puts behind", "rpush l a b c; lrange l 1 5", '1) "b"\n2) "c"'),
    ("an empty list is no key", "rpush l a; lpop l; exists l", "(integer) 0"),
    ("LPOP with a count", "rpush l a b c; lpop l 2", '1) "a"\n2) "b"'),
    ("LINDEX from the end", "rpush l a b; lindex l -1", '"b"'),
    ("LSET out of range", "rpush l a; lset l 3 x", "(error) ERR index out of range"),
    ("LREM from the tail", "rpush l a b a; lrem l -1 a; lrange l 0 -1", '1) "a"\n2) "b"'),
    ("LINSERT", "rpush l a c; linsert l before c b; lrange l 1 1", '1) "b"'),
    ("LTRIM", "rpush l a b c d; ltrim l 1 2; lrange l 0 -1", '1) "b"\n2) "c"'),
    ("RPOPLPUSH", "rpush l a b; rpoplpush l m; lrange m 0 -1", '1) "b"'),
    ("HSET counts new fields", "hset h a 1; hset h a 2 b 3", "(integer) 1"),
    ("HGETALL", "hset h a 1 b 2; hgetall h", '1) "a"\n2) "1"\n3) "b"\n4) "2"'),
    ("HGETALL of nothing", "hgetall h", "(empty array)"),
    ("HINCRBY", "hincrby h a 5; hincrby h a -2", "(integer) 3"),
    ("HDEL of the last field", "hset h a 1; hdel h a; exists h", "(integer) 0"),
    ("HMGET", "hset h a 1; hmget h a b", '1) "1"\n2) (nil)'),
    ("SADD counts new members", "sadd s a b; sadd s b c", "(integer) 1"),
    ("SMEMBERS of numbers are sorted", "sadd s 3 1 2; smembers s", '1) "1"\n2) "2"\n3) "3"'),
    ("SINTER", "sadd s a b; sadd t b c; sinter s t", '1) "b"'),
    ("SDIFF", "sadd s a b; sadd t b c; sdiff s t", '1) "a"'),
    ("SUNIONSTORE", "sadd s a; sadd t b; sunionstore u s t", "(integer) 2"),
    ("SPOP of one", "sadd s a; spop s; scard s", "(integer) 0"),
    ("ZADD and ranks", "zadd z 2 b 1 a 3 c; zrank z c", "(integer) 2"),
    (
        "ZRANGE with scores",
        "zadd z 1 a 2.5 b; zrange z 0 -1 withscores",
        '1) "a"\n2) "1"\n3) "b"\n4) "2.5"',
    ),
    ("ZREVRANGE", "zadd z 1 a 2 b; zrevrange z 0 0", '1) "b"'),
    (
        "ZRANGEBYSCORE with open ends",
        "zadd z 1 a 2 b 3 c; zrangebyscore z (1 +inf",
        '1) "b"\n2) "c"',
    ),
    ("ZINCRBY", "zadd z 1 a; zincrby z 2 a", '"3"'),
    ("ZADD GT keeps the higher", "zadd z 5 a; zadd z gt 3 a; zscore z a", '"5"'),
    ("ZPOPMIN", "zadd z 1 a 2 b; zpopmin z", '1) "a"\n2) "1"'),
    ("ZADD wants numbers", "zadd z x a", "(error) ERR value is not a valid float"),
    ("too few words", "get", "(error) ERR wrong number of arguments for 'get' command"),
    (
        "no such command",
        "foo bar",
        "(error) ERR unknown command 'foo', with args beginning with: 'bar' ",
    ),
]


@pytest.mark.parametrize(
    ("text", "shown"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_answers(text, shown):
    assert play(Database(now_ms=1_000), text) == shown


def test_a_key_is_gone_when_its_time_is_over():
    database = Database(now_ms=1_000)
    play(database, "set a 1 PX 500; set b 2")
    database.now_ms += 500
    assert play(database, "get a") == "(nil)"
    assert play(database, "keys *") == '1) "b"'
    assert play(database, "dbsize") == "(integer) 1"


def test_a_dump_holds_every_kind_and_when_keys_expire():
    keyspace = Keyspace(now_ms=5_000)
    play(keyspace.database(0), "set a 1 EX 10; rpush l x y; hset h f v; sadd s m; zadd z 1.5 n")
    play(keyspace.database(3), "set other 1")
    again = Keyspace(now_ms=5_000)
    assert again.load(keyspace.dump()) == (6, 0)
    first = again.database(0)
    assert first.values == keyspace.database(0).values
    assert first.expires_ms == {b"a": 15_000}
    assert play(again.database(3), "get other") == '"1"'


def test_keys_that_expired_meanwhile_are_not_loaded():
    keyspace = Keyspace(now_ms=5_000)
    play(keyspace.database(0), "set a 1 EX 10; set b 2")
    assert Keyspace(now_ms=90_000).load(keyspace.dump()) == (1, 1)


def test_what_is_no_dump_is_told_apart():
    assert Keyspace().load(b"something else") is None


GLOBS = [
    (b"*", b"", True),
    (b"a*b*c", b"axxbyyc", True),
    (b"a*b*c", b"acb", False),
    (b"h?llo", b"hello", True),
    (b"h[^e]llo", b"hello", False),
    (b"a\\*b", b"a*b", True),
    (b"a\\*b", b"axb", False),
    (b"[", b"[", True),
]


@pytest.mark.parametrize(("glob", "key", "does"), GLOBS)
def test_globs(glob, key, does):
    assert (pattern(glob).fullmatch(key) is not None) == does


def test_a_hostile_glob_is_cheap():
    assert pattern(b"*a" * 40 + b"b").fullmatch(b"a" * 20_000) is None
