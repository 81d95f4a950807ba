"""The page's console: a person's own machine with kubectl, not an image to pull."""

from __future__ import annotations

from functools import cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, Image
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, program, text

CONSOLE = "podyard/console:latest"
_UID = 1000
_HOME = "/home/you"
_BASHRC = """\
# ~/.bashrc: executed by bash(1) for non-login shells.
PS1='\\u@\\h:\\w\\$ '
alias k=kubectl
alias ll='ls -alF'
"""


@cache
def _tree() -> Layer:
    base = bases.debian("13")
    return layer(
        CONSOLE,
        {
            "/usr/local/bin/kubectl": program("kubectl", size_bytes=60_129_464),
            "/usr/local/bin/k": program("k", size_bytes=60_129_464),
            _HOME: directory(uid=_UID, gid=_UID),
            f"{_HOME}/.bashrc": text(_BASHRC, uid=_UID, gid=_UID),
            "/etc/hostname": "podyard\n",
            **_account(base),
        },
        base,
    )


def _account(base: Layer) -> bases.Entries:
    entries = bases.account(base, "you", _UID, _HOME)
    return {
        path: content.replace("/bin/false", "/bin/bash") if isinstance(content, str) else content
        for path, content in entries.items()
    }


@cache
def console() -> Image:
    """A Debian with kubectl and a home folder."""
    return Image(
        CONSOLE,
        _tree(),
        0,
        command=("bash",),
        environment={"PATH": PATH_DEFAULT, "HOME": _HOME, "USER": "you", "LANG": "C.UTF-8"},
        working_dir=_HOME,
        user="you",
    )
