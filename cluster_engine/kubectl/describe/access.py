"""Roles, their bindings, and requests for certificates.

Models: k8s.io/kubectl/pkg/describe/describe.go and pkg/util/rbac (v0.37.2).
"""

from __future__ import annotations

import base64

from cryptography import x509
from cryptography.x509.oid import NameOID

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import human_duration
from cluster_engine.kubectl.describe.page import Page
from cluster_engine.kubectl.describe.rules import compact_rules
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers.tables import label_text

_SUBJECT = (
    ("Organization", NameOID.ORGANIZATION_NAME),
    ("Organizational Unit", NameOID.ORGANIZATIONAL_UNIT_NAME),
    ("Country", NameOID.COUNTRY_NAME),
    ("Locality", NameOID.LOCALITY_NAME),
    ("Province", NameOID.STATE_OR_PROVINCE_NAME),
    ("StreetAddress", NameOID.STREET_ADDRESS),
    ("PostalCode", NameOID.POSTAL_CODE),
)


def describe_role(page: Page, role: Object, source: Source) -> None:
    page.head(role, has_namespace=False)
    page.line("PolicyRule:")
    page.heading("Resources", "Non-Resource URLs", "Resource Names", "Verbs")
    for rule in compact_rules(role.get("rules") or []):
        page.row(*rule.cells(), level=1)


def describe_binding(page: Page, binding: Object, source: Source) -> None:
    page.head(binding, has_namespace=False)
    role = binding.get("roleRef") or {}
    page.line("Role:")
    page.field("Kind", role.get("kind", ""), 1)
    page.field("Name", role.get("name", ""), 1)
    page.line("Subjects:")
    page.heading("Kind", "Name", "Namespace")
    for subject in binding.get("subjects") or ():
        cells = (subject.get(name, "") for name in ("kind", "name", "namespace"))
        page.row(*cells, level=1)


def describe_signing_request(page: Page, request: Object, source: Source) -> None:
    metadata, spec = request["metadata"], request.get("spec") or {}
    parsed = _parsed(spec.get("request", ""))
    page.field("Name", metadata["name"])
    page.field("Labels", label_text(metadata.get("labels")))
    page.field("Annotations", label_text(metadata.get("annotations")))
    page.created(request)
    page.field("Requesting User", spec.get("username", ""))
    page.optional("Signer", spec.get("signerName"))
    if spec.get("expirationSeconds") is not None:
        page.field("Requested Duration", human_duration(spec["expirationSeconds"]))
    page.field("Status", _state(request.get("status") or {}))
    page.line("Subject:")
    page.row("", "Common Name:", _first(parsed, NameOID.COMMON_NAME))
    page.row("", "Serial Number:", _first(parsed, NameOID.SERIAL_NUMBER))
    for title, oid in _SUBJECT:
        _write_list(page, title, [str(a.value) for a in parsed.subject.get_attributes_for_oid(oid)])
    _write_alternatives(page, parsed)
    source.events(page, request)


def _parsed(encoded: str) -> x509.CertificateSigningRequest:
    try:
        return x509.load_pem_x509_csr(base64.b64decode(encoded))
    except ValueError as error:
        raise KubectlError(f"Error parsing CSR: {error}") from None


def _first(parsed: x509.CertificateSigningRequest, oid: x509.ObjectIdentifier) -> str:
    return next((str(each.value) for each in parsed.subject.get_attributes_for_oid(oid)), "")


def _write_list(page: Page, title: str, values: list[str]) -> None:
    for place, text in enumerate(values):
        page.row("", "" if place else f"{title}:", text)


def _write_alternatives(page: Page, parsed: x509.CertificateSigningRequest) -> None:
    try:
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    page.line("Subject Alternative Names:")
    _write_list(page, "DNS Names", names.get_values_for_type(x509.DNSName))
    _write_list(page, "Email Addresses", names.get_values_for_type(x509.RFC822Name))
    _write_list(page, "URIs", names.get_values_for_type(x509.UniformResourceIdentifier))
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    _write_list(page, "IP Addresses", addresses)


def _state(status: Object) -> str:
    types = {condition["type"] for condition in status.get("conditions") or ()}
    words = ["Denied" if "Denied" in types else "Approved" if "Approved" in types else "Pending"]
    if "Failed" in types:
        words.append("Failed")
    if status.get("certificate"):
        words.append("Issued")
    return ",".join(words)
