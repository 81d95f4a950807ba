"""Startup, readiness and liveness probes."""

import pytest

from cluster_engine.network.connection import Handler
from cluster_engine.network.http import HttpReply
from tests.engine.kubelet.world import World, pod


class Server:
    """A party of the fabric that answers with a status of the test's choice."""

    def __init__(self):
        self.status = 200
        self.requests = []

    def accept(self, key, connection):
        return True

    def answer(self, key, request):
        self.requests.append(request)
        return HttpReply(self.status, b"body")

    def ready(self, connection_id, side):
        pass


def started(probe, *, kind="readiness", port=80, **container):
    world = World()
    world.server = Server()
    world.fabric.attach("server", world.server)
    main = {"name": "main", f"{kind}Probe": probe, **container}
    world.create(pod(containers=[main]))
    world.settle()
    if port:
        world.fabric.listen("10.244.0.2", port, Handler("server", "web", True))
    return world


def test_nothing_is_planned_for_a_pod_without_probes():
    world = World()
    world.create(pod())
    world.advance(60)
    assert len(world.agenda) == 0


def test_a_pod_is_ready_when_its_readiness_probe_succeeds():
    world = started({"httpGet": {"port": 80, "path": "/healthz"}, "periodSeconds": 5})
    found = world.container()
    assert "running" in found["state"] and found["started"] and not found["ready"]
    assert world.conditions()["Ready"]["reason"] == "ContainersNotReady"
    world.advance(1)
    assert world.container()["ready"]
    assert world.conditions()["Ready"]["status"] == "True"
    request = world.server.requests[0]
    assert request.path == "/healthz" and request.source_ip == "172.18.0.3"
    assert request.headers["user-agent"] == "kube-probe/1.37"


def test_a_readiness_probe_fails_after_its_threshold_and_recovers():
    probe = {"httpGet": {"port": 80}, "periodSeconds": 5, "failureThreshold": 2}
    world = started(probe)
    world.advance(1)
    world.server.status = 503
    world.advance(5)
    assert world.container()["ready"]
    message = "Readiness probe failed: HTTP probe failed with statuscode: 503"
    assert world.events()[-1] == ("Unhealthy", message)
    world.advance(5)
    assert not world.container()["ready"]
    world.server.status = 200
    world.advance(5)
    assert world.container()["ready"]


def test_a_failed_liveness_probe_restarts_the_container():
    probe = {"tcpSocket": {"port": 80}, "periodSeconds": 10, "failureThreshold": 3}
    world = started(probe, kind="liveness", port=None)
    world.advance(19)
    assert world.container()["restartCount"] == 0
    world.advance(2)
    assert world.container()["restartCount"] == 1
    events = world.events()
    text = "Liveness probe failed: dial tcp 10.244.0.2:80: connect: connection refused"
    assert ("Unhealthy", text) in events
    assert ("Killing", "Container main failed liveness probe, will be restarted") in events


def test_a_probe_may_have_a_grace_period_of_its_own():
    probe = {"tcpSocket": {"port": 80}, "failureThreshold": 1, "terminationGracePeriodSeconds": 7}
    world = started(probe, kind="liveness", port=None)
    world.advance(1)
    assert world.kernel.stops == [("main", 7_000)]


def test_other_probes_wait_for_the_startup_probe():
    startup = {"httpGet": {"port": 80}, "periodSeconds": 3, "failureThreshold": 10}
    world = started(startup, kind="startup", port=None, readinessProbe={"tcpSocket": {"port": 80}})
    world.advance(7)
    found = world.container()
    assert not found["started"] and not found["ready"]
    assert not any("Readiness" in message for _, message in world.events())
    world.fabric.listen("10.244.0.2", 80, Handler("server", "web", True))
    world.advance(3)
    found = world.container()
    assert found["started"] and found["ready"]
    asked = len(world.server.requests)
    world.advance(30)
    assert len(world.server.requests) == asked


def test_a_startup_probe_that_never_succeeds_kills_the_container():
    probe = {"tcpSocket": {"port": 80}, "periodSeconds": 2, "failureThreshold": 3}
    world = started(probe, kind="startup", port=None)
    world.advance(5)
    assert (
        "Killing",
        "Container main failed startup probe, will be restarted",
    ) in world.events()
    assert world.container()["restartCount"] == 1


