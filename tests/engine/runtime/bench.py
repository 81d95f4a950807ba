"""A kernel on its own: a clock, an agenda, a network over an empty store, small images."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable

from cluster_engine.apiserver.requests import ERROR, STDERR, STDIN, STDOUT, Frame
from cluster_engine.client.informer import Informers
from cluster_engine.network.fabric import Fabric
from cluster_engine.runtime.container import ContainerSpec
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, program
from cluster_engine.runtime.kernel import Kernel
from cluster_engine.runtime.program import AGAIN, Exited, Waiting
from cluster_engine.runtime.system import Spawn
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.store import Store

START_MS = 1_790_000_000_000


class Image:
    def __init__(self, tree: Layer) -> None:
        self.layer = tree


class Probe:
    """A program whose steps are functions named in `SCRIPTS`; its memory is `facts`."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.facts = {}
        self.handled = []

    def step(self, system):
        name = self.arguments[0].rsplit("/", 1)[-1].removeprefix("probe-")
        return SCRIPTS[name](self, system)

    def signal(self, system, number):
        self.handled.append(number)
        return self.facts.get("handles") == number


def idle(probe, system):
    return Waiting(until_ms=system.now_ms + 10_000_000)


def spin(probe, system):
    system.work(100)
    return AGAIN


def say(probe, system):
    system.write(1, (" ".join(probe.arguments[1:]) + "\n").encode())
    return Exited(0)


def echo(probe, system):
    """Copies its input to its output."""
    data = system.read(0)
    if data is None:
        return Waiting(readable=(0,))
    if data == b"":
        return Exited(int(probe.arguments[1]) if len(probe.arguments) > 1 else 0)
    system.write(1, data)
    return AGAIN


def chatter(probe, system):
    """Writes so many bytes as fast as they are taken."""
    left = probe.facts.setdefault("left", int(probe.arguments[1]))
    probe.facts["left"] = left = left - system.write(1, bytes(min(left, 4096)))
    return Exited(0) if not left else Waiting(writable=(1,))


def server(probe, system):
    """Ends with 0 when it is asked to by SIGTERM."""
    probe.facts["handles"] = 15
    return Exited(0) if 15 in probe.handled else Waiting(until_ms=system.now_ms + 10_000_000)


def parent(probe, system):
    """Starts its arguments as a child and reports how it ended."""
    if "child" not in probe.facts:
        probe.facts["child"] = system.spawn(Spawn(probe.arguments[1:]))
        return Waiting(children=(probe.facts["child"],))
    ended = system.wait(probe.facts["child"])
    if ended is None:
        return Waiting(children=(probe.facts["child"],))
    system.write(1, f"{ended.code} {ended.signal}\n".encode())
    return Exited(0)


def killer(probe, system):
    system.kill(int(probe.arguments[1]), int(probe.arguments[2]))
    return Waiting(until_ms=system.now_ms + 10_000_000)


def hog(probe, system):
    system.report_usage(memory_bytes=int(probe.arguments[1]))
    return Waiting(until_ms=system.now_ms + 10_000_000)


def fail(probe, system):
    system.open("/nowhere")
    return Exited(0)


def do(probe, system):
    """Runs what the test gave it; see Bench.do."""
    probe.result = JOBS[probe.arguments[1]](system)
    return Exited(0)


SCRIPTS: dict[str, Callable] = {
    function.__name__: function
    for function in (idle, spin, say, echo, chatter, server, parent, killer, hog, fail, do)
}
JOBS: dict[str, Callable] = {}


class Listener:
    def __init__(self):
        self.exits = []
        self.results = {}
        self.files = {}

    def container_exited(self, container_id, exit_code, reason):
        self.exits.append((container_id, exit_code, reason))

    def command_finished(self, command_id, result):
        self.results[command_id] = result

    def volume_files(self, volume_id):
        return self.files[volume_id]

    def log_written(self, container_id):
        pass


def probe_image(extra=None) -> Image:
    entries = {f"/bin/{name}": program("probe") for name in SCRIPTS}
    entries |= {
        "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n",
        "/etc/motd": "welcome\n",
        "/tmp": directory(mode=0o1777),
        "/home/ann": directory(uid=1000, gid=1000),
        "/root": directory(mode=0o700),
        "/opt/script": "#!/bin/say -x\n",
        "/opt/text": "no program\n",
    }
    return Image(layer("probes", {**entries, **(extra or {})}))


