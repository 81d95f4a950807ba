"""Policies that change what is written."""

from typing import Any

import pytest

from tests.engine.apiserver.served import Answer, Served, config

GROUP = "/apis/admissionregistration.k8s.io/v1"
POLICIES = f"{GROUP}/mutatingadmissionpolicies"
BINDINGS = f"{GROUP}/mutatingadmissionpolicybindings"
CONFIGS = "/api/v1/namespaces/default/configmaps"
PODS = "/api/v1/namespaces/default/pods"


def merging(expression: str) -> dict[str, Any]:
    return {
        "patchType": "ApplyConfiguration",
        "applyConfiguration": {"expression": expression},
    }


def patching(expression: str) -> dict[str, Any]:
    return {"patchType": "JSONPatch", "jsonPatch": {"expression": expression}}


def policy(
    *mutations: dict[str, Any], name: str = "p", resource: str = "configmaps", **spec: Any
) -> dict[str, Any]:
    rule = {
        "apiGroups": ["*"],
        "apiVersions": ["*"],
        "operations": ["CREATE", "UPDATE"],
        "resources": [resource],
    }
    return {
        "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [rule]},
            "reinvocationPolicy": "Never",
            "mutations": list(mutations),
            **spec,
        },
    }


def enforce(served: Served, *mutations: dict[str, Any], name: str = "p", **spec: Any) -> None:
    """A bound policy."""
    made = served.post(POLICIES, policy(*mutations, name=name, **spec))
    assert made.status == 201, made.body
    body = {"metadata": {"name": name}, "spec": {"policyName": name}}
    bound = served.post(BINDINGS, body)
    assert bound.status == 201, bound.body


def pod(**spec: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "image": "i"}], **spec},
    }


LABEL = "Object{metadata: Object.metadata{labels: {'team': 'blue'}}}"


def test_a_configuration_is_merged(served: Served) -> None:
    enforce(served, merging(LABEL))
    made = served.post(CONFIGS, config("c", {"a": "1"}, labels={"x": "y"}))
    assert made.status == 201
    assert made.body["metadata"]["labels"] == {"x": "y", "team": "blue"}
    assert made.body["data"] == {"a": "1"}


def test_lists_are_merged_by_their_keys(served: Served) -> None:
    container = "Object.spec.initContainers{name: 'proxy', image: 'mesh', restartPolicy: 'Always'}"
    enforce(
        served,
        merging(f"Object{{spec: Object.spec{{initContainers: [{container}]}}}}"),
        resource="pods",
        matchConditions=[
            {
                "name": "once",
                "expression": "!object.spec.initContainers.exists(c, c.name == 'proxy')",
            }
        ],
    )
    made = served.post(PODS, pod(initContainers=[{"name": "first", "image": "i"}]))
    containers = made.body["spec"]["initContainers"]
    assert [container["name"] for container in containers] == ["first", "proxy"]
    assert containers[1]["imagePullPolicy"] == "Always"


def test_a_patch_is_applied(served: Served) -> None:
    enforce(
        served,
        patching(
            "[JSONPatch{op: 'test', path: '/data/a', value: '1'},"
            " JSONPatch{op: 'add', path: '/metadata/labels', value: {'q': 'r'}},"
            " JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('x/y'),"
            " value: 'z'},"
            " JSONPatch{op: 'move', from: '/data/a', path: '/data/b'}]"
        ),
    )
    made = served.post(CONFIGS, config("c", {"a": "1"})).body
    assert (made["data"], made["metadata"]["labels"]) == ({"b": "1"}, {"q": "r", "x/y": "z"})
    made = served.post(CONFIGS, config("d", {"a": "2"})).body
    assert made["data"] == {"a": "2"}
    assert "labels" not in made["metadata"]


def test_what_is_added_gets_its_defaults(served: Served) -> None:
    port = "Object.spec.containers.ports{containerPort: 80}"
    enforce(
        served,
        patching(f"[JSONPatch{{op: 'add', path: '/spec/containers/0/ports', value: [{port}]}}]"),
        resource="pods",
    )
    made = served.post(PODS, pod())
    assert made.body["spec"]["containers"][0]["ports"] == [{"containerPort": 80, "protocol": "TCP"}]


def test_updates_are_changed(served: Served) -> None:
    served.post(CONFIGS, config("c"))
    enforce(served, merging(LABEL))
    assert "labels" not in served.get(f"{CONFIGS}/c").body["metadata"]
    changed = served.merge(f"{CONFIGS}/c", {"data": {"a": "1"}})
    assert changed.body["metadata"]["labels"] == {"team": "blue"}


def test_validation_sees_the_result(served: Served) -> None:
    enforce(served, merging("Object{metadata: Object.metadata{labels: {'a b': ''}}}"))
    assert served.post(CONFIGS, config("c")).status == 422


