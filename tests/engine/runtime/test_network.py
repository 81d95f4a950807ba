"""Processes on the network: listening, connecting, whole requests."""

import pytest

from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Waiting
from tests.engine.runtime.bench import SCRIPTS, Bench, Probe, probe_image


class Web(Probe):
    """Answers whole requests with their path."""

    def http(self, system, request):
        system.write(1, f"{request.method} {request.path}\n".encode())
        return HttpReply(200, f"{request.source_ip} {request.path}".encode())


def web(probe, system):
    if not probe.facts:
        probe.facts["fd"] = system.listen(80, is_http=True)
    return Waiting(readable=(probe.facts["fd"],))


def upper(probe, system):
    """Takes one stream and gives back what comes in capitals."""
    facts = probe.facts
    if "listener" not in facts:
        facts["listener"] = system.listen(7)
    if "stream" not in facts:
        facts["stream"] = system.accept(facts["listener"])
        if facts["stream"] is None:
            del facts["stream"]
            return Waiting(readable=(facts["listener"],))
    data = system.read(facts["stream"])
    if data is None:
        return Waiting(readable=(facts["stream"],))
    if not data:
        return Exited(0)
    system.write(facts["stream"], data.upper())
    return AGAIN


def caller(probe, system):
    """Sends a word and writes what comes back."""
    facts = probe.facts
    if "stream" not in facts:
        facts["stream"] = system.connect(probe.arguments[1], 7)
        system.write(facts["stream"], b"word")
        system.finish(facts["stream"])
    data = system.read(facts["stream"])
    if data is None:
        return Waiting(readable=(facts["stream"],))
    if not data:
        return Exited(0)
    system.write(1, data)
    return AGAIN


@pytest.fixture
def bench(monkeypatch):
    for script in (web, upper, caller):
        monkeypatch.setitem(SCRIPTS, script.__name__, script)
    return Bench(probe_image(), {"probe": Web})


def test_a_request_is_answered_at_once_and_logged(bench):
    bench.start("web", id="w", pod="web")
    bench.start("idle")
    ip = bench.kernel.sandboxes["web"].ip
    reply = bench.do(lambda s: s.http(ip, HttpRequest("GET", "/x"), 80))
    assert (reply.status, reply.body) == (200, f"{bench.kernel.sandboxes['p1'].ip} /x".encode())
    assert bench.log("w") == "GET /x"


def test_a_stream_goes_both_ways_and_ends(bench):
    bench.start("upper", id="u", pod="up")
    bench.start("caller", bench.kernel.sandboxes["up"].ip)
    bench.run()
    assert bench.log() == "WORD"
    assert sorted(bench.listener.exits) == [("c1", 0, ""), ("u", 0, "")]
    assert bench.kernel.ends == {}


def test_streams_go_on_in_a_copy(bench):
    bench.start("upper", id="u", pod="up")
    twin = bench.copy()
    twin.programs = bench.programs
    for one in (bench, twin):
        one.start("caller", one.kernel.sandboxes["up"].ip)
        one.run()
        assert one.log() == "WORD"


@pytest.mark.parametrize(
    ("host", "kind"),
    [("nobody", "dns timeout"), ("localhost", "connection refused"), ("10.9.9.9", "timeout")],
)
def test_who_cannot_be_reached(bench, host, kind):
    bench.start("idle")
    with pytest.raises(NetworkError) as caught:
        bench.do(lambda s: s.connect(host, 81))
    assert caught.value.kind == kind


def test_a_port_is_taken_until_its_process_ends(bench):
    bench.start("web", id="w")
    bench.start("idle", id="c2", pod="p1")
    with pytest.raises(Errno) as caught:
        bench.do(lambda s: s.listen(80), "c2")
    assert caught.value.name == "EADDRINUSE"
    bench.kernel.kill_container("w")
    assert bench.do(lambda s: s.listen(80), "c2") >= 0
