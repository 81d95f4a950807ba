"""All commands on keys, and how one is run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cluster_engine.images.servers.redis import hashes, keys, lists, sets, sorted_sets, strings
from cluster_engine.images.servers.redis.database import Command, Database, Refusal
from cluster_engine.images.servers.redis.resp import Failure, Reply

COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        **strings.COMMANDS,
        **keys.COMMANDS,
        **lists.COMMANDS,
        **hashes.COMMANDS,
        **sets.COMMANDS,
        **sorted_sets.COMMANDS,
    }
)
_SHOWN_MAX = 128


def run(database: Database, words: list[bytes]) -> Reply:
    """Answer one request; errors are replies."""
    name = words[0].decode("latin-1").lower()
    command = COMMANDS.get(name)
    if command is None:
        return unknown(words)
    if not command.takes(len(words)):
        return wrong_count(name)
    try:
        return command.run(database, words[1:])
    except Refusal as refusal:
        return Failure(str(refusal))


def unknown(words: list[bytes]) -> Failure:
    """There is no such command."""
    said = words[0].decode(errors="replace")[:_SHOWN_MAX]
    shown = ""
    for word in words[1:]:
        if len(shown) >= _SHOWN_MAX:
            break
        shown += f"'{word.decode(errors='replace')[: _SHOWN_MAX - len(shown)]}' "
    return Failure(f"ERR unknown command '{said}', with args beginning with: {shown}")


def wrong_count(name: str) -> Failure:
    """The command wants more words, or fewer."""
    return Failure(f"ERR wrong number of arguments for '{name}' command")
