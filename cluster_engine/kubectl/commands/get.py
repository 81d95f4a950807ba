"""`kubectl get`: one or many resources, as tables or whole, once or as they change.

Models: k8s.io/kubectl/pkg/cmd/get (v0.37.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.client import JSON, TABLE
from cluster_engine.kubectl.command import (
    ALL_NAMESPACES,
    FIELD_SELECTOR,
    FILENAME,
    MANAGED_FIELDS,
    SELECTOR,
    TEMPLATE,
    Command,
)
from cluster_engine.kubectl.errors import KubectlError, StatusError, UsageError
from cluster_engine.kubectl.errors import raise_all as raise_errors
from cluster_engine.kubectl.flags import INT, STRINGS, Flag, switch
from cluster_engine.kubectl.printers.chosen import ObjectPrinter, chosen_printer
from cluster_engine.kubectl.printers.sorting import order_of, sort_objects, sort_table
from cluster_engine.kubectl.printers.tables import TablePrinter
from cluster_engine.kubectl.raw import run_raw
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.streams import Lines
from cluster_engine.kubectl.targets import (
    Filters,
    Selection,
    fetch,
    file_targets,
    filters_of,
    items_of,
    select,
)
from cluster_engine.runtime.program import Waiting


def run(session: Session) -> int | Task:
    flags = session.flags
    if flags.text("raw"):
        return run_raw(session, "GET")
    _check(session)
    has_files = bool(flags.words("filename") or flags.text("kustomize"))
    if not session.arguments and not has_files:
        session.err(
            "You must specify the type of resource to get. "
            'Use "kubectl api-resources" for a complete list of supported resources.\n'
        )
        raise UsageError(
            "Required resource not specified.\n"
            'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. '
            "kubectl explain pods).",
            session.command,
        )
    filters = filters_of(session)
    selections, errors = _selections(session, filters, has_files)
    printer = chosen_printer(session, has_tables=True)
    if flags.is_on("watch") or flags.is_on("watch-only"):
        return _watch(session, selections, filters, printer)
    if printer is None:
        return _print_tables(session, selections, filters, errors)
    return _print_objects(session, selections, filters, printer, errors)


def _check(session: Session) -> None:
    flags = session.flags
    output = flags.text("output")
    if flags.is_on("show-labels") and output not in ("", "wide"):
        raise KubectlError(f"--show-labels option cannot be used with {output} printer")
    if flags.words("label-columns") and output.startswith("custom-columns"):
        raise KubectlError(f"--label-columns option cannot be used with {output} printer")
    is_watching = flags.is_on("watch") or flags.is_on("watch-only")
    if flags.is_on("output-watch-events") and not is_watching:
        raise KubectlError(
            "--output-watch-events option can only be used with --watch or --watch-only"
        )
    if is_watching and flags.text("sort-by"):
        session.err(
            "warning: --watch requested, --sort-by will be ignored for watch events received"
        )


def _selections(
    session: Session, filters: Filters, has_files: bool
) -> tuple[list[Selection], list[KubectlError]]:
    if not has_files:
        return select(session, session.arguments, filters), []
    if session.arguments:
        raise KubectlError(
            "when paths, URLs, or stdin is provided as input, you may not specify resource "
            "arguments as well"
        )
    targets, errors = file_targets(session)
    return [Selection(item.resource, (item.name,)) for item in targets], errors


def _print_tables(
    session: Session, selections: list[Selection], filters: Filters, errors: list[KubectlError]
) -> int:
    answers: list[tuple[Resource, Object]] = []
    query: dict[str, Any] = {}
    if session.flags.text("sort-by"):
        query["includeObject"] = "Object"
    for selection in selections:
        for answer, error in fetch(session, selection, filters, accept=TABLE, **query):
            if error is None:
                answers.append((selection.resource, answer))
            elif not _is_ignored(session, error):
                errors.append(error)
    has_several = len({(item.group, item.plural) for item, _ in answers}) > 1
    sort_by = session.flags.text("sort-by")
    if sort_by and len(answers) > 1:
        answers = [answers[place] for place in order_of([table for _, table in answers], sort_by)]
    written = _write_tables(session, answers, filters, has_several)
    if not written and not errors and not session.flags.is_on("ignore-not-found"):
        if all(item.is_namespaced for item, _ in answers) and not filters.all_namespaces:
            session.err(f"No resources found in {session.namespace} namespace.")
        else:
            session.err("No resources found")
    raise_errors(errors)
    return 0


def _write_tables(
    session: Session, answers: list[tuple[Resource, Object]], filters: Filters, has_several: bool
) -> bool:
    printer: TablePrinter | None = None
    last: Resource | None = None
    written = False
    for resource, table in answers:
        if printer is None or resource != last:
            needs_break = last is not None and written and printer is not None
            printer = _table_printer(session, resource, filters, has_several)
        else:
            needs_break = False
        last = resource
        text = printer.print(_sorted(session, table), session.now_ms)
        if text:
            if needs_break and printer.has_headers:
                session.write("\n")
            session.write(text)
            written = True
    return written


def _sorted(session: Session, table: Object) -> Object:
    """The rows in order; none when they cannot be ordered, as in kubectl."""
    sort_by = session.flags.text("sort-by")
    if not sort_by or len(table.get("rows") or ()) < 2:
        return table
    try:
        return sort_table(table, sort_by)
    except KubectlError:
        return {**table, "rows": []}


def _table_printer(
    session: Session, resource: Resource, filters: Filters, has_kinds: bool
) -> TablePrinter:
    flags = session.flags
    shows_kind = has_kinds or flags.is_on("show-kind")
    return TablePrinter(
        is_wide=flags.text("output") == "wide",
        has_headers=not flags.is_on("no-headers"),
        shows_labels=flags.is_on("show-labels"),
        shows_namespace=filters.all_namespaces and resource.is_namespaced,
        label_columns=flags.words("label-columns"),
        kind_prefix=resource.display if shows_kind else "",
    )


def _print_objects(
    session: Session,
    selections: list[Selection],
    filters: Filters,
    printer: ObjectPrinter,
    errors: list[KubectlError],
) -> int:
    found: list[Object] = []
    answer: Object = {}
    for selection in selections:
        for answer, error in fetch(session, selection, filters):
            if error is None:
                found.extend(items_of(answer, selection.resource))
            elif not _is_ignored(session, error):
                errors.append(error)
    names = [len(item.names) if item.names is not None else 2 for item in selections]
    is_single = sum(names) == 1
    if is_single:
        raise_errors(errors)
    if is_single and found:
        session.write(printer.print(found[0]))
    elif not is_single or not session.flags.is_on("ignore-not-found"):
        if session.flags.text("sort-by"):
            found = sort_objects(found, session.flags.text("sort-by"))
        items: Object = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}}
        if found or not session.flags.is_on("ignore-not-found"):
            session.write(printer.print({**items, "items": found}))
    raise_errors(errors)
    return 0


def _is_ignored(session: Session, error: KubectlError) -> bool:
    is_missing = isinstance(error, StatusError) and error.is_not_found
    return is_missing and session.flags.is_on("ignore-not-found")


@dataclass(slots=True)
class Watch:
    """Prints objects as they change, until it is interrupted."""

    path: str
    query: dict[str, Any]
    accept: str
    tables: TablePrinter | None
    objects: ObjectPrinter | None
    shows_events: bool
    #: A single object's watch begins with an event for what has been printed already.
    skips_first: bool
    lines: Lines | None = field(default=None)

    def step(self, session: Session) -> int | Waiting:
        if self.lines is None:
            stream = session.client.stream("GET", self.path, self.query, accept=self.accept)
            self.lines = Lines(session.system.open_stream(stream))
        for line in self.lines.read(session.system):
            event = json.loads(line)
            if event["type"] == "ERROR":
                raise StatusError(event["object"])
            if event["type"] == "BOOKMARK":
                continue
            if self.skips_first:
                self.skips_first = False
                continue
            self._print(session, event)
        if self.lines.has_ended:
            return 0
        return Waiting(readable=(self.lines.fd,))

    def _print(self, session: Session, event: Object) -> None:
        obj = event["object"]
        if self.tables is not None:
            name = event["type"] if self.shows_events else ""
            session.write(self.tables.print(obj, session.now_ms, name))
        elif self.objects is not None:
            is_wrapped = self.shows_events and self.objects.format != "name"
            session.write(self.objects.print(_wrapped(event) if is_wrapped else obj))


def _wrapped(event: Object) -> Object:
    return {"type": event["type"], "object": event["object"]}


def _watch(
    session: Session,
    selections: list[Selection],
    filters: Filters,
    printer: ObjectPrinter | None,
) -> int | Task:
    if len(selections) != 1 or (selections[0].names and len(selections[0].names) > 1):
        raise KubectlError("you may only specify a single resource type")
    selection = selections[0]
    resource = selection.resource
    accept = TABLE if printer is None else JSON
    (answer, error), *_ = fetch(session, selection, filters, accept=accept)
    if error is not None:
        if _is_ignored(session, error):
            return 0
        raise error
    shows_events = session.flags.is_on("output-watch-events")
    tables = None
    if printer is None:
        tables = _table_printer(session, resource, filters, False)
        tables.shows_event = shows_events
    is_list = selection.names is None
    query: dict[str, Any] = {"watch": True, **filters.query()}
    namespace = "" if filters.all_namespaces else session.namespace
    version = (answer.get("metadata") or {}).get("resourceVersion", "")
    if selection.names:
        query = {"watch": True, "fieldSelector": f"metadata.name={selection.names[0]}"}
        if accept == JSON:
            query["resourceVersion"] = version
    if is_list:
        query["resourceVersion"] = version
    watch = Watch(
        path=resource.path(namespace),
        query=query,
        accept=accept,
        tables=tables,
        objects=printer,
        shows_events=shows_events,
        skips_first=not is_list and accept != JSON,
    )
    if not session.flags.is_on("watch-only"):
        for obj in [answer] if tables is not None else items_of(answer, resource):
            watch._print(session, {"type": "ADDED", "object": obj})
    return watch


COMMAND = Command(
    name="get",
    short="Display one or many resources",
    usage="[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|"
    "jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] "
    "(TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
    long="""Display one or many resources.

 Prints a table of the most important information about the specified resources. You can filter \
