"""`kubectl describe`: what there is to know about objects, for people.

Models: k8s.io/kubectl/pkg/cmd/describe (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import ALL_NAMESPACES, SELECTOR, Command, files
from cluster_engine.kubectl.describe.registry import describe
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import INT, Flag, switch
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import (
    Filters,
    Target,
    fetch_all,
    filters_of,
    gather,
    select,
)


def run(session: Session) -> int:
    flags = session.flags
    if not session.arguments and not flags.words("filename") and not flags.text("kustomize"):
        raise KubectlError(
            "You must specify the type of resource to describe. "
            'Use "kubectl api-resources" for a complete list of supported resources.\n'
        )
    targets, errors = gather(session, session.arguments, takes_all=True)
    shows_events = flags.is_on("show-events")
    if not flags.has("show-events") and (errors or len(targets) > 1):
        shows_events = False
    source = Source(session.client, session.now_ms, shows_events)
    words = session.arguments
    if len(words) == 2 and len(errors) == 1 and _is_missing(errors[0]):
        return _describe_matching(session, source, errors[0])
    is_first = True
    for target in targets:
        try:
            text = _describe(target, source)
        except KubectlError as error:
            errors.append(error)
            continue
        session.write(text if is_first else f"\n\n{text}")
        is_first = False
    if not targets and not errors:
        where = "" if flags.is_on("all-namespaces") else f" in {session.namespace} namespace."
        session.err(f"No resources found{where}")
    raise_all(errors)
    return 0


def _describe(target: Target, source: Source) -> str:
    return describe(target.object, target.resource.group, source)


def _is_missing(error: KubectlError) -> bool:
    return isinstance(error, StatusError) and error.is_not_found


def _describe_matching(session: Session, source: Source, original: KubectlError) -> int:
    """Describe what has the word as the beginning of its name."""
    type_, prefix = session.arguments
    filters = Filters(all_namespaces=filters_of(session).all_namespaces)
    targets, errors = fetch_all(session, select(session, [type_], filters), filters)
    raise_all(errors)
    matching = [target for target in targets if target.name.startswith(prefix)]
    if not matching:
        raise original
    for target in matching:
        session.out(_describe(target, source))
    return 0


COMMAND = Command(
    name="describe",
    short="Show details of a specific resource or group of resources",
    usage="(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
    long="""Show details of a specific resource or group of resources.

 Print a detailed description of the selected resources, including related resources such as \
events or controllers. You may select a single object by name, all objects of that type, provide \
a name prefix, or label selector. For example:

        $ kubectl describe TYPE NAME_PREFIX

 will first check for an exact match on TYPE and NAME_PREFIX. If no such resource exists, it will \
output details for every resource that has a name prefixed with NAME_PREFIX.

Use "kubectl api-resources" for a complete list of supported resources.""",
    examples="""# Describe a node
kubectl describe nodes kubernetes-node-emt8.c.myproject.internal

# Describe a pod
kubectl describe pods/nginx

# Describe a pod identified by type and name in "pod.json"
kubectl describe -f pod.json

# Describe all pods
kubectl describe pods

# Describe pods by label name=myLabel
kubectl describe pods -l name=myLabel

# Describe all pods managed by the 'frontend' replication controller
# (rc-created pods get the name of the rc as a prefix in the pod name)
kubectl describe pods frontend""",
    flags=(
        ALL_NAMESPACES,
        SELECTOR,
        *files("containing the resource to describe"),
        Flag(
            "chunk-size",
            "",
            INT,
            500,
            "Return large lists in chunks rather than all at once. Pass 0 to disable. "
            "This flag is beta and may change in the future.",
        ),
        switch(
            "show-events",
            "",
            "If true, display events related to the described object. Defaults to true for a "
            "single object, false for multiple objects and prefix matching.",
            default=True,
        ),
    ),
    run=run,
)
