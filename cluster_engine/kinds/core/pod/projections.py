"""The sources of a projected volume.

Models: validateProjectionSources in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import annotation_names, label_selector, require, wrong
from cluster_engine.kinds.core.paths import not_reserved
from cluster_engine.kinds.core.pod.files import check_downward_file, check_key_to_path
from cluster_engine.kinds.core.signers import (
    bundle_name_messages,
    check_signer_name,
    is_kubernetes_signer,
    signer_of_bundle,
)
from cluster_engine.kinds.internal import LABEL_SELECTOR, internal, published

_KEY_TYPES = ("ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519", "RSA3072", "RSA4096")
_CONFLICT = "conflicting duplicate paths"
_TOKEN_SECONDS_MIN, _TOKEN_SECONDS_MAX = 600, 2**32
_CERTIFICATE_SECONDS_MIN = 3600
_CERTIFICATE_SECONDS_MAX, _KUBERNETES_SECONDS_MAX = 91 * 86400, 86400


def check_projections(problems: list[FieldError], path: str, sources: Sequence[Object]) -> None:
    """All sources of one volume; no two may write the same file."""
    paths: set[str] = set()
    for position, source in enumerate(sources):
        at = f"{path}.sources[{position}]"
        used = [name for name in _CHECKS if source.get(name) is not None]
        for name in used:
            _CHECKS[name](problems, path, f"{at}.{name}", source[name], paths)
        if len(used) > 1:
            text = "may not specify more than 1 volume type per source"
            problems.append(forbidden_field(at, text))


def _take(problems: list[FieldError], path: str, target: str, paths: set[str], shown: str) -> None:
    if target in paths:
        problems.append(invalid_value(path, shown, _CONFLICT))
    paths.add(target)


def _files(problems: list[FieldError], path: str, at: str, source: Object, paths: set[str]) -> None:
    require(problems, source, at, "name")
    for position, item in enumerate(source.get("items") or ()):
        check_key_to_path(problems, f"{at}.items[{position}]", item)
        if item.get("path"):
            _take(problems, path, item["path"], paths, source.get("name", ""))


def _downward(
    problems: list[FieldError], path: str, at: str, source: Object, paths: set[str]
) -> None:
    for item in source.get("items") or ():
        check_downward_file(problems, at, item)
        if item.get("path"):
            _take(problems, path, item["path"], paths, item["path"])


def _token(problems: list[FieldError], path: str, at: str, source: Object, paths: set[str]) -> None:
    del paths
    seconds = source.get("expirationSeconds")
    place = f"{at}.expirationSeconds"
    if seconds is None:
        problems.append(required(place))
    elif seconds < _TOKEN_SECONDS_MIN:
        text = "may not specify a duration less than 10 minutes"
        problems.append(invalid_value(place, seconds, text))
    elif seconds > _TOKEN_SECONDS_MAX:
        text = "may not specify a duration larger than 2^32 seconds"
        problems.append(invalid_value(place, seconds, text))
    target = source.get("path", "")
    if not target:
        problems.append(required(f"{path}.path"))
    else:
        not_reserved(problems, f"{path}.path", target)


def _bundle(
    problems: list[FieldError], path: str, at: str, source: Object, paths: set[str]
) -> None:
    name, signer = source.get("name"), source.get("signerName")
    selector = source.get("labelSelector")
    if name is not None and signer is not None:
        shown = internal("core", "ClusterTrustBundleProjection", source)
        text = "only one of name and signerName may be used"
        problems.append(invalid_value(at, shown, text))
    elif name is not None:
        if not name:
            problems.append(required(f"{at}.name", "must be a valid object name"))
        for message in bundle_name_messages(name, signer_of_bundle(name)):
            text = f"not a valid clustertrustbundlename: {message}"
            problems.append(invalid_value(f"{at}.name", name, text))
        if selector is not None:
            text = "labelSelector must be unset if name is specified"
            problems.append(
                invalid_value(f"{at}.labelSelector", published(LABEL_SELECTOR, selector), text)
            )
    elif signer is not None:
        if not signer:
            problems.append(required(f"{at}.signerName", "must be a valid signer name"))
        check_signer_name(problems, f"{at}.signerName", signer)
        label_selector(problems, f"{at}.labelSelector", selector)
    else:
        problems.append(required(at, "either name or signerName must be specified"))
    require(problems, source, at, "path")
    target = source.get("path", "")
    not_reserved(problems, f"{at}.path", target)
    _take(problems, path, target, paths, target)


def _certificate(
    problems: list[FieldError], path: str, at: str, source: Object, paths: set[str]
) -> None:
    signer, key_type = source.get("signerName", ""), source.get("keyType", "")
    check_signer_name(problems, f"{at}.signerName", signer)
    annotation_names(problems, f"{at}.userAnnotations", source.get("userAnnotations"))
    if key_type not in _KEY_TYPES:
        problems.append(not_supported(f"{at}.keyType", key_type, _KEY_TYPES))
    seconds = source.get("maxExpirationSeconds")
    if seconds is not None:
        limit = (
            _KUBERNETES_SECONDS_MAX if is_kubernetes_signer(signer) else _CERTIFICATE_SECONDS_MAX
        )
        prefix = "if provided, maxExpirationSeconds must be"
        messages = [f"{prefix} >= {_CERTIFICATE_SECONDS_MIN}"] * (
            seconds < _CERTIFICATE_SECONDS_MIN
        )
        messages += [f"{prefix} <= {limit}"] * (seconds > limit)
        wrong(problems, f"{at}.maxExpirationSeconds", seconds, messages)
    names = ("credentialBundlePath", "keyPath", "certificateChainPath")
    for name in names:
        if source.get(name):
            not_reserved(problems, f"{at}.{name}", source[name])
            _take(problems, path, source[name], paths, source[name])
    if not any(source.get(name) for name in names):
        text = "specify at least one of credentialBundlePath, keyPath, and certificateChainPath"
        problems.append(required(at, text))


_CHECKS = {
    "secret": _files,
    "configMap": _files,
    "downwardAPI": _downward,
    "serviceAccountToken": _token,
    "clusterTrustBundle": _bundle,
    "podCertificate": _certificate,
}
