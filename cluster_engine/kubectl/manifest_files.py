"""The manifests that -f, -R and -k name: files, folders, standard input.

Models: k8s.io/cli-runtime/pkg/resource/visitor.go (v0.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.manifests import ManifestError, load_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.building import build
from cluster_engine.kubectl.kustomizing.ordering import FIFO
from cluster_engine.kubectl.session import Session

_EXTENSIONS = (".json", ".yaml", ".yml")
_SEPARATOR = re.compile(r"\n---[^\n]*(?:\n|$)")
_DEPTH_MAX = 20
_MATCHES_MAX = 1000


@dataclass(frozen=True, slots=True)
class Document:
    """One object and the file it is from."""

    object: Object
    source: str


def read_documents(session: Session) -> tuple[list[Document], list[KubectlError]]:
    """All objects, lists opened, and what does not parse; the documents before a broken one in
    the same file count. Raises KubectlError for files that are not there."""
    values = session.flags.values
    names: list[str] = values.get("filename") or []
    folder: str = values.get("kustomize") or ""
    if folder:
        if names:
            raise KubectlError("only one of -f or -k can be specified")
        return [Document(obj, folder) for obj in build(session, folder, FIFO)], []
    found: list[Document] = []
    errors: list[KubectlError] = []

    def take(text: str, source: str) -> None:
        try:
            for document in _parse(text, source, is_checked=_is_checked(session)):
                found.append(document)
        except KubectlError as error:
            errors.append(error)

    used_stdin = False
    for name in names:
        if name == "-":
            if used_stdin:
                raise KubectlError("standard input cannot be used for multiple arguments")
            used_stdin = True
            take(session.stdin().decode("utf-8", "replace"), "STDIN")
        elif name.startswith(("http://", "https://")):
            raise KubectlError(
                f'unable to read URL "{name}": this console has no way to the internet; paste '
                "the manifest into a file"
            )
        else:
            for path in _files(session, name, bool(values.get("recursive"))):
                take(session.read_file(path).decode("utf-8", "replace"), path)
    return found, errors


def parse_documents(text: str, source: str) -> list[Object]:
    """The objects in a text, lists opened. Raises KubectlError."""
    return [document.object for document in _parse(text, source)]


def _is_checked(session: Session) -> bool:
    validation = session.flags.values.get("validate")
    return validation is not None and str(validation).lower() not in ("false", "ignore")


def _parse(text: str, source: str, *, is_checked: bool = False) -> Iterator[Document]:
    for chunk in _chunks(text):
        try:
            value, _ = load_value(chunk)
        except ManifestError as error:
            raise KubectlError(
                f"error parsing {source}: error converting YAML to JSON: {error.upstream_text()}"
            ) from None
        if value is None:
            continue
        if is_checked:
            _check(value, source)
        if not isinstance(value, dict):
            kind = "array" if isinstance(value, list) else "string"
            raise KubectlError(
                f'unable to decode "{source}": json: cannot unmarshal {kind} into Go value of type '
                "unstructured.detector"
            )
        if not value.get("kind"):
            raise KubectlError(
                f"unable to decode \"{source}\": Object 'Kind' is missing in "
                f"'{to_json(value, indent=None)}'"
            )
        yield from (Document(obj, source) for obj in _opened(value))


def _check(value: Any, source: str) -> None:
    """What kubectl itself asks of a document that the server will validate."""
    if not isinstance(value, dict):
        problems = ["invalid object to validate"]
    else:
        problems = []
        for name in ("apiVersion", "kind"):
            if value.get(name) is None:
                problems.append(f"{name} not set")
            elif not isinstance(value[name], str):
                problems.append(f"{name} isn't string type")
    if problems:
        shown = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
        raise KubectlError(
            f'error validating "{source}": error validating data: {shown}; if you choose to ignore '
            "these errors, turn validation off with --validate=false"
        )


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
    if not system.exists(name):
        matches = _matches(session, name)
        if not matches:
            raise KubectlError(f'the path "{name}" does not exist')
        return [path for match in matches for path in _files(session, match, is_recursive)]
    if system.stat(name).kind != "directory":
        return [name]
    found = _folder(session, name.rstrip("/") or "/", is_recursive, 0)
    if not found:
        raise KubectlError(
            f"error reading [{name}]: recognized file extensions are [.json .yaml .yml]"
        )
    return found


def _matches(session: Session, pattern: str) -> list[str]:
    """The paths that a pattern in quotes stands for."""
    if not any(sign in pattern for sign in "*?["):
        return []
    system = session.system
    found = ["/" if pattern.startswith("/") else ""]
    for part in filter(None, pattern.split("/")):
        folders = [path for path in found if system.exists(path or ".")]
        found = [
            f"{folder}{name}"
            for folder in folders
            if system.stat(folder or ".").kind == "directory"
            for name in sorted(system.list_directory(folder or "."))
            if fnmatchcase(name, part)
        ]
        found = [f"{path}/" for path in found[:_MATCHES_MAX]]
    return [path.rstrip("/") for path in found]


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
