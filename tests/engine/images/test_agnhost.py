"""agnhost's subcommands: what they print, what they answer, how they end."""

import json

import pytest

from cluster_engine.images.servers.agnhost.flags import Flags, duration_ms
from cluster_engine.images.servers.agnhost.mounttest import mode_text
from cluster_engine.runtime.container import FileContent, MountSpec
from cluster_engine.runtime.system import FileStatus
from tests.engine.images.machine import Machine

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.66.1"


@pytest.fixture(scope="module")
def paused():
    machine = Machine()
    machine.start(AGNHOST, pod="tools")
    return machine


@pytest.fixture(scope="module")
def netexec():
    machine = Machine()
    machine.ip = machine.start(AGNHOST, "netexec", env={"COLOR": "red"})
    return machine


def test_it_pauses_by_default_and_leaves_a_message():
    machine = Machine()
    machine.start(AGNHOST)
    assert machine.log("web") == ["Paused", "Signals registered"]
    machine.kernel.stop_container("web", 30_000)
    machine.run()
    assert machine.exits == [("web", 2)]
    message = machine.kernel.termination_message("web")
    assert message == b'exiting because of signal "terminated"\n'
    assert machine.log("web")[-1] == 'exiting because of signal "terminated"'


PRINTED = [
    (["/agnhost", "entrypoint-tester", "a", "b c"], "[/agnhost entrypoint-tester a b c]\n"),
    (["/agnhost-2", "entrypoint-tester"], "[/agnhost-2 entrypoint-tester]\n"),
    (["/agnhost", "nonewprivs"], "Effective uid: 0\n"),
    (["/agnhost", "--version"], "app version 2.66.1\n"),
]


@pytest.mark.parametrize(("command", "output"), PRINTED, ids=[" ".join(c[0]) for c in PRINTED])
def test_printed(paused, command, output):
    assert paused.out("tools", *command) == output


def test_the_resolver_file():
    machine = Machine()
    text = b"search a.example b.example\nnameserver 10.96.0.10\n"
    machine.start(AGNHOST, pod="tools", files={"/etc/resolv.conf": FileContent(text)})
    assert machine.out("tools", "/agnhost", "dns-suffix") == "a.example,b.example\n"
    assert machine.out("tools", "/agnhost", "dns-server-list") == "10.96.0.10\n"


MOUNTED = [
    ("a memory volume is a tmpfs", ["--fs_type=/v"], 'mount type of "/v": tmpfs\n'),
    ("a folder's mode", ["--file_mode=/v"], 'mode of file "/v": dtrwxrwxrwx\n'),
    ("permissions only", ["--file_perm=/v"], 'perms of file "/v": -rwxrwxrwx\n'),
    (
        "a new file",
        ["--new_file_0660=/v/a", "--file_perm=/v/a"],
        'content of file "/v/a": mount-tester new file\n\nperms of file "/v/a": -rw-rw----\n',
    ),
    ("who owns it", ["--file_owner", "/v"], 'owner UID of "/v": 0\nowner GID of "/v": 0\n'),
    (
        "a loop that finds what it expects",
        ["--new_file_0644=/v/b", "--file_content_in_loop=/v/b"],
        'content of file "/v/b": mount-tester new file\n\n' * 2,
    ),
]


@pytest.mark.parametrize(
    ("flags", "output"), [case[1:] for case in MOUNTED], ids=[case[0] for case in MOUNTED]
)
def test_mounttest(flags, output):
    machine = Machine()
    machine.kernel.add_empty_directory("v", mode=0o1777, is_memory=True)
    machine.start(AGNHOST, pod="tools", mounts=(MountSpec("/v", "v"),))
    assert machine.out("tools", "/agnhost", "mounttest", *flags) == output


def test_mounttest_fails_when_there_is_nothing(paused):
    assert paused.call("tools", "/agnhost", "mounttest", "--file_content=/none") == (
        'error reading file content for "/none": open /none: no such file or directory\n',
        "",
        1,
    )


def test_mounttest_looks_until_the_content_is_there():
    machine = Machine()
    machine.kernel.add_empty_directory("v")
    mounts = (MountSpec("/v", "v"),)
    machine.start(
        AGNHOST, "mounttest", "--file_content_in_loop=/v/a", "--retry_time=60", mounts=mounts
    )
    machine.run(4_000)
    assert machine.exits == []
    machine.start(
        "busybox", command=("sh", "-c", "echo mount-tester new file > /v/a"), id="w", mounts=mounts
    )
    machine.run(2_000)
    assert ("web", 0) in machine.exits
    assert machine.log("web")[0].endswith("no such file or directory, retrying")


