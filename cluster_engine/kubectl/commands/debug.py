"""`kubectl debug`: a container beside those of a pod, a copy of a pod, a pod on a node.

Models: k8s.io/kubectl/pkg/cmd/debug (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.client import STRATEGIC_PATCH
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.commands.attach import conversation
from cluster_engine.kubectl.debugging.making import (
    custom_profile,
    debug_command,
    ephemeral_container,
    node_pod,
    pod_copy,
)
from cluster_engine.kubectl.debugging.profiles import check_profile
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.flags import STRING, STRINGS, Flag, switch
from cluster_engine.kubectl.images import check_image
from cluster_engine.kubectl.pods import pod_resource, target_named
from cluster_engine.kubectl.remote import Conversation
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, targets_of_files
from cluster_engine.kubectl.waiting import WEEK_MS, Awaited, Watcher
from cluster_engine.runtime.program import Waiting

_PULLS = ("", "Always", "IfNotPresent", "Never")
_STATUSES = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")


def run(session: Session) -> int | Task:
    flags = session.flags
    check_profile(flags.text("profile"))
    names = flags.arguments[: flags.dash] if flags.dash >= 0 else flags.arguments
    _check(session, names)
    custom_profile(session)
    targets = targets_of_files(session) if flags.words("filename") else []
    targets += [target_named(session, name) for name in names]
    return Debugging(targets)


def _check(session: Session, names: list[str]) -> None:
    flags = session.flags
    image, container = flags.text("image"), flags.text("container")
    if flags.has("attach") and flags.is_on("attach") and not image and not container:
        raise KubectlError(
            "you must specify --container or create a new container using --image in order to "
            "attach."
        )
    _check_copying(session)
    if image:
        check_image(image)
    if not names and not flags.words("filename"):
        raise KubectlError("NAME or filename is required for debug")
    if flags.text("image-pull-policy") not in _PULLS:
        raise KubectlError(f"invalid image pull policy: {flags.text('image-pull-policy')}")
    if flags.text("target"):
        if flags.text("copy-to"):
            raise KubectlError(
                "--target is incompatible with --copy-to. Use --share-processes instead."
            )
        if not flags.is_on("quiet"):
            session.out(
                f'Targeting container "{flags.text("target")}". If you don\'t see processes from '
                "this container it may be because the container runtime doesn't support this "
                "feature."
            )
    if flags.is_on("tty") and not flags.is_on("stdin"):
        raise KubectlError("-i/--stdin is required for containers with -t/--tty=true")
    if flags.text("profile") == "legacy":
        session.err(
            "--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended "
            'to specify other profile, for example "--profile=general".'
        )


def _check_copying(session: Session) -> None:
    flags = session.flags
    image, images = flags.text("image"), flags.words("set-image")
    words = debug_command(session)
    if flags.text("copy-to"):
        if not image and not images and not words:
            raise KubectlError("you must specify --image, --set-image or command arguments.")
        if words and not image and not flags.text("container"):
            raise KubectlError(
                "you must specify an existing container or a new image when specifying args."
            )
        return
    for name in ("replace", "same-node", "set-image"):
        if flags.values.get(name):
            raise KubectlError(f"--{name} may only be used with --copy-to.")
    if not image:
        raise KubectlError("you must specify --image when not using --copy-to.")


@dataclass(frozen=True, slots=True)
class Started:
    """The container runs, or has ended."""

    container: str

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        if obj is None:
            raise KubectlError(f'pods "{awaited.name}" not found')
        state = _state(obj, self.container)
        return "running" in state or "terminated" in state

    def timeout_text(self, awaited: Awaited) -> str:
        return "timed out waiting for the condition"


@dataclass(slots=True)
class Debugging:
    """Makes what is needed for one target after the other, and joins it when that is wanted."""

    waiting: list[Target]
    container: str = ""
    watcher: Watcher | None = None
    talk: Conversation | None = None

    def step(self, session: Session) -> int | Waiting:
        if self.talk is not None:
            outcome = self.talk.step(session)
            if isinstance(outcome, Waiting):
                return outcome
            self.talk = None
        if self.watcher is not None:
            met = self.watcher.step(session)
            if isinstance(met, Waiting):
                return met
            pod = self.watcher.met[0][1] or {}
            self.watcher = None
            self._join(session, pod)
            return Waiting()
        if not self.waiting:
            return 0
        pod, self.container = _made(session, self.waiting.pop(0))
        if self.container and _attaches(session):
            metadata = pod["metadata"]
            awaited = Awaited(pod_resource(session), metadata["namespace"], metadata["name"])
            self.watcher = Watcher(Started(self.container), [awaited], session.now_ms + WEEK_MS)
        return Waiting()

    def _join(self, session: Session, pod: Object) -> None:
        if "terminated" not in _state(pod, self.container):
            self.talk = conversation(session, pod, self.container)
            return
        metadata = pod["metadata"]
        path = pod_resource(session).path(metadata["namespace"], metadata["name"], "log")
        session.write(session.client.text(path, {"container": self.container}))


def _attaches(session: Session) -> bool:
    flags = session.flags
    return flags.is_on("attach") or (not flags.has("attach") and flags.is_on("stdin"))


def _state(pod: Object, container: str) -> Object:
    status = pod.get("status") or {}
    for field in _STATUSES:
        for entry in status.get(field) or ():
            if entry.get("name") == container:
                found: Object = entry.get("state") or {}
                return found
    return {}


def _made(session: Session, target: Target) -> tuple[Object, str]:
    """The pod to join and the container in it. Raises KubectlError."""
    pods = pod_resource(session)
    kind = target.resource.kind
    if kind == "Node":
        pod = node_pod(session, target.object)
        created = session.client.call("POST", pods.path(session.namespace), None, pod)
        return created, created["spec"]["containers"][0]["name"]
    if kind != "Pod":
        shown = f"{target.resource.group}/{target.resource.version}, Kind={kind}"
        raise KubectlError(f'"{shown}" not supported by debug')
    if session.flags.text("copy-to"):
        pod, name = pod_copy(session, target.object)
        created = session.client.call("POST", pods.path(target.namespace), None, pod)
        if session.flags.is_on("replace"):
            options = {"gracePeriodSeconds": 0}
            session.client.call("DELETE", target.path, None, options)
        return created, name
    container = ephemeral_container(session, target.object)
    path = pods.path(target.namespace, target.name, "ephemeralcontainers")
    body = {"spec": {"ephemeralContainers": [container]}}
    try:
        changed = session.client.call("PATCH", path, None, body, content_type=STRATEGIC_PATCH)
    except StatusError as error:
        if error.is_not_found and not (error.status.get("details") or {}).get("name"):
            raise KubectlError(
                "ephemeral containers are disabled for this cluster (error from server: "
                f'"{error.message}")'
            ) from None
        raise
    return changed, container["name"]


COMMAND = Command(
    name="debug",
    short="Create debugging sessions for troubleshooting workloads and nodes",
    long="""Debug \
