"""Starting the containers of a worker's plan, one after the other.

Each container goes through: back-off check, image, creation, start, postStart hook. What takes
time is a `Step` that the worker waits for; `go_on` takes it up again. Failures are kept in
`worker.waiting`, as the status shows them, with a wish to be woken when it is time to try again.

Models: startContainer and doBackOff of pkg/kubelet/kuberuntime (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.images.image import Image
from cluster_engine.kubelet.backoff import Backoff
from cluster_engine.kubelet.container_spec import container_spec
from cluster_engine.kubelet.containers import find_container, is_init, is_sidecar
from cluster_engine.kubelet.downward import PodView
from cluster_engine.kubelet.environment import ConfigError, Environments
from cluster_engine.kubelet.hooks import Hooks
from cluster_engine.kubelet.images import Images, Refusal
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.texts import duration, pod_text
from cluster_engine.kubelet.tools import NORMAL, WARNING, Tools
from cluster_engine.kubelet.worker import Attempt, Run, Step, Worker
from cluster_engine.runtime.container import ContainerSpec, ExecResult, StartFailure
from cluster_engine.runtime.signals import SIGTERM

_CREATE_MS = (80, 350)
#: How soon the kubelet looks again at something that has just failed; then it says "back-off".
_LOOK_AGAIN_MS = 1_000
#: When it tries again to make a container whose configuration was refused.
_RETRY_MS = (10_000, 15_000)
_START_ERROR = 128


class Starter:
    """Carries out plans."""

    def __init__(
        self,
        tools: Tools,
        machines: Machines,
        images: Images,
        environments: Environments,
        hooks: Hooks,
    ) -> None:
        self._tools = tools
        self._machines = machines
        self._images = images
        self._environments = environments
        self._hooks = hooks

    def run(self, worker: Worker, pod: Object, view: PodView) -> bool:
        """Start what is planned until something takes time; True when the plan is done."""
        while worker.plan:
            if worker.step is not None:
                return False
            container = find_container(pod["spec"], worker.plan[0])
            if container is None:
                worker.plan.pop(0)
                continue
            self._begin(worker, pod, container, view)
        return True

    def go_on(self, worker: Worker, pod: Object, view: PodView) -> None:
        """The step that the worker waited for is due."""
        step = worker.step
        if step is None:
            return
        worker.step = None
        container = find_container(pod["spec"], step.container)
        if container is None or step.container not in worker.plan[:1]:
            return
        if step.kind == "pull":
            self._pulled(worker, pod, container, view, step)
        elif step.kind == "create":
            image = self._tools.catalogue.find(container.get("image") or "")
            self._create(worker, pod, container, view, image)  # type: ignore[arg-type]
        elif step.kind == "hook":
            worker.plan.pop(0)

    def hook_finished(self, worker: Worker, pod: Object, result: ExecResult) -> None:
        """The command of a postStart hook has ended."""
        step = worker.step
        if step is None or step.kind != "hook":
            return
        worker.step = None
        container = find_container(pod["spec"], step.container)
        if result.exit_code and container is not None:
            self._hook_failed(worker, pod, container, self._hooks.exec_text(pod, container, result))
        elif worker.plan:
            worker.plan.pop(0)

    def _begin(self, worker: Worker, pod: Object, container: Object, view: PodView) -> None:
        if self._is_backing_off(worker, pod, container):
            return
        found = self._images.ensure(worker, pod, container)
        if isinstance(found, Refusal):
            self._refuse_image(worker, pod, container, found)
        elif isinstance(found, Step):
            if found.due_ms is not None and found.due_ms > self._tools.now_ms:
                self._wait(worker, found)
            else:
                self._pulled(worker, pod, container, view, found)
        else:
            self._prepare(worker, pod, container, view, found)

    def _pulled(
        self, worker: Worker, pod: Object, container: Object, view: PodView, step: Step
    ) -> None:
        found = self._images.finish(worker, pod, container, step)
        if isinstance(found, Refusal):
            self._refuse_image(worker, pod, container, found)
        else:
            self._prepare(worker, pod, container, view, found)

    def _prepare(
        self, worker: Worker, pod: Object, container: Object, view: PodView, image: Image
    ) -> None:
        delay_ms = self._tools.between_ms(*_CREATE_MS)
        if delay_ms:
            now_ms = self._tools.now_ms
            self._wait(worker, Step("create", container["name"], now_ms + delay_ms, now_ms))
        else:
            self._create(worker, pod, container, view, image)

    def _create(
        self, worker: Worker, pod: Object, container: Object, view: PodView, image: Image
    ) -> None:
        tools, name = self._tools, container["name"]
        try:
            environment = self._environments.build(view, container)
            spec = container_spec(
                worker,
                pod,
                container,
                image,
                environment,
                container_id=tools.container_id(),
                node_ip=view.host_ip,
            )
        except ConfigError as error:
            self._refuse(worker, pod, container, "CreateContainerConfigError", str(error))
            return
        if not spec.command:
            text = f'failed to generate container "{spec.id}" spec: failed to generate spec: '
            message = f"{text}no command specified"
            self._refuse(worker, pod, container, "CreateContainerError", message)
            return
        attempt = self._attempt(worker, pod, container, image, spec)
        try:
            self._machines.start_container(worker, spec)
        except StartFailure as error:
            self._start_failed(worker, pod, container, attempt, str(error))
            return
        worker.waiting.pop(name, None)
        tools.event(pod, NORMAL, "Created", "Container created", name)
        tools.event(pod, NORMAL, "Started", "Container started", name)
        self._started(worker, pod, container, attempt)

    def _attempt(
        self, worker: Worker, pod: Object, container: Object, image: Image, spec: ContainerSpec
    ) -> Attempt:
        name = container["name"]
        runs = worker.attempts.setdefault(name, [])
        now_ms = self._tools.now_ms
        attempt = Attempt(
            name,
            spec.id,
            runs[0].number + 1 if runs else 0,
            container.get("image") or "",
            image.reference,
            image.digest,
            Run.RUNNING,
            now_ms,
            now_ms,
            uid=spec.uid,
            gid=spec.gid,
            groups=spec.groups,
            stop_signal=getattr(image, "stop_signal", SIGTERM),
        )
        runs.insert(0, attempt)
        for old in runs[2:]:
            self._machines.remove_container(old.id)
        del runs[2:]
        return attempt

    def _started(self, worker: Worker, pod: Object, container: Object, attempt: Attempt) -> None:
        handler = (container.get("lifecycle") or {}).get("postStart")
        if not handler:
            worker.plan.pop(0)
            return
        outcome = self._hooks.run(worker, pod, container, attempt, handler)
        if outcome.problem:
            self._hook_failed(worker, pod, container, outcome.problem)
        elif outcome.command_id or outcome.due_ms is not None:
            step = Step("hook", container["name"], outcome.due_ms, command_id=outcome.command_id)
            self._wait(worker, step)
        else:
            worker.plan.pop(0)

    def _hook_failed(self, worker: Worker, pod: Object, container: Object, message: str) -> None:
        name = container["name"]
        tools = self._tools
        tools.event(pod, WARNING, "FailedPostStartHook", "PostStartHook failed", name)
        tools.event(pod, NORMAL, "Killing", "FailedPostStartHook", name)
        attempt = worker.latest(name)
        if attempt is not None and attempt.state == Run.RUNNING:
            grace = pod["spec"].get("terminationGracePeriodSeconds", 30) * 1000
            tools.runtime.stop_container(attempt.id, grace, attempt.stop_signal)
        self._fail(worker, pod, container, "PostStartHookError", message, None)

    def _start_failed(
        self, worker: Worker, pod: Object, container: Object, attempt: Attempt, message: str
    ) -> None:
        tools, name = self._tools, container["name"]
        attempt.state = Run.EXITED
        attempt.started_ms = 0
        attempt.finished_ms = tools.now_ms
        attempt.exit_code = _START_ERROR
        attempt.reason = "StartError"
        attempt.message = message
        tools.event(pod, NORMAL, "Created", "Container created", name)
        tools.event(pod, WARNING, "Failed", f"Error: {message}", name)
        retry_ms = tools.now_ms + _LOOK_AGAIN_MS
        self._fail(worker, pod, container, "RunContainerError", message, retry_ms)

    def _is_backing_off(self, worker: Worker, pod: Object, container: Object) -> bool:
        name = container["name"]
        latest = worker.latest(name)
        if latest is None or latest.state != Run.EXITED:
            return False
        now_ms = self._tools.now_ms
        key = f"{name}/{container.get('image', '')}"
        backoff = worker.crash_backoffs.setdefault(key, Backoff())
        if not backoff.is_waiting(latest.finished_ms, now_ms):
            backoff.next(latest.finished_ms, now_ms)
            return False
        if not self._tools.is_instant and now_ms < latest.finished_ms + _LOOK_AGAIN_MS:
            self._tools.wake_at(worker, latest.finished_ms + _LOOK_AGAIN_MS)
            worker.plan.pop(0)
            return True
        where = pod_text(pod)
        text = f"Back-off restarting failed container {name} in pod {where}"
        self._tools.event(pod, WARNING, "BackOff", text, name)
        wait = duration(backoff.delay_ms)
        message = f"back-off {wait} restarting failed container={name} pod={where}"
        retry_ms = latest.finished_ms + backoff.delay_ms
        self._fail(worker, pod, container, "CrashLoopBackOff", message, retry_ms)
        return True

    def _refuse_image(
        self, worker: Worker, pod: Object, container: Object, refusal: Refusal
    ) -> None:
        tools = self._tools
        tools.event(pod, WARNING, "Failed", f"Error: {refusal.reason}", container["name"])
        if refusal.reason == "ImagePullBackOff":
            retry_ms = self._images.retry_ms(worker, container.get("image") or "")
        elif refusal.reason in ("ErrImageNeverPull", "InvalidImageName"):
            retry_ms = tools.now_ms + (tools.between_ms(*_RETRY_MS) or _RETRY_MS[0])
        else:
            retry_ms = tools.now_ms + _LOOK_AGAIN_MS
            self._tell_missing_secrets(pod)
        self._fail(worker, pod, container, refusal.reason, refusal.message, retry_ms)

    def _tell_missing_secrets(self, pod: Object) -> None:
        """A failed pull may be for want of a secret that the pod names."""
        secrets = self._tools.context.informers.of("secrets")
        missing = [
            reference["name"]
            for reference in pod["spec"].get("imagePullSecrets") or ()
            if secrets.get(pod["metadata"]["namespace"], reference["name"]) is None
        ]
        if missing:
            text = (
                f"Unable to retrieve some image pull secrets ({', '.join(missing)}); "
                "attempting to pull the image may not succeed."
            )
            self._tools.event(pod, WARNING, "FailedToRetrieveImagePullSecret", text)

    def _refuse(
        self, worker: Worker, pod: Object, container: Object, reason: str, message: str
    ) -> None:
        """The container cannot be made as it is; perhaps later."""
        tools = self._tools
        tools.event(pod, WARNING, "Failed", f"Error: {message}", container["name"])
        retry_ms = tools.now_ms + (tools.between_ms(*_RETRY_MS) or _RETRY_MS[0])
        self._fail(worker, pod, container, reason, message, retry_ms)

    def _fail(
        self,
        worker: Worker,
        pod: Object,
        container: Object,
        reason: str,
        message: str,
        retry_ms: int | None,
    ) -> None:
        name = container["name"]
        worker.waiting[name] = (reason, message)
        spec = pod["spec"]
        if is_init(spec, name) and not is_sidecar(container):
            worker.plan.clear()
        else:
            worker.plan.pop(0)
        if retry_ms is not None:
            self._tools.wake_at(worker, retry_ms)

    def _wait(self, worker: Worker, step: Step) -> None:
        worker.step = step
        if step.due_ms is not None:
            self._tools.wake_at(worker, step.due_ms)
