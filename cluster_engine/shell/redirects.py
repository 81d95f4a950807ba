"""Applying redirects to a shell's own descriptors, and putting them back.

A redirect whose target is expanded is an `Opening`. What a descriptor was before is kept at 10 or
above, where commands do not see it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import (
    O_APPEND,
    O_CREAT,
    O_EXCL,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
    System,
)
from cluster_engine.shell.syntax.dialect import Dialect
from cluster_engine.shell.syntax.nodes import Redirect

SAVED_FD_MIN = 10
_PIPE_BYTES = 60_000


class RedirectProblem(Exception):
    """A redirect cannot be made; the text is the dialect's."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A redirect with its target as text (the body of a here-document)."""

    operator: str
    target: str
    fd: int | None = None


#: (descriptor, where it was saved or None when it was closed), newest last.
Saved = list[tuple[int, "int | None"]]


def default_fd(redirect: Redirect | Opening) -> int:
    """The descriptor that is meant when none is given."""
    if redirect.fd is not None:
        return redirect.fd
    return 0 if redirect.operator[0] == "<" else 1


def apply(
    system: System, openings: list[Opening], dialect: Dialect, *, keeps_files: bool = False
) -> Saved:
    """Make the redirects in order. Raises RedirectProblem, with what was done undone."""
    saved: Saved = []
    try:
        for opening in openings:
            _apply_one(system, opening, saved, dialect, keeps_files)
    except RedirectProblem:
        restore(system, saved)
        raise
    return saved


def restore(system: System, saved: Saved) -> None:
    """Put the descriptors back as they were."""
    for fd, kept in reversed(saved):
        if kept is None:
            if fd in system.descriptors():
                system.close(fd)
        else:
            system.dup2(kept, fd)
            system.close(kept)


def forget(system: System, saved: Saved) -> None:
    """Let the redirects stay (`exec > file`)."""
    for _, kept in saved:
        if kept is not None:
            system.close(kept)


def _apply_one(
    system: System, opening: Opening, saved: Saved, dialect: Dialect, keeps_files: bool
) -> None:
    operator, target = opening.operator, opening.target
    fd = default_fd(opening)
    if operator in ("<&", ">&") and (target == "-" or target.rstrip("-").isdecimal()):
        _duplicate(system, fd, target, saved, dialect)
        return
    if operator in ("&>", "&>>") or (operator == ">&" and opening.fd is None):
        opened = _open(system, ">>" if operator == "&>>" else ">", target, dialect, keeps_files)
        for each in (1, 2):
            _save(system, each, saved)
            system.dup2(opened, each)
        _close_unless(system, opened, (1, 2))
        return
    if operator in ("<&", ">&"):
        raise RedirectProblem(f"{target}: ambiguous redirect")
    opened = _document(system, target) if operator in ("<<", "<<<") else -1
    if opened < 0:
        opened = _open(system, operator, target, dialect, keeps_files)
    _save(system, fd, saved)
    if opened != fd:
        system.dup2(opened, fd)
        system.close(opened)


def _duplicate(system: System, fd: int, target: str, saved: Saved, dialect: Dialect) -> None:
    if target == "-":
        _save(system, fd, saved)
        if fd in system.descriptors():
            system.close(fd)
        return
    source = int(target.rstrip("-"))
    if source not in system.descriptors():
        raise RedirectProblem(f"{source}: Bad file descriptor")
    _save(system, fd, saved)
    system.dup2(source, fd)
    if target.endswith("-") and source != fd:
        _save(system, source, saved)
        system.close(source)


def _save(system: System, fd: int, saved: Saved) -> None:
    kept = system.dup(fd, SAVED_FD_MIN) if fd in system.descriptors() else None
    saved.append((fd, kept))


def _close_unless(system: System, fd: int, kept: tuple[int, ...]) -> None:
    if fd not in kept:
        system.close(fd)


def _open(system: System, operator: str, path: str, dialect: Dialect, keeps_files: bool) -> int:
    flags = {
        "<": O_RDONLY,
        ">": O_WRONLY | O_CREAT | O_TRUNC,
        ">|": O_WRONLY | O_CREAT | O_TRUNC,
        ">>": O_WRONLY | O_CREAT | O_APPEND,
        "<>": O_RDWR | O_CREAT,
    }[operator]
    try:
        if operator == ">" and keeps_files and _is_file(system, path):
            flags |= O_EXCL
        return _above(system, system.open(path, flags))
    except Errno as error:
        if error.name == "EEXIST":
            raise RedirectProblem(f"{path}: cannot overwrite existing file") from None
        raise RedirectProblem(_problem(path, error, operator, dialect)) from None


def _above(system: System, fd: int) -> int:
    """An opened descriptor, out of the way of those that are redirected."""
    if fd >= SAVED_FD_MIN:
        return fd
    moved = system.dup(fd, SAVED_FD_MIN)
    system.close(fd)
    return moved


def _is_file(system: System, path: str) -> bool:
    try:
        return system.stat(path).kind == "file"
    except Errno:
        return False


def _problem(path: str, error: Errno, operator: str, dialect: Dialect) -> str:
    if dialect.name == "bash":
        return f"{path}: {error.text}"
    reading = operator == "<"
    if dialect.name == "dash":
        if reading:
            return f"cannot open {path}: {error.text if error.name != 'ENOENT' else 'No such file'}"
        text = "Directory nonexistent" if error.name == "ENOENT" else error.text
        return f"cannot create {path}: {text}"
    if reading:
        text = "no such file" if error.name == "ENOENT" else error.text
        return f"can't open {path}: {text}"
    text = "nonexistent directory" if error.name == "ENOENT" else error.text
    return f"can't create {path}: {text}"


def _document(system: System, content: str) -> int:
    """A descriptor from which the text can be read."""
    data = content.encode("utf-8", "surrogateescape")
    if len(data) <= _PIPE_BYTES:
        reader, writer = system.pipe()
        system.write(writer, data)
        system.close(writer)
        return _above(system, reader)
    path = f"/tmp/sh-thd.{system.pid}"
    try:
        system.write_file(path, data, mode=0o600)
        fd = system.open(path)
        system.unlink(path)
    except Errno as error:
        raise RedirectProblem(f"cannot create temp file for here-document: {error.text}") from None
    return _above(system, fd)
