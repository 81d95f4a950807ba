"""`kubectl create`: from files; its subcommands make objects from flags (see `creating`).

Models: k8s.io/kubectl/pkg/cmd/create/create.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.kubectl.applying import annotated
from cluster_engine.kubectl.command import (
    DRY_RUN,
    PRINTING,
    SELECTOR,
    VALIDATE,
    Command,
    files,
    manager,
)
from cluster_engine.kubectl.creating import access, config, network, policy, workloads
from cluster_engine.kubectl.creating.common import SAVE_CONFIG
from cluster_engine.kubectl.errors import KubectlError, StatusError, UsageError
from cluster_engine.kubectl.errors import raise_all as raise_errors
from cluster_engine.kubectl.flags import Flag
from cluster_engine.kubectl.raw import run_raw
from cluster_engine.kubectl.results import report
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, file_targets
from cluster_engine.kubectl.writing import create, with_namespace
from cluster_engine.runtime.program import Waiting


def run(session: Session) -> int | Task:
    flags = session.flags
    if session.arguments:
        raise UsageError(f"Unexpected args: [{' '.join(session.arguments)}]", session.command)
    if not flags.words("filename") and not flags.text("kustomize"):
        raise KubectlError("must specify one of -f and -k")
    if flags.text("raw"):
        return run_raw(session, "POST")
    targets, errors = file_targets(session)
    if not targets and not errors:
        raise KubectlError("no objects passed to create")
    return Creation(targets, errors)


@dataclass(slots=True)
class Creation:
    """Creates one object per step."""

    waiting: list[Target]
    errors: list[KubectlError] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        if not self.waiting:
            raise_errors(self.errors)
            return 0
        target = self.waiting.pop(0)
        obj = with_namespace(target.object, target.namespace)
        if session.flags.is_on("save-config"):
            obj = annotated(obj)
        try:
            report(session, create(session, target.resource, target.namespace, obj), "created")
        except StatusError as error:
            self.errors.append(error.during("creating", target.source))
        return Waiting()


COMMAND = Command(
    name="create",
    short="Create a resource from a file or from stdin",
    usage="-f FILENAME",
    long="Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.",
    examples="""# Create a pod using the data in pod.json
kubectl create -f ./pod.json

# Create a pod based on the JSON passed into stdin
cat pod.json | kubectl create -f -

# Edit the data in registry.yaml in JSON then create the resource using the edited data
kubectl create -f registry.yaml --edit -o json""",
    flags=(
        *files("to use to create the resource"),
        *PRINTING,
        SELECTOR,
        DRY_RUN,
        VALIDATE,
        SAVE_CONFIG,
        manager("kubectl-create"),
        Flag(
            "raw",
            "",
            "string",
            "",
            "Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file.",
        ),
    ),
    children=(
        access.CLUSTER_ROLE,
        access.CLUSTER_ROLE_BINDING,
        config.CONFIG_MAP,
        workloads.CRON_JOB,
        workloads.DEPLOYMENT,
        network.INGRESS,
        workloads.JOB,
        policy.NAMESPACE,
        policy.DISRUPTION_BUDGET,
        policy.PRIORITY_CLASS,
        policy.QUOTA,
        access.ROLE,
        access.ROLE_BINDING,
        config.SECRET,
        network.SERVICE,
        access.SERVICE_ACCOUNT,
        access.TOKEN,
    ),
    run=run,
)
