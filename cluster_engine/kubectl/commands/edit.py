"""`kubectl edit`: objects in an editor, and what was changed there to the server.

Models: k8s.io/kubectl/pkg/cmd/util/editor (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.merge import create_merge_patch
from cluster_engine.apimachinery.patches.strategic_diff import create_patch
from cluster_engine.kubectl.client import MERGE_PATCH, STRATEGIC_PATCH
from cluster_engine.kubectl.command import (
    MANAGED_FIELDS,
    SELECTOR,
    VALIDATE,
    Command,
    files,
    manager,
)
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import STRING, Flag
from cluster_engine.kubectl.manifest_files import parse_documents
from cluster_engine.kubectl.printers.chosen import label_of, without_managed
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, gather
from cluster_engine.kubectl.writing import patch, shape_of
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Waiting
from cluster_engine.runtime.system import Spawn

_HEADER = """\
# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
"""
_DEFAULT_EDITOR = "vi"


def run(session: Session) -> int | Task:
    output = session.flags.text("output")
    if output not in ("yaml", "json", ""):
        raise KubectlError("The flag 'output' must be one of yaml|json")
    targets, errors = gather(session, session.arguments, takes_all=True)
    raise_all(errors)
    if not targets:
        session.err("edit cancelled, no objects found")
        return 0
    extension = output or "yaml"
    number = int.from_bytes(session.system.random(4), "big")
    return Editing(targets, f"/tmp/kubectl-edit-{number}.{extension}", extension)


@dataclass(slots=True)
class Editing:
    """Opens the editor until what it leaves is taken, or nothing more is changed."""

    targets: list[Target]
    path: str
    format: str
    pid: int = 0
    #: What the file held when the editor was opened.
    opened: str = ""
    problems: list[str] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        if not self.pid:
            self._open(session)
        ended = session.system.wait(self.pid)
        if ended is None:
            return Waiting(children=(self.pid,))
        self.pid = 0
        if ended.status:
            raise KubectlError(f'there was a problem with the editor "{_editor(session)}"')
        return self._take(session)

    def _open(self, session: Session) -> None:
        if not self.opened:
            self.opened = _HEADER + self._text(session)
            session.system.write_file(self.path, self.opened.encode(), mode=0o600)
        words = [*_editor(session).split(), self.path]
        try:
            self.pid = session.system.spawn(Spawn(words))
        except Errno:
            raise KubectlError(
                f'unable to launch the editor "{_editor(session)}"; set KUBE_EDITOR or EDITOR to '
                "an editor of this machine, or change the file that "
                "'kubectl get -o yaml' gives and apply it"
            ) from None

    def _text(self, session: Session) -> str:
        shown = [self._shown(session, target.object) for target in self.targets]
        obj: Object = shown[0]
        if len(shown) > 1:
            obj = {"apiVersion": "v1", "items": shown, "kind": "List", "metadata": {}}
        return to_json(obj) + "\n" if self.format == "json" else to_yaml(obj)

    def _shown(self, session: Session, obj: Object) -> Object:
        return obj if session.flags.is_on("show-managed-fields") else without_managed(obj)

    def _take(self, session: Session) -> int | Waiting:
        bare = _without_comments(session.read_file(self.path).decode("utf-8", "replace"))
        if bare == _without_comments(self.opened):
            if self.problems:
                return self._give_up(session)
            self._remove(session)
            session.err("Edit cancelled, no changes made.")
            return 0
        if not bare.strip():
            self._remove(session)
            session.err("Edit cancelled, saved file was empty.")
            return 0
        try:
            edited = parse_documents(bare, self.path)
        except KubectlError as error:
            return self._again(
                session, bare, [f"The edited file had a syntax error: {error.message}"]
            )
        problems = self._save(session, edited)
        if problems:
            return self._again(session, bare, problems)
        self._remove(session)
        return 0

    def _save(self, session: Session, edited: list[Object]) -> list[str]:
        """Send what was changed; the problems."""
        by_name = {
            (obj.get("kind"), (obj.get("metadata") or {}).get("name")): obj for obj in edited
        }
        problems: list[str] = []
        left: list[Target] = []
        for target in self.targets:
            obj = by_name.get((target.resource.kind, target.name))
            if obj is None:
                problems.append(f"{target.label} is missing in the edited file")
                left.append(target)
                continue
            try:
                self._send(session, target, obj)
            except StatusError as error:
                session.err(error.text())
                problems.append(
                    f'{target.resource.qualified} "{target.name}" was not valid:\n* {error.message}'
                )
                left.append(target)
        self.targets = left
        return problems

    def _send(self, session: Session, target: Target, obj: Object) -> None:
        before = self._shown(session, target.object)
        shape = shape_of(target.resource)
        if shape is None:
            body, content_type = create_merge_patch(before, obj), MERGE_PATCH
        else:
            body, content_type = create_patch(before, obj, shape), STRATEGIC_PATCH
        if not body:
            session.out(f"{label_of(target.object)} skipped")
            return
        subresource = session.flags.text("subresource")
        answer = patch(session, target, body, content_type=content_type, subresource=subresource)
        session.out(f"{label_of(answer)} edited")

    def _again(self, session: Session, bare: str, problems: list[str]) -> Waiting:
        """Open the file once more, with what was wrong on top."""
        self.problems = problems
        lines = [line for problem in problems for line in problem.splitlines()]
        notes = "".join(f"# {line}\n" for line in lines)
        self.opened = f"{_HEADER}{notes}#\n{bare}\n"
        session.system.write_file(self.path, self.opened.encode(), mode=0o600)
        return Waiting()

    def _give_up(self, session: Session) -> int:
        session.out(f'A copy of your changes has been stored to "{self.path}"')
        raise KubectlError("Edit cancelled, no valid changes were saved.")

    def _remove(self, session: Session) -> None:
        session.system.unlink(self.path)


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def _editor(session: Session) -> str:
    environment = session.system.environment
    for name in ("KUBE_EDITOR", "EDITOR"):
        if environment.get(name):
            return environment[name]
    return _DEFAULT_EDITOR


COMMAND = Command(
    name="edit",
    short="Edit a resource on the server",
    usage="(RESOURCE/NAME | -f FILENAME)",
    long="""Edit a resource from the default editor.

 The edit command allows you to directly edit any API resource you can retrieve via the \
