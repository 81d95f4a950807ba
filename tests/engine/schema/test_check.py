"""Reading a client's object: its canonical form, and the texts of what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery.objects import Object
from cluster_engine.schema.check import check, duplicate_fields, strict_error, strict_texts

IN_PODS = "json: cannot unmarshal"


def pod(**spec: Any) -> Object:
    """A pod with that spec."""
    whole = {"containers": [{"name": "a", "image": "b"}], **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": whole}


def with_container(**container: Any) -> Object:
    """A pod with one such container."""
    return pod(containers=[{"name": "a", "image": "b", **container}])


def with_metadata(metadata: Any) -> Object:
    """A pod with that metadata."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}


WRONG: dict[str, tuple[Object, str]] = {
    "a string for a list": (
        pod(containers="x"),
        f"{IN_PODS} string into Go struct field PodSpec.spec.containers of type []v1.Container",
    ),
    "an object for a list": (
        pod(volumes={"name": "a"}),
        f"{IN_PODS} object into Go struct field PodSpec.spec.volumes of type []v1.Volume",
    ),
    "a number for a string": (
        with_container(name=1),
        f"{IN_PODS} number into Go struct field Container.spec.containers.name of type string",
    ),
    "a number for a word": (
        pod(restartPolicy=3),
        f"{IN_PODS} number into Go struct field PodSpec.spec.restartPolicy of type "
        "v1.RestartPolicy",
    ),
    "a string for a number": (
        pod(activeDeadlineSeconds="5"),
        f"{IN_PODS} string into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64",
    ),
    "a fraction for a whole number": (
        pod(activeDeadlineSeconds=1.5),
        f"{IN_PODS} number 1.5 into Go struct field PodSpec.spec.activeDeadlineSeconds of type "
        "int64",
    ),
    "a whole number with a point": (
        pod(priority=5.0),
        f"{IN_PODS} number 5.0 into Go struct field PodSpec.spec.priority of type int32",
    ),
    "a number that does not fit": (
        with_container(ports=[{"containerPort": 99999999999}]),
        f"{IN_PODS} number 99999999999 into Go struct field "
        "ContainerPort.spec.containers.ports.containerPort of type int32",
    ),
    "a string for a truth": (
        pod(hostNetwork="true"),
        f"{IN_PODS} string into Go struct field PodSpec.spec.hostNetwork of type bool",
    ),
    "a number in a map of strings": (
        pod(nodeSelector={"a": 1}),
        f"{IN_PODS} number into Go struct field PodSpec.spec.nodeSelector of type string",
    ),
    "a list for a map": (
        with_metadata({"name": "a", "labels": ["x"]}),
        f"{IN_PODS} array into Go struct field ObjectMeta.metadata.labels of type "
        "map[string]string",
    ),
    "a string for an object": (
        with_metadata("a"),
        f"{IN_PODS} string into Go struct field Pod.metadata of type v1.ObjectMeta",
    ),
    "a truth for a port": (
        with_container(livenessProbe={"httpGet": {"port": True}}),
        f"{IN_PODS} bool into Go value of type int32",
    ),
    "no amount": (
        with_container(resources={"requests": {"cpu": "x"}}),
        "quantities must match the regular expression "
        "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    "no time": (
        with_metadata({"creationTimestamp": "x"}),
        'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    ),
    "no time, from its hour on": (
        with_metadata({"creationTimestamp": "2026-01-01 00:00:00Z"}),
        'parsing time "2026-01-01 00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse '
        '" 00:00:00Z" as "T"',
    ),
    "a month too many": (
        with_metadata({"creationTimestamp": "2026-13-01T00:00:00Z"}),
        'parsing time "2026-13-01T00:00:00Z": month out of range',
    ),
}


@pytest.mark.parametrize(("obj", "text"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_type_has_upstreams_text(obj: Object, text: str) -> None:
    findings = check(obj, "", "v1", "Pod")
    assert findings.wrong == text
    assert findings.object is obj


def test_bytes_must_be_base64() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "data": {"a": "YQ=%"}}
    assert check(secret, "", "v1", "Secret").wrong == "illegal base64 data at input byte 3"


def test_unknown_fields_are_named_by_their_paths_and_dropped() -> None:
    findings = check(
        pod(foo=1, volumes=[{"name": "a", "bar": 2}], securityContext={"baz": {}}),
        "",
        "v1",
        "Pod",
    )
    assert findings.unknown == (
        'unknown field "spec.foo"',
        'unknown field "spec.volumes[0].bar"',
        'unknown field "spec.securityContext.baz"',
    )
    assert findings.object["spec"]["volumes"] == [{"name": "a"}]
    assert "foo" not in findings.object["spec"]


def test_names_of_fields_are_not_read_in_another_case() -> None:
    findings = check(pod(HostNetwork=True), "", "v1", "Pod")
    assert findings.unknown == ('unknown field "spec.HostNetwork"',)


CANONICAL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "null is nothing": ({"volumes": None, "hostname": None}, {}),
    "an empty text is nothing": ({"hostname": ""}, {}),
    "an empty list is nothing": ({"volumes": []}, {}),
    "an empty object that may be missing is something": (
        {"securityContext": {}},
        {"securityContext": {}},
    ),
    "false that may be missing is something": (
        {"automountServiceAccountToken": False},
        {"automountServiceAccountToken": False},
    ),
    "false that may not be missing is nothing": ({"hostNetwork": False}, {}),
    "amounts are written in one way": (
        {"overhead": {"cpu": 0.1, "memory": "1024Ki"}},
        {"overhead": {"cpu": "100m", "memory": "1Mi"}},
    ),
}


@pytest.mark.parametrize(("spec", "expected"), CANONICAL.values(), ids=CANONICAL.keys())
def test_the_canonical_form(spec: dict[str, Any], expected: dict[str, Any]) -> None:
    findings = check(pod(**spec), "", "v1", "Pod")
    assert (findings.wrong, findings.unknown) == ("", ())
    containers = [{"name": "a", "image": "b", "resources": {}}]
    assert findings.object["spec"] == {"containers": containers, **expected}


def test_a_time_is_kept_to_the_second_and_in_utc() -> None:
    stamp = "2026-01-01T01:00:00.5+01:00"
    found = check(with_metadata({"creationTimestamp": stamp}), "", "v1", "Pod").object
    assert found["metadata"]["creationTimestamp"] == "2026-01-01T00:00:00Z"


def test_a_kind_that_is_not_published_comes_back_as_it_is() -> None:
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "size": None}
    assert check(widget, "example.com", "v1", "Widget").object is widget


