"""The small servers and tools of examples, in their containers."""

import pytest

from cluster_engine.images.servers.interpreters import pi
from tests.engine.images.machine import Machine
from tests.engine.runtime.bench import Client

ANSWERS = [
    (
        "gcr.io/google-samples/hello-app:1.0",
        8080,
        "/",
        "Hello, world!\nVersion: 1.0.0\nHostname: web\n",
    ),
    (
        "gcr.io/google-samples/hello-app:2.0",
        8080,
        "/",
        "Hello, world!\nVersion: 2.0.0\nHostname: web\n",
    ),
    (
        "gcr.io/google-samples/kubernetes-bootcamp:v1",
        8080,
        "/",
        "Hello Kubernetes bootcamp! | Running on: web | v=1\n",
    ),
    (
        "gcr.io/google-samples/kubernetes-bootcamp:v2",
        8080,
        "/",
        "Hello Kubernetes bootcamp! | Running on: web | v=2\n",
    ),
    ("gcr.io/google-samples/node-hello:1.0", 8080, "/", "Hello Kubernetes!"),
    ("registry.k8s.io/hpa-example", 80, "/", "OK!"),
    ("httpd", 80, "/", "<html><body><h1>It works!</h1></body></html>\n"),
    ("myorg/shop:v2", 8080, "/cart", "web answers GET /cart\n"),
    ("k8s.gcr.io/test-webserver", 80, "/etc/passwd", "root:x:0:0:root:/root:/sbin/nologin\n"),
]


@pytest.mark.parametrize(
    ("image", "port", "path", "text"), ANSWERS, ids=[case[0] for case in ANSWERS]
)
def test_answers(image, port, path, text):
    machine = Machine()
    reply = machine.get(machine.start(image), path, port)
    assert (reply.status, reply.body.decode()) == (200, text)


def test_http_echo_says_what_it_was_told():
    machine = Machine()
    ip = machine.start("hashicorp/http-echo:1.0", "-text=hello", "-listen=:8080")
    assert machine.get(ip, port=8080).body == b"hello\n"
    machine.start("hashicorp/http-echo", pod="silent")
    assert machine.exits == [("silent", 127)]
    assert machine.log("silent") == ["Missing -text option!"]


def test_whoami_tells_who_and_what():
    machine = Machine()
    ip = machine.start("traefik/whoami", "--name", "me")
    lines = machine.get(ip, "/x?y", x_a="b").body.decode().split("\n")
    assert lines[:2] == ["Name: me", "Hostname: web"]
    assert "GET /x?y HTTP/1.1" in lines
    assert "X-A: b" in lines


def test_echoserver_repeats_the_request():
    machine = Machine()
    ip = machine.start("registry.k8s.io/echoserver:1.10")
    text = machine.get(ip, "/a", 8080, "POST", b"some words").body.decode()
    assert "Hostname: web" in text
    assert "method=POST" in text
    assert "some words" in text


def test_the_test_webserver_lists_its_root():
    machine = Machine()
    ip = machine.start("registry.k8s.io/test-webserver")
    assert '<a href="test-webserver">test-webserver</a>' in machine.get(ip).body.decode()
    assert machine.get(ip, "/none").status == 404
    assert machine.get(ip, "/../etc").status == 400


def test_an_image_without_a_shell_has_none():
    machine = Machine()
    machine.start("registry.k8s.io/test-webserver")
    client = Client(machine, machine.kernel.exec("web", ["sh"]))
    client.read()
    message = client.status["message"]
    assert message.endswith('exec: "sh": executable file not found in $PATH')


def test_liveness_is_well_for_ten_seconds():
    machine = Machine()
    ip = machine.start("registry.k8s.io/liveness")
    assert machine.get(ip, "/healthz", 8080).status == 200
    machine.run(10_001)
    assert machine.get(ip, "/healthz", 8080).status == 500


def test_apache_starts_lists_and_ends():
    machine = Machine()
    ip = machine.start("httpd:2.4")
    assert machine.log("web")[-1].endswith("AH00094: Command line: 'httpd -D FOREGROUND'")
    machine.out("web", "sh", "-c", "cd htdocs && mkdir d && echo 1 > d/one && rm index.html")
    assert '<li><a href="d/"> d/</a></li>' in machine.get(ip).body.decode()
    assert machine.get(ip, "/d").headers["Location"] == f"http://{ip}/d/"
    assert machine.get(ip, "/none").status == 404
    line = machine.log("web")[-1]
    assert (
        line == f'{machine.node_ip} - - [21/Sep/2026:14:13:20 +0000] "GET /none HTTP/1.1" 404 196'
    )
    machine.kernel.stop_container("web", 30_000, 28)
    machine.run()
    assert machine.exits == [("web", 0)]
    assert "caught SIGWINCH, shutting down gracefully" in machine.log("web")[-1]


