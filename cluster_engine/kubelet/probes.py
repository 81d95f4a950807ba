"""Probing containers: startup, readiness, liveness; only pods that ask for it cost anything.

Each probe of a running container has one agenda entry: its next try. A try is a call of the fabric
(http, tcp, grpc: answered at once) or a command in the container (`command_finished` brings the
result). Results that cross their threshold make the worker sync.

Models: pkg/kubelet/prober, pkg/probe (v1.37.2).
"""

from __future__ import annotations

from typing import NamedTuple

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.containers import find_container, is_init, is_sidecar, resolve_port
from cluster_engine.kubelet.environment import ConfigError, expand_all
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.texts import duration
from cluster_engine.kubelet.tools import ACTOR, WARNING, Tools
from cluster_engine.kubelet.worker import Attempt, Probe, Run, Worker
from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.container import ExecResult, StartFailure

#: Order in which upstream's manager adds them; also the words of its messages.
KINDS = {"startup": "Startup", "readiness": "Readiness", "liveness": "Liveness"}
_INITIAL: dict[str, bool | None] = {"startup": None, "readiness": False, "liveness": True}
#: What a server needs at least to get to its port.
_FIRST_MS = 100
_USER_AGENT = "kube-probe/1.37"


class ProbeResult(NamedTuple):
    """Whether a try succeeded, and what the event says; a warning counts as success."""

    is_success: bool
    output: str = ""
    is_warning: bool = False


