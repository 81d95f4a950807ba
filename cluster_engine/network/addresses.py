"""Which address belongs to whom: one per node, a range of pod addresses per node.

Used by the fabric. Addresses are dotted text outside and ints inside. A node keeps its number until
it is released; a pod range hands out addresses round robin, so that one just given back is not
reused at once.

Models: kind's docker network (172.18.0.0/16), the controller manager's node CIDRs (10.244.0.0/16)
and the host-local address management of CNI.
"""

from __future__ import annotations

import heapq

#: Where the API server listens; a control-plane node has this address.
API_SERVER_IP = "172.18.0.2"
API_SERVER_PORT = 6443
CLUSTER_DNS_IP = "10.96.0.10"

_NODE_BASE = (172 << 24) | (18 << 16)
_NODE_FIRST = 3
_POD_BASE = (10 << 24) | (244 << 16)
#: Where the second octet goes on when 10.244.0.0 to 10.255.255.255 is used up.
_POD_BASE_MORE = (10 << 24) | (128 << 16)
_POD_BLOCKS = 12 * 256


def to_int(ip: str) -> int:
    """The address as a number. Raises ValueError when `ip` is not dotted IPv4 text."""
    parts = ip.split(".")
    if len(parts) != 4 or not all(p.isdecimal() and len(p) <= 3 and int(p) < 256 for p in parts):
        raise ValueError(f"{ip!r} is not an IPv4 address")
    a, b, c, d = (int(part) for part in parts)
    return a << 24 | b << 16 | c << 8 | d


def to_text(number: int) -> str:
    """The dotted text of an address."""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def is_ip(text: str) -> bool:
    """Whether `text` is dotted IPv4 text."""
    try:
        to_int(text)
    except ValueError:
        return False
    return True


class Range:
    """The pod addresses of one node."""

    __slots__ = ("_base", "_last", "_size", "_used")

    def __init__(self, cidr: str) -> None:
        """Raises ValueError when `cidr` is not like 10.244.0.0/24."""
        base, slash, length = cidr.partition("/")
        bits = int(length) if slash else 24
        if not 8 <= bits <= 30:
            raise ValueError(f"{cidr!r} is not a range of pod addresses")
        self._base = to_int(base) >> (32 - bits) << (32 - bits)
        self._size = 1 << (32 - bits)
        self._last = 1  # .1 is the bridge's own
        self._used: set[int] = set()

    def take(self) -> str | None:
        """A free address; None when all are in use."""
        if len(self._used) >= self._size - 3:
            return None
        while True:
            self._last = self._last + 1 if self._last < self._size - 2 else 2
            if self._last not in self._used:
                self._used.add(self._last)
                return to_text(self._base + self._last)

    def hold(self, ip: str) -> None:
        """That address is in use; one that is not of this range is no concern of it."""
        place = to_int(ip) - self._base
        if 1 < place < self._size - 1:
            self._used.add(place)
            self._last = max(self._last, place)

    def give_back(self, ip: str) -> None:
        """Free an address of this range."""
        self._used.discard(to_int(ip) - self._base)

    def copy(self) -> Range:
        """An independent range in the same state."""
        twin = Range.__new__(Range)
        twin._base, twin._size, twin._last = self._base, self._size, self._last
        twin._used = set(self._used)
        return twin


class Addresses:
    """All addresses of one cluster."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._next_number = _NODE_FIRST
        self._free_numbers: list[int] = []
        self._ips: dict[str, str] = {}
        self._ranges: dict[str, Range] = {}

    def add_node(self, node: str, *, ip: str = "", is_control_plane: bool = False) -> str:
        """The node's address; a new one (or `ip`) when the node is new."""
        known = self._ips.get(node)
        if known is not None:
            return known
        number = self._number_of(ip) or self._take_number()
        self._numbers[node] = number
        if not ip and is_control_plane and API_SERVER_IP not in self._ips.values():
            ip = API_SERVER_IP
        self._ips[node] = ip or to_text(_NODE_BASE + number)
        return self._ips[node]

    def pod_cidr(self, node: str) -> str:
        """The range of pod addresses that belongs to the node's number."""
        block = self._numbers[node] - _NODE_FIRST
        if block < _POD_BLOCKS:
            return f"{to_text(_POD_BASE + (block << 8))}/24"
        return f"{to_text(_POD_BASE_MORE + (block - _POD_BLOCKS << 8))}/24"

    def set_pod_cidr(self, node: str, cidr: str) -> None:
        """Take pod addresses of the node from `cidr` (its `spec.podCIDR`). Raises ValueError."""
        if node not in self._ranges:
            self._ranges[node] = Range(cidr)

    def node_ip(self, node: str) -> str | None:
        """The node's address, None for an unknown node."""
        return self._ips.get(node)

    def remove_node(self, node: str) -> None:
        """Free the node's number and forget its range."""
        number = self._numbers.pop(node, None)
        if number is not None:
            heapq.heappush(self._free_numbers, number)
        self._ips.pop(node, None)
        self._ranges.pop(node, None)

    def take_pod_ip(self, node: str) -> str | None:
        """An address for a pod on that node; None when its range is used up."""
        pool = self._ranges.get(node)
        if pool is None:
            pool = self._ranges[node] = Range(self.pod_cidr(node))
        return pool.take()

    def hold_pod_ip(self, node: str, ip: str) -> None:
        """A pod on that node has that address already."""
        pool = self._ranges.get(node)
        if pool is None:
            pool = self._ranges[node] = Range(self.pod_cidr(node))
        pool.hold(ip)

    def give_back_pod_ip(self, node: str, ip: str) -> None:
        """The pod with that address is gone."""
        pool = self._ranges.get(node)
        if pool is not None:
            pool.give_back(ip)

    def copy(self) -> Addresses:
        """An independent copy."""
        twin = Addresses()
        twin._numbers = dict(self._numbers)
        twin._next_number = self._next_number
        twin._free_numbers = list(self._free_numbers)
        twin._ips = dict(self._ips)
        twin._ranges = {node: pool.copy() for node, pool in self._ranges.items()}
        return twin

    def _number_of(self, ip: str) -> int:
        """The free number that an address of ours stands for; 0 when it is none."""
        number = to_int(ip) - _NODE_BASE if is_ip(ip) else 0
        is_ours = _NODE_FIRST <= number < 1 << 16 and number not in self._numbers.values()
        if not is_ours:
            return 0
        self._free_numbers = [held for held in self._free_numbers if held != number]
        for skipped in range(self._next_number, number):
            heapq.heappush(self._free_numbers, skipped)
        heapq.heapify(self._free_numbers)
        self._next_number = max(self._next_number, number + 1)
        return number

    def _take_number(self) -> int:
        if self._free_numbers:
            return heapq.heappop(self._free_numbers)
        self._next_number += 1
        return self._next_number - 1
