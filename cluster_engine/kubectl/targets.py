"""What the arguments of a command point at: resources by type and name, by selector, or in files.

Models: k8s.io/cli-runtime/pkg/resource/builder.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.client import JSON
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.manifest_files import Document, read_documents
from cluster_engine.kubectl.resources import Resource, resource_of
from cluster_engine.kubectl.session import Session

MISSING_RESOURCES = (
    "You must provide one or more resources by argument or filename.\n"
    "Example resource specifications include:\n"
    "   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'\n"
    "   '<resource> <name>'\n"
    "   '<resource>'"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Objects of one resource: by name, or (None) whatever the selectors let through."""

    resource: Resource
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Target:
    """One object. `object` is what was read from a file or the server."""

    resource: Resource
    namespace: str
    name: str
    object: Object
    source: str = ""

    @property
    def path(self) -> str:
        return self.resource.path(self.namespace, self.name)

    @property
    def label(self) -> str:
        """ "deployment.apps/web"."""
        return f"{self.resource.display}/{self.name}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which objects of a collection are meant."""

    labels: str = ""
    fields: str = ""
    all_namespaces: bool = False

    @property
    def is_set(self) -> bool:
        return bool(self.labels or self.fields)

    def query(self) -> dict[str, Any]:
        return {"labelSelector": self.labels, "fieldSelector": self.fields}


def filters_of(session: Session) -> Filters:
    """From the flags --selector, --field-selector and --all-namespaces."""
    values = session.flags.values
    return Filters(
        values.get("selector") or "",
        values.get("field-selector") or "",
        bool(values.get("all-namespaces")),
    )


def select(
    session: Session, words: Sequence[str], filters: Filters, *, takes_all: bool = True
) -> list[Selection]:
    """What the words name. `takes_all`: a type alone means all its objects. Raises KubectlError."""
    words = _spread(list(words))
    slashed = sum("/" in word for word in words)
    if slashed and slashed != len(words):
        raise KubectlError(
            "there is no need to specify a resource type as a separate argument when passing "
            "arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead "
            "of 'kubectl get resource resource/<resource_name>'"
        )
    if slashed:
        if filters.is_set:
            raise KubectlError(
                "selectors and the all flag cannot be used when passing resource/name arguments"
            )
        return [_slashed(session, word) for word in words]
    if not words:
        return []
    found = [resource for word in words[0].split(",") for resource in _types(session, word)]
    types = list(dict.fromkeys(found))
    names = tuple(words[1:])
    if names:
        if filters.is_set:
            raise KubectlError("name cannot be provided when a selector is specified")
        return [Selection(resource, names) for resource in types]
    if not takes_all and not filters.is_set:
        raise KubectlError("resource(s) were provided, but no name was specified")
    return [Selection(resource, None) for resource in types]


def fetch(
    session: Session, selection: Selection, filters: Filters, *, accept: str = JSON, **query: Any
) -> list[tuple[Object, KubectlError | None]]:
    """The objects of a selection: one answer per name, or one list. A refusal comes in place of
    its object."""
    resource = selection.resource
    subresource = str(session.flags.values.get("subresource") or "")
    if selection.names is None:
        if subresource:
            raise KubectlError("subresource cannot be used when bulk resources are specified")
        namespace = "" if filters.all_namespaces else session.namespace
        path = resource.path(namespace)
        answer, error = _try(session, path, {**filters.query(), **query}, accept)
        return [(answer, _list_error(resource, filters, error) if error else None)]
    if filters.all_namespaces and resource.is_namespaced:
        raise KubectlError("a resource cannot be retrieved by name across all namespaces")
    return [
        _try(session, resource.path(session.namespace, name, subresource), query, accept)
        for name in selection.names
    ]


def fetch_all(
    session: Session, selections: Sequence[Selection], filters: Filters
) -> tuple[list[Target], list[KubectlError]]:
    """All objects of the selections as targets, and what was refused."""
    targets: list[Target] = []
    errors: list[KubectlError] = []
    for selection in selections:
        for answer, error in fetch(session, selection, filters):
            if error is not None:
                errors.append(error)
                continue
            for obj in items_of(answer, selection.resource):
                targets.append(target_of(selection.resource, obj))
    return targets, errors


def file_targets(session: Session) -> tuple[list[Target], list[KubectlError]]:
    """The objects in the files that --filename, --kustomize and --recursive name, and what is
    wrong with the rest. Raises KubectlError for files that are not there."""
    documents, errors = read_documents(session)
    targets: list[Target] = []
    for document in documents:
        try:
            targets.append(_file_target(session, document))
        except KubectlError as error:
            errors.append(error)
    return targets, errors


