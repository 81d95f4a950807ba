"""nginx in a container: how it starts, what its configuration makes of requests, how it ends."""

import pytest

from cluster_engine.images.servers.nginx.directives import check
from cluster_engine.images.servers.nginx.patterns import TooComplex, compile_pattern
from cluster_engine.images.servers.nginx.syntax import ConfigurationError, parse
from cluster_engine.runtime.container import MountSpec
from tests.engine.images.machine import Machine

SITE = "/etc/nginx/conf.d/default.conf"
CONFIGURATION = r"""
upstream back { server 127.0.0.1:8080; }
log_format short '$remote_addr $status $request_uri';
map $arg_kind $answer { default none; a first; ~^b second; }
server {
  listen 80 default_server;
  server_name _;
  access_log /dev/stdout short;
  root /usr/share/nginx/html;
  location / { try_files $uri $uri/ =404; }
  location /app/ { try_files $uri /index.html; }
  location /api/ { proxy_pass http://back/; proxy_set_header X-Real-IP $remote_addr; }
  location /whole/ { proxy_pass http://back; }
  location /nobody { proxy_pass http://127.0.0.1:9; }
  location = /ok { default_type text/plain; return 200 "ok $host\n"; }
  location /old { return 301 /new; }
  location ~ ^/user/(\d+)$ { return 200 "user $1"; }
  location ~* \.PHP$ { return 403; }
  location ^~ /static/ { return 200 static; }
  location /files/ { alias /etc/nginx/; autoindex on; }
  location /deny { deny all; }
  location /status { stub_status; }
  location /rewritten { rewrite ^/rewritten/(.*)$ /user/$1 last; }
  location /map { return 200 $answer; }
  location /if { if ($request_method = POST) { return 405; } return 200 get; }
  location /secret {
    auth_basic "Area";
    auth_basic_user_file /etc/users;
    alias /etc/nginx/mime.types;
  }
  location /broken { return 500; }
  error_page 500 502 /50x.html;
  add_header X-Served-By $hostname;
}
server { listen 80; server_name other.example *.wild.example; return 200 other; }
server { listen 8080; location / { return 200 "back $uri $http_x_real_ip $args"; } }
"""


@pytest.fixture
def machine():
    machine = Machine()
    machine.ip = machine.start("nginx:1.27")
    return machine


@pytest.fixture(scope="module")
def configured():
    machine = Machine()
    machine.ip = machine.start("nginx")
    machine.write("web", SITE, CONFIGURATION)
    machine.out("web", "nginx", "-s", "reload")
    return machine


def test_it_says_what_people_know_when_it_starts(machine):
    lines = machine.log("web")
    assert lines[0] == (
        "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform "
        "configuration"
    )
    assert lines[8] == "/docker-entrypoint.sh: Configuration complete; ready for start up"
    assert [line.partition(": ")[2] for line in lines[9:]] == [
        'using the "epoll" event method',
        "nginx/1.27.5",
        "built by gcc 14.2.0 (Debian 14.2.0-19) ",
        "OS: Linux 6.12.41",
        "getrlimit(RLIMIT_NOFILE): 1048576:1048576",
        "start worker processes",
        "start worker process 29",
        "start worker process 30",
    ]


def test_an_old_one_says_nothing():
    machine = Machine()
    machine.start("nginx:1.14.2")
    assert machine.log("web") == []


def test_the_welcome_page_and_its_log_line(machine):
    reply = machine.get(machine.ip, user_agent="curl/8.5.0")
    assert reply.status == 200
    assert b"<h1>Welcome to nginx!</h1>" in reply.body
    assert reply.headers["Server"] == "nginx/1.27.5"
    assert reply.headers["Content-Type"] == "text/html"
    assert machine.log("web")[-1] == (
        f'{machine.node_ip} - - [21/Sep/2026:14:13:20 +0000] "GET / HTTP/1.1" 200 615 "-" '
        '"curl/8.5.0" "-"'
    )


def test_a_page_put_into_the_container_is_served(machine):
    machine.write("web", "/usr/share/nginx/html/index.html", "mine\n")
    assert machine.get(machine.ip).body == b"mine\n"


