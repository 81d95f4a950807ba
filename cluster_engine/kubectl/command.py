"""The record that says everything about one command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cluster_engine.kubectl.flags import ARRAY, BOOL, DURATION, INT, STRING, STRINGS, Flag, switch
from cluster_engine.kubectl.session import Session, Task

#: Runs a command: an exit code, or a task that goes on.
Run: TypeAlias = "Callable[[Session], int | Task]"


@dataclass(frozen=True, slots=True)
class Command:
    """A command, or a group of them (`children`)."""

    name: str
    short: str
    #: What stands behind the command's name in the usage line.
    usage: str = ""
    run: Run | None = None
    flags: tuple[Flag, ...] = ()
    long: str = ""
    examples: str = ""
    aliases: tuple[str, ...] = ()
    children: tuple[Command, ...] = ()

    def child(self, name: str) -> Command | None:
        """The subcommand of that name or alias."""
        for child in self.children:
            if name == child.name or name in child.aliases:
                return child
        return None


#: Flags that every command takes.
GLOBAL_FLAGS = (
    Flag(
        "as",
        "",
        STRING,
        "",
        "Username to impersonate for the operation. User could be a regular "
        "user or a service account in a namespace.",
    ),
    Flag(
        "as-group",
        "",
        ARRAY,
        None,
        "Group to impersonate for the operation, this flag can be "
        "repeated to specify multiple groups.",
    ),
    Flag("cluster", "", STRING, "", "The name of the kubeconfig cluster to use"),
    Flag("context", "", STRING, "", "The name of the kubeconfig context to use"),
    Flag(
        "insecure-skip-tls-verify",
        "",
        BOOL,
        False,
        "If true, the server's certificate will not "
        "be checked for validity. This will make your HTTPS connections insecure",
    ),
    Flag("kubeconfig", "", STRING, "", "Path to the kubeconfig file to use for CLI requests."),
    Flag("namespace", "n", STRING, "", "If present, the namespace scope for this CLI request"),
    Flag(
        "request-timeout",
        "",
        STRING,
        "0",
        "The length of time to wait before giving up on a "
        "single server request. Non-zero values should contain a corresponding time unit (e.g. "
        "1s, 2m, 3h). A value of zero means don't timeout requests.",
    ),
    Flag("server", "s", STRING, "", "The address and port of the Kubernetes API server"),
    Flag("token", "", STRING, "", "Bearer token for authentication to the API server"),
    Flag("user", "", STRING, "", "The name of the kubeconfig user to use"),
    Flag("v", "v", INT, 0, "number for the log level verbosity"),
    Flag(
        "warnings-as-errors",
        "",
        BOOL,
        False,
        "Treat warnings received from the server as errors and exit with a non-zero exit code",
    ),
)

HELP_FLAG = switch("help", "h")

SELECTOR = Flag(
    "selector",
    "l",
    STRING,
    "",
    "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l "
    "key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified "
    "label constraints.",
)
FIELD_SELECTOR = Flag(
    "field-selector",
    "",
    STRING,
    "",
    "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector "
    "key1=value1,key2=value2). The server only supports a limited number of field queries per "
    "type.",
)
ALL_NAMESPACES = switch(
    "all-namespaces",
    "A",
    "If present, list the requested object(s) across all namespaces. Namespace in current context "
    "is ignored even if specified with --namespace.",
)
ALL = switch("all", "", "Select all resources, in the namespace of the specified resource types")
KUSTOMIZE = Flag(
    "kustomize",
    "k",
    STRING,
    "",
    "Process the kustomization directory. This flag can't be used together with -f or -R.",
)
RECURSIVE = switch(
    "recursive",
    "R",
    "Process the directory used in -f, --filename recursively. Useful when you want to manage "
    "related manifests organized within the same directory.",
)


def filename(help_: str) -> Flag:
    """The flag that names manifests."""
    return Flag("filename", "f", STRINGS, None, help_)


def files(to: str) -> tuple[Flag, ...]:
    """The flags that name manifests; `to` says what for."""
    named = filename(f"Filename, directory, or URL to files {to}")
    return (named, KUSTOMIZE, RECURSIVE)


FILENAME = files("identifying the resource to get from a server.")
DRY_RUN = Flag(
    "dry-run",
    "",
    STRING,
    "none",
    'Must be "none", "server", or "client". If client strategy, only print the object that would '
    "be sent, without sending it. If server strategy, submit server-side request without "
    "persisting the resource.",
    bare="unchanged",
)
OUTPUT = Flag(
    "output",
    "o",
    STRING,
    "",
    "Output format. One of: (json, yaml, kyaml, name, go-template, go-template-file, template, "
    "templatefile, jsonpath, jsonpath-as-json, jsonpath-file).",
)
TEMPLATE = Flag(
    "template",
    "",
    STRING,
    "",
    "Template string or path to template file to use when -o=go-template, -o=go-template-file. The "
    "template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview].",
)
MANAGED_FIELDS = switch(
    "show-managed-fields",
    "",
    "If true, keep the managedFields when printing objects in JSON or YAML format.",
)
PRINTING = (
    OUTPUT,
    TEMPLATE,
    MANAGED_FIELDS,
    switch(
        "allow-missing-template-keys",
        "",
        "If true, ignore any errors in templates when a field or map key is missing in the "
        "template. Only applies to golang and jsonpath output formats.",
        default=True,
    ),
)
VALIDATE = Flag(
    "validate",
    "",
    STRING,
    "strict",
    'Must be one of: strict (or true), warn, ignore (or false). "true" or "strict" will use a '
    "schema to validate the input and fail the request if invalid. It will perform server side "
    "validation if ServerSideFieldValidation is enabled on the api-server, but will fall back to "
    "less reliable client-side validation if not. "
    '"warn" will warn about unknown or duplicate fields without blocking the request if '
    "server-side field validation is enabled on the API server, and behave as "
    '"ignore" otherwise. "false" or "ignore" will not perform any schema validation, silently '
    "dropping any unknown or duplicate fields.",
    bare="strict",
)


def manager(default: str) -> Flag:
    """The flag that names the field manager."""
    return Flag(
        "field-manager", "", STRING, default, "Name of the manager used to track field ownership."
    )


def timeout(help_: str, default_ms: int = 0) -> Flag:
    return Flag("timeout", "", DURATION, default_ms, help_)
