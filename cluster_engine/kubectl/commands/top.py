"""`kubectl top`: what nodes and pods use, when the cluster has a metrics server.

Models: k8s.io/kubectl/pkg/cmd/top and pkg/metricsutil (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import milli_value, value
from cluster_engine.kubectl.command import ALL_NAMESPACES, FIELD_SELECTOR, SELECTOR, Command
from cluster_engine.kubectl.errors import KubectlError, UsageError
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.session import Session

_GROUP = "metrics.k8s.io"
_VERSION = "v1beta1"
_API = f"/apis/{_GROUP}/{_VERSION}"
_MEBI = 1024 * 1024

#: Thousandths of a core, and bytes.
Usage = tuple[int, int]


def run_node(session: Session) -> int:
    name = _name(session, "node [NAME | -l label]", "selector")
    found = _metrics(session, f"{_API}/nodes", name)
    if not found:
        raise KubectlError("metrics not available yet")
    field = "capacity" if session.flags.is_on("show-capacity") else "allocatable"
    nodes = _listed(session, "/api/v1/nodes", name)
    available: dict[str, Any] = {
        node["metadata"]["name"]: (node.get("status") or {}).get(field) or {} for node in nodes
    }
    tabs = TabWriter()
    if not session.flags.is_on("no-headers"):
        _row(tabs, "NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)")
    for item in _sorted(session, found, lambda item: item["metadata"]["name"]):
        name = item["metadata"]["name"]
        _row(tabs, name, *_parts(_usage(item.get("usage")), available.pop(name, {})))
    for name in available:
        _row(tabs, name, *["<unknown>"] * 4)
    session.write(tabs.flush())
    return 0


def run_pod(session: Session) -> int:
    flags = session.flags
    name = _name(session, "pod [NAME | -l label]", "selector")
    everywhere = flags.is_on("all-namespaces")
    where = "" if everywhere else f"/namespaces/{session.namespace}"
    found = _metrics(session, f"{_API}{where}/pods", name)
    if flags.text("field-selector"):
        pods = _listed(session, f"/api/v1{where}/pods", "")
        names = {_key(pod) for pod in pods}
        found = [item for item in found if _key(item) in names]
    if not found:
        _explain_absence(session, f"/api/v1{where}/pods", name)
        text = "" if everywhere else f" in {session.namespace} namespace."
        session.err(f"No resources found{text}")
        return 0
    tabs = TabWriter()
    columns = ["NAMESPACE"] if everywhere else []
    columns += ["POD"] if flags.is_on("containers") else []
    columns += ["NAME", "CPU(cores)", "MEMORY(bytes)"]
    if not flags.is_on("no-headers"):
        _row(tabs, *columns)
    for item in _sorted(session, found, lambda item: _key(item) if everywhere else _key(item)[1:]):
        before = [item["metadata"]["namespace"]] if everywhere else []
        for cells in _pod_rows(session, item):
            _row(tabs, *before, *cells)
    if flags.is_on("sum"):
        total = _total(found)
        _row(tabs, *[""] * (len(columns) - 2), "________", "________")
        _row(tabs, *[""] * (len(columns) - 2), *_amounts(total))
    session.write(tabs.flush())
    return 0


def _pod_rows(session: Session, item: Object) -> Iterable[list[str]]:
    name = item["metadata"]["name"]
    if not session.flags.is_on("containers"):
        yield [name, *_amounts(_usage_of(item))]
        return
    containers = item.get("containers") or []
    for each in _sorted(session, containers, lambda container: container["name"]):
        yield [name, each["name"], *_amounts(_usage(each.get("usage")))]


def _name(session: Session, usage: str, selector: str) -> str:
    words, flags = session.arguments, session.flags
    if len(words) > 1:
        raise UsageError(usage, session.command)
    if flags.text("sort-by") not in ("", "cpu", "memory"):
        raise KubectlError("--sort-by accepts only cpu or memory")
    name = words[0] if words else ""
    if name and flags.text(selector):
        shown = "selector" if usage.startswith("pod") else "--selector"
        raise KubectlError(f"only one of NAME or {shown} can be provided")
    return name


def _metrics(session: Session, path: str, name: str) -> list[Object]:
    groups = session.client.call("GET", "/apis").get("groups") or ()
    versions = [
        version["version"]
        for group in groups
        if group.get("name") == _GROUP
        for version in group.get("versions") or ()
    ]
    if _VERSION not in versions:
        raise KubectlError("Metrics API not available")
    if name:
        return [session.client.call("GET", f"{path}/{name}")]
    query = {"labelSelector": session.flags.text("selector")}
    return list(session.client.call("GET", path, query).get("items") or ())


def _listed(session: Session, path: str, name: str) -> list[Object]:
    if name:
        return [session.client.call("GET", f"{path}/{name}")]
    query = {
        "labelSelector": session.flags.text("selector"),
        "fieldSelector": session.flags.values.get("field-selector") or "",
    }
    return list(session.client.call("GET", path, query).get("items") or ())


def _explain_absence(session: Session, path: str, name: str) -> None:
    """Raises KubectlError when there are pods that should have metrics."""
    if _listed(session, path, name):
        raise KubectlError("metrics not available yet")


def _key(obj: Object) -> tuple[str, str]:
    metadata = obj["metadata"]
    return metadata.get("namespace", ""), metadata["name"]


def _usage(amounts: Mapping[str, Any] | None) -> Usage:
    amounts = amounts or {}
    return milli_value(amounts.get("cpu", 0)), value(amounts.get("memory", 0))


def _usage_of(item: Object) -> Usage:
    """Of a node, a pod or a container."""
    if "usage" in item:
        return _usage(item["usage"])
    return _total(item.get("containers") or ())


def _total(items: Iterable[Object]) -> Usage:
    usages = [_usage_of(item) for item in items]
    return sum(cpu for cpu, _ in usages), sum(memory for _, memory in usages)


def _sorted(session: Session, items: list[Object], key: Any) -> list[Object]:
    by = session.flags.text("sort-by")
    if by:
        place = 0 if by == "cpu" else 1
        return sorted(items, key=lambda item: (-_usage_of(item)[place], key(item)))
    return sorted(items, key=key)


def _amounts(usage: Usage) -> tuple[str, str]:
    return f"{usage[0]}m", f"{usage[1] // _MEBI}Mi"


def _parts(usage: Usage, available: Mapping[str, Any]) -> list[str]:
    """Amounts, each with its part of what there is."""
    cells: list[str] = []
    whole = _usage(available)
    for place, resource in enumerate(("cpu", "memory")):
        cells.append(_amounts(usage)[place])
        if resource in available:
            percent = int(usage[place] / whole[place] * 100) if whole[place] else 0
            cells.append(f"{percent}%")
    return cells


def _row(tabs: TabWriter, *cells: str) -> None:
    """Every cell is padded, the last too, as kubectl has it."""
    tabs.line(*cells, "")


_SORT_BY = Flag(
    "sort-by",
    "",
    STRING,
    "",
    "If non-empty, sort the list using specified field. The field can be either 'cpu' or 'memory'.",
)
_NO_HEADERS = switch("no-headers", "", "If present, print output without headers")

NODE = Command(
    name="node",
    aliases=("nodes", "no"),
    short="Display resource (CPU/memory) usage of nodes",
    usage="[NAME | -l label]",
    long="""Display resource (CPU/memory) usage of nodes.

 The top-node command allows you to see the resource consumption of nodes.""",
    examples="""# Show metrics for all nodes
