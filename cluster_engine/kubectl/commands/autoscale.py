"""`kubectl autoscale`: a horizontal pod autoscaler for a workload.

Models: k8s.io/kubectl/pkg/cmd/autoscale (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import QuantityError, canonical
from cluster_engine.kubectl.applying import annotated
from cluster_engine.kubectl.command import DRY_RUN, PRINTING, Command, files, manager
from cluster_engine.kubectl.creating.common import SAVE_CONFIG, require
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import INT, STRING, Flag
from cluster_engine.kubectl.resources import resource_of
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, gather
from cluster_engine.kubectl.writing import create

_UNITS = {"cpu": "m", "memory": "Mi"}


def run(session: Session) -> int:
    require(session, "max")
    _check(session)
    targets, errors = gather(session, session.arguments)
    for target in targets:
        try:
            _autoscale(session, target)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    if not targets:
        raise KubectlError("no objects passed to autoscale")
    return 0


def _check(session: Session) -> None:
    flags = session.flags
    most, least = flags["max"], flags["min"]
    if most < 1:
        raise KubectlError(f"--max=MAXPODS is required and must be at least 1, max: {most}")
    if most < least:
        raise KubectlError(
            f"--max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}"
        )
    if flags.has("cpu-percent"):
        session.err(
            "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource "
            "quantity format (e.g., '70%' for utilization or '500m' for milliCPU)."
        )
    if flags["cpu-percent"] > 0 and flags.text("cpu"):
        raise KubectlError("--cpu-percent and --cpu are mutually exclusive")
    for resource in _UNITS:
        if flags.text(resource):
            _goal(flags.text(resource), resource)


def _autoscale(session: Session, target: Target) -> None:
    resource = target.resource
    if "scale" not in resource.subresources:
        group = f"{resource.group}/{resource.version}" if resource.group else f"/{resource.version}"
        raise KubectlError(
            f"cannot autoscale a {resource.kind}: could not find scale subresource for {group}, "
            f"Resource={resource.plural} in discovery information"
        )
    autoscaler = _second_version(session, target)
    if dry_run(session) == CLIENT:
        report(session, autoscaler, "created")
        return
    try:
        answer = _send(session, autoscaler)
    except StatusError:
        answer = _send(session, _first_version(session, target))
    report(session, answer, "autoscaled")


def _send(session: Session, autoscaler: Object) -> Object:
    if session.flags.is_on("save-config"):
        autoscaler = annotated(autoscaler)
    resource = resource_of(session.resources, autoscaler)
    return create(session, resource, session.namespace, autoscaler)


def _base(session: Session, target: Target, version: str) -> Object:
    flags = session.flags
    metadata: Object = {"name": flags.text("name") or target.name}
    if session.is_namespace_given:
        metadata["namespace"] = session.namespace
    spec: Object = {
        "maxReplicas": flags["max"],
        "scaleTargetRef": {
            "apiVersion": target.resource.api_version,
            "kind": target.resource.kind,
            "name": target.name,
        },
    }
    if flags["min"] > 0:
        spec["minReplicas"] = flags["min"]
    return {
        "apiVersion": f"autoscaling/{version}",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata,
        "spec": spec,
    }


def _second_version(session: Session, target: Target) -> Object:
    flags = session.flags
    metrics: list[Object] = []
    if flags["cpu-percent"] > 0:
        goal = {"type": "Utilization", "averageUtilization": flags["cpu-percent"]}
        metrics.append({"type": "Resource", "resource": {"name": "cpu", "target": goal}})
    for resource in _UNITS:
        if flags.text(resource):
            goal = _goal(flags.text(resource), resource)
            metrics.append({"type": "Resource", "resource": {"name": resource, "target": goal}})
    autoscaler = _base(session, target, "v2")
    if metrics:
        autoscaler["spec"]["metrics"] = metrics
    return {**autoscaler, "status": {"desiredReplicas": 0, "currentMetrics": None}}


def _first_version(session: Session, target: Target) -> Object:
    """What servers without autoscaling/v2 take. Raises KubectlError when it cannot be said so."""
    flags = session.flags
    try:
        if not flags.text("cpu"):
            raise KubectlError("empty input")
        goal = _goal(flags.text("cpu"), "cpu")
        if flags.text("memory") or goal["type"] != "Utilization":
            # What kubectl prints where it has no error to name.
            raise KubectlError("%!w(<nil>)")
    except KubectlError as error:
        raise KubectlError(
            "failed to create autoscaling/v2 HPA and the configuration is incompatible with "
            f"autoscaling/v1: {error.message}"
        ) from None
    return _base(session, target, "v1")


def _goal(text: str, resource: str) -> Object:
    """The target that "70%", "500m" or a bare number asks for. Raises KubectlError."""
    text = text.strip()
    if text.endswith("%"):
        number = text[:-1]
        if not number.isdigit():
            raise KubectlError(f"invalid percentage value: {number}")
        return {"type": "Utilization", "averageUtilization": int(number)}
    try:
        float(text)
        text += _UNITS[resource]
    except ValueError:
        pass
    try:
        return {"type": "AverageValue", "averageValue": canonical(text)}
    except QuantityError:
        raise KubectlError(f"invalid resource {resource} value: {text}") from None


COMMAND = Command(
    name="autoscale",
    short="Auto-scale a deployment, replica set, stateful set, or replication controller",
    usage="(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS "
    "[--cpu=CPU] [--memory=MEMORY]",
    long="""Creates an autoscaler that automatically chooses and sets the number of pods that run \
