"""Which references give an image, and what the others are told."""

import re

import pytest

from cluster_engine.images.catalogue import Catalogue, find_layer
from cluster_engine.images.image import Image, PullFailure
from cluster_engine.images.library import console, generic
from cluster_engine.images.references import InvalidReference, parse_reference
from cluster_engine.images.registry import PROGRAMS, RECIPES
from cluster_engine.images.versions import Versions
from cluster_engine.kubectl.programs import PROGRAMS as KUBECTL
from cluster_engine.runtime.filesystem.nodes import Directory, File, Symlink
from cluster_engine.shell.programs import PROGRAMS as SHELL

FOUND = [
    ("redis", "docker.io/library/redis:latest", "8.4.0"),
    ("redis:7", "docker.io/library/redis:7", "7.4.7"),
    ("redis:7.2.1", "docker.io/library/redis:7.2.1", "7.2.1"),
    ("redis:7-alpine", "docker.io/library/redis:7-alpine", "7.4.7"),
    ("redis:alpine3.22", "docker.io/library/redis:alpine3.22", "8.4.0"),
    ("nginx:1.14.2", "docker.io/library/nginx:1.14.2", "1.14.2"),
    ("nginx:1.16.1", "docker.io/library/nginx:1.16.1", "1.16.1"),
    ("nginx:1.7.9", "docker.io/library/nginx:1.7.9", "1.7.9"),
    ("nginx:stable-alpine", "docker.io/library/nginx:stable-alpine", "1.28.2"),
    ("mysql:5.7", "docker.io/library/mysql:5.7", "5.7.44"),
    ("postgres:16-bookworm", "docker.io/library/postgres:16-bookworm", "16.11"),
    ("python:3.12-slim", "docker.io/library/python:3.12-slim", "3.12.12"),
    ("node:lts", "docker.io/library/node:lts", "24.11.1"),
]
VARIABLES = (
    "REDIS_VERSION",
    "NGINX_VERSION",
    "MYSQL_VERSION",
    "PG_VERSION",
    "PYTHON_VERSION",
    "NODE_VERSION",
)


@pytest.mark.parametrize(("wish", "full", "version"), FOUND, ids=[case[0] for case in FOUND])
def test_versions(wish, full, version):
    image = Catalogue().find(wish)
    assert isinstance(image, Image)
    assert image.reference == full
    found = [image.environment[name] for name in VARIABLES if name in image.environment]
    assert [text.partition("-")[0] for text in found] == [version]


PLAUSIBLE = [
    "busybox:1.28",
    "busybox:1.37.0-2",
    "busybox:1.36-musl",
    "ubuntu:22.04",
    "ubuntu:jammy",
    "debian:bookworm-slim",
    "alpine:3.19",
    "k8s.gcr.io/test-webserver",
    "k8s.gcr.io/echoserver:1.4",
    "gcr.io/google-samples/hello-app:2.0",
    "registry.k8s.io/pause:3.9",
    "registry.k8s.io/e2e-test-images/agnhost:2.53",
    "registry.k8s.io/e2e-test-images/busybox:1.37.0-2",
    "registry.k8s.io/e2e-test-images/nginx:1.28.0-2",
    "registry.k8s.io/nginx-slim:0.8",
    "wordpress:6.4-apache",
    "example.com:5000/team/app:v1.2.3",
    "ghcr.io/team/app:sha-1a2b3c4",
    "myorg/app",
    "myorg/app:20240102",
    "nginx@sha256:" + "a" * 64,
]


@pytest.mark.parametrize("wish", PLAUSIBLE)
def test_found(wish):
    image = Catalogue().find(wish)
    assert isinstance(image, Image)
    assert image.size_bytes > 0
    assert image.pull_seconds > 0
    assert (image.entrypoint + image.command)[0]


DENIED = (
    'rpc error: code = Unknown desc = failed to pull and unpack image "%s": failed to resolve '
    'reference "%s": pull access denied, repository does not exist or may require '
    "authorization: server message: insufficient_scope: authorization failed"
)
ABSENT = (
    'rpc error: code = NotFound desc = failed to pull and unpack image "%s": failed to resolve '
    'reference "%s": %s: not found'
)
FAILED = [
    ("a mistyped name", "ngnix", "docker.io/library/ngnix:latest", DENIED),
    ("a version yet to come", "nginx:1.161", "docker.io/library/nginx:1.161", ABSENT),
    ("a release that never was", "redis:5.0.99", "docker.io/library/redis:5.0.99", ABSENT),
    ("a made-up tag", "redis:doesnotexist", "docker.io/library/redis:doesnotexist", ABSENT),
    (
        "a variant that there is not",
        "busybox:1.36-trixie",
        "docker.io/library/busybox:1.36-trixie",
        ABSENT,
    ),
    ("a made-up repository", "myorg/no-such-app:v1", "docker.io/myorg/no-such-app:v1", DENIED),
    ("a made-up tag elsewhere", "example.com/a/b:broken", "example.com/a/b:broken", ABSENT),
    ("a month that there is not", "ubuntu:24.05", "docker.io/library/ubuntu:24.05", ABSENT),
]


