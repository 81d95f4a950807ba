"""Containers from start to end, seen from outside: logs, exits, exec, signals, copies."""

import pytest

from cluster_engine.runtime.container import FileContent, MountSpec, StartFailure
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import Spawn
from cluster_engine.simulation.limits import Limits
from tests.engine.runtime.bench import Bench, Client


def exec_in(bench, *command, id="c1", **facts):
    client = Client(bench, bench.kernel.exec(id, command, **facts))
    client.read()
    return client


def test_what_the_first_process_writes_is_its_log():
    bench = Bench()
    bench.start("say", "hello", "there")
    assert bench.log() == "hello there"
    assert bench.listener.exits == [("c1", 0, "")]


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("nothing", 'exec: "nothing": executable file not found in $PATH'),
        ("/bin/nothing", 'exec: "/bin/nothing": stat /bin/nothing: no such file or directory'),
        ("/etc/motd", 'exec: "/etc/motd": permission denied'),
    ],
)
def test_a_command_that_is_not_there_fails_the_start(command, text):
    bench = Bench()
    with pytest.raises(StartFailure) as failure:
        bench.start(command)
    assert str(failure.value).endswith(text)
    assert bench.kernel.find("c1") is None


def test_exec_streams_both_ways_and_tells_the_exit_code():
    bench = Bench()
    bench.start("idle")
    client = exec_in(bench, "echo", "3", stdin=True)
    assert client.type("one\n") == "one\n"
    client.end()
    assert client.code == 3
    assert client.status["reason"] == "NonZeroExitCode"
    assert client.stream.is_done


def test_exec_of_a_command_that_is_not_there_is_an_internal_error():
    bench = Bench()
    bench.start("idle")
    client = exec_in(bench, "nothing")
    assert client.status["message"].endswith('exec: "nothing": executable file not found in $PATH')


def test_sigterm_ends_a_server_that_handles_it_and_kills_who_was_exec_ed():
    bench = Bench()
    bench.start("server")
    client = exec_in(bench, "killer", "1", "15")
    assert bench.listener.exits == [("c1", 0, "")]
    assert client.code == 137


def test_pid_1_without_a_handler_ignores_signals_from_inside_even_sigkill():
    bench = Bench()
    bench.start("idle")
    exec_in(bench, "killer", "1", "15")
    exec_in(bench, "killer", "1", "9")
    assert bench.listener.exits == []


def test_stop_waits_for_the_grace_then_kills():
    bench = Bench()
    bench.start("idle")
    bench.kernel.stop_container("c1", 30_000)
    bench.run(29_999)
    assert bench.listener.exits == []
    bench.run(1)
    assert bench.listener.exits == [("c1", 137, "")]


def test_more_memory_than_the_limit_is_an_oom_kill():
    bench = Bench()
    bench.start("hog", "2000000", memory_limit_bytes=1_000_000)
    assert bench.listener.exits == [("c1", 137, "OOMKilled")]


def test_a_child_tells_its_parent_how_it_ended():
    bench = Bench()
    bench.start("parent", "say", "x")
    assert bench.log() == "x\n0 0"


def test_a_script_runs_through_its_interpreter():
    bench = Bench(image=None)
    bench.start("idle")
    bench.do(lambda system: system.chmod("/opt/script", 0o755))
    client = exec_in(bench, "/opt/script", "y")
    assert client.out == b"-x /opt/script y\n"


def test_a_program_that_lets_an_error_pass_says_so():
    bench = Bench()
    bench.start("fail")
    assert bench.log() == "fail: No such file or directory"
    assert bench.listener.exits == [("c1", 1, "")]


def test_an_endless_loop_lets_time_pass_and_is_slowed_down():
    bench = Bench()
    bench.start("spin")
    before = bench.kernel.find("c1")[1].work
    bench.run(10_000)
    assert bench.kernel.find("c1")[1].work - before < 10_000 * 50 + 200_000 + 2_000
    assert bench.kernel.usage("c1")[0] > 900


