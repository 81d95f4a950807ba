"""`kubectl create namespace`, `quota`, `poddisruptionbudget` and `priorityclass`.

Models: k8s.io/kubectl/pkg/cmd/create (v0.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import QuantityError, canonical
from cluster_engine.apimachinery.selectors import IN, SelectorError, parse_label_selector
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.creating.common import COMMON, metadata_of, name_of, send
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import INT, Flag, switch
from cluster_engine.kubectl.session import Session

_AMOUNT = re.compile(r"[0-9]+%?", re.ASCII)


def run_namespace(session: Session) -> int:
    namespace: Object = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name_of(session)},
        "spec": {},
        "status": {},
    }
    return send(session, namespace, "", is_namespaced=False)


def run_quota(session: Session) -> int:
    name, flags = name_of(session), session.flags
    spec: Object = {}
    if flags.text("hard"):
        spec["hard"] = _hard(flags.text("hard"))
    if flags.text("scopes"):
        scopes = flags.text("scopes").split(",")
        if "" in scopes:
            raise KubectlError('invalid resource quota scope ""')
        spec["scopes"] = scopes
    quota: Object = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": metadata_of(session, name),
        "spec": spec,
        "status": {},
    }
    return send(session, quota, "quota:")


def _hard(text: str) -> dict[str, str]:
    found = {}
    for statement in text.split(","):
        parts = statement.split("=")
        if len(parts) != 2:
            raise KubectlError(f"Invalid argument syntax {statement}, expected <resource>=<value>")
        try:
            found[parts[0]] = canonical(parts[1])
        except QuantityError as error:
            raise KubectlError(str(error)) from None
    return found


def run_disruption_budget(session: Session) -> int:
    name, flags = name_of(session), session.flags
    if not flags.text("selector"):
        raise KubectlError("a selector must be specified")
    least, most = flags.text("min-available"), flags.text("max-unavailable")
    if not least and not most:
        raise KubectlError("one of min-available or max-unavailable must be specified")
    if least and most:
        raise KubectlError("min-available and max-unavailable cannot be both specified")
    for flag, text in (("min-available", least), ("max-unavailable", most)):
        if text and not _AMOUNT.fullmatch(text):
            raise KubectlError(f"invalid format specified for {flag}")
    amount = least or most
    spec: Object = {
        "minAvailable" if least else "maxUnavailable": int(amount) if amount.isdigit() else amount,
        "selector": _selector(flags.text("selector")),
    }
    budget: Object = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata_of(session, name),
        "spec": spec,
        "status": {
            "currentHealthy": 0,
            "desiredHealthy": 0,
            "disruptionsAllowed": 0,
            "expectedPods": 0,
        },
    }
    return send(session, budget, "poddisruptionbudgets:")


def _selector(text: str) -> Object:
    try:
        parsed = parse_label_selector(text)
    except SelectorError as error:
        raise KubectlError(str(error)) from None
    labels = {}
    for requirement in parsed.requirements:
        if requirement.operator not in ("=", "==", IN) or len(requirement.values) != 1:
            raise KubectlError("only equality-based selector requirements are supported")
        labels[requirement.key] = requirement.values[0]
    return {"matchLabels": labels}


def run_priority_class(session: Session) -> int:
    name, flags = name_of(session), session.flags
    class_: Object = {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name},
        "value": flags["value"],
        "preemptionPolicy": flags.text("preemption-policy"),
    }
    if flags.is_on("global-default"):
        class_["globalDefault"] = True
    if flags.text("description"):
        class_["description"] = flags.text("description")
    return send(session, class_, "priorityclass:", is_namespaced=False)


NAMESPACE = Command(
    name="namespace",
    short="Create a namespace with the specified name",
    usage="NAME [--dry-run=server|client|none]",
    aliases=("ns",),
    examples="""# Create a new namespace named my-namespace
kubectl create namespace my-namespace""",
    flags=COMMON,
    run=run_namespace,
)
QUOTA = Command(
    name="quota",
    short="Create a quota with the specified name",
    long="""Create a resource quota with the specified name, hard limits, and optional scopes.""",
    usage="NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] "
    "[--dry-run=server|client|none]",
    aliases=("resourcequota",),
    examples="""# Create a new resource quota named my-quota
kubectl create quota my-quota \
--hard=cpu=1,memory=1G,pods=2,services=3,replicationcontrollers=2,resourcequotas=1,secrets=5,persistentvolumeclaims=10

# Create a new resource quota named best-effort
kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort""",
    flags=(
        *COMMON,
        Flag(
            "hard",
            "",
            "string",
            "",
            "A comma-delimited set of resource=quantity pairs that define a hard limit.",
        ),
        Flag(
            "scopes",
            "",
            "string",
            "",
            "A comma-delimited set of quota scopes that must all "
            "match each object tracked by the quota.",
        ),
    ),
    run=run_quota,
)
DISRUPTION_BUDGET = Command(
    name="poddisruptionbudget",
    short="Create a pod disruption budget with the specified name",
    long="Create a pod disruption budget with the specified name, selector, and desired "
    "minimum available pods.",
    usage="NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
    aliases=("pdb",),
    examples="""# Create a pod disruption budget named my-pdb that will select all pods with the \
app=rails label
# and require at least one of them being available at any point in time
kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1

# Create a pod disruption budget named my-pdb that will select all pods with the app=nginx label
# and require at least half of the pods selected to be available at any point in time
kubectl create pdb my-pdb --selector=app=nginx --min-available=50%""",
    flags=(
        *COMMON,
        Flag(
            "min-available",
            "",
            "string",
            "",
            "The minimum number or percentage of available pods this budget requires.",
        ),
        Flag(
            "max-unavailable",
            "",
            "string",
            "",
            "The maximum number or percentage of unavailable pods this budget requires.",
        ),
        Flag(
            "selector",
            "",
            "string",
            "",
            "A label selector to use for this budget. Only "
            "equality-based selector requirements are supported.",
        ),
    ),
    run=run_disruption_budget,
)
PRIORITY_CLASS = Command(
    name="priorityclass",
    short="Create a priority class with the specified name",
    long="Create a priority class with the specified name, value, globalDefault and description.",
    usage="NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
    aliases=("pc",),
    examples="""# Create a priority class named high-priority
kubectl create priorityclass high-priority --value=1000 --description="high priority"

# Create a priority class named default-priority that is considered as the global default priority
kubectl create priorityclass default-priority --value=1000 --global-default=true \
--description="default priority"

# Create a priority class named high-priority that cannot preempt pods with lower priority
kubectl create priorityclass high-priority --value=1000 --description="high priority" \
--preemption-policy="Never\"""",
    flags=(
        *COMMON,
        Flag("value", "", INT, 0, "the value of this priority class."),
        switch(
            "global-default",
            "",
            "global-default specifies whether this PriorityClass should "
            "be considered as the default priority.",
        ),
        Flag(
            "description",
            "",
            "string",
            "",
            "description is an arbitrary string that usually "
            "provides guidelines on when this priority class should be used.",
        ),
        Flag(
            "preemption-policy",
            "",
            "string",
            "PreemptLowerPriority",
            "preemption-policy is the policy for preempting pods with lower priority.",
        ),
    ),
    run=run_priority_class,
)