command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment \
variables, or fall back to 'vi' for Linux or 'notepad' for Windows. When attempting to open the \
editor, it will first attempt to use the shell that has been defined in the 'SHELL' environment \
variable. If this is not defined, the default shell will be used, which is '/bin/bash' for Linux \
or 'cmd' for Windows.

 You can edit multiple objects, although changes are applied one at a time. The command accepts \
file names as well as command-line arguments, although the files you point to must be previously \
saved versions of resources.

 Editing is done with the API version used to fetch the resource. To edit using a specific API \
version, fully-qualify the resource, version, and group.

 The default format is YAML. To edit in JSON, specify "-o json".

 The flag --windows-line-endings can be used to force Windows line endings, otherwise the default \
for your operating system will be used.

 In the event an error occurs while updating, a temporary file will be created on disk that \
contains your unapplied changes. The most common error when updating a resource is another editor \
changing the resource on the server. When this occurs, you will have to apply your changes to the \
newer version of the resource, or update your temporary saved copy to include the latest resource \
version.""",
    examples="""# Edit the service named 'registry'
kubectl edit svc/registry

# Use an alternative editor
KUBE_EDITOR="nano" kubectl edit svc/registry

# Edit the job 'myjob' in JSON using the v1 API format
kubectl edit job.v1.batch/myjob -o json

# Edit the deployment 'mydeployment' in YAML and save the modified config in its annotation
kubectl edit deployment/mydeployment -o yaml --save-config

# Edit the 'status' subresource for the 'mydeployment' deployment
kubectl edit deployment mydeployment --subresource='status'""",
    flags=(
        *files("to use to edit the resource"),
        MANAGED_FIELDS,
        SELECTOR,
        VALIDATE,
        Flag("output", "o", STRING, "", "Output format. One of: (json, yaml)."),
        Flag(
            "subresource",
            "",
            STRING,
            "",
            "If specified, edit will operate on the subresource of the requested object.",
        ),
        manager("kubectl-edit"),
    ),
    run=run,
)
