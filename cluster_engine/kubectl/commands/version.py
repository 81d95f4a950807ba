"""`kubectl version`.

Models: k8s.io/kubectl/pkg/cmd/version (v0.37.2).
"""

from __future__ import annotations

import json

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.session import Session

_CLIENT: Object = {
    "major": "1",
    "minor": "37",
    "gitVersion": "v1.37.2",
    "gitTreeState": "clean",
    "compiler": "gc",
    "platform": "linux/amd64",
}
_SERVER_FIELDS = (
    "major",
    "minor",
    "emulationMajor",
    "emulationMinor",
    "minCompatibilityMajor",
    "minCompatibilityMinor",
    "gitVersion",
    "gitCommit",
    "gitTreeState",
    "buildDate",
    "goVersion",
    "compiler",
    "platform",
)
_KUSTOMIZE = "v5.8.1"


def run(session: Session) -> int:
    flags = session.flags
    if session.arguments:
        raise KubectlError(f"extra arguments: [{' '.join(session.arguments)}]")
    output = flags.text("output")
    if output not in ("", "yaml", "json"):
        raise KubectlError("--output must be 'yaml' or 'json'")
    versions: Object = {"clientVersion": _CLIENT, "kustomizeVersion": _KUSTOMIZE}
    failure: KubectlError | None = None
    if not flags.is_on("client"):
        try:
            versions["serverVersion"] = session.client.call("GET", "/version")
        except KubectlError as error:
            failure = error
    if output == "json":
        session.out(json.dumps(_in_order(versions), indent=2))
    elif output == "yaml":
        session.out(to_yaml(versions))
    else:
        session.out(f"Client Version: {_CLIENT['gitVersion']}")
        session.out(f"Kustomize Version: {_KUSTOMIZE}")
        if "serverVersion" in versions:
            session.out(f"Server Version: {versions['serverVersion'].get('gitVersion', '')}")
    if failure is not None:
        raise failure
    return 0


def _in_order(versions: Object) -> Object:
    """The server's version with its fields in the order of Go's struct."""
    server = versions.get("serverVersion")
    if server is None:
        return versions
    known = {name: server[name] for name in _SERVER_FIELDS if name in server}
    return {**versions, "serverVersion": {**known, **server}}


COMMAND = Command(
    name="version",
    short="Print the client and server version information",
    usage="",
    long="""Print the client and server version information for the current context.""",
    examples="""# Print the client and server versions for the current context
kubectl version""",
    flags=(
        switch("client", "", "If true, shows client version only (no server required)."),
        Flag("output", "o", STRING, "", "One of 'yaml' or 'json'."),
    ),
    run=run,
)
