"""Building a kustomization: reads its folder and all it stands on, and does what it says.

Files of the folder and below only; other kustomizations by their folders. Remote ones, Helm
charts and plugins are refused.

Models: sigs.k8s.io/kustomize/api/internal/target and api/internal/loader (api v0.21).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.manifests import ManifestError, load_manifests
from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.generating import add_hash, generate
from cluster_engine.kubectl.kustomizing.ordering import ordered
from cluster_engine.kubectl.kustomizing.plans import (
    COMPONENT,
    COMPONENT_VERSION,
    VERSION,
    parse,
    warnings,
)
from cluster_engine.kubectl.kustomizing.references import fix_references
from cluster_engine.kubectl.kustomizing.resource import Resource, ResourceMap
from cluster_engine.kubectl.kustomizing.transforming import transform
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.session import Session

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_ORIGIN = "config.kubernetes.io/origin"
_LOCAL = "config.kubernetes.io/local-config"
_MANAGED_BY = "app.kubernetes.io/managed-by"
_KUSTOMIZE = "kustomize-v5.8.1"
_REFUSED = ("vars", "configurations", "generators", "transformers", "validators")
_OBJECTS_MAX = 10_000


def build(session: Session, folder: str, order: str) -> list[Object]:
    """The objects of a kustomization folder. Raises KubectlError."""
    system = session.system
    root = system.realpath(folder.rstrip("/") or "/")
    if not system.exists(root):
        raise KubectlError(
            f"must build at directory: not a valid directory: {_missing(folder, root)}"
        )
    if system.stat(root).kind != "directory":
        raise KubectlError(f"must build at directory: '{root}': file is not directory")
    top = _Folder(session, root, ())
    plan = top.plan()
    marks = plan.get("buildMetadata") or []
    found = top.accumulated(plan, ResourceMap(), "" if marks else None)
    for resource in found.resources:
        add_hash(resource)
    fix_references(found)
    resources = [one for one in found.resources if not _is_local(one)]
    resources = ordered(resources, plan.get("sortOptions"), order)
    return [_finished(resource, marks) for resource in resources]


def _is_local(resource: Resource) -> bool:
    value = (resource.metadata.get("annotations") or {}).get(_LOCAL)
    return value is not None and value != "false"


def _finished(resource: Resource, marks: list[str]) -> Object:
    metadata = resource.metadata
    if "managedByLabel" in marks:
        metadata["labels"] = {**(metadata.get("labels") or {}), _MANAGED_BY: _KUSTOMIZE}
    if "originAnnotations" in marks and resource.origin:
        metadata["annotations"] = {**(metadata.get("annotations") or {}), _ORIGIN: resource.origin}
    if metadata.get("annotations"):
        metadata["annotations"] = {
            key: value if isinstance(value, str) else to_json(value, indent=None)
            for key, value in metadata["annotations"].items()
        }
    return resource.object


def _missing(path: str, absolute: str) -> str:
    return f"evalsymlink failure on '{path}' : lstat {absolute}: no such file or directory"


@dataclass(slots=True)
class _Folder:
    """A folder with a kustomization; `above` are the folders that led here."""

    session: Session
    root: str
    above: tuple[str, ...]
    file: str = field(default="")

    def plan(self) -> dict[str, Any]:
        """What the kustomization says. Raises KubectlError."""
        system = self.session.system
        there = [name for name in _NAMES if system.exists(f"{self.root}/{name}")]
        if not there:
            raise KubectlError(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or "
                f"'Kustomization' in directory '{self.root}'"
            )
        if len(there) > 1:
            raise KubectlError(f"Found multiple kustomization files under: {self.root}\n")
        self.file = there[0]
        plan = parse(self.text(self.file))
        for text in warnings(plan):
            self.session.err(text)
        kind = plan.get("kind") or "Kustomization"
        if not set(plan) - {"apiVersion", "kind"}:
            raise KubectlError("kustomization.yaml is empty")
        self._check(plan, kind)
        plan["resources"] = [*(plan.get("resources") or ()), *(plan.get("bases") or ())]
        plan["images"] = [*(plan.get("images") or ()), *(plan.get("imageTags") or ())]
        return plan

    def _check(self, plan: dict[str, Any], kind: str) -> None:
        wrong = []
        if kind not in ("Kustomization", COMPONENT):
            wrong.append("kind should be Kustomization or Component")
        version = COMPONENT_VERSION if kind == COMPONENT else VERSION
        if plan.get("apiVersion") not in (None, "", version):
            wrong.append(f"apiVersion for {kind} should be {version}")
        if wrong:
            lines = "\n".join(wrong)
            raise KubectlError(f"Failed to read kustomization file under {self.root}:\n{lines}")
        if plan.get("helmCharts") or plan.get("helmChartInflationGenerator"):
            chart = (plan.get("helmCharts") or plan.get("helmChartInflationGenerator") or [{}])[0]
            raise KubectlError(
                "trouble configuring builtin HelmChartInflationGenerator with config: "
                f"`\n{to_yaml(chart)}`: must specify --enable-helm"
            )
        for name in _REFUSED:
            if plan.get(name):
                raise KubectlError(f"'{name}' in a kustomization is not supported on this console")

    def accumulated(
        self, plan: dict[str, Any], found: ResourceMap, origin: str | None
    ) -> ResourceMap:
        """The resources of the plan, changed as it says. `origin` is the way here from the top,
        when it is to be noted. Raises KubectlError."""
        try:
            for path in plan["resources"]:
                self._add(found, path, origin)
        except KubectlError as error:
            raise KubectlError(f"accumulating resources: {error.message}") from None
        self._generate(plan, found, origin)
        try:
            for path in plan.get("components") or ():
                found = self._with_component(found, path, origin)
        except KubectlError as error:
            raise KubectlError(f"accumulating components: {error.message}") from None
        transform(found, plan, self.text)
        return found

    def _add(self, found: ResourceMap, path: str, origin: str | None) -> None:
        """The objects of a file, or of another kustomization."""
        try:
            objects = self._objects(path)
        except _Malformed as error:
            raise KubectlError(f"accumulating resources from '{path}': {error.message}") from None
        except KubectlError as error:
            first = f"accumulating resources from '{path}': {error.message}"
        else:
            try:
                for obj in objects:
                    found.append(Resource(obj, origin=_origin(origin, path)))
                return
            except KubectlError as error:
                first = f"merging resources from '{path}': {error.message}"
        try:
            below = self._below(path)
            added = below.accumulated_alone(_joined(origin, path))
            for resource in added.resources:
                found.append(resource)
        except _Recursed as error:
            raise KubectlError(f"accumulation err='{first}': {error.message}") from None
        except KubectlError as error:
            where = "recursed merging from path"
            is_merging = error.message.startswith("may not add")
            text = f"{where} '{below.root}': {error.message}" if is_merging else error.message
            raise KubectlError(f"accumulation err='{first}': {text}") from None

    def accumulated_alone(self, origin: str | None) -> ResourceMap:
        """As the base of another kustomization. Raises KubectlError."""
        try:
            plan = self.plan()
        except KubectlError as error:
            raise KubectlError(
                f"couldn't make target for path '{self.root}': {error.message}"
            ) from None
        if plan.get("kind") == COMPONENT:
            raise KubectlError(f"expected kind != 'Component' for path '{self.root}'")
        try:
            return self.accumulated(plan, ResourceMap(), origin)
        except KubectlError as error:
            raise _Recursed(
                f"recursed accumulation of path '{self.root}': {error.message}"
            ) from None

    def _with_component(self, found: ResourceMap, path: str, origin: str | None) -> ResourceMap:
        below = self._below(path)
        plan = below.plan()
        kind = plan.get("kind") or "Kustomization"
        if kind != COMPONENT:
            raise KubectlError(
                f"accumulateDirectory: \"expected kind 'Component' for path '{below.root}' but got "
                f"'{kind}'\""
            )
        return below.accumulated(plan, found, _joined(origin, path))

    def _generate(self, plan: dict[str, Any], found: ResourceMap, origin: str | None) -> None:
        common = plan.get("generatorOptions") or {}
        # Secrets come last, as kustomize has it.
        for kind, name in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
            for spec in plan.get(name) or ():
                resource = generate(kind, spec, common, self.data)
                if origin is not None:
                    resource.origin = (
                        f"configuredIn: {_joined(origin, self.file)}\nconfiguredBy:\n"
                        f"  apiVersion: builtin\n  kind: {kind}Generator\n"
                    )
                try:
                    found.absorb(resource)
                except KubectlError as error:
                    raise KubectlError(
                        f"merging from generator &{{0xc000547040 <nil>}}: {error.message}"
                    ) from None

    def _objects(self, path: str) -> list[Object]:
        text = self.text(path)
        try:
            found = [manifest.object for manifest in load_manifests(text)]
        except ManifestError as error:
            raise _Malformed(
                f"MalformedYAMLError: {error.upstream_text()} in File: {path}"
            ) from None
        objects: list[Object] = []
        for obj in found:
            items = obj.get("items")
            is_list = str(obj.get("kind") or "").endswith("List") and "items" in obj
            objects.extend((items or []) if is_list else [obj])
        if len(objects) > _OBJECTS_MAX:
            raise KubectlError(f"more than {_OBJECTS_MAX} objects")
        for obj in objects:
            _check_object(obj)
        return [clone(obj) for obj in objects]

    def text(self, path: str) -> str:
        """A file's text. Raises KubectlError."""
        return self.data(path).decode("utf-8", "replace")

    def data(self, path: str) -> bytes:
        """A file's content; files outside are refused. Raises KubectlError."""
        if "://" in path:
            raise KubectlError("this console has no way to the internet")
        system = self.session.system
        absolute = posixpath.normpath(posixpath.join(self.root, path))
        if not system.exists(absolute):
            raise KubectlError(_missing(absolute, absolute))
        absolute = system.realpath(absolute)
        if system.stat(absolute).kind == "directory":
            raise KubectlError(f"'{absolute}' must resolve to a file")
        if not absolute.startswith(f"{self.root.rstrip('/')}/"):
            raise KubectlError(f"security; file '{absolute}' is not in or below '{self.root}'")
        return self.session.read_file(absolute)

    def _below(self, path: str) -> _Folder:
        """Another kustomization's folder. Raises KubectlError."""
        if not path:
            raise KubectlError("new root cannot be empty")
        if "://" in path or path.startswith(("github.com/", "git@")):
            raise KubectlError("this console has no way to the internet")
        if path.startswith("/"):
            raise KubectlError(f"new root '{path}' cannot be absolute")
        system = self.session.system
        root = posixpath.normpath(posixpath.join(self.root, path))
        if not system.exists(root):
            raise KubectlError(
                f"must build at directory: not a valid directory: {_missing(root, root)}"
            )
        root = system.realpath(root)
        if system.stat(root).kind != "directory":
            raise KubectlError(f"must build at directory: '{root}': file is not directory")
        for visited in (self.root, *self.above):
            if root in ("/", visited) or visited.startswith(f"{root}/"):
                raise KubectlError(
                    f"cycle detected: candidate root '{root}' contains visited root '{visited}'"
                )
        return _Folder(self.session, root, (self.root, *self.above))


class _Malformed(KubectlError):
    """A file that is no YAML: then it is no folder either."""


class _Recursed(KubectlError):
    """What went wrong inside another kustomization."""


def _check_object(obj: Any) -> None:
    if not isinstance(obj, dict):
        raise KubectlError("wrong node kind: expected MappingNode")
    metadata = obj.get("metadata") or {}
    kind, name = str(obj.get("kind") or ""), str(metadata.get("name") or "")
    shown = f"{{{{{obj.get('apiVersion') or ''} {kind}}} {{{{{name} }} map[] map[]}}}}"
    if not kind:
        raise KubectlError(f"missing Resource metadata kind in object {shown}")
    if not name and not metadata.get("generateName") and not kind.endswith("List"):
        raise KubectlError(f"missing metadata.name in object {shown}")


def _joined(origin: str | None, path: str) -> str | None:
    return None if origin is None else posixpath.normpath(posixpath.join(origin, path))


def _origin(origin: str | None, path: str) -> str:
    return "" if origin is None else f"path: {_joined(origin, path)}\n"
