"""`--raw`: a request to any path of the server; the answer is printed as it comes.

Models: k8s.io/kubectl/pkg/rawhttp (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from cluster_engine.kubectl.client import checked
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.streams import read_frames
from cluster_engine.runtime.program import Waiting


def run_raw(session: Session, method: str) -> int | Task:
    """Send what --filename names, if anything, to the path of --raw. Raises KubectlError."""
    flags = session.flags
    url = flags.text("raw")
    files = flags.values.get("filename") or []
    _check(session, url, files, is_file_needed=method in ("POST", "PUT"))
    body = b""
    if files:
        body = session.stdin() if files[0] == "-" else session.read_file(files[0])
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    answer = session.client.send(method, parts.path, query, body, accept="*/*")
    if answer.stream is not None:
        return Streamed(session.system.open_stream(answer.stream))
    if answer.status >= 400:
        checked(answer, method, parts.path)
    session.write(answer.body)
    return 0


@dataclass(slots=True)
class Streamed:
    """An answer without an end, such as a watch."""

    fd: int

    def step(self, session: Session) -> int | Waiting:
        frames = read_frames(session.system, self.fd)
        if frames is None:
            return Waiting(readable=(self.fd,))
        if not frames:
            return 0
        session.write(b"".join(frame.data for frame in frames))
        return Waiting()


def _check(session: Session, url: str, files: list[str], *, is_file_needed: bool) -> None:
    flags = session.flags
    if len(files) > 1 or (is_file_needed and not files):
        raise KubectlError("--raw can only use a single local file or stdin")
    if files and files[0].startswith(("http://", "https://")):
        raise KubectlError("--raw cannot read from a url")
    if flags.values.get("recursive"):
        raise KubectlError("--raw and --recursive are mutually exclusive")
    filters = [name for name in ("watch", "watch-only", "selector") if flags.values.get(name)]
    if filters:
        raise KubectlError(
            "--raw may not be specified with other flags that filter the server request or alter "
            "the output"
        )
    if flags.values.get("output"):
        raise KubectlError("--raw and --output are mutually exclusive")
    if not url.startswith("/"):
        raise KubectlError(
            f'--raw must be a valid URL path: parse "{url}": invalid URI for request'
        )
