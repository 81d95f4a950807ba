"""`kubectl create service` (clusterip, nodeport, loadbalancer, externalname) and `ingress`.

Models: k8s.io/kubectl/pkg/cmd/create (v0.37.2).
"""

from __future__ import annotations

import re
from typing import Any

from cluster_engine.apimachinery.names import is_dns1123_subdomain, is_port_name, is_port_number
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.creating.common import COMMON, metadata_of, name_of, require, send
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import ARRAY, INT, STRINGS, Flag
from cluster_engine.kubectl.session import Session

_RULE = re.compile(r"^(?:(?:[a-zA-Z0-9*.-]+)?)/(?:[^=]*)=[^:,]+:[^:,=]+(?:,tls(?:=[^,]*)?)?$")


def run_cluster_ip(session: Session) -> int:
    return _service(session, "ClusterIP", cluster_ip=session.flags.text("clusterip"))


def run_node_port(session: Session) -> int:
    return _service(session, "NodePort", node_port=session.flags["node-port"])


def run_load_balancer(session: Session) -> int:
    return _service(session, "LoadBalancer")


def run_external_name(session: Session) -> int:
    require(session, "external-name")
    name = session.flags.text("external-name")
    if is_dns1123_subdomain(name):
        raise KubectlError(f"invalid service external name {name}")
    return _service(session, "ExternalName", external_name=name)


def _service(
    session: Session,
    type_: str,
    *,
    cluster_ip: str = "",
    node_port: int = 0,
    external_name: str = "",
) -> int:
    name = name_of(session)
    pairs = session.flags.words("tcp")
    if cluster_ip != "None" and not pairs and type_ != "ExternalName":
        raise KubectlError("at least one tcp port specifier must be provided")
    ports = [_port(pair, node_port) for pair in pairs]
    labels = {"app": name}
    spec: Object = {"selector": labels, "type": type_}
    if ports:
        spec["ports"] = ports
    if cluster_ip:
        spec["clusterIP"] = cluster_ip
    if external_name:
        spec["externalName"] = external_name
    service: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata_of(session, name, labels=labels),
        "spec": spec,
        "status": {"loadBalancer": {}},
    }
    return send(session, service, f"{type_} service:")


def _port(pair: str, node_port: int) -> Object:
    first, *rest = pair.split(":")
    port = _number(first)
    made: Object = {"name": pair.replace(":", "-"), "port": port, "protocol": "TCP"}
    made["targetPort"] = _target(rest[0]) if rest else port
    if node_port:
        made["nodePort"] = node_port
    return made


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise KubectlError(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    if len(text) > 5 or int(text) > 65535:
        raise KubectlError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)


def _target(text: str) -> int | str:
    is_number = text.isascii() and text.isdigit()
    wrong = is_port_number(int(text)) if is_number else is_port_name(text)
    if wrong:
        raise KubectlError(",".join(wrong))
    return int(text) if is_number else text


def run_ingress(session: Session) -> int:
    name, flags = name_of(session), session.flags
    rules, backend = flags.words("rule"), flags.text("default-backend")
    if not backend and not rules:
        raise KubectlError(
            "not enough information provided: every ingress has to either specify a "
            "default-backend (which catches all traffic) or a list of rules (which catch specific "
            "paths)"
        )
    for rule in rules:
        if not _RULE.match(rule):
            raise KubectlError(
                f"rule {rule} is invalid and should be in format "
                "host/path=svcname:svcport[,tls[=secret]]"
            )
    if backend and backend.count(":") != 1:
        raise KubectlError("default-backend should be in format servicename:serviceport")
    metadata = metadata_of(session, name)
    annotations = _annotations(flags.words("annotation"))
    if annotations:
        metadata["annotations"] = annotations
    spec: Object = {}
    if flags.text("class"):
        spec["ingressClassName"] = flags.text("class")
    if backend:
        spec["defaultBackend"] = _backend(backend)
    tls = _tls(rules)
    if tls:
        spec["tls"] = tls
    if rules:
        spec["rules"] = _rules(rules)
    ingress: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata,
        "spec": spec,
        "status": {"loadBalancer": {}},
    }
    return send(session, ingress, "ingress:")


def _annotations(words: list[str]) -> dict[str, str]:
    found = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise KubectlError(f"annotation {word} is invalid and should be in format key=[value]")
        found[key] = value
    return found


def _rules(rules: list[str]) -> list[Object]:
    by_host: dict[str, Object] = {}
    for rule in rules:
        host, _, rest = rule.split(",")[0].partition("/")
        path, _, service = rest.partition("=")
        path = f"/{path}"
        is_prefix = path.endswith("*")
        entry = {
            "backend": _backend(service),
            "path": path[:-1] if is_prefix else path,
            "pathType": "Prefix" if is_prefix else "Exact",
        }
        made = by_host.setdefault(host, {"http": {"paths": []}})
        if host:
            made["host"] = host
        made["http"]["paths"].append(entry)
    return list(by_host.values())


def _tls(rules: list[str]) -> list[Object]:
    found: list[Object] = []
    seen: set[str] = set()
    for rule in rules:
        body, comma, tls = rule.partition(",")
        host = body.partition("/")[0]
        if not comma or host in seen:
            continue
        seen.add(host)
        secret = tls.partition("=")[2]
        same = next((item for item in found if item.get("secretName", "") == secret), None)
        if same is not None:
            same.setdefault("hosts", []).append(host)
            continue
        entry: dict[str, Any] = {}
        if host:
            entry["hosts"] = [host]
        if secret:
            entry["secretName"] = secret
        if entry:
            found.append(entry)
    return found


