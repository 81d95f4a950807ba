"""Which resources the server has: discovery, and finding one by any of its names.

Models: k8s.io/client-go/restmapper and k8s.io/cli-runtime/pkg/resource (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.client import Client
from cluster_engine.kubectl.errors import KubectlError

_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource in one version."""

    group: str
    version: str
    plural: str
    singular: str
    kind: str
    is_namespaced: bool
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """ "deployments.apps"."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def display(self) -> str:
        """What stands before the slash in messages: "deployment.apps"."""
        kind = self.kind.lower()
        return f"{kind}.{self.group}" if self.group else kind

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        """The path of the collection, of an object, of one of its subresources."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        parts = [root]
        if self.is_namespaced and namespace:
            parts.append(f"namespaces/{namespace}")
        parts.append(self.plural)
        parts.extend(part for part in (name, subresource) if part)
        return "/".join(parts)


class NoSuchResource(KubectlError):
    """The server has no resource of that name."""

    def __init__(self, text: str) -> None:
        name = text.partition(".")[0]
        super().__init__(f'the server doesn\'t have a resource type "{name}"')


class Resources:
    """All resources, in the server's order: the preferred version of each group first."""

    def __init__(self, resources: list[Resource]) -> None:
        self.all = resources
        self._by_name: dict[str, Resource] = {}
        for resource in resources:
            names = (resource.plural, resource.singular, *resource.short_names)
            for name in dict.fromkeys(name.lower() for name in names if name):
                self._note(name, resource)
                if resource.group:
                    self._note(f"{name}.{resource.group}", resource)
                    self._note(f"{name}.{resource.version}.{resource.group}", resource)
                else:
                    self._note(f"{name}.{resource.version}", resource)

    def preferred(self) -> list[Resource]:
        """One version of each resource."""
        seen: dict[tuple[str, str], Resource] = {}
        for resource in self.all:
            seen.setdefault((resource.group, resource.plural), resource)
        return list(seen.values())

    def find(self, text: str) -> Resource:
        """By plural, singular, short name, kind; with ".group" or ".version.group" behind it.

        Raises NoSuchResource.
        """
        found = self.named(text)
        if found is None:
            raise NoSuchResource(text)
        return found

    def named(self, text: str) -> Resource | None:
        """The same, or None."""
        return self._by_name.get(text.lower().rstrip("."))

    def of_category(self, name: str) -> list[Resource]:
        """The resources of a category such as "all"; empty when there is none."""
        return [item for item in self.preferred() if name in item.categories]

    def of_kind(self, api_version: str, kind: str) -> Resource | None:
        """The resource that holds objects of that kind."""
        for resource in self.all:
            if resource.api_version == api_version and resource.kind == kind:
                return resource
        return None

    def _note(self, name: str, resource: Resource) -> None:
        self._by_name.setdefault(name, resource)


def discover(client: Client) -> Resources:
    """Ask the server for all it has."""
    found: list[Resource] = []
    for path in ("/api", "/apis"):
        answer = client.call("GET", path, accept=_DISCOVERY)
        for group in answer.get("items", ()):
            found.extend(_of_group(group))
    return Resources(found)


def _of_group(group: Object) -> Iterator[Resource]:
    name = (group.get("metadata") or {}).get("name", "")
    for version in group.get("versions", ()):
        for item in version.get("resources", ()):
            kind = item.get("responseKind") or {}
            yield Resource(
                group=name,
                version=version["version"],
                plural=item["resource"],
                singular=item.get("singularResource", ""),
                kind=kind.get("kind", ""),
                is_namespaced=item.get("scope") == "Namespaced",
                short_names=tuple(item.get("shortNames") or ()),
                categories=tuple(item.get("categories") or ()),
                verbs=tuple(item.get("verbs") or ()),
                subresources=tuple(s["subresource"] for s in item.get("subresources") or ()),
            )


def resource_of(resources: Resources, obj: Object, source: str = "") -> Resource:
    """The resource of an object read from a file. Raises KubectlError when there is none."""
    api_version, kind = obj.get("apiVersion", ""), obj.get("kind", "")
    found = resources.of_kind(api_version, kind)
    if found is not None:
        return found
    metadata = obj.get("metadata") or {}
    group, _, version = api_version.rpartition("/")
    shown = f'version "{group}/{version}"' if group else f'version "{version}"'
    where = f' from "{source}"' if source else ""
    raise KubectlError(
        f'resource mapping not found for name: "{metadata.get("name", "")}" namespace: '
        f'"{metadata.get("namespace", "")}"{where}: no matches for kind "{kind}" in {shown}\n'
        "ensure CRDs are installed first"
    )
