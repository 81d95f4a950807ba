"""The manifests that -f, -R and -k name: files, folders, standard input.

Models: k8s.io/cli-runtime/pkg/resource/visitor.go (v0.37.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.manifests import ManifestError, load_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomize import build
from cluster_engine.kubectl.session import Session

_EXTENSIONS = (".json", ".yaml", ".yml")
_SEPARATOR = re.compile(r"\n---[^\n]*(?:\n|$)")
_DEPTH_MAX = 20


@dataclass(frozen=True, slots=True)
class Document:
    """One object and the file it is from."""

    object: Object
    source: str


def read_documents(session: Session) -> list[Document]:
    """All objects, lists opened. Raises KubectlError for what cannot be read."""
    values = session.flags.values
    names: list[str] = values.get("filename") or []
    folder: str = values.get("kustomize") or ""
    if folder:
        if names:
            raise KubectlError("only one of -f or -k can be specified")
        return [Document(obj, folder) for obj in build(session, folder)]
    found: list[Document] = []
    used_stdin = False
    for name in names:
        if name == "-":
            if used_stdin:
                raise KubectlError("standard input cannot be used for multiple arguments")
            used_stdin = True
            found.extend(_parse(session.stdin().decode("utf-8", "replace"), "STDIN"))
        elif name.startswith(("http://", "https://")):
            raise KubectlError(
                f'unable to read URL "{name}": this console has no way to the internet; paste '
                "the manifest into a file"
            )
        else:
            for path in _files(session, name, bool(values.get("recursive"))):
                text = session.read_file(path).decode("utf-8", "replace")
                found.extend(_parse(text, path))
    return found


def parse_documents(text: str, source: str) -> list[Object]:
    """The objects in a text, lists opened. Raises KubectlError."""
    return [document.object for document in _parse(text, source)]


def _parse(text: str, source: str) -> list[Document]:
    found: list[Document] = []
    shown = source if source != "STDIN" else "STDIN"
    for chunk in _chunks(text):
        try:
            value, _ = load_value(chunk)
        except ManifestError as error:
            raise KubectlError(
                f"error parsing {shown}: error converting YAML to JSON: {error.upstream_text()}"
            ) from None
        if value is None:
            continue
        if not isinstance(value, dict):
            kind = "array" if isinstance(value, list) else "string"
            raise KubectlError(
                f'unable to decode "{shown}": json: cannot unmarshal {kind} into Go value of type '
                "unstructured.detector"
            )
        if not value.get("kind"):
            raise KubectlError(
                f"unable to decode \"{shown}\": Object 'Kind' is missing in "
                f"'{to_json(value, indent=None)}'"
            )
        found.extend(Document(obj, source) for obj in _opened(value))
    return found


def _chunks(text: str) -> list[str]:
    """Documents; a text that starts with a brace is JSON and stays whole."""
    if text.lstrip().startswith("{"):
        return [text]
    body = text[4:] if text.startswith("---\n") else text
    return _SEPARATOR.split(body)


def _opened(obj: Object) -> list[Object]:
    items = obj.get("items")
    if isinstance(items, list) and obj["kind"].endswith("List"):
        return [item for item in items if isinstance(item, dict)]
    return [obj]


def _files(session: Session, name: str, is_recursive: bool) -> list[str]:
    system = session.system
    if any(sign in name for sign in "*?[") and not system.exists(name):
        raise KubectlError(f'the path "{name}" does not exist')
    if not system.exists(name):
        raise KubectlError(f'the path "{name}" does not exist')
    if system.stat(name).kind != "directory":
        return [name]
    found = _folder(session, name.rstrip("/") or "/", is_recursive, 0)
    if not found:
        raise KubectlError(
            f"error reading [{name}]: recognized file extensions are [.json .yaml .yml]"
        )
    return found


def _folder(session: Session, folder: str, is_recursive: bool, depth: int) -> list[str]:
    found: list[str] = []
    for name in session.system.list_directory(folder):
        path = f"{folder}/{name}"
        if session.system.stat(path).kind == "directory":
            if is_recursive and depth < _DEPTH_MAX:
                found.extend(_folder(session, path, is_recursive, depth + 1))
        elif name.endswith(_EXTENSIONS):
            found.append(path)
    return found
