"""Reads the files of a configuration and makes a site of them, once for the same content."""

from __future__ import annotations

import fnmatch
import json
from functools import lru_cache
from zlib import compress, decompress

from cluster_engine.images.servers.nginx.directives import check
from cluster_engine.images.servers.nginx.site import Site, build
from cluster_engine.images.servers.nginx.syntax import ConfigurationError, Directive, parse
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

PREFIX = "/etc/nginx/"
FILES_MAX = 200
_NUMBERS = {"ENOENT": 2, "EACCES": 13, "EISDIR": 21, "ENOTDIR": 20}

#: Path and content of each file, in the order of reading.
Sources = tuple[tuple[str, str], ...]


def read_sources(system: System, path: str) -> Sources:
    """The main file and all that it includes. Raises ConfigurationError."""
    found: dict[str, str] = {}
    _read(system, path, found, "")
    return tuple(found.items())


def _read(system: System, path: str, found: dict[str, str], place: str) -> None:
    if path in found:
        return
    if len(found) >= FILES_MAX:
        raise ConfigurationError(f"too many included files in {place}")
    try:
        text = system.read_file(path).decode("utf-8", "replace")
    except Errno as error:
        where = f" in {place}" if place else ""
        number = _NUMBERS.get(error.name, 5)
        raise ConfigurationError(
            f'open() "{path}" failed ({number}: {error.text}){where}'
        ) from None
    found[path] = text
    for directive in _includes(parse_file(text, path)):
        for name in _matching(system, absolute(directive.arguments[0])):
            _read(system, name, found, directive.place)


def absolute(path: str) -> str:
    """A path of a configuration: relative ones are below its folder."""
    return path if path.startswith("/") else PREFIX + path


@lru_cache(maxsize=256)
def parse_file(text: str, path: str) -> tuple[Directive, ...]:
    """The directives of one file; not to be changed. Raises ConfigurationError."""
    return tuple(parse(text, path))


@lru_cache(maxsize=128)
def packed(sources: Sources) -> bytes:
    """The files as few bytes, which all servers with the same files share."""
    return compress(json.dumps(sources).encode())


def unpacked(data: bytes) -> Sources:
    """The files again."""
    return tuple((path, text) for path, text in json.loads(decompress(data)))


@lru_cache(maxsize=128)
def load(data: bytes) -> Site:
    """The site of packed files, made once for the same ones. Raises ConfigurationError."""
    sources = unpacked(data)
    files = dict(sources)
    main = sources[0][0]
    directives = _included(parse_file(files[main], main), files)
    check(directives)
    return build(directives)


def _includes(directives: tuple[Directive, ...] | list[Directive]) -> list[Directive]:
    found = []
    for directive in directives:
        if directive.name == "include" and len(directive.arguments) == 1:
            found.append(directive)
        if directive.block is not None:
            found += _includes(directive.block)
    return found


def _matching(system: System, pattern: str) -> list[str]:
    folder, _, name = pattern.rpartition("/")
    if not any(char in name for char in "*?["):
        return [pattern]
    try:
        names = system.list_directory(folder or "/")
    except Errno:
        return []
    return [
        f"{folder}/{held}"
        for held in sorted(names)
        if fnmatch.fnmatchcase(held, name) and not held.startswith(".")
    ]


def _included(
    directives: tuple[Directive, ...] | list[Directive], files: dict[str, str], depth: int = 0
) -> list[Directive]:
    """The directives with those of included files in their place."""
    if depth > FILES_MAX:
        raise ConfigurationError("files include each other")
    found: list[Directive] = []
    for directive in directives:
        if directive.name == "include" and len(directive.arguments) == 1:
            pattern = absolute(directive.arguments[0])
            for path in files:
                if path == pattern or _is_below(path, pattern):
                    found += _included(parse_file(files[path], path), files, depth + 1)
        elif directive.block is not None:
            block = _included(directive.block, files, depth)
            found.append(
                Directive(
                    directive.name, directive.arguments, directive.file, directive.line, block
                )
            )
        else:
            found.append(directive)
    return found


def _is_below(path: str, pattern: str) -> bool:
    folder, _, name = pattern.rpartition("/")
    return path.rpartition("/")[0] == folder and fnmatch.fnmatchcase(path.rpartition("/")[2], name)
