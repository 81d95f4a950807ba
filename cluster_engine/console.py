"""The page's console: a machine of the person's own beside the cluster, with kubectl on it.

It is a container that no pod owns, made when the first terminal opens. Each terminal is a login
shell on it; they share files and processes. `POST /podyard/v1/console?columns=&rows=` opens one;
`PUT /podyard/v1/console/files/<name>` puts a file into the home folder, for the page's editor.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cluster_engine.apimachinery.errors import bad_request, forbidden, too_large
from cluster_engine.apiserver.requests import STDIN, Caller, Frame, Request, Response, Source
from cluster_engine.images.image import Image
from cluster_engine.images.library.console import console
from cluster_engine.runtime.container import ContainerSpec
from cluster_engine.runtime.filesystem.nodes import Directory
from cluster_engine.runtime.kernel import Kernel
from cluster_engine.shell.interpreter import Shell
from cluster_engine.shell.state import Entered

CONTAINER_ID = "console"
_IP = "172.18.0.1"
_UID = 1000
_NOT_IN_A_HOSTNAME = re.compile(r"[^a-z0-9]+")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
FILE_BYTES_MAX = 1024 * 1024
_SIZE_DEFAULT = (80, 24)
_COLUMNS_MAX, _ROWS_MAX = 500, 300


class Console:
    """Answers the console's paths; fulfils `extensions.Extra`."""

    def __init__(self, kernel: Kernel, name: str) -> None:
        self._kernel = kernel
        self._name = hostname(name)

    def __call__(self, request: Request, parts: list[str]) -> Response | None:
        """The answer, or None when the path is another's. Raises ApiError."""
        if not parts or parts[0] != "console":
            return None
        if request.user is not None and "system:masters" not in request.user.groups:
            raise forbidden("", "", "the console belongs to those who may change the cluster")
        if parts == ["console"] and request.method == "POST":
            return self._open(request)
        if len(parts) == 3 and parts[1] == "files" and request.method == "PUT":
            return self._put(parts[2], request.body)
        return None

    @property
    def tree(self) -> Directory:
        """The files that its machine begins with."""
        return self._image().layer.root

    def start(self) -> None:
        """Make the machine, if it is not there yet."""
        self._start()

    def entered(self) -> Entered | None:
        """The last line entered at any of its shells; None when there was none."""
        found = self._kernel.find(CONTAINER_ID)
        if found is None:
            return None
        sandbox, container = found
        lines = [
            process.program.state.entered
            for process in sandbox.pids[container.namespace_key].processes.values()
            if isinstance(process.program, Shell) and process.program.state.entered is not None
        ]
        return max(lines, key=lambda line: line.at_ms, default=None)

    def _open(self, request: Request) -> Response:
        self._start()
        query = request.parameters()
        size = (
            _bounded(query.get("columns", ["0"])[0], _SIZE_DEFAULT[0], _COLUMNS_MAX),
            _bounded(query.get("rows", ["0"])[0], _SIZE_DEFAULT[1], _ROWS_MAX),
        )
        shell = ("bash",)
        person = request.caller or Caller("", "console")
        person = replace(person, source=Source.CONSOLE)
        stream = self._kernel.exec(
            CONTAINER_ID, shell, stdin=True, tty=True, size=size, person=person
        )
        return Response(101, stream=stream)

    def _put(self, name: str, body: bytes) -> Response:
        if not _FILE_NAME.fullmatch(name):
            raise bad_request(f"file name {name!r}: letters, digits, dots and dashes are accepted")
        if len(body) > FILE_BYTES_MAX:
            raise too_large(f"file {name}: at most {FILE_BYTES_MAX} bytes are accepted")
        self._start()
        command = ("tee", f"{self._image().working_dir}/{name}")
        stream = self._kernel.exec(CONTAINER_ID, command, stdin=True, stdout=False)
        stream.write(Frame(STDIN, body))
        stream.end_input()
        return Response(204)

    def _start(self) -> None:
        if self._kernel.is_running(CONTAINER_ID):
            return
        if self._kernel.find(CONTAINER_ID) is not None:
            self._kernel.remove_container(CONTAINER_ID)
        image = self._image()
        self._kernel.start_container(
            ContainerSpec(
                id=CONTAINER_ID,
                pod_id=CONTAINER_ID,
                name=CONTAINER_ID,
                hostname=self._name,
                ip=_IP,
                node="",
                namespace="default",
                image=image,
                command=("sleep", "infinity"),
                environment=dict(image.environment),
                working_dir=image.working_dir,
                uid=_UID,
                gid=_UID,
                has_api=True,
            )
        )

    def _image(self) -> Image:
        return console()


def hostname(name: str) -> str:
    """A cluster's name as a machine can have it: `rolling-out-and-back`."""
    slug = _NOT_IN_A_HOSTNAME.sub("-", name.lower()).strip("-")
    return slug[:63].rstrip("-") or CONTAINER_ID


def _bounded(text: str, default: int, most: int) -> int:
    """The number that `text` is; the default when it is none, the most when it is longer."""
    if not text.isdecimal():
        return default
    digits = text.lstrip("0")
    return most if len(digits) > len(str(most)) else min(int(digits or 0), most) or default
