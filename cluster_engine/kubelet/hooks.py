"""Lifecycle hooks: postStart and preStop handlers of containers.

Models: pkg/kubelet/lifecycle/handlers.go (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.containers import resolve_port
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.texts import listed, pod_text, quoted
from cluster_engine.kubelet.tools import Tools
from cluster_engine.kubelet.worker import Attempt, Worker
from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.container import ExecResult, StartFailure


@dataclass(frozen=True, slots=True)
class HookOutcome:
    """What came of starting a hook: a command or a sleep to wait for, a problem, or all done."""

    command_id: int = 0
    due_ms: int | None = None
    problem: str = ""


class Hooks:
    """Runs handlers."""

    def __init__(self, tools: Tools, machines: Machines) -> None:
        self._tools = tools
        self._machines = machines

    def run(
        self, worker: Worker, pod: Object, container: Object, attempt: Attempt, handler: Object
    ) -> HookOutcome:
        """Start a handler."""
        if handler.get("exec"):
            command = handler["exec"].get("command") or []
            try:
                return HookOutcome(self._machines.run_command(worker, attempt.id, command))
            except StartFailure as failure:
                why = f"rpc error: code = Unknown desc = {failure}"
                return HookOutcome(problem=_exec_text(pod, container, command, why, b""))
        if handler.get("sleep"):
            return HookOutcome(due_ms=self._tools.now_ms + handler["sleep"]["seconds"] * 1000)
        if handler.get("httpGet"):
            return HookOutcome(problem=self._http(worker, pod, container, handler["httpGet"]))
        return HookOutcome(problem="Cannot run handler: invalid handler")

    def exec_text(self, pod: Object, container: Object, result: ExecResult) -> str:
        """What the status says of a postStart command that failed."""
        handler = (container.get("lifecycle") or {}).get("postStart") or {}
        command = (handler.get("exec") or {}).get("command") or []
        why = f"command '{' '.join(command)}' exited with {result.exit_code}: "
        return _exec_text(pod, container, command, why, result.output)

    def _http(self, worker: Worker, pod: Object, container: Object, action: Object) -> str:
        path = action.get("path") or "/"
        try:
            port = resolve_port(action["port"], container)
            host = action.get("host") or worker.ip
            node_ip = self._machines.ip(worker.node)
            self._tools.fabric.http(node_ip, host, port, "GET", path)
        except (ValueError, NetworkError) as error:
            return (
                f"HTTP lifecycle hook ({path}) for Container {quoted(container['name'])} in Pod "
                f"{quoted(pod_text(pod))} failed - error: {error}"
            )
        return ""


def _exec_text(pod: Object, container: Object, command: list[str], why: str, output: bytes) -> str:
    said = quoted(output.decode("utf-8", "replace"))
    return (
        f"Exec lifecycle hook ({listed(command)}) for Container {quoted(container['name'])} in Pod "
        f"{quoted(pod_text(pod))} failed - error: {why}, message: {said}"
    )
