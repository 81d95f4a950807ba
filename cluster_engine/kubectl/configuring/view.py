"""`kubectl config view`: the configuration without its secrets.

Models: k8s.io/kubectl/pkg/cmd/config/view.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import PRINTING, Command
from cluster_engine.kubectl.errors import KubectlError, UsageError
from cluster_engine.kubectl.flags import switch
from cluster_engine.kubectl.printers.chosen import ObjectPrinter, chosen_printer
from cluster_engine.kubectl.session import Session

_DATA = ("certificate-authority-data", "client-certificate-data", "client-key-data")
_SECRETS = ("token", "password")


def run(session: Session) -> int:
    flags = session.flags
    if session.arguments:
        raise UsageError(f"unexpected arguments: [{' '.join(session.arguments)}]", session.command)
    data = session.config.data
    if flags.is_on("minify"):
        data = _minified(session, data)
    if not flags.is_on("raw"):
        data = {**data, "clusters": _redacted(data, "clusters"), "users": _redacted(data, "users")}
    printer = chosen_printer(session) or ObjectPrinter("yaml")
    session.write(printer.print(data))
    return 0


def _minified(session: Session, data: Object) -> Object:
    """Only what the current context uses."""
    config = session.config
    name = str(session.flags.values.get("context") or config.current)
    if not name:
        raise KubectlError("current-context must exist in order to minify")
    entry = config.named("contexts", name)
    if entry is None:
        raise KubectlError(f"cannot locate context {name}")
    context = entry.get("context") or {}
    clusters = config.named("clusters", context.get("cluster", ""))
    users = config.named("users", context.get("user", ""))
    return {
        **data,
        "contexts": [entry],
        "clusters": [clusters] if clusters else [],
        "users": [users] if users else [],
        "current-context": name,
    }


def _redacted(data: Object, list_: str) -> list[Object]:
    inside = list_.removesuffix("s")
    found: list[Object] = []
    for entry in data.get(list_) or ():
        value = dict(entry.get(inside) or {})
        for field in value:
            if field in _DATA:
                value[field] = "DATA+OMITTED"
            elif field in _SECRETS:
                value[field] = "REDACTED"
        found.append({**entry, inside: value})
    return found


VIEW = Command(
    name="view",
    short="Display merged kubeconfig settings or a specified kubeconfig file",
    usage="",
    long="""Display merged kubeconfig settings or a specified kubeconfig file.

 You can use --output jsonpath={...} to extract specific values using a jsonpath expression.""",
    examples="""# Show merged kubeconfig settings
kubectl config view

# Show merged kubeconfig settings, raw certificate data, and exposed secrets
kubectl config view --raw

# Get the password for the e2e user
kubectl config view -o jsonpath='{.users[?(@.name == "e2e")].user.password}'""",
    flags=(
        *PRINTING,
        switch(
            "flatten",
            "",
            "Flatten the resulting kubeconfig file into self-contained output (useful for creating "
            "portable kubeconfig files)",
        ),
        switch("merge", "", "Merge the full hierarchy of kubeconfig files", default=True),
        switch(
            "minify",
            "",
            "Remove all information not used by current-context from the output",
        ),
        switch("raw", "", "Display raw byte data and sensitive data"),
    ),
    run=run,
)
