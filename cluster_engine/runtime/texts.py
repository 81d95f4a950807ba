"""The container runtime's texts for what cannot be started.

Models: runc 1.3 and containerd 2.1 (their errors as the kubelet shows them).
"""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno


def exec_problem(command: str, error: Errno) -> str:
    """runc's reason: `exec: "foo": executable file not found in $PATH`."""
    if error.name == "ENOENT":
        if "/" in command:
            return f'exec: "{command}": stat {command}: no such file or directory'
        return f'exec: "{command}": executable file not found in $PATH'
    if error.name == "EACCES":
        return f'exec: "{command}": permission denied'
    if error.name == "ENOEXEC":
        return f"exec {command}: exec format error"
    return f'exec: "{command}": {error.text.lower()}'


def start_failure(command: str, error: Errno) -> str:
    """Why a container's first process could not be started."""
    return (
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
        "runc create failed: unable to start container process: error during container init: "
        f"{exec_problem(command, error)}"
    )


def exec_failure(exec_id: str, command: str, error: Errno) -> str:
    """Why a command could not be run in a container."""
    return (
        f'failed to exec in container: failed to start exec "{exec_id}": OCI runtime exec failed: '
        f"exec failed: unable to start container process: {exec_problem(command, error)}"
    )
