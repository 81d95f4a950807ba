"""`kubectl set resources`: requests and limits.

Models: k8s.io/kubectl/pkg/cmd/set/set_resources.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import QuantityError, canonical
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import STRING, Flag
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.setting.common import (
    CONTAINERS,
    change_pod_specs,
    flags_for,
    refuse_local_trial,
    set_targets,
    with_containers,
)
from cluster_engine.kubectl.targets import Target


def run(session: Session) -> int:
    flags = session.flags
    errors: list[KubectlError] = []
    targets = set_targets(session, session.arguments)
    refuse_local_trial(session)
    if flags.is_on("all") and flags.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if not flags.text("limits") and not flags.text("requests"):
        raise KubectlError(
            "you must specify an update to requests or limits (in the form of --requests/--limits)"
        )
    wanted = {name: _amounts(flags.text(name)) for name in ("limits", "requests")}

    def change_container(container: Object) -> Object:
        resources = dict(container.get("resources") or {})
        for name, amounts in wanted.items():
            if amounts:
                resources[name] = {**(resources.get(name) or {}), **amounts}
        return {**container, "resources": resources}

    def change(target: Target, pod_spec: Object) -> Object:
        pattern = flags.text("containers")
        changed, count = with_containers(pod_spec, pattern, change_container)
        if not count:
            errors.append(KubectlError(f"error: unable to find container named {pattern}"))
        return changed

    change_pod_specs(
        session,
        targets,
        errors,
        change,
        done="resource requirements updated",
        failing="failed to patch resources update to pod template",
    )
    return 0


def _amounts(text: str) -> dict[str, str]:
    """ "cpu=200m,memory=512Mi". Raises KubectlError."""
    found: dict[str, str] = {}
    for statement in text.split(",") if text else ():
        parts = statement.split("=")
        if len(parts) != 2:
            raise KubectlError(f"invalid argument syntax {statement}, expected <resource>=<value>")
        try:
            found[parts[0]] = canonical(parts[1])
        except QuantityError as error:
            raise KubectlError(str(error)) from None
    return found


RESOURCES = Command(
    name="resources",
    short="Update resource requests/limits on objects with pod templates",
    usage="(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
    long="""Specify compute resource requirements (CPU, memory) for any resource that defines a \
pod template.  If a pod is successfully scheduled, it is guaranteed the amount of resource \
requested, but may burst up to its specified limits.

 For each compute resource, if a limit is specified and a request is omitted, the request will \
default to the limit.

 Possible resources include (case insensitive): Use "kubectl api-resources" for a complete list \
of supported resources..""",
    examples="""# Set a deployments nginx container cpu limits to "200m" and memory to "512Mi"
kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi

# Set the resource request and limits for all containers in nginx
kubectl set resources deployment nginx --limits=cpu=200m,memory=512Mi \
--requests=cpu=100m,memory=256Mi

# Remove the resource requests for resources on containers in nginx
kubectl set resources deployment nginx --limits=cpu=0,memory=0 --requests=cpu=0,memory=0

# Print the result (in yaml format) of updating nginx container limits from a local, without \
hitting the server
kubectl set resources -f path/to/file.yaml --limits=cpu=200m,memory=512Mi --local -o yaml""",
    flags=(
        *flags_for("set resources"),
        CONTAINERS,
        Flag(
            "limits",
            "",
            STRING,
            "",
            "The resource requirement requests for this container.  For example, "
            "'cpu=100m,memory=256Mi'.  Note that server side components may assign requests "
            "depending on the server configuration, such as limit ranges.",
        ),
        Flag(
            "requests",
            "",
            STRING,
            "",
            "The resource requirement requests for this container.  For example, "
            "'cpu=100m,memory=256Mi'.  Note that server side components may assign requests "
            "depending on the server configuration, such as limit ranges.",
        ),
    ),
    run=run,
)
