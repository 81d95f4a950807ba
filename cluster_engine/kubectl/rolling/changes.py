"""`kubectl rollout restart`, `pause` and `resume`.

Models: k8s.io/kubectl/pkg/cmd/rollout (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.kubectl.command import FILENAME, PRINTING, SELECTOR, Command, manager
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.results import report
from cluster_engine.kubectl.rolling.common import rollout_targets
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target
from cluster_engine.kubectl.writing import patch

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
_RESTARTED = ("Deployment", "DaemonSet", "StatefulSet")

#: The patch that a target needs. Raises KubectlError when it cannot be.
_Change: TypeAlias = Callable[[Session, Target], Object]


def run_restart(session: Session) -> int:
    return _change_all(session, _restart, "restarted")


def run_pause(session: Session) -> int:
    return _change_all(session, _pause, "paused")


def run_resume(session: Session) -> int:
    return _change_all(session, _resume, "resumed")


def _change_all(session: Session, change: _Change, done: str) -> int:
    targets, errors = rollout_targets(session)
    if not targets and not errors:
        session.err(f"No resources found in {session.namespace} namespace.")
    for target in targets:
        try:
            body = change(session, target)
            report(session, patch(session, target, body), done)
        except StatusError as error:
            errors.append(KubectlError(f"failed to patch: {error.message}"))
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _refusal(target: Target, text: str) -> KubectlError:
    return KubectlError(f'error: {target.resource.qualified} "{target.name}" {text}')


def _restart(session: Session, target: Target) -> Object:
    if target.resource.group != "apps" or target.resource.kind not in _RESTARTED:
        raise _refusal(target, "restarting is not supported")
    if target.object["spec"].get("paused"):
        raise _refusal(target, "can't restart paused deployment (run rollout resume first)")
    now = rfc3339(session.now_ms)
    metadata = target.object["spec"]["template"].get("metadata") or {}
    if (metadata.get("annotations") or {}).get(RESTARTED_AT) == now:
        raise KubectlError(
            f"failed to create patch for {target.name}: if restart has already been triggered "
            "within the past second, please wait before attempting to trigger another"
        )
    return {"spec": {"template": {"metadata": {"annotations": {RESTARTED_AT: now}}}}}


def _pause(session: Session, target: Target) -> Object:
    if target.resource.group != "apps" or target.resource.kind != "Deployment":
        raise _refusal(target, "pausing is not supported")
    if target.object["spec"].get("paused"):
        raise _refusal(target, "is already paused")
    return {"spec": {"paused": True}}


def _resume(session: Session, target: Target) -> Object:
    if target.resource.group != "apps" or target.resource.kind != "Deployment":
        raise _refusal(target, "resuming is not supported")
    if not target.object["spec"].get("paused"):
        raise _refusal(target, "is not paused")
    return {"spec": {"paused": None}}


_FLAGS = (*FILENAME, *PRINTING, SELECTOR, manager("kubectl-rollout"))

RESTART = Command(
    name="restart",
    short="Restart a resource",
    usage="RESOURCE",
    long="""Restart a resource.

        Resource rollout will be restarted.""",
    examples="""# Restart all deployments in the test-namespace namespace
kubectl rollout restart deployment -n test-namespace

# Restart a deployment
kubectl rollout restart deployment/nginx

# Restart a daemon set
kubectl rollout restart daemonset/abc

# Restart deployments with the app=nginx label
kubectl rollout restart deployment --selector=app=nginx""",
    flags=(*_FLAGS,),
    run=run_restart,
)
PAUSE = Command(
    name="pause",
    short="Mark the provided resource as paused",
    usage="RESOURCE",
    long="""Mark the provided resource as paused.

 Paused resources will not be reconciled by a controller. Use "kubectl rollout resume" to resume \
a paused resource. Currently only deployments support being paused.""",
    examples="""# Mark the nginx deployment as paused
# Any current state of the deployment will continue its function; new updates
# to the deployment will not have an effect as long as the deployment is paused
kubectl rollout pause deployment/nginx""",
    flags=(*_FLAGS,),
    run=run_pause,
)
RESUME = Command(
    name="resume",
    short="Resume a paused resource",
    usage="RESOURCE",
    long="""Resume a paused resource.

 Paused resources will not be reconciled by a controller. By resuming a resource, we allow it to \
be reconciled again. Currently only deployments support being resumed.""",
    examples="""# Resume an already paused deployment
kubectl rollout resume deployment/nginx""",
    flags=(*_FLAGS,),
    run=run_resume,
)
