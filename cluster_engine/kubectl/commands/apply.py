"""`kubectl apply`: make the cluster hold what files say.

Models: k8s.io/kubectl/pkg/cmd/apply (v0.37.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, parse_label_selector
from cluster_engine.kubectl.applying import (
    LAST_APPLIED,
    annotated,
    encoded,
    last_applied,
    patch_for,
    patched_locally,
    without_annotation,
    without_nulls,
)
from cluster_engine.kubectl.client import APPLY_PATCH, MERGE_PATCH
from cluster_engine.kubectl.command import (
    DRY_RUN,
    FILENAME,
    PRINTING,
    SELECTOR,
    VALIDATE,
    Command,
)
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.errors import raise_all as raise_errors
from cluster_engine.kubectl.flags import BOOL, DURATION, INT, Flag, switch
from cluster_engine.kubectl.printers.chosen import ObjectPrinter, chosen_printer, label_of
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.results import CLIENT, dry_run, report, suffix
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, gather, targets_of_files
from cluster_engine.kubectl.writing import create, patch, with_namespace, write_query
from cluster_engine.runtime.program import Waiting

_RETRIES_MAX = 5
_CONFLICT_ADVICE = """
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""


def run(session: Session) -> int | Task:
    flags = session.flags
    if session.arguments:
        raise KubectlError(
            f"Unexpected args: [{' '.join(session.arguments)}]\n"
            "See 'kubectl apply -h' for help and examples"
        )
    if not flags.words("filename") and not flags.text("kustomize"):
        raise KubectlError("must specify one of -f and -k")
    is_server_side = flags.is_on("server-side")
    if flags.is_on("force-conflicts") and not is_server_side:
        raise KubectlError("--force-conflicts only works with --server-side")
    if dry_run(session) == CLIENT and is_server_side:
        raise KubectlError(
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server "
            "instead?)"
        )
    if not flags.has("field-manager"):
        manager = "kubectl" if is_server_side else "kubectl-client-side-apply"
        flags.values["field-manager"] = manager
    targets = _selected(session, targets_of_files(session))
    if not targets:
        raise KubectlError("no objects passed to apply")
    return Apply(targets, chosen_printer(session))


def _selected(session: Session, targets: list[Target]) -> list[Target]:
    text = session.flags.text("selector")
    if not text:
        return targets
    try:
        selector = parse_label_selector(text)
    except SelectorError as error:
        raise KubectlError(str(error)) from None
    return [
        target
        for target in targets
        if selector.matches((target.object.get("metadata") or {}).get("labels"))
    ]


@dataclass(slots=True)
class Apply:
    """Applies one object per step; what fails is told at the end."""

    waiting: list[Target]
    printer: ObjectPrinter | None
    errors: list[KubectlError] = field(default_factory=list)
    done: list[Object] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        if self.waiting:
            target = self.waiting.pop(0)
            try:
                self._apply(session, target)
            except KubectlError as error:
                self.errors.append(error)
            return Waiting()
        self._print_all(session)
        raise_errors(self.errors)
        return 0

    def _apply(self, session: Session, target: Target) -> None:
        metadata = target.object.get("metadata") or {}
        if not target.name and metadata.get("generateName"):
            raise KubectlError(
                f"from {metadata['generateName']}: cannot use generate name with apply"
            )
        if not target.name:
            raise KubectlError("resource name may not be empty")
        obj = with_namespace(target.object, target.namespace)
        if session.flags.is_on("server-side"):
            self._tell(session, _server_side(session, target, obj), "serverside-applied")
            return
        try:
            live = session.client.call("GET", target.path)
        except StatusError as error:
            if not error.is_not_found:
                raise error.during(
                    f"retrieving current configuration of:\n{_info(target)}\nfrom server for:",
                    target.source,
                ) from None
            self._tell(session, _created(session, target, obj), "created")
            return
        self._patch(session, target, obj, live)

    def _patch(self, session: Session, target: Target, obj: Object, live: Object) -> None:
        if last_applied(live) is None:
            session.err(
                f"Warning: resource {target.resource.plural}/{target.name} is missing the "
                f"{LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply "
                "should only be used on resources created declaratively by either kubectl create "
                "--save-config or kubectl apply. The missing annotation will be patched "
                "automatically."
            )
        changes, result = _patched(session, target, annotated(obj), live)
        if (result.get("metadata") or {}).get("deletionTimestamp"):
            session.err(
                f"Warning: Detected changes to resource {target.name} which is currently being "
                "deleted."
            )
        self._tell(session, result, "configured" if changes else "unchanged")

    def _tell(self, session: Session, obj: Object, operation: str) -> None:
        if self.printer is not None and self.printer.format != "name":
            self.done.append(obj)
        elif self.printer is not None:
            session.out(label_of(obj))
        else:
            session.out(f"{label_of(obj)} {operation}{suffix(session)}")

    def _print_all(self, session: Session) -> None:
        """With -o json or yaml: one object as it is, several as a list."""
        done, self.done = self.done, []
        if not done or self.printer is None:
            return
        if len(done) == 1:
            session.write(self.printer.print(done[0]))
            return
        list_ = {"apiVersion": "v1", "kind": "List", "metadata": {}, "items": done}
        session.write(self.printer.print(list_))


