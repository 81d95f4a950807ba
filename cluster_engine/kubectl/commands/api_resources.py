"""`kubectl api-resources`: what the server has.

Models: k8s.io/kubectl/pkg/cmd/apiresources (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.describe.words import lower_bool
from cluster_engine.kubectl.errors import KubectlError, UsageError
from cluster_engine.kubectl.flags import STRING, STRINGS, Flag, switch
from cluster_engine.kubectl.printers.chosen import chosen_printer
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.session import Session


def run(session: Session) -> int:
    flags = session.flags
    if session.arguments:
        raise UsageError(f"unexpected arguments: [{' '.join(session.arguments)}]", session.command)
    sort_by, output = flags.text("sort-by"), flags.text("output")
    if sort_by not in ("", "name", "kind"):
        raise KubectlError("--sort-by accepts only name or kind")
    found = [item for item in session.resources.preferred() if _is_wanted(session, item)]
    key = {"name": "plural", "kind": "kind"}.get(sort_by, "group")
    found.sort(key=lambda item: (getattr(item, key), item.plural))
    if output == "name":
        session.write("".join(f"{item.qualified}\n" for item in found))
    elif output in ("", "wide"):
        _write_table(session, found, is_wide=output == "wide")
    else:
        _write_objects(session, found)
    return 0


def _is_wanted(session: Session, item: Resource) -> bool:
    flags = session.flags
    if not item.verbs:
        return False
    if flags.has("api-group") and flags.text("api-group") != item.group:
        return False
    if flags.has("namespaced") and flags.is_on("namespaced") != item.is_namespaced:
        return False
    if not set(flags.words("verbs")) <= set(item.verbs):
        return False
    return set(flags.words("categories")) <= set(item.categories)


def _write_table(session: Session, found: list[Resource], *, is_wide: bool) -> None:
    tabs = TabWriter()
    names = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
    if is_wide:
        names += ["VERBS", "CATEGORIES"]
    if not session.flags.is_on("no-headers"):
        tabs.line(*names)
    for item in found:
        cells = [
            item.plural,
            ",".join(item.short_names),
            item.api_version,
            lower_bool(item.is_namespaced),
            item.kind,
        ]
        if is_wide:
            cells += [",".join(item.verbs), ",".join(item.categories)]
        tabs.line(*cells)
    session.write(tabs.flush())


def _write_objects(session: Session, found: list[Resource]) -> None:
    printer = chosen_printer(session)
    if printer is None:
        return
    resources = [
        {
            "name": item.plural,
            "singularName": item.singular,
            "namespaced": item.is_namespaced,
            **({"group": item.group} if item.group else {}),
            "version": item.version,
            "kind": item.kind,
            "verbs": list(item.verbs),
            **({"shortNames": list(item.short_names)} if item.short_names else {}),
            **({"categories": list(item.categories)} if item.categories else {}),
        }
        for item in found
    ]
    session.write(
        printer.print(
            {
                "kind": "APIResourceList",
                "apiVersion": "v1",
                "groupVersion": "",
                "resources": resources,
            }
        )
    )


COMMAND = Command(
    name="api-resources",
    short="Print the supported API resources on the server",
    usage="[flags]",
    long="""Print the supported API resources on the server.""",
    examples="""# Print the supported API resources
kubectl api-resources

# Print the supported API resources with more information
kubectl api-resources -o wide

# Print the supported API resources sorted by a column
kubectl api-resources --sort-by=name

# Print the supported namespaced resources
kubectl api-resources --namespaced=true

# Print the supported non-namespaced resources
kubectl api-resources --namespaced=false

# Print the supported API resources with a specific APIGroup
kubectl api-resources --api-group=rbac.authorization.k8s.io""",
    flags=(
        Flag("api-group", "", STRING, "", "Limit to resources in the specified API group."),
        switch("cached", "", "Use the cached list of resources if available."),
        Flag(
            "categories",
            "",
            STRINGS,
            None,
            "Limit to resources that belong to the specified categories.",
        ),
        switch(
            "namespaced",
            "",
            "If false, non-namespaced resources will be returned, otherwise returning "
            "namespaced resources by default.",
            default=True,
        ),
        switch(
            "no-headers",
            "",
            "When using the default or custom-column output format, don't print headers "
            "(default print headers).",
        ),
        Flag(
            "output",
            "o",
            STRING,
            "",
            "Output format. One of: (json, yaml, kyaml, name, wide).",
        ),
        Flag(
            "sort-by",
            "",
            STRING,
            "",
            "If non-empty, sort list of resources using specified field. The field can "
            "be either 'name' or 'kind'.",
        ),
        Flag("verbs", "", STRINGS, None, "Limit to resources that support the specified verbs."),
    ),
    run=run,
)