def targets_of_files(session: Session) -> list[Target]:
    """The same, where anything wrong ends it all. Raises KubectlError."""
    targets, errors = file_targets(session)
    raise_all(errors)
    return targets


def gather(
    session: Session, words: Sequence[str], *, takes_all: bool = False, latest: bool = True
) -> tuple[list[Target], list[KubectlError]]:
    """Targets from files, or from arguments; from files in their latest state unless told not to.

    Raises KubectlError when neither is given.
    """
    values = session.flags.values
    if values.get("filename") or values.get("kustomize"):
        if words:
            raise KubectlError(
                "when paths, URLs, or stdin is provided as input, you may not specify resource "
                "arguments as well"
            )
        found, errors = file_targets(session)
        if latest:
            found, missing = _latest(session, found)
            errors += missing
        return found, errors
    if not words:
        raise KubectlError(MISSING_RESOURCES)
    filters = filters_of(session)
    everything = takes_all or bool(values.get("all"))
    if values.get("all") and filters.is_set:
        raise KubectlError("setting 'all' parameter but found a non empty selector. ")
    return fetch_all(session, select(session, words, filters, takes_all=everything), filters)


def target_of(resource: Resource, obj: Object, source: str = "") -> Target:
    """The target for an object the server gave."""
    metadata = obj.get("metadata") or {}
    namespace = metadata.get("namespace", "") if resource.is_namespaced else ""
    return Target(resource, namespace, metadata.get("name", ""), obj, source)


def items_of(answer: Object, resource: Resource) -> list[Object]:
    """The objects in an answer, each with its kind."""
    if not isinstance(answer.get("items"), list) or not answer.get("kind", "").endswith("List"):
        return [answer]
    head = {"apiVersion": resource.api_version, "kind": resource.kind}
    return [{**head, **item} for item in answer["items"]]


def namespace_for(session: Session, resource: Resource, obj: Object) -> str:
    """The namespace a file's object goes to. Raises KubectlError when the flag says otherwise."""
    if not resource.is_namespaced:
        return ""
    own = (obj.get("metadata") or {}).get("namespace", "")
    if own and session.is_namespace_given and own != session.namespace:
        raise KubectlError(
            f'the namespace from the provided object "{own}" does not match the namespace '
            f"\"{session.namespace}\". You must pass '--namespace={own}' to perform this operation."
        )
    return own or session.namespace


def _file_target(session: Session, document: Document) -> Target:
    resource = resource_of(session.resources, document.object, document.source)
    namespace = namespace_for(session, resource, document.object)
    name = (document.object.get("metadata") or {}).get("name", "")
    return Target(resource, namespace, name, document.object, document.source)


def _latest(session: Session, targets: list[Target]) -> tuple[list[Target], list[KubectlError]]:
    found: list[Target] = []
    errors: list[KubectlError] = []
    for target in targets:
        subresource = str(session.flags.values.get("subresource") or "")
        path = target.resource.path(target.namespace, target.name, subresource)
        answer, error = _try(session, path, {}, JSON)
        if error is not None:
            errors.append(error)
        else:
            found.append(target_of(target.resource, answer, target.source))
    return found, errors


def _try(
    session: Session, path: str, query: dict[str, Any], accept: str
) -> tuple[Object, KubectlError | None]:
    try:
        return session.client.call("GET", path, query, accept=accept), None
    except StatusError as error:
        return {}, error


def _list_error(resource: Resource, filters: Filters, error: KubectlError) -> KubectlError:
    """The refusal of a list says what was looked for."""
    if not isinstance(error, StatusError) or error.reason not in ("BadRequest", "NotFound"):
        return error
    name = f"{resource.group}/{resource.version}, Resource={resource.plural}"
    if not filters.is_set:
        return StatusError(error.status, f'Unable to list "{name}": {error.message}')
    return StatusError(
        error.status,
        f'Unable to find "{name}" that match label selector "{filters.labels}", field selector '
        f'"{filters.fields}": {error.message}',
    )


def _spread(words: list[str]) -> list[str]:
    """ "a,b c" as "a/c b/c"."""
    if len(words) < 2 or "," not in words[0]:
        return words
    return [f"{type_}/{name}" for type_ in words[0].split(",") for name in words[1:]]


def _types(session: Session, word: str) -> list[Resource]:
    of_category = session.resources.of_category(word)
    return of_category or [session.resources.find(word)]


def _slashed(session: Session, word: str) -> Selection:
    parts = word.split("/")
    if len(parts) != 2:
        raise KubectlError("arguments in resource/name form may not have more than one slash")
    type_, name = parts
    if not type_ or not name or "," in type_:
        raise KubectlError("arguments in resource/name form must have a single resource and name")
    return Selection(session.resources.find(type_), (name,))