class Prober:
    """Runs the probes of all nodes."""

    def __init__(self, tools: Tools, machines: Machines) -> None:
        self._tools = tools
        self._machines = machines

    def follow(self, worker: Worker, pod: Object) -> None:
        """Begin to probe runs that are new, stop probing what has ended."""
        spec = pod["spec"]
        for attempt in worker.running():
            container = find_container(spec, attempt.name)
            if container is None or (is_init(spec, attempt.name) and not is_sidecar(container)):
                continue
            for kind in KINDS:
                probe_spec = container.get(f"{kind}Probe")
                if probe_spec:
                    self._begin(worker, attempt, kind, probe_spec)

    def stop(self, worker: Worker, kinds: tuple[str, ...] = tuple(KINDS)) -> None:
        """Probe no more."""
        for key, probe in worker.probes.items():
            if key[1] in kinds:
                self._cancel(probe)

    def skip(self, worker: Worker, name: str, kind: str) -> None:
        """A try was due while the kubelet is stopped: the next one is made by `resume`."""
        probe = worker.probes.get((name, kind))
        if probe is not None:
            probe.ticket = 0

    def resume(self, worker: Worker) -> None:
        """Probe again what was probed before the kubelet was stopped."""
        for key, probe in worker.probes.items():
            if not probe.is_on_hold and not probe.ticket:
                self._schedule(worker, key, probe, self._tools.now_ms)

    def drop_container(self, worker: Worker, name: str) -> None:
        """A container has ended: its results count no more."""
        for kind in KINDS:
            probe = worker.probes.get((name, kind))
            if probe is not None:
                self._cancel(probe)
                probe.result = False

    def due(self, worker: Worker, pod: Object, name: str, kind: str) -> bool:
        """The next try of a probe is due; True when its outcome changes something."""
        probe = worker.probes.get((name, kind))
        container = find_container(pod["spec"], name)
        attempt = worker.latest(name)
        if probe is None or container is None or attempt is None:
            return False
        probe.ticket = 0
        spec = container.get(f"{kind}Probe")
        if probe.is_on_hold or not spec or attempt.state != Run.RUNNING:
            return False
        if probe.command_id:
            return self._timed_out(worker, pod, container, kind, probe, spec)
        self._plan(worker, name, kind, probe, spec)
        if not self._may_probe(worker, container, kind, attempt):
            return False
        if spec.get("exec"):
            return self._start_command(worker, pod, container, kind, probe, spec)
        try:
            result = self._try(worker, container, spec)
        except ValueError as error:
            self._errored(pod, name, kind, str(error))
            return False
        return self._finish(worker, pod, container, kind, probe, spec, result)

    def command_finished(
        self, worker: Worker, pod: Object, name: str, kind: str, result: ExecResult
    ) -> bool:
        """The command of a probe has ended; True when its outcome changes something."""
        probe = worker.probes.get((name, kind))
        container = find_container(pod["spec"], name)
        if probe is None or container is None:
            return False
        probe.command_id = 0
        spec = container.get(f"{kind}Probe")
        if probe.is_on_hold or not spec:
            return False
        if probe.ticket:
            self._tools.agenda.cancel(probe.ticket)
            self._plan(worker, name, kind, probe, spec)
        outcome = ProbeResult(result.exit_code == 0, result.output.decode("utf-8", "replace"))
        return self._finish(worker, pod, container, kind, probe, spec, outcome)

    def _begin(self, worker: Worker, attempt: Attempt, kind: str, spec: Object) -> None:
        key = (attempt.name, kind)
        held = worker.probes.get(key)
        if held is not None:
            if held.container_id == attempt.id:
                return
            self._cancel(held)
        period_ms = (spec.get("periodSeconds") or 10) * 1000
        first_ms = attempt.started_ms + (spec.get("initialDelaySeconds") or 0) * 1000
        if held is not None and kind != "readiness":
            # Tries follow a beat that goes on while containers come and go.
            missed = max(first_ms - held.beat_ms, 0)
            first_ms = held.beat_ms + (missed // period_ms + 1) * period_ms
            beat_ms = held.beat_ms
        else:
            # A readiness probe is tried as soon as the container had a moment to listen.
            slack_ms = 900 if kind == "readiness" else min(period_ms, 3_000)
            first_ms += self._tools.between_ms(_FIRST_MS, slack_ms) or _FIRST_MS
            beat_ms = first_ms
        probe = worker.probes[key] = Probe(attempt.id, _INITIAL[kind], beat_ms=beat_ms)
        self._schedule(worker, key, probe, max(first_ms, self._tools.now_ms))

    def _plan(self, worker: Worker, name: str, kind: str, probe: Probe, spec: Object) -> None:
        period_ms = (spec.get("periodSeconds") or 10) * 1000
        self._schedule(worker, (name, kind), probe, self._tools.now_ms + period_ms)

    def _schedule(self, worker: Worker, key: tuple[str, str], probe: Probe, due_ms: int) -> None:
        message = ("probe", worker.uid, *key)
        probe.ticket = self._tools.agenda.schedule(due_ms, ACTOR, message)

    def _cancel(self, probe: Probe) -> None:
        if probe.ticket:
            self._tools.agenda.cancel(probe.ticket)
            probe.ticket = 0
        if probe.command_id:
            self._machines.cancel_command(probe.command_id)
            probe.command_id = 0
        probe.is_on_hold = True

    def _may_probe(self, worker: Worker, container: Object, kind: str, attempt: Attempt) -> bool:
        """Startup probes only until they succeed, the others only from then on."""
        if not container.get("startupProbe"):
            return True
        startup = worker.probes.get((container["name"], "startup"))
        is_started = startup is not None and startup.result is True
        return is_started != (kind == "startup")

    def _try(self, worker: Worker, container: Object, spec: Object) -> ProbeResult:
        timeout = spec.get("timeoutSeconds") or 1
        if spec.get("httpGet"):
            return self._http(worker, container, spec["httpGet"])
        if spec.get("tcpSocket"):
            return self._tcp(worker, container, spec["tcpSocket"])
        if spec.get("grpc"):
            return self._grpc(worker, spec["grpc"], timeout)
        raise ValueError(f"missing probe handler for {worker.name}:{container['name']}")

    def _http(self, worker: Worker, container: Object, action: Object) -> ProbeResult:
        host = action.get("host") or worker.ip
        port = resolve_port(action["port"], container)
        path = action.get("path") or "/"
        scheme = (action.get("scheme") or "HTTP").lower()
        headers = {"User-Agent": _USER_AGENT, "Accept": "*/*"}
        for header in action.get("httpHeaders") or ():
            headers[header["name"]] = header["value"]
        url = f"{scheme}://{host}:{port}{path if path.startswith('/') else '/' + path}"
        try:
            status, _, body = self._tools.fabric.http(
                self._machines.ip(worker.node), host, port, "GET", path, headers
            )
        except NetworkError as error:
            if error.kind == "timeout":
                why = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
            else:
                why = _dial_text(host, port, error)
            return ProbeResult(False, f'Get "{url}": {why}')
        if 200 <= status < 300:
            return ProbeResult(True)
        if 300 <= status < 400:
            text = body[:10240].decode("utf-8", "replace")
            return ProbeResult(True, f"Probe terminated redirects, Response body: {text}", True)
        return ProbeResult(False, f"HTTP probe failed with statuscode: {status}")

    def _tcp(self, worker: Worker, container: Object, action: Object) -> ProbeResult:
        host = action.get("host") or worker.ip
        port = resolve_port(action["port"], container)
        try:
            self._tools.fabric.check(self._machines.ip(worker.node), host, port)
        except NetworkError as error:
            return ProbeResult(False, _dial_text(host, port, error))
        return ProbeResult(True)

    def _grpc(self, worker: Worker, action: Object, timeout: int) -> ProbeResult:
        port = int(action["port"])
        address = f"{worker.ip}:{port}"
        headers = {"content-type": "application/grpc", "user-agent": _USER_AGENT}
        try:
            status, answer, _ = self._tools.fabric.http(
                self._machines.ip(worker.node),
                worker.ip,
                port,
                "POST",
                "/grpc.health.v1.Health/Check",
                {**headers, "grpc-service": action.get("service") or ""},
            )
        except NetworkError:
            return ProbeResult(
                False,
                f'timeout: failed to connect service "{address}" within '
                f"{duration(timeout * 1000)}: context deadline exceeded",
            )
        if status == 200 and answer.get("grpc-status", "") == "0":
            return ProbeResult(True)
        return ProbeResult(
            False,
            "error: this server does not implement the grpc health protocol "
            "(grpc.health.v1.Health): unknown service grpc.health.v1.Health",
        )

    def _start_command(
        self,
        worker: Worker,
        pod: Object,
        container: Object,
        kind: str,
        probe: Probe,
        spec: Object,
    ) -> bool:
        literal = {v["name"]: v.get("value") or "" for v in container.get("env") or ()}
        try:
            words = expand_all(spec["exec"].get("command") or (), literal)
            command_id = self._machines.run_command(worker, probe.container_id, words)
        except (ConfigError, StartFailure) as failure:
            why = f"rpc error: code = Unknown desc = {failure}"
            self._errored(pod, container["name"], kind, why)
            return False
        self._tools.agenda.cancel(probe.ticket)
        timeout_ms = (spec.get("timeoutSeconds") or 1) * 1000
        key = (container["name"], kind)
        self._schedule(worker, key, probe, self._tools.now_ms + timeout_ms)
        probe.command_id = command_id
        return False

    def _timed_out(
        self,
        worker: Worker,
        pod: Object,
        container: Object,
        kind: str,
        probe: Probe,
        spec: Object,
    ) -> bool:
        self._machines.cancel_command(probe.command_id)
        probe.command_id = 0
        self._plan(worker, container["name"], kind, probe, spec)
        words = " ".join(spec["exec"].get("command") or ())
        timeout = duration((spec.get("timeoutSeconds") or 1) * 1000)
        text = f'command timed out: "{words}" timed out after {timeout}'
        outcome = ProbeResult(False, text)
        return self._finish(worker, pod, container, kind, probe, spec, outcome)

    def _finish(
        self,
        worker: Worker,
        pod: Object,
        container: Object,
        kind: str,
        probe: Probe,
        spec: Object,
        result: ProbeResult,
    ) -> bool:
        """Count a result; a container that has just started is tried for readiness at once."""
        name = container["name"]
        has_changed = self._count(pod, name, kind, probe, spec, result)
        readiness = worker.probes.get((name, "readiness"))
        if has_changed and kind == "startup" and probe.result and readiness is not None:
            if readiness.ticket:
                self._tools.agenda.cancel(readiness.ticket)
            self._schedule(worker, (name, "readiness"), readiness, self._tools.now_ms)
        return has_changed

    def _count(
        self, pod: Object, name: str, kind: str, probe: Probe, spec: Object, result: ProbeResult
    ) -> bool:
        word = KINDS[kind]
        if not result.is_success:
            text = f"{word} probe failed: {result.output}"
            self._tools.event(pod, WARNING, "Unhealthy", text, name)
        elif result.is_warning:
            text = f"{word} probe warning: {result.output}"
            self._tools.event(pod, WARNING, "ProbeWarning", text, name)
        probe.run_length = probe.run_length + 1 if probe.last == result.is_success else 1
        probe.last = result.is_success
        field = "successThreshold" if result.is_success else "failureThreshold"
        threshold = spec.get(field) or (1 if result.is_success else 3)
        if probe.run_length < threshold:
            return False
        has_changed = probe.result != result.is_success
        probe.result = result.is_success
        if kind == "startup" or (kind == "liveness" and not result.is_success):
            probe.is_on_hold = True
            probe.run_length = 0
            if probe.ticket:
                self._tools.agenda.cancel(probe.ticket)
                probe.ticket = 0
        return has_changed

    def _errored(self, pod: Object, name: str, kind: str, why: str) -> None:
        text = f"{KINDS[kind]} probe errored and resulted in unknown state: {why}"
        self._tools.event(pod, WARNING, "Unhealthy", text, name)


def _dial_text(host: str, port: int, error: NetworkError) -> str:
    if error.kind == "connection refused":
        return f"dial tcp {host}:{port}: connect: connection refused"
    if error.kind == "no such host":
        return f"dial tcp: lookup {host}: no such host"
    if error.kind == "no route to host":
        return f"dial tcp {host}:{port}: connect: no route to host"
    return f"dial tcp {host}:{port}: i/o timeout"
