"""Running an approved command in a container, without anybody at its input."""

from __future__ import annotations

import asyncio

from cluster_engine.apiserver.requests import ERROR, Request
from playground.hosting.host import ClusterHost
from playground.hosting.rehearsal import Said

_SECONDS_MAX = 10.0
_BYTES_MAX = 64 * 1024


async def command_run(host: ClusterHost, cluster_id: str, request: Request) -> Said:
    """The command's output, with 200, or 422 when it failed; what came before the time was up."""
    answer = await host.call(cluster_id, request)
    if answer.stream is None:
        return Said(answer.status, answer.body)
    stream = answer.stream
    stream.end_input()
    output = bytearray()
    is_done = False
    is_failed = False
    try:
        async with asyncio.timeout(_SECONDS_MAX):
            while not is_done and len(output) < _BYTES_MAX:
                frames = await stream.read()
                is_done = not frames
                for frame in frames:
                    if frame.channel == ERROR:
                        is_failed = b'"Failure"' in frame.data
                        is_done = True
                    else:
                        output += frame.data
    except TimeoutError:
        output += b"\n(still running after 10 seconds)"
    finally:
        stream.close()
    return Said(422 if is_failed else 200, bytes(output[:_BYTES_MAX]))
