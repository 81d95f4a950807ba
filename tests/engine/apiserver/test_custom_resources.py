"""Kinds that users define."""

from typing import Any

import pytest

from tests.engine.apiserver.served import STRATEGIC, TABLE, Answer, Served, events, told

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
CRONS = "/apis/example.com/v1/namespaces/default/crons"
SPEC: dict[str, Any] = {
    "type": "object",
    "required": ["spec"],
    "properties": {
        "spec": {
            "type": "object",
            "required": ["schedule"],
            "properties": {
                "schedule": {"type": "string", "minLength": 3, "pattern": "^[a-z]+$"},
                "replicas": {"type": "integer", "minimum": 0, "maximum": 9, "default": 1},
                "mode": {"type": "string", "enum": ["fast", "slow"]},
                "port": {"x-kubernetes-int-or-string": True},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "tags": {
                    "type": "array",
                    "items": {"type": "string"},
                    "x-kubernetes-list-type": "set",
                },
                "steps": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "do": {"type": "string"}},
                    },
                },
                "choice": {
                    "type": "object",
                    "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
                    "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
                },
            },
        },
        "status": {
            "type": "object",
            "properties": {"active": {"type": "integer"}, "selector": {"type": "string"}},
        },
    },
}


def version(name: str = "v1", *, storage: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "served": True,
        "storage": storage,
        "schema": {"openAPIV3Schema": SPEC},
        **more,
    }


def define(served: Served, *versions: dict[str, Any], **spec: Any) -> Answer:
    body = {
        "metadata": {"name": "crons.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "crons", "kind": "Cron", "shortNames": ["cr"]},
            "versions": list(versions) or [version()],
            **spec,
        },
    }
    return served.post(DEFINITIONS, body)


def cron(name: str = "c", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "example.com/v1",
        "kind": "Cron",
        "metadata": {"name": name},
        "spec": {"schedule": "daily", **spec},
    }


@pytest.fixture
def crons(served: Served) -> Served:
    """A server with the kind Cron."""
    answer = define(
        served,
        version(
            subresources={
                "status": {},
                "scale": {
                    "specReplicasPath": ".spec.replicas",
                    "statusReplicasPath": ".status.active",
                    "labelSelectorPath": ".status.selector",
                },
            },
            additionalPrinterColumns=[
                {"name": "Schedule", "type": "string", "jsonPath": ".spec.schedule"},
                {"name": "Active", "type": "integer", "jsonPath": ".status.active"},
                {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
            ],
            selectableFields=[{"jsonPath": ".spec.mode"}],
        ),
    )
    assert answer.status == 201, answer.body
    return served


def test_a_definition_comes_into_force(crons: Served) -> None:
    status = crons.get(f"{DEFINITIONS}/crons.example.com").body["status"]
    assert [(one["type"], one["status"]) for one in status["conditions"]] == [
        ("NamesAccepted", "True"),
        ("Established", "True"),
    ]
    assert status["acceptedNames"]["shortNames"] == ["cr"]
    found = crons.get("/apis/example.com/v1").body["resources"]
    assert [item["name"] for item in found] == ["crons", "crons/scale", "crons/status"]
    assert crons.get(CRONS).body["items"] == []


def test_objects_are_defaulted_and_pruned(crons: Served) -> None:
    answer = crons.post(CRONS, {**cron(zap=1, free={"x": 1}), "zip": 2})
    assert answer.status == 201
    assert answer.warnings == ('unknown field "spec.zap"', 'unknown field "zip"')
    assert answer.body["spec"] == {"schedule": "daily", "replicas": 1, "free": {"x": 1}}
    assert "zip" not in answer.body
    strict = crons.post(f"{CRONS}?fieldValidation=Strict", cron("d", zap=1))
    assert strict.status == 400


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        pytest.param({"schedule": None}, "spec.schedule: Required value", id="what is required"),
        pytest.param(
            {"schedule": "x"},
            'spec.schedule: Invalid value: "x": spec.schedule in body should be at least 3 chars '
            "long",
            id="a short text",
        ),
        pytest.param(
            {"schedule": "Daily"},
            'spec.schedule: Invalid value: "Daily": spec.schedule in body should match '
            "'^[a-z]+$'",
            id="a pattern",
        ),
        pytest.param(
            {"replicas": 10},
            "spec.replicas: Invalid value: 10: spec.replicas in body should be less than or equal "
            "to 9",
            id="a large number",
        ),
        pytest.param(
            {"mode": "odd"},
            'spec.mode: Unsupported value: "odd": supported values: "fast", "slow"',
            id="a word",
        ),
        pytest.param(
            {"port": True},
            'spec.port: Invalid value: "boolean": spec.port in body must be of type '
            'integer,string: "boolean"',
            id="neither number nor text",
        ),
        pytest.param({"tags": ["a", "b", "a"]}, 'spec.tags[2]: Duplicate value: "a"', id="a set"),
        pytest.param(
            {"steps": [{"name": "a"}, {"name": "a"}]},
            'spec.steps[1]: Duplicate value: {"name":"a"}',
            id="a map of items",
        ),
        pytest.param(
            {"choice": {"a": "1", "b": "2"}},
            '"spec.choice" must validate one and only one schema (oneOf). Found 2 valid '
            "alternatives",
            id="one of two",
        ),
        pytest.param({"replicas": -1}, "should be a non-negative integer", id="a scale"),
    ],
)
def test_validation(crons: Served, spec: dict[str, Any], problem: str) -> None:
    answer = crons.post(CRONS, cron(**spec))
    assert answer.status == 422
    assert problem in answer.message
    assert answer.message.startswith('Cron.example.com "c" is invalid: ')


