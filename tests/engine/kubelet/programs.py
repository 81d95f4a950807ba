"""Small programs for containers of tests, and the image that has them."""

from __future__ import annotations

from cluster_engine.images.image import Image, PullFailure
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.layer import layer, program
from cluster_engine.runtime.program import AGAIN, Exited, Waiting

SIGTERM = 15
#: The signal that ends a `Server` with code 0; the next ones with 1, 2 …
SIGNAL_BASE = 34


class Server:
    """Waits; ends with the code that a signal names. The stubborn one ignores SIGTERM."""

    def __init__(self, is_stubborn):
        self.is_stubborn = is_stubborn
        self.code = None
        self.pipe = None

    def step(self, system):
        if self.code is not None:
            return Exited(self.code)
        if self.pipe is None:
            self.pipe = system.pipe()
        return Waiting(readable=(self.pipe[0],))

    def signal(self, system, number):
        if number >= SIGNAL_BASE:
            self.code = number - SIGNAL_BASE
        elif number == SIGTERM and not self.is_stubborn:
            self.code = 0
        else:
            return number == SIGTERM
        return True


class Says:
    """`says CODE WORD…`: writes the words, ends with the code."""

    def __init__(self, arguments):
        self.arguments = arguments

    def step(self, system):
        text = " ".join(self.arguments[2:])
        if text:
            system.write(1, text.encode())
        return Exited(int(self.arguments[1]))

    def signal(self, system, number):
        return False


class Confesses:
    """Writes its last words where the kubelet looks for them, then ends with 1."""

    def __init__(self, arguments):
        self.words = arguments[1]

    def step(self, system):
        system.write_file("/dev/termination-log", self.words.encode())
        return Exited(1)

    def signal(self, system, number):
        return False


class Talks:
    """`talks WORD…`: logs a word a second, then ends."""

    def __init__(self, arguments):
        self.words = arguments[1:]
        self.next_ms = 0

    def step(self, system):
        if system.now_ms < self.next_ms:
            return Waiting(until_ms=self.next_ms)
        if not self.words:
            return Exited(0)
        system.write(1, f"{self.words.pop(0)}\n".encode())
        self.next_ms = system.now_ms + 1_000
        return AGAIN

    def signal(self, system, number):
        return False


class Writes:
    """`writes PATH TEXT`: puts a text into a file."""

    def __init__(self, arguments):
        _, self.path, self.text = arguments

    def step(self, system):
        system.write_file(self.path, self.text.encode())
        return Exited(0)

    def signal(self, system, number):
        return False


class Kills:
    """`kills PID`: sends SIGTERM, then waits as a shell waits for its next line."""

    def __init__(self, arguments):
        self.pid = int(arguments[1])
        self.pipe = None

    def step(self, system):
        if self.pipe is None:
            self.pipe = system.pipe()
            system.kill(self.pid, SIGTERM)
        return Waiting(readable=(self.pipe[0],))

    def signal(self, system, number):
        return False


class Reads:
    """`reads PATH`: prints a file; ends with 1 when there is none."""

    def __init__(self, arguments):
        self.path = arguments[1]

    def step(self, system):
        try:
            system.write(1, system.read_file(self.path))
        except Errno as error:
            system.write(1, error.text.encode())
            return Exited(1)
        return Exited(0)

    def signal(self, system, number):
        return False


PROGRAMS = {
    "kills": Kills,
    "reads": Reads,
    "writes": Writes,
    "serve": lambda arguments: Server(False),
    "stubborn": lambda arguments: Server(True),
    "says": Says,
    "confesses": Confesses,
    "talks": Talks,
}
LAYER = layer(
    "kubelet-tests",
    {
        "/entrypoint.sh": program("serve"),
        "/srv/here": "yes",
        "/etc/passwd": "root:x:0:0::/root:/bin/sh\nredis:x:999:1000::/data:/bin/sh\n",
        **{f"/usr/bin/{name}": program(name) for name in PROGRAMS},
    },
)


class TestCatalogue:
    """Every image but those called nosuch; they all hold the programs above."""

    __test__ = False

    def __init__(self):
        self.user = ""

    def find(self, reference):
        name = reference if "/" in reference else f"docker.io/library/{reference}"
        if ":" not in name.rpartition("/")[2]:
            name += ":latest"
        if "nosuch" in name:
            return PullFailure("ErrImagePull", f"failed to resolve reference {name}: not found")
        return Image(
            name,
            LAYER,
            60_000_000,
            entrypoint=() if "empty" in name else ("/entrypoint.sh",),
            command=() if "empty" in name else ("serve",),
            environment={"IMAGE": "yes"},
            working_dir="/srv",
            user=self.user,
        )