class Bench:
    def __init__(self, image=None, programs=None, limits=None):
        self.image = image or probe_image()
        self.programs = {"probe": Probe, **(programs or {})}
        self.limits = limits or Limits()
        self.clock = Clock(START_MS)
        self.agenda = Agenda()
        self.listener = Listener()
        self._make()

    def _make(self):
        randomness = Randomness(7)
        self.fabric = Fabric(Informers(Store()), randomness)
        self.fabric.add_node("node-1")
        self.kernel = Kernel(
            self.clock,
            self.agenda,
            randomness,
            self.limits,
            self.fabric,
            self.programs,
            {self.image.layer.name: self.image.layer}.__getitem__,
        )
        self.kernel.listener = self.listener

    def copy(self):
        """The same bench again, from pickled state."""
        state = pickle.loads(pickle.dumps((self.kernel.state(), self.fabric.state())))
        twin = Bench.__new__(Bench)
        twin.image, twin.programs, twin.limits = self.image, self.programs, self.limits
        twin.clock = Clock(self.clock.now_ms)
        twin.agenda = Agenda()
        twin.agenda.restore(self.agenda.state())
        twin.listener = Listener()
        twin._make()
        twin.fabric.restore(state[1])
        twin.kernel.restore(state[0])
        return twin

    def run(self, milliseconds=0, turns_max=20_000):
        """Let everything happen that is due within that time."""
        until = self.clock.now_ms + milliseconds
        turns = 0
        while (entry := self._next(until)) is not None:
            turns += 1
            assert turns < turns_max, "never quiet"
            self.kernel.wake(entry.message)
        self.clock.move_to(until)
        assert not self.kernel.crashes, self.kernel.crashes
        return self

    def _next(self, until):
        due = self.agenda.next_due_ms()
        if due is None or due > until:
            return None
        self.clock.move_to(due)
        return self.agenda.pop_due(self.clock.now_ms)

    def start(self, *command, id="c1", pod="p1", **facts):
        """Start a container; its address is taken from the network."""
        sandbox = self.kernel.sandboxes.get(pod)
        ip = sandbox.ip if sandbox else self.fabric.add_pod("node-1", "default", pod)
        facts.setdefault("environment", {"PATH": "/bin"})
        spec = ContainerSpec(
            id=id,
            pod_id=pod,
            name=id,
            hostname=pod,
            ip=ip,
            node="node-1",
            namespace="default",
            image=self.image,
            command=command,
            **facts,
        )
        self.kernel.start_container(spec)
        self.run()
        return id

    def do(self, job, id="c1"):
        """Run `job(system)` in a process of the container; gives what it returns."""
        box = {}

        def kept(system):
            try:
                box["value"] = job(system)
            except Exception as error:
                box["error"] = error

        JOBS["job"] = kept
        self.kernel.run(id, ("do", "job"))
        self.run()
        if "error" in box:
            raise box["error"]
        return box["value"]

    def log(self, id="c1"):
        return b"\n".join(line.text for line in self.kernel.log(id)).decode()


class Client:
    """The other end of an exec or attach."""

    def __init__(self, bench, stream):
        self.bench = bench
        self.stream = stream
        self.out = b""
        self.errors = b""
        self.status = None

    def type(self, text, milliseconds=0):
        self.stream.write(Frame(STDIN, text.encode()))
        return self.read(milliseconds)

    def end(self):
        self.stream.end_input()
        return self.read()

    def read(self, milliseconds=0):
        """What has come on stdout since the last time."""
        before = len(self.out)
        self.bench.run(milliseconds)
        while frames := self.stream.read():
            for frame in frames:
                if frame.channel == STDOUT:
                    self.out += frame.data
                elif frame.channel == STDERR:
                    self.errors += frame.data
                elif frame.channel == ERROR:
                    self.status = json.loads(frame.data)
            self.bench.run()
        return self.out[before:].decode(errors="replace")

    @property
    def code(self):
        """The exit code that the status tells, None before the end."""
        if self.status is None:
            return None
        if self.status["status"] == "Success":
            return 0
        return int(self.status["details"]["causes"][0]["message"])