def test_what_was_wrong_before_may_stay(served: Served) -> None:
    loose = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    define(served, version(schema={"openAPIV3Schema": loose}))
    assert served.post(CRONS, cron(replicas=99)).status == 201
    tightened = {"spec": {"versions": [version()]}}
    answer = served.merge(f"{DEFINITIONS}/crons.example.com", tightened)
    assert answer.status == 200, answer.body
    kept = served.merge(f"{CRONS}/c", {"spec": {"mode": "fast"}})
    assert (kept.status, kept.body["spec"]["replicas"]) == (200, 99)
    assert served.merge(f"{CRONS}/c", {"spec": {"replicas": 98}}).status == 422


def test_status_and_scale_have_doors_of_their_own(crons: Served) -> None:
    created = crons.post(CRONS, {**cron(), "status": {"active": 3}}).body
    assert "status" not in created
    status = {"status": {"active": 2, "selector": "a=b"}, "metadata": {"labels": {"x": "y"}}}
    by_status = crons.merge(f"{CRONS}/c/status", status).body
    assert by_status["status"]["active"] == 2
    assert "labels" not in by_status["metadata"]
    scale = crons.get(f"{CRONS}/c/scale").body
    assert (scale["spec"], scale["status"]) == (
        {"replicas": 1},
        {"replicas": 2, "selector": "a=b"},
    )
    crons.put(f"{CRONS}/c/scale", {**scale, "spec": {"replicas": 4}})
    found = crons.get(f"{CRONS}/c").body
    assert (found["spec"]["replicas"], found["metadata"]["generation"]) == (4, 2)


def test_columns_are_as_declared(crons: Served) -> None:
    crons.post(CRONS, cron())
    crons.advance(60_000)
    table = crons.get(CRONS, accept=TABLE).body
    names = [column["name"] for column in table["columnDefinitions"]]
    assert names == ["Name", "Schedule", "Active", "Age"]
    assert table["rows"][0]["cells"] == ["c", "daily", None, "60s"]


def test_declared_fields_select(crons: Served) -> None:
    crons.post(CRONS, cron("a", mode="fast"))
    crons.post(CRONS, cron("b", mode="slow"))
    assert crons.get(f"{CRONS}?fieldSelector=spec.mode=slow").names == ["b"]
    refused = crons.get(f"{CRONS}?fieldSelector=spec.schedule=daily")
    assert refused.message == "field label not supported: spec.schedule"


def test_apply_merges_by_the_schema(crons: Served) -> None:
    path = f"{CRONS}/c"
    one = crons.apply(path, cron(steps=[{"name": "a", "do": "x"}]), manager="one")
    assert one.status == 201
    two = cron(steps=[{"name": "b", "do": "y"}])
    del two["spec"]["schedule"]
    merged = crons.apply(path, two, manager="two").body["spec"]["steps"]
    assert [step["name"] for step in merged] == ["a", "b"]


def test_strategic_patches_are_not_for_custom_kinds(crons: Served) -> None:
    crons.post(CRONS, cron())
    answer = crons.ask("PATCH", f"{CRONS}/c", {}, content_type=STRATEGIC)
    assert answer.status == 415


def test_watches_tell_of_instances(crons: Served) -> None:
    stream = crons.get(f"{CRONS}?watch=1").stream
    crons.post(CRONS, cron())
    assert told(stream) == ["ADDED c"]


def test_a_changed_definition_ends_watches(crons: Served) -> None:
    stream = crons.get(f"{CRONS}?watch=1").stream
    crons.merge(f"{DEFINITIONS}/crons.example.com", {"spec": {"versions": [version()]}})
    assert stream is not None
    assert stream.is_done


def test_versions_are_converted(served: Served) -> None:
    old = version("v1beta1", storage=False, deprecated=True)
    define(served, version(), old)
    served.post(CRONS, cron())
    path = CRONS.replace("/v1/", "/v1beta1/")
    answer = served.get(f"{path}/c")
    assert answer.body["apiVersion"] == "example.com/v1beta1"
    assert answer.warnings == ("example.com/v1beta1 Cron is deprecated; use example.com/v1 Cron",)
    group = served.get("/apis/example.com").body
    assert group["preferredVersion"]["version"] == "v1"


def test_objects_must_be_of_the_kind(crons: Served) -> None:
    other = crons.post(CRONS, {**cron(), "kind": "Zap"})
    assert (
        other.message == 'Zap.example.com "c" is invalid: kind: Invalid value: "Zap": must be Cron'
    )
    nothing = crons.post(CRONS, {"metadata": {"name": "c"}})
    assert nothing.status == 400
    assert "Object 'Kind' is missing in" in nothing.message


