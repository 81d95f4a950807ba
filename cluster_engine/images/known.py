"""The images we know, one builder each; `registry.py` lists them with their names."""

from __future__ import annotations

from functools import cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, Image
from cluster_engine.images.references import Reference, version_of
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, link, program, text

_MIB = 1024 * 1024
CONSOLE = "podyard/console:latest"


def _is_alpine(reference: Reference) -> bool:
    return "alpine" in reference.tag


def _base(reference: Reference) -> Layer:
    """What the variants of official images stand on: Debian slim, or Alpine."""
    return bases.alpine() if _is_alpine(reference) else bases.debian("12", is_full=False)


def redis(reference: Reference) -> Image:
    """redis: the server as pid 1, in /data."""
    base = _base(reference)
    tools = ("redis-cli", "redis-benchmark", "redis-sentinel", "redis-check-rdb")
    entries = {f"/usr/local/bin/{name}": program(name) for name in tools}
    built = layer(
        str(reference),
        {
            **entries,
            "/usr/local/bin/redis-server": program("redis-server", size_bytes=16_000_000),
            "/usr/local/bin/docker-entrypoint.sh": text('#!/bin/sh\nexec "$@"\n', mode=0o755),
            "/usr/local/bin/gosu": program("gosu", size_bytes=2_400_000),
            "/data": directory(uid=999, gid=999),
            "/etc/redis/redis.conf": "port 6379\nsave 3600 1 300 100 60 10000\n",
        },
        base,
    )
    return Image(
        str(reference),
        built,
        (17 if _is_alpine(reference) else 48) * _MIB,
        entrypoint=("docker-entrypoint.sh",),
        command=("redis-server",),
        environment={"PATH": PATH_DEFAULT, "REDIS_VERSION": "7.4.5"},
        working_dir="/data",
        ports=(6379,),
    )


_WELCOME = """\
<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>
<p><em>Thank you for using nginx.</em></p>
</body>
</html>
"""
_NGINX_CONF = """\
user  nginx;
worker_processes  auto;
error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;
events {
    worker_connections  1024;
}
http {
    include       /etc/nginx/mime.types;
    include       /etc/nginx/conf.d/*.conf;
}
"""
_SERVER_CONF = """\
server {
    listen       80;
    server_name  localhost;
    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }
}
"""


def nginx(reference: Reference) -> Image:
    """nginx: serves /usr/share/nginx/html on port 80."""
    base = _base(reference)
    built = layer(
        str(reference),
        {
            "/usr/sbin/nginx": program("nginx", size_bytes=1_600_000),
            "/usr/bin/curl": program("curl", size_bytes=282_000),
            "/docker-entrypoint.sh": text('#!/bin/sh\nexec "$@"\n', mode=0o755),
            "/docker-entrypoint.d": directory(),
            "/etc/nginx/nginx.conf": _NGINX_CONF,
            "/etc/nginx/conf.d/default.conf": _SERVER_CONF,
            "/etc/nginx/mime.types": "types {\n    text/html html htm;\n}\n",
            "/usr/share/nginx/html/index.html": _WELCOME,
            "/usr/share/nginx/html/50x.html": _WELCOME.replace("Welcome to nginx!", "Error"),
            "/var/log/nginx/access.log": link("/dev/stdout"),
            "/var/log/nginx/error.log": link("/dev/stderr"),
        },
        base,
    )
    return Image(
        str(reference),
        built,
        (22 if _is_alpine(reference) else 72) * _MIB,
        entrypoint=("/docker-entrypoint.sh",),
        command=("nginx", "-g", "daemon off;"),
        environment={"PATH": PATH_DEFAULT, "NGINX_VERSION": "1.29.3"},
        ports=(80,),
    )


_IT_WORKS = "<html><body><h1>It works!</h1></body></html>\n"


def httpd(reference: Reference) -> Image:
    """Apache: serves /usr/local/apache2/htdocs on port 80."""
    base = _base(reference)
    built = layer(
        str(reference),
        {
            "/usr/local/apache2/bin/httpd": program("httpd", size_bytes=900_000),
            "/usr/local/bin/httpd-foreground": program("httpd"),
            "/usr/local/apache2/htdocs/index.html": _IT_WORKS,
            "/usr/local/apache2/conf/httpd.conf": "Listen 80\n",
        },
        base,
    )
    path = "/usr/local/apache2/bin:" + PATH_DEFAULT
    return Image(
        str(reference),
        built,
        58 * _MIB,
        command=("httpd-foreground",),
        environment={"PATH": path, "HTTPD_PREFIX": "/usr/local/apache2"},
        working_dir="/usr/local/apache2",
        ports=(80,),
    )


def busybox(reference: Reference) -> Image:
    """busybox: a shell that ends at once without input."""
    return Image(
        str(reference),
        bases.busybox(),
        2 * _MIB,
        command=("sh",),
        environment={"PATH": PATH_DEFAULT},
    )


def alpine(reference: Reference) -> Image:
    """alpine."""
    version = version_of(reference.tag)
    wanted = ".".join(str(part) for part in version[0][:2]) if version else "3.22"
    return Image(
        str(reference),
        bases.alpine(wanted),
        4 * _MIB,
        command=("/bin/sh",),
        environment={"PATH": PATH_DEFAULT},
    )