def test_parameters_and_variables(served: Served) -> None:
    served.post(
        POLICIES,
        policy(
            merging("Object{metadata: Object.metadata{labels: {'env': variables.env}}}"),
            resource="secrets",
            paramKind={"apiVersion": "v1", "kind": "ConfigMap"},
            variables=[{"name": "env", "expression": "params.data.env"}],
        ),
    )
    served.post(CONFIGS, config("settings", {"env": "prod"}))
    reference = {"name": "settings", "parameterNotFoundAction": "Deny"}
    body = {"metadata": {"name": "p"}, "spec": {"policyName": "p", "paramRef": reference}}
    served.post(BINDINGS, body)
    made = served.post("/api/v1/namespaces/default/secrets", {"metadata": {"name": "s"}})
    assert made.body["metadata"]["labels"] == {"env": "prod"}


@pytest.mark.parametrize(("again", "expected"), [("Never", "1"), ("IfNeeded", "2")])
def test_a_policy_may_see_what_others_changed(served: Served, again: str, expected: str) -> None:
    count = "string(size(object.metadata.?labels.orValue({})))"
    enforce(
        served,
        merging(f"Object{{metadata: Object.metadata{{annotations: {{'count': {count}}}}}}}"),
        name="a",
        reinvocationPolicy=again,
    )
    enforce(served, merging(LABEL), name="b")
    made = served.post(CONFIGS, config("c", labels={"x": "y"}))
    assert made.body["metadata"]["annotations"] == {"count": expected}


def test_limits_reach_what_a_policy_adds(served: Served) -> None:
    limit = {"type": "Container", "default": {"cpu": "1"}, "defaultRequest": {"cpu": "100m"}}
    path = "/api/v1/namespaces/default/limitranges"
    served.post(path, {"metadata": {"name": "l"}, "spec": {"limits": [limit]}})
    container = "Object.spec.containers{name: 'side', image: 'i'}"
    enforce(
        served,
        merging(f"Object{{spec: Object.spec{{containers: [{container}]}}}}"),
        resource="pods",
    )
    containers = served.post(PODS, pod()).body["spec"]["containers"]
    assert [item["resources"]["limits"] for item in containers] == [{"cpu": "1"}, {"cpu": "1"}]


@pytest.mark.parametrize(
    ("mutation", "said"),
    [
        (
            merging("Object{metadata: Object.metadata{labels: {'a': object.data.zz}}}"),
            "expression 'Object{metadata: Object.metadata{labels: {'a': object.data.zz}}}' "
            "resulted in error: no such key: zz",
        ),
        (
            merging("Object{metadata: Object.spec{labels: {'a': 'b'}}}"),
            'type mismatch: unexpected type name "Object.spec", expected "Object.metadata", which '
            "matches field name path from root Object type",
        ),
        (
            patching("[JSONPatch{op: 'remove', path: '/data/zz'}]"),
            "JSONPath: Unable to remove nonexistent key: zz: missing value",
        ),
    ],
)
def test_a_failure_refuses(served: Served, mutation: dict[str, Any], said: str) -> None:
    enforce(served, mutation)
    answer = served.post(CONFIGS, config("c", {"a": "1"}))
    text = f"policy 'p' with binding 'p' denied request: {said}"
    assert (answer.status, answer.body["reason"], answer.message) == (403, "Invalid", text)
    assert answer.body["details"]["causes"] == [{"message": text}]


def test_a_failure_may_be_ignored(served: Served) -> None:
    enforce(
        served,
        merging("Object{metadata: Object.metadata{labels: {'a': object.data.zz}}}"),
        failurePolicy="Ignore",
    )
    assert served.post(CONFIGS, config("c", {"a": "1"})).status == 201


def refused_mutation(served: Served, mutation: dict[str, Any]) -> tuple[str, str]:
    answer: Answer = served.post(POLICIES, policy(mutation))
    assert answer.status == 422
    [cause] = answer.body["details"]["causes"]
    return cause["field"], cause["message"]


@pytest.mark.parametrize(
    ("mutation", "field", "said"),
    [
        (merging("1"), "applyConfiguration", "must evaluate to Object but got int"),
        (patching("1"), "jsonPatch", "must evaluate to list(JSONPatch) but got int"),
        (merging("Nothing{a: 1}"), "applyConfiguration", "undeclared reference to 'Nothing'"),
        (patching("[JSONPatch{nope: ''}]"), "jsonPatch", "undefined field 'nope'"),
    ],
)
def test_expressions_must_be_sound(
    served: Served, mutation: dict[str, Any], field: str, said: str
) -> None:
    where, message = refused_mutation(served, mutation)
    assert where == f"spec.mutations[0].{field}.expression"
    assert said in message
