"""nginxinc/nginx-unprivileged: nginx as its own user, on port 8080."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from cluster_engine.images.image import Image
from cluster_engine.images.library import nginx
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, text
from cluster_engine.runtime.filesystem.nodes import File

_UID = 101
_BODIES = "/tmp/client_temp"
_SERVER, _MAIN = "/etc/nginx/conf.d/default.conf", "/etc/nginx/nginx.conf"


@lru_cache(maxsize=32)
def _tree(name: str, base: Layer) -> Layer:
    server = _text(base, _SERVER).replace(":80;", ":8080;").replace(" 80;", " 8080;")
    main = _text(base, _MAIN).replace("user  nginx;\n", "").replace("/run/", "/tmp/")
    main = main.replace("http {\n", f"http {{\n    client_body_temp_path {_BODIES};\n")
    own = {
        _SERVER: text(server, uid=_UID),
        _MAIN: text(main, uid=_UID),
        "/etc/nginx/conf.d": directory(uid=_UID),
        "/var/cache/nginx": directory(uid=_UID),
    }
    return layer(name, own, base)


def _text(base: Layer, path: str) -> str:
    node = base.node(path)
    return node.contents().decode() if isinstance(node, File) else ""


def build(reference: Reference, tag: Tag) -> Image:
    """nginx that needs no root."""
    image = nginx.build(nginx.REFERENCE, tag)
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    return replace(
        image,
        reference=str(reference),
        layer=_tree(content, image.layer),
        user=str(_UID),
        ports=(8080,),
        content=content,
    )


RECIPE = replace(nginx.RECIPE, repositories=("nginxinc/nginx-unprivileged",), build=build)
