"""ip, ifconfig, ss and netstat: addresses and sockets."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError


def _mac(address: str) -> str:
    return "02:42:" + ":".join(f"{int(part):02x}" for part in address.split("."))


def ip(invocation: Invocation) -> int:
    """`ip addr`, `ip route`, `ip link`."""
    words = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    subject = words[0] if words else ""
    address = invocation.system.ip
    if "addr".startswith(subject[:4]) and subject.startswith("a"):
        _link(
            invocation,
            1,
            "lo",
            "LOOPBACK,UP,LOWER_UP",
            65536,
            "noqueue",
            "loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        )
        invocation.line(
            "    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever"
        )
        _link(
            invocation,
            2,
            "eth0@if9",
            "BROADCAST,MULTICAST,UP,LOWER_UP",
            1500,
            "noqueue",
            f"ether {_mac(address)} brd ff:ff:ff:ff:ff:ff",
        )
        broadcast = address.rpartition(".")[0] + ".255"
        invocation.line(
            f"    inet {address}/24 brd {broadcast} scope global eth0\n"
            "       valid_lft forever preferred_lft forever"
        )
        return 0
    if subject.startswith("l"):
        _link(
            invocation,
            1,
            "lo",
            "LOOPBACK,UP,LOWER_UP",
            65536,
            "noqueue",
            "loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        )
        _link(
            invocation,
            2,
            "eth0@if9",
            "BROADCAST,MULTICAST,UP,LOWER_UP",
            1500,
            "noqueue",
            f"ether {_mac(address)} brd ff:ff:ff:ff:ff:ff",
        )
        return 0
    if subject.startswith("r"):
        network = address.rpartition(".")[0]
        invocation.line(f"default via {network}.1 dev eth0")
        invocation.line(f"{network}.0/24 dev eth0 scope link src {address}")
        return 0
    raise UsageError(
        f'Object "{subject}" is unknown, try "ip help".'
        if subject
        else "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }"
    )


def _link(
    invocation: Invocation, number: int, name: str, flags: str, mtu: int, queue: str, kind: str
) -> None:
    state = "UNKNOWN" if name == "lo" else "UP"
    line = f"{number}: {name}: <{flags}> mtu {mtu} qdisc {queue} state {state} qlen 1000"
    invocation.line(line)
    invocation.line(f"    link/{kind}")


def ifconfig(invocation: Invocation) -> int:
    """The older form of `ip addr`."""
    address = invocation.system.ip
    broadcast = address.rpartition(".")[0] + ".255"
    invocation.line("eth0      Link encap:Ethernet  HWaddr " + _mac(address).upper())
    invocation.line(f"          inet addr:{address}  Bcast:{broadcast}  Mask:255.255.255.0")
    invocation.line("          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n")
    invocation.line("lo        Link encap:Local Loopback")
    invocation.line("          inet addr:127.0.0.1  Mask:255.0.0.0")
    invocation.line("          UP LOOPBACK RUNNING  MTU:65536  Metric:1")
    return 0


def sockets(invocation: Invocation) -> int:
    """ss and netstat: who listens, who is connected."""
    flags = "".join(word[1:] for word in invocation.arguments[1:] if word.startswith("-"))
    found = [
        item
        for item in invocation.system.sockets()
        if (item.is_listening and ("l" in flags or "a" in flags))
        or (not item.is_listening and "l" not in flags)
    ]
    if invocation.name == "netstat":
        invocation.line(
            "Active Internet connections " + ("(only servers)" if "l" in flags else "(w/o servers)")
        )
        invocation.line(
            "Proto Recv-Q Send-Q Local Address           Foreign Address         State       "
            + ("PID/Program name" if "p" in flags else "")
        )
        for item in found:
            local, peer = (
                _address(item.local),
                "0.0.0.0:*" if item.is_listening else _address(item.peer),
            )
            state = "LISTEN" if item.is_listening else "ESTABLISHED"
            owner = f"{item.pid}/{item.name}" if "p" in flags else ""
            invocation.line(f"tcp        0      0 {local:<23} {peer:<23} {state:<11} {owner}")
        return 0
    invocation.line("State    Recv-Q Send-Q  Local Address:Port   Peer Address:Port  Process")
    for item in found:
        state = "LISTEN" if item.is_listening else "ESTAB"
        peer = "0.0.0.0:*" if item.is_listening else _address(item.peer)
        owner = f'users:(("{item.name}",pid={item.pid},fd=6))' if "p" in flags else ""
        backlog = 128 if item.is_listening else 0
        row = f"{state:<8} 0      {backlog:<7} {_address(item.local):>20} {peer:>19}  {owner}"
        invocation.line(row.rstrip())
    return 0


def _address(pair: tuple[str, int]) -> str:
    return f"{pair[0] or '0.0.0.0'}:{pair[1]}"


COMMAND = Command("ip", ip)
IFCONFIG = Command("ifconfig", ifconfig)
SS = Command("ss", sockets)
NETSTAT = Command("netstat", sockets)
