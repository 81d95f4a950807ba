"""Every kind is served: listed, as a table, watched, described."""

import pytest

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import Registry
from tests.engine.apiserver.served import TABLE, Served, events

KINDS = [kind for kind in Registry() if "list" in kind.verbs]


def collection(kind: Kind) -> str:
    base = f"/apis/{kind.group}" if kind.group else "/api"
    return f"{base}/{kind.version}/{kind.plural}"


@pytest.fixture(scope="module")
def served() -> Served:
    return Served(is_api_only=False)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.resource} are listed")
def test_lists(served: Served, kind: Kind) -> None:
    body = served.get(collection(kind)).body
    assert body["kind"] == f"{kind.kind}List"
    table = served.get(collection(kind), accept=TABLE).body
    width = len(table["columnDefinitions"])
    assert len(table["rows"]) == len(body["items"])
    assert all(len(row["cells"]) == width for row in table["rows"])


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if "watch" in kind.verbs],
    ids=lambda kind: f"{kind.resource} are watched as tables",
)
def test_bookmarks_have_a_row_of_every_kind(served: Served, kind: Kind) -> None:
    query = (
        "watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
    )
    stream = served.get(f"{collection(kind)}?{query}", accept=TABLE).stream
    *_, (type_, table) = events(stream)
    assert type_ == "BOOKMARK"
    assert len(table["rows"][0]["cells"]) > 0
    assert stream is not None
    stream.close()
