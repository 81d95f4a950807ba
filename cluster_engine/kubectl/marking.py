"""What `label` and `annotate` share: words into resources and changes, objects into patches.

Models: k8s.io/kubectl/pkg/cmd/label and pkg/cmd/annotate (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.merge import create_merge_patch
from cluster_engine.kubectl.client import MERGE_PATCH
from cluster_engine.kubectl.command import (
    ALL,
    ALL_NAMESPACES,
    DRY_RUN,
    FIELD_SELECTOR,
    FILENAME,
    PRINTING,
    SELECTOR,
)
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.results import CLIENT, SERVER, dry_run
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, file_targets, gather
from cluster_engine.kubectl.writing import patch

MARKING: tuple[Flag, ...] = (
    ALL,
    ALL_NAMESPACES,
    DRY_RUN,
    FIELD_SELECTOR,
    *FILENAME,
    *PRINTING,
    SELECTOR,
)


def flags_for(what: str, plural: str) -> tuple[Flag, ...]:
    """The flags with the word in their help."""
    return (
        *MARKING,
        switch("list", "", f"If true, display the {plural} for a given resource."),
        switch("local", "", f"If true, {what} will NOT contact api-server but run locally."),
        switch(
            "overwrite",
            "",
            f"If true, allow {plural} to be overwritten, otherwise reject {what} updates that "
            f"overwrite existing {plural}.",
        ),
        Flag(
            "resource-version",
            "",
            STRING,
            "",
            f"If non-empty, the {plural} update will only succeed if this is the current "
            "resource-version for the object. Only valid when specifying a single resource.",
        ),
    )


def split_words(words: Sequence[str], what: str) -> tuple[list[str], list[str]]:
    """Resources, and the changes behind them. Raises KubectlError."""
    resources: list[str] = []
    changes: list[str] = []
    for word in words:
        if (not word.startswith("=") and "=" in word) or (word.endswith("-") and word != "-"):
            changes.append(word)
        elif changes:
            raise KubectlError(f"all resources must be specified before {what} changes: {word}")
        else:
            resources.append(word)
    return resources, changes


def check_words(
    session: Session, resources: Sequence[str], has_changes: bool, what: str, file: str
) -> None:
    """Raises KubectlError when something is missing or does not go together."""
    flags = session.flags
    if flags.is_on("list") and flags.text("output"):
        raise KubectlError("--list and --output may not be specified together")
    for name in ("selector", "field-selector"):
        if flags.is_on("all") and flags.text(name):
            raise KubectlError(f"cannot set --all and --{name} at the same time")
    has_files = bool(flags.words("filename") or flags.text("kustomize"))
    if flags.is_on("local"):
        if dry_run(session) == SERVER:
            raise KubectlError(
                "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
            )
        if resources:
            raise KubectlError(
                f"can only use local files by -f {file}.yaml or --filename={file}.json when "
                "--local=true is set"
            )
        if not has_files:
            raise KubectlError(
                f"one or more files must be specified as -f {file}.yaml or --filename={file}.json"
            )
    elif not resources and not has_files:
        raise KubectlError(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>"
        )
    if not has_changes and not flags.is_on("list"):
        raise KubectlError(f"at least one {what} update is required")


def marked_targets(
    session: Session, resources: Sequence[str]
) -> tuple[list[Target], list[KubectlError]]:
    """What the words and files name, as it is now unless --local. Raises KubectlError."""
    if session.flags.is_on("local"):
        return file_targets(session)
    targets, errors = gather(session, resources)
    if session.flags.text("resource-version") and len(targets) + len(errors) != 1:
        raise KubectlError("--resource-version may only be used with a single resource")
    return targets, errors


def is_only_shown(session: Session) -> bool:
    """Whether nothing is sent."""
    flags = session.flags
    return dry_run(session) == CLIENT or flags.is_on("local") or flags.is_on("list")


def with_marks(obj: Object, field: str, values: Mapping[str, str]) -> Object:
    """The object with those labels or annotations."""
    metadata = {**obj["metadata"], field: dict(values)}
    if not values:
        del metadata[field]
    return {**obj, "metadata": metadata}


def send_marks(session: Session, target: Target, changed: Object) -> Object:
    """Patch what differs; the server's answer."""
    body = create_merge_patch(target.object, changed)
    version = session.flags.text("resource-version")
    if version:
        body = {**body, "metadata": {**body.get("metadata", {}), "resourceVersion": version}}
    return patch(session, target, body, content_type=MERGE_PATCH)


def list_marks(session: Session, obj: Object, field: str, *, is_only: bool) -> None:
    """Print the labels or annotations of an object."""
    if not is_only:
        group = obj.get("apiVersion", "").rpartition("/")[0]
        name = obj["metadata"]["name"]
        session.out(f"Listing {field} for {obj.get('kind', '')}.{group}/{name}:")
    indent = "" if is_only else " "
    for key, value in sorted((obj["metadata"].get(field) or {}).items()):
        session.out(f"{indent}{key}={value}")
