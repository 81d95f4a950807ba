"""`kubectl set serviceaccount`.

Models: k8s.io/kubectl/pkg/cmd/set/set_serviceaccount.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.setting.common import (
    change_pod_specs,
    flags_for,
    refuse_local_trial,
    set_targets,
)
from cluster_engine.kubectl.targets import Target


def run(session: Session) -> int:
    refuse_local_trial(session)
    if not session.arguments:
        raise KubectlError("serviceaccount is required")
    *resources, name = session.arguments
    errors: list[KubectlError] = []
    targets = set_targets(session, resources)

    def change(target: Target, pod_spec: Object) -> Object:
        return {**pod_spec, "serviceAccountName": name}

    change_pod_specs(
        session,
        targets,
        errors,
        change,
        done="serviceaccount updated",
        failing="failed to patch ServiceAccountName",
    )
    return 0


SERVICE_ACCOUNT = Command(
    name="serviceaccount",
    aliases=("sa",),
    short="Update the service account of a resource",
    usage="(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
    long="""Update the service account of pod template resources.

 Possible resources (case insensitive) can be:

 replicationcontroller (rc), deployment (deploy), daemonset (ds), job, replicaset (rs), \
statefulset""",
    examples="""# Set deployment nginx-deployment's service account to serviceaccount1
kubectl set serviceaccount deployment nginx-deployment serviceaccount1

# Print the result (in YAML format) of updated nginx deployment with the service account from \
local file, without hitting the API server
kubectl set sa -f nginx-deployment.yaml serviceaccount1 --local --dry-run=client -o yaml""",
    flags=flags_for("set serviceaccount"),
    run=run,
)
