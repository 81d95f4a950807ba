"""What the API server asks of nodes."""

import pytest

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apiserver.nodelink import ExecOptions, LogOptions
from cluster_engine.apiserver.requests import ERROR, STDIN, STDOUT, Frame
from cluster_engine.network.connection import SERVER, Handler
from cluster_engine.network.http import HttpReply
from tests.engine.kubelet.world import START_MS, World, pod


@pytest.fixture
def world():
    world = World()
    world.create(pod())
    world.settle()
    return world


def options(**given):
    return LogOptions("main", **given)


def write(world, *texts):
    """Let the container write lines to its log."""
    container_id = world.container_id()
    _, container = world.kernel.find(container_id)
    for text in texts:
        container.log.write(1, f"{text}\n".encode(), world.clock.now_ms)
    world.kernel.logged(container_id)


def test_the_whole_log_and_pieces_of_it(world):
    write(world, "one", "two")
    world.advance(10)
    write(world, "three")
    world.advance(2)
    log = world.kubelets.log
    assert log(world.pod(), options()) == b"one\ntwo\nthree\n"
    assert log(world.pod(), options(tail_lines=2)) == b"two\nthree\n"
    assert log(world.pod(), options(tail_lines=0)) == b""
    assert log(world.pod(), options(since_seconds=5)) == b"three\n"
    assert log(world.pod(), options(since_time_ms=START_MS + 9_000)) == b"three\n"
    assert log(world.pod(), options(limit_bytes=5)) == b"one\nt"
    stamped = log(world.pod(), options(timestamps=True, tail_lines=1))
    assert stamped == b"2026-01-01T00:00:10.000000000Z three\n"


def test_parts_of_a_long_line_are_one_line(world):
    long = "x" * 20_000
    write(world, long, "next")
    assert len(world.kernel.log(world.container_id())) == 3
    assert world.kubelets.log(world.pod(), options()) == f"{long}\nnext\n".encode()
    assert world.kubelets.log(world.pod(), options(tail_lines=2)) == f"{long}\nnext\n".encode()
    stamped = world.kubelets.log(world.pod(), options(timestamps=True))
    assert stamped.count(b"2026-01-01T") == 2


def test_a_followed_log_goes_on_until_the_container_ends(world):
    write(world, "first")
    stream = world.kubelets.log(world.pod(), options(follow=True))
    told = []
    stream.on_ready = lambda: told.append(True)
    assert stream.read() == [Frame(STDOUT, b"first\n")]
    write(world, "second")
    assert told == [True]
    assert stream.read() == [Frame(STDOUT, b"second\n")]
    assert not stream.is_done
    write(world, "last")
    world.exit(0)
    world.settle()
    assert stream.read() == [Frame(STDOUT, b"last\n")]
    assert stream.is_done and stream.read() == []


def test_the_log_of_the_previous_run(world):
    write(world, "old")
    world.exit(1)
    world.settle()
    write(world, "new")
    assert world.kubelets.log(world.pod(), options()) == b"new\n"
    assert world.kubelets.log(world.pod(), options(previous=True)) == b"old\n"
    write(world, "newer")
    world.exit(1)
    world.settle()
    assert "waiting" in world.container()["state"]
    assert world.kubelets.log(world.pod(), options(previous=True)) == b"new\nnewer\n"


@pytest.mark.parametrize(
    ("image", "previous", "message"),
    [
        ("nginx", True, 'previous terminated container "main" in pod "b" not found'),
        (
            "nosuch",
            False,
            'container "main" in pod "b" is waiting to start: trying and failing to pull image',
        ),
    ],
    ids=["there was no run before", "the image is not there"],
)
def test_logs_that_are_refused(world, image, previous, message):
    world.create(pod("b", containers=[{"name": "main", "image": image}]))
    world.advance(2)
    with pytest.raises(ApiError) as refusal:
        world.kubelets.log(world.pod("b"), options(previous=previous))
    assert (refusal.value.reason, refusal.value.message) == ("BadRequest", message)