the list using a label selector and the --selector flag. If the desired resource type is \
namespaced you will only see results in the current namespace if you don't specify any namespace.

 By specifying the output as 'template' and providing a Go template as the value of the \
--template flag, you can filter the attributes of the fetched resources.

Use "kubectl api-resources" for a complete list of supported resources.""",
    examples="""# List all pods in ps output format
kubectl get pods

# List all pods in ps output format with more information (such as node name)
kubectl get pods -o wide

# List a single replication controller with specified NAME in ps output format
kubectl get replicationcontroller web

# List deployments in JSON output format, in the "v1" version of the "apps" API group
kubectl get deployments.v1.apps -o json

# List a single pod in JSON output format
kubectl get -o json pod web-pod-13je7

# List a pod identified by type and name specified in "pod.yaml" in JSON output format
kubectl get -f pod.yaml -o json

# List resources from a directory with kustomization.yaml - e.g. dir/kustomization.yaml
kubectl get -k dir/

# Return only the phase value of the specified pod
kubectl get -o template pod/web-pod-13je7 --template={{.status.phase}}

# List resource information in custom columns
kubectl get pod test-pod -o \
custom-columns=CONTAINER:.spec.containers[0].name,IMAGE:.spec.containers[0].image

# List all replication controllers and services together in ps output format
kubectl get rc,services

