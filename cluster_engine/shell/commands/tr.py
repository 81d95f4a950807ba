"""tr: other characters."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.escapes import expand
from cluster_engine.shell.commands.options import parse

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "space": " \t\n\v\f\r",
    "blank": " \t",
    "punct": "!-/:-@[-`{-~",
}


def run(invocation: Invocation) -> int:
    """Translate, delete (-d) or squeeze (-s) characters."""
    long = {"delete": "d", "squeeze-repeats": "s", "complement": "c"}
    options, sets = parse(invocation, "dscCt", "", long)
    if not sets or (len(sets) < 2 and "d" not in options and "s" not in options):
        shown = f" after '{sets[0]}'" if sets else ""
        raise UsageError(f"missing operand{shown}\nTry 'tr --help' for more information.")
    text = invocation.stdin.decode("utf-8", "surrogateescape")
    first = _expand(sets[0])
    second = _expand(sets[1]) if len(sets) > 1 else ""
    is_complement = "c" in options or "C" in options

    def is_in(letter: str) -> bool:
        return (letter in first) != is_complement

    if "d" in options:
        text = "".join(letter for letter in text if not is_in(letter))
    elif second:
        text = _translate(text, first, second, is_complement)
    if "s" in options:
        squeezed = set(second or first)
        text = _squeeze(text, squeezed, is_complement and not second)
    invocation.say(text)
    return 0


def _expand(words: str) -> str:
    for name, letters in _CLASSES.items():
        words = words.replace(f"[:{name}:]", letters)
    words = expand(words)[0]
    result, at = "", 0
    while at < len(words):
        if at + 2 < len(words) and words[at + 1] == "-" and words[at] <= words[at + 2]:
            result += "".join(map(chr, range(ord(words[at]), ord(words[at + 2]) + 1)))
            at += 3
        else:
            result += words[at]
            at += 1
    return result


def _translate(text: str, first: str, second: str, is_complement: bool) -> str:
    if is_complement:
        return "".join(letter if letter in first else second[-1] for letter in text)
    padded = second + second[-1] * (len(first) - len(second))
    table: dict[int, str] = {}
    for source, target in zip(first, padded, strict=False):
        table[ord(source)] = target
    return text.translate(table)


def _squeeze(text: str, letters: set[str], is_complement: bool) -> str:
    result: list[str] = []
    for letter in text:
        if result and result[-1] == letter and (letter in letters) != is_complement:
            continue
        result.append(letter)
    return "".join(result)


COMMAND = Command("tr", run)
