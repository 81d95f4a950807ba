"""Seeded randomness: every random choice of a cluster comes from a named stream of its seed.

Streams are independent, so that one more uid drawn does not change how the scheduler breaks a tie.
"""

from __future__ import annotations

import random
import zlib

#: The alphabet of generated name suffixes. Models: k8s.io/apimachinery/pkg/util/rand (v0.37.2).
SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


class Randomness:
    """All random streams of one cluster."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, random.Random] = {}

    def stream(self, name: str) -> random.Random:
        """The stream of that name, made from the seed at first use."""
        found = self._streams.get(name)
        if found is None:
            found = random.Random(zlib.crc32(name.encode()) ^ (self.seed << 32))
            self._streams[name] = found
        return found

    def uid(self) -> str:
        """A version 4 UUID."""
        bits = self.stream("uid").getrandbits(128)
        bits = (bits & ~(0xF << 76) | (0x4 << 76)) & ~(0x3 << 62) | (0x2 << 62)
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def suffix(self, length: int = 5) -> str:
        """What the API server appends to `generateName`."""
        return "".join(self.stream("names").choices(SUFFIX_ALPHABET, k=length))

    def state(self) -> dict[str, object]:
        """The position of each stream, for a fork or a snapshot."""
        return {name: stream.getstate() for name, stream in sorted(self._streams.items())}

    def restore(self, state: dict[str, object]) -> None:
        """Put each stream where `state` says. Who has got hold of one already keeps it."""
        for name, position in state.items():
            self.stream(name).setstate(position)  # type: ignore[arg-type]
