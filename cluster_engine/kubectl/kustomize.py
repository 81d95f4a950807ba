"""Kustomizations: a folder's kustomization.yaml to the objects it describes.

Resources, generators, names, labels, images, replicas and patches; no remote bases, components of
other tools or plugins.

Models: sigs.k8s.io/kustomize/api as kubectl v1.37 embeds it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Protocol

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.manifests import ManifestError, load_manifests, load_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomize_transform import transform
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_DEPTH_MAX = 10
_HASH_LETTERS = str.maketrans("013ae", "ghkmt")


class HasSystem(Protocol):
    @property
    def system(self) -> System: ...


def build(session: HasSystem, folder: str) -> list[Object]:
    """The objects of a kustomization folder. Raises KubectlError."""
    return _build(session.system, folder.rstrip("/") or "/", 0)


def _build(system: System, folder: str, depth: int) -> list[Object]:
    if depth > _DEPTH_MAX:
        raise KubectlError(f"kustomizations nested more than {_DEPTH_MAX} deep at '{folder}'")
    plan = _plan(system, folder)
    objects: list[Object] = []
    for entry in [*(plan.get("resources") or ()), *(plan.get("bases") or ())]:
        objects.extend(_resource(system, folder, str(entry), depth))
    options = plan.get("generatorOptions") or {}
    renamed: dict[tuple[str, str], str] = {}
    for kind, field in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
        for spec in plan.get(field) or ():
            made, original = _generated(system, folder, kind, spec, options)
            renamed[kind, original] = made["metadata"]["name"]
            objects.append(made)

    def read(path: str) -> str:
        return _text(system, f"{folder}/{path}")

    return transform(objects, plan, renamed, read)


def _plan(system: System, folder: str) -> dict[str, Any]:
    for name in _NAMES:
        path = f"{folder}/{name}"
        if system.exists(path):
            try:
                value, _ = load_value(_text(system, path))
            except ManifestError as error:
                raise KubectlError(f"invalid Kustomization: {error.upstream_text()}") from None
            return value if isinstance(value, dict) else {}
    raise KubectlError(
        "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in "
        f"directory '{system.realpath(folder) if system.exists(folder) else folder}'"
    )


def _resource(system: System, folder: str, entry: str, depth: int) -> list[Object]:
    if "://" in entry or entry.startswith("github.com/"):
        raise KubectlError(
            f"accumulating resources: accumulation err='accumulating resources from '{entry}': "
            "this console has no way to the internet'"
        )
    path = entry if entry.startswith("/") else f"{folder}/{entry}"
    if not system.exists(path):
        raise KubectlError(
            f"accumulating resources: accumulation err='accumulating resources from '{entry}': "
            f"open {path}: no such file or directory'"
        )
    if system.stat(path).kind == "directory":
        return _build(system, path.rstrip("/"), depth + 1)
    try:
        return [manifest.object for manifest in load_manifests(_text(system, path))]
    except ManifestError as error:
        raise KubectlError(
            f"accumulating resources from '{entry}': {error.upstream_text()}"
        ) from None


def _text(system: System, path: str) -> str:
    try:
        return system.read_file(path).decode("utf-8", "replace")
    except Errno as error:
        raise KubectlError(f"open {path}: {error.text.lower()}") from None


def _generated(
    system: System, folder: str, kind: str, spec: dict[str, Any], options: dict[str, Any]
) -> tuple[Object, str]:
    """The generated object and the name that others call it by."""
    options = {**options, **(spec.get("options") or {})}
    values: dict[str, str] = {}
    for literal in spec.get("literals") or ():
        name, _, text = str(literal).partition("=")
        values[name] = text.strip("'\"") if text[:1] in "'\"" else text
    for entry in spec.get("files") or ():
        name, equals, path = str(entry).partition("=")
        path = path if equals else name
        values[name if equals else path.rsplit("/", 1)[-1]] = _text(system, f"{folder}/{path}")
    for path in [*(spec.get("envs") or ()), *filter(None, [spec.get("env")])]:
        for line in _text(system, f"{folder}/{path}").splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                name, _, text = line.partition("=")
                values[name.strip()] = text
    metadata: dict[str, Any] = {"name": spec.get("name", "")}
    for field in ("labels", "annotations"):
        if options.get(field):
            metadata[field] = options[field]
    if spec.get("namespace"):
        metadata["namespace"] = spec["namespace"]
    made: Object = {"apiVersion": "v1", "kind": kind, "metadata": metadata}
    if kind == "Secret":
        values = {k: base64.b64encode(v.encode()).decode() for k, v in values.items()}
        made["type"] = spec.get("type") or "Opaque"
    if values:
        made["data"] = values
    if options.get("immutable"):
        made["immutable"] = True
    original = metadata["name"]
    if not options.get("disableNameSuffixHash"):
        metadata["name"] = f"{original}-{_hash(made)}"
    return made, original


def _hash(obj: Object) -> str:
    """The suffix that changes with the content."""
    content = {"kind": obj["kind"], "name": obj["metadata"]["name"], "data": obj.get("data", "")}
    if obj["kind"] == "Secret":
        content["type"] = obj["type"]
    digest = hashlib.sha256(to_json(content, indent=None).encode()).hexdigest()
    return digest[:10].translate(_HASH_LETTERS)
