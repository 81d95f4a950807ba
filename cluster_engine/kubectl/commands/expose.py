"""`kubectl expose`: a service in front of what a resource selects.

Models: k8s.io/kubectl/pkg/cmd/expose (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.applying import annotated
from cluster_engine.kubectl.command import DRY_RUN, PRINTING, Command, files, manager
from cluster_engine.kubectl.creating.common import SAVE_CONFIG
from cluster_engine.kubectl.errors import KubectlError, raise_all
from cluster_engine.kubectl.flags import STRING, Flag
from cluster_engine.kubectl.overrides import OVERRIDES, overridden
from cluster_engine.kubectl.pairs import parse_labels
from cluster_engine.kubectl.resources import resource_of
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, gather
from cluster_engine.kubectl.writing import create, with_namespace

_KINDS = ("ReplicationController", "Service", "Pod", "Deployment", "ReplicaSet")
_NAME_LENGTH_MAX = 63


def run(session: Session) -> int:
    targets, errors = gather(session, session.arguments)
    for target in targets:
        try:
            _expose(session, target)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _expose(session: Session, target: Target) -> None:
    if target.resource.kind not in _KINDS:
        group = f".{target.resource.group}" if target.resource.group else ""
        raise KubectlError(f"cannot expose a {target.resource.kind}{group}")
    service = overridden(session, _service(session, target))
    if dry_run(session) == CLIENT:
        if session.is_namespace_given:
            service = with_namespace(service, session.namespace)
    else:
        if session.flags.is_on("save-config"):
            service = annotated(service)
        resource = resource_of(session.resources, service)
        service = create(session, resource, session.namespace, service)
    report(session, service, "exposed")


def _service(session: Session, target: Target) -> Object:
    flags = session.flags
    selector = _selector(session, target.object)
    labels = dict(target.object["metadata"].get("labels") or {})
    if flags.text("labels"):
        labels = parse_labels(flags.text("labels"))
    metadata: Object = {"name": flags.text("name") or target.name[:_NAME_LENGTH_MAX]}
    if labels:
        metadata["labels"] = labels
    spec: Object = {"selector": selector}
    ports = _ports(session, target.object)
    if ports:
        spec["ports"] = ports
    if flags.text("external-ip"):
        spec["externalIPs"] = [flags.text("external-ip")]
    if flags.text("type"):
        spec["type"] = flags.text("type")
    if flags.text("type") == "LoadBalancer" and flags.text("load-balancer-ip"):
        spec["loadBalancerIP"] = flags.text("load-balancer-ip")
    affinity = flags.text("session-affinity")
    if affinity and affinity not in ("None", "ClientIP"):
        raise KubectlError(f"unknown session affinity: {affinity}")
    if affinity:
        spec["sessionAffinity"] = affinity
    if flags.text("cluster-ip"):
        spec["clusterIP"] = flags.text("cluster-ip")
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": spec,
        "status": {"loadBalancer": {}},
    }


def _selector(session: Session, obj: Object) -> dict[str, str]:
    if session.flags.text("selector"):
        return parse_labels(session.flags.text("selector"))
    try:
        return _labels_selected(obj)
    except KubectlError as error:
        raise KubectlError(
            f"couldn't retrieve selectors via --selector flag or introspection: {error.message}"
        ) from None


def _labels_selected(obj: Object) -> dict[str, str]:
    kind, spec = obj["kind"], obj.get("spec") or {}
    if kind == "Pod":
        labels: dict[str, str] = obj["metadata"].get("labels") or {}
        if not labels:
            raise KubectlError("the pod has no labels and cannot be exposed")
        return labels
    selector: dict[str, Any] = spec.get("selector") or {}
    if kind == "Service" and not selector:
        raise KubectlError("the service has no pod selector set")
    if kind in ("Service", "ReplicationController"):
        return selector
    if not selector.get("matchLabels"):
        name = {"Deployment": "deployment", "ReplicaSet": "replicaset"}[kind]
        raise KubectlError(f"invalid {name}: no selectors, therefore cannot be exposed")
    if selector.get("matchExpressions"):
        shown = " ".join(
            f"{{Key:{each.get('key', '')} Operator:{each.get('operator', '')} "
            f"Values:[{' '.join(each.get('values') or ())}]}}"
            for each in selector["matchExpressions"]
        )
        raise KubectlError(
            "couldn't retrieve selectors via --selector flag or introspection: couldn't convert "
            f'expressions - "[{shown}]" to map-based selector format'
        )
    matched: dict[str, str] = selector["matchLabels"]
    return matched


def _exposed(obj: Object) -> dict[str, list[str]]:
    """Ports of the object with their protocols."""
    spec = obj.get("spec") or {}
    found: dict[str, list[str]] = {}
    if obj["kind"] == "Service":
        listed = [(port["port"], port) for port in spec.get("ports") or ()]
    else:
        pod = spec if obj["kind"] == "Pod" else spec["template"]["spec"]
        containers = pod.get("containers") or ()
        listed = [(p["containerPort"], p) for c in containers for p in c.get("ports") or ()]
    for number, port in listed:
        protocols = found.setdefault(str(number), [])
        protocol = port.get("protocol") or "TCP"
        if protocol not in protocols:
            protocols.append(protocol)
    return found


def _ports(session: Session, obj: Object) -> list[Object]:
    flags = session.flags
    exposed = _exposed(obj)
    numbers = flags.text("port").split(",") if flags.text("port") else list(exposed)
    if not numbers and flags.text("cluster-ip") != "None":
        raise KubectlError("couldn't find port via --port flag or introspection")
    ports: list[Object] = []
    for place, text in enumerate(numbers):
        number = _number(text)
        protocols = [flags.text("protocol")] if flags.text("protocol") else exposed.get(text)
        for protocol in protocols or ["TCP"]:
            port: Object = {"port": number, "protocol": protocol}
            if not flags.text("protocol") and len(protocols or ()) > 1:
                port["name"] = f"port-{place + 1}-{protocol.lower()}"
            elif len(numbers) > 1:
                port["name"] = f"port-{place + 1}"
            target = flags.text("target-port")
            port["targetPort"] = (int(target) if target.isdigit() else target) or number
            ports.append(port)
    return ports


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise KubectlError(f'strconv.Atoi: parsing "{text}": invalid syntax') from None


COMMAND = Command(
    name="expose",
    short="Take a replication controller, service, deployment or pod and expose it as "
    "a new Kubernetes service",
    usage="(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] "
    "[--target-port=number-or-name] [--name=name] "
    "[--external-ip=external-ip-of-service] [--type=type]",
    long="""Expose a resource as a new Kubernetes service.

 Looks up a deployment, service, replica set, replication controller or pod by name and uses the \