def test_a_container_that_waits_plans_only_its_own_moment():
    bench = Bench()
    bench.start("idle")
    assert len(bench.agenda) == 1


def test_too_many_processes_are_refused():
    bench = Bench(limits=Limits(processes_per_container_max=3))
    bench.start("idle")

    def fork(system):
        names = []
        for _ in range(3):
            try:
                system.spawn(Spawn(["idle"]))
            except Errno as error:
                names.append(error.name)
        return names

    assert bench.do(fork) == ["EAGAIN", "EAGAIN"]


def test_a_terminal_echoes_edits_and_interrupts():
    bench = Bench()
    bench.start("idle")
    client = exec_in(bench, "echo", tty=True)
    assert client.type("ab\x7fc") == "ab\b \bc"
    assert client.type("\r") == "\r\nac\r\n"
    assert client.type("\x03") == "^C"
    assert client.code == 130


def test_control_d_ends_the_input_of_a_terminal():
    bench = Bench()
    bench.start("idle")
    client = exec_in(bench, "echo", tty=True)
    client.type("\x04")
    assert client.code == 0


def test_closing_the_terminal_hangs_up():
    bench = Bench()
    bench.start("idle")
    client = exec_in(bench, "idle", tty=True)
    client.stream.close()
    bench.run()
    assert len(bench.kernel.sandboxes["p1"].pids["c1"].processes) == 1


def test_attach_sees_what_comes_from_now_on():
    bench = Bench()
    bench.start("echo", has_stdin=True)
    client = Client(bench, bench.kernel.attach("c1", stdin=True))
    assert client.type("hi\n") == "hi\n"
    assert bench.log() == "hi"


def test_attach_to_a_terminal_and_its_log():
    bench = Bench()
    bench.start("echo", has_stdin=True, has_tty=True)
    client = Client(bench, bench.kernel.attach("c1", stdin=True, tty=True))
    assert client.type("hi\r") == "hi\r\nhi\r\n"
    assert bench.log() == "hi\nhi"


def test_a_command_without_a_client_tells_its_result():
    bench = Bench()
    bench.start("idle")
    number = bench.kernel.run("c1", ("say", "probe"))
    bench.run()
    assert (bench.listener.results[number].exit_code, bench.listener.results[number].output) == (
        0,
        b"probe\n",
    )


def test_containers_of_a_pod_share_a_volume_and_it_outlives_them():
    bench = Bench()
    bench.kernel.add_empty_directory("v")
    mounts = (MountSpec("/data", "v"),)
    bench.start("idle", id="a", mounts=mounts)
    bench.start("idle", id="b", mounts=mounts)
    bench.do(lambda system: system.write_file("/data/file", b"kept"), "a")
    bench.kernel.kill_container("a")
    bench.kernel.remove_container("a")
    assert bench.do(lambda system: system.read_file("/data/file"), "b") == b"kept"


def test_a_projected_volume_is_read_only_and_updates_at_once():
    bench = Bench()
    bench.kernel.add_projection("s", {"password": FileContent(b"old", 0o400)})
    bench.start("idle", mounts=(MountSpec("/etc/secret", "s", is_read_only=True),))
    assert bench.do(lambda system: system.list_directory("/etc/secret"))[-1] == "password"
    assert bench.do(lambda system: system.readlink("/etc/secret/password")) == "..data/password"
    bench.kernel.add_projection("s", {"password": FileContent(b"new")})
    assert bench.do(lambda system: system.read_file("/etc/secret/password")) == b"new"


def test_a_projected_volume_is_filled_when_it_is_first_looked_into():
    bench = Bench()
    bench.kernel.add_projection("s", None)
    bench.start("idle", mounts=(MountSpec("/etc/secret", "s"),))
    twin = bench.copy()
    for one, content in ((bench, b"one"), (twin, b"two")):
        one.listener.files["s"] = {"a/b": FileContent(content)}
        assert one.do(lambda system: system.read_file("/etc/secret/a/b")) == content


