"""`kubectl cp`: files into containers and out of them, by way of their `tar`.

Models: k8s.io/kubectl/pkg/cmd/cp (v0.37.2).
"""

from __future__ import annotations

import posixpath
import tarfile
from dataclasses import dataclass
from typing import Any

from cluster_engine.kubectl.archives import packed, unpack
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.commands.exec import CONTAINER
from cluster_engine.kubectl.errors import KubectlError, PlainError
from cluster_engine.kubectl.flags import INT, Flag, switch
from cluster_engine.kubectl.pods import container_or_default, pod_resource
from cluster_engine.kubectl.remote import Exchange
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.runtime.program import Waiting

_MALFORMED = "filespec must match the canonical format: [[namespace/]pod:]file/path"


@dataclass(frozen=True, slots=True)
class Place:
    """A path, here or (with a pod) in a container."""

    path: str
    pod: str = ""
    namespace: str = ""


def run(session: Session) -> int | Task:
    if len(session.arguments) != 2:
        raise KubectlError("source and destination are required")
    source, target = (_place(word) for word in session.arguments)
    if source.pod and target.pod:
        raise KubectlError("one of src or dest must be a local file specification")
    if not source.path or not target.path:
        raise KubectlError("filepath can not be empty")
    if source.pod:
        return Download(source, target.path, _tar(session, source, ["cf", "-", source.path]))
    if not target.pod:
        raise KubectlError("one of src or dest must be a remote file specification")
    if not session.system.exists(source.path):
        raise KubectlError(f"{source.path} doesn't exist in local filesystem")
    check = _exchange(session, target, ["test", "-d", target.path], shows_errors=False)
    return Upload(source.path, target, check)


def _place(word: str) -> Place:
    pod, colon, path = word.partition(":")
    if not colon:
        return Place(word)
    namespace, slash, name = pod.rpartition("/")
    if not pod or "/" in namespace:
        raise KubectlError(_MALFORMED)
    return Place(path, name, namespace if slash else "")


def _exchange(
    session: Session,
    place: Place,
    command: list[str],
    data: bytes = b"",
    *,
    shows_errors: bool = True,
) -> Exchange:
    """Run a command in the place's container. Raises KubectlError when there is no such pod."""
    namespace = place.namespace or session.namespace
    path = pod_resource(session).path(namespace, place.pod)
    pod = session.client.call("GET", path)
    name = session.flags.text("container")
    container = container_or_default(session, pod, name, is_quiet=False)
    query: dict[str, Any] = {
        "container": container["name"],
        "command": command,
        "stdin": bool(data),
        "stdout": True,
        "stderr": True,
    }
    return Exchange(f"{path}/exec", query, data, shows_errors)


def _tar(session: Session, place: Place, words: list[str], data: bytes = b"") -> Exchange:
    return _exchange(session, place, ["tar", *words], data)


@dataclass(slots=True)
class Download:
    """Takes an archive from a container and unpacks it here."""

    source: Place
    target: str
    exchange: Exchange

    def step(self, session: Session) -> int | Waiting:
        outcome = self.exchange.step(session)
        if isinstance(outcome, Waiting):
            return outcome
        if outcome:
            raise PlainError(f"command terminated with exit code {outcome}", outcome)
        prefix = posixpath.normpath(self.source.path.strip("/"))
        while prefix.startswith("../"):
            prefix = prefix[3:]
        if prefix in (".", ".."):
            prefix = ""
        try:
            warnings = unpack(session.system, self.exchange.output, prefix, self.target)
        except tarfile.TarError as error:
            raise KubectlError(f"archive/tar: {error}") from None
        for text in warnings:
            session.err(text)
        return 0


@dataclass(slots=True)
class Upload:
    """Looks whether the target is a folder, then sends an archive."""

    source: str
    target: Place
    check: Exchange | None
    sending: Exchange | None = None

    def step(self, session: Session) -> int | Waiting:
        if self.check is not None:
            outcome = self.check.step(session)
            if isinstance(outcome, Waiting):
                return outcome
            self.check = None
            self.sending = self._send(session, is_folder=outcome == 0)
        if self.sending is None:
            return 0
        outcome = self.sending.step(session)
        if not isinstance(outcome, Waiting) and outcome:
            raise PlainError(f"command terminated with exit code {outcome}", outcome)
        return outcome

    def _send(self, session: Session, *, is_folder: bool) -> Exchange:
        path = posixpath.normpath(self.target.path)
        if is_folder:
            path = posixpath.join(path, posixpath.basename(posixpath.normpath(self.source)))
        data = packed(session.system, self.source.rstrip("/") or "/", posixpath.basename(path))
        words = ["-xmf", "-"]
        if session.flags.is_on("no-preserve"):
            words = ["--no-same-permissions", "--no-same-owner", *words]
        folder = posixpath.dirname(path)
        if folder:
            words += ["-C", folder]
        return _tar(session, self.target, words, data)


COMMAND = Command(
    name="cp",
    short="Copy files and directories to and from containers",
    usage="<file-spec-src> <file-spec-dest>",
    long="""Copy files and directories to and from containers.""",
    examples="""# !!!Important Note!!!
# Requires that the 'tar' binary is present in your container
# image.  If 'tar' is not present, 'kubectl cp' will fail.
#
# For advanced use cases, such as symlinks, wildcard expansion or
# file mode preservation, consider using 'kubectl exec'.

# Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
tar cf - /tmp/foo | kubectl exec -i -n <some-namespace> <some-pod> -- tar xf - -C /tmp/bar

# Copy /tmp/foo from a remote pod to /tmp/bar locally
kubectl exec -n <some-namespace> <some-pod> -- tar cf - /tmp/foo | tar xf - -C /tmp/bar

# Copy /tmp/foo_dir local directory to /tmp/bar_dir in a remote pod in the default namespace
kubectl cp /tmp/foo_dir <some-pod>:/tmp/bar_dir

# Copy /tmp/foo local file to /tmp/bar in a remote pod in a specific container
kubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>

# Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar

# Copy /tmp/foo from a remote pod to /tmp/bar locally
kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar""",
    flags=(
        CONTAINER,
        switch(
            "no-preserve",
            "",
            "The copied file/directory's ownership and permissions will not be preserved in the "
            "container",
        ),
        Flag(
            "retries",
            "",
            INT,
            0,
            "Set number of retries to complete a copy operation from a container. Specify 0 to "
            "disable or any negative value for infinite retrying. The default is 0 (no retry).",
        ),
    ),
    run=run,
)
