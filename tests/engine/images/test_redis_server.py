"""redis-server in a container: its life, its log, its data, and redis-cli at its other end."""

import pytest

from cluster_engine.runtime.container import MountSpec
from tests.engine.images.machine import Machine


@pytest.fixture
def machine():
    machine = Machine()
    machine.start("redis:7", pod="redis")
    return machine


def cli(machine, *words, pod="redis"):
    return machine.out(pod, "redis-cli", *words).rstrip("\n")


def said(machine, pod="redis"):
    """The log without times."""
    return [line.split(" * ")[-1].split(" # ")[-1] for line in machine.log(pod)]


def test_it_says_what_people_know_when_it_starts(machine):
    assert said(machine) == [
        "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
        "Redis version=7.4.7, bits=64, commit=00000000, modified=0, pid=1, just started",
        "Warning: no config file specified, using the default config. In order to specify a "
        "config file use redis-server /path/to/redis.conf",
        "monotonic clock: POSIX clock_gettime",
        "Running mode=standalone, port=6379.",
        "Server initialized",
        "Ready to accept connections tcp",
    ]


def test_it_runs_as_its_own_user_and_owns_its_data(machine):
    assert machine.out("redis", "stat", "-c", "%U %u", "/data") == "redis 999\n"
    status = machine.kernel.find("redis")[0].pids["redis"].processes[1]
    assert status.uid == 999
    assert list(status.arguments) == ["redis-server"]


def test_sigterm_ends_it_in_order_and_kills_the_shell_that_sent_it(machine):
    assert machine.call("redis", "sh", "-c", "kill 1; sleep 10")[2] == 137
    assert machine.exits == [("redis", 0)]
    assert said(machine)[-4:] == [
        "User requested shutdown...",
        "Saving the final RDB snapshot before exiting.",
        "DB saved on disk",
        "Redis is now ready to exit, bye bye...",
    ]
    assert "Received SIGTERM scheduling shutdown..." in machine.log("redis")[-5]


def test_what_is_saved_in_a_volume_is_there_after_a_restart():
    machine = Machine()
    machine.kernel.add_empty_directory("v")
    from_volume = {"mounts": (MountSpec("/data", "v"),)}
    machine.start("redis", pod="redis", **from_volume)
    cli(machine, "set", "name", "ann")
    cli(machine, "save")
    machine.kernel.kill_container("redis")
    machine.run()
    machine.start("redis", pod="redis", id="again", **from_volume)
    assert cli(machine, "get", "name", pod="again") == "ann"
    assert "Done loading RDB, keys loaded: 1, keys expired: 0." in said(machine, "again")


def test_the_append_only_file_keeps_every_change():
    machine = Machine()
    machine.kernel.add_empty_directory("v")
    facts = {"pod": "redis", "mounts": (MountSpec("/data", "v"),)}
    machine.start("redis", "--appendonly", "yes", **facts)
    cli(machine, "incr", "n")
    cli(machine, "-n", "2", "set", "t", "1", "EX", "1000")
    machine.kernel.kill_container("redis")
    machine.run(10_000)
    machine.start("redis", "--appendonly", "yes", id="again", **facts)
    assert cli(machine, "get", "n", pod="again") == "1"
    assert cli(machine, "-n", "2", "ttl", "t", pod="again") == "990"


def test_it_saves_by_itself_after_an_hour_with_a_change(machine):
    cli(machine, "set", "a", "1")
    machine.run(3_599_000)
    assert "DB saved on disk" not in said(machine)
    machine.run(1_000)
    assert "1 changes in 3600 seconds. Saving..." in said(machine)
    assert said(machine)[-1] == "Background saving terminated with success"


def test_nothing_is_planned_while_nothing_has_changed(machine):
    assert len(machine.agenda) == 0


