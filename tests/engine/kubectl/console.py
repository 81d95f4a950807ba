"""A console to drive kubectl with: a small machine whose only network is the cluster's API."""

from __future__ import annotations

from cluster_engine.apiserver.requests import ADMIN, STDIN, Frame, Request
from cluster_engine.cluster import Cluster
from cluster_engine.kubectl.program import Kubectl
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited
from cluster_engine.runtime.system import FileStatus, TerminalMode
from cluster_engine.spec import ClusterSpec

_STEPS_MAX = 2_000


class Machine:
    """The system calls that kubectl makes. Files are a dict from path to bytes."""

    def __init__(self, cluster, files, stdin=b"", *, is_tty=False):
        self.cluster = cluster
        self.files = files
        self.stdin = stdin
        self.output = {1: b"", 2: b""}
        self.environment = {"HOME": "/root"}
        self.cwd = "/root"
        self.streams = {}
        self._next_fd = 10
        self._is_tty = is_tty
        self.mode = TerminalMode()

    @property
    def now_ms(self):
        return self.cluster.now_ms

    def api(self, request):
        return self.cluster.handle(
            Request(
                request.method,
                request.path,
                request.query,
                request.headers,
                request.body,
                user=ADMIN,
            )
        )

    def _absolute(self, path):
        parts = []
        for part in (path if path.startswith("/") else f"{self.cwd}/{path}").split("/"):
            if part == "..":
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        return "/" + "/".join(parts)

    realpath = _absolute

    def _is_folder(self, path):
        prefix = path.rstrip("/") + "/"
        return any(name.startswith(prefix) for name in self.files)

    def read_file(self, path):
        path = self._absolute(path)
        if path in self.files:
            return self.files[path]
        raise Errno("EISDIR" if self._is_folder(path) else "ENOENT")

    def write_file(self, path, data, *, append=False, mode=0o666):
        path = self._absolute(path)
        self.files[path] = (self.files.get(path, b"") if append else b"") + data

    def exists(self, path):
        path = self._absolute(path)
        return path in self.files or self._is_folder(path)

    def stat(self, path):
        path = self._absolute(path)
        if path in self.files:
            return FileStatus("file", 0o644, 0, 0, len(self.files[path]), 0, 1, 1)
        if self._is_folder(path):
            return FileStatus("directory", 0o755, 0, 0, 0, 0, 1, 1)
        raise Errno("ENOENT")

    lstat = stat

    def list_directory(self, path):
        prefix = self._absolute(path).rstrip("/") + "/"
        inside = [name[len(prefix) :] for name in self.files if name.startswith(prefix)]
        return sorted({name.split("/")[0] for name in inside})

    def mkdir(self, path, mode=0o777):
        pass

    def unlink(self, path):
        self.files.pop(self._absolute(path))

    def write(self, fd, data):
        self.output[fd] += data
        return len(data)

    def read(self, fd, count=65536):
        data, self.stdin = self.stdin[:count], self.stdin[count:]
        return data

    def close(self, fd):
        stream = self.streams.pop(fd, None)
        if stream is not None:
            stream.close()

    def is_tty(self, fd):
        return self._is_tty

    def window_size(self, fd):
        return (80, 24)

    def terminal_mode(self, fd):
        return self.mode

    def set_terminal_mode(self, fd, mode):
        self.mode = mode

    def open_stream(self, stream):
        self._next_fd += 1
        self.streams[self._next_fd] = stream
        return self._next_fd

    def read_frames(self, fd):
        stream = self.streams[fd]
        frames = stream.read()
        if frames:
            return frames
        return [] if stream.is_done else None

    def write_frame(self, fd, frame):
        self.streams[fd].write(frame)

    def end_stream_input(self, fd):
        self.streams[fd].end_input()

    def work(self, units):
        pass

    def random(self, count):
        return bytes(range(count))


class Result:
    """How a call ended."""

    def __init__(self, code, out, err):
        self.code = code
        self.out = out.decode()
        self.err = err.decode()

    def __repr__(self):
        return f"code {self.code}\n{self.out}{self.err}"


class Console:
    """A person at the console of a cluster."""

    def __init__(self, **spec):
        self.cluster = Cluster(ClusterSpec(**{"profile": "instant", "is_freezing": True, **spec}))
        self.files = {}
        self.settle()

    def settle(self, seconds=0):
        """Let the cluster come to rest, and some more time pass."""
        self.cluster.advance(self.cluster.now_ms + seconds * 1000)

    def write(self, path, text):
        """Put a file into the home folder."""
        self.files[f"/root/{path}"] = text.encode()

    def run(self, line, stdin=b"", *, seconds=120, is_tty=False):
        """Run a command to its end, the cluster going on meanwhile. The words are split at
        blanks; quotes keep them together."""
        machine = Machine(self.cluster, self.files, stdin, is_tty=is_tty)
        program = Kubectl(["kubectl", *split(line)])
        deadline = self.cluster.now_ms + seconds * 1000
        for _ in range(_STEPS_MAX):
            outcome = program.step(machine)
            if isinstance(outcome, Exited):
                self.settle()
                return Result(outcome.code, machine.output[1], machine.output[2])
            if self.cluster.now_ms >= deadline:
                return Result(None, machine.output[1], machine.output[2])
            self._go_on(outcome, deadline)
        raise AssertionError(f"{line!r} takes too many steps")

    def _go_on(self, outcome, deadline):
        """Advance to what comes next; a command that waits for nothing is stepped again."""
        if not (outcome.readable or outcome.until_ms or outcome.children):
            return
        due = self.cluster.next_deadline()
        wanted = [time for time in (due, outcome.until_ms, deadline) if time is not None]
        self.cluster.advance(max(min(wanted), self.cluster.now_ms))


def split(line):
    """Words of a command line; single and double quotes keep blanks."""
    words, current, quote, has_word = [], "", "", False
    for letter in line:
        if quote:
            if letter == quote:
                quote = ""
            else:
                current += letter
        elif letter in "'\"":
            quote, has_word = letter, True
        elif letter == " ":
            if current or has_word:
                words.append(current)
            current, has_word = "", False
        else:
            current += letter
    return [*words, current] if current or has_word else words


class Terminal:
    """A terminal on the cluster's console, for what needs a real shell around kubectl."""

    def __init__(self, console):
        self.cluster = console.cluster
        request = Request("POST", "/podyard/v1/console", "columns=200&rows=50", {}, b"", user=ADMIN)
        self.stream = self.cluster.handle(request).stream
        self.say("")

    def say(self, line, *, seconds=5):
        """Type a line and return what is shown until nothing more happens for a while."""
        self.stream.write(Frame(STDIN, line.encode() + b"\r"))
        return self.listen(seconds)

    def interrupt(self):
        """Press Ctrl-C."""
        self.stream.write(Frame(STDIN, b"\x03"))
        return self.listen(1)

    def listen(self, seconds):
        """What is shown meanwhile."""
        end = self.cluster.now_ms + seconds * 1000
        shown = b""
        while True:
            due = self.cluster.next_deadline()
            self.cluster.advance(max(min(due or end, end), self.cluster.now_ms))
            shown += b"".join(frame.data for frame in self.stream.read())
            due = self.cluster.next_deadline()
            if self.cluster.now_ms >= end and (due is None or due > end):
                return shown.decode().replace("\r\n", "\n")
