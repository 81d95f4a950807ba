"""A kernel that runs real images of the catalogue, in pods on one node."""

from __future__ import annotations

import pickle

from cluster_engine.client.informer import Informers
from cluster_engine.images.catalogue import Catalogue, find_layer
from cluster_engine.images.image import Image
from cluster_engine.images.registry import PROGRAMS as SERVERS
from cluster_engine.network.fabric import Fabric
from cluster_engine.network.http import HttpReply
from cluster_engine.runtime.container import ContainerSpec
from cluster_engine.runtime.kernel import Kernel
from cluster_engine.shell.programs import PROGRAMS as SHELL
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.store import Store
from tests.engine.runtime.bench import START_MS, Client, Listener

NODE = "node-1"


class Machine:
    """One node. Containers are named by their pods unless a test says otherwise."""

    def __init__(self):
        self.clock, self.agenda, self.listener = Clock(START_MS), Agenda(), Listener()
        self._make()
        self.node_ip = self.fabric.add_node(NODE)

    def _make(self):
        randomness = Randomness(7)
        self.fabric = Fabric(Informers(Store()), randomness)
        self.kernel = Kernel(
            self.clock,
            self.agenda,
            randomness,
            Limits(),
            self.fabric,
            {**SHELL, **SERVERS},
            find_layer,
        )
        self.kernel.listener = self.listener

    def copy(self):
        """The same machine again, from pickled state."""
        state = pickle.dumps((self.kernel.state(), self.fabric.state(), self.agenda.state()))
        twin = Machine.__new__(Machine)
        twin.clock, twin.agenda, twin.listener = Clock(self.clock.now_ms), Agenda(), Listener()
        twin.node_ip = self.node_ip
        twin._make()
        kernel, fabric, agenda = pickle.loads(state)
        twin.agenda.restore(agenda)
        twin.fabric.restore(fabric)
        twin.kernel.restore(kernel)
        return twin

    def run(self, milliseconds=0, turns_max=20_000):
        """Let everything happen that is due within that time."""
        until = self.clock.now_ms + milliseconds
        turns = 0
        while (due := self.agenda.next_due_ms()) is not None and due <= until:
            turns += 1
            assert turns < turns_max, "never quiet"
            self.clock.move_to(due)
            self.kernel.wake(self.agenda.pop_due(self.clock.now_ms).message)
        self.clock.move_to(until)
        assert not self.kernel.crashes, self.kernel.crashes
        return self

    def start(self, reference, *arguments, pod="web", id=None, command=(), env=None, **facts):
        """Run an image as the kubelet does; `arguments` stand in for its command."""
        image = Catalogue().find(reference)
        assert isinstance(image, Image), image
        sandbox = self.kernel.sandboxes.get(pod)
        ip = sandbox.ip if sandbox else self.fabric.add_pod(NODE, "default", pod)
        words = (
            (*command, *arguments)
            if command
            else (*image.entrypoint, *(arguments or image.command))
        )
        if "uid" not in facts and image.user:
            uid = int(image.user) if image.user.isdecimal() else image.users[image.user]
            facts |= {"uid": uid, "gid": uid}
        self.kernel.start_container(
            ContainerSpec(
                id=id or pod,
                pod_id=pod,
                name=id or pod,
                hostname=pod,
                ip=ip,
                node=NODE,
                namespace="default",
                image=image,
                command=words,
                environment={**image.environment, **(env or {})},
                working_dir=facts.pop("working_dir", image.working_dir),
                **facts,
            )
        )
        self.run()
        return ip

    def call(self, pod, *words, stdin=None, milliseconds=0):
        """Output, errors and exit code of a command in a container."""
        client = Client(self, self.kernel.exec(pod, words, stdin=stdin is not None))
        if stdin is not None:
            client.type(stdin)
            client.end()
        client.read(milliseconds)
        return client.out.decode(), client.errors.decode(), client.code

    def out(self, pod, *words, **facts):
        """Output of a command that must work."""
        output, errors, code = self.call(pod, *words, **facts)
        assert code == 0, (output, errors, code)
        return output

    def terminal(self, pod, *words):
        """A command at a terminal."""
        client = Client(self, self.kernel.exec(pod, words, tty=True, stdin=True))
        client.read()
        return client

    def get(self, ip, path="/", port=80, method="GET", body=b"", **headers):
        """A request from the node."""
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        found = self.fabric.http(self.node_ip, ip, port, method, path, given, body)
        status, headers, content = found
        reply = HttpReply(status, content, headers)
        self.run()
        return reply

    def write(self, pod, path, text):
        """A file into a running container."""
        script = f"cat > {path}"
        self.call(pod, "sh", "-c", script, stdin=text)

    def log(self, pod):
        """The lines of a container's log."""
        return [line.text.decode() for line in self.kernel.log(pod)]

    @property
    def exits(self):
        """Who has ended, and how."""
        return [(name, code) for name, code, _ in self.listener.exits]
