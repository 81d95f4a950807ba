"""`kubectl patch`: change fields of a resource.

Models: k8s.io/kubectl/pkg/cmd/patch (v0.37.2).
"""

from __future__ import annotations

import json
from typing import Any

from cluster_engine.apimachinery.gojson import json_problem
from cluster_engine.apimachinery.manifests import ManifestError, load_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.json_patch import apply_json_patch
from cluster_engine.apimachinery.patches.merge import merge_patch
from cluster_engine.apimachinery.patches.strategic import strategic_merge
from cluster_engine.kubectl.client import JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH
from cluster_engine.kubectl.command import DRY_RUN, PRINTING, Command, files, manager
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.results import CLIENT, SERVER, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, gather, targets_of_files
from cluster_engine.kubectl.writing import patch, shape_of

_TYPES = {"json": JSON_PATCH, "merge": MERGE_PATCH, "strategic": STRATEGIC_PATCH}


def run(session: Session) -> int:
    flags = session.flags
    _check(session)
    body = _body(session)
    errors: list[KubectlError] = []
    if flags.is_on("local"):
        targets = targets_of_files(session)
    else:
        targets, errors = gather(session, session.arguments, latest=False)
    for target in targets:
        try:
            _patch(session, target, body)
        except KubectlError as error:
            errors.append(error)
    raise_all(errors)
    if not targets:
        raise KubectlError("no objects passed to patch")
    return 0


def _check(session: Session) -> None:
    flags = session.flags
    has_text, has_file = bool(flags.text("patch")), bool(flags.text("patch-file"))
    if has_text and has_file:
        raise KubectlError("cannot specify --patch and --patch-file together")
    if not has_text and not has_file:
        raise KubectlError(
            "must specify --patch or --patch-file containing the contents of the patch"
        )
    if flags.is_on("local") and session.arguments:
        raise KubectlError("cannot specify --local and server resources")
    if flags.is_on("local") and dry_run(session) == SERVER:
        raise KubectlError(
            "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
        )
    if flags.text("type").lower() not in _TYPES:
        raise KubectlError(
            f'--type must be one of [json merge strategic], not "{flags.text("type")}"'
        )


def _body(session: Session) -> Any:
    flags = session.flags
    text = flags.text("patch")
    if flags.text("patch-file"):
        try:
            text = session.read_file(flags.text("patch-file")).decode("utf-8", "replace")
        except KubectlError as error:
            raise KubectlError(f"unable to read patch file: {error.message}") from None
    if text.lstrip().startswith("{"):
        # JSON, or what is meant to be: the server has its own opinion of it.
        try:
            return json.loads(text)
        except ValueError:
            return text.encode()
    try:
        value, _ = load_value(text)
    except ManifestError as error:
        shown = flags.text("patch")
        raise KubectlError(f'unable to parse "{shown}": {error.upstream_text()}') from None
    return value


def _patch(session: Session, target: Target, body: Any) -> None:
    kind = session.flags.text("type").lower()
    if session.flags.is_on("local") or dry_run(session) == CLIENT:
        patched = _patched(target, kind, body)
    else:
        try:
            patched = patch(
                session,
                target,
                body,
                content_type=_TYPES[kind],
                subresource=session.flags.text("subresource"),
            )
        except StatusError as error:
            if error.reason != "UnsupportedMediaType":
                raise
            resource = target.resource
            shown = f"{resource.api_version}, Kind={resource.kind}"
            raise KubectlError(
                f"{_TYPES[kind]} is not supported by {shown}: {error.message}"
            ) from None
    is_changed = patched != target.object
    operation = "patched" if is_changed else "patched (no change)"
    report(session, patched, operation, shows_dry_run=False)


def _patched(target: Target, kind: str, body: Any) -> Object:
    """The object patched here. Raises KubectlError."""
    if isinstance(body, bytes):
        raise KubectlError(json_problem(body))
    try:
        if kind == "json":
            result: Object = apply_json_patch(target.object, body)
            return result
        if kind == "merge":
            merged: Object = merge_patch(target.object, body)
            return merged
        shape = shape_of(target.resource)
        if shape is None:
            resource = target.resource
            raise KubectlError(
                f"strategic merge patch is not supported for {resource.api_version}, "
                f"Kind={resource.kind} locally, try --type merge"
            )
        return strategic_merge(target.object, body, shape)
    except (ValueError, TypeError) as error:
        raise KubectlError(str(error)) from None


COMMAND = Command(
    name="patch",
    short="Update fields of a resource",
    usage="(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    long="""Update fields of a resource using strategic merge patch, a JSON merge patch, or a \
JSON patch.

 JSON and YAML formats are accepted.

 Note: Strategic merge patch is not supported for custom resources.""",
    examples="""# Partially update a node using a strategic merge patch, specifying the patch as \
JSON
kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

# Partially update a node using a strategic merge patch, specifying the patch as YAML
kubectl patch node k8s-node-1 -p $'spec:\\n unschedulable: true'

# Partially update a node identified by the type and name specified in "node.json" using \
strategic merge patch
kubectl patch -f node.json -p '{"spec":{"unschedulable":true}}'

# Update a container's image; spec.containers[*].name is required because it's a merge key
kubectl patch pod valid-pod -p
'{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new '
'image"}]}}'

# Update a container's image using a JSON patch with positional arrays
kubectl patch pod valid-pod --type='json' -p=
'[{"op": "replace", "path": "/spec/containers/0/image", "value":"new '
'image"}]'

# Update a deployment's replicas through the 'scale' subresource using a merge patch
kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p \
'{"spec":{"replicas":2}}'""",
    flags=(
        DRY_RUN,
        manager("kubectl-patch"),
        *files("identifying the resource to update"),
        switch(
            "local",
            "",
            "If true, patch will operate on the content of the file, not the server-side resource.",
        ),
        *PRINTING,
        Flag("patch", "p", STRING, "", "The patch to be applied to the resource JSON file."),
        Flag(
            "patch-file", "", STRING, "", "A file containing a patch to be applied to the resource."
        ),
        Flag(
            "subresource",
            "",
            STRING,
            "",
            "If specified, patch will operate on the subresource of the requested object.",
        ),
        Flag(
            "type",
            "",
            STRING,
            "strategic",
            "The type of patch being provided; one of [json merge strategic]",
        ),
    ),
    run=run,
)
