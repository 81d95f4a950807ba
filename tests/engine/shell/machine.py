"""A container with the shells and commands of Debian or BusyBox, for tests of the shell room."""

from __future__ import annotations

from cluster_engine.images.programs import busybox_programs, debian_programs
from cluster_engine.runtime.filesystem.layer import directory, layer, program
from cluster_engine.shell.programs import PROGRAMS
from tests.engine.runtime.bench import SCRIPTS, Bench, Client, Image, Probe

_COMMON = {
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n",
    "/etc/group": "root:x:0:\nann:x:1000:\n",
    "/home/ann": directory(uid=1000, gid=1000),
    "/root": directory(mode=0o700),
    "/tmp": directory(mode=0o1777),
    "/srv/one": "1\n",
    "/srv/two": "2\n",
    "/srv/.hidden": "h\n",
    "/srv/sub/three": "3\n",
}
_PROBES = {f"/usr/bin/probe-{name}": program("probe") for name in SCRIPTS}
DEBIAN = Image(
    layer(
        "shell-debian",
        {
            **debian_programs(is_full=True),
            **_PROBES,
            **_COMMON,
            "/etc/bash.bashrc": "PS1='\\u@\\h:\\w\\$ '\n",
        },
    )
)
BUSYBOX = Image(layer("shell-busybox", {**busybox_programs(), **_PROBES, **_COMMON}))
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class ShellBench(Bench):
    """A bench with one container that sits there, to run shells in."""

    def __init__(self, image=DEBIAN, **facts):
        super().__init__(image, dict(PROGRAMS))
        self.start("sleep", "1000000", environment={"PATH": PATH}, **facts)

    def sh(self, text, shell="bash", seconds=0):
        """Output, errors and status of `shell -c text`."""
        return self.call(shell, "-c", text, seconds=seconds)

    def call(self, *words, stdin=None, seconds=0):
        client = Client(self, self.kernel.exec("c1", words, stdin=stdin is not None))
        if stdin is not None:
            client.type(stdin)
            client.end()
        client.read(seconds * 1000)
        return client.out.decode(), client.errors.decode(), client.code

    def terminal(self, *words, size=(80, 24)):
        client = Client(self, self.kernel.exec("c1", words or ("bash",), tty=True, size=size))
        client.read()
        return client


__all__ = ["BUSYBOX", "DEBIAN", "Probe", "ShellBench"]