def test_a_configuration_file_of_the_tutorial():
    machine = Machine()
    machine.kernel.add_empty_directory("v")
    machine.start(
        "busybox",
        command=("sleep", "9999"),
        pod="redis",
        id="writer",
        mounts=(MountSpec("/conf", "v"),),
    )
    machine.write("writer", "/conf/redis.conf", "maxmemory 2mb\nmaxmemory-policy allkeys-lru\n")
    machine.start(
        "redis:5.0.4",
        pod="redis",
        id="redis",
        mounts=(MountSpec("/conf", "v"),),
        command=("redis-server", "/conf/redis.conf"),
    )
    assert "Configuration loaded" in said(machine)
    assert cli(machine, "config", "get", "maxmemory") == "maxmemory\n2097152"
    assert cli(machine, "config", "get", "maxmemory-p*") == "maxmemory-policy\nallkeys-lru"


def test_a_bad_configuration_is_fatal():
    machine = Machine()
    machine.start("redis:7", "--maxmemory-policy", "sometimes", pod="redis")
    assert machine.exits == [("redis", 1)]
    assert machine.log("redis")[:4] == [
        "",
        "*** FATAL CONFIG FILE ERROR (Redis 7.4.7) ***",
        "Reading the configuration file, at line 1",
        ">>> 'maxmemory-policy \"sometimes\"'",
    ]


def test_a_missing_configuration_file_is_fatal():
    machine = Machine()
    machine.start("redis", "/etc/none.conf", pod="redis")
    assert machine.exits == [("redis", 1)]
    assert said(machine)[-1] == (
        "Fatal error, can't open config file '/etc/none.conf': No such file or directory"
    )


def test_two_servers_in_one_pod_want_the_same_port(machine):
    machine.start("redis", pod="redis", id="second")
    assert machine.exits == [("second", 1)]
    assert said(machine, "second")[-1] == "Failed listening on port 6379 (tcp), aborting."


def test_a_password_is_wanted():
    machine = Machine()
    machine.start("redis", "--requirepass", "secret", pod="redis")
    assert cli(machine, "ping") == "NOAUTH Authentication required."
    assert cli(machine, "-a", "secret", "--no-auth-warning", "ping") == "PONG"
    assert cli(machine, "-a", "other", "--no-auth-warning", "ping").startswith("NOAUTH")
    given = machine.out("redis", "sh", "-c", "REDISCLI_AUTH=secret redis-cli ping")
    assert given == "PONG\n"


def test_memory_is_bounded_when_it_is_told_to():
    machine = Machine()
    machine.start("redis", "--maxmemory", "1100kb", pod="redis")
    big = "x" * 50_000
    assert cli(machine, "set", "a", big) == "OK"
    assert cli(machine, "set", "b", big).startswith("OOM command not allowed")
    cli(machine, "config", "set", "maxmemory-policy", "allkeys-lru")
    assert cli(machine, "set", "b", big) == "OK"
    assert cli(machine, "exists", "a") == "0"


CONVERSATION = [
    ("set a 1", "OK"),
    ("get a", '"1"'),
    ("select 2", "OK"),
    ("dbsize", "(integer) 0"),
    ("multi", "OK"),
    ("incr n", "QUEUED"),
    ("incr n", "QUEUED"),
    ("exec", "1) (integer) 1\r\n2) (integer) 2"),
    ("exec", "(error) ERR EXEC without MULTI"),
    ("multi", "OK"),
    ("nonsense", "(error) ERR unknown command 'nonsense', with args beginning with: "),
    ("exec", "(error) EXECABORT Transaction discarded because of previous errors."),
    ("select 99", "(error) ERR DB index is out of range"),
    ("client setname me", "OK"),
    ("client getname", '"me"'),
    ("config get databases", '1) "databases"\r\n2) "16"'),
    (
        "config set nothing 1",
        "(error) ERR Unknown option or number of arguments for CONFIG SET - 'nothing'",
    ),
    ("echo 'a b'", '"a b"'),
    ("'unbalanced", "Invalid argument(s)"),
]


def test_a_conversation_at_a_terminal(machine):
    terminal = machine.terminal("redis", "redis-cli")
    assert terminal.out.decode() == "127.0.0.1:6379> "
    for typed, answer in CONVERSATION:
        lines = terminal.type(f"{typed}\r").split("\r\n")
        assert "\r\n".join(lines[1:-1]) == answer, typed
    assert lines[-1] == "127.0.0.1:6379[2]> "
    terminal.type("exit\r")
    assert terminal.code == 0


