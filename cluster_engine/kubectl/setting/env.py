"""`kubectl set env`.

Models: k8s.io/kubectl/pkg/cmd/set/set_env.go and pkg/cmd/set/env (v0.37.2).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from cluster_engine.apimachinery.names import is_environment_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.flags import ARRAY, STRING, STRINGS, Flag, switch
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.setting.common import (
    CONTAINERS,
    NO_RESOURCES,
    change_pod_specs,
    flags_for,
    pod_spec_of,
    refuse_local_trial,
    set_targets,
    with_containers,
)
from cluster_engine.kubectl.targets import Filters, Target, fetch_all, select

_OTHER_SIGNS = re.compile(r"[^a-zA-Z0-9_]")
_ASSIGNMENT = re.compile(r".+=.*", re.DOTALL)


def run(session: Session) -> int:
    flags = session.flags
    if flags.is_on("all") and flags.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    resources, words = _split(session.arguments)
    refuse_local_trial(session)
    if not flags.words("filename") and not resources:
        raise NO_RESOURCES
    if flags.is_on("list") and flags.text("output"):
        raise KubectlError("--list and --output may not be specified together")
    if flags.words("keys") and not flags.text("from"):
        raise KubectlError(
            "when specifying --keys, a configmap or secret must be provided with --from"
        )
    variables, removed = _parse(session, [*flags.words("env"), *words])
    if flags.text("from"):
        variables += _from(session, flags.text("from"))
    prefix = flags.text("prefix")
    variables = [{**variable, "name": prefix + variable["name"]} for variable in variables]
    errors: list[KubectlError] = []
    targets = set_targets(session, resources)
    if flags.is_on("list"):
        return _list(session, targets, variables, removed)

    def change(target: Target, pod_spec: Object) -> Object:
        pattern = flags.text("containers")
        changed, count = with_containers(
            pod_spec, pattern, lambda container: _with_env(session, container, variables, removed)
        )
        if not count:
            session.err(
                f"Warning: {target.resource.kind}/{target.name} does not have any containers "
                f'matching "{pattern}"'
            )
        return changed

    change_pod_specs(
        session,
        targets,
        errors,
        change,
        done="env updated",
        failing="failed to patch env update to pod template:",
    )
    return 0


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    resources: list[str] = []
    words: list[str] = []
    for word in arguments:
        if _ASSIGNMENT.fullmatch(word) or word.endswith("-"):
            words.append(word)
        elif words:
            raise KubectlError(
                "all resources must be specified before environment changes: " + " ".join(arguments)
            )
        else:
            resources.append(word)
    return resources, words


def _parse(session: Session, words: list[str]) -> tuple[list[Object], list[str]]:
    variables: list[Object] = []
    removed: list[str] = []
    for word in words:
        name, equals, value = word.partition("=")
        if word == "-":
            variables += _from_lines(session.stdin().decode("utf-8", "replace"))
        elif equals:
            problems = is_environment_name(name)
            if problems:
                raise KubectlError(f'"{name}" is not a valid key name: {";".join(problems)}')
            variables.append({"name": name, "value": value})
        elif word.endswith("-"):
            removed.append(word[:-1])
        else:
            raise KubectlError(f"unknown environment variable: {word}")
    if any(variable["name"] in removed for variable in variables):
        raise KubectlError(
            "can not both modify and remove the same environment variable in the same command"
        )
    return variables, removed


def _from_lines(text: str) -> list[Object]:
    found: list[Object] = []
    for line in text.splitlines():
        name, equals, value = line.partition("#")[0].partition("=")
        if equals:
            found.append({"name": name, "value": value})
    return found


def _from(session: Session, word: str) -> list[Object]:
    """Variables that refer to the keys of a ConfigMap or Secret."""
    targets, errors = fetch_all(session, select(session, [word], Filters()), Filters())
    if errors:
        raise errors[0]
    wanted = session.flags.words("keys")
    found: list[Object] = []
    for target in targets:
        field = {"Secret": "secretKeyRef", "ConfigMap": "configMapKeyRef"}.get(target.resource.kind)
        if field is None:
            raise KubectlError("unsupported resource specified in --from")
        for key in sorted(target.object.get("data") or {}):
            if wanted and key not in wanted:
                continue
            name = _OTHER_SIGNS.sub("_", key).upper()
            if name != key:
                session.err(f"Warning: key {key} transferred to {name}")
            found.append({"name": name, "valueFrom": {field: {"name": target.name, "key": key}}})
    return found


def _with_env(
    session: Session, container: Object, variables: list[Object], removed: list[str]
) -> Object:
    current: list[Object] = container.get("env") or []
    if not session.flags.is_on("overwrite"):
        _refuse_overwrites(current, variables)
    new = {variable["name"]: variable for variable in variables}
    merged = [new.pop(old["name"], old) for old in current if old["name"] not in removed]
    merged += new.values()
    rest = {name: value for name, value in container.items() if name != "env"}
    return {**rest, "env": merged} if merged else rest


def _refuse_overwrites(current: list[Object], variables: list[Object]) -> None:
    held = {variable["name"]: variable for variable in current}
    for variable in variables:
        old = held.get(variable["name"])
        if old is None:
            continue
        if old.get("valueFrom"):
            raise KubectlError(
                f"'{old['name']}' already has a value from a reference, and --overwrite is false"
            )
        if old.get("value", "") != variable.get("value", ""):
            raise KubectlError(
                f"'{old['name']}' already has a value ({old.get('value', '')}), and --overwrite is "
                "false"
            )


def _list(
    session: Session, targets: list[Target], variables: list[Object], removed: list[str]
) -> int:
    for target in targets:

        def show(container: Object, target: Target = target) -> Object:
            changed = _with_env(session, container, variables, removed)
            session.out(f"# {target.resource.kind} {target.name}, container {changed['name']}")
            for variable in changed.get("env") or ():
                session.out(_shown(session, target, variable))
            return container

        with_containers(pod_spec_of(target), session.flags.text("containers"), show)
    return 0


def _shown(session: Session, target: Target, variable: Object) -> str:
    name, source = variable["name"], variable.get("valueFrom")
    if not source:
        return f"{name}={variable.get('value', '')}"
    if session.flags.is_on("resolve"):
        value = _resolved(session, target, source)
        if value is not None:
            return f"{name}={value}"
    return f"# {name} from {_reference(source)}"


def _reference(source: Object) -> str:
    if source.get("configMapKeyRef"):
        reference = source["configMapKeyRef"]
        return f"configmap {reference.get('name', '')}, key {reference.get('key', '')}"
    if source.get("secretKeyRef"):
        reference = source["secretKeyRef"]
        return f"secret {reference.get('name', '')}, key {reference.get('key', '')}"
    if source.get("fieldRef"):
        return f"field path {source['fieldRef'].get('fieldPath', '')}"
    if source.get("resourceFieldRef"):
        reference = source["resourceFieldRef"]
        container = reference.get("containerName")
        prefix = f"{container}/" if container else ""
        return f"resource field {prefix}{reference.get('resource', '')}"
    return "invalid valueFrom"


def _resolved(session: Session, target: Target, source: Object) -> str | None:
    """What a key of a ConfigMap or Secret holds; None when it cannot be had."""
    for field, plural in (("configMapKeyRef", "configmaps"), ("secretKeyRef", "secrets")):
        reference = source.get(field)
        if not reference:
            continue
        path = f"/api/v1/namespaces/{target.namespace}/{plural}/{reference.get('name', '')}"
        try:
            data = session.client.call("GET", path).get("data") or {}
        except StatusError as error:
            session.err(f"error retrieving reference: {error.message}")
            return None
        text: str | None = data.get(reference.get("key", ""))
        if text is None or plural == "configmaps":
            return text
        return base64.b64decode(text).decode("utf-8", "replace")
    return None


ENV = Command(
    name="env",
    short="Update environment variables on a pod template",
    usage="RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    long="""Update environment variables on a pod template.

 List environment variable definitions in one or more pods, pod templates. Add, update, or remove \
