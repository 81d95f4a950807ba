"""Drives a real kubectl, plainly and on a terminal, with a home folder of its own."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

SECONDS_MAX = 60


class Kubectl:
    """One kubectl binary pointed at one cluster."""

    def __init__(self, binary: Path, kubeconfig: Path, home: Path) -> None:
        self._binary = binary
        self._home = home
        self._environment = {
            "HOME": str(home),
            "KUBECONFIG": str(kubeconfig),
            "PATH": os.environ["PATH"],
            "TERM": "xterm",
        }

    def __call__(self, *arguments: str, stdin: str = "", code: int = 0) -> str:
        """Run to the end; stdout (and stderr after it). Fails when the exit code is another."""
        done = subprocess.run(
            [self._binary, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            env=self._environment,
            cwd=self._home,
            timeout=SECONDS_MAX,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, f"kubectl {arguments}: {done.returncode}\n{said}"
        return said

    def write(self, name: str, text: str) -> str:
        """Put a manifest into the home folder; gives its name back."""
        (self._home / name).write_text(text)
        return name

    def type(self, arguments: list[str], lines: list[tuple[str, str]]) -> tuple[int, str]:
        """Run on a terminal: wait for each prompt, then type its line. Exit code and screen."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self._home)
            os.execve(self._binary, [str(self._binary), *arguments], self._environment)
        screen, seen = "", 0
        end = time.monotonic() + SECONDS_MAX
        waiting = list(lines)
        while time.monotonic() < end:
            if waiting and waiting[0][0] in screen[seen:]:
                seen = len(screen)
                os.write(terminal, waiting.pop(0)[1].encode())
            if not select.select([terminal], [], [], 0.1)[0]:
                continue
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            screen += piece.decode(errors="replace")
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
        assert not waiting, f"never saw {waiting[0][0]!r} in:\n{screen}"
        return os.waitstatus_to_exitcode(status), screen
