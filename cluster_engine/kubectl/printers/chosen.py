"""The printer that `-o` asks for: of objects, or of messages like "pod/a created".

Models: k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery import jsonpath
from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers import columns, go_template
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.session import Session

JSON, YAML, NAME = "json", "yaml", "name"
_TEMPLATES = ("go-template", "template")
_TEMPLATE_FILES = ("go-template-file", "templatefile")
_PATHS = ("jsonpath", "jsonpath-as-json", "jsonpath-file")
_COLUMNS = ("custom-columns", "custom-columns-file")
OBJECT_FORMATS = (JSON, YAML, "kyaml", NAME, *_TEMPLATES, *_TEMPLATE_FILES, *_PATHS)


@dataclass(slots=True)
class ObjectPrinter:
    """Prints objects in one format. Plain data."""

    format: str
    argument: str = ""
    keeps_managed: bool = False
    allows_missing: bool = True
    columns: columns.ColumnsPrinter | None = None
    printed: int = field(default=0)

    def print(self, obj: Object) -> str:
        """The text of an object or a list. Raises KubectlError."""
        if not self.keeps_managed and self.format != NAME:
            obj = without_managed(obj)
        self.printed += 1
        if self.format in (JSON, "jsonpath-as-json") and not self.argument:
            return to_json(obj) + "\n"
        if self.format in (YAML, "kyaml"):
            separator = "---\n" if self.printed > 1 else ""
            return separator + to_yaml(obj)
        if self.format == NAME:
            items = obj["items"] if isinstance(obj.get("items"), list) else [obj]
            return "".join(f"{label_of(item)}\n" for item in items)
        if self.columns is not None:
            return self.columns.print(obj)
        if self.format in _TEMPLATES:
            return self._template(obj)
        return self._path(obj)

    def _template(self, obj: Object) -> str:
        try:
            return go_template.render(self.argument, obj, allows_missing=self.allows_missing)
        except go_template.TemplateError as error:
            raise KubectlError(f'error executing template "{self.argument}": {error}') from None

    def _path(self, obj: Object) -> str:
        try:
            if self.format == "jsonpath-as-json":
                found = jsonpath.find(
                    jsonpath.parse(self.argument), obj, allows_missing=self.allows_missing
                )
                return "".join(to_json(values) + "\n" for values in found)
            return jsonpath.render(self.argument, obj, allows_missing=self.allows_missing)
        except jsonpath.JsonPathError as error:
            raise KubectlError(
                f'error executing jsonpath "{self.argument}": Error executing template: {error}. '
                "Printing more information for debugging the template:\n\ttemplate was:\n\t\t"
                f"{self.argument}\n\tobject given to jsonpath engine was:\n\t\t"
                f"{jsonpath.go_text(obj)}\n\n"
            ) from None


def chosen_printer(session: Session, *, has_tables: bool = False) -> ObjectPrinter | None:
    """The printer for --output; None when it is not given, or asks for a table.

    Raises KubectlError for a format that is not known.
    """
    output: str = session.flags.values.get("output") or ""
    template: str = session.flags.values.get("template") or ""
    if not output and template:
        output = "go-template"
    if not output or (has_tables and output == "wide"):
        return None
    name, equals, argument = output.partition("=")
    keeps = bool(session.flags.values.get("show-managed-fields"))
    missing = bool(session.flags.values.get("allow-missing-template-keys", True))
    if name in _COLUMNS and has_tables:
        return ObjectPrinter(name, columns=_columns(session, name, argument))
    if name in (*_TEMPLATES, *_TEMPLATE_FILES, *_PATHS):
        argument = argument if equals else template
        if not argument:
            raise KubectlError("template format specified but no template given")
        if name in _TEMPLATE_FILES or name == "jsonpath-file":
            argument = session.read_file(argument).decode("utf-8", "replace")
            name = "jsonpath" if name == "jsonpath-file" else "go-template"
        if name.startswith("jsonpath"):
            _check_path(argument)
        return ObjectPrinter(name, argument, keeps, missing)
    if name in (JSON, YAML, "kyaml", NAME) and not equals:
        return ObjectPrinter(name, "", keeps, missing)
    formats = (*OBJECT_FORMATS, *_COLUMNS, "wide") if has_tables else OBJECT_FORMATS
    raise KubectlError(
        f'unable to match a printer suitable for the output format "{output}", allowed formats '
        f"are: {','.join(sorted(formats))}"
    )


def _columns(session: Session, name: str, argument: str) -> columns.ColumnsPrinter:
    if name == "custom-columns-file":
        return columns.from_template(session.read_file(argument).decode("utf-8", "replace"))
    has_headers = not session.flags.values.get("no-headers")
    return columns.from_spec(argument, has_headers=has_headers)


def _check_path(text: str) -> None:
    try:
        jsonpath.parse(text)
    except jsonpath.JsonPathError as error:
        raise KubectlError(f"error parsing jsonpath {text}, {error}") from None


def label_of(obj: Object) -> str:
    """ "deployment.apps/web"."""
    group = obj.get("apiVersion", "").rpartition("/")[0]
    kind = obj.get("kind", "").lower()
    name = (obj.get("metadata") or {}).get("name") or "<unknown>"
    return f"{kind}.{group}/{name}" if group else f"{kind}/{name}"


def without_managed(obj: Object) -> Object:
    """The object, or the items of a list, without managed fields."""
    if isinstance(obj.get("items"), list):
        return {**obj, "items": [without_managed(item) for item in obj["items"]]}
    metadata = obj.get("metadata")
    if not isinstance(metadata, dict) or "managedFields" not in metadata:
        return obj
    rest = {name: value for name, value in metadata.items() if name != "managedFields"}
    return {**obj, "metadata": rest}