def test_an_unchanged_page_is_not_sent_again(machine):
    tag = machine.get(machine.ip).headers["ETag"]
    assert machine.get(machine.ip, if_none_match=tag).status == 304


def test_a_missing_page_is_told_in_the_error_log(machine):
    assert machine.get(machine.ip, "/nope").status == 404
    assert (
        '[error] 29#29: *1 open() "/usr/share/nginx/html/nope" failed '
        "(2: No such file or directory), client: " in machine.log("web")[-2]
    )


def test_logs_go_to_files_when_a_volume_hides_the_links():
    machine = Machine()
    machine.kernel.add_empty_directory("logs")
    ip = machine.start("nginx", mounts=(MountSpec("/var/log/nginx", "logs"),))
    machine.get(ip)
    assert '"GET / HTTP/1.1" 200 615' in machine.out("web", "cat", "/var/log/nginx/access.log")
    assert "start worker processes" in machine.out("web", "cat", "/var/log/nginx/error.log")


@pytest.mark.parametrize(
    ("number", "first"),
    [
        (3, "signal 3 (SIGQUIT) received, shutting down"),
        (15, "signal 15 (SIGTERM) received, exiting"),
    ],
)
def test_it_ends_in_order(machine, number, first):
    before = len(machine.log("web"))
    machine.kernel.stop_container("web", 30_000, number)
    machine.run()
    assert machine.exits == [("web", 0)]
    assert machine.log("web")[before].partition(": ")[2] == first
    assert machine.log("web")[-1].endswith("[notice] 1#1: exit")


ANSWERS = [
    ("a file that is there", "/index.html", 200, b"<!DOCTYPE html>"),
    ("a folder with an index", "/", 200, b"<!DOCTYPE html>"),
    ("try_files ends with a status", "/nope", 404, b"<html>"),
    ("try_files falls back to a page", "/app/route", 200, b"<!DOCTYPE html>"),
    ("a proxy with a path replaces its own", "/api/x?y=1", 200, b"back /x %(node)s y=1"),
    ("a proxy without a path keeps it", "/whole/x", 200, b"back /whole/x  "),
    ("a proxy to nobody gives the page for it", "/nobody", 502, b"<!DOCTYPE html>"),
    ("an exact location", "/ok", 200, b"ok %(ip)s\n"),
    ("a redirect", "/old", 301, b"<html>"),
    ("an expression with a group", "/user/12", 200, b"user 12"),
    ("an expression without case", "/x.php", 403, b"<html>"),
    ("a prefix that excludes expressions", "/static/x.php", 200, b"static"),
    ("a listing", "/files/", 200, b"<html>\r\n<head><title>Index of /files/"),
    ("an alias", "/files/nginx.conf", 200, b"\nuser  nginx;"),
    ("access denied", "/deny", 403, b"<html>"),
    ("the status page", "/status", 200, b"Active connections: 1"),
    ("a rewritten path", "/rewritten/7", 200, b"user 7"),
    ("a map by value", "/map?kind=a", 200, b"first"),
    ("a map by expression", "/map?kind=bb", 200, b"second"),
    ("a map's default", "/map", 200, b"none"),
    ("an if that does not hold", "/if", 200, b"get"),
    ("a user is wanted", "/secret", 401, b"<html>"),
    ("an error page keeps the status", "/broken", 500, b"<!DOCTYPE html>"),
    ("a path out of the root", "/../../etc/passwd", 400, b"<html>"),
    ("an encoded path out of the root", "/%2e%2e/etc/passwd", 400, b"<html>"),
]


