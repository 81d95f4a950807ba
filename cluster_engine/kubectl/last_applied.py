"""`kubectl apply view-last-applied` and `set-last-applied`.

Models: k8s.io/kubectl/pkg/cmd/apply (v0.37.2).
"""

from __future__ import annotations

import json

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.applying import LAST_APPLIED, encoded, last_applied
from cluster_engine.kubectl.client import MERGE_PATCH
from cluster_engine.kubectl.command import DRY_RUN, PRINTING, SELECTOR, Command, files
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.errors import raise_all as raise_errors
from cluster_engine.kubectl.flags import Flag, switch
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import gather, targets_of_files
from cluster_engine.kubectl.writing import with_namespace, write_query


def run_view(session: Session) -> int:
    targets, errors = gather(session, session.arguments)
    output = session.flags.text("output") or "yaml"
    if output not in ("yaml", "json"):
        raise KubectlError(
            f"Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json"
        )
    for target in targets:
        text = last_applied(target.object)
        if not text:
            errors.append(
                KubectlError(
                    f"no last-applied-configuration annotation found on resource: {target.name}"
                )
            )
            continue
        value = _loaded(text)
        session.write(to_yaml(value) if output == "yaml" else to_json(value) + "\n")
    raise_errors(errors)
    return 0


def run_set(session: Session) -> int:
    for target in targets_of_files(session):
        obj = with_namespace(target.object, target.namespace)
        try:
            live = session.client.call("GET", target.path)
        except StatusError as error:
            raise error if not error.is_not_found else KubectlError(error.message) from None
        if last_applied(live) is None and not session.flags.is_on("create-annotation"):
            raise KubectlError(
                "no last-applied-configuration annotation found on resource: "
                f"{target.name}, to create the annotation, run the command with "
                "--create-annotation"
            )
        text = encoded(obj)
        if last_applied(live) == text:
            session.out(f"set-last-applied {target.name}: no changes required.")
            continue
        body = {"metadata": {"annotations": {LAST_APPLIED: text}}}
        if dry_run(session) != CLIENT:
            live = session.client.call(
                "PATCH", target.path, write_query(session), body, content_type=MERGE_PATCH
            )
        report(session, live, "configured")
    return 0


def _loaded(text: str) -> Object:
    found: Object = {}
    try:
        value = json.loads(text)
    except ValueError:
        return found
    return value if isinstance(value, dict) else found


VIEW_LAST_APPLIED = Command(
    name="view-last-applied",
    short="View the latest last-applied-configuration annotations of a resource/object",
    long="""View the latest last-applied-configuration annotations by type/name or file.

 The default output will be printed to stdout in YAML format. You can use the -o option to change \
the output format.""",
    examples="""# View the last-applied-configuration annotations by type/name \
in YAML
kubectl apply view-last-applied deployment/nginx

# View the last-applied-configuration annotations by file in JSON
kubectl apply view-last-applied -f deploy.yaml -o json""",
    usage="(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    run=run_view,
    flags=(
        *files("that contains the last-applied-configuration annotations"),
        SELECTOR,
        switch("all", "", "Select all resources in the namespace of the specified resource types"),
        Flag("output", "o", "string", "yaml", "Output format. Must be one of (yaml, json)"),
    ),
)
SET_LAST_APPLIED = Command(
    name="set-last-applied",
    short="Set the last-applied-configuration annotation on a live object to match the contents "
    "of a file",
    long="Set the latest last-applied-configuration annotations by setting it to match the "
    "contents of a file. This results in the last-applied-configuration being updated as "
    "though 'kubectl apply -f<file> ' was run, without updating any other parts of the "
    "object.",
    examples="""# Set the last-applied-configuration of a resource to match the contents of a file
kubectl apply set-last-applied -f deploy.yaml

# Execute set-last-applied against each configuration file in a directory
kubectl apply set-last-applied -f path/

# Set the last-applied-configuration of a resource to match the contents of a file; will create \
the annotation if it does not already exist
kubectl apply set-last-applied -f deploy.yaml --create-annotation=true""",
    usage="-f FILENAME",
    run=run_set,
    flags=(
        *files("that contains the last-applied-configuration annotations"),
        *PRINTING,
        DRY_RUN,
        switch(
            "create-annotation",
            "",
            "Will create "
            "'last-applied-configuration' annotations if current objects doesn't have one",
        ),
    ),
)