def test_the_initial_delay_is_waited_for():
    probe = {"httpGet": {"port": 80}, "initialDelaySeconds": 20}
    world = started(probe)
    world.advance(19)
    assert world.server.requests == []
    world.advance(2)
    assert world.container()["ready"]


def test_a_command_probe_goes_by_the_exit_code():
    probe = {"exec": {"command": ["says", "$(CODE)", "not", "well"]}, "failureThreshold": 1}
    world = started(probe, env=[{"name": "CODE", "value": "0"}])
    world.advance(1)
    assert world.container()["ready"]
    other = started(probe, env=[{"name": "CODE", "value": "3"}])
    other.advance(1)
    assert not other.container()["ready"]
    assert other.events()[-1] == ("Unhealthy", "Readiness probe failed: not well")


def test_a_command_probe_that_takes_too_long_fails():
    probe = {"exec": {"command": ["serve"]}, "timeoutSeconds": 2, "failureThreshold": 1}
    world = started(probe, kind="liveness")
    world.advance(3)
    text = 'Liveness probe failed: command timed out: "serve" timed out after 2s'
    assert ("Unhealthy", text) in world.events()
    assert world.container()["restartCount"] == 1


def test_a_command_probe_that_cannot_be_run_does_not_count():
    probe = {"exec": {"command": ["nothing"]}, "failureThreshold": 1}
    world = started(probe, kind="liveness")
    world.advance(1)
    reason, message = world.events()[-1]
    assert reason == "Unhealthy"
    assert message.startswith(
        "Liveness probe errored and resulted in unknown state: "
        "rpc error: code = Unknown desc = failed to exec in container: failed to start exec "
    )
    assert message.endswith('exec: "nothing": executable file not found in $PATH')
    assert world.container()["restartCount"] == 0


@pytest.mark.parametrize(
    ("probe", "port", "text"),
    [
        (
            {"httpGet": {"port": 80, "path": "/x"}},
            None,
            'Get "http://10.244.0.2:80/x": dial tcp 10.244.0.2:80: connect: connection refused',
        ),
        (
            {"httpGet": {"port": 80, "host": "10.9.9.9", "scheme": "HTTPS"}},
            80,
            'Get "https://10.9.9.9:80/": context deadline exceeded '
            "(Client.Timeout exceeded while awaiting headers)",
        ),
        (
            {"grpc": {"port": 99}},
            80,
            'timeout: failed to connect service "10.244.0.2:99" within 1s: '
            "context deadline exceeded",
        ),
    ],
    ids=["nobody listens", "nobody has the address", "no gRPC server"],
)
def test_texts_of_failed_probes(probe, port, text):
    world = started(probe, port=port)
    world.advance(1)
    assert world.events()[-1] == ("Unhealthy", f"Readiness probe failed: {text}")


def test_a_port_that_has_no_such_name_is_an_error_that_does_not_count():
    world = started({"httpGet": {"port": "http"}, "failureThreshold": 1}, kind="liveness")
    world.advance(1)
    text = 'Liveness probe errored and resulted in unknown state: port "http" not found'
    assert world.events()[-1] == ("Unhealthy", text)
    world.advance(60)
    assert world.container()["restartCount"] == 0


def test_a_redirect_elsewhere_is_a_warning():
    world = started({"httpGet": {"port": 80}})
    world.server.status = 302
    world.advance(1)
    text = "Readiness probe warning: Probe terminated redirects, Response body: body"
    assert world.events()[-1] == ("ProbeWarning", text)
    assert world.container()["ready"]


def test_readiness_gates_are_waited_for():
    world = World()
    world.create(pod(readinessGates=[{"conditionType": "example.com/ok"}]))
    world.settle()
    ready = world.conditions()["Ready"]
    assert (ready["status"], ready["reason"]) == ("False", "ReadinessGatesNotReady")
    assert ready["message"] == (
        'corresponding condition of pod readiness gate "example.com/ok" does not exist.'
    )
    changed = world.pod()
    gate = {"type": "example.com/ok", "status": "True", "lastTransitionTime": None}
    status = {**changed["status"], "conditions": [*changed["status"]["conditions"], gate]}
    world.change("pods", {**changed, "status": status})
    world.settle()
    assert world.conditions()["Ready"]["status"] == "True"
    assert world.conditions()["example.com/ok"] == gate
