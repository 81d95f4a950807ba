"""httpd: Apache serves /usr/local/apache2/htdocs on port 80."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.scripts import Script
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, program

VERSIONS = Versions("2.2.34 2.4.66")
PREFIX = "/usr/local/apache2"
_SIGWINCH = 28
_IT_WORKS = "<html><body><h1>It works!</h1></body></html>\n"
_FOREGROUND = """\
#!/bin/sh
set -e

# Apache gets grumpy about PID files pre-existing
rm -f /usr/local/apache2/logs/httpd.pid

exec httpd -DFOREGROUND "$@"
"""
_HTTPD_CONF = """\
ServerRoot "/usr/local/apache2"
Listen 80
User www-data
Group www-data
ServerAdmin you@example.com
DocumentRoot "/usr/local/apache2/htdocs"
<Directory "/usr/local/apache2/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
DirectoryIndex index.html
ErrorLog /proc/self/fd/2
LogLevel warn
CustomLog /proc/self/fd/1 common
"""


@lru_cache(maxsize=32)
def _tree(name: str, base: Layer) -> Layer:
    return layer(
        name,
        {
            f"{PREFIX}/bin/httpd": program("httpd", size_bytes=1_012_400),
            f"{PREFIX}/htdocs/index.html": _IT_WORKS,
            f"{PREFIX}/conf/httpd.conf": _HTTPD_CONF,
            f"{PREFIX}/logs": directory(),
            "/usr/local/bin/httpd-foreground": Script(_FOREGROUND, "httpd-foreground"),
        },
        base,
    )


def build(reference: Reference, tag: Tag) -> Image:
    """Apache, in the foreground."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    return Image(
        str(reference),
        _tree(content, bases.of_tag(tag)),
        sized(22 if tag.is_alpine else 44, content),
        command=("httpd-foreground",),
        environment={
            "PATH": f"{PREFIX}/bin:{PATH_DEFAULT}",
            "HTTPD_PREFIX": PREFIX,
            "HTTPD_VERSION": tag.version,
        },
        working_dir=PREFIX,
        ports=(80,),
        stop_signal=_SIGWINCH,
        content=content,
    )


RECIPE = Recipe(("httpd", "registry.k8s.io/e2e-test-images/httpd"), build, VERSIONS)
