"""Set-up: turn the published Kubernetes definitions into the cache that `catalogue.py` reads.

Run as `python -m cluster_engine.schema.compile [OUT] [SOURCE]`. SOURCE is the definitions file of
the `kubernetes-validate` wheel; without it the installed package is asked. Nothing of the wheel is
committed; the cache lives in `.build/`.

`go_types.txt` beside this module says of each served type what the published document leaves out:
the order of the fields, which are omitted when empty ("?") or zero ("!"), which are pointers ("*"),
and the Go type where it is not the obvious one ("=v1.Protocol"). `internal_types.txt` has the
fields of the server's internal types, which show through in a few error texts.
`published_words.txt` has the words that fields may hold, what they mean, and explicit defaults.

The cache: one line of magic, eight bytes with the length of the index, the index (JSON: offsets of
the definitions by name, names by "group/version/kind"), then every definition as its own
compressed JSON, so that a process decodes only those it uses.
"""

from __future__ import annotations

import sys
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

MAGIC = b"PODYARD-SCHEMA-6\n"
RELEASE = "v1.37.0"
DEFAULT_OUT = Path(__file__).resolve().parents[2] / ".build" / "schema.bin"

GO_TYPES = Path(__file__).with_name("go_types.txt")
INTERNAL_TYPES = Path(__file__).with_name("internal_types.txt")
WORDS = Path(__file__).with_name("published_words.txt")

_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
#: The wheel says "oneOf" where the published document has these.
_PUBLISHED = {
    _QUANTITY: {"type": "string"},
    _INT_OR_STRING: {"type": "string", "format": "int-or-string"},
}


def find_source() -> Path:
    """The definitions file of the installed wheel. Raises FileNotFoundError with what to do."""
    spec = find_spec("kubernetes_validate")
    if spec is not None and spec.submodule_search_locations:
        root = Path(spec.submodule_search_locations[0])
        found = root / "kubernetes-json-schema" / f"{RELEASE}-local" / "_definitions.json"
        if found.exists():
            return found
    raise FileNotFoundError(
        "kubernetes-validate 1.37.0 is not installed: run `pip install --no-deps "
        "kubernetes-validate==1.37.0`, or pass the path of its _definitions.json"
    )


def compile_cache(
    definitions: dict[str, Any], go_types: str = "", internal_types: str = "", words: str = ""
) -> bytes:
    """The cache's bytes from the wheel's definitions by full name and the three files' lines."""
    go_fields = dict(line.split(" ", 1) for line in go_types.splitlines())
    field_words = read_words(words)
    offsets: dict[str, list[int]] = {}
    kinds: dict[str, str] = {}
    blobs: list[bytes] = []
    position = 0
    for name in sorted(definitions):
        definition = _published(name, definitions[name])
        fields = go_fields.get(name.removeprefix("io.k8s."), "")
        held = field_words.get(name.removeprefix("io.k8s.api."), {})
        definition |= held.pop("", {})
        blob = zlib.compress(orjson.dumps([definition, fields, held]), 9)
        offsets[name] = [position, len(blob)]
        blobs.append(blob)
        position += len(blob)
        for gvk in definition.get("x-kubernetes-group-version-kind", ()):
            kinds.setdefault(f"{gvk['group']}/{gvk['version']}/{gvk['kind']}", name)
    internal = dict(line.partition(" ")[::2] for line in internal_types.splitlines())
    index = orjson.dumps({"offsets": offsets, "kinds": kinds, "internal": internal})
    return b"".join([MAGIC, len(index).to_bytes(8, "big"), index, *blobs])


def read_words(text: str) -> dict[str, dict[str, dict[str, Any]]]:
    """By definition ("core.v1.Pod") and field: the words it may hold (`enum`, or `items` for those
    of a list), what each means (`meanings`), its `default`; by definition and "" what else the
    definition has."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    current: list[dict[str, Any]] = []
    key = ""
    for line in text.splitlines():
        if line.startswith("\t"):
            word, _, meaning = line[1:].partition("\t")
            for held in current:
                held.setdefault(key, []).append(word)
                if key == "enum":
                    held.setdefault("meanings", []).append(meaning)
            continue
        key, _, rest = line.partition(" ")
        path, _, value = rest.partition(" ")
        if key == "default":
            _held(found, path)["default"] = orjson.loads(value)
            current = []
        elif key == "description":
            found.setdefault(path, {})[""] = {"description": orjson.loads(value)}
        else:
            current = [_held(found, path) for path in rest.split()]
    return found


def _held(found: dict[str, dict[str, dict[str, Any]]], path: str) -> dict[str, Any]:
    definition, _, field = path.rpartition(".")
    return found.setdefault(definition, {}).setdefault(field, {})


def _published(name: str, definition: dict[str, Any]) -> dict[str, Any]:
    """The definition as Kubernetes publishes it: the wheel's additions undone."""
    if name in _PUBLISHED:
        return dict(_PUBLISHED[name])
    plain: dict[str, Any] = _plain(definition)
    if "x-kubernetes-group-version-kind" in plain:
        for field in ("apiVersion", "kind"):
            plain.get("properties", {}).get(field, {}).pop("enum", None)
    return plain


def _plain(value: Any) -> Any:
    """Without "null" among the types, references by bare name."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain: dict[str, Any] = {}
    for key, item in value.items():
        if key == "type" and isinstance(item, list):
            plain[key] = next(word for word in item if word != "null")
        elif key == "$ref" and isinstance(item, str):
            plain[key] = item.rsplit("/", 1)[1]
        else:
            plain[key] = _plain(item)
    return plain


def main(arguments: list[str]) -> None:
    """Write the cache; arguments are OUT and SOURCE, both optional."""
    out = Path(arguments[0]) if arguments else DEFAULT_OUT
    source = Path(arguments[1]) if len(arguments) > 1 else find_source()
    definitions = orjson.loads(source.read_bytes())["$defs"]
    additions = (path.read_text() for path in (GO_TYPES, INTERNAL_TYPES, WORDS))
    cache = compile_cache(definitions, *additions)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(cache)


if __name__ == "__main__":
    main(sys.argv[1:])
