"""`kubectl api-versions`: the group versions of the server.

Models: k8s.io/kubectl/pkg/cmd/apiresources/apiversions.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import UsageError
from cluster_engine.kubectl.session import Session


def run(session: Session) -> int:
    if session.arguments:
        raise UsageError(f"unexpected arguments: [{' '.join(session.arguments)}]", session.command)
    for version in sorted({resource.api_version for resource in session.resources.all}):
        session.out(version)
    return 0


COMMAND = Command(
    name="api-versions",
    short='Print the supported API versions on the server, in the form of "group/version"',
    usage="",
    long="""Print the supported API versions on the server, in the form of "group/version".""",
    examples="""# Print the supported API versions
kubectl api-versions""",
    flags=(),
    run=run,
)