def test_instances_end_with_their_definition(crons: Served) -> None:
    crons.post(CRONS, cron("a"))
    held = cron("b")
    held["metadata"]["finalizers"] = ["example.com/wait"]
    crons.post(CRONS, held)
    answer = crons.delete(f"{DEFINITIONS}/crons.example.com")
    finalizers = answer.body["metadata"]["finalizers"]
    assert finalizers == ["customresourcecleanup.apiextensions.k8s.io"]
    assert crons.get(CRONS).names == ["b"]
    refused = crons.post(CRONS, cron("c"))
    assert refused.message == (
        'crons.example.com "c" is forbidden: create not allowed while custom resource definition '
        "is terminating"
    )
    crons.merge(f"{CRONS}/b", {"metadata": {"finalizers": None}})
    assert crons.get(f"{DEFINITIONS}/crons.example.com").status == 404
    assert crons.get(CRONS).body == b"404 page not found\n"


def test_names_are_given_once(crons: Served) -> None:
    body = {
        "metadata": {"name": "zaps.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"plural": "zaps", "kind": "Cron"},
            "versions": [version()],
        },
    }
    crons.post(DEFINITIONS, body)
    conditions = crons.get(f"{DEFINITIONS}/zaps.example.com").body["status"]["conditions"]
    assert conditions[0]["reason"] == "ListKindConflict"
    assert conditions[1]["status"] == "False"
    assert crons.get("/apis/example.com/v1/zaps").status == 404
    crons.delete(f"{DEFINITIONS}/crons.example.com")
    assert crons.get("/apis/example.com/v1/zaps").status == 200


def test_a_new_server_over_the_same_store_serves_the_same(crons: Served) -> None:
    crons.post(CRONS, cron())
    twin = crons.again()
    assert twin.get(f"{CRONS}/c").body == crons.get(f"{CRONS}/c").body


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        pytest.param(
            {"group": "example"}, "should be a domain with at least one dot", id="a short group"
        ),
        pytest.param({"scope": "Odd"}, 'spec.scope: Unsupported value: "Odd"', id="a scope"),
        pytest.param(
            {"versions": [version(), version("v2")]},
            "must have exactly one version marked as storage version",
            id="two storage versions",
        ),
        pytest.param(
            {
                "versions": [
                    version(schema={"openAPIV3Schema": {"type": "object", "nullable": True}})
                ]
            },
            "nullable cannot be true at the root",
            id="a root that may be null",
        ),
        pytest.param(
            {
                "versions": [
                    version(
                        schema={
                            "openAPIV3Schema": {
                                "type": "object",
                                "properties": {"a": {"anyOf": [{"type": "string"}]}},
                            }
                        }
                    )
                ]
            },
            "spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be "
            "empty for specified object fields",
            id="a field without a type",
        ),
        pytest.param(
            {"versions": [version(additionalPrinterColumns=[{"name": "a", "type": "odd"}])]},
            "spec.additionalPrinterColumns[0].JSONPath: Required value",
            id="a column without a path",
        ),
    ],
)
def test_refused_definitions(served: Served, spec: dict[str, Any], problem: str) -> None:
    answer = define(served, **spec) if "versions" not in spec else define(served, *spec["versions"])
    assert answer.status == 422
    assert problem in answer.message


def test_a_definition_cannot_change_what_it_is(crons: Served) -> None:
    change = {"spec": {"scope": "Cluster"}}
    answer = crons.merge(f"{DEFINITIONS}/crons.example.com", change)
    assert answer.status == 422
    assert 'spec.scope: Invalid value: "Cluster": field is immutable' in answer.message


def test_a_watched_definition_is_told_step_by_step(served: Served) -> None:
    query = f"watch=1&resourceVersion={served.store.revision}"
    stream = served.get(f"{DEFINITIONS}?{query}").stream
    define(served)
    reasons = [
        [one["reason"] for one in obj["status"].get("conditions") or ()]
        for _, obj in events(stream)
    ]
    assert reasons == [
        [],
        ["NoConflicts", "Installing"],
        ["NoConflicts", "InitialNamesAccepted"],
    ]


def test_documents_describe_the_kind(crons: Served) -> None:
    name = "com.example.v1.Cron"
    index = crons.get("/openapi/v3").body["paths"]
    url = index["apis/example.com/v1"]["serverRelativeURL"]
    document = crons.get(url).body
    schema = document["components"]["schemas"][name]
    assert schema["properties"]["spec"]["properties"]["mode"]["enum"] == ["fast", "slow"]
    assert schema["x-kubernetes-group-version-kind"][0]["kind"] == "Cron"
    assert f"{name}List" in document["components"]["schemas"]
    assert f"{CRONS.replace('default', '{namespace}')}/{{name}}" in document["paths"]
    assert name in crons.get("/openapi/v2").body["definitions"]
    crons.merge(f"{DEFINITIONS}/crons.example.com", {"spec": {"versions": [version()]}})
    changed = crons.get("/openapi/v3").body["paths"]["apis/example.com/v1"]
    assert changed["serverRelativeURL"] != url
