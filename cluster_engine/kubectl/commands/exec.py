"""`kubectl exec`: run a command in a container.

Models: k8s.io/kubectl/pkg/cmd/exec (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import FILENAME, Command
from cluster_engine.kubectl.errors import KubectlError, UsageError
from cluster_engine.kubectl.flags import DURATION, Flag, switch
from cluster_engine.kubectl.pods import container_or_default, pod_of, pod_resource
from cluster_engine.kubectl.remote import Conversation, terminal_wanted
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import targets_of_files


def run(session: Session) -> int | Task:
    flags = session.flags
    files = flags.words("filename")
    words, command = session.arguments, []
    if flags.dash in (0, 1):
        words, command = session.arguments[: flags.dash], session.arguments[flags.dash :]
    elif len(words) > 1 or (words and files):
        raise UsageError(
            "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead",
            session.command,
        )
    if not words and not files:
        raise KubectlError("pod, type/name or --filename must be specified")
    if not command:
        raise KubectlError("you must specify at least one command for the container")
    word = words[0] if words else targets_of_files(session)[0].label
    pod = pod_of(session, word, action="attach to")
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise KubectlError(
            f"cannot exec into a container in a completed pod; current phase is {phase}"
        )
    is_quiet = flags.is_on("quiet")
    container = container_or_default(session, pod, flags.text("container"), is_quiet=is_quiet)
    has_tty = terminal_wanted(session, is_quiet=is_quiet)
    metadata = pod["metadata"]
    path = pod_resource(session).path(metadata["namespace"], metadata["name"], "exec")
    query = {
        "container": container["name"],
        "command": command,
        "stdin": flags.is_on("stdin"),
        "stdout": True,
        "stderr": not has_tty,
        "tty": has_tty,
    }
    return Conversation(path, query, flags.is_on("stdin"), has_tty)


CONTAINER = Flag(
    "container",
    "c",
    "string",
    "",
    "Container name. If omitted, use the "
    "kubectl.kubernetes.io/default-container annotation for selecting the container to be "
    "attached or the first container in the pod will be chosen",
)
POD_RUNNING_TIMEOUT = Flag(
    "pod-running-timeout",
    "",
    DURATION,
    60_000,
    "The length of time (like 5s, 2m, or 3h, higher "
    "than zero) to wait until at least one pod is running",
)
STDIN = switch("stdin", "i", "Pass stdin to the container")
TTY = switch("tty", "t", "Stdin is a TTY")
QUIET = switch("quiet", "q", "Only print output from the remote session")

COMMAND = Command(
    name="exec",
    short="Execute a command in a container",
    usage="(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
    examples="""# Get output from running the 'date' command from pod mypod, using the first \
container by default
kubectl exec mypod -- date

# Get output from running the 'date' command in ruby-container from pod mypod
kubectl exec mypod -c ruby-container -- date

# Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
# and sends stdout/stderr from 'bash' back to the client
kubectl exec mypod -c ruby-container -i -t -- bash -il

# List contents of /usr from the first container of pod mypod and sort by modification time
# If the command you want to execute in the pod has any flags in common (e.g. -i),
# you must use two dashes (--) to separate your command's flags/arguments
# Also note, do not surround your command and its flags/arguments with quotes
# unless that is how you would execute it normally (i.e., do ls -t /usr, not "ls -t /usr")
kubectl exec mypod -i -t -- ls -t /usr

# Get output from running 'date' command from the first pod of the deployment mydeployment, using \
the first container by default
kubectl exec deploy/mydeployment -- date

# Get output from running 'date' command from the first pod of the service myservice, using the \
first container by default
kubectl exec svc/myservice -- date""",
    flags=(CONTAINER, POD_RUNNING_TIMEOUT, STDIN, TTY, QUIET, FILENAME[0]),
    run=run,
)
