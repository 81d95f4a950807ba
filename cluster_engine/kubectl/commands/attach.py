"""`kubectl attach`: join the process that runs in a container.

Models: k8s.io/kubectl/pkg/cmd/attach (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.commands.exec import (
    CONTAINER,
    POD_RUNNING_TIMEOUT,
    QUIET,
    STDIN,
    TTY,
)
from cluster_engine.kubectl.errors import KubectlError, UsageError
from cluster_engine.kubectl.pods import container_or_default, pod_of, pod_resource
from cluster_engine.kubectl.remote import Conversation
from cluster_engine.kubectl.session import Session, Task


def run(session: Session) -> int | Task:
    if not session.arguments:
        raise UsageError("at least 1 argument is required for attach", session.command)
    if len(session.arguments) > 2:
        raise UsageError(
            f"expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw "
            f"{len(session.arguments)}: [{' '.join(session.arguments)}]",
            session.command,
        )
    word = "/".join(session.arguments)
    return conversation(session, pod_of(session, word, action="attach to"))


def conversation(session: Session, pod: Object, container: str = "") -> Conversation:
    """The task that joins a container's process. Raises KubectlError."""
    flags = session.flags
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise KubectlError(
            f"cannot attach a container in a completed pod; current phase is {phase}"
        )
    is_quiet = flags.is_on("quiet")
    name = container or str(flags.values.get("container") or "")
    chosen = container_or_default(session, pod, name, is_quiet=is_quiet)
    has_terminal = bool(chosen.get("tty"))
    if flags.is_on("tty") and not has_terminal and not is_quiet:
        session.err(f"error: Unable to use a TTY - container {chosen['name']} did not allocate one")
    has_stdin = flags.is_on("stdin")
    is_raw = has_terminal and has_stdin and _is_raw(session, is_quiet=is_quiet)
    if not is_quiet:
        session.err(
            "All commands and output from this session will be recorded in container logs, "
            "including credentials and sensitive information passed through the command prompt."
        )
        session.err("If you don't see a command prompt, try pressing enter.")
    metadata = pod["metadata"]
    query = {
        "container": chosen["name"],
        "stdin": has_stdin,
        "stdout": True,
        "stderr": not has_terminal,
        "tty": has_terminal,
    }
    path = pod_resource(session).path(metadata["namespace"], metadata["name"], "attach")
    farewell = ""
    if is_raw and not is_quiet and pod["spec"].get("restartPolicy") == "Always":
        farewell = (
            f"Session ended, resume using 'kubectl attach {metadata['name']} -c {chosen['name']} "
            "-i -t' command when the pod is running"
        )
    return Conversation(path, query, has_stdin, is_raw, farewell=farewell)


def _is_raw(session: Session, *, is_quiet: bool) -> bool:
    """Whether keys go to the container as they are typed."""
    if session.system.is_tty(0):
        return True
    if not is_quiet:
        session.err("Unable to use a TTY - input is not a terminal or the right kind of file")
    return False


COMMAND = Command(
    name="attach",
    short="Attach to a running container",
    usage="(POD | TYPE/NAME) -c CONTAINER",
    long="Attach to a process that is already running inside an existing container.",
    examples="""# Get output from running pod mypod; use the \
'kubectl.kubernetes.io/default-container' annotation
# for selecting the container to be attached or the first container in the pod will be chosen
kubectl attach mypod

# Get output from ruby-container from pod mypod
kubectl attach mypod -c ruby-container

# Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
# and sends stdout/stderr from 'bash' back to the client
kubectl attach mypod -c ruby-container -i -t

# Get output from the first pod of a replica set named nginx
kubectl attach rs/nginx""",
    flags=(CONTAINER, POD_RUNNING_TIMEOUT, STDIN, TTY, QUIET),
    run=run,
)