cluster resources using interactive debugging containers.

 'debug' provides automation for common debugging tasks for cluster objects identified by \
resource and name. Pods will be used by default if no resource is specified.

 The action taken by 'debug' varies depending on what resource is specified. Supported actions \
include:

  *  Workload: Create a copy of an existing pod with certain attributes changed, for example \
changing the image tag to a new version.
  *  Workload: Add an ephemeral container to an already running pod, for example to add debugging \
utilities without restarting the pod.
  *  Node: Create a new pod that runs in the node's host namespaces and can access the node's \
filesystem.

 Note: When a non-root user is configured for the entire target Pod, some capabilities granted by \
debug profile may not work.""",
    examples="""# Create an interactive debugging session in pod \
mypod and immediately attach to it.
kubectl debug mypod -it --image=busybox

# Create an interactive debugging session for the pod in the file pod.yaml and immediately attach \
to it.
# (requires the EphemeralContainers feature to be enabled in the cluster)
kubectl debug -f pod.yaml -it --image=busybox

# Create a debug container named debugger using a custom automated debugging image.
kubectl debug --image=myproj/debug-tools -c debugger mypod

# Create a copy of mypod adding a debug container and attach to it
kubectl debug mypod -it --image=busybox --copy-to=my-debugger

# Create a copy of mypod changing the command of mycontainer
kubectl debug mypod -it --copy-to=my-debugger --container=mycontainer -- sh

