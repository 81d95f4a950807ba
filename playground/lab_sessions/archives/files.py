"""The session file: what it contains beside the cluster, and what is believed of it.

README.txt      what this is, for whoever finds it
session.json    name, seed, speed, template, when it was written
manifests.yaml  what people wrote, ready for kubectl apply
cluster/…       the cluster (see cluster_engine.portable.layout)
parts/…         what other apps keep of a session
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils import timezone

from cluster_engine.portable.layout import HEAD, PortableError
from playground.hosting.host import ClockReading, parse_speed, speed_word
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Session
from playground.lab_sessions.plans import read_name
from playground.lab_sessions.problems import Invalid

FORMAT, VERSION = "podyard-session", 1
CLUSTER = "cluster/"
_ABOUT = "session.json"
_README = """\
This is a Podyard session: a simulated Kubernetes cluster with everything in it.

Import it on the first page of a Podyard site (drop the file there), or with
  curl -F file=@this-file.zip https://<site>/api/v1/sessions/import

manifests.yaml holds what people wrote, ready for kubectl apply -f.
cluster/objects.jsonl holds every object, cluster/timeline.jsonl what happened,
cluster/files and cluster/logs the files and logs of the containers.
Secrets are in it as they are in the cluster: treat the file accordingly.
"""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of its session."""

    name: str
    speed: float
    is_paused: bool
    template: str
    nodes: int
    seed: int


def entries_of(
    session: Session,
    clock: ClockReading,
    cluster: Mapping[str, bytes],
    manifests: bytes,
    parts: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Every entry of a session's file."""
    about = {
        "format": FORMAT,
        "version": VERSION,
        "name": session.name,
        "kind": session.kind,
        "seed": session.seed,
        "speed": speed_word(clock.speed),
        # The clock of an expired session stands because it has expired.
        "paused": clock.is_paused and session.state != State.EXPIRED,
        "cluster_time_ms": clock.now_ms,
        "template": session.template,
        "created_at": session.created_at.isoformat(),
        "exported_at": timezone.now().isoformat(timespec="seconds"),
    }
    return {
        "README.txt": _README.encode(),
        _ABOUT: orjson.dumps(about, option=orjson.OPT_INDENT_2),
        "manifests.yaml": manifests,
        **{f"{CLUSTER}{name}": data for name, data in cluster.items()},
        **parts,
    }


def read_about(entries: Mapping[str, bytes]) -> About:
    """What the file says of its session. Raises Invalid, naming the entry."""
    about = _object(entries, _ABOUT)
    if about.get("format") != FORMAT:
        raise Invalid(f"{_ABOUT}: format is not {FORMAT!r}: this is no session file")
    if about.get("version") != VERSION:
        found = about.get("version")
        raise Invalid(f"{_ABOUT}: version {found!r}: this site reads version {VERSION}")
    head = _object(entries, CLUSTER + HEAD)
    spec = head.get("spec")
    facts = spec if isinstance(spec, dict) else {}
    try:
        speed = parse_speed(about.get("speed", 1))
        name = read_name(about.get("name"))
    except ValueError as error:
        raise Invalid(f"{_ABOUT}: {error}") from None
    except Invalid as refusal:
        raise Invalid(f"{_ABOUT}: {refusal.message}") from None
    return About(
        name=name,
        speed=speed,
        is_paused=about.get("paused") is True,
        template=str(about.get("template") or "")[:80],
        nodes=_count(facts.get("nodes")),
        seed=_count(facts.get("seed")),
    )


def cluster_entries(entries: Mapping[str, bytes]) -> dict[str, bytes]:
    """The entries of the cluster, under its own names."""
    return {
        name.removeprefix(CLUSTER): data
        for name, data in entries.items()
        if name.startswith(CLUSTER)
    }


def refused(error: PortableError) -> Invalid:
    """The engine's refusal in the file's own names."""
    return Invalid(f"{CLUSTER}{error}")


def _object(entries: Mapping[str, bytes], name: str) -> dict[str, Any]:
    if name not in entries:
        raise Invalid(f"{name}: is missing; export the session again")
    try:
        value = orjson.loads(entries[name])
    except orjson.JSONDecodeError as error:
        raise Invalid(f"{name}: is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Invalid(f"{name}: must be a JSON object")
    return value


def _count(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 2**31 else 0  # type: ignore[operator, return-value]
