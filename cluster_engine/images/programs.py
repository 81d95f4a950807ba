"""Which executables a distribution brings, by folder; each runs the shell command of its name.

What the shell room does not have is left out, so that calling it says "not found".
"""

from __future__ import annotations

from cluster_engine.runtime.filesystem.layer import link, program
from cluster_engine.runtime.filesystem.nodes import Node
from cluster_engine.shell.programs import PROGRAMS

#: Essential commands of Debian and Ubuntu.
DEBIAN_BIN = (
    "bash cat chgrp chmod chown cp cut date dd df dir du echo egrep env expr false fgrep find "
    "grep gunzip gzip head hostname id kill ln ls mkdir mkfifo mknod mktemp more mount mv "
    "nice nohup nl od paste printenv printf pwd readlink realpath rm rmdir sed seq sh "
    "sha256sum md5sum sha1sum sleep sort split stat stty sync tac tail tar tee test timeout "
    "touch tr true tty umount uname uniq wc which whoami xargs yes zcat awk basename dirname "
    "comm fold join expand getent groups nproc factor tsort base64 base32 cksum diff cmp apt "
    "apt-get apt-cache dpkg arch su clear reset tput login passwd getconf rev"
).split()
#: What full images (not the slim ones) add.
DEBIAN_EXTRA = ("ps top free uptime pgrep pkill watch less vi nano curl wget perl openssl").split()

#: Applets of BusyBox, as in alpine and busybox.
BUSYBOX_BIN = (
    "ash base64 basename bunzip2 cat chgrp chmod chown clear cmp comm cp cut date dd df diff "
    "dirname dmesg du echo ed egrep env expand expr factor false fgrep find fold free getent "
    "grep groups gunzip gzip head hexdump hostname id ifconfig install ip join kill killall "
    "less link ln logger login ls md5sum mkdir mkfifo mknod mktemp more mount mv nc netstat "
    "nice nl nohup nproc nslookup od passwd paste pgrep ping pkill printenv printf ps pwd "
    "readlink realpath renice reset rev rm rmdir route sed seq sh sha1sum sha256sum sha512sum "
    "sleep sort split stat strings stty su sync tac tail tar tee telnet test time timeout top "
    "touch tr traceroute tree true truncate tty umount uname unexpand uniq unzip uptime vi "
    "watch wc wget which whoami xargs xxd yes zcat awk"
).split()


_BUSYBOX_BYTES = 808_712


def debian_programs(*, is_full: bool) -> dict[str, Node]:
    """Executables of a Debian-like image under /usr/bin (and /bin, which is a link to it)."""
    names = [*DEBIAN_BIN, *(DEBIAN_EXTRA if is_full else ())]
    entries: dict[str, Node] = {
        f"/usr/bin/{name}": program(name) for name in names if name in PROGRAMS
    }
    entries["/usr/bin/bash"] = program("bash", size_bytes=1_265_648)
    entries["/usr/bin/rbash"] = link("bash")
    entries["/usr/bin/sh"] = link("dash")
    entries["/usr/bin/dash"] = program("dash", size_bytes=125_640)
    entries["/usr/bin/["] = program("[", size_bytes=68_496)
    entries["/bin"] = link("usr/bin")
    entries["/sbin"] = link("usr/sbin")
    entries["/lib"] = link("usr/lib")
    entries["/lib64"] = link("usr/lib64")
    return entries


def busybox_programs() -> dict[str, Node]:
    """Applets under /bin, all one executable that goes by the name it is called."""
    names = [name for name in BUSYBOX_BIN if name in PROGRAMS]
    return {
        f"/bin/{name}": program("busybox", size_bytes=_BUSYBOX_BYTES)
        for name in (*names, "busybox", "sh", "ash", "[")
    }
