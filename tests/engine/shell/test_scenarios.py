"""Scripts and what they print: tests/scenarios/shell/*.txt, recorded from real shells.

A file's name says which shell runs it; `both` is run by bash and dash. To record again see the
files' first lines; only a difference that can be explained is committed.
"""

from pathlib import Path

import pytest

from tests.engine.shell.machine import BUSYBOX, ShellBench

FOLDER = Path(__file__).parents[2] / "scenarios" / "shell"
SHELLS = {"both": ("bash", "dash"), "bash": ("bash",), "dash": ("dash",), "ash": ("ash",)}
FRESH = (
    "rm -rf /tmp/w; mkdir -p /tmp/w/sub; cd /tmp/w; echo 1 >one; echo 2 >two; echo 3 >sub/three; "
    "echo h >.hidden; printf 'a b c\\nd e f\\n  x  y  \\n' >lines"
)


def cases():
    for name, shells in SHELLS.items():
        path = FOLDER / f"{name}.txt"
        if not path.exists():
            continue
        for block in path.read_text().split("====\n")[1:]:
            script, _, expected = block.partition("----\n")
            for shell in shells:
                title = " ".join(script.split())[:60]
                yield pytest.param(
                    shell, script.removesuffix("\n"), expected, id=f"{shell}: {title}"
                )


@pytest.fixture(scope="module")
def benches():
    return {"bash": (debian := ShellBench()), "dash": debian, "ash": ShellBench(BUSYBOX)}


def shown(out, errors, status):
    """As the scenario files show it."""
    text = out if not out or out.endswith("\n") else out + "\\\n"
    text += "".join(f"stderr: {line}\n" for line in errors.splitlines())
    return text + (f"status: {status}\n" if status else "")


@pytest.mark.parametrize(("shell", "script", "expected"), list(cases()))
def test_a_script_prints_what_the_real_shell_prints(benches, shell, script, expected):
    bench = benches[shell]
    bench.sh(FRESH, shell="sh")
    program = "sh" if shell == "ash" else shell
    clean = ("env", "-i", "PATH=/usr/bin:/bin", "HOME=/root")
    words = (*clean, "sh", "-c", 'cd /tmp/w; exec "$@"', "x", program, "-c", script)
    assert shown(*bench.call(*words, seconds=5)) == expected
