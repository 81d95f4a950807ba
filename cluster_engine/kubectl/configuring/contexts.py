"""`kubectl config` on contexts: list, show, switch, change, rename, delete.

Models: k8s.io/kubectl/pkg/cmd/config (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.configuring.common import unexpected, with_entry, without_entry
from cluster_engine.kubectl.errors import HelpError, KubectlError, raise_all
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.session import Session

_FIELDS = ("cluster", "user", "namespace")


def run_current(session: Session) -> int:
    if not session.config.current:
        raise KubectlError("current-context is not set")
    session.out(session.config.current)
    return 0


def run_list(session: Session) -> int:
    flags, config = session.flags, session.config
    output = flags.text("output")
    if output not in ("", "name"):
        raise KubectlError(
            f"--output {output} is not available in kubectl config get-contexts; resetting to "
            "default output format"
        )
    known = sorted(str(entry.get("name", "")) for entry in config.data.get("contexts") or ())
    names = session.arguments or known
    errors: list[KubectlError] = []
    tabs = TabWriter()
    if output == "" and not flags.is_on("no-headers"):
        tabs.line("CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE")
    for name in names:
        entry = config.named("contexts", name)
        if entry is None:
            errors.append(KubectlError(f"context {name} not found"))
            continue
        if output == "name":
            session.out(name)
            continue
        context = entry.get("context") or {}
        mark = "*" if name == config.current else ""
        tabs.line(mark, name, *(str(context.get(field, "")) for field in _FIELDS))
    session.write(tabs.flush())
    raise_all(errors)
    return 0


def run_use(session: Session) -> int:
    if len(session.arguments) != 1:
        raise unexpected(session)
    name = session.arguments[0]
    if not name:
        raise KubectlError("empty context names are not allowed")
    config = session.config
    if config.named("contexts", name) is None:
        raise KubectlError(f'no context exists with the name: "{name}"')
    config.data = {**config.data, "current-context": name}
    config.write(session.system)
    session.out(f'Switched to context "{name}".')
    return 0


def run_set(session: Session) -> int:
    flags, config = session.flags, session.config
    is_current = flags.is_on("current")
    if len(session.arguments) > 1:
        raise unexpected(session)
    if session.arguments and is_current:
        raise KubectlError("you cannot specify both a context name and --current")
    name = config.current if is_current else next(iter(session.arguments), "")
    if not name:
        raise KubectlError(
            "no current context is set"
            if is_current
            else "you must specify a non-empty context name or --current"
        )
    entry = config.named("contexts", name)
    context: Object = dict((entry or {}).get("context") or {})
    for field in _FIELDS:
        if flags.has(field):
            context[field] = flags.text(field)
    context = {field: value for field, value in context.items() if value != ""}
    config.data = with_entry(config.data, "contexts", "context", name, context)
    config.write(session.system)
    session.out(f'Context "{name}" {"created" if entry is None else "modified"}.')
    return 0


def run_rename(session: Session) -> int:
    if len(session.arguments) != 2:
        raise unexpected(session)
    old, new = session.arguments
    config = session.config
    if not new:
        raise KubectlError("You must specify a new non-empty context name")
    entry = config.named("contexts", old)
    if entry is None:
        raise KubectlError(f'cannot rename the context "{old}", it\'s not in {config.path}')
    if config.named("contexts", new) is not None:
        raise KubectlError(
            f'cannot rename the context "{old}", the context "{new}" already exists in '
            f"{config.path}"
        )
    data = without_entry(config.data, "contexts", old)
    config.data = with_entry(data, "contexts", "context", new, entry.get("context") or {})
    if config.current == old:
        config.data = {**config.data, "current-context": new}
    config.write(session.system)
    session.out(f'Context "{old}" renamed to "{new}".')
    return 0


def run_delete(session: Session) -> int:
    if len(session.arguments) != 1:
        raise HelpError("", 0)
    name, config = session.arguments[0], session.config
    if config.named("contexts", name) is None:
        raise KubectlError(f"cannot delete context {name}, not in {config.path}")
    if config.current == name:
        session.err(
            'warning: this removed your active context, use "kubectl config use-context" to select '
            "a different one"
        )
    config.data = without_entry(config.data, "contexts", name)
    config.write(session.system)
    session.out(f"deleted context {name} from {config.path}")
    return 0


CURRENT = Command(
    name="current-context",
    short="Display the current-context",
    long="""Display the current-context.""",
    examples="""# Display the current-context
kubectl config current-context""",
    flags=(),
    run=run_current,
)
LIST = Command(
    name="get-contexts",
    short="Describe one or many contexts",
    usage="[(-o|--output=)name)]",
    long="""Display one or many contexts from the kubeconfig file.""",
    examples="""# List all the contexts in your kubeconfig file
kubectl config get-contexts

# Describe one context in your kubeconfig file
kubectl config get-contexts my-context""",
    flags=(
        switch(
            "no-headers",
            "",
            "When using the default or custom-column output format, don't print headers "
            "(default print headers).",
        ),
        Flag("output", "o", STRING, "", "Output format. One of: (name)."),
    ),
    run=run_list,
)
USE = Command(
    name="use-context",
    short="Set the current-context in a kubeconfig file",
    usage="CONTEXT_NAME",
    aliases=("use",),
    long="""Set the current-context in a kubeconfig file.""",
    examples="""# Use the context for the minikube cluster
kubectl config use-context minikube""",
    flags=(),
    run=run_use,
)
SET = Command(
    name="set-context",
    short="Set a context entry in kubeconfig",
    usage="[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] "
    "[--namespace=namespace]",
    long="""Set a context entry in kubeconfig.

 Specifying a name that already exists will merge new fields on top of existing values for those \
fields.""",
    examples="""# Set the user field on the gce context entry without touching other values
kubectl config set-context gce --user=cluster-admin""",
    flags=(
        Flag("cluster", "", STRING, "", "cluster for the context entry in kubeconfig"),
        switch("current", "", "Modify the current context"),
        Flag("namespace", "n", STRING, "", "namespace for the context entry in kubeconfig"),
        Flag("user", "", STRING, "", "user for the context entry in kubeconfig"),
    ),
    run=run_set,
)
RENAME = Command(
    name="rename-context",
    short="Rename a context from the kubeconfig file",
    usage="CONTEXT_NAME NEW_NAME",
    long="""Renames a context from the kubeconfig file.

 CONTEXT_NAME is the context name that you want to change.

 NEW_NAME is the new name you want to set.

 Note: If the context being renamed is the 'current-context', this field will also be updated.""",
    examples="""# Rename the context 'old-name' to 'new-name' in your kubeconfig file
kubectl config rename-context old-name new-name""",
    flags=(),
    run=run_rename,
)
DELETE = Command(
    name="delete-context",
    short="Delete the specified context from the kubeconfig",
    usage="NAME",
    long="""Delete the specified context from the kubeconfig.""",
    examples="""# Delete the context for the minikube cluster
kubectl config delete-context minikube""",
    flags=(),
    run=run_delete,
)
