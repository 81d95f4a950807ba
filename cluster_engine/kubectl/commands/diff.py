"""`kubectl diff`: what `apply` would change.

Models: k8s.io/kubectl/pkg/cmd/diff (v0.37.2).
"""

from __future__ import annotations

import difflib
import hashlib
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339_nano
from cluster_engine.kubectl.applying import annotated, patch_for, without_nulls
from cluster_engine.kubectl.client import APPLY_PATCH
from cluster_engine.kubectl.command import SELECTOR, Command, files
from cluster_engine.kubectl.errors import KubectlError, StatusError, UsageError
from cluster_engine.kubectl.flags import INT, STRING, Flag, switch
from cluster_engine.kubectl.printers.chosen import without_managed
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, targets_of_files
from cluster_engine.kubectl.writing import patch, with_namespace

_CONTEXT_LINES = 3
_FAILED = 2


def run(session: Session) -> int:
    try:
        return _run(session)
    except KubectlError as error:
        # 1 means that there are differences.
        error.code = max(error.code, _FAILED)
        raise


def _run(session: Session) -> int:
    flags = session.flags
    if session.arguments:
        raise UsageError(f"Unexpected args: [{' '.join(session.arguments)}]", session.command)
    if not flags.words("filename") and not flags.text("kustomize"):
        raise KubectlError("must specify one of -f and -k")
    is_server_side = flags.is_on("server-side")
    if flags.is_on("force-conflicts") and not is_server_side:
        raise KubectlError("--force-conflicts only works with --server-side")
    if not flags.has("field-manager"):
        manager = "kubectl" if is_server_side else "kubectl-client-side-apply"
        flags.values["field-manager"] = manager
    has_differences = False
    for target in targets_of_files(session):
        live = _live(session, target)
        merged = _merged(session, target, live)
        text = _difference(session, target, live, merged)
        has_differences = has_differences or bool(text)
        session.write(text)
    return 1 if has_differences else 0


def _live(session: Session, target: Target) -> Object | None:
    try:
        return session.client.call("GET", target.path)
    except StatusError as error:
        if error.is_not_found:
            return None
        raise


def _merged(session: Session, target: Target, live: Object | None) -> Object:
    """What the server says would come of applying the file."""
    obj = with_namespace(target.object, target.namespace)
    if session.flags.is_on("server-side"):
        return patch(
            session,
            target,
            obj,
            content_type=APPLY_PATCH,
            dryRun="All",
            force=session.flags.is_on("force-conflicts"),
        )
    manager = session.flags.values["field-manager"]
    query: dict[str, Any] = {"dryRun": "All", "fieldManager": manager}
    if live is None:
        path = target.resource.path(target.namespace)
        return session.client.call("POST", path, query, without_nulls(annotated(obj)))
    changes, content_type = patch_for(target.resource, live, annotated(obj))
    if not changes:
        return live
    return session.client.call("PATCH", target.path, query, changes, content_type=content_type)


def _difference(session: Session, target: Target, live: Object | None, merged: Object) -> str:
    if not session.flags.is_on("show-managed-fields"):
        live, merged = (None if live is None else without_managed(live)), without_managed(merged)
    if target.resource.kind == "Secret" and not session.flags.is_on("show-secrets"):
        live, merged = _masked(live, merged)
    before = [] if live is None else to_yaml(live).splitlines()
    after = to_yaml(merged).splitlines()
    if before == after:
        return ""
    resource = target.resource
    group = f"{resource.group}." if resource.group else ""
    name = f"{group}{resource.version}.{resource.kind}.{target.namespace}.{target.name}"
    number = int(hashlib.sha256(f"{session.now_ms}".encode()).hexdigest()[:8], 16)
    files = [f"/tmp/LIVE-{number}/{name}", f"/tmp/MERGED-{number + 1}/{name}"]
    stamp = rfc3339_nano(session.now_ms).replace("T", " ").replace("Z", " +0000")
    lines = difflib.unified_diff(
        before, after, files[0], files[1], stamp, stamp, _CONTEXT_LINES, lineterm=""
    )
    return "\n".join([f"diff -u -N {files[0]} {files[1]}", *lines]) + "\n"


def _masked(live: Object | None, merged: Object) -> tuple[Object | None, Object]:
    """Secret values as stars, which say only whether they are the same."""
    before: dict[str, Any] = (live or {}).get("data") or {}
    after: dict[str, Any] = merged.get("data") or {}
    shown_before, shown_after = {}, {}
    for key in {**before, **after}:
        is_same = before.get(key) == after.get(key)
        has_both = key in before and key in after
        if key in before:
            shown_before[key] = "***" if is_same or not has_both else "*** (before)"
        if key in after:
            shown_after[key] = "***" if is_same or not has_both else "*** (after)"
    masked_live = live if live is None or not before else {**live, "data": shown_before}
    return masked_live, ({**merged, "data": shown_after} if after else merged)


COMMAND = Command(
    name="diff",
    short="Diff the live version against a would-be applied version",
    usage="-f FILENAME",
    long="""Diff configurations specified by file name or stdin between the current online \
configuration, and the configuration as it would be if applied.

 The output is always YAML.

 KUBECTL_EXTERNAL_DIFF environment variable can be used to select your own diff command. Users \
can use external commands with params too, example: KUBECTL_EXTERNAL_DIFF="colordiff -N -u"

 By default, the "diff" command available in your path will be run with the "-u" (unified diff) \
and "-N" (treat absent files as empty) options.

 Exit status: 0 No differences were found. 1 Differences were found. >1 Kubectl or diff failed \
with an error.

 Note: KUBECTL_EXTERNAL_DIFF, if used, is expected to follow that convention.""",
    examples="""# Diff resources included in pod.json
kubectl diff -f pod.json

# Diff file read from stdin
cat service.yaml | kubectl diff -f -""",
    flags=(
        Flag(
            "concurrency",
            "",
            INT,
            1,
            "Number of objects to process in parallel when diffing against the live "
            "version. Larger number = faster, but more memory, I/O and CPU over that "
            "shorter period of time.",
        ),
        Flag(
            "field-manager",
            "",
            STRING,
            "",
            "Name of the manager used to track field ownership.",
        ),
        *files("contains the configuration to diff"),
        switch(
            "force-conflicts",
            "",
            "If true, server-side apply will force the changes against conflicts.",
        ),
        SELECTOR,
        switch("server-side", "", "If true, apply runs in the server instead of the client."),
        switch("show-managed-fields", "", "If true, include managed fields in the diff."),
        switch("show-secrets", "", "If true, do not mask secret values in the diff."),
    ),
    run=run,
)
