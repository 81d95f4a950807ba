"""`kubectl set selector`: which pods a service leads to.

Models: k8s.io/kubectl/pkg/cmd/set/set_selector.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError, raise_all
from cluster_engine.kubectl.flags import STRING, Flag
from cluster_engine.kubectl.pairs import parse_labels
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.setting.common import flags_for, send_change, set_targets


def run(session: Session) -> int:
    if not session.arguments:
        raise KubectlError("one selector is required")
    *resources, expression = session.arguments
    labels = parse_labels(expression)
    errors: list[KubectlError] = []
    targets = set_targets(session, resources)
    for target in targets:
        if target.resource.kind != "Service":
            errors.append(KubectlError("setting a selector is only supported for Services"))
            continue
        spec = {**(target.object.get("spec") or {}), "selector": labels}
        changed = {**target.object, "spec": spec}
        send_change(session, target, changed, errors, done="selector updated", failing="")
    raise_all(errors)
    return 0


SELECTOR_OF = Command(
    name="selector",
    short="Set the selector on a resource",
    usage="(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    long="""Set the selector on a resource. Note that the new selector will overwrite the old \
selector if the resource had one prior to the invocation of 'set selector'.

 A selector must begin with a letter or number, and may contain letters, numbers, hyphens, dots, \
and underscores, up to 63 characters. If --resource-version is specified, then updates will use \
this resource version, otherwise the existing resource-version will be used. Note: currently \
selectors can only be set on Service objects.""",
    examples="""# Set the labels and selector before creating a deployment/service pair
kubectl create service clusterip my-svc --clusterip="None" -o yaml --dry-run=client | kubectl set \
selector --local -f - 'environment=qa' -o yaml | kubectl create -f -
kubectl create deployment my-dep -o yaml --dry-run=client | kubectl label --local -f - \
environment=qa -o yaml | kubectl create -f -""",
    flags=(
        *flags_for("set selector"),
        Flag(
            "resource-version",
            "",
            STRING,
            "",
            "If non-empty, the selectors update will only succeed if this is the current "
            "resource-version for the object. Only valid when specifying a single resource.",
        ),
    ),
    run=run,
)