def debian(reference: Reference) -> Image:
    """debian, by number or code name."""
    names = {"bullseye": "11", "bookworm": "12", "trixie": "13"}
    head = reference.tag.removesuffix("-slim").partition(".")[0]
    version = names.get(head, head if head in ("11", "12", "13") else "12")
    return Image(
        str(reference),
        bases.debian(version, is_full=False),
        48 * _MIB,
        command=("bash",),
        environment={"PATH": PATH_DEFAULT},
    )


def ubuntu(reference: Reference) -> Image:
    """ubuntu, by number or code name."""
    names = {"focal": "20.04", "jammy": "22.04", "noble": "24.04"}
    version = names.get(reference.tag, reference.tag)
    if version not in names.values():
        version = "24.04"
    return Image(
        str(reference),
        bases.ubuntu(version),
        30 * _MIB,
        command=("/bin/bash",),
        environment={"PATH": PATH_DEFAULT},
    )


def curl(reference: Reference) -> Image:
    """curlimages/curl and the like: a shell with curl."""
    base = bases.alpine()
    built = layer(str(reference), {"/usr/bin/curl": program("curl")}, base)
    return Image(
        str(reference),
        built,
        9 * _MIB,
        entrypoint=("/usr/bin/curl",) if reference.path.startswith("curlimages") else (),
        command=() if reference.path.startswith("curlimages") else ("sh",),
        environment={"PATH": PATH_DEFAULT},
    )


def _single(reference: Reference, path: str, name: str, mib: int, *arguments: str) -> Image:
    """An image with one executable and no shell."""
    base = bases.scratch()
    built = layer(str(reference), {path: program(name, size_bytes=mib * _MIB)}, base)
    return Image(
        str(reference),
        built,
        mib * _MIB,
        entrypoint=(path, *arguments),
        environment={"PATH": PATH_DEFAULT},
    )


def pause(reference: Reference) -> Image:
    """The sandbox image."""
    return _single(reference, "/pause", "pause", 1)


def hello_app(reference: Reference) -> Image:
    """Google's hello-app, versions 1.0 and 2.0."""
    version = "2.0.0" if reference.tag.startswith("2") else "1.0.0"
    return _single(reference, "/hello-app", "hello-app", 12, version)


def test_webserver(reference: Reference) -> Image:
    """The course's web server."""
    return _single(reference, "/test-webserver", "test-webserver", 5)


def echo_server(reference: Reference) -> Image:
    """Tells the caller what it asked."""
    return _single(reference, "/echoserver", "echoserver", 44)


def _service(reference: Reference, name: str, mib: int, data: str, port: int) -> Image:
    """A database image: a Debian base, its server, its data folder."""
    base = _base(reference)
    built = layer(
        str(reference),
        {
            f"/usr/local/bin/{name}": program(name, size_bytes=30 * _MIB),
            data: directory(uid=999, gid=999),
        },
        base,
    )
    return Image(
        str(reference),
        built,
        mib * _MIB,
        command=(name,),
        environment={"PATH": PATH_DEFAULT},
        ports=(port,),
    )


def mysql(reference: Reference) -> Image:
    """mysql and mariadb."""
    return _service(reference, "mysqld", 230, "/var/lib/mysql", 3306)


def postgres(reference: Reference) -> Image:
    """postgres."""
    return _service(reference, "postgres", 150, "/var/lib/postgresql/data", 5432)


def mongo(reference: Reference) -> Image:
    """mongo."""
    return _service(reference, "mongod", 270, "/data/db", 27017)


def memcached(reference: Reference) -> Image:
    """memcached."""
    return _service(reference, "memcached", 32, "/var/lib/memcached", 11211)


def language(reference: Reference) -> Image:
    """python, node, golang and other tool images: a full Debian with a shell to look around."""
    base = bases.alpine() if _is_alpine(reference) else bases.debian("12")
    interpreter = reference.repository.rpartition("/")[2]
    built = layer(
        str(reference),
        {f"/usr/local/bin/{interpreter}": program(interpreter, size_bytes=6 * _MIB)},
        base,
    )
    return Image(
        str(reference),
        built,
        (18 if _is_alpine(reference) else 370) * _MIB,
        command=("sh",),
        environment={"PATH": PATH_DEFAULT},
    )


def generic(reference: Reference) -> Image:
    """An application we do not know: a Debian with a small web server in it."""
    base = bases.debian("12", is_full=False)
    built = layer(str(reference), {"/app/server": program("generic-server")}, base)
    return Image(
        str(reference),
        built,
        85 * _MIB,
        entrypoint=("/app/server",),
        environment={"PATH": PATH_DEFAULT},
        working_dir="/app",
        ports=(8080,),
    )


#: The page's console: a person's own machine with kubectl, not an image to pull.
@cache
def console() -> Image:
    """A Debian with kubectl and a home folder."""
    base = bases.debian("12")
    built = layer(
        CONSOLE,
        {
            "/usr/local/bin/kubectl": program("kubectl", size_bytes=57_000_000),
            "/usr/local/bin/k": program("k", size_bytes=57_000_000),
            "/home/you": directory(uid=1000, gid=1000),
            "/etc/passwd": (
                "root:x:0:0:root:/root:/bin/bash\nyou:x:1000:1000::/home/you:/bin/bash\n"
            ),
            "/etc/group": "root:x:0:\nyou:x:1000:\n",
        },
        base,
    )
    return Image(
        CONSOLE,
        built,
        0,
        command=("bash",),
        environment={"PATH": PATH_DEFAULT, "HOME": "/home/you", "USER": "you"},
        working_dir="/home/you",
        user="you",
    )
