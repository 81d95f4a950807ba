"""seq: numbers in a row."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_NUMBERS_MAX = 1_000_000


def run(invocation: Invocation) -> int:
    """Print first, first + step … last."""
    words = invocation.arguments
    numbers = [word for word in words[1:] if word.lstrip("-").replace(".", "", 1).isdigit()]
    invocation.arguments = [words[0], *[word for word in words[1:] if word not in numbers]]
    options, extra = parse(invocation, "w", "sf", {"separator": "s", "equal-width": "w"})
    if extra or not 1 <= len(numbers) <= 3:
        raise UsageError(
            f"invalid floating point argument: '{extra[0]}'" if extra else "missing operand"
        )
    first, step, last = _bounds(numbers)
    if step == 0:
        raise UsageError(f"invalid Zero increment value: '{numbers[1]}'")
    places = max(len(word.partition(".")[2]) for word in numbers)
    count = max(int((last - first) / step + 1e-9) + 1, 0)
    values = [f"{first + step * number:.{places}f}" for number in range(min(count, _NUMBERS_MAX))]
    if "w" in options and values:
        width = max(map(len, values))
        values = [value.rjust(width, "0") for value in values]
    if values:
        invocation.line(options.get("s", "\n").join(values))
    return 0


def _bounds(numbers: list[str]) -> tuple[float, float, float]:
    values = [float(number) for number in numbers]
    if len(values) == 1:
        return 1.0, 1.0, values[0]
    if len(values) == 2:
        return values[0], 1.0, values[1]
    return values[0], values[1], values[2]


COMMAND = Command("seq", run)