def _created(session: Session, target: Target, obj: Object) -> Object:
    try:
        return create(session, target.resource, target.namespace, without_nulls(annotated(obj)))
    except StatusError as error:
        raise error.during("creating", target.source) from None


def _patched(
    session: Session, target: Target, modified: Object, live: Object
) -> tuple[Object, Object]:
    """The patch and what became of the object; conflicts are tried again."""
    for attempt in range(_RETRIES_MAX + 1):
        changes, content_type = patch_for(target.resource, live, modified)
        if not changes:
            return changes, live
        if dry_run(session) == CLIENT:
            return changes, patched_locally(target.resource, live, changes)
        try:
            return changes, patch(session, target, changes, content_type=content_type)
        except StatusError as error:
            if error.reason == "Conflict" and attempt < _RETRIES_MAX:
                live = session.client.call("GET", target.path)
                continue
            if error.reason in ("Conflict", "Invalid") and session.flags.is_on("force"):
                return changes, _recreated(session, target, modified)
            shown = to_json(changes, indent=None)
            raise error.during("patching", target.source).during(
                f"applying patch:\n{shown}\nto:\n{_info(target)}\nfor:", target.source
            ) from None
    raise KubectlError("too many conflicts")


def _recreated(session: Session, target: Target, modified: Object) -> Object:
    """--force: the object anew, where it cannot be changed."""
    session.client.call("DELETE", target.path, {"gracePeriodSeconds": 0})
    return create(session, target.resource, target.namespace, without_nulls(modified))


def _server_side(session: Session, target: Target, obj: Object) -> Object:
    is_forced = session.flags.is_on("force-conflicts")
    try:
        result = patch(session, target, obj, content_type=APPLY_PATCH, force=is_forced)
    except StatusError as error:
        if error.reason == "Conflict":
            raise KubectlError(error.message + _CONFLICT_ADVICE) from None
        raise
    return result


def _info(target: Target) -> str:
    resource = target.resource
    kind = f"{resource.group}/{resource.version}"
    return (
        f'Resource: "{kind}, Resource={resource.plural}", GroupVersionKind: "{kind}, '
        f'Kind={resource.kind}"\nName: "{target.name}", Namespace: "{target.namespace}"'
    )


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
        text = encoded(without_annotation(obj))
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
    usage="(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    run=run_view,
    flags=(
        *FILENAME,
        SELECTOR,
        switch("all", "", "Select all resources in the namespace of the specified resource types"),
        Flag("output", "o", "string", "yaml", "Output format. Must be one of (yaml, json)"),
    ),
)
SET_LAST_APPLIED = Command(
    name="set-last-applied",
    short="Set the last-applied-configuration annotation on a live object to match the contents "
    "of a file",
    usage="-f FILENAME",
    run=run_set,
    flags=(
        *FILENAME,
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
COMMAND = Command(
    name="apply",
    short="Apply a configuration to a resource by file name or stdin",
    usage="(-f FILENAME | -k DIRECTORY)",
    long="""Apply a configuration to a resource by file name or stdin. The resource name must be \
specified. This resource will be created if it doesn't exist yet. To use 'apply', always create \
the resource initially with either 'apply' or 'create --save-config'.

 JSON and YAML formats are accepted.""",
    examples="""# Apply the configuration in pod.json to a pod
kubectl apply -f ./pod.json

# Apply resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml
kubectl apply -k dir/

# Apply the JSON passed into stdin to a pod
cat pod.json | kubectl apply -f -""",
    flags=(
        *FILENAME,
        *PRINTING,
        SELECTOR,
        DRY_RUN,
        VALIDATE,
        Flag(
            "field-manager", "", "string", "", "Name of the manager used to track field ownership."
        ),
        switch("server-side", "", "If true, apply runs in the server instead of the client."),
        switch(
            "force-conflicts",
            "",
            "If true, server-side apply will force the changes against conflicts.",
        ),
        switch(
            "force",
            "",
            "If true, immediately remove resources from API and bypass graceful deletion.",
        ),
        Flag(
            "overwrite",
            "",
            BOOL,
            True,
            "Automatically resolve conflicts between the modified "
            "and live configuration by using values from the modified configuration",
        ),
        Flag(
            "grace-period",
            "",
            INT,
            -1,
            "Period of time in seconds given to the resource to terminate gracefully.",
        ),
        Flag(
            "timeout",
            "",
            DURATION,
            0,
            "The length of time to wait before giving up on a "
            "delete, zero means determine a timeout from the size of the object",
        ),
        switch("wait", "", "If true, wait for resources to be gone before returning."),
        Flag(
            "openapi-patch",
            "",
            BOOL,
            True,
            "If true, use openapi to calculate diff when the "
            "openapi presents and the resource can be found in the openapi spec.",
        ),
    ),
    children=(VIEW_LAST_APPLIED, SET_LAST_APPLIED),
    run=run,
)
