"""The kernel: one component that runs the containers of every pod of a cluster.

What the kubelets call (they see it as their `Runtime`) is here: start, stop, exec, logs, volumes.
`machine.py` is the half that steps processes; `clients.py` keeps who is connected. Pods are copied
one by one and only when they have changed, so that a copy of a cluster costs little.

Models: containerd, as far as the kubelet can tell.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from cluster_engine.apiserver.requests import Caller, Recipe, Stream
from cluster_engine.runtime import signals
from cluster_engine.runtime.calls.processes import DEFAULT_PATH
from cluster_engine.runtime.calls.system import ProcessSystem
from cluster_engine.runtime.container import ContainerSpec, FileContent, StartFailure
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.exec_stream import ExecStream, FailedStream
from cluster_engine.runtime.filesystem.nodes import File
from cluster_engine.runtime.handles import (
    DeviceHandle,
    Handle,
    LogHandle,
    PipeHandle,
    TerminalHandle,
)
from cluster_engine.runtime.logs import STDERR, STDOUT, LogLine
from cluster_engine.runtime.machine import Machine
from cluster_engine.runtime.mounting import managed_files, namespace_of, writable_layer
from cluster_engine.runtime.pipe import Pipe
from cluster_engine.runtime.process import PidNamespace, Process
from cluster_engine.runtime.sandbox import Container, Sandbox
from cluster_engine.runtime.system import O_RDONLY, O_RDWR, Ended
from cluster_engine.runtime.terminal import Terminal
from cluster_engine.runtime.texts import start_failure

TERMINATION_BYTES_MAX = 4096
_IDLE_MEMORY_BYTES = 1024 * 1024


class Kernel(Machine):
    """All containers of one cluster. Every call works at once; what happens later is told to
    `listener` (see container.RuntimeListener)."""

    def wake(self, message: Hashable) -> None:
        """See simulation.component."""
        if isinstance(message, tuple) and message[0] == "kill":
            found = self.find(str(message[1]))
            if found is not None:
                found[1].kill_ticket = None
                self.kill_container(str(message[1]))
        else:
            super().wake(message)

    # Containers

    def start_container(self, spec: ContainerSpec) -> None:
        """Make a container and start its first process. Raises StartFailure."""
        sandbox = self.sandboxes.get(spec.pod_id)
        if sandbox is None:
            sandbox = Sandbox(spec.pod_id, spec.ip, spec.hostname, spec.namespace, spec.node)
            sandbox.work_at_ms = self.now_ms
            self.sandboxes.add(sandbox)
        self.sandboxes.touch(sandbox.id)
        assert spec.image is not None
        quota = self.volumes.quota
        layer = writable_layer(spec, spec.image.layer, quota, self.limits)
        managed = managed_files(spec, quota, self.now_ms)
        files = namespace_of(spec, layer, managed, self.volumes)
        log_max = self.limits.log_bytes_per_container_max
        container = Container(spec, files, layer, managed, log_max)
        container.work_since_ms = self.now_ms
        sandbox.containers[spec.id] = container
        if spec.has_api:
            self.api_pods[sandbox.id] = None
        self.pods[spec.id] = sandbox.id
        try:
            self._start_first(sandbox, container)
        except Errno as error:
            self.remove_container(spec.id)
            raise StartFailure(start_failure(spec.command[0], error)) from None

    def stop_container(
        self, container_id: str, grace_ms: int, signal: int = signals.SIGTERM
    ) -> None:
        """Ask it to end, and kill it after the grace; told through `container_exited`."""
        found = self.find(container_id)
        if found is None or not found[1].is_running:
            return
        sandbox, container = found
        if grace_ms <= 0:
            self.kill_container(container_id)
            return
        self.sandboxes.touch(sandbox.id)
        pids = sandbox.pids[container.namespace_key]
        self.lives.send(pids.processes[container.pid], signal, pids, is_outside=True)
        if not container.is_running:
            return
        if container.kill_ticket is not None:
            self.agenda.cancel(container.kill_ticket)
        due_ms = self.now_ms + grace_ms
        container.kill_ticket = self.agenda.schedule(due_ms, self.name, ("kill", container_id))

    def kill_container(self, container_id: str, reason: str = "") -> None:
        """End it at once (SIGKILL); told through `container_exited` with that reason."""
        found = self.find(container_id)
        if found is None or not found[1].is_running:
            return
        sandbox, container = found
        self.sandboxes.touch(sandbox.id)
        container.reason = reason
        pids = sandbox.pids[container.namespace_key]
        process = pids.processes[container.pid]
        self.lives.send(process, signals.SIGKILL, pids, is_outside=True)

    def update_limits(self, container_id: str, cpu_milli: int, memory_bytes: int) -> None:
        """Give a container other limits (0: none); it is killed when it uses more memory."""
        found = self.find(container_id)
        if found is None:
            return
        sandbox, container = found
        self.sandboxes.touch(sandbox.id)
        container.spec = replace(
            container.spec, cpu_limit_milli=cpu_milli, memory_limit_bytes=memory_bytes
        )
        self.lives.check_memory(sandbox, container)

    def remove_container(self, container_id: str) -> None:
        """Forget an ended container, its layer and its log (and its pod with the last one)."""
        found = self.find(container_id)
        if found is None:
            return
        sandbox, container = found
        if container.is_running:
            self.kill_container(container_id)
        self.sandboxes.touch(sandbox.id)
        container.layer.clear()
        container.managed.clear()
        del sandbox.containers[container_id]
        del self.pods[container_id]
        if container.namespace_key == container_id:
            sandbox.pids.pop(container_id, None)
        if not sandbox.containers:
            self.sandboxes.remove(sandbox.id)

    def is_running(self, container_id: str) -> bool:
        """Whether the container's first process lives."""
        found = self.find(container_id)
        return found is not None and found[1].is_running

    def find(self, container_id: str) -> tuple[Sandbox, Container] | None:
        """A container and its pod."""
        sandbox = self.sandboxes.get(self.pods.get(container_id, ""))
        if sandbox is None:
            return None
        return sandbox, sandbox.containers[container_id]

    # Reaching in

    def exec(
        self,
        container_id: str,
        command: Sequence[str],
        *,
        stdin: bool = False,
        stdout: bool = True,
        stderr: bool = True,
        tty: bool = False,
        size: tuple[int, int] = (80, 24),
        person: Caller | None = None,
    ) -> Stream:
        """Run a command with a client at its other end; ends with a Status on ERROR. `person`:
        who acts through it on the cluster's API, where the container has that."""
        found = self.find(container_id)
        if found is None or not found[1].is_running:
            return FailedStream("container not running")
        self.sandboxes.touch(found[0].id)
        try:
            return self.clients.exec(
                *found,
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                tty=tty,
                size=size,
                person=person,
            )
        except StartFailure as failure:
            return FailedStream(str(failure))

    def attach(
        self,
        container_id: str,
        *,
        stdin: bool = False,
        stdout: bool = True,
        stderr: bool = True,
        tty: bool = False,
    ) -> Stream:
        """Join the first process."""
        found = self.find(container_id)
        if found is None or not found[1].is_running:
            return FailedStream("container not running")
        self.sandboxes.touch(found[0].id)
        try:
            return self.clients.attach(*found, stdin=stdin, stdout=stdout, stderr=stderr)
        except StartFailure as failure:
            return FailedStream(str(failure))

    def revive_exec(self, recipe: Recipe) -> ExecStream | None:
        """A stream for a session that has none (in a copied cluster), None when it is over."""
        _, pod_id, session_id, position, is_told = recipe
        sandbox = self.sandboxes.get(pod_id)
        session = sandbox.sessions.get(session_id) if sandbox is not None else None
        if sandbox is None or session is None:
            return None
        return self.clients.connect(sandbox, session, position, is_told=is_told)

    def run(self, container_id: str, command: Sequence[str]) -> int:
        """Run a command without a client; its id is given back to `command_finished`.
        Raises StartFailure."""
        found = self.find(container_id)
        if found is None or not found[1].is_running:
            raise StartFailure("container not running")
        self.sandboxes.touch(found[0].id)
        return self.clients.run(*found, command)

    def cancel(self, command_id: int) -> None:
        """Kill a command started with `run`; nothing more is told of it."""
        pod_id = self.clients.commands.pop(command_id, "")
        sandbox = self.sandboxes.get(pod_id)
        if sandbox is not None:
            self.sandboxes.touch(pod_id)
            session = sandbox.sessions.pop(command_id, None)
            if session is not None:
                self.clients.abort(sandbox, session)

    def log(self, container_id: str) -> Sequence[LogLine]:
        """The lines of a container's log that are kept, oldest first."""
        found = self.find(container_id)
        return list(found[1].log.lines) if found is not None else []

    def log_after(self, container_id: str, number: int) -> tuple[Sequence[LogLine], int]:
        """The kept lines from that number on, and the number after the last: what a follower
        asks, beginning with 0."""
        found = self.find(container_id)
        if found is None:
            return [], number
        log = found[1].log
        end = log.first + len(log.lines)
        if number >= end:
            return [], end
        return log.lines[max(number - log.first, 0) :], end

    def look_at(self, container_id: str, path: str) -> bytes | list[str]:
        """What root finds at a path of a running container: a file's bytes, a directory's names.
        Raises Errno. Looking may leave traces: for a copied cluster only."""
        found = self.find(container_id)
        if found is None or not found[1].is_running:
            raise Errno("ESRCH")
        sandbox, container = found
        process = sandbox.pids[container.namespace_key].processes[container.pid]
        process.uid = process.gid = 0
        system = ProcessSystem(self, sandbox, process)
        if system.stat(path).kind == "directory":
            return system.list_directory(path)
        return system.read_file(path)

    def termination_message(self, container_id: str) -> bytes:
        """What the container has written to its termination message path."""
        found = self.find(container_id)
        if found is None:
            return b""
        container = found[1]
        name = container.spec.termination_message_path.replace("/", "|")
        node = container.managed.root.entries.get(name)
        return node.contents()[:TERMINATION_BYTES_MAX] if isinstance(node, File) else b""

    def usage(self, container_id: str) -> tuple[int, int]:
        """What a container uses: (CPU in thousandths, memory in bytes)."""
        found = self.find(container_id)
        if found is None or not found[1].is_running:
            return 0, 0
        sandbox, container = found
        cpu_milli = 0
        for pids in sandbox.pids.values():
            for process in pids.processes.values():
                if process.container_id == container_id and process.usage is not None:
                    cpu_milli += process.usage.cpu_milli
        cpu_milli += container.cpu_milli(self.now_ms)
        limit = container.spec.cpu_limit_milli
        memory = self.lives.memory_bytes(sandbox, container) or _IDLE_MEMORY_BYTES
        return min(cpu_milli, limit) if limit else cpu_milli, memory

    # Volumes

    def add_empty_directory(
        self,
        volume_id: str,
        *,
        mode: int = 0o777,
        gid: int | None = None,
        bytes_max: int = 0,
        is_memory: bool = False,
    ) -> None:
        """A writable volume shared by all containers that mount it."""
        self.volumes.add_empty_directory(
            volume_id, self.now_ms, mode=mode, gid=gid, bytes_max=bytes_max, is_memory=is_memory
        )

    def add_projection(self, volume_id: str, files: Mapping[str, FileContent] | None) -> None:
        """A read-only volume with `..data` links; again with other files: an atomic update.
        None: `listener.volume_files` is asked when someone first looks into it."""
        self.volumes.add_projection(volume_id, files, self.now_ms)

    def add_host_directory(self, volume_id: str, node: str, path: str, type_: str) -> None:
        """A path of a node's own file system. Raises StartFailure when it is not of that type."""
        self.volumes.add_host_directory(volume_id, node, path, type_, self.now_ms)

    def remove_volume(self, volume_id: str) -> None:
        """Forget a volume (of a node's file system only the mount)."""
        self.volumes.remove(volume_id)

    # What happens

    def container_ended(self, sandbox: Sandbox, container: Container, ended: Ended) -> None:
        """The first process has ended: so do all others, and the kubelets are told."""
        if not container.is_running:
            return
        container.is_running = False
        container.exit_code = ended.status
        if container.kill_ticket is not None:
            self.agenda.cancel(container.kill_ticket)
            container.kill_ticket = None
        self.lives.kill_container(sandbox, container)
        container.log.finish(self.now_ms)
        self.clients.container_ended(sandbox, container, ended)
        if self.listener is not None:
            self.listener.container_exited(container.spec.id, ended.status, container.reason)

    # Parts

    def new_process(
        self,
        sandbox: Sandbox,
        container: Container,
        command: Sequence[str],
        terminal: Terminal | None,
    ) -> Process:
        """A process that comes from outside (a first one, or exec's); it has no program yet."""
        spec = container.spec
        pids = sandbox.pids[container.namespace_key]
        address = (sandbox.id, pids.key, pids.next_pid)
        arguments = list(command)
        process = Process(address, 0, spec.id, None, arguments, spec.environment, self.now_ms)
        process.uid, process.gid, process.groups = spec.uid, spec.gid, spec.groups
        process.cwd = spec.working_dir or "/"
        process.terminal = terminal
        process.environment = self._environment(sandbox, container, process, terminal is not None)
        return process

    def _environment(
        self, sandbox: Sandbox, container: Container, process: Process, has_terminal: bool
    ) -> dict[str, str]:
        spec = container.spec
        found = {"PATH": DEFAULT_PATH, "HOSTNAME": sandbox.hostname}
        if has_terminal:
            found["TERM"] = "xterm"
        found.update(spec.environment)
        if "HOME" not in found:
            home = "/root"
            if spec.uid:
                home = _home(ProcessSystem(self, sandbox, process), spec.uid)
            found["HOME"] = home
        return found

    def _start_first(self, sandbox: Sandbox, container: Container) -> None:
        spec = container.spec
        pids = self._pids_of(sandbox, container)
        if spec.has_tty:
            container.terminal = Terminal(0)
            container.terminal.container_id = spec.id
        process = self.new_process(sandbox, container, spec.command, container.terminal)
        system = ProcessSystem(self, sandbox, process)
        if process.cwd != "/":
            self._enter(system, process.cwd)
        self.programs_of_images.load(container, process, system)
        container.pid = process.pid
        for fd, handle in enumerate(self._first_handles(container, process)):
            handle.references += 1
            process.fds[fd] = handle
        container.is_running = True
        self.lives.add(process, pids)

    def _pids_of(self, sandbox: Sandbox, container: Container) -> PidNamespace:
        spec = container.spec
        key = "pod" if spec.shares_processes else spec.id
        container.namespace_key = key
        pids = sandbox.pids.get(key)
        if pids is None:
            pids = sandbox.pids[key] = PidNamespace(key)
            if spec.shares_processes:
                address = (sandbox.id, key, pids.take_pid())
                pids.processes[1] = Process(address, 0, "", None, ["/pause"], {}, self.now_ms)
        return pids

    def _enter(self, system: ProcessSystem, path: str) -> None:
        """Go to the working directory; the container runtime makes it when it is missing."""
        try:
            system.chdir(path)
        except Errno as error:
            if error.name != "ENOENT":
                raise
            made = ""
            for name in path.split("/"):
                if name:
                    made += f"/{name}"
                    if not system.exists(made):
                        system.mkdir(made, 0o755)
            system.chdir(path)

    def _first_handles(self, container: Container, process: Process) -> list[Handle]:
        if container.terminal is not None:
            container.terminal.foreground = process.group
            handle = TerminalHandle(container.terminal, O_RDWR)
            return [handle, handle, handle]
        spec = container.spec
        out = LogHandle(spec.id, container.log, STDOUT)
        errors = LogHandle(spec.id, container.log, STDERR)
        container.outputs = (out, errors)
        if not spec.has_stdin:
            return [DeviceHandle("/dev/null", O_RDWR, "null"), out, errors]
        container.stdin = Pipe(self.limits.stream_buffer_bytes_max)
        container.stdin.writers = 1
        return [PipeHandle(container.stdin, O_RDONLY), out, errors]


def _home(system: ProcessSystem, uid: int) -> str:
    """The home directory that /etc/passwd gives a user, else "/"."""
    try:
        lines = system.read_file("/etc/passwd").decode(errors="replace").splitlines()
    except Errno:
        return "/"
    for line in lines:
        fields = line.split(":")
        if len(fields) > 5 and fields[2] == str(uid):
            return fields[5]
    return "/"
