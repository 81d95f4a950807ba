"""`kubectl apply`: make the cluster hold what files say.

Models: k8s.io/kubectl/pkg/cmd/apply (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, parse_label_selector
from cluster_engine.kubectl.applying import (
    LAST_APPLIED,
    annotated,
    last_applied,
    patch_for,
    patched_locally,
    without_nulls,
)
from cluster_engine.kubectl.client import APPLY_PATCH
from cluster_engine.kubectl.command import (
    DRY_RUN,
    KUSTOMIZE,
    PRINTING,
    RECURSIVE,
    SELECTOR,
    VALIDATE,
    Command,
    filename,
)
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.errors import raise_all as raise_errors
from cluster_engine.kubectl.flags import BOOL, DURATION, INT, Flag, switch
from cluster_engine.kubectl.last_applied import SET_LAST_APPLIED, VIEW_LAST_APPLIED
from cluster_engine.kubectl.printers.chosen import ObjectPrinter, chosen_printer, label_of
from cluster_engine.kubectl.pruning import FLAGS as PRUNING
from cluster_engine.kubectl.pruning import Pruning, pruning_of
from cluster_engine.kubectl.results import CLIENT, SERVER, dry_run, suffix
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, file_targets
from cluster_engine.kubectl.writing import create, patch, with_namespace
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
    if flags.is_on("force") and (is_server_side or dry_run(session) == SERVER):
        raise KubectlError(
            "--force cannot be used with --server-side"
            if is_server_side
            else "--dry-run=server cannot be used with --force"
        )
    if not flags.has("field-manager"):
        manager = "kubectl" if is_server_side else "kubectl-client-side-apply"
        flags.values["field-manager"] = manager
    pruning = pruning_of(session)
    found, errors = file_targets(session)
    targets = _selected(session, found)
    if not targets and not errors:
        raise KubectlError("no objects passed to apply")
    return Apply(targets, chosen_printer(session), errors, pruning=pruning)


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
    errors: list[KubectlError]
    done: list[Object] = field(default_factory=list)
    pruning: Pruning | None = None

    def step(self, session: Session) -> int | Waiting:
        if self.waiting:
            target = self.waiting.pop(0)
            try:
                self._apply(session, target)
            except KubectlError as error:
                self.errors.append(error)
            return Waiting()
        raise_errors(self.errors)
        self._print_all(session)
        if self.pruning is not None:
            self.pruning.run(session)
        return 0

    def _apply(self, session: Session, target: Target) -> None:
        metadata = target.object.get("metadata") or {}
        if not target.name and metadata.get("generateName"):
            raise KubectlError(
                f"from {metadata['generateName']}: cannot use generate name with apply"
            )
        obj = with_namespace(target.object, target.namespace)
        if session.flags.is_on("server-side"):
            if not target.name:
                raise KubectlError("name is required")
            self._tell(session, _server_side(session, target, obj), "serverside-applied")
            return
        if not target.name:
            raise KubectlError(
                f"error when retrieving current configuration of:\n{_info(target)}\nfrom server "
                f'for: "{target.source}": resource name may not be empty'
            )
        try:
            live = session.client.call("GET", target.path)
        except StatusError as error:
            if not error.is_not_found:
                raise error.during(
                    f"retrieving current configuration of:\n{_info(target)}\nfrom server for:",
                    target.source,
                ) from None
            created = _created(session, target, obj)
            self._note(created, target)
            self._tell(session, created, "created")
            return
        self._note(live, target)
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

    def _note(self, obj: Object, target: Target) -> None:
        if self.pruning is not None:
            self.pruning.note(obj, target.namespace)

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


COMMAND = Command(
    name="apply",
    short="Apply a configuration to a resource by file name or stdin",
    usage="(-f FILENAME | -k DIRECTORY)",
    long="""Apply a configuration to a resource by file name or stdin. The resource name must be \
specified. This resource will be created if it doesn't exist yet. To use 'apply', always create \
the resource initially with either 'apply' or 'create --save-config'.

 JSON and YAML formats are accepted.

 Alpha Disclaimer: the --prune functionality is not yet complete. Do not use unless you are aware \
of what the current state is. See https://issues.k8s.io/34274.""",
    examples="""# Apply the configuration in pod.json to a pod
kubectl apply -f ./pod.json

# Apply resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml
kubectl apply -k dir/

# Apply the JSON passed into stdin to a pod
cat pod.json | kubectl apply -f -

# Apply the configuration from all files that end with '.json'
kubectl apply -f '*.json'

# Note: --prune is still in Alpha
# Apply the configuration in manifest.yaml that matches label app=nginx and delete all other \
resources that are not in the file and match label app=nginx
kubectl apply --prune -f manifest.yaml -l app=nginx

# Apply the configuration in manifest.yaml and delete all the other config maps that are not in \
the file
kubectl apply --prune -f manifest.yaml --all --prune-allowlist=core/v1/ConfigMap""",
    flags=(
        filename("The files that contain the configurations to apply."),
        KUSTOMIZE,
        RECURSIVE,
        *PRINTING,
        SELECTOR,
        DRY_RUN,
        VALIDATE,
        *PRUNING,
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
            "If true, immediately remove resources from API and bypass graceful "
            "deletion. Note that immediate deletion of some resources may result in "
            "inconsistency or data loss and requires confirmation.",
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
            "Period of time in seconds given to the resource to terminate gracefully. "
            "Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 "
            "when --force is true (force deletion).",
        ),
        Flag(
            "timeout",
            "",
            DURATION,
            0,
            "The length of time to wait before giving up on a "
            "delete, zero means determine a timeout from the size of the object",
        ),
        switch(
            "wait",
            "",
            "If true, wait for resources to be gone before returning. This waits for finalizers.",
        ),
        Flag(
            "openapi-patch",
            "",
            BOOL,
            True,
            "If true, use openapi to calculate diff when the openapi presents and the "
            "resource can be found in the openapi spec. Otherwise, fall back to use "
            "baked-in types.",
        ),
    ),
    children=(SET_LAST_APPLIED, VIEW_LAST_APPLIED),
    run=run,
)
