"""What is read of a write: manifests as they were written, sentences, masked Secrets."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from playground.reviews.items import Reopened
from playground.reviews.masking import LAST_APPLIED, mask, masked, masked_if_secret
from playground.reviews.sealing import Unsealable, mark_of, sealed, unsealed
from playground.reviews.texts import joined, shown, verb_of


def _write(body: Any = None, **fields: Any) -> Reopened:
    data = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
    given = {
        "verb": "create",
        "command": "",
        "content_type": "application/json",
        "query": "",
        "api_version": "v1",
        "kind": "Pod",
        "resource": "pods",
        "namespace": "default",
        "name": "web",
        "subresource": "",
        "body": data,
    }
    return Reopened(**{**given, **fields})


_POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"a": 1}}
_POD_TEXT = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  a: 1\n"


def test_an_object_is_shown_as_yaml() -> None:
    seen = shown(_write(_POD))
    assert (seen.text, seen.is_manifest, seen.is_secret) == (_POD_TEXT, True, False)


def test_an_applied_yaml_body_is_shown_too() -> None:
    write = _write(_POD_TEXT.encode(), verb="patch", content_type="application/apply-patch+yaml")
    assert shown(write).text == _POD_TEXT
    assert shown(write).verb == "apply"


def test_what_kubectl_noted_is_what_the_person_wrote() -> None:
    note = orjson.dumps({**_POD, "metadata": {"annotations": {}, "name": "web"}}).decode()
    metadata = {"name": "web", "annotations": {LAST_APPLIED: note}}
    whole = _write({**_POD, "metadata": metadata}, command="kubectl apply")
    patch = _write(
        {"metadata": {"annotations": {LAST_APPLIED: note}}, "spec": {"a": 1}},
        verb="patch",
        content_type="application/strategic-merge-patch+json",
        command="kubectl apply",
    )
    assert shown(whole).text == shown(patch).text == _POD_TEXT
    assert shown(whole).verb == shown(patch).verb == "apply"


@pytest.mark.parametrize(
    ("fields", "body", "text"),
    [
        ({"verb": "delete"}, None, "# delete Pod web in default\n"),
        (
            {"verb": "deletecollection", "name": "", "query": "labelSelector=app%3Dweb"},
            None,
            "# delete every Pod with app=web in default\n",
        ),
        (
            {"verb": "patch", "content_type": "application/merge-patch+json"},
            {"spec": {"replicas": 2}},
            "# patch Pod web in default\n#   spec:\n#     replicas: 2\n",
        ),
        (
            {"subresource": "scale", "verb": "update", "kind": "Deployment"},
            {"spec": {"replicas": 2}},
            "# scale Deployment web in default\n#   spec:\n#     replicas: 2\n",
        ),
        (
            {"subresource": "eviction"},
            {"kind": "Eviction"},
            "# evict Pod web in default\n#   kind: Eviction\n",
        ),
        (
            {"subresource": "exec", "verb": "exec", "query": "command=ls&command=-l&container=c"},
            None,
            "# run in Pod web in default, container c: ls -l\n",
        ),
        (
            {"subresource": "status", "verb": "patch"},
            {"status": {}},
            "# patch status of Pod web in default\n#   status: {}\n",
        ),
        ({"verb": "create"}, b"\x00\x01", "# create Pod web in default\n"),
    ],
    ids=[
        "a deletion",
        "the deletion of many",
        "a patch",
        "a scale",
        "an eviction",
        "a command",
        "a status",
        "a body that nobody can read",
    ],
)
def test_what_is_no_manifest_is_a_sentence(fields: dict[str, Any], body: Any, text: str) -> None:
    seen = shown(_write(body, **fields))
    assert seen.text == text
    assert not seen.is_manifest


@pytest.mark.parametrize(
    ("fields", "verb"),
    [
        ({"verb": "update"}, "replace"),
        ({"verb": "update", "command": "kubectl edit"}, "edit"),
        ({"verb": "patch", "command": "kubectl label"}, "patch"),
        ({"verb": "delete", "command": "kubectl delete"}, "delete"),
    ],
)
def test_the_verb_is_the_persons_own(fields: dict[str, Any], verb: str) -> None:
    assert verb_of(_write(_POD, **fields)) == verb


def test_texts_are_joined_with_the_line_of_each() -> None:
    text, lines = joined(["a: 1\n", "# b\n#   c\n", "d: 1"])
    assert text == "a: 1\n---\n# b\n#   c\n---\nd: 1\n"
    assert lines == [1, 3, 6]


_SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "s", "annotations": {LAST_APPLIED: '{"data":{"p":"aHVudGVyMg=="}}'}},
    "data": {"p": "aHVudGVyMg==", "q": "aHVudGVyMg==", "r": "b3RoZXI="},
    "stringData": {"t": "hunter2"},
}


def test_a_secret_shows_no_value_but_which_are_equal() -> None:
    seen = shown(_write(_SECRET, kind="Secret", resource="secrets"))
    assert seen.is_secret and "hunter2" not in seen.text and "aHVudGVyMg" not in seen.text
    hidden = masked(_SECRET)
    assert hidden["data"]["p"] == hidden["data"]["q"] != hidden["data"]["r"]
    assert "aHVudGVyMg" not in str(hidden)
    assert set(hidden["data"]) == {"p", "q", "r"}


def test_a_secret_can_be_shown_open() -> None:
    write = _write({**_SECRET, "metadata": {"name": "s"}}, kind="Secret", resource="secrets")
    assert "aHVudGVyMg==" in shown(write, is_open=True).text


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"p": "aHVudGVyMg=="}},
        {"stringData": {"p": "aHVudGVyMg=="}},
        [{"op": "replace", "path": "/data/p", "value": "aHVudGVyMg=="}],
        {"metadata": {"annotations": {LAST_APPLIED: "aHVudGVyMg== {"}}},
        {"data": {"p": {"deep": "aHVudGVyMg=="}}},
    ],
    ids=["merge patch", "stringData", "JSON patch", "an unreadable note", "a strange value"],
)
def test_a_patch_of_a_secret_shows_nothing_either(body: Any) -> None:
    write = _write(body, verb="patch", kind="Secret", resource="secrets")
    assert "aHVudGVyMg" not in shown(write).text


def test_only_secrets_are_masked_among_others() -> None:
    config = {"kind": "ConfigMap", "data": {"p": "plain"}}
    assert masked_if_secret(config) == config
    both = masked_if_secret({"kind": "List", "items": [config, _SECRET]})
    assert both["items"][0] == config and both["items"][1]["data"]["p"] == mask("aHVudGVyMg==")


def test_what_is_sealed_says_nothing_and_comes_back(settings: Any) -> None:
    text = sealed(b"hunter2")
    assert "hunter2" not in text and unsealed(text) == b"hunter2"
    mark = mark_of("hunter2")
    settings.SECRET_KEY = "another"
    assert mark_of("hunter2") != mark
    with pytest.raises(Unsealable):
        unsealed(text)
