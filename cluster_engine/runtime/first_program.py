"""Finding the program of a container's first process, once per image and command.

Most containers of a cluster start the same few commands from the same few images: the walk along
PATH is remembered as long as nothing is mounted where programs lie.
"""

from __future__ import annotations

from cluster_engine.runtime.calls.system import ProcessSystem
from cluster_engine.runtime.process import Process
from cluster_engine.runtime.sandbox import Container

KNOWN_MAX = 1_000
_PROGRAM_ROOTS = ("/bin", "/sbin", "/usr", "/opt", "/lib")


class ProgramsOfImages:
    """What commands stand for in images that no container has changed yet."""

    def __init__(self) -> None:
        #: (layer, command, PATH, uid, directory) to the executable.
        self._known: dict[tuple[str, str, str, int, str], str] = {}

    def load(self, container: Container, process: Process, system: ProcessSystem) -> None:
        """Put the program of the container's command into `process`. Raises Errno."""
        spec = container.spec
        command = spec.command[0]
        if spec.image is None or not _is_plain(container):
            system.load(process, list(spec.command))
            return
        path = process.environment.get("PATH", "")
        key = (spec.image.layer.name, command, path, spec.uid, process.cwd)
        system.load(process, list(spec.command), self._known.get(key))
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        if process.arguments[0] == command:
            self._known[key] = process.executable


def _is_plain(container: Container) -> bool:
    """Whether the container sees its image's programs as they are."""
    return all(
        mount.path.startswith("/") and not mount.path.startswith(_PROGRAM_ROOTS)
        for mount in container.spec.mounts
        if mount.path != "/"
    ) and not any(mount.path == "/" for mount in container.spec.mounts)
