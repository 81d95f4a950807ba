"""`kubectl create deployment`, `job` and `cronjob`.

Models: k8s.io/kubectl/pkg/cmd/create (v0.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.creating.common import (
    COMMON,
    command_of,
    container,
    metadata_of,
    name_of,
    require,
    send,
)
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import INT, STRINGS, Flag
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Filters, fetch_all, select

_NAME_SIGNS = re.compile(r"[^a-z0-9-]")


def run_deployment(session: Session) -> int:
    name, command, images = name_of(session), command_of(session), session.flags.words("image")
    require(session, "image")
    if len(images) > 1 and command:
        raise KubectlError("cannot specify multiple --image options and command")
    labels = {"app": name}
    containers = [container(_image_name(image), image, command) for image in images]
    if session.flags["port"] >= 0 and containers:
        containers[0]["ports"] = [{"containerPort": session.flags["port"]}]
    deployment: Object = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata_of(session, name, labels=labels),
        "spec": {
            "replicas": session.flags["replicas"],
            "selector": {"matchLabels": labels},
            "strategy": {},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
        "status": {},
    }
    return send(session, deployment, "deployment:")


def run_job(session: Session) -> int:
    name, command = name_of(session), command_of(session)
    image, source = session.flags.text("image"), session.flags.text("from")
    if bool(image) == bool(source):
        raise KubectlError("either --image or --from must be specified")
    if command and source:
        raise KubectlError("cannot specify --from and command")
    job: Object = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata_of(session, name),
        "spec": {"template": _template(container(name, image, command), "Never")},
        "status": {},
    }
    if source:
        _from_cron_job(session, job, source)
    return send(session, job, "job:")


def run_cron_job(session: Session) -> int:
    name, command = name_of(session), command_of(session)
    require(session, "image", "schedule")
    template = _template(
        container(name, session.flags.text("image"), command),
        session.flags.text("restart") or "OnFailure",
    )
    cron_job: Object = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata_of(session, name),
        "spec": {
            "jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}},
            "schedule": session.flags.text("schedule"),
        },
        "status": {},
    }
    return send(session, cron_job, "cronjob:")


def _template(made: Object, restart: str) -> Object:
    return {"metadata": {}, "spec": {"containers": [made], "restartPolicy": restart}}


def _from_cron_job(session: Session, job: Object, source: str) -> None:
    targets, errors = fetch_all(session, select(session, [source], Filters()), Filters())
    if errors:
        raise errors[0]
    if len(targets) != 1:
        raise KubectlError("from must be an existing cronjob")
    found = targets[0].object
    if found.get("kind") != "CronJob":
        kind = targets[0].resource
        raise KubectlError(f"unknown object type *{kind.version}.{kind.kind}")
    template = found["spec"]["jobTemplate"]
    held = template.get("metadata") or {}
    annotations = {"cronjob.kubernetes.io/instantiate": "manual", **(held.get("annotations") or {})}
    job["metadata"]["annotations"] = annotations
    if held.get("labels"):
        job["metadata"]["labels"] = held["labels"]
    job["metadata"]["ownerReferences"] = [
        {
            "apiVersion": "batch/v1",
            "controller": True,
            "kind": "CronJob",
            "name": found["metadata"]["name"],
            "uid": found["metadata"]["uid"],
        }
    ]
    job["spec"] = template["spec"]


def _image_name(image: str) -> str:
    """A container's name from its image: "registry/nginx:1.27" is "nginx"."""
    name = image.rsplit("/", 1)[-1]
    name = re.split("[:@]", name)[0]
    return _NAME_SIGNS.sub("-", name.lower()).strip("-") or "container"


_IMAGE = Flag("image", "", "string", "", "Image name to run.")

DEPLOYMENT = Command(
    name="deployment",
    short="Create a deployment with the specified name",
    usage="NAME --image=image -- [COMMAND] [args...]",
    aliases=("deploy",),
    long="Create a deployment with the specified name.",
    examples="""# Create a deployment named my-dep that runs the busybox image
kubectl create deployment my-dep --image=busybox

# Create a deployment with a command
kubectl create deployment my-dep --image=busybox -- date

# Create a deployment named my-dep that runs the nginx image with 3 replicas
kubectl create deployment my-dep --image=nginx --replicas=3

# Create a deployment named my-dep that runs the busybox image and expose port 5701
kubectl create deployment my-dep --image=busybox --port=5701

# Create a deployment named my-dep that runs multiple containers
kubectl create deployment my-dep --image=busybox:latest --image=ubuntu:latest --image=nginx""",
    flags=(
        *COMMON,
        Flag(
            "image",
            "",
            STRINGS,
            None,
            "Image names to run. A deployment can have multiple "
            "images set for multi-container pod.",
        ),
        Flag("port", "", INT, -1, "The containerPort that this deployment exposes."),
        Flag("replicas", "r", INT, 1, "Number of replicas to create. Default is 1."),
    ),
    run=run_deployment,
)
JOB = Command(
    name="job",
    short="Create a job with the specified name",
    usage="NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
    examples="""# Create a job
kubectl create job my-job --image=busybox

# Create a job with a command
kubectl create job my-job --image=busybox -- date

# Create a job from a cron job named "a-cronjob"
kubectl create job test-job --from=cronjob/a-cronjob""",
    flags=(
        *COMMON,
        _IMAGE,
        Flag(
            "from",
            "",
            "string",
            "",
            "The name of the resource to create a Job from (only CronJob is supported).",
        ),
    ),
    run=run_job,
)
CRON_JOB = Command(
    name="cronjob",
    short="Create a cron job with the specified name",
    usage="NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
    aliases=("cj",),
    examples="""# Create a cron job
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"

# Create a cron job with a command
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date""",
    flags=(
        *COMMON,
        _IMAGE,
        Flag(
            "schedule",
            "",
            "string",
            "",
            "A schedule in the Cron format the job should be run with.",
        ),
        Flag(
            "restart", "", "string", "", "job's restart policy. supported values: OnFailure, Never"
        ),
    ),
    run=run_cron_job,
)
