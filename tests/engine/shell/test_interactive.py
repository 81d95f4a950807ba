"""Shells at a terminal: prompts, editing, history, jobs, completion."""

import pytest

from tests.engine.runtime.bench import Client
from tests.engine.shell.machine import BUSYBOX, ShellBench

PROMPT = "root@p1:/# "


@pytest.fixture
def bench():
    return ShellBench()


def last(text):
    """The line that the cursor is in, as far as it was drawn at once."""
    return text.rpartition("\n")[2].rpartition("\r")[2]


@pytest.mark.parametrize(
    ("image", "shell", "prompt"),
    [(None, "bash", PROMPT), (None, "sh", "# "), (BUSYBOX, "sh", "/ # ")],
    ids=["bash", "dash", "BusyBox"],
)
def test_the_prompt_is_that_of_the_distribution(image, shell, prompt):
    bench = ShellBench(image) if image else ShellBench()
    client = bench.terminal(shell)
    assert client.out.decode() == prompt


def test_a_command_is_run_and_the_prompt_comes_again(bench):
    client = bench.terminal()
    assert client.type("ls /srv\r") == "ls /srv\r\none  sub  two\r\n" + PROMPT


def test_the_prompt_shows_where_one_is(bench):
    client = bench.terminal()
    assert client.type("cd /srv/sub\r").endswith("root@p1:/srv/sub# ")
    assert client.type("cd\r").endswith("root@p1:~# ")


def test_a_command_that_is_not_complete_asks_for_more(bench):
    client = bench.terminal()
    assert client.type("for i in 1 2\r").endswith("\r\n> ")
    assert client.type("do echo $i; done\r").endswith("\r\n1\r\n2\r\n" + PROMPT)


@pytest.mark.parametrize("line", ["cat < /etc/passwd", "cat <<< hi", "cat <<E\rhi\rE"])
def test_redirected_input_leaves_the_terminal_to_the_shell(bench, line):
    client = bench.terminal()
    client.type(line + "\r")
    assert client.type("echo later\r") == "echo later\r\nlater\r\n" + PROMPT


def test_the_history_goes_back_and_forth(bench):
    client = bench.terminal()
    client.type("echo one\r")
    client.type("echo two\r")
    assert "echo two" in client.type("\x1b[A")
    assert "echo one" in client.type("\x1b[A")
    assert "echo two" in client.type("\x1b[B")
    assert client.type("\r").endswith("two\r\n" + PROMPT)


def test_a_reverse_search_finds_an_older_command(bench):
    client = bench.terminal()
    client.type("echo first\r")
    client.type("echo second\r")
    assert "(reverse-i-search)`fi': echo first" in client.type("\x12fi")
    assert client.type("\r").endswith("first\r\n" + PROMPT)


def test_control_c_gives_the_line_up(bench):
    client = bench.terminal()
    client.type("echo not this")
    assert client.type("\x03") == "^C\r\n" + PROMPT
    assert client.type("echo $?\r").endswith("130\r\n" + PROMPT)


@pytest.mark.parametrize(
    "command", ["sleep 100", "while true; do :; done", "cat", "for i in 1 2; do sleep 50; done"]
)
def test_control_c_ends_what_runs(bench, command):
    client = bench.terminal()
    client.type(command + "\r", 50)
    assert client.type("\x03", 50).endswith(PROMPT)
    assert client.status is None


def test_control_d_ends_the_shell_with_the_last_status(bench):
    client = bench.terminal()
    client.type("(exit 4)\r")
    assert client.type("\x04") == "exit\r\n"
    assert client.code == 4


def test_jobs_are_told_of_when_they_are_done(bench):
    client = bench.terminal()
    assert "[1] " in client.type("sleep 5 &\r")
    assert "Running                 sleep 5 &" in client.type("jobs\r")
    client.read(6000)
    assert client.type("\r").endswith("[1]+  Done                    sleep 5\r\n" + PROMPT)


def test_a_stopped_job_goes_on_in_the_foreground(bench):
    client = bench.terminal()
    client.type("sleep 20\r")
    assert "Stopped                 sleep 20" in client.type("\x1a")
    assert client.type("fg\r").endswith("sleep 20\r\n")
    client.read(25_000)
    assert client.out.decode().endswith(PROMPT)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("ls /srv/o", "ls /srv/one "),
        ("cd /srv/s", "cd /srv/sub/"),
        ("hostn", "hostname "),
        ("echo $HOM", "echo $HOME"),
        ("ls /srv/su\t", "ls /srv/sub/three "),
    ],
)
def test_tab_completes_commands_files_and_variables(bench, typed, line):
    client = bench.terminal()
    client.type(typed + "\t")
    assert last(client.out.decode()).removeprefix(PROMPT).replace("\a", "") == line


