"""apt-get, apt, apk, pip, dpkg: package tools of a container without internet access."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation

_HOST = "deb.debian.org"


def apt(invocation: Invocation) -> int:
    """Answer as apt does when no mirror can be resolved."""
    words = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    action = words[0] if words else ""
    if action == "update":
        for suite in ("bookworm", "bookworm-updates"):
            invocation.line(f"Ign:1 http://{_HOST}/debian {suite} InRelease")
            invocation.line(f"Err:1 http://{_HOST}/debian {suite} InRelease")
            invocation.line(f"  Temporary failure resolving '{_HOST}'")
        invocation.line("Reading package lists... Done")
        text = f"W: Failed to fetch http://{_HOST}/debian/dists/bookworm/InRelease  "
        invocation.err += f"{text}Temporary failure resolving '{_HOST}'\n".encode()
        invocation.err += b"W: Some index files failed to download. "
        invocation.err += b"They have been ignored, or old ones used instead.\n"
        return 0
    if action == "install":
        invocation.line("Reading package lists... Done\nBuilding dependency tree... Done")
        invocation.line("Reading state information... Done")
        for name in words[1:]:
            invocation.err += f"E: Unable to locate package {name}\n".encode()
        return 100 if words[1:] else 0
    if action in ("list", "search", "show", "policy", "clean", "autoremove", "upgrade"):
        invocation.line("Reading package lists... Done")
        return 0
    if not action:
        invocation.line("apt 2.6.1 (amd64)\nUsage: apt [options] command")
        return 0
    invocation.err += f"E: Invalid operation {action}\n".encode()
    return 100


def apk(invocation: Invocation) -> int:
    """Answer as apk does when no mirror can be reached."""
    words = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    if not words:
        invocation.line("apk-tools 2.14.9, compiled for x86_64.")
        return 1
    if words[0] in ("add", "update", "upgrade", "fetch", "search"):
        base = "https://dl-cdn.alpinelinux.org/alpine/v3.22"
        for part in ("main", "community"):
            invocation.line(f"fetch {base}/{part}/x86_64/APKINDEX.tar.gz")
            text = f"WARNING: fetching {base}/{part}: temporary error (try again later)\n"
            invocation.err += text.encode()
        if words[0] == "add":
            invocation.err += b"ERROR: unable to select packages:\n"
            for name in words[1:]:
                invocation.err += (
                    f"  {name} (no such package):\n    required by: world[{name}]\n".encode()
                )
            return len(words) - 1
        return 2
    return 0


def pip(invocation: Invocation) -> int:
    """Answer as pip does when the index cannot be resolved."""
    words = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    if words[:1] == ["install"] and len(words) > 1:
        name = words[1]
        text = (
            f"ERROR: Could not find a version that satisfies the requirement {name} "
            f"(from versions: none)\nERROR: No matching distribution found for {name}\n"
        )
        invocation.err += text.encode()
        return 1
    if words[:1] == ["list"]:
        invocation.line("Package    Version\n---------- -------\npip        24.0")
        return 0
    invocation.line("pip 24.0 from /usr/local/lib/python3.12/site-packages/pip (python 3.12)")
    return 0


def dpkg(invocation: Invocation) -> int:
    """List what is there: the base system."""
    if any(word in ("-l", "--list") for word in invocation.arguments):
        invocation.line("||/ Name           Version      Architecture Description")
        for name, version in (("apt", "2.6.1"), ("bash", "5.2.15-2"), ("coreutils", "9.1-1")):
            invocation.line(f"ii  {name:<14} {version:<12} amd64        {name}")
    return 0


COMMANDS = (
    Command("apt", apt),
    Command("apt-get", apt),
    Command("apt-cache", apt),
    Command("apk", apk),
    Command("pip", pip),
    Command("pip3", pip),
    Command("dpkg", dpkg),
)
