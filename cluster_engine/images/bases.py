"""The distributions that images stand on: built once per process, shared by all containers."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from cluster_engine.images.programs import busybox_programs, debian_programs
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, link, text
from cluster_engine.runtime.filesystem.nodes import File, Node

Entries: TypeAlias = dict[str, Node | str | bytes | None]

_ACCOUNTS = """\
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
"""
_GROUPS = """\
root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
mail:x:8:
www-data:x:33:
users:x:100:
nogroup:x:65534:
"""
_SMALL_ACCOUNTS = """\
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
"""
_BASHRC = """\
# ~/.bashrc: executed by bash(1) for non-login shells.
PS1='${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
"""
_UBUNTU = {
    "18.04": "Bionic Beaver",
    "20.04": "Focal Fossa",
    "22.04": "Jammy Jellyfish",
    "24.04": "Noble Numbat",
    "26.04": "Resolute Raccoon",
}
ALPINE = Versions(
    "3.8.5 3.9.6 3.10.9 3.11.13 3.12.12 3.13.12 3.14.10 3.15.11 3.16.9 3.17.10 3.18.12 3.19.9 "
    "3.20.8 3.21.5 3.22.2 3.23.0"
)
#: Debian's releases by number.
DEBIAN_CODES = {"10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie"}
_NUMBERS = {code: number for number, code in DEBIAN_CODES.items()}
_FOLDERS = "boot home media mnt opt proc root run srv sys tmp usr/sbin usr/lib var/log var/tmp"


def _release(name: str, identifier: str, version: str, code: str, like: str = "") -> str:
    number, _, _ = version.partition(" ")
    lines = [
        f'PRETTY_NAME="{name} {version}"',
        f'NAME="{name}"',
        f'VERSION_ID="{number}"',
        f'VERSION="{version}"',
        f"VERSION_CODENAME={code}" if code else "",
        f"ID={identifier}",
        f"ID_LIKE={like}" if like else "",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _skeleton() -> Entries:
    entries: Entries = {f"/{path}": directory() for path in _FOLDERS.split()}
    entries["/root"] = directory(mode=0o700)
    entries["/tmp"] = directory(mode=0o1777)
    entries["/var/tmp"] = directory(mode=0o1777)
    entries["/var/run"] = link("/run")
    entries["/etc/hostname"] = ""
    entries["/etc/nsswitch.conf"] = "passwd: files\ngroup: files\nhosts: files dns\n"
    return entries


@cache
def debian(version: str = "12", *, is_full: bool = True) -> Layer:
    """Debian 11 to 13. Full ones have procps and the like, slim ones have not."""
    code = DEBIAN_CODES[version]
    point = {"10": "10.13", "11": "11.11", "12": "12.13", "13": "13.4"}[version]
    entries = _skeleton()
    entries.update(debian_programs(is_full=is_full))
    entries["/etc/passwd"] = _ACCOUNTS
    entries["/etc/group"] = _GROUPS
    entries["/etc/shadow"] = text("root:*:20000:0:99999:7:::\n", mode=0o640)
    entries["/etc/debian_version"] = f"{point}\n"
    entries["/etc/os-release"] = link("../usr/lib/os-release")
    entries["/usr/lib/os-release"] = _release(
        "Debian GNU/Linux", "debian", f"{version} ({code})", code
    )
    entries["/etc/issue"] = f"Debian GNU/Linux {version} \\n \\l\n"
    entries["/etc/apt/sources.list.d/debian.sources"] = (
        f"Types: deb\nURIs: http://deb.debian.org/debian\nSuites: {code} {code}-updates\n"
        "Components: main\n"
    )
    entries["/root/.bashrc"] = _BASHRC
    entries["/root/.profile"] = "# ~/.profile: executed by Bourne-compatible login shells.\n"
    return layer(f"debian-{version}-{'full' if is_full else 'slim'}", entries)


@cache
def ubuntu(version: str = "24.04") -> Layer:
    """Ubuntu, with what its container image has."""
    name = _UBUNTU.get(version, "Noble Numbat")
    code = name.split()[0].lower()
    entries = _skeleton()
    entries.update(debian_programs(is_full=True))
    for absent in ("curl", "wget", "vi", "nano", "less", "openssl"):
        entries[f"/usr/bin/{absent}"] = None
    entries["/etc/passwd"] = _ACCOUNTS + "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash\n"
    entries["/etc/group"] = _GROUPS + "ubuntu:x:1000:\n"
    entries["/home/ubuntu"] = directory(mode=0o750, uid=1000, gid=1000)
    entries["/etc/os-release"] = _release(
        "Ubuntu", "ubuntu", f"{version} LTS ({name})", code, "debian"
    )
    entries["/etc/lsb-release"] = f"DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE={version}\n"
    entries["/root/.bashrc"] = _BASHRC
    return layer(f"ubuntu-{version}", entries)


def of_tag(tag: Tag, *, debian_version: str = "13", is_full: bool = False) -> Layer:
    """What a variant of an official image stands on: Debian (as named, or slim), or Alpine."""
    if tag.is_alpine:
        _, _, wanted = tag.variant.partition("alpine")
        return alpine(ALPINE.resolve(wanted.partition("-")[0]) or ALPINE.newest)
    for word in tag.variant.split("-"):
        debian_version = _NUMBERS.get(word, debian_version)
    return debian(debian_version, is_full=is_full and not tag.is_slim)


def account(base: Layer, name: str, uid: int, home: str, gid: int = -1) -> Entries:
    """The entries that add a user with a group of its own to those of `base`."""
    gid = uid if gid < 0 else gid
    users, groups = _read(base, "/etc/passwd"), _read(base, "/etc/group")
    return {
        "/etc/passwd": f"{users}{name}:x:{uid}:{gid}::{home}:/bin/false\n",
        "/etc/group": f"{groups}{name}:x:{gid}:\n",
    }


def _read(base: Layer, path: str) -> str:
    node = base.node(path)
    return node.contents().decode() if isinstance(node, File) else ""


@cache
def alpine(version: str = ALPINE.newest) -> Layer:
    """Alpine: BusyBox, musl and apk."""
    entries = _skeleton()
    entries.update(busybox_programs())
    entries["/sbin/apk"] = entries["/bin/busybox"]
    entries["/etc/passwd"] = _SMALL_ACCOUNTS
    entries["/etc/group"] = _GROUPS
    short = ".".join(version.split(".")[:2])
    entries["/etc/alpine-release"] = f"{version}\n"
    entries["/etc/os-release"] = (
        f'NAME="Alpine Linux"\nID=alpine\nVERSION_ID={version}\n'
        f'PRETTY_NAME="Alpine Linux v{short}"\nHOME_URL="https://alpinelinux.org/"\n'
    )
    entries["/etc/issue"] = f"Welcome to Alpine Linux {short}\n"
    return layer(f"alpine-{version}", entries)


@cache
def busybox() -> Layer:
    """BusyBox alone."""
    entries = _skeleton()
    entries.update(busybox_programs())
    entries["/etc/passwd"] = _SMALL_ACCOUNTS
    entries["/etc/group"] = _GROUPS
    return layer("busybox", entries)


@cache
def scratch() -> Layer:
    """Nothing but the folders every container has: no shell to enter."""
    entries: Entries = {
        "/etc/passwd": "root:x:0:0:root:/root:/sbin/nologin\n",
        "/tmp": directory(mode=0o1777),
    }
    return layer("scratch", entries)


def named(name: str) -> Layer | None:
    """The base layer of that name, None when it is none: how a snapshot finds its trees again."""
    system, _, rest = name.partition("-")
    if system == "debian":
        version, _, size = rest.partition("-")
        return debian(version, is_full=size == "full")
    if system == "ubuntu":
        return ubuntu(rest)
    if system == "alpine":
        return alpine(rest)
    if name == "busybox":
        return busybox()
    return scratch() if name == "scratch" else None