# Create a copy of mypod changing all container images to busybox
kubectl debug mypod --copy-to=my-debugger --set-image=*=busybox

# Create a copy of mypod adding a debug container and changing container images
kubectl debug mypod -it --copy-to=my-debugger --image=debian \
--set-image=app=app:debug,sidecar=sidecar:debug

# Create an interactive debugging session on a node and immediately attach to it.
# The container will run in the host namespaces and the host's filesystem will be mounted at /host
kubectl debug node/mynode -it --image=busybox""",
    usage="(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
    flags=(
        Flag("filename", "f", STRINGS, None, "identifying the resource to debug"),
        switch(
            "arguments-only",
            "",
            "If specified, everything after -- will be passed to the new container as Args "
            "instead of Command.",
        ),
        switch(
            "attach",
            "",
            "If true, wait for the container to start running, and then attach as if "
            "'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, "
            "in which case the default is true.",
        ),
        Flag("container", "c", STRING, "", "Container name to use for debug container."),
        Flag("copy-to", "", STRING, "", "Create a copy of the target Pod with this name."),
        switch("replace", "", "When used with '--copy-to', delete the original Pod."),
        Flag("env", "", STRINGS, None, "Environment variables to set in the container."),
        Flag("image", "", STRING, "", "Container image to use for debug container."),
        switch(
            "keep-labels",
            "",
            "If true, keep the original pod labels.(This flag only works when used with "
            "'--copy-to')",
        ),
        switch(
            "keep-annotations",
            "",
            "If true, keep the original pod annotations.(This flag only works when used with "
            "'--copy-to')",
        ),
        switch(
            "keep-liveness",
            "",
            "If true, keep the original pod liveness probes.(This flag only works when used "
            "with '--copy-to')",
        ),
        switch(
            "keep-readiness",
            "",
            "If true, keep the original pod readiness probes.(This flag only works when used "
            "with '--copy-to')",
        ),
        switch(
            "keep-startup",
            "",
            "If true, keep the original startup probes.(This flag only works when used with "
            "'--copy-to')",
        ),
        switch(
            "keep-init-containers",
            "",
            "Run the init containers for the pod. Defaults to true.(This flag only works "
            "when used with '--copy-to')",
            default=True,
        ),
        Flag(
            "set-image",
            "",
            STRINGS,
            None,
            "When used with '--copy-to', a list of name=image pairs for changing container "
            "images, similar to how 'kubectl set image' works.",
        ),
        Flag(
            "image-pull-policy",
            "",
            STRING,
            "",
            "The image pull policy for the container. If left empty, this value will not be "
            "specified by the client and defaulted by the server.",
        ),
        switch(
            "stdin",
            "i",
            "Keep stdin open on the container(s) in the pod, even if nothing is attached.",
        ),
        switch("quiet", "q", "If true, suppress informational messages."),
        switch(
            "same-node",
            "",
            "When used with '--copy-to', schedule the copy of target Pod on the same node.",
        ),
        switch(
            "share-processes",
            "",
            "When used with '--copy-to', enable process namespace sharing in the copy.",
            default=True,
        ),
        Flag(
            "target",
            "",
            STRING,
            "",
            "When using an ephemeral container, target processes in this container name.",
        ),
        switch("tty", "t", "Allocate a TTY for the debugging container."),
        Flag(
            "profile",
            "",
            STRING,
            "general",
            'Options are "general", "baseline", "restricted", "netadmin" or "sysadmin". '
            'Defaults to "general"',
        ),
        Flag(
            "custom",
            "",
            STRING,
            "",
            "Path to a JSON or YAML file containing a partial container spec to customize "
            "built-in debug profiles.",
        ),
    ),
    run=run,
)
