"""`kubectl set image`.

Models: k8s.io/kubectl/pkg/cmd/set/set_image.go (v0.37.2).
"""

from __future__ import annotations

from functools import partial

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError, Several, raise_all
from cluster_engine.kubectl.marking import split_words
from cluster_engine.kubectl.pairs import parse_pairs
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.setting.common import (
    NO_RESOURCES,
    change_pod_specs,
    flags_for,
    refuse_local_trial,
    set_targets,
    with_containers,
)
from cluster_engine.kubectl.targets import Target


def run(session: Session) -> int:
    resources, words = split_words(session.arguments, "image")
    images, _ = parse_pairs(words, "image", can_remove=False)
    errors: list[KubectlError] = []
    targets = set_targets(session, resources)
    _check(session, resources, images)
    refuse_local_trial(session)

    def change(target: Target, pod_spec: Object) -> Object:
        for name, image in images.items():
            pod_spec, count = with_containers(pod_spec, name, partial(_with_image, image))
            if not count:
                errors.append(KubectlError(f'error: unable to find container named "{name}"'))
        return pod_spec

    change_pod_specs(
        session,
        targets,
        errors,
        change,
        done="image updated",
        failing="failed to patch image update to pod template:",
    )
    return 0


def _with_image(image: str, container: Object) -> Object:
    return {**container, "image": image}


def _check(session: Session, resources: list[str], images: dict[str, str]) -> None:
    flags = session.flags
    problems: list[KubectlError] = []
    if flags.is_on("all") and flags.text("selector"):
        problems.append(KubectlError("cannot set --all and --selector at the same time"))
    if not resources and not flags.words("filename") and not flags.text("kustomize"):
        problems.append(NO_RESOURCES)
    if not images:
        problems.append(KubectlError("at least one image update is required"))
    elif len(images) > 1 and "*" in images:
        problems.append(
            KubectlError(
                "all containers are already specified by *, but saw more than one "
                "container_name=container_image pairs"
            )
        )
    if len(problems) > 1:
        raise Several(problems)
    raise_all(problems)


IMAGE = Command(
    name="image",
    short="Update the image of a pod template",
    usage="(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... "
    "CONTAINER_NAME_N=CONTAINER_IMAGE_N",
    long="""Update existing container image(s) of resources.

 Possible resources include (case insensitive):

        pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset \
(sts), cronjob (cj), replicaset (rs)""",
    examples="""# Set a deployment's nginx container image to 'nginx:1.9.1', and its busybox \
container image to 'busybox'
kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1

# Update all deployments' and rc's nginx container's image to 'nginx:1.9.1'
kubectl set image deployments,rc nginx=nginx:1.9.1 --all

# Update image of all containers of daemonset abc to 'nginx:1.9.1'
kubectl set image daemonset abc *=nginx:1.9.1

# Print result (in yaml format) of updating nginx container image from local file, without \
hitting the server
kubectl set image -f path/to/file.yaml nginx=nginx:1.9.1 --local -o yaml""",
    flags=flags_for("set image"),
    run=run,
)