# List one or more resources by their type and names
kubectl get rc/web service/frontend pods/web-pod-13je7

# List the 'status' subresource for a single pod
kubectl get pod web-pod-13je7 --subresource status

# List all deployments in namespace 'backend'
kubectl get deployments.apps --namespace backend

# List all pods existing in all namespaces
kubectl get pods --all-namespaces""",
    flags=(
        ALL_NAMESPACES,
        SELECTOR,
        FIELD_SELECTOR,
        *FILENAME,
        Flag(
            "output",
            "o",
            "string",
            "",
            "Output format. One of: (json, yaml, kyaml, name, go-template, go-template-file, "
            "template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, "
            "custom-columns-file, wide).",
        ),
        TEMPLATE,
        MANAGED_FIELDS,
        switch(
            "allow-missing-template-keys",
            "",
            "If true, ignore any errors in templates when a field or map key is missing "
            "in the template. Only applies to golang and jsonpath output formats.",
            default=True,
        ),
        Flag(
            "chunk-size",
            "",
            INT,
            500,
            "Return large lists in chunks rather than all at once. Pass 0 to disable. "
            "This flag is beta and may change in the future.",
        ),
        switch(
            "ignore-not-found",
            "",
            "If set to true, suppresses NotFound error for specific objects that do not exist.",
        ),
        Flag(
            "label-columns",
            "L",
            STRINGS,
            None,
            "Accepts a comma separated list of labels that are going to be presented as "
            "columns. Names are case-sensitive. You can also use multiple flag options "
            "like -L label1 -L label2...",
        ),
        switch(
            "no-headers",
            "",
            "When using the default or custom-column output format, don't "
            "print headers (default print headers).",
        ),
        switch(
            "output-watch-events",
            "",
            "Output watch event objects when --watch or "
            "--watch-only is used. Existing objects are output as initial ADDED events.",
        ),
        Flag(
            "raw",
            "",
            "string",
            "",
            "Raw URI to request from the server.  Uses the transport specified by the "
            "kubeconfig file.",
        ),
        switch(
            "server-print",
            "",
            "If true, have the server return the appropriate table output. Supports "
            "extension APIs and CRDs.",
            default=True,
        ),
        switch("show-kind", "", "If present, list the resource type for the requested object(s)."),
        switch(
            "show-labels",
            "",
            "When printing, show all labels as the last column (default hide labels column)",
        ),
        Flag(
            "sort-by",
            "",
            "string",
            "",
            "If non-empty, sort list types using this field specification.  The field "
            "specification is expressed as a JSONPath expression (e.g. "
            "'{.metadata.name}'). The field in the API resource specified by this "
            "JSONPath expression must be an integer or a string.",
        ),
        Flag(
            "subresource",
            "",
            "string",
            "",
            "If specified, gets the subresource of the requested object.",
        ),
        switch("watch", "w", "After listing/getting the requested object, watch for changes."),
        switch(
            "watch-only",
            "",
            "Watch for changes to the requested object(s), without listing/getting first.",
        ),
    ),
    run=run,
)
