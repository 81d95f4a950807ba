"""ConfigMaps and Secrets made from literals, files and lists of variables; names with a hash.

Models: sigs.k8s.io/kustomize/api/internal/generators, api/kv, api/hasher.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.names import is_config_map_key, is_environment_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.resource import CREATE, MERGE, REPLACE, Resource

#: Gives the content of a file of the kustomization. Raises KubectlError.
Load = Callable[[str], bytes]

_HASH_LETTERS = str.maketrans("013ae", "ghkmt")
_BOM = b"\xef\xbb\xbf"


def generate(kind: str, spec: dict[str, Any], common: dict[str, Any], load: Load) -> Resource:
    """What one entry of a generator makes. Raises KubectlError."""
    options = _options(spec.get("options") or {}, common)
    name = str(spec.get("name") or "")
    if not name:
        raise KubectlError("a configmap must have a name")
    values: dict[str, bytes] = {}
    for key, value in _pairs(spec, load):
        problems = is_config_map_key(key)
        if problems:
            raise KubectlError(f'"{key}" is not a valid key name: {";".join(problems)}')
        if key in values:
            raise KubectlError(f"configmap {name} illegally repeats the key `{key}`")
        values[key] = value
    metadata: Object = {"name": name}
    if spec.get("namespace"):
        metadata["namespace"] = spec["namespace"]
    for part in ("labels", "annotations"):
        if options.get(part):
            metadata[part] = dict(options[part])
    obj: Object = {"apiVersion": "v1", "kind": kind, "metadata": metadata}
    if kind == "Secret":
        obj["type"] = spec.get("type") or "Opaque"
    _fill(obj, kind, values)
    if options.get("immutable"):
        obj["immutable"] = True
    behavior = str(spec.get("behavior") or CREATE)
    return Resource(
        obj,
        behavior=behavior if behavior in (MERGE, REPLACE) else CREATE,
        needs_hash=not options.get("disableNameSuffixHash"),
    )


def _options(own: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in ("labels", "annotations"):
        merged[part] = {**(common.get(part) or {}), **(own.get(part) or {})}
    for part in ("disableNameSuffixHash", "immutable"):
        merged[part] = bool(own.get(part) or common.get(part))
    return merged


def _fill(obj: Object, kind: str, values: dict[str, bytes]) -> None:
    for key, value in sorted(values.items()):
        encoded = base64.b64encode(value).decode()
        if kind == "Secret":
            obj.setdefault("data", {})[key] = _folded(encoded)
            continue
        try:
            text, part = value.decode(), "data"
        except UnicodeDecodeError:
            text, part = _folded(encoded), "binaryData"
        obj.setdefault(part, {})[key] = text


def _folded(encoded: str) -> str:
    """Long base64 text is broken into lines of 70 signs."""
    if len(encoded) <= 70:
        return encoded
    return "".join(f"{encoded[start : start + 70]}\n" for start in range(0, len(encoded), 70))


def _pairs(spec: dict[str, Any], load: Load) -> list[tuple[str, bytes]]:
    envs = [*(spec.get("envs") or ()), *filter(None, [spec.get("env")])]
    found: list[tuple[str, bytes]] = []
    try:
        for path in envs:
            found.extend(_variables(load(path)))
    except KubectlError as error:
        raise _failed(f"env source files: [{' '.join(envs)}]", error) from None
    literals = [str(literal) for literal in spec.get("literals") or ()]
    try:
        found.extend(_literal(literal) for literal in literals)
    except KubectlError as error:
        raise _failed(f"literal sources [{' '.join(literals)}]", error) from None
    files = [str(path) for path in spec.get("files") or ()]
    try:
        for source in files:
            key, path = _file_source(source)
            found.append((key, load(path)))
    except KubectlError as error:
        raise _failed(f"file sources: [{' '.join(files)}]", error) from None
    return found


def _failed(what: str, error: KubectlError) -> KubectlError:
    return KubectlError(f"loading KV pairs: {what}: {error.message}")


def _variables(content: bytes) -> list[tuple[str, bytes]]:
    found = []
    for line in content.removeprefix(_BOM).split(b"\n"):
        line = line.removesuffix(b"\r").lstrip()
        if not line or line.startswith(b"#"):
            continue
        name, _, value = line.partition(b"=")
        key = name.decode("utf-8", "replace")
        problems = is_environment_name(key)
        if problems:
            raise KubectlError(f'"{key}" is not a valid key name: {";".join(problems)}')
        found.append((key, value))
    return found


def _literal(source: str) -> tuple[str, bytes]:
    name, equals, value = source.partition("=")
    if not name or not equals:
        raise KubectlError(f"invalid literal source {source}, expected key=value")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return name, value.encode()


def _file_source(source: str) -> tuple[str, str]:
    count = source.count("=")
    if count == 0:
        return source.rsplit("/", 1)[-1], source
    name, _, path = source.partition("=")
    if count > 1:
        raise KubectlError(f"source \"{source}\" key name or file path contains '='")
    if not name:
        raise KubectlError(f'missing key name for file path "{path}" in source "{source}"')
    if not path:
        raise KubectlError(f'missing file path for key name "{name}" in source "{source}"')
    return name, path


def add_hash(resource: Resource) -> None:
    """Put the hash of its content behind the name, when it wants one."""
    if resource.needs_hash:
        resource.remember()
        resource.metadata["name"] = f"{resource.name}-{_hash(resource.object)}"


def _hash(obj: Object) -> str:
    content: Object = {"kind": obj["kind"], "name": "", "data": obj.get("data", "")}
    more = "stringData" if obj["kind"] == "Secret" else "binaryData"
    if obj["kind"] == "Secret":
        content["type"] = obj.get("type", "")
    if isinstance(obj.get(more), dict):
        content[more] = obj[more]
    digest = hashlib.sha256(to_json(content, indent=None).encode()).hexdigest()
    return digest[:10].translate(_HASH_LETTERS)
