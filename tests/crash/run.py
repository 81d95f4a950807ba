"""Kills a server at random moments under load, again and again, and counts what is lost.

usage: python -m tests.crash.run [--kills 200] [--sessions 200] [--active 20] [--seed N]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.load import Loss, Visitor, gather
from tests.crash.site import Down, Server

#: A kill comes so long after the writers have begun.
_KILL_SECONDS = (0.2, 1.5)


@dataclass
class Result:
    """What came of it."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    resumes_s: list[float] = field(default_factory=list)
    starts_s: list[float] = field(default_factory=list)

    def numbers(self) -> dict[str, object]:
        """As one line of JSON."""
        return {
            "kills": self.kills,
            "acknowledged": self.acknowledged,
            "lost": len(self.lost),
            "unreadable": len(self.unreadable),
            "resume_p50_s": round(_percentile(self.resumes_s, 0.5), 3),
            "resume_p95_s": round(_percentile(self.resumes_s, 0.95), 3),
            "resume_max_s": round(max(self.resumes_s, default=0), 3),
            "start_p50_s": round(_percentile(self.starts_s, 0.5), 2),
        }


async def crash(
    server: Server, *, kills: int, sessions: int, active: int, is_told: bool = False
) -> Result:
    """Start sessions, then kill the server that many times while some of them are worked in."""
    result = Result()
    server.start()
    visitors: list[Visitor] = []
    while len(visitors) < sessions:
        batch = min(8, sessions - len(visitors))
        visitors += await asyncio.gather(*(Visitor.begin(server) for _ in range(batch)))
    for number in range(kills):
        busy = random.sample(visitors, min(active, sessions))
        workers = [asyncio.create_task(visitor.work()) for visitor in busy]
        await asyncio.sleep(random.uniform(*_KILL_SECONDS))
        server.kill()
        done = await asyncio.gather(*workers, return_exceptions=True)
        result.lost += [str(one) for one in done if isinstance(one, Exception)]
        result.kills += 1
        result.starts_s.append(server.start())
        # Everybody comes back at once.
        begin = time.monotonic()
        await asyncio.gather(*(_resume(visitor, begin, result) for visitor in visitors))
        result.lost += [str(problem) for problem in await gather(busy)]
        result.acknowledged = sum(visitor.acknowledged for visitor in visitors)
        if is_told:
            _tell({"kill": number + 1, **result.numbers()})
        if result.lost or result.unreadable:
            break
    result.lost += [str(problem) for problem in await gather(visitors)]
    return result


async def _resume(visitor: Visitor, begin: float, result: Result) -> None:
    try:
        await visitor.resume()
    except (Loss, Down) as problem:
        result.unreadable.append(str(problem))
    result.resumes_s.append(time.monotonic() - begin)


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _tell(numbers: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(numbers) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run, print a line per kill and one at the end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--active", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    wanted = parser.parse_args()
    random.seed(wanted.seed)
    _tell({"seed": wanted.seed})
    with tempfile.TemporaryDirectory(prefix="podyard-crash-") as folder:
        server = Server(Path(folder))
        try:
            result = asyncio.run(
                crash(
                    server,
                    kills=wanted.kills,
                    sessions=wanted.sessions,
                    active=wanted.active,
                    is_told=True,
                )
            )
        finally:
            server.stop()
        for problem in (*result.lost, *result.unreadable):
            sys.stderr.write(f"{problem}\n")
        errors = [line for line in server.log.read_text().splitlines() if " ERROR " in line]
        _tell({"benchmark": "crash", **result.numbers(), "errors": len(errors)})
        sys.stderr.writelines(f"{line}\n" for line in errors[:20])
    sys.exit(bool(result.lost or result.unreadable or errors))


if __name__ == "__main__":
    main()
