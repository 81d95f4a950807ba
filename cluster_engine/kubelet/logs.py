"""Container logs as the API serves them: chosen lines as bytes, and streams that follow.

Models: pkg/kubelet/kuberuntime/logs, validateContainerLogStatus of pkg/kubelet (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apimachinery.time import rfc3339_nano
from cluster_engine.apiserver.nodelink import LogOptions
from cluster_engine.apiserver.requests import STDIN, STDOUT, Frame, Recipe
from cluster_engine.kubelet.worker import Attempt, Run, Worker
from cluster_engine.runtime.logs import LogLine

_PENDING_MAX = 1024 * 1024


def find_attempt(worker: Worker | None, pod_name: str, options: LogOptions) -> Attempt:
    """The run whose log is asked for. Raises ApiError with upstream's text when there is none."""
    name = options.container
    where = f'container "{name}" in pod "{pod_name}"'
    runs = worker.attempts.get(name) or [] if worker is not None else []
    if options.previous:
        ended = [attempt for attempt in runs[1:] if attempt.state == Run.EXITED]
        if worker is not None and runs and name in worker.waiting and runs[0].state == Run.EXITED:
            ended.insert(0, runs[0])
        if not ended:
            raise bad_request(
                f'previous terminated container "{name}" in pod "{pod_name}" not found'
            )
        return ended[0]
    if runs:
        return runs[0]
    reason = "ContainerCreating"
    if worker is not None:
        reason = worker.waiting.get(name, (reason, ""))[0]
    if reason == "ErrImagePull":
        raise bad_request(f"{where} is waiting to start: image can't be pulled")
    if reason == "ImagePullBackOff":
        raise bad_request(f"{where} is waiting to start: trying and failing to pull image")
    raise bad_request(f"{where} is waiting to start: {reason}")


def log_bytes(lines: Sequence[LogLine], options: LogOptions, now_ms: int) -> bytes:
    """The chosen lines, as the client gets them."""
    chosen = _since(lines, options, now_ms)
    if options.tail_lines is not None:
        chosen = chosen[_tail_start(chosen, options.tail_lines) :]
    data = format_lines(chosen, has_times=options.timestamps)
    return data if options.limit_bytes is None else data[: options.limit_bytes]


def format_lines(lines: Sequence[LogLine], *, has_times: bool) -> bytes:
    """Lines as bytes, with their times in front when asked for."""
    pieces: list[bytes] = []
    is_continued = False
    for line in lines:
        if has_times and not is_continued:
            pieces.append(rfc3339_nano(line.time_ms).encode() + b" ")
        pieces.append(line.text)
        if not line.is_partial:
            pieces.append(b"\n")
        is_continued = line.is_partial
    return b"".join(pieces)


def _since(lines: Sequence[LogLine], options: LogOptions, now_ms: int) -> Sequence[LogLine]:
    since_ms = options.since_time_ms
    if options.since_seconds is not None:
        since_ms = now_ms - options.since_seconds * 1000
    if since_ms is None:
        return lines
    return [line for line in lines if line.time_ms >= since_ms]


def _tail_start(lines: Sequence[LogLine], count: int) -> int:
    position, left = len(lines), count
    while position > 0 and left >= 0:
        if not lines[position - 1].is_partial:
            left -= 1
            if left < 0:
                break
        position -= 1
    return position


class LogStream:
    """A followed log: what there is, then what comes, until the container ends."""

    has_effects = False

    def __init__(
        self,
        container_id: str,
        first: bytes,
        options: LogOptions,
        number: int,
        on_close: Callable[[], None],
    ) -> None:
        self.on_ready: Callable[[], None] | None = None
        self._container_id = container_id
        #: The number of the next line it has not been given.
        self.number = number
        self._pending = bytearray(first)
        self._options = options
        self._on_close = on_close
        self._is_over = False
        self._left = options.limit_bytes
        if self._left is not None:
            self._left -= len(first)
            self._is_over = self._left <= 0

    @property
    def is_done(self) -> bool:
        """See apiserver.requests.Stream."""
        return self._is_over

    def add(self, lines: Sequence[LogLine]) -> None:
        """More lines have been written."""
        if self._is_over:
            return
        data = format_lines(lines, has_times=self._options.timestamps)
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
            self._is_over = self._left <= 0
        self._pending += data
        if len(self._pending) > _PENDING_MAX:
            del self._pending[: len(self._pending) - _PENDING_MAX]
        self._tell()

    def end(self) -> None:
        """The container has ended."""
        self._is_over = True
        self._tell()

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        """See apiserver.requests.Stream."""
        if not self._pending:
            return []
        data = bytes(self._pending[:bytes_max])
        del self._pending[:bytes_max]
        return [Frame(STDOUT, data)]

    def write(self, frame: Frame) -> None:
        """A log takes no input."""

    def end_input(self, channel: int = STDIN) -> None:
        """A log takes no input."""

    def close(self) -> None:
        """The client is gone."""
        self._is_over = True
        self._on_close()

    def recipe(self) -> Recipe | None:
        """See apiserver.requests.Stream."""
        if self._is_over and not self._pending:
            return None
        told = (self.number, bytes(self._pending), self._left, self._is_over)
        return "log", self._container_id, self._options, *told

    def resume(self, pending: bytes, left: int | None, *, is_over: bool) -> None:
        """Go on where `recipe` was asked for."""
        self._pending = bytearray(pending)
        self._left = left
        self._is_over = is_over

    def _tell(self) -> None:
        if self.on_ready is not None:
            self.on_ready()
