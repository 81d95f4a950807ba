"""What the `config` commands share: changing entries of the configuration."""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import HelpError, KubectlError
from cluster_engine.kubectl.session import Session


def unexpected(session: Session) -> KubectlError:
    """The arguments are too many or too few."""
    return HelpError(f"Unexpected args: [{' '.join(session.arguments)}]")


def with_entry(data: Object, list_: str, field: str, name: str, value: Object) -> Object:
    """The configuration with an entry of "contexts", "clusters" or "users" set."""
    entries = list(data.get(list_) or ())
    new = {"name": name, field: value}
    for place, entry in enumerate(entries):
        if entry.get("name") == name:
            entries[place] = {**entry, **new}
            break
    else:
        entries = sorted([*entries, new], key=lambda entry: str(entry.get("name", "")))
    return {**data, list_: entries}


def without_entry(data: Object, list_: str, name: str) -> Object:
    """The configuration without that entry."""
    return {
        **data,
        list_: [entry for entry in data.get(list_) or () if entry.get("name") != name],
    }