def test_what_a_client_sent_is_not_changed() -> None:
    obj = pod(foo=1, hostname="", overhead={"cpu": 0.1})
    check(obj, "", "v1", "Pod")
    assert obj == pod(foo=1, hostname="", overhead={"cpu": 0.1})


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "hostname": st.text(max_size=3) | st.none(),
            "hostNetwork": st.booleans() | st.none(),
            "priority": st.integers(-5, 5) | st.none(),
            "nodeSelector": st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=2),
            "tolerations": st.lists(st.just({"key": "a", "value": ""}), max_size=2),
            "securityContext": st.just({}) | st.none(),
        },
    )
)
def test_the_canonical_form_is_its_own(spec: dict[str, Any]) -> None:
    once = check(pod(**spec), "", "v1", "Pod").object
    assert check(once, "", "v1", "Pod").object == once


DUPLICATES = {
    "none": ('{"a": 1, "b": {"a": 2}}', ()),
    "at the top": ('{"a": 1, "a": 2}', ('duplicate field "a"',)),
    "below": ('{"b": {"c": 1, "c": 2}}', ('duplicate field "b.c"',)),
    "in a list": ('{"l": [{}, {"x": 1, "x": 1}]}', ('duplicate field "l[1].x"',)),
    "three times": ('{"a": 1, "a": 2, "a": 3}', ('duplicate field "a"',)),
}


@pytest.mark.parametrize(("body", "expected"), DUPLICATES.values(), ids=DUPLICATES.keys())
def test_fields_that_stand_twice(body: str, expected: tuple[str, ...]) -> None:
    assert duplicate_fields(body) == expected


def test_what_is_unknown_and_what_stands_twice_come_in_the_order_of_the_document() -> None:
    body = '{"b": {"foo": 1, "c": 1, "c": 2}, "bar": {"x": 1, "x": 1}, "bar": 2, "b": 3, "baz": 4}'
    unknown = ('unknown field "b.foo"', 'unknown field "bar"', 'unknown field "baz"')
    assert strict_texts(body, unknown) == (
        'unknown field "b.foo"',
        'duplicate field "b.c"',
        'unknown field "bar"',
        'duplicate field "b"',
        'unknown field "baz"',
    )


def test_a_strict_request_is_refused_with_all_of_them() -> None:
    texts = ('unknown field "a"', 'duplicate field "b"')
    assert strict_error(texts) == 'strict decoding error: unknown field "a", duplicate field "b"'
