"""`kubectl plugin`: programs named kubectl-… on this machine.

Models: k8s.io/kubectl/pkg/cmd/plugin (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import switch
from cluster_engine.kubectl.session import Session
from cluster_engine.runtime.errors import Errno


def run_list(session: Session) -> int:
    system = session.system
    found: list[str] = []
    for folder in system.environment.get("PATH", "").split(":"):
        try:
            names = system.list_directory(folder) if folder else []
        except Errno:
            continue
        found.extend(f"{folder}/{name}" for name in names if name.startswith("kubectl-"))
    if not found:
        raise KubectlError("unable to find any kubectl plugins in your PATH")
    session.out("The following compatible plugins are available:\n")
    for path in found:
        session.out(path.rpartition("/")[2] if session.flags.is_on("name-only") else path)
    return 0


LIST = Command(
    name="list",
    short="List all visible plugin executables on a user's PATH",
    usage="",
    long="""List all available plugin files on a user's PATH. To see plugins binary names without \
the full path use --name-only flag.

 Available plugin files are those that are: - executable - anywhere on the user's PATH - begin \
with "kubectl-".""",
    examples="""# List all available plugins
kubectl plugin list

# List only binary names of available plugins without paths
kubectl plugin list --name-only""",
    flags=(
        switch(
            "name-only",
            "",
            "If true, display only the binary name of each plugin, rather than its full path",
        ),
    ),
    run=run_list,
)
COMMAND = Command(
    name="plugin",
    short="Provides utilities for interacting with plugins",
    usage="[flags]",
    long="""Provides utilities for interacting with plugins.

 Plugins provide extended functionality that is not part of the major command-line distribution. \
Please refer to the documentation and examples for more information about how write your own \
plugins.

 The easiest way to discover and install plugins is via the kubernetes sub-project krew: \
[krew.sigs.k8s.io]. To install krew, visit \
https://krew.sigs.k8s.io/docs/user-guide/setup/install""",
    examples="""# List all available plugins
kubectl plugin list

# List only binary names of available plugins without paths
kubectl plugin list --name-only""",
    flags=(),
    children=(LIST,),
)