@pytest.mark.parametrize(
    ("wish", "full", "text"), [case[1:] for case in FAILED], ids=[case[0] for case in FAILED]
)
def test_failed(wish, full, text):
    failure = Catalogue().find(wish)
    assert isinstance(failure, PullFailure)
    assert failure.reason == "ErrImagePull"
    assert failure.message == text.replace("%s", full)


OTHER_REGISTRIES = [
    ("gcr.io/k8s-authenticated-test/agnhost:2.6", "403 Forbidden"),
    ("ghcr.io/team/no-such:v1", "failed to fetch anonymous token"),
    ("quay.io/team/missing", "401 UNAUTHORIZED"),
    ("invalid.registry.k8s.io/invalid/alpine:3.1", "no such host"),
]


@pytest.mark.parametrize(("wish", "text"), OTHER_REGISTRIES)
def test_other_registries_refuse_in_their_own_words(wish, text):
    failure = Catalogue().find(wish)
    assert isinstance(failure, PullFailure)
    assert text in failure.message


@pytest.mark.parametrize("wish", ["Nginx:latest", "a b", "nginx:", "x@sha256:1", "a//b"])
def test_what_is_no_reference_at_all_is_told_apart(wish):
    with pytest.raises(InvalidReference):
        parse_reference(wish)
    failure = Catalogue().find(wish)
    assert isinstance(failure, PullFailure)
    assert failure.reason == "InvalidImageName"


def test_digests_name_the_content():
    def digest(wish):
        image = Catalogue().find(wish)
        assert isinstance(image, Image)
        return image.digest

    assert digest("redis:7") == digest("redis:7.4") == digest("redis:7.4.7")
    assert digest("redis:7") != digest("redis:7-alpine")
    assert re.fullmatch(
        r"example\.com:5000/team/app@sha256:[0-9a-f]{64}", digest("example.com:5000/team/app:v1")
    )
    given = "docker.io/library/nginx@sha256:" + "a" * 64
    assert digest(given) == given


def test_images_share_their_base():
    httpd, nginx = Catalogue().find("httpd"), Catalogue().find("nginx")
    assert isinstance(httpd, Image)
    assert isinstance(nginx, Image)
    assert httpd.layer.node("/usr/bin/ls") is nginx.layer.node("/usr/bin/ls")


def test_tags_of_the_same_release_share_their_tree():
    first, second = Catalogue().find("nginx:1.28"), Catalogue().find("nginx:1.28.2")
    assert isinstance(first, Image)
    assert isinstance(second, Image)
    assert first.layer is second.layer


KNOWN = [name for recipe in RECIPES for name in recipe.repositories]


def programs(node):
    """All programs that executables below a node carry."""
    if isinstance(node, Directory):
        return {name for child in node.entries.values() for name in programs(child)}
    return {node.program} - {""} if isinstance(node, File) else set()


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_image_is_whole(name):
    """Its tree can be found again by name, what it starts is there, all executables can run."""
    image = Catalogue().find(name)
    assert isinstance(image, Image)
    assert find_layer(image.layer.name) is image.layer
    assert programs(image.layer.root) <= {*PROGRAMS, *SHELL}
    assert executable(image) is not None
    if image.user and not image.user.isdecimal():
        assert image.user in image.users


def executable(image):
    """The file that its first word means."""
    word = (image.entrypoint + image.command)[0].replace("/bin/bash", "/usr/bin/bash")
    folders = [""] if "/" in word else image.environment["PATH"].split(":")
    for folder in folders:
        path = f"{folder}/{word}" if folder else word
        try:
            node = image.layer.node(path)
        except KeyError:
            continue
        while isinstance(node, Symlink):
            path = f"{path.rpartition('/')[0]}/{node.target}"
            node = image.layer.node(path)
        return node
    return None


def test_the_console_has_kubectl():
    image = console.console()
    assert programs(image.layer.root) <= {*SHELL, *KUBECTL}
    assert {"kubectl", "bash"} <= programs(image.layer.root)
    assert image.users["you"] == 1000
    assert find_layer(image.layer.name) is image.layer


def test_applications_we_do_not_know_share_one_tree():
    first, second = Catalogue().find("myorg/a"), Catalogue().find("ghcr.io/other/b:v2")
    assert isinstance(first, Image)
    assert isinstance(second, Image)
    assert first.layer is second.layer is find_layer(generic.LAYER)
    assert first.digest != second.digest


def test_an_unknown_layer():
    with pytest.raises(KeyError):
        find_layer("docker.io/library/nosuch:1")


LINES = Versions("1.0.9 1.1.3 2.0.0 2.1.5")
RESOLVED = [
    ("1", "1.1.3"),
    ("1.0", "1.0.9"),
    ("1.0.4", "1.0.4"),
    ("1.0.10", None),
    ("2.1.9", "2.1.9"),
    ("3", None),
    ("2.5", None),
]


@pytest.mark.parametrize(("wanted", "version"), RESOLVED)
def test_release_lines(wanted, version):
    assert LINES.resolve(wanted) == version