def test_exec_and_attach_reach_the_running_container(world):
    stream = world.kubelets.exec(world.pod(), ExecOptions("main", ("says", "3", "hello")))
    world.settle()
    frames = [*stream.read(), *stream.read()]
    assert frames[0] == Frame(STDOUT, b"hello")
    assert frames[-1].channel == ERROR and b'"NonZeroExitCode"' in frames[-1].data
    assert stream.is_done
    attached = world.kubelets.attach(world.pod(), ExecOptions("main"))
    write(world, "not for me")
    assert not attached.is_done
    world.exit(0)
    world.settle()
    attached.read()
    assert attached.is_done


def test_exec_into_a_container_that_does_not_run_is_refused(world):
    for _ in range(2):
        world.exit(1)
        world.settle()
    with pytest.raises(ApiError) as refusal:
        world.kubelets.exec(world.pod(), ExecOptions("main", ("ls",)))
    assert refusal.value.message == (
        'Internal error occurred: unable to upgrade connection: container not found ("main")'
    )


class Web:
    def __init__(self):
        self.opened = []

    def accept(self, key, connection):
        self.opened.append(connection.id)
        return True

    def answer(self, key, request):
        return HttpReply(200, request.path.encode(), {"X": "y"})

    def ready(self, connection_id, side):
        pass


def test_bytes_go_through_a_forwarded_port(world):
    web = Web()
    world.fabric.attach("web", web)
    world.fabric.listen(world.status()["podIP"], 6379, Handler("web", "redis"))
    stream = world.kubelets.port_forward(world.pod(), 6379)
    told = []
    stream.on_ready = lambda: told.append(True)
    stream.write(Frame(STDIN, b"PING"))
    connections, number = world.fabric.connections, web.opened[0]
    assert connections.receive(number, SERVER) == b"PING"
    connections.send(number, SERVER, b"PONG")
    assert told and stream.read() == [Frame(STDOUT, b"PONG")]
    connections.finish(number, SERVER)
    assert stream.is_done
    stream.close()


def test_a_port_where_nobody_listens_is_not_forwarded(world):
    with pytest.raises(ApiError) as refusal:
        world.kubelets.port_forward(world.pod(), 81)
    assert "127.0.0.1:81: connect: connection refused" in refusal.value.message


def test_proxied_requests_reach_pods(world):
    world.fabric.attach("web", Web())
    ip = world.status()["podIP"]
    world.fabric.listen(ip, 80, Handler("web", "web", True))
    response = world.kubelets.http(ip, 80, "GET", "/x", {}, b"")
    assert (response.status, response.body, response.headers) == (200, b"/x", {"X": "y"})
    with pytest.raises(ApiError) as refusal:
        world.kubelets.http(ip, 81, "GET", "/x", {}, b"")
    assert (refusal.value.code, refusal.value.message) == (
        503,
        f"error trying to reach service: dial tcp {ip}:81: connect: connection refused",
    )


def test_nobody_answers_at_a_stopped_kubelet(world):
    world.kubelets.set_node_down("node-1", True)
    with pytest.raises(ApiError) as refusal:
        world.kubelets.log(world.pod(), options())
    assert refusal.value.message == (
        "Internal error occurred: error dialing backend: dial tcp 172.18.0.3:10250: "
        "connect: connection refused"
    )


def test_a_request_through_a_forwarded_port_is_answered_once(world):
    world.fabric.attach("web", Web())
    world.fabric.listen(world.status()["podIP"], 80, Handler("web", "web", True))
    stream = world.kubelets.port_forward(world.pod(), 80)
    stream.write(Frame(STDIN, b"GET /x HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n"))
    answer = b"".join(frame.data for frame in stream.read())
    assert answer.count(b"HTTP/1.1 200 OK") == 1 and answer.endswith(b"/x")
    assert stream.is_done
