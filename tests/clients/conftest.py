"""A foreground cluster in a process of its own, and real kubectls pointed at it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.kubectl import Kubectl

ROOT = Path(__file__).resolve().parent.parent.parent
BINARIES = ROOT / ".build" / "bin"


@pytest.fixture(scope="module")
def kubeconfig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The kubeconfig of a cluster with three nodes that takes no time to start things."""
    path = tmp_path_factory.mktemp("cluster") / "kubeconfig"
    command = [sys.executable, "manage.py", "cluster", "--nodes", "3", "--port", "0"]
    command += ["--profile", "instant", "--kubeconfig", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ready "):
            break
    else:
        raise RuntimeError(f"manage.py cluster ended with {process.wait()}")
    yield path
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)


@pytest.fixture
def kubectl_of(kubeconfig: Path, tmp_path: Path) -> Callable[[str], Kubectl]:
    """Gives the kubectl of a version, such as "1.33"."""

    def give(version: str) -> Kubectl:
        return Kubectl(BINARIES / f"kubectl-{version}", kubeconfig, tmp_path)

    return give
