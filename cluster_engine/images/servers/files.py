"""What web servers have in common when they serve files: types, dates, tags, listings."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from urllib.parse import quote, unquote

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus, System

_TYPES = {
    "html": "text/html",
    "htm": "text/html",
    "txt": "text/plain",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "xml": "text/xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "ico": "image/x-icon",
    "pdf": "application/pdf",
    "wasm": "application/wasm",
}
LISTED_MAX = 1_000


def type_of(path: str, default: str = "application/octet-stream") -> str:
    """The content type that a file's name says."""
    return _TYPES.get(path.rpartition("/")[2].rpartition(".")[2].lower(), default)


def date(moment_ms: int) -> str:
    """A date as HTTP writes it."""
    moment = datetime.fromtimestamp(moment_ms // 1000, UTC)
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def local(root: str, target: str) -> str | None:
    """The file that a request's target means below `root`; None when it leads out of it."""
    parts: list[str] = []
    path = unquote(target.partition("?")[0])
    if "\0" in path:
        return None
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    end = "/" if path.endswith("/") and parts else ""
    return f"{root.rstrip('/')}/{'/'.join(parts)}{end}"


def entries(system: System, folder: str) -> list[tuple[str, FileStatus]]:
    """What is in a folder, folders first and by name, hidden files left out."""
    found = []
    for name in system.list_directory(folder)[:LISTED_MAX]:
        try:
            status = system.stat(f"{folder.rstrip('/')}/{name}")
        except Errno:
            continue
        if not name.startswith("."):
            found.append((name, status))
    return sorted(found, key=lambda item: (item[1].kind != "directory", item[0]))


def plain_listing(system: System, folder: str) -> bytes:
    """A listing as Go's file server writes it."""
    names = []
    for name in sorted(system.list_directory(folder)[:LISTED_MAX]):
        try:
            is_folder = system.stat(f"{folder.rstrip('/')}/{name}").kind == "directory"
        except Errno:
            is_folder = False
        names.append(name + "/" * is_folder)
    rows = "".join(f'<a href="{quote(name)}">{escape(name)}</a>\n' for name in names)
    head = '<!doctype html>\n<meta name="viewport" content="width=device-width">\n'
    return f"{head}<pre>\n{rows}</pre>\n".encode()