def test_commands_from_a_pipe(machine):
    text = 'set a "x y"\nget a\nlpush l 1 2\nlrange l 0 -1\n'
    assert machine.out("redis", "redis-cli", stdin=text) == "OK\nx y\n2\n2\n1\n"


def test_the_last_word_from_input(machine):
    machine.out("redis", "redis-cli", "-x", "set", "a", stdin="from a pipe")
    assert cli(machine, "get", "a") == "from a pipe"


def test_nobody_listens():
    machine = Machine()
    machine.start("redis", command=("sleep", "9999"), pod="redis")
    assert machine.call("redis", "redis-cli", "ping") == (
        "",
        "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n",
        1,
    )


def test_blpop_waits_for_another_client(machine):
    waiting = machine.terminal("redis", "redis-cli", "blpop", "jobs", "0")
    assert waiting.out == b""
    cli(machine, "rpush", "jobs", "one")
    assert waiting.read() == '1) "jobs"\r\n2) "one"\r\n'
    assert cli(machine, "llen", "jobs") == "0"


def test_blpop_gives_up(machine):
    waiting = machine.terminal("redis", "redis-cli", "blpop", "jobs", "2")
    assert waiting.read(1_999) == ""
    assert waiting.read(1) == "(nil)\r\n"


def test_messages_are_published(machine):
    listener = machine.terminal("redis", "redis-cli", "subscribe", "news")
    assert "Reading messages..." in listener.out.decode()
    assert cli(machine, "publish", "news", "hello") == "1"
    assert listener.read() == '1) "message"\r\n2) "news"\r\n3) "hello"\r\n'


def test_watch_sees_what_others_do(machine):
    terminal = machine.terminal("redis", "redis-cli")
    for typed in ("set a 1", "watch a", "multi", "set a 2"):
        terminal.type(f"{typed}\r")
    cli(machine, "set", "a", "9")
    assert "(nil)" in terminal.type("exec\r")
    assert cli(machine, "get", "a") == "9"


def test_a_replica_follows_its_primary(machine):
    ip = machine.kernel.find("redis")[0].ip
    cli(machine, "set", "before", "1")
    machine.start("redis:7", "--replicaof", f"{ip} 6379", pod="replica")
    assert cli(machine, "get", "before", pod="replica") == "1"
    cli(machine, "set", "after", "2")
    cli(machine, "-n", "5", "set", "there", "3")
    assert cli(machine, "get", "after", pod="replica") == "2"
    assert cli(machine, "-n", "5", "get", "there", pod="replica") == "3"
    assert cli(machine, "set", "x", "1", pod="replica").startswith("READONLY")
    assert "connected_slaves:1" in cli(machine, "info", "replication")
    assert "master_link_status:up" in cli(machine, "info", "replication", pod="replica")


def test_a_replica_waits_for_a_primary_that_is_late():
    machine = Machine()
    ip = machine.start("redis", command=("sleep", "3"), pod="late")
    machine.start("redis", "--replicaof", f"{ip} 6379", pod="replica")
    assert "Unable to connect to MASTER: Connection refused" in said(machine, "replica")
    machine.run(4_000)
    machine.start("redis", pod="late", id="server")
    cli(machine, "set", "a", "1", pod="server")
    machine.run(60_000)
    assert cli(machine, "get", "a", pod="replica") == "1"


def test_a_copy_goes_on_with_its_clients(machine):
    cli(machine, "set", "a", "1")
    machine.terminal("redis", "redis-cli", "blpop", "jobs", "0")
    twin = machine.copy()
    assert cli(twin, "incr", "a") == "2"
    assert cli(machine, "get", "a") == "1"
    assert "blocked_clients:1" in cli(twin, "info", "clients")


def test_shutdown_without_saving(machine):
    machine.call("redis", "redis-cli", "shutdown", "nosave")
    assert machine.exits == [("redis", 0)]
    assert "DB saved on disk" not in said(machine)
