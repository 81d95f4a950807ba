"""An editor's text without its Secrets, and what browsers may say about where they are."""

from __future__ import annotations

import pytest

from playground.live.places import read_mirror, read_place, without_secrets

HEAD = "apiVersion: v1\nkind: Secret\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "data:\n  key: HUNTER\n",
        HEAD + "stringData:\n  key: |\n    user: HUNTER\n    HUNTER\n",
        HEAD + 'stringData:\n  key: "a\n    b: HUNTER"\n',
        HEAD + "stringData: {key: HUNTER}\n",
        HEAD + "data:\n  name: HUNTER\n  kind: HUNTER\n  type: HUNTER\n",
        HEAD + "# HUNTER\n",
        '{"apiVersion": "v1", "kind": "Secret", "data": {"a": "HUNTER"}}',
        "kind:\n  Secret\ndata:\n  key: HUNTER\n",
        "kind: !!str Secret\ndata:\n  key: HUNTER\n",
        "kind: 'Secret'\r\ndata:\r\n  key: HUNTER\r\n",
        "kind: List\nitems:\n- kind: Secret\n  data:\n    key: HUNTER\n",
        "kind: Pod\n---\nkind: Secret\ndata:\n  key: HUNTER\n--- \nkind: Pod\n",
    ],
    ids=[
        "a value",
        "a block",
        "a quoted text over lines",
        "a flow mapping",
        "keys with usual names",
        "a comment",
        "JSON",
        "the kind on its own line",
        "a tagged kind",
        "quotes and other line ends",
        "in a list",
        "between other documents",
    ],
)
def test_a_secrets_value_is_hidden_and_every_position_stays(text: str) -> None:
    shown = without_secrets(text)
    assert "HUNTER" not in shown
    assert [len(line) for line in shown.splitlines()] == [len(line) for line in text.splitlines()]


def test_other_documents_and_a_secrets_keys_are_shown() -> None:
    pod = "kind: Pod\nmetadata:\n  name: web\n---\n"
    shown = without_secrets(pod + HEAD + "data:\n  password: abc\n")
    assert shown == pod + HEAD + "data:\n  password: •••\n"


@pytest.mark.parametrize("value", [None, 7, "x", []])
def test_a_senseless_place_is_an_empty_one(value: object) -> None:
    assert read_place(value) == {}


def test_a_mirror_keeps_what_it_knows() -> None:
    said = {"file": 7, "text": "abcdef", "anchor": True, "head": 3, "evil": "x"}
    assert read_mirror(said, 4) == {"text": "abcd", "cut": True, "head": 3}