def test_the_termination_message_is_read_back():
    bench = Bench()
    bench.start("idle")
    bench.do(lambda system: system.write_file("/dev/termination-log", b"because"))
    assert bench.kernel.termination_message("c1") == b"because"


def test_shared_processes_have_the_pause_process_as_pid_1():
    bench = Bench()
    bench.start("idle", id="a", shares_processes=True)
    bench.start("idle", id="b", shares_processes=True)
    found = bench.do(lambda system: [p.arguments for p in system.processes()], "a")
    assert found[:3] == [("/pause",), ("idle",), ("idle",)]


def test_a_copy_goes_on_where_the_original_was():
    bench = Bench()
    bench.kernel.add_empty_directory("v")
    bench.start("parent", "echo", mounts=(MountSpec("/data", "v"),), has_stdin=True)
    bench.start("spin", id="s", pod="p2")
    bench.do(lambda system: system.write_file("/data/file", b"1"))
    bench.do(lambda system: system.write_file("/etc/motd", b"changed"))
    twin = bench.copy()
    twin.do(lambda system: system.write_file("/data/file", b"2"))
    for one in (bench, twin):
        client = Client(one, one.kernel.attach("c1", stdin=True))
        assert client.type("still\n") == "still\n"
        assert one.do(lambda system: system.read_file("/etc/motd")) == b"changed"
        work = one.kernel.find("s")[1].work
        one.run(100)
        assert one.kernel.find("s")[1].work > work
    assert bench.do(lambda system: system.read_file("/data/file")) == b"1"
    assert twin.do(lambda system: system.read_file("/data/file")) == b"2"


def test_a_pod_that_has_not_changed_is_copied_as_the_same_bytes():
    bench = Bench()
    bench.start("idle")
    first = bench.kernel.state()["sandboxes"]["p1"]
    assert bench.kernel.state()["sandboxes"]["p1"] is first
    assert len(first) < 6_000


def test_a_command_can_be_cancelled_and_is_not_told_of():
    bench = Bench()
    bench.start("idle")
    number = bench.kernel.run("c1", ("idle",))
    bench.run()
    bench.kernel.cancel(number)
    bench.run()
    assert bench.listener.results == {}
    assert len(bench.kernel.sandboxes["p1"].pids["c1"].processes) == 1


def test_nothing_stays_planned_for_a_container_that_is_gone():
    bench = Bench()
    bench.start("idle")
    bench.kernel.stop_container("c1", 1_000)
    bench.run(1_000)
    bench.kernel.remove_container("c1")
    assert bench.agenda.next_due_ms() is None
    assert bench.kernel.find("c1") is None
    assert list(bench.kernel.sandboxes) == []


def test_input_that_nobody_takes_is_bounded():
    bench = Bench(limits=Limits(stream_buffer_bytes_max=1000))
    bench.start("idle")
    client = exec_in(bench, "idle", stdin=True)
    client.type("x" * 900)
    assert client.stream.has_room
    client.type("x" * 900)
    client.read()
    assert client.code == 137


def test_output_that_nobody_reads_makes_its_writer_wait():
    bench = Bench()
    bench.start("idle")
    stream = bench.kernel.exec("c1", ("chatter", "200000"))
    bench.run(1_000)
    assert len(bench.agenda) == 1, "only the idle process has a plan"
    client = Client(bench, stream)
    client.read()
    assert (len(client.out), client.code) == (200_000, 0)


def test_a_client_that_goes_breaks_the_pipe():
    bench = Bench()
    bench.start("idle")
    bench.kernel.exec("c1", ("chatter", "200000")).close()
    bench.run(1_000)
    assert len(bench.kernel.sandboxes["p1"].pids["c1"].processes) == 1
    assert bench.kernel.sandboxes["p1"].sessions == {}
