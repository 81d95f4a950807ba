"""factor and tsort: small computations on words."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError, decoded
from cluster_engine.shell.commands.options import parse

_DIVISORS_MAX = 1_000_000
_WORDS_MAX = 10_000


def factor(invocation: Invocation) -> int:
    """Print the prime factors of each number."""
    _, words = parse(invocation, "h", "", {"exponents": "h"})
    code = 0
    for word in words or decoded(invocation.stdin).split()[:_WORDS_MAX]:
        if not word.isdecimal() or len(word) > 30:
            text = f"'{word}' is not a valid positive integer"
            invocation.complain(invocation.either(text, f"invalid number '{word}'"))
            code = 1
            continue
        shown = "".join(f" {prime}" for prime in _factors(int(word)))
        invocation.line(f"{int(word)}:{shown}")
    return code


def _factors(number: int) -> list[int]:
    found: list[int] = []
    divisor = 2
    while divisor * divisor <= number:
        if divisor > _DIVISORS_MAX:
            raise UsageError(f"'{number}' is too large")
        while number % divisor == 0:
            found.append(divisor)
            number //= divisor
        divisor += 1 if divisor == 2 else 2
    return [*found, number] if number > 1 else found


def tsort(invocation: Invocation) -> int:
    """Order words so that the first of each pair comes before the second."""
    _, files = parse(invocation, "")
    found = invocation.inputs(files[:1])
    if not found:
        return 1
    words = decoded(found[0][1]).split()
    if len(words) % 2:
        raise UsageError("-: input contains an odd number of tokens")
    if len(words) > _WORDS_MAX:
        raise UsageError("memory exhausted")
    after: dict[str, list[str]] = {word: [] for word in words}
    counts = dict.fromkeys(words, 0)
    for first, second in zip(words[::2], words[1::2], strict=True):
        if first != second:
            after[first].append(second)
            counts[second] += 1
    ready = [word for word, count in counts.items() if not count]
    done = 0
    while ready:
        word = ready.pop(0)
        done += 1
        invocation.line(word)
        for second in after[word]:
            counts[second] -= 1
            if not counts[second]:
                ready.append(second)
    if done < len(counts):
        invocation.complain("-: input contains a loop:")
        for word, count in counts.items():
            if count:
                invocation.complain(word)
        return 1
    return 0


FACTOR = Command("factor", factor)
TSORT = Command("tsort", tsort)