def test_a_second_tab_lists_the_choices(bench):
    client = bench.terminal()
    client.type("ls /srv/\t")
    assert "one   sub/  two" in client.type("\t")


def test_a_syntax_error_is_told_in_bash_s_words(bench):
    client = bench.terminal()
    text = "bash: syntax error near unexpected token `)'\r\n"
    assert client.type("echo )\r").endswith(text + PROMPT)


def test_aliases_work_at_the_prompt(bench):
    client = bench.terminal()
    client.type("alias e='echo aliased '\r")
    assert client.type("e x\r").endswith("aliased x\r\n" + PROMPT)


def test_the_window_size_reaches_the_shell(bench):
    client = bench.terminal(size=(20, 10))
    client.type("echo " + "x" * 20)
    assert client.out.decode().count("\x1b[J") >= 1
    assert client.type("\r").endswith("x" * 20 + "\r\n" + PROMPT)


def test_an_idle_shell_plans_nothing(bench):
    before = len(bench.agenda)
    bench.terminal()
    assert len(bench.agenda) == before


def test_killing_pid_1_of_a_server_ends_the_shell_with_137():
    bench = ShellBench()
    bench.start("probe-server", id="c2", pod="p2", environment={"PATH": "/usr/bin"})
    client = Client(bench, bench.kernel.exec("c2", ("/bin/bash",), tty=True))
    client.read()
    client.type("kill 1\r")
    assert client.code == 137
    assert bench.listener.exits == [("c2", 0, "")]


def test_a_shell_as_pid_1_does_not_hear_sigterm():
    bench = ShellBench()
    bench.start(
        "sh", "-c", "while true; do sleep 1; done", id="c2", pod="p2", environment={"PATH": "/bin"}
    )
    bench.kernel.stop_container("c2", 30_000)
    bench.run(29_000)
    assert bench.listener.exits == []
    bench.run(1_000)
    assert bench.listener.exits == [("c2", 137, "")]


def test_a_trap_lets_a_shell_as_pid_1_end_at_once():
    bench = ShellBench()
    script = "trap 'echo bye; exit 0' TERM; sleep 1000 & wait"
    bench.start("bash", "-c", script, id="c2", pod="p2", environment={"PATH": "/bin"})
    bench.kernel.stop_container("c2", 30_000)
    bench.run(100)
    assert bench.listener.exits == [("c2", 0, "")]
    assert bench.log("c2") == "bye"


def test_the_last_command_of_sh_c_takes_its_place():
    bench = ShellBench()
    bench.start("sh", "-c", "sleep 1000", id="c2", pod="p2", environment={"PATH": "/bin"})
    bench.run(10)
    processes = bench.kernel.sandboxes["p2"].pids["c2"].processes
    assert [process.arguments for process in processes.values()] == [["sleep", "1000"]]


def test_a_running_loop_goes_on_in_both_copies():
    bench = ShellBench()
    script = "i=0; while true; do i=$((i+1)); echo $(echo round) $i | cat; sleep 1; done"
    bench.start("bash", "-c", script, id="c2", pod="p2", environment={"PATH": "/bin"})
    bench.run(2_500)
    twin = bench.copy()
    for one in (bench, twin):
        one.run(2_000)
        assert one.log("c2").splitlines() == [f"round {number}" for number in range(1, 6)]


def test_a_shell_at_a_terminal_can_be_copied_in_the_middle_of_a_line():
    bench = ShellBench()
    client = bench.terminal()
    client.type("x=5; echo va")
    twin = bench.copy()
    session = max(twin.kernel.sandboxes["p1"].sessions)
    other = Client(twin, twin.kernel.revive_exec(("exec", "p1", session, 0, False)))
    assert other.type("lue $x\r").endswith("value 5\r\n" + PROMPT)
    assert client.type("r $x\r").endswith("var 5\r\n" + PROMPT)


def test_an_endless_script_takes_no_more_than_its_share():
    bench = ShellBench()
    bench.start(
        "bash", "-c", "while :; do :; done", id="c2", pod="p2", environment={"PATH": "/bin"}
    )
    bench.run(30_000)
    client = bench.terminal()
    assert client.type("echo still here\r").endswith("still here\r\n" + PROMPT)
