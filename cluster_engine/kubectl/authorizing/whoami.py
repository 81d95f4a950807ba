"""`kubectl auth whoami`: who the server takes one for.

Models: k8s.io/kubectl/pkg/cmd/auth/whoami.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import PRINTING, Command
from cluster_engine.kubectl.describe.words import bracketed
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.printers.chosen import chosen_printer
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.session import Session

_PATH = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
_DISABLED = "the selfsubjectreviews API is not enabled in the cluster"


def run(session: Session) -> int:
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    try:
        answer = session.client.call("POST", _PATH, None, review)
    except StatusError as error:
        if error.is_not_found:
            raise KubectlError(_DISABLED) from None
        if error.reason == "Forbidden":
            raise KubectlError(f"{_DISABLED} or you do not have permission to call it") from None
        raise
    printer = chosen_printer(session)
    if printer is not None:
        session.write(printer.print(answer))
        return 0
    user = (answer.get("status") or {}).get("userInfo") or {}
    tabs = TabWriter()
    tabs.line("ATTRIBUTE", "VALUE")
    for title, field in (("Username", "username"), ("UID", "uid")):
        if user.get(field):
            tabs.line(title, user[field])
    if user.get("groups"):
        tabs.line("Groups", bracketed(user["groups"]))
    for key, values in sorted((user.get("extra") or {}).items()):
        tabs.line(f"Extra: {key}", bracketed(values))
    session.write(tabs.flush())
    return 0


WHOAMI = Command(
    name="whoami",
    short="Experimental: Check self subject attributes",
    usage="",
    long="""Experimental: Check who you are and your attributes (groups, extra).

        This command is helpful to get yourself aware of the current user attributes,
        especially when dynamic authentication, e.g., token webhook, auth proxy, or OIDC provider,
        is enabled in the Kubernetes cluster.""",
    examples="""# Get your subject attributes
kubectl auth whoami

# Get your subject attributes in JSON format
kubectl auth whoami -o json""",
    flags=PRINTING,
    run=run,
)