selector for that resource as the selector for a new service on the specified port. A deployment \
or replica set will be exposed as a service only if its selector is convertible to a selector \
that service supports, i.e. when the selector contains only the matchLabels component. Note that \
if no port is specified via --port and the exposed resource has multiple ports, all will be \
re-used by the new service. Also if no labels are specified, the new service will re-use the \
labels from the resource it exposes.

 Possible resources include (case insensitive):

 pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs)""",
    examples="""# Create a service for a replicated nginx, which serves on port 80 and connects \
to the containers on port 8000
kubectl expose rc nginx --port=80 --target-port=8000

# Create a service for a replication controller identified by type and name specified in \
"nginx-controller.yaml", which serves on port 80 and connects to the containers on port 8000
kubectl expose -f nginx-controller.yaml --port=80 --target-port=8000

# Create a service for a pod valid-pod, which serves on port 444 with the name "frontend"
kubectl expose pod valid-pod --port=444 --name=frontend

# Create a second service based on the above service, exposing the container port 8443 as port \
443 with the name "nginx-https"
kubectl expose service nginx --port=443 --target-port=8443 --name=nginx-https

# Create a service for a replicated streaming application on port 4100 balancing UDP traffic and \
named 'video-stream'.
kubectl expose rc streamer --port=4100 --protocol=UDP --name=video-stream

# Create a service for a replicated nginx using replica set, which serves on port 80 and connects \
to the containers on port 8000
kubectl expose rs nginx --port=80 --target-port=8000

# Create a service for an nginx deployment, which serves on port 80 and connects to the \
containers on port 8000
kubectl expose deployment nginx --port=80 --target-port=8000""",
    flags=(
        Flag(
            "cluster-ip",
            "",
            STRING,
            "",
            "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or "
            "set to 'None' to create a headless service.",
        ),
        DRY_RUN,
        Flag(
            "external-ip",
            "",
            STRING,
            "",
            "Additional external IP address (not managed by Kubernetes) to accept for "
            "the service. If this IP is routed to a node, the service can be accessed "
            "by this IP in addition to its generated service IP.",
        ),
        manager("kubectl-expose"),
        *files("identifying the resource to expose a service"),
        Flag("labels", "l", STRING, "", "Labels to apply to the service created by this call."),
        Flag(
            "load-balancer-ip",
            "",
            STRING,
            "",
            "IP to assign to the LoadBalancer. If empty, an ephemeral IP will be "
            "created and used (cloud-provider specific).",
        ),
        Flag("name", "", STRING, "", "The name for the newly created object."),
        *PRINTING,
        *OVERRIDES,
        Flag(
            "port",
            "",
            STRING,
            "",
            "The port that the service should serve on. Copied from the resource being "
            "exposed, if unspecified",
        ),
        Flag(
            "protocol",
            "",
            STRING,
            "",
            "The network protocol for the service to be created. Default is 'TCP'.",
        ),
        SAVE_CONFIG,
        Flag(
            "selector",
            "",
            STRING,
            "",
            "A label selector to use for this service. Only equality-based selector requirements "
            "are supported. If empty (the default) infer the selector from the resource being "
            "exposed.",
        ),
        Flag(
            "session-affinity",
            "",
            STRING,
            "",
            "If non-empty, set the session affinity for the service to this; legal "
            "values: 'None', 'ClientIP'",
        ),
        Flag(
            "target-port",
            "",
            STRING,
            "",
            "Name or number for the port on the container that the service should "
            "direct traffic to. Optional.",
        ),
        Flag(
            "type",
            "",
            STRING,
            "",
            "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. "
            "Default is 'ClusterIP'.",
        ),
    ),
    run=run,
)