MODES = [
    (FileStatus("file", 0o644, 0, 0, 0, 0, 1, 1), "-rw-r--r--"),
    (FileStatus("directory", 0o2775, 0, 0, 0, 0, 1, 1), "dgrwxrwxr-x"),
    (FileStatus("symlink", 0o777, 0, 0, 0, 0, 1, 1), "Lrwxrwxrwx"),
    (FileStatus("file", 0o4755, 0, 0, 0, 0, 1, 1), "urwxr-xr-x"),
]


@pytest.mark.parametrize(("status", "text"), MODES, ids=[case[1] for case in MODES])
def test_modes(status, text):
    assert mode_text(status) == text


NETEXEC = [
    ("/hostname", 200, "web"),
    ("/hostName", 200, "web"),
    ("/serverport", 200, "8080"),
    ("/clientip", 200, "%(node)s:40000"),
    ("/echo?msg=hi%20there", 200, "hi there"),
    ("/echo?msg=x&code=418", 418, "x"),
    ("/echo?code=a", 200, "argument 'code' must be an integer or empty, got \"a\"\n"),
    ("/envvar?var=COLOR", 200, "red"),
    ("/envvar?var=NONE", 500, 'env var "NONE" is not set\n'),
    ("/envvar", 400, "'var' query parameter is required\n"),
    ("/healthz", 200, ""),
    ("/readyz", 200, "ok"),
    ("/header?key=X-A", 200, "b"),
    ("/dial?host=%(ip)s&port=8080&request=hostname", 200, '{"responses":["web"]}'),
    ("/dial?host=%(ip)s&port=8080&request=hostname&tries=2", 200, '{"responses":["web","web"]}'),
    ("/dial?host=%(ip)s&port=8081&request=hostname&protocol=udp", 200, '{"responses":["web"]}'),
    ("/dial?host=%(ip)s&port=9&request=x", 200, '{"errors":["%(ip)s:9: connection refused"]}'),
    ("/dial?host=%(ip)s&port=8080", 400, "request parameter not specified. <nil>\n"),
]


@pytest.mark.parametrize(("path", "status", "text"), NETEXEC, ids=[case[0] for case in NETEXEC])
def test_netexec(netexec, path, status, text):
    facts = {"ip": netexec.ip, "node": netexec.node_ip}
    reply = netexec.get(netexec.ip, path % facts if "%(" in path else path, 8080, x_a="b")
    assert reply.status == status
    assert reply.body.decode() == (text % facts if "%(" in text else text)


def test_netexec_redirects(netexec):
    reply = netexec.get(netexec.ip, "/redirect?location=/echo%3Fmsg=foobar&code=307", 8080)
    assert (reply.status, reply.headers["Location"]) == (307, "/echo?msg=foobar")


def test_netexec_keeps_an_upload(netexec):
    head = b'Content-Disposition: form-data; name="file"; filename="f"'
    body = b"--b\r\n" + head + b"\r\n\r\nhello\r\n--b--\r\n"
    reply = netexec.get(
        netexec.ip, "/upload", 8080, "POST", body, content_type="multipart/form-data; boundary=b"
    )
    assert reply.status == 201
    assert netexec.out("web", "cat", json.loads(reply.body)["output"]) == "hello"


def test_netexec_ends_when_it_is_asked_to():
    machine = Machine()
    ip = machine.start(AGNHOST, "netexec", "--http-port=80")
    assert machine.get(ip, "/exit?code=7&wait=2s").status == 200
    assert machine.exits == []
    machine.run(2_000)
    assert machine.exits == [("web", 7)]


def test_netexec_is_not_ready_while_it_shuts_down():
    machine = Machine()
    ip = machine.start(AGNHOST, "netexec", "--delay-shutdown", "5")
    machine.kernel.stop_container("web", 30_000)
    machine.run(1_000)
    assert machine.get(ip, "/readyz", 8080).status == 503
    assert machine.get(ip, "/healthz", 8080).status == 200
    machine.run(4_000)
    assert machine.exits == [("web", 0)]