in a Kubernetes cluster. The command will attempt to use the autoscaling/v2 API first, in case of \
an error, it will fall back to autoscaling/v1 API.

 Looks up a deployment, replica set, stateful set, or replication controller by name and creates \
an autoscaler that uses the given resource as a reference. An autoscaler can automatically \
increase or decrease number of pods deployed within the system as needed.""",
    examples="""# Auto scale a deployment "foo", with the number of pods between 2 and 10, no \
target CPU utilization specified so a default autoscaling policy will be used
kubectl autoscale deployment foo --min=2 --max=10

# Auto scale a replication controller "foo", with the number of pods between 1 and 5, target CPU \
utilization at 80%
kubectl autoscale rc foo --max=5 --cpu=80%""",
    flags=(
        Flag(
            "cpu-percent",
            "",
            INT,
            -1,
            "The target average CPU utilization (represented as a percent of requested "
            "CPU) over all the pods. If it's not specified or negative, a default "
            "autoscaling policy will be used.",
        ),
        Flag(
            "cpu",
            "",
            STRING,
            "",
            "Target CPU utilization over all the pods. When specified as a percentage "
            '(e.g."70%" for 70% of requested CPU) it will target average utilization. '
            'When specified as quantity (e.g."500m" for 500 milliCPU) it will target '
            "average value. Value without units is treated as a quantity with miliCPU "
            'being the unit (e.g."500" is "500m").',
        ),
        Flag(
            "memory",
            "",
            STRING,
            "",
            "Target memory utilization over all the pods. When specified  as a "
            'percentage (e.g."60%" for 60% of requested memory) it will target average '
            'utilization. When specified as quantity (e.g."200Mi" for 200 MiB, "1Gi" '
            "for 1 GiB) it will target average value. Value without units is treated as"
            ' a quantity with mebibytes being the unit (e.g."200" is "200Mi").',
        ),
        DRY_RUN,
        manager("kubectl-autoscale"),
        *files("identifying the resource to autoscale."),
        Flag(
            "max",
            "",
            INT,
            -1,
            "The upper limit for the number of pods that can be set by the autoscaler. Required.",
        ),
        Flag(
            "min",
            "",
            INT,
            -1,
            "The lower limit for the number of pods that can be set by the autoscaler. "
            "If it's not specified or negative, the server will apply a default value.",
        ),
        Flag(
            "name",
            "",
            STRING,
            "",
            "The name for the newly created object. If not specified, the name of the "
            "input resource will be used.",
        ),
        *PRINTING,
        SAVE_CONFIG,
    ),
    run=run,
)
