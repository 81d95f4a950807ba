"""Creating: names, what the server fills in, checks of fields, dry runs."""

from typing import Any

import pytest

from tests.engine.apiserver.served import CONFIGS, DEPLOYMENTS, PODS, Served, config

NAMESPACES = "/api/v1/namespaces"


def test_the_server_fills_in_metadata(served: Served) -> None:
    answer = served.post(CONFIGS, {"metadata": {"name": "a", "uid": "mine", "generation": 7}})
    metadata = answer.body["metadata"]
    assert answer.status == 201
    assert metadata["namespace"] == "default"
    assert metadata["creationTimestamp"] == "2026-01-01T00:00:00Z"
    assert metadata["resourceVersion"] == str(served.store.revision)
    assert len(metadata["uid"]) == 36
    assert "generation" not in metadata


def test_kinds_with_a_spec_have_a_generation(served: Served) -> None:
    spec = {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {
            "metadata": {"labels": {"a": "b"}},
            "spec": {"containers": [{"name": "c", "image": "i"}]},
        },
    }
    created = served.post(DEPLOYMENTS, {"metadata": {"name": "d"}, "spec": spec}).body
    assert created["metadata"]["generation"] == 1
    scaled = served.merge(f"{DEPLOYMENTS}/d", {"spec": {"replicas": 2}}).body
    labelled = served.merge(f"{DEPLOYMENTS}/d", {"metadata": {"labels": {"x": "y"}}}).body
    assert scaled["metadata"]["generation"] == 2
    assert labelled["metadata"]["generation"] == 2


def test_generated_names_start_as_asked(served: Served) -> None:
    names = {
        served.post(CONFIGS, {"metadata": {"generateName": "a-"}}).body["metadata"]["name"]
        for _ in range(20)
    }
    assert len(names) == 20
    assert all(name.startswith("a-") and len(name) == 7 for name in names)


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        pytest.param(
            CONFIGS, config("a"), 409, 'configmaps "a" already exists', id="a name that is taken"
        ),
        pytest.param(
            CONFIGS,
            {"metadata": {}},
            422,
            'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is '
            "required",
            id="no name",
        ),
        pytest.param(
            CONFIGS,
            config("A"),
            422,
            'ConfigMap "A" is invalid: metadata.name: Invalid value: "A": a lowercase RFC 1123 '
            "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for "
            "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
            id="a name that is none",
        ),
        pytest.param(
            CONFIGS,
            config("b", namespace="kube-system"),
            400,
            "the namespace of the provided object does not match the namespace sent on the request",
            id="another namespace than the path's",
        ),
        pytest.param(
            CONFIGS,
            {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "b"}},
            400,
            'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to '
            "(core.ConfigMap): unknown conversion",
            id="another kind than the path's",
        ),
        pytest.param(
            f"{NAMESPACES}/nowhere/configmaps",
            config("b"),
            404,
            'namespaces "nowhere" not found',
            id="a namespace that is not there",
        ),
        pytest.param(
            CONFIGS,
            config("b", resourceVersion="7"),
            500,
            "resourceVersion should not be set on objects to be created",
            id="a resource version",
        ),
        pytest.param(
            CONFIGS,
            {"metadata": {"name": "b", "labels": {"x": "not a label"}}},
            422,
            'ConfigMap "b" is invalid: metadata.labels: Invalid value: "not a label": ',
            id="a label that is none",
        ),
    ],
)
def test_refused(served: Served, path: str, body: Any, status: int, message: str) -> None:
    served.post(CONFIGS, config("a"))
    before = served.store.revision
    answer = served.post(path, body)
    assert answer.status == status
    assert answer.message.startswith(message)
    assert served.store.revision == before


