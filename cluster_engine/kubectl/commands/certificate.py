"""`kubectl certificate`: approve or deny requests for certificates.

Models: k8s.io/kubectl/pkg/cmd/certificates (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.kubectl.command import PRINTING, Command, files
from cluster_engine.kubectl.errors import KubectlError, raise_all
from cluster_engine.kubectl.flags import switch
from cluster_engine.kubectl.results import report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, gather

_API = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
_OPPOSITES = {"Approved": "Denied", "Denied": "Approved"}


def run_approve(session: Session) -> int:
    return _decide(
        session,
        "Approved",
        "KubectlApprove",
        "This CSR was approved by kubectl certificate approve.",
        "approved",
    )


def run_deny(session: Session) -> int:
    return _decide(
        session,
        "Denied",
        "KubectlDeny",
        "This CSR was denied by kubectl certificate deny.",
        "denied",
    )


def _decide(session: Session, type_: str, reason: str, message: str, done: str) -> int:
    flags = session.flags
    words = session.arguments
    if not words and not flags.words("filename") and not flags.text("kustomize"):
        raise KubectlError("one or more CSRs must be specified as <name> or -f <filename>")
    targets, errors = gather(session, ["csr", *words] if words else [])
    for target in targets:
        try:
            report(session, _decided(session, target, type_, reason, message), done)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _decided(session: Session, target: Target, type_: str, reason: str, message: str) -> Object:
    """The request with the decision, if it did not have it. Raises KubectlError."""
    if target.resource.kind != "CertificateSigningRequest":
        raise KubectlError(
            f"can only handle certificates.k8s.io/v1 certificate signing requests, got "
            f"{target.resource.kind}"
        )
    status = target.object.get("status") or {}
    conditions = status.get("conditions") or []
    types = {condition["type"] for condition in conditions}
    if type_ in types and not session.flags.is_on("force"):
        return target.object
    if _OPPOSITES[type_] in types:
        raise KubectlError(
            f'certificate signing request "{target.name}" is already {_OPPOSITES[type_]}'
        )
    now = rfc3339(session.now_ms)
    condition = {
        "type": type_,
        "status": "True",
        "reason": reason,
        "message": message,
        "lastUpdateTime": now,
    }
    kept = [each for each in conditions if each["type"] != type_]
    changed = {**target.object, "status": {**status, "conditions": [*kept, condition]}}
    return session.client.call("PUT", f"{_API}/{target.name}/approval", None, changed)


_FLAGS = (
    *files("identifying the resource to update"),
    *PRINTING,
    switch("force", "", "Update the CSR even if it is already approved or denied."),
)

APPROVE = Command(
    name="approve",
    short="Approve a certificate signing request",
    usage="(-f FILENAME | NAME)",
    long="""Approve a certificate signing request.

 kubectl certificate approve allows a cluster admin to approve a certificate signing request \
(CSR). This action tells a certificate signing controller to issue a certificate to the requester \
with the attributes requested in the CSR.

 SECURITY NOTICE: Depending on the requested attributes, the issued certificate can potentially \
grant a requester access to cluster resources or to authenticate as a requested identity. Before \
approving a CSR, ensure you understand what the signed certificate can do.""",
    examples="""# Approve CSR 'csr-sqgzp'
kubectl certificate approve csr-sqgzp""",
    flags=(*_FLAGS,),
    run=run_approve,
)
DENY = Command(
    name="deny",
    short="Deny a certificate signing request",
    usage="(-f FILENAME | NAME)",
    long="""Deny a certificate signing request.

 kubectl certificate deny allows a cluster admin to deny a certificate signing request (CSR). \
This action tells a certificate signing controller to not to issue a certificate to the \
requester.""",
    examples="""# Deny CSR 'csr-sqgzp'
kubectl certificate deny csr-sqgzp""",
    flags=(*_FLAGS,),
    run=run_deny,
)
COMMAND = Command(
    name="certificate",
    short="Modify certificate resources",
    usage="SUBCOMMAND",
    long="""Modify certificate resources.""",
    flags=(),
    children=(APPROVE, DENY),
)
