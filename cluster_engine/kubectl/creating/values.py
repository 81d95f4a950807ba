"""Keys and values from files and literals, for config maps and secrets.

Models: k8s.io/kubectl/pkg/cmd/create, pkg/util and pkg/cmd/util/env_file.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.names import is_config_map_key, is_environment_name
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.session import Session
from cluster_engine.runtime.errors import Errno


def collect(session: Session, kind: str, name: str) -> dict[str, bytes]:
    """From --from-file, --from-literal and --from-env-file. Raises KubectlError."""
    flags = session.flags
    files, literals = flags.words("from-file"), flags.words("from-literal")
    env_files = flags.words("from-env-file")
    if env_files and (files or literals):
        raise KubectlError("from-env-file cannot be combined with from-file or from-literal")
    found: dict[str, bytes] = {}
    for source in files:
        for key, data in _from_file(session, source):
            _add(found, key, data, kind, name)
    for literal in literals:
        key, value = parse_literal(literal)
        _add(found, key, value.encode(), kind, name)
    for path in env_files:
        for key, value in _from_env_file(session, path, kind):
            _add(found, key, value.encode(), kind, name)
    return found


def parse_literal(source: str) -> tuple[str, str]:
    """ "key=value", one pair of quotes around the value taken away. Raises KubectlError."""
    key, equals, value = source.partition("=")
    if not key or not equals:
        raise KubectlError(f"invalid literal source {source}, expected key=value")
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return key, value


def _from_file(session: Session, source: str) -> list[tuple[str, bytes]]:
    parts = source.split("=")
    if len(parts) > 2:
        raise KubectlError("key names or file paths cannot contain '='")
    if len(parts) == 2 and not parts[0]:
        raise KubectlError(f"key name for file path {parts[1]} missing")
    if len(parts) == 2 and not parts[1]:
        raise KubectlError(f"file path for key name {parts[0]} missing")
    path = parts[-1]
    system = session.system
    try:
        is_folder = system.stat(path).kind == "directory"
    except Errno as error:
        raise KubectlError(f"error reading {path}: {error.text.lower()}") from None
    if not is_folder:
        key = parts[0] if len(parts) == 2 else path.rstrip("/").rsplit("/", 1)[-1]
        return [(key, session.read_file(path))]
    if len(parts) == 2:
        raise KubectlError("cannot give a key name for a directory path")
    folder = path.rstrip("/") or "/"
    names = [
        name
        for name in system.list_directory(folder)
        if system.lstat(f"{folder}/{name}").kind == "file"
    ]
    return [(name, session.read_file(f"{folder}/{name}")) for name in names]


def _from_env_file(session: Session, path: str, kind: str) -> list[tuple[str, str]]:
    system = session.system
    try:
        if system.stat(path).kind == "directory":
            word = "config" if kind == "ConfigMap" else "secret"
            raise KubectlError(f"env {word} file cannot be a directory")
    except Errno as error:
        raise KubectlError(f"error reading {path}: {error.text.lower()}") from None
    found = []
    text = session.read_file(path).decode("utf-8", "replace").removeprefix("\ufeff")
    for number, line in enumerate(text.splitlines(), 1):
        line = line.lstrip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        wrong = is_environment_name(key)
        if wrong:
            raise KubectlError(f'"{key}" is not a valid key name: {";".join(wrong)}')
        found.append((key, value if equals else system.environment.get(key, "")))
        if number > 100_000:
            raise KubectlError(f"{path} has too many lines")
    return found


def _add(found: dict[str, bytes], key: str, data: bytes, kind: str, name: str) -> None:
    wrong = is_config_map_key(key)
    if wrong:
        if kind == "Secret":
            raise KubectlError(f'"{key}" is not valid key name for a Secret {";".join(wrong)}')
        raise KubectlError(f'"{key}" is not a valid key name for a ConfigMap: {",".join(wrong)}')
    if key in found:
        if kind == "Secret":
            raise KubectlError(f"cannot add key {key}, another key by that name already exists")
        raise KubectlError(
            f'cannot add key "{key}", another key by that name already exists in Data for '
            f'ConfigMap "{name}"'
        )
    found[key] = data