@pytest.mark.parametrize(
    ("body", "content_type", "status", "message"),
    [
        pytest.param(b"{", "application/json", 400, "unexpected end of JSON input", id="cut JSON"),
        pytest.param(
            b"[]",
            "application/json",
            400,
            "json: cannot unmarshal array into Go value of type",
            id="a list",
        ),
        pytest.param(b"a: [", "application/yaml", 400, "yaml: ", id="broken YAML"),
        pytest.param(
            b"{}", "text/plain", 415, "the body of the request was in an unknown format", id="text"
        ),
    ],
)
def test_refused_bodies(
    served: Served, body: bytes, content_type: str, status: int, message: str
) -> None:
    answer = served.post(CONFIGS, body, content_type=content_type)
    assert answer.status == status
    assert message in answer.message


def test_yaml_bodies_are_read(served: Served) -> None:
    text = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: 'on'\n"
    answer = served.post(CONFIGS, text, content_type="application/yaml")
    assert answer.body["data"] == {"x": "on"}


UNKNOWN = {"metadata": {"name": "a"}, "zap": 1, "data": {"x": "y"}}


@pytest.mark.parametrize(
    ("query", "status", "warnings"),
    [
        pytest.param("", 201, ('unknown field "zap"',), id="a warning by default"),
        pytest.param("?fieldValidation=Warn", 201, ('unknown field "zap"',), id="Warn"),
        pytest.param("?fieldValidation=Ignore", 201, (), id="Ignore"),
        pytest.param("?fieldValidation=Strict", 400, (), id="Strict"),
    ],
)
def test_unknown_fields(served: Served, query: str, status: int, warnings: tuple[str, ...]) -> None:
    answer = served.post(f"{CONFIGS}{query}", UNKNOWN)
    assert answer.status == status
    assert answer.warnings == warnings
    assert "zap" not in answer.body


def test_duplicate_fields_are_told(served: Served) -> None:
    body = b'{"metadata":{"name":"a"},"data":{"x":"1","x":"2"}}'
    answer = served.post(f"{CONFIGS}?fieldValidation=Strict", body)
    assert answer.status == 400
    assert answer.message.endswith('strict decoding error: duplicate field "data.x"')


def test_wrong_types_are_refused(served: Served) -> None:
    answer = served.post(CONFIGS, {"metadata": {"name": "a"}, "data": {"x": 1}})
    assert answer.status == 400
    assert answer.message == (
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal '
        "number into Go struct field ConfigMap.data of type string"
    )


def test_a_dry_run_stores_nothing(served: Served) -> None:
    before = served.store.revision
    answer = served.post(f"{CONFIGS}?dryRun=All", config("a"))
    assert answer.status == 201
    assert answer.body["metadata"]["uid"]
    assert served.store.revision == before
    assert served.get(f"{CONFIGS}/a").status == 404


def test_other_dry_runs_are_refused(served: Served) -> None:
    answer = served.post(f"{CONFIGS}?dryRun=Some", config("a"))
    assert answer.status == 422
    assert answer.message.endswith('dryRun: Unsupported value: ["Some"]: supported values: "All"')


def test_pods_are_defaulted(served: Served) -> None:
    containers = [{"name": "c", "image": "nginx"}]
    pod = served.post(PODS, {"metadata": {"name": "a"}, "spec": {"containers": containers}}).body
    assert pod["status"] == {"phase": "Pending", "qosClass": "BestEffort"}
    assert pod["spec"]["restartPolicy"] == "Always"
    assert pod["spec"]["containers"][0]["imagePullPolicy"] == "Always"
    assert pod["spec"]["serviceAccountName"] == "default"


def test_what_was_sent_stays_out_of_the_store(served: Served) -> None:
    """A client may not write status at creation."""
    namespace = {"metadata": {"name": "n"}, "status": {"phase": "Terminating"}}
    created = served.post(NAMESPACES, namespace).body
    assert created["status"] == {"phase": "Active"}
    assert created["spec"] == {"finalizers": ["kubernetes"]}
    assert created["metadata"]["labels"] == {"kubernetes.io/metadata.name": "n"}


def test_a_volume_without_a_name_is_refused_as_others_are(served: Served) -> None:
    answer = served.post("/api/v1/persistentvolumes", {"metadata": {}, "spec": {}})
    assert answer.status == 422
    assert "metadata.name: Required value: name or generateName is required" in answer.message