def _backend(service: str) -> Object:
    name, _, port = service.partition(":")
    number = {"number": int(port)} if port.isdigit() else {"name": port}
    return {"service": {"name": name, "port": number}}


_TCP = Flag("tcp", "", STRINGS, None, "Port pairs can be specified as '<port>:<targetPort>'.")

SERVICE = Command(
    name="service",
    short="Create a service using a specified subcommand",
    usage="[flags]",
    aliases=("svc",),
    children=(
        Command(
            name="clusterip",
            short="Create a ClusterIP service",
            usage="NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
            long="Create a ClusterIP service with the specified name.",
            examples="""# Create a new ClusterIP service named my-cs
kubectl create service clusterip my-cs --tcp=5678:8080

# Create a new ClusterIP service named my-cs (in headless mode)
kubectl create service clusterip my-cs --clusterip="None\"""",
            flags=(
                *COMMON,
                _TCP,
                Flag(
                    "clusterip",
                    "",
                    "string",
                    "",
                    "Assign your own ClusterIP or set to 'None' "
                    "for a 'headless' service (no loadbalancing).",
                ),
            ),
            run=run_cluster_ip,
        ),
        Command(
            name="externalname",
            short="Create an ExternalName service",
            long="""Create an ExternalName service with \
the specified name.

 ExternalName service references to an external DNS address instead of only pods, which will \
allow application authors to reference services that exist off platform, on other clusters, or \
locally.""",
            usage="NAME --external-name external.name [--dry-run=server|client|none]",
            examples="""# Create a new ExternalName service named my-ns
kubectl create service externalname my-ns --external-name bar.com""",
            flags=(
                *COMMON,
                _TCP,
                Flag("external-name", "", "string", "", "External name of service"),
            ),
            run=run_external_name,
        ),
        Command(
            name="loadbalancer",
            short="Create a LoadBalancer service",
            long="""Create a LoadBalancer service with the specified name.""",
            usage="NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
            examples="""# Create a new LoadBalancer service named my-lbs
kubectl create service loadbalancer my-lbs --tcp=5678:8080""",
            flags=(*COMMON, _TCP),
            run=run_load_balancer,
        ),
        Command(
            name="nodeport",
            short="Create a NodePort service",
            long="""Create a NodePort service with the specified name.""",
            usage="NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
            examples="""# Create a new NodePort service named my-ns
kubectl create service nodeport my-ns --tcp=5678:8080""",
            flags=(
                *COMMON,
                _TCP,
                Flag(
                    "node-port",
                    "",
                    INT,
                    0,
                    "Port used to expose the service on each node in a cluster.",
                ),
            ),
            run=run_node_port,
        ),
    ),
)
INGRESS = Command(
    name="ingress",
    short="Create an ingress with the specified name",
    usage="NAME --rule=host/path=service:port[,tls[=secret]]",
    aliases=("ing",),
    examples="""# Create a single ingress called 'simple' that directs requests to foo.com/bar to \
svc
# svc1:8080 with a TLS secret "my-cert"
kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"

# Create a catch all ingress of "/path" pointing to service svc:port and Ingress Class as \
"otheringress"
kubectl create ingress catch-all --class=otheringress --rule="/path=svc:port"

# Create an ingress with two annotations: ingress.annotation1 and ingress.annotations2
kubectl create ingress annotated --class=default --rule="foo.com/bar=svc:port" \\
--annotation ingress.annotation1=foo \\
--annotation ingress.annotation2=bla

# Create an ingress with the same host and multiple paths
kubectl create ingress multipath --class=default \\
--rule="foo.com/=svc:port" \\
--rule="foo.com/admin/=svcadmin:portadmin"

# Create an ingress with multiple hosts and the pathType as Prefix
kubectl create ingress ingress1 --class=default \\
--rule="foo.com/path*=svc:8080" \\
--rule="bar.com/admin*=svc2:http"

# Create an ingress with TLS enabled using the default ingress certificate and different path types
kubectl create ingress ingtls --class=default \\
--rule="foo.com/=svc:https,tls" \\
--rule="foo.com/path/subpath*=othersvc:8080"

# Create an ingress with TLS enabled using a specific secret and pathType as Prefix
kubectl create ingress ingsecret --class=default \\
--rule="foo.com/*=svc:8080,tls=secret1"

# Create an ingress with a default backend
kubectl create ingress ingdefault --class=default \\
--default-backend=defaultsvc:http \\
--rule="foo.com/*=svc:8080,tls=secret1\"""",
    flags=(
        *COMMON,
        Flag("class", "", "string", "", "Ingress Class to be used"),
        Flag(
            "rule",
            "",
            ARRAY,
            None,
            "Rule in format host/path=service:port[,tls=secretname]. "
            "Paths containing the leading character '*' are considered pathType=Prefix. tls "
            "argument is optional.",
        ),
        Flag(
            "default-backend",
            "",
            "string",
            "",
            "Default service for backend, in format of svcname:port",
        ),
        Flag(
            "annotation",
            "",
            ARRAY,
            None,
            "Annotation to insert in the ingress object, in the format annotation=value",
        ),
    ),
    run=run_ingress,
)