container environment variable definitions in one or more pod templates (within replication \
controllers or deployment configurations). View or modify the environment variable definitions on \
all containers in the specified pods or pod templates, or just those that match a wildcard.

 If "--env -" is passed, environment variables can be read from STDIN using the standard env syntax.

 Possible resources include (case insensitive):

        pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset \
(sts), cronjob (cj), replicaset (rs)""",
    examples="""# Update deployment 'registry' with a new environment variable
kubectl set env deployment/registry STORAGE_DIR=/local

# List the environment variables defined on a deployments 'sample-build'
kubectl set env deployment/sample-build --list

# List the environment variables defined on all pods
kubectl set env pods --all --list

# Output modified deployment in YAML, and does not alter the object on the server
kubectl set env deployment/sample-build STORAGE_DIR=/data -o yaml

# Update all containers in all replication controllers in the project to have ENV=prod
kubectl set env rc --all ENV=prod

# Import environment from a secret
kubectl set env --from=secret/mysecret deployment/myapp

# Import environment from a config map with a prefix
kubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp

# Import specific keys from a config map
kubectl set env --keys=my-example-key --from=configmap/myconfigmap deployment/myapp

# Remove the environment variable ENV from container 'c1' in all deployment configs
kubectl set env deployments --all --containers="c1" ENV-

# Remove the environment variable ENV from a deployment definition on disk and
# update the deployment config on the server
kubectl set env -f deploy.json ENV-

# Set some of the local shell environment into a deployment config on the server
env | grep RAILS_ | kubectl set env -e - deployment/registry""",
    flags=(
        *flags_for("set env"),
        CONTAINERS,
        Flag(
            "env",
            "e",
            ARRAY,
            None,
            "Specify a key-value pair for an environment variable to set into each container.",
        ),
        Flag(
            "from",
            "",
            STRING,
            "",
            "The name of a resource from which to inject environment variables",
        ),
        Flag(
            "keys",
            "",
            STRINGS,
            None,
            "Comma-separated list of keys to import from specified resource",
        ),
        switch(
            "list",
            "",
            "If true, display the environment and any changes in the standard format. "
            "this flag will removed when we have kubectl view env.",
        ),
        switch(
            "overwrite",
            "",
            "If true, allow environment to be overwritten, otherwise reject updates that overwrite "
            "existing environment.",
            default=True,
        ),
        Flag("prefix", "", STRING, "", "Prefix to append to variable names"),
        switch(
            "resolve", "", "If true, show secret or configmap references when listing variables"
        ),
    ),
    run=run,
)
