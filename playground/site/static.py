"""Static files as an ASGI application: WhiteNoise's headers, without its WSGI middleware.

The front end's files carry a hash in their names and may be kept for ever by browsers.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from whitenoise.base import WhiteNoise

#: Vite's own hashed names, such as assets/workspace-Bq3x9Z1a.js.
_HASHED = re.compile(r"-[\w-]{8,}\.\w+(\.map)?$")
_CHUNK_BYTES = 256 * 1024
#: A file is what it says it is, and for the pages of this site.
_SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class StaticFiles:
    """Serves the files of a few folders below a prefix."""

    def __init__(self, prefix: str, folders: list[Path]) -> None:
        self._prefix = prefix
        self._folders = folders
        self._whitenoise = self._scan()

    def _scan(self) -> WhiteNoise:
        whitenoise = WhiteNoise(
            None,
            max_age=60,
            allow_all_origins=False,
            immutable_file_test=lambda path, url: _HASHED.search(url) is not None,
        )
        for folder in self._folders:
            if folder.is_dir():
                whitenoise.add_files(str(folder), self._prefix)
        return whitenoise

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """ASGI."""
        static_file = self._whitenoise.files.get(scope["path"])
        if static_file is None and self._is_new(scope["path"]):
            self._whitenoise = self._scan()
            static_file = self._whitenoise.files.get(scope["path"])
        if static_file is None or scope["method"] not in ("GET", "HEAD"):
            headers = [(b"content-type", b"text/plain"), *_SAFE]
            await _send_all(send, 404, headers, [b"not found\n"])
            return
        environ = {
            "HTTP_" + name.decode("latin-1").upper().replace("-", "_"): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        try:
            response = static_file.get_response(scope["method"], environ)
        except FileNotFoundError:
            # A build after our start has removed it.
            await _send_all(send, 404, [(b"content-type", b"text/plain"), *_SAFE], [b"not found\n"])
            return
        headers = [(n.lower().encode(), v.encode()) for n, v in response.headers]
        headers += _SAFE
        if response.file is None:
            await _send_all(send, int(response.status), headers, [])
            return
        with response.file as file:
            chunks = iter(lambda: file.read(_CHUNK_BYTES), b"")
            await _send_all(send, int(response.status), headers, chunks)

    def _is_new(self, path: str) -> bool:
        """Whether a build after our start has made that file."""
        relative = path.removeprefix(self._prefix)
        for folder in self._folders:
            candidate = (folder / relative).resolve()
            if candidate.is_relative_to(folder.resolve()) and candidate.is_file():
                return True
        return False


async def _send_all(
    send: Callable[[Any], Awaitable[None]],
    status: int,
    headers: list[tuple[bytes, bytes]],
    chunks: Any,
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
