"""Limits that clients can reach."""

from cluster_engine.simulation.limits import Limits
from tests.engine.apiserver.served import CONFIGS, Served, config, events


def test_requests_are_bounded() -> None:
    served = Served(Limits(request_bytes_max=2000))
    answer = served.post(CONFIGS, config("a", {"x": "y" * 2000}))
    assert (answer.status, answer.body["reason"]) == (413, "RequestEntityTooLarge")


def test_objects_of_a_resource_are_bounded() -> None:
    served = Served(Limits(objects_max=2))
    answers = [served.post(CONFIGS, config(name)).status for name in "abc"]
    assert answers[-1] == 413
    assert len(served.get(CONFIGS).body["items"]) == 2


def test_watches_are_bounded() -> None:
    served = Served(Limits(watches_max=2))
    first, _ = (served.get(f"{CONFIGS}?watch=1") for _ in range(2))
    refused = served.get(f"{CONFIGS}?watch=1")
    assert (refused.status, refused.body["reason"]) == (429, "TooManyRequests")
    assert first.stream is not None
    first.stream.close()
    assert served.get(f"{CONFIGS}?watch=1").status == 200


def test_a_client_that_does_not_read_is_dropped() -> None:
    served = Served(Limits(stream_buffer_bytes_max=1024))
    stream = served.get(f"{CONFIGS}?watch=1&resourceVersion={served.store.revision}").stream
    assert stream is not None
    for number in range(10):
        served.post(CONFIGS, config(f"a{number}"))
    assert stream.is_done
    assert 0 < len(events(stream)) < 10


def test_yaml_is_bounded() -> None:
    served = Served(Limits(yaml_depth_max=5))
    text = b"data: " + b"{a: " * 10 + b"b" + b"}" * 10
    answer = served.post(CONFIGS, text, content_type="application/yaml")
    assert answer.status == 400


def test_deep_json_is_refused() -> None:
    served = Served()
    answer = served.post(CONFIGS, b'{"a":' * 5000 + b"1" + b"}" * 5000)
    assert answer.status in (400, 413)