def test_a_port_in_the_configuration_of_apache():
    machine = Machine()
    machine.start("httpd", command=("sleep", "99"))
    edit = "sed -i 's/^Listen 80/Listen 8080/' conf/httpd.conf; exec httpd-foreground"
    machine.start("httpd", command=("sh", "-c", edit), id="other")
    assert machine.get(machine.kernel.find("web")[0].ip, port=8080).status == 200


def test_hello_world_ends():
    machine = Machine()
    machine.start("hello-world")
    assert machine.exits == [("web", 0)]
    assert "Hello from Docker!" in machine.log("web")


def test_pause_ends_on_sigterm():
    machine = Machine()
    machine.start("registry.k8s.io/pause:3.10")
    machine.kernel.stop_container("web", 30_000)
    machine.run()
    assert machine.exits == [("web", 0)]
    assert machine.log("web") == ["Shutting down, got signal: Terminated"]


def test_stress_takes_memory_until_it_is_killed():
    machine = Machine()
    machine.start(
        "polinux/stress",
        "--vm",
        "1",
        "--vm-bytes",
        "250M",
        "--vm-hang",
        "1",
        memory_limit_bytes=100 * 2**20,
    )
    assert machine.listener.exits == [("web", 137, "OOMKilled")]


def test_stress_within_its_limit():
    machine = Machine()
    machine.start(
        "polinux/stress",
        "--vm",
        "1",
        "--vm-bytes",
        "150M",
        "--cpu",
        "2",
        "-t",
        "10s",
        memory_limit_bytes=200 * 2**20,
    )
    assert machine.kernel.usage("web")[1] >= 150 * 2**20
    assert machine.log("web")[0].endswith("dispatching hogs: 2 cpu, 0 io, 1 vm, 0 hdd")
    machine.run(10_000)
    assert machine.exits == [("web", 0)]


def test_busy_processors():
    machine = Machine()
    machine.start("vish/stress", "-cpus", "2", cpu_limit_milli=1000)
    assert machine.kernel.usage("web")[0] == 1000


@pytest.mark.parametrize(
    ("image", "command", "output"),
    [
        ("python:3.12", ("python3", "--version"), "Python 3.12.12\n"),
        ("python:3.12", ("python", "-V"), "Python 3.12.12\n"),
        ("node:22", ("node", "-v"), "v22.21.1\n"),
    ],
)
def test_interpreters_say_their_versions(image, command, output):
    machine = Machine()
    machine.start(image, command=("sleep", "99"))
    assert machine.out("web", *command) == output


def test_an_interpreter_without_input_ends():
    machine = Machine()
    machine.start("python:3.12")
    assert machine.exits == [("web", 0)]


def test_python_serves_a_folder():
    machine = Machine()
    ip = machine.start(
        "python:3", command=("python3", "-m", "http.server", "8080"), working_dir="/etc"
    )
    assert '<a href="passwd">passwd</a>' in machine.get(ip, port=8080).body.decode()
    assert machine.get(ip, "/hostname", 8080).status == 200


def test_the_job_of_the_documentation_computes_pi():
    machine = Machine()
    machine.start("perl:5.34.0", command=("perl", "-Mbignum=bpi", "-wle", "print bpi(50)"))
    assert machine.exits == [("web", 0)]
    assert machine.log("web") == ["3.1415926535897932384626433832795028841971693993751"]


def test_pi_of_any_length():
    assert pi(2) == "3.1"
    assert pi(5) == "3.1416"
    assert pi(1001)[-10:] == "2164201989"


def test_curl_is_the_default_of_its_image():
    machine = Machine()
    ip = machine.start("nginx", pod="server")
    machine.start("curlimages/curl", "-s", f"http://{ip}/")
    assert machine.log("web")[0] == "<!DOCTYPE html>"
    machine.start("curlimages/curl", "sleep", "100", pod="shell")
    assert machine.out("shell", "id", "-un") == "curl_user\n"


def test_gosu_changes_the_user():
    machine = Machine()
    machine.start("redis", command=("sleep", "99"))
    assert machine.out("web", "gosu", "redis", "id", "-u") == "999\n"
    assert machine.call("web", "gosu", "nobody-there", "id")[2] == 1


def test_the_page_of_the_autoscaling_tutorial_costs_the_processor():
    machine = Machine()
    ip = machine.start("registry.k8s.io/hpa-example")
    machine.run(16_000)
    idle, _ = machine.kernel.usage("web")
    for _ in range(100):
        machine.run(40)
        machine.get(ip)
    busy, _ = machine.kernel.usage("web")
    assert (idle, 350 < busy < 400) == (1, True)
    machine.run(60_000)
    machine.kernel.usage("web")
    machine.run(15_000)
    assert machine.kernel.usage("web")[0] == idle


def test_copies_serve_on():
    machine = Machine()
    ip = machine.start("gcr.io/google-samples/hello-app:1.0")
    assert machine.copy().get(ip, port=8080).status == 200
