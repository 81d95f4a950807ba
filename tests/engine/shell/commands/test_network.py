"""curl, wget, nc, ping, nslookup and dig in a cluster's network."""

import pytest

from tests.engine.shell.commands.network import Network


@pytest.fixture(scope="module")
def busybox():
    return Network()


@pytest.fixture(scope="module")
def toolbox():
    return Network("nicolaka/netshoot")


@pytest.mark.parametrize(
    ("command", "output", "errors", "code"),
    [
        pytest.param(
            "wget -qO- http://web/nope",
            "",
            "wget: server returned error: HTTP/1.1 404 Not Found\n",
            1,
            id="wget of a page that is not there",
        ),
        pytest.param(
            "cd /tmp; wget web && wc -c < index.html",
            "615\n",
            "Connecting to web (10.96.0.50:80)\nsaving to 'index.html'\n"
            f"index.html           100% |{'*' * 32}|   615  0:00:00 ETA\n'index.html' saved\n",
            0,
            id="wget into a file",
        ),
        pytest.param(
            "cd /tmp; touch index.html; wget -q web",
            "",
            "wget: can't open 'index.html': File exists\n",
            1,
            id="wget does not overwrite",
        ),
        pytest.param(
            "wget nosuch", "", "wget: bad address 'nosuch'\n", 1, id="wget of no such host"
        ),
        pytest.param(
            "wget IP:81",
            "",
            "Connecting to IP:81 (IP:81)\n"
            "wget: can't connect to remote host (IP): Connection refused\n",
            1,
            id="wget of a closed port",
        ),
        pytest.param(
            "nslookup web",
            "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n"
            "Name:\tweb.default.svc.cluster.local\nAddress: 10.96.0.50\n\n",
            "",
            0,
            id="nslookup of a service",
        ),
        pytest.param(
            "nslookup nosuch. | tail -2",
            "** server can't find nosuch: NXDOMAIN\n\n",
            "",
            0,
            id="nslookup of no such name",
        ),
        pytest.param(
            "ping -c2 -q IP",
            "PING IP (IP): 56 data bytes\n\n--- IP ping statistics ---\n"
            "2 packets transmitted, 2 packets received, 0% packet loss\n"
            "round-trip min/avg/max = ",
            "",
            0,
            id="ping of a pod",
        ),
        pytest.param(
            "ping -c1 -W1 web",
            "PING web (10.96.0.50): 56 data bytes\n\n--- web ping statistics ---\n"
            "1 packets transmitted, 0 packets received, 100% packet loss\n",
            "",
            1,
            id="ping of a service address",
        ),
        pytest.param("nc -zv web 80", "", "web (10.96.0.50:80) open\n", 0, id="nc -z"),
        pytest.param(
            "nc -z IP 81",
            "",
            "nc: can't connect to remote host (IP): Connection refused\n",
            1,
            id="nc -z of a closed port",
        ),
        pytest.param(
            r"printf 'GET /nope HTTP/1.0\r\n\r\n' | nc web 80 | head -n1",
            "HTTP/1.1 404 Not Found\r\n",
            "",
            0,
            id="HTTP by hand",
        ),
        pytest.param(
            "wget -T 2 -qO- 10.244.0.99",
            "",
            "wget: download timed out\n",
            1,
            id="wget of nobody",
        ),
    ],
)
def test_busybox(busybox, command, output, errors, code):
    ip = busybox.web_ip
    found = busybox.sh(command.replace("IP", ip), milliseconds=5_000)
    assert found[0].startswith(output.replace("IP", ip)) and (output or not found[0])
    assert found[1:] == (errors.replace("IP", ip), code)


@pytest.mark.parametrize(
    ("command", "output", "errors", "code"),
    [
        pytest.param("curl -s web | head -n1", "<!DOCTYPE html>\n", "", 0, id="silently"),
        pytest.param(
            "curl -s -o /dev/null -w '%{http_code} %{content_type}\\n' web",
            "200 text/html\n",
            "",
            0,
            id="only the facts",
        ),
        pytest.param("curl -sI web/nope | head -n1", "HTTP/1.1 404 Not Found\r\n", "", 0, id="-I"),
        pytest.param(
            "curl -sS -f web/nope",
            "",
            "curl: (22) The requested URL returned error: 404\n",
            22,
            id="fail on errors",
        ),
        pytest.param(
            "curl -sS nosuch", "", "curl: (6) Could not resolve host: nosuch\n", 6, id="no host"
        ),
        pytest.param(
            "curl -sS IP:81",
            "",
            "curl: (7) Failed to connect to IP port 81 after 0 ms: Couldn't connect to server\n",
            7,
            id="a closed port",
        ),
        pytest.param(
            "curl -sS -m 2 10.244.0.99",
            "",
            "curl: (28) Connection timed out after 2001 milliseconds\n",
            28,
            id="a limit in time",
        ),
        pytest.param(
            "curl --connect-timeout 2 -sS 10.244.0.99",
            "",
            "curl: (28) Failed to connect to 10.244.0.99 port 80 after 2001 ms: "
            "Timeout was reached\n",
            28,
            id="a limit for connecting",
        ),
        pytest.param(
            "curl -s -X DELETE -d a=1 -H 'X-A: b' -v web 2>&1 | grep '^>'",
            "> DELETE / HTTP/1.1\n> Host: web\n> User-Agent: curl/7.88.1\n> Accept: */*\n"
            "> Content-Length: 3\n> Content-Type: application/x-www-form-urlencoded\n"
            "> X-A: b\n> \n",
            "",
            0,
            id="what is sent",
        ),
        pytest.param("dig +short +search web", "10.96.0.50\n", "", 0, id="dig"),
        pytest.param(
            "dig +noall +answer web.default.svc.cluster.local",
            "web.default.svc.cluster.local. 30\tIN\tA\t10.96.0.50\n",
            "",
            0,
            id="dig's answer",
        ),
        pytest.param(
            "getent hosts web",
            "10.96.0.50      web.default.svc.cluster.local\n",
            "",
            0,
            id="getent",
        ),
    ],
)
def test_curl_and_dig(toolbox, command, output, errors, code):
    ip = toolbox.web_ip
    found = toolbox.sh(command.replace("IP", ip), milliseconds=5_000)
    assert found == (output, errors.replace("IP", ip), code)


def test_waiting_takes_the_time_of_the_cluster():
    network = Network("nicolaka/netshoot")
    out, errors, code = network.sh("curl -sS 10.244.0.99", milliseconds=129_000)
    assert (out, errors, code) == ("", "", None)
    out, errors, code = network.sh("curl -sS 10.244.0.99", milliseconds=130_000)
    assert "after 129872 ms: Timeout was reached" in errors
    assert code == 28


def test_a_web_server_that_is_gone_is_asked_again():
    network = Network("nicolaka/netshoot")
    command = "curl -sS --retry 2 --retry-connrefused IP:8080".replace("IP", network.web_ip)
    _, errors, code = network.sh(command, milliseconds=5_000)
    assert errors.count("Will retry") == 2
    assert code == 7
