"""Scenario files: command lines, and what they print.

    # A comment.
    @image busybox
    $ head -n1 a nope
    one
    ! head: nope: No such file or directory
    [1]

Each `$` line runs in a shell in /tmp/w, after the ones before it, on the files that `setup.sh`
makes (anew after a line `@fresh`). What it prints on standard error is marked "! "; the exit code
is told when it is not 0. An empty line of output is written "~"; one that is not ended is followed
by "\\". Empty lines are for the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cluster_engine.images import bases
from cluster_engine.runtime.filesystem.layer import Layer, layer, program
from cluster_engine.shell.commands.registry import PROGRAMS
from tests.engine.runtime.bench import Client, Image
from tests.engine.shell.machine import ShellBench

FOLDER = Path(__file__).parents[3] / "scenarios" / "commands"
SHELLS = {"debian": "bash", "busybox": "ash"}
_ACCOUNTS = {
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n",
    "/etc/group": "root:x:0:\nann:x:1000:\n",
}


@dataclass
class Scenario:
    """One command line and what it should print."""

    line: int
    command: str
    image: str
    is_fresh: bool = False
    expected: list[str] = field(default_factory=list)


def read_scenarios(path: Path) -> list[Scenario]:
    """The scenarios of a file, in order."""
    found: list[Scenario] = []
    image, is_fresh = "debian", True
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("@image "):
            image, is_fresh = line.removeprefix("@image ").strip(), True
        elif line == "@fresh":
            is_fresh = True
        elif line.startswith("$ "):
            found.append(Scenario(number, line[2:], image, is_fresh))
            is_fresh = False
        elif line.startswith("> ") and found and not found[-1].expected:
            found[-1].command += "\n" + line[2:]
        elif line and not line.startswith("#"):
            found[-1].expected.append(line)
    return found


def machine(image: str) -> ShellBench:
    """A container with the files of `setup.sh` in /tmp/w."""
    base = bases.busybox() if image == "busybox" else bases.debian("12")
    entries = {**_ACCOUNTS}
    if image == "debian":
        # A full installation: what images of Debian leave out is in /usr/local/bin.
        names = [name for name in PROGRAMS if not name.startswith("busybox")]
        missing = [name for name in names if not _has(base, name)]
        entries |= {f"/usr/local/bin/{name}": program(name) for name in missing}
    bench = ShellBench(Image(layer(f"scenarios-{image}", entries, base)))
    text = run(bench, image, (FOLDER / "setup.sh").read_text())
    assert text == [], text
    return bench


def _has(base: Layer, name: str) -> bool:
    try:
        base.node(f"/usr/bin/{name}")
    except KeyError:
        return False
    return True


def run(bench: ShellBench, image: str, command: str) -> list[str]:
    """What a command line prints, as scenario files write it."""
    client = Client(bench, bench.kernel.exec("c1", (SHELLS[image], "-c", command)))
    client.read(20_000)
    lines = shown(client.out) + [f"! {line}" for line in shown(client.errors)]
    return lines + ([f"[{client.code}]"] if client.code else [])


def shown(data: bytes) -> list[str]:
    """Lines; those that would be taken for something else are kept apart by a blank."""
    text = data.decode("utf-8", "backslashreplace")
    lines = text.split("\n")
    last = lines.pop()
    lines += [f"{last}\\"] if last else []
    return [_written(line) for line in lines]


def _written(line: str) -> str:
    for letter, name in (("\x1b", "\\e"), ("\0", "\\0"), ("\x01", "\\1"), ("\r", "\\r")):
        line = line.replace(letter, name)
    if not line:
        return "~"
    return f" {line}" if line[0] in "$#@![>~" else line