@pytest.mark.parametrize(
    ("path", "status", "start"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_answers(configured, path, status, start):
    reply = configured.get(configured.ip, path)
    assert reply.status == status
    facts = {b"node": configured.node_ip.encode(), b"ip": configured.ip.encode()}
    assert reply.body.startswith(start % facts if b"%(" in start else start)


def test_redirects_name_the_host(configured):
    reply = configured.get(configured.ip, "/old", host="shop.example")
    assert reply.headers["Location"] == "http://shop.example/new"


def test_servers_are_chosen_by_name(configured):
    for host in ("other.example", "a.wild.example", "Other.Example:80"):
        assert configured.get(configured.ip, "/", host=host).body == b"other"
    assert configured.get(configured.ip, "/", host="else.example").status == 200


def test_headers_are_added_to_good_answers_only(configured):
    assert configured.get(configured.ip, "/ok").headers["X-Served-By"] == "web"
    assert "X-Served-By" not in configured.get(configured.ip, "/deny").headers


def test_a_log_format_of_ones_own(configured):
    configured.get(configured.ip, "/ok")
    assert configured.log("web")[-1] == f"{configured.node_ip} 200 /ok"


def test_a_known_user_may_enter(configured):
    configured.write("web", "/etc/users", "ann:{PLAIN}word\n")
    given = {"known": "Basic YW5uOndvcmQ=", "unknown": "Basic YW5uOm5v", "garbage": "Basic !"}
    statuses = {
        name: configured.get(configured.ip, "/secret", authorization=text).status
        for name, text in given.items()
    }
    assert statuses == {"known": 200, "unknown": 401, "garbage": 401}


def test_posts_to_files_are_not_allowed(configured):
    assert configured.get(configured.ip, "/index.html", method="POST").status == 405


def test_why_a_proxy_failed_is_in_the_error_log(configured):
    configured.get(configured.ip, "/nobody")
    line = next(line for line in reversed(configured.log("web")) if "[error]" in line)
    assert "connect() failed (111: Connection refused) while connecting to upstream" in line
    assert 'upstream: "http://127.0.0.1:9/nobody"' in line


REFUSED = [
    ("server {\n listen 80;\n foo bar;\n}", f'unknown directive "foo" in {SITE}:3'),
    (
        "server {\n listen 80\n location / {}\n}",
        f'directive "listen" is not terminated by ";" in {SITE}:3',
    ),
    (
        "server { location / { root /x; }",
        f'unexpected end of file, expecting ";" or "}}" in {SITE}:1',
    ),
    ("server { }\n}", f'unexpected "}}" in {SITE}:2'),
    ("server;", f'directive "server" has no opening "{{" in {SITE}:1'),
    ("server { listen; }", f'invalid number of arguments in "listen" directive in {SITE}:1'),
    (
        "server { worker_processes 1; }",
        f'"worker_processes" directive is not allowed here in {SITE}:1',
    ),
    (
        "server { location / { proxy_pass http://nosuch; } }",
        f'host not found in upstream "nosuch" in {SITE}:1',
    ),
    ("server { location / { proxy_pass back; } }", f"invalid URL prefix in {SITE}:1"),
    ("upstream a { }", f"no servers are inside upstream in {SITE}:1"),
    ("server { listen 99999; }", f'invalid port in "99999" of the "listen" directive in {SITE}:1'),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=[case[1] for case in REFUSED])
def test_a_bad_configuration_is_told(machine, text, why):
    machine.write("web", SITE, text)
    _, errors, code = machine.call("web", "nginx", "-t")
    assert code == 1
    assert f"nginx: [emerg] {why}\n" in errors
    assert errors.endswith("nginx: configuration file /etc/nginx/nginx.conf test failed\n")


def test_a_bad_configuration_keeps_it_from_starting():
    machine = Machine()
    machine.kernel.add_empty_directory("conf")
    mounts = (MountSpec("/etc/nginx/conf.d", "conf"),)
    machine.start("busybox", command=("sleep", "99"), id="writer", mounts=mounts)
    machine.write("writer", "/etc/nginx/conf.d/a.conf", "server { foo; }")
    machine.start("nginx", mounts=mounts)
    assert machine.exits == [("web", 1)]
    assert machine.log("web")[-1] == (
        'nginx: [emerg] unknown directive "foo" in /etc/nginx/conf.d/a.conf:1'
    )


def test_a_bad_configuration_is_not_taken_by_a_running_one(machine):
    machine.write("web", SITE, "server { foo; }")
    machine.call("web", "nginx", "-s", "reload")
    assert machine.log("web")[-1].endswith(f'[emerg] 1#1: unknown directive "foo" in {SITE}:1')
    assert machine.get(machine.ip).status == 200


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"is_read_only_root": True}, "(30: Read-only file system)"),
        ({"uid": 1000, "gid": 1000}, "(13: Permission denied)"),
    ],
)
def test_it_needs_to_write(facts, why):
    machine = Machine()
    machine.start("nginx", **facts)
    assert machine.exits == [("web", 1)]
    path = '"/var/cache/nginx/client_temp"'
    assert machine.log("web")[-1] == f"nginx: [emerg] mkdir() {path} failed {why}"


