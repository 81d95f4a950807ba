"""Names of certificate signers and of the trust bundles they publish.

Models: ValidateSignerName, ValidateClusterTrustBundleName in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required, too_long
from cluster_engine.apimachinery.names import is_dns1123_label, is_dns1123_subdomain

_DOMAIN_LENGTH_MAX = 253
_NAME_LENGTH_MAX = 253 + (253 + 63 + 1) + 1


def check_signer_name(problems: list[FieldError], path: str, name: str) -> None:
    """ "example.com/signer-name"."""
    if not name:
        problems.append(required(path))
        return
    segments = name.split("/")
    if len(segments) != 2:
        text = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
        problems.append(invalid_value(path, name, text))
        return
    domain, rest = segments
    if len(domain) > _DOMAIN_LENGTH_MAX:
        problems.append(too_long(path, _DOMAIN_LENGTH_MAX))
    labels = domain.split(".")
    for label in labels:
        messages = is_dns1123_label(label)
        if messages:
            for message in messages:
                text = f'validating label "{label}": {message}'
                problems.append(invalid_value(path, domain, text))
            break
    if len(labels) < 2:
        text = "should be a domain with at least two segments separated by dots"
        problems.append(invalid_value(path, domain, text))
    for label in rest.split("."):
        messages = is_dns1123_subdomain(label)
        if messages:
            for message in messages:
                text = f'validating label "{label}": {message}'
                problems.append(invalid_value(path, rest, text))
            break
    if len(name) > _NAME_LENGTH_MAX:
        problems.append(too_long(path, _NAME_LENGTH_MAX))


def is_kubernetes_signer(name: str) -> bool:
    """Whether the signer is one of Kubernetes' own."""
    host = name.partition("/")[0]
    return host == "kubernetes.io" or host.endswith(".kubernetes.io")


def bundle_name_messages(name: str, signer: str) -> list[str]:
    """Why a trust bundle of that signer (empty: of none) cannot have that name."""
    if not signer:
        if ":" in name:
            return ['ClusterTrustBundle without signer name must not have ":" in its name']
        return is_dns1123_subdomain(name)
    prefix = f"{signer.replace('/', ':')}:"
    if not name.startswith(prefix):
        return [f"ClusterTrustBundle for signerName {signer} must be named with prefix {prefix}"]
    return is_dns1123_subdomain(name.removeprefix(prefix))


def signer_of_bundle(name: str) -> str:
    """The signer that a bundle's name speaks of; empty: none."""
    return name.rpartition(":")[0].replace(":", "/")
