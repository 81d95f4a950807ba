"""nginx: serves /usr/share/nginx/html on port 80, as its configuration says."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.scripts import Script
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, link, program

VERSIONS = Versions(
    "1.7.12 1.8.1 1.9.15 1.10.3 1.11.13 1.12.2 1.13.12 1.14.2 1.15.12 1.16.1 1.17.10 1.18.0 "
    "1.19.10 1.20.2 1.21.6 1.22.1 1.23.4 1.24.0 1.25.5 1.26.3 1.27.5 1.28.2 1.29.5"
)
REFERENCE = Reference("docker.io", "library/nginx", "latest")
#: Since when the image has an entrypoint script, logs notices, and listens on IPv6 too.
_WITH_SCRIPT, _WITH_NOTICES = (1, 19), (1, 21)
_SIGQUIT = 3
_WELCOME = """\
<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
"""
_ERROR_PAGE = """\
<!DOCTYPE html>
<html>
<head>
<title>Error</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>An error occurred.</h1>
<p>Sorry, the page you are looking for is currently unavailable.<br/>
Please try again later.</p>
<p>If you are the system administrator of this resource then you should check
the error log for details.</p>
<p><em>Faithfully yours, nginx.</em></p>
</body>
</html>
"""
_NGINX_CONF = """
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log %s;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
"""
_SERVER_CONF = """\
server {
    listen       80;
%s    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}

"""
_MIME_TYPES = """
types {
    text/html                                        html htm shtml;
    text/css                                         css;
    text/xml                                         xml;
    image/gif                                        gif;
    image/jpeg                                       jpeg jpg;
    application/javascript                           js;
    application/atom+xml                             atom;
    application/rss+xml                              rss;

    text/mathml                                      mml;
    text/plain                                       txt;
    image/avif                                       avif;
    image/png                                        png;
    image/svg+xml                                    svg svgz;
    image/webp                                       webp;
    image/x-icon                                     ico;

    font/woff                                        woff;
    font/woff2                                       woff2;

    application/json                                 json;
    application/pdf                                  pdf;
    application/wasm                                 wasm;
    application/zip                                  zip;

    application/octet-stream                         bin exe dll;
}
"""
_ENTRYPOINT = """\
#!/bin/sh
# vim:sw=4:ts=4:et

set -e

entrypoint_log() {
    if [ -z "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$@"
    fi
}

if [ "$1" = "nginx" ] || [ "$1" = "nginx-debug" ]; then
    if [ -n "$(ls -A /docker-entrypoint.d/ 2>/dev/null)" ]; then
        entrypoint_log "$0: /docker-entrypoint.d/ is not empty, will attempt to perform" \\
            "configuration"
        entrypoint_log "$0: Looking for shell scripts in /docker-entrypoint.d/"
        for f in /docker-entrypoint.d/*.sh; do
            entrypoint_log "$0: Launching $f"
            "$f"
        done
        entrypoint_log "$0: Configuration complete; ready for start up"
    else
        entrypoint_log "$0: No files found in /docker-entrypoint.d/, skipping configuration"
    fi
fi

exec "$@"
"""
_PIECE = "#!/bin/sh\n# Done by the entrypoint itself in this image.\nexit 0\n"
PIECES = (
    "10-listen-on-ipv6-by-default.sh",
    "15-local-resolvers.envsh",
    "20-envsubst-on-templates.sh",
    "30-tune-worker-processes.sh",
)


@lru_cache(maxsize=64)
def _tree(name: str, numbers: tuple[int, ...], base: Layer) -> Layer:
    entries: bases.Entries = {
        "/usr/sbin/nginx": program("nginx", size_bytes=1_560_768),
        "/etc/nginx/nginx.conf": _NGINX_CONF % ("notice" if numbers >= _WITH_NOTICES else "warn"),
        "/etc/nginx/mime.types": _MIME_TYPES,
        "/etc/nginx/modules": link("/usr/lib/nginx/modules"),
        "/usr/lib/nginx/modules": directory(),
        "/usr/share/nginx/html/index.html": _WELCOME,
        "/usr/share/nginx/html/50x.html": _ERROR_PAGE,
        "/var/cache/nginx": directory(),
        "/var/log/nginx/access.log": link("/dev/stdout"),
        "/var/log/nginx/error.log": link("/dev/stderr"),
        **bases.account(base, "nginx", 101, "/nonexistent"),
    }
    ipv6 = ""
    if numbers >= _WITH_SCRIPT:
        ipv6 = "    listen  [::]:80;\n"
        entries["/docker-entrypoint.sh"] = Script(_ENTRYPOINT, "nginx-entrypoint")
        for piece in PIECES:
            entries[f"/docker-entrypoint.d/{piece}"] = Script(_PIECE, "true")
    entries["/etc/nginx/conf.d/default.conf"] = _SERVER_CONF % ipv6
    if numbers >= _WITH_NOTICES:
        entries["/usr/bin/curl"] = program("curl", size_bytes=282_704)
    return layer(name, entries, base)


def build(reference: Reference, tag: Tag) -> Image:
    """nginx, in the foreground."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    debian_version = "13" if tag.numbers >= (1, 29) else "12" if tag.numbers >= (1, 23) else "10"
    release = "1" if tag.is_alpine else f"1~{bases.DEBIAN_CODES[debian_version]}"
    has_script = tag.numbers >= _WITH_SCRIPT
    return Image(
        str(reference),
        _tree(content, tag.numbers, bases.of_tag(tag, debian_version=debian_version)),
        sized((20.5 if tag.is_alpine else 57 if tag.numbers >= (1, 29) else 44), content),
        entrypoint=("/docker-entrypoint.sh",) if has_script else (),
        command=("nginx", "-g", "daemon off;"),
        environment={"PATH": PATH_DEFAULT, "NGINX_VERSION": tag.version, "PKG_RELEASE": release},
        ports=(80,),
        stop_signal=_SIGQUIT if has_script else 15,
        content=content,
    )


RECIPE = Recipe(
    ("nginx", "bitnami/nginx", "registry.k8s.io/e2e-test-images/nginx"),
    build,
    VERSIONS,
    {"mainline": VERSIONS.newest, "stable": "1.28.2"},
    frozenset(("alpine", "slim", "perl", "otel", "bullseye", "bookworm", "trixie")),
)