def test_the_unprivileged_one_needs_no_root():
    machine = Machine()
    ip = machine.start("nginxinc/nginx-unprivileged:1.27")
    assert machine.get(ip, port=8080).status == 200


def test_a_second_one_in_the_pod_finds_the_port_taken(machine):
    machine.start("nginx", id="second")
    assert machine.exits == [("second", 1)]
    assert machine.log("second")[-1] == "nginx: [emerg] still could not bind()"


def test_templates_are_filled_from_the_environment():
    machine = Machine()
    machine.kernel.add_empty_directory("templates")
    mounts = (MountSpec("/etc/nginx/templates", "templates"),)
    machine.start("busybox", command=("sleep", "99"), id="writer", mounts=mounts)
    machine.write(
        "writer",
        "/etc/nginx/templates/default.conf.template",
        "server { listen ${PORT}; return 200 $host; }",
    )
    ip = machine.start("nginx", env={"PORT": "8088"}, mounts=mounts)
    assert machine.get(ip, port=8088, host="a.example").body == b"a.example"


def test_scripts_of_ones_own_run_before_it():
    machine = Machine()
    machine.kernel.add_empty_directory("scripts")
    machine.start(
        "busybox",
        command=("sleep", "99"),
        id="writer",
        mounts=(MountSpec("/docker-entrypoint.d", "scripts"),),
    )
    script = "#!/bin/sh\necho made > /usr/share/nginx/html/index.html\n"
    machine.write("writer", "/docker-entrypoint.d/90-own.sh", script)
    machine.out("writer", "chmod", "+x", "/docker-entrypoint.d/90-own.sh")
    ip = machine.start("nginx", mounts=(MountSpec("/docker-entrypoint.d", "scripts"),))
    assert machine.get(ip).body == b"made\n"
    assert "/docker-entrypoint.sh: Launching /docker-entrypoint.d/90-own.sh" in machine.log("web")


def test_another_command_is_run_instead():
    machine = Machine()
    machine.start("nginx", "echo", "hello")
    assert (machine.log("web"), machine.exits) == (["hello"], [("web", 0)])


def test_a_copy_serves_on(configured):
    assert configured.copy().get(configured.ip, "/user/3").body == b"user 3"


def test_a_proxy_to_itself_ends(machine):
    machine.write("web", SITE, "server { listen 80; location / { proxy_pass http://127.0.0.1; } }")
    machine.out("web", "nginx", "-s", "reload")
    assert machine.get(machine.ip).status == 502


HOSTILE = ["(a+)+$", "((a+))+b", "(a*){3,}", ".*a.*b.*c", "(.)\\1", "x" * 600, "("]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_expressions_that_could_take_for_ever_are_refused(pattern):
    with pytest.raises(TooComplex):
        compile_pattern(pattern, ignores_case=False)


def test_deep_blocks_are_refused():
    with pytest.raises(ConfigurationError):
        check(parse("http { " * 50, "x"))


def test_what_one_container_has_found_out_holds_only_for_the_same_files():
    machine = Machine()
    assert machine.get(machine.start("nginx:1.26", pod="first")).status == 200
    edit = f"echo 'server {{ listen 81; return 200 mine; }}' > {SITE}; exec nginx -g 'daemon off;'"
    ip = machine.start("nginx:1.26", command=("sh", "-c", edit), pod="changed")
    assert machine.get(ip, port=81).body == b"mine"
    machine.kernel.add_empty_directory("empty")
    empty = (MountSpec("/etc/nginx/conf.d", "empty"),)
    machine.start("nginx:1.26", pod="mounted", mounts=empty)
    assert machine.fabric.listening(machine.kernel.find("mounted")[0].ip) == []
    assert machine.get(machine.start("nginx:1.26", pod="last")).status == 200
