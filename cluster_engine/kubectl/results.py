"""How commands that change something tell what they did: "pod/a created", or the object.

Models: k8s.io/cli-runtime/pkg/genericclioptions, NamePrinter with an operation (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers.chosen import NAME, chosen_printer, label_of
from cluster_engine.kubectl.session import Session

NONE, CLIENT, SERVER = "none", "client", "server"


def dry_run(session: Session) -> str:
    """The dry run asked for. Raises KubectlError for an unknown word."""
    text = str(session.flags.values.get("dry-run") or NONE)
    if text in (NONE, CLIENT, SERVER):
        return text
    if text == "unchanged":
        session.err(
            "W0000 00:00:00.000000       1 helpers.go] --dry-run is deprecated and can be "
            "replaced with --dry-run=client."
        )
        return CLIENT
    if text in ("true", "false"):
        return CLIENT if text == "true" else NONE
    raise KubectlError(f'Invalid dry-run value ({text}). Must be "none", "server", or "client".')


def dry_run_query(session: Session) -> dict[str, str]:
    """The query of a server-side dry run."""
    return {"dryRun": "All"} if dry_run(session) == SERVER else {}


def suffix(session: Session) -> str:
    """What a message adds under a dry run."""
    return {CLIENT: " (dry run)", SERVER: " (server dry run)"}.get(dry_run(session), "")


def report(session: Session, obj: Object, operation: str, *, shows_dry_run: bool = True) -> None:
    """Say what was done to an object, in the format that was asked for."""
    printer = chosen_printer(session)
    if printer is None:
        added = suffix(session) if shows_dry_run else ""
        session.out(f"{label_of(obj)} {operation}{added}")
    elif printer.format == NAME:
        session.out(label_of(obj))
    else:
        printer.printed = session.memory.printed
        session.write(printer.print(obj))
        session.memory.printed = printer.printed
