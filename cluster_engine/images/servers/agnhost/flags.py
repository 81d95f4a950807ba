"""What the subcommands of agnhost share: flags as Go takes them, logs as Go writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from cluster_engine.runtime.system import System

STDOUT, STDERR = 1, 2
FOREVER_MS = 2**62
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")
_UNITS_MS = {"h": 3_600_000.0, "m": 60_000.0, "s": 1_000.0, "ms": 1.0, "us": 0.001, "µs": 0.001}


class Flags:
    """The flags after a subcommand, and the words that are none."""

    def __init__(self, arguments: list[str], switches: tuple[str, ...] = ()) -> None:
        self.words: list[str] = []
        self._values: dict[str, str] = {}
        rest = list(arguments)
        while rest:
            word = rest.pop(0)
            if word == "--":
                self.words += rest
                break
            if not word.startswith("-") or word == "-":
                self.words.append(word)
                continue
            name, equals, value = word.lstrip("-").partition("=")
            if not equals:
                value = "true" if name in switches or not rest else rest.pop(0)
            self._values[name] = value

    def text(self, name: str, default: str = "") -> str:
        """The value of a flag."""
        return self._values.get(name, default)

    def number(self, name: str, default: int) -> int:
        """The value of a flag that is a whole number."""
        text = self._values.get(name, "")
        return int(text) if re.fullmatch(r"-?\d+", text) else default

    def switch(self, name: str, *, default: bool = False) -> bool:
        """Whether a flag is on."""
        text = self._values.get(name, "")
        return default if not text else text.lower() in ("true", "t", "1")

    def port(self, name: str, default: int) -> int:
        """The value of a flag that is a port."""
        number = self.number(name, default)
        return number if 0 < number < 65536 else default


def duration_ms(text: str) -> int | None:
    """A duration of Go (`1m30s`) in milliseconds, None when it is none."""
    if text == "0":
        return 0
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return round(sum(float(number) * _UNITS_MS.get(unit, 0) for number, unit in parts))


def query(path: str) -> dict[str, str]:
    """The values of a request's query; the first of each name."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(path.partition("?")[2], keep_blank_values=True):
        found.setdefault(name, value)
    return found


def log(system: System, text: str) -> None:
    """A line as Go's log package writes it."""
    moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
    system.write(STDERR, f"{moment.strftime('%Y/%m/%d %H:%M:%S')} {text}\n".encode())


def klog(system: System, text: str, place: str) -> None:
    """A line as klog writes it."""
    moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
    stamp = moment.strftime("%m%d %H:%M:%S.") + f"{system.now_ms % 1000:03d}000"
    system.write(STDERR, f"I{stamp} {system.pid:7d} {place}] {text}\n".encode())


def printed(value: object) -> str:
    """A list of words as Go's %v prints it."""
    return f"[{' '.join(value)}]" if isinstance(value, list) else str(value)
