"""Databases: what they want before they start, what they say, how they end."""

import pytest

from cluster_engine.runtime.container import MountSpec
from tests.engine.images.machine import Machine

STARTED = [
    ("mysql:8.0", {"MYSQL_ROOT_PASSWORD": "x"}, 3306, "ready for connections. Version: '8.0.44'"),
    ("mysql:5.7", {"MYSQL_ALLOW_EMPTY_PASSWORD": "1"}, 3306, "Version: '5.7.44'"),
    ("mariadb", {"MARIADB_ROOT_PASSWORD": "x"}, 3306, "mariadbd: ready for connections."),
    (
        "postgres:16",
        {"POSTGRES_PASSWORD": "x"},
        5432,
        "database system is ready to accept connections",
    ),
    ("postgres:17", {"POSTGRES_HOST_AUTH_METHOD": "trust"}, 5432, "starting PostgreSQL 17.7"),
    ("mongo:7.0", {}, 27017, '"msg":"Waiting for connections"'),
]


@pytest.mark.parametrize(
    ("image", "env", "port", "text"), STARTED, ids=[case[0] for case in STARTED]
)
def test_it_starts(image, env, port, text):
    machine = Machine()
    ip = machine.start(image, env=env)
    assert machine.exits == []
    assert any(text in line for line in machine.log("web"))
    machine.fabric.check(machine.node_ip, ip, port)
    process = machine.kernel.find("web")[0].pids["web"].processes[1]
    assert process.uid == 999


WANTED = [
    ("mysql", "Database is uninitialized and password option is not specified"),
    ("mariadb", "Database is uninitialized and password option is not specified"),
    ("postgres", "Error: Database is uninitialized and superuser password is not specified."),
]


@pytest.mark.parametrize(("image", "text"), WANTED)
def test_a_password_is_wanted(image, text):
    machine = Machine()
    machine.start(image)
    assert machine.exits == [("web", 1)]
    assert text in "\n".join(machine.log("web"))


def test_data_that_is_there_needs_no_password_again():
    machine = Machine()
    machine.kernel.add_empty_directory("v")
    facts = {"mounts": (MountSpec("/var/lib/mysql", "v"),)}
    machine.start("mysql", env={"MYSQL_ROOT_PASSWORD": "x"}, **facts)
    machine.kernel.stop_container("web", 30_000)
    machine.run()
    machine.start("mysql", id="again", **facts)
    assert machine.exits == [("web", 0)]
    assert "[Entrypoint]" not in "\n".join(machine.log("again"))


def test_data_goes_where_the_environment_says():
    machine = Machine()
    env = {"POSTGRES_PASSWORD": "x", "PGDATA": "/var/lib/postgresql/data/pgdata"}
    machine.start("postgres:13", env=env)
    assert machine.exits == []
    assert machine.out("web", "ls", "/var/lib/postgresql/data/pgdata") == "PG_VERSION\n"


ENDED = [
    ("mysql", {"MYSQL_ROOT_PASSWORD": "x"}, 15, "Shutdown complete"),
    ("mariadb", {"MARIADB_ROOT_PASSWORD": "x"}, 15, "Shutdown complete"),
    ("postgres", {"POSTGRES_PASSWORD": "x"}, 2, "database system is shut down"),
    ("mongo", {}, 15, "Shutting down"),
]


@pytest.mark.parametrize(("image", "env", "number", "text"), ENDED, ids=[case[0] for case in ENDED])
def test_it_ends_in_order(image, env, number, text):
    machine = Machine()
    machine.start(image, env=env)
    machine.kernel.stop_container("web", 30_000, number)
    machine.run()
    assert machine.exits == [("web", 0)]
    assert text in machine.log("web")[-1]


def test_memcached_says_nothing_and_is_no_root():
    machine = Machine()
    ip = machine.start("memcached:1.6")
    machine.fabric.check(machine.node_ip, ip, 11211)
    assert machine.log("web") == []
    assert machine.out("web", "id", "-u") == "11211\n"


def test_pg_isready_sees_the_server():
    machine = Machine()
    machine.start("postgres", env={"POSTGRES_PASSWORD": "x"})
    assert machine.out("web", "pg_isready") == "/var/run/postgresql:5432 - accepting connections\n"
    assert machine.call("web", "pg_isready", "-p", "9")[2] == 2


def test_who_connects_is_hung_up_on():
    machine = Machine()
    ip = machine.start("mongo")
    machine.start("busybox", command=("sleep", "99"), pod="client")
    assert machine.call("client", "nc", ip, "27017", stdin="hello")[0] == ""


def test_two_in_one_pod_want_the_same_port():
    machine = Machine()
    machine.start("mongo")
    machine.start("mongo", id="second")
    assert machine.exits == [("second", 1)]
