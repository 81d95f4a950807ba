"""Certificate signing requests: who asks, who may approve, and who may sign.

Writing down the requester and the times of conditions is the registry's part upstream.

Models: k8s.io/kubernetes/plugin/pkg/admission/certificates and
pkg/registry/certificates/certificates/strategy.go (v1.37.2).
"""

from __future__ import annotations

import base64
import binascii

from cryptography import x509
from cryptography.x509.oid import NameOID

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.authorization.attributes import Attributes
from cluster_engine.apiserver.authorization.authorizer import MASTERS
from cluster_engine.apiserver.write import CREATE, UPDATE, Write

_REQUESTS = "certificatesigningrequests.certificates.k8s.io"
_CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client"
_REQUESTER = ("username", "uid", "groups", "extra")


class CertificateRequester(Plugin):
    """Writes down who asks, and when conditions came to be."""

    NAME = "CertificateRequester"
    OPERATIONS = (CREATE, UPDATE)
    RESOURCES = (_REQUESTS,)
    SUBRESOURCES = ("", "approval", "status")

    def mutate(self, write: Write) -> None:
        if write.operation == CREATE:
            user = write.user
            spec = {k: v for k, v in write.object.get("spec", {}).items() if k not in _REQUESTER}
            extra = {name: list(values) for name, values in sorted(user.extra.items())}
            asker = (user.name, user.uid, list(user.groups), extra)
            spec.update((k, v) for k, v in zip(_REQUESTER, asker, strict=True) if v)
            write.object = {**write.object, "spec": spec}
        elif write.subresource:
            write.object = self._timed(write.object, write.old or {})

    def _timed(self, obj: Object, old: Object) -> Object:
        status = obj.get("status") or {}
        conditions = status.get("conditions")
        if not conditions:
            return obj
        now = rfc3339(self.core.clock.now_ms)
        held = {
            (item.get("type"), item.get("status")): item.get("lastTransitionTime")
            for item in (old.get("status") or {}).get("conditions") or ()
        }
        timed = [
            {
                **item,
                "lastUpdateTime": item.get("lastUpdateTime") or now,
                "lastTransitionTime": item.get("lastTransitionTime")
                or held.get((item.get("type"), item.get("status")))
                or now,
            }
            for item in conditions
        ]
        return {**obj, "status": {**status, "conditions": timed}}


class CertificateApproval(Plugin):
    """Approving needs the right to approve for that signer."""

    NAME = "CertificateApproval"
    OPERATIONS = (UPDATE,)
    RESOURCES = (_REQUESTS,)
    SUBRESOURCES = ("approval",)

    def validate(self, write: Write) -> None:
        signer = _signer(write.old)
        if not self._may(write, "approve", signer):
            raise refuse(
                write, f'user not permitted to approve requests with signerName "{signer}"'
            )

    def _may(self, write: Write, verb: str, signer: str) -> bool:
        """Whether the user may do that for the signer, or for all of the signer's domain."""
        domain = signer.partition("/")[0]
        return any(
            self.authorizer.authorize(
                Attributes(
                    write.user, verb, group="certificates.k8s.io", resource="signers", name=name
                )
            ).is_allowed
            for name in (signer, f"{domain}/*")
        )


class CertificateSigning(CertificateApproval):
    """Signing needs the right to sign for that signer."""

    NAME = "CertificateSigning"
    SUBRESOURCES = ("status",)

    def validate(self, write: Write) -> None:
        signer = _signer(write.old)
        old, new = (write.old or {}).get("status") or {}, write.object.get("status") or {}
        is_same = all(new.get(field) == old.get(field) for field in ("certificate", "conditions"))
        if not is_same and not self._may(write, "sign", signer):
            raise refuse(write, f'user not permitted to sign requests with signerName "{signer}"')


class CertificateSubjectRestriction(Plugin):
    """Nobody gets to be of system:masters by a certificate."""

    NAME = "CertificateSubjectRestriction"
    OPERATIONS = (CREATE,)
    RESOURCES = (_REQUESTS,)

    def validate(self, write: Write) -> None:
        if _signer(write.object) != _CLIENT_SIGNER:
            return
        if MASTERS in _organizations(write.object["spec"].get("request", "")):
            why = f"use of {_CLIENT_SIGNER} signer with {MASTERS} group is not allowed"
            raise refuse(write, why)


def _signer(obj: Object | None) -> str:
    return str(((obj or {}).get("spec") or {}).get("signerName", ""))


def _organizations(request: str) -> list[str]:
    """The groups that the requested certificate is for; none in what is no request."""
    try:
        parsed = x509.load_pem_x509_csr(base64.b64decode(request))
    except (ValueError, binascii.Error):
        return []
    return [
        str(item.value) for item in parsed.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    ]
