"""`kubectl cluster-info`: where the cluster is, and all there is to know about it (`dump`).

Models: k8s.io/kubectl/pkg/cmd/clusterinfo (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import OUTPUT, Command
from cluster_engine.kubectl.errors import StatusError
from cluster_engine.kubectl.flags import STRING, STRINGS, Flag, switch
from cluster_engine.kubectl.printers.chosen import ObjectPrinter, chosen_printer
from cluster_engine.kubectl.session import Session

_DUMPED = (
    ("events", "/api/v1", "events"),
    ("replication-controllers", "/api/v1", "replicationcontrollers"),
    ("services", "/api/v1", "services"),
    ("daemonsets", "/apis/apps/v1", "daemonsets"),
    ("deployments", "/apis/apps/v1", "deployments"),
    ("replicasets", "/apis/apps/v1", "replicasets"),
    ("pods", "/api/v1", "pods"),
)


def run(session: Session) -> int:
    namespace = session.namespace if session.is_namespace_given else "kube-system"
    services = session.client.call(
        "GET",
        f"/api/v1/namespaces/{namespace}/services",
        {"labelSelector": "kubernetes.io/cluster-service=true"},
    )
    host = session.config.server()
    session.out(f"Kubernetes control plane is running at {host}")
    for service in services.get("items") or ():
        metadata = service["metadata"]
        name = (metadata.get("labels") or {}).get("kubernetes.io/name") or metadata["name"]
        session.out(f"{name} is running at {_link(host, service)}")
    session.out(
        "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'."
    )
    return 0


def _link(host: str, service: Object) -> str:
    metadata, ports = service["metadata"], service["spec"].get("ports") or ()
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress")
    if ingress:
        address = ingress[0].get("ip") or ingress[0].get("hostname", "")
        return "".join(f"http://{address}:{port['port']} " for port in ports)
    name = metadata["name"]
    if ports:
        port = ports[0].get("name", "")
        if port == "https" or ports[0]["port"] == 443:
            name = f"https:{name}:{port}"
        elif port:
            name = f"{name}:{port}"
    return f"{host}/api/v1/namespaces/{metadata['namespace']}/services/{name}/proxy"


def run_dump(session: Session) -> int:
    flags = session.flags
    printer = chosen_printer(session) or ObjectPrinter("json")
    extension = {"json": ".json", "yaml": ".yaml"}.get(printer.format, ".txt")
    nodes = session.client.call("GET", "/api/v1/nodes")
    _dump(session, "nodes", extension, printer.print(nodes))
    namespaces = flags.words("namespaces") or ["kube-system", session.namespace]
    if flags.is_on("all-namespaces"):
        listed = session.client.call("GET", "/api/v1/namespaces").get("items") or ()
        namespaces = [item["metadata"]["name"] for item in listed]
    for namespace in namespaces:
        answer: Object = {}
        for name, api, plural in _DUMPED:
            answer = session.client.call("GET", f"{api}/namespaces/{namespace}/{plural}")
            _dump(session, f"{namespace}/{name}", extension, printer.print(answer))
        for pod in answer.get("items") or ():
            name = f"{namespace}/{pod['metadata']['name']}/logs"
            _dump(session, name, ".txt", _logs(session, pod))
    folder = flags.text("output-directory")
    if folder not in ("", "-"):
        session.out(f"Cluster info dumped to {folder}")
    return 0


def _dump(session: Session, name: str, extension: str, text: str) -> None:
    folder = session.flags.text("output-directory")
    if folder in ("", "-"):
        session.write(text)
        return
    path = f"{folder.rstrip('/')}/{name}{extension}"
    system = session.system
    parts = path.split("/")[:-1]
    for count in range(1, len(parts) + 1):
        parent = "/".join(parts[:count])
        if parent and not system.exists(parent):
            system.mkdir(parent)
    system.write_file(path, text.encode())


def _logs(session: Session, pod: Object) -> str:
    metadata, spec = pod["metadata"], pod["spec"]
    path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/log"
    out: list[str] = []
    containers: list[Any] = [*(spec.get("initContainers") or ()), *spec["containers"]]
    for container in containers:
        name = container["name"]
        title = f"logs for container {name} of pod {metadata['namespace']}/{metadata['name']}"
        out.append(f"==== START {title} ====\n")
        try:
            data = session.client.text(path, {"container": name})
            out.append(data.decode("utf-8", "replace"))
        except StatusError as error:
            out.append(f"Request log error: {error.message}\n")
        out.append(f"==== END {title} ====\n")
    return "".join(out)


DUMP = Command(
    name="dump",
    short="Dump relevant information for debugging and diagnosis",
    usage="",
    long="""Dump cluster information out suitable for debugging and diagnosing cluster problems.  \
By default, dumps everything to stdout. You can optionally specify a directory with \
--output-directory.  If you specify a directory, Kubernetes will build a set of files in that \
directory.  By default, only dumps things in the current namespace and 'kube-system' namespace, \
but you can switch to a different namespace with the --namespaces flag, or specify \
--all-namespaces to dump all namespaces.

 The command also dumps the logs of all of the pods in the cluster; these logs are dumped into \
different directories based on namespace and pod name.""",
    examples="""# Dump current cluster state to stdout
kubectl cluster-info dump

# Dump current cluster state to /path/to/cluster-state
kubectl cluster-info dump --output-directory=/path/to/cluster-state

# Dump all namespaces to stdout
kubectl cluster-info dump --all-namespaces

# Dump a set of namespaces to /path/to/cluster-state
kubectl cluster-info dump --namespaces default,kube-system \
--output-directory=/path/to/cluster-state""",
    flags=(
        switch(
            "all-namespaces",
            "A",
            "If true, dump all namespaces.  If true, --namespaces is ignored.",
        ),
        Flag("namespaces", "", STRINGS, None, "A comma separated list of namespaces to dump."),
        OUTPUT,
        Flag(
            "output-directory",
            "",
            STRING,
            "",
            "Where to output the files.  If empty or '-' uses stdout, otherwise creates a "
            "directory hierarchy in that directory",
        ),
    ),
    run=run_dump,
)
COMMAND = Command(
    name="cluster-info",
    short="Display cluster information",
    usage="",
    long="""Display addresses of the control plane and services \
with label kubernetes.io/cluster-service=true. \
To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.""",
    examples="""# Print the address of the control plane and cluster services
kubectl cluster-info""",
    flags=(),
    children=(DUMP,),
    run=run,
)