kubectl top node

# Show metrics for a given node
kubectl top node NODE_NAME""",
    flags=(
        _NO_HEADERS,
        SELECTOR,
        switch(
            "show-capacity",
            "",
            "Print node resources based on Capacity instead of Allocatable(default) of the nodes.",
        ),
        _SORT_BY,
    ),
    run=run_node,
)
POD = Command(
    name="pod",
    aliases=("pods", "po"),
    short="Display resource (CPU/memory) usage of pods",
    usage="[NAME | -l label]",
    long="""Display resource (CPU/memory) usage of pods.

 The 'top pod' command allows you to see the resource consumption of pods.

 Due to the metrics pipeline delay, they may be unavailable for a few minutes since pod \
creation.""",
    examples="""# Show metrics for all pods in the default namespace
kubectl top pod

# Show metrics for all pods in the given namespace
kubectl top pod --namespace=NAMESPACE

# Show metrics for a given pod and its containers
kubectl top pod POD_NAME --containers

# Show metrics for the pods defined by label name=myLabel
kubectl top pod -l name=myLabel""",
    flags=(
        ALL_NAMESPACES,
        switch("containers", "", "If present, print usage of containers within a pod."),
        FIELD_SELECTOR,
        _NO_HEADERS,
        SELECTOR,
        _SORT_BY,
        switch("sum", "", "Print the sum of the resource usage"),
    ),
    run=run_pod,
)
COMMAND = Command(
    name="top",
    short="Display resource (CPU/memory) usage",
    usage="[flags]",
    long="""Display resource (CPU/memory) usage.

 The top command allows you to see the resource consumption for nodes or pods.

 This command requires Metrics Server to be correctly configured and working on the server.""",
    flags=(),
    children=(NODE, POD),
)