def test_netexec_answers_only_what_it_is_told_to():
    machine = Machine()
    ip = machine.start(AGNHOST, "netexec", "--http-override=/echo?msg=always")
    assert machine.get(ip, "/hostname", 8080).body == b"always"


def test_a_guestbook_of_three_pods():
    machine = Machine()
    primary = machine.start(AGNHOST, "guestbook", "--http-port", "6379", pod="primary")
    replica = machine.start(
        AGNHOST, "guestbook", "--replicaof", primary, "--http-port", "6379", pod="replica"
    )
    assert machine.get(primary, "/set?key=a&value=b", 6379).body == b'{"message":"Updated"}'
    assert machine.get(replica, "/get?key=a", 6379).body == b'{"data":"b"}'
    assert machine.get(replica, "/get", 6379).body == b'{"data":{"a":"b"}}'


def test_a_guestbook_without_its_primary_gives_up():
    machine = Machine()
    machine.start(AGNHOST, "guestbook", "--replicaof", "10.244.0.99")
    machine.run(16_000)
    assert machine.exits == [("web", 1)]


def test_serve_hostname_lingers():
    machine = Machine()
    ip = machine.start(AGNHOST, "serve-hostname")
    assert machine.get(ip, port=9376).body == b"web"
    machine.kernel.stop_container("web", 90_000)
    machine.run(59_999)
    assert machine.exits == []
    machine.run(1)
    assert machine.exits == [("web", 0)]


def test_porter_serves_what_its_environment_says():
    machine = Machine()
    ip = machine.start(
        AGNHOST,
        "porter",
        "--json-response",
        env={"SERVE_PORT_80": "foo", "SERVE_TLS_PORT_443": "bar"},
    )
    assert json.loads(machine.get(ip).body) == {"Method": "GET", "Body": "foo"}
    assert json.loads(machine.get(ip, port=443, method="POST").body)["Body"] == "bar"


def test_health_over_grpc():
    machine = Machine()
    ip = machine.start(AGNHOST, "grpc-health-checking", "--delay-unhealthy-sec=5")

    def status(**headers):
        path = "/grpc.health.v1.Health/Check"
        return machine.get(ip, path, 5000, "POST", **headers).headers["grpc-status"]

    assert (status(), status(grpc_service="other")) == ("0", "5")
    machine.get(ip, "/make-not-serving", 8080)
    assert status() == "14"
    machine.get(ip, "/make-serving", 8080)
    assert status() == "0"
    machine.run(5_000)
    assert status() == "14"


def test_logs_come_evenly():
    machine = Machine()
    machine.start(AGNHOST, "logs-generator", "--log-lines-total", "10", "--run-duration", "5s")
    machine.run(2_400)
    assert len(machine.log("web")) == 5
    machine.run(2_600)
    assert len(machine.log("web")) == 10
    assert machine.exits == [("web", 0)]
    assert "logs_generator.go:76] 9 " in machine.log("web")[-1]


def test_connect_tells_in_one_word(paused):
    def connect(place, *flags):
        return paused.call("tools", "/agnhost", "connect", place, *flags, milliseconds=3_000)

    ip = paused.kernel.find("tools")[0].ip
    assert connect(f"{ip}:9") == ("", "REFUSED\n", 1)
    assert connect("10.244.9.9:80", "--timeout=3s") == ("", "TIMEOUT\n", 1)
    assert connect("nosuch.example:80")[1].startswith("DNS: ")
    assert connect("nowhere")[1].startswith("UNKNOWN: ")


@pytest.mark.parametrize("name", ["kitten", "nautilus"])
def test_the_pictures_of_the_update_demo(name):
    machine = Machine()
    ip = machine.start(f"registry.k8s.io/e2e-test-images/{name}:1.8")
    assert json.loads(machine.get(ip, "/data.json").body) == {"image": f"{name}.jpg"}


def test_flags():
    flags = Flags(["--a=1", "--b", "x", "--on", "word", "--", "--rest"], ("on",))
    assert flags.number("a", 0) == 1
    assert flags.text("b") == "x"
    assert flags.switch("on")
    assert flags.words == ["word", "--rest"]


DURATIONS = [("1s", 1000), ("1m30s", 90_000), ("250ms", 250), ("0", 0), ("x", None), ("5", None)]


@pytest.mark.parametrize(("text", "value"), DURATIONS)
def test_durations(text, value):
    assert duration_ms(text) == value
