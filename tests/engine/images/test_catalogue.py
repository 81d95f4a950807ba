"""Which references give an image, and what the others are told."""

import pytest

from cluster_engine.images.catalogue import Catalogue
from cluster_engine.images.image import Image, PullFailure

FOUND = [
    ("redis", "docker.io/library/redis:latest"),
    ("redis:7-alpine", "docker.io/library/redis:7-alpine"),
    ("nginx:1.14.2", "docker.io/library/nginx:1.14.2"),
    ("nginx:1.16.1", "docker.io/library/nginx:1.16.1"),
    ("nginx:stable-alpine", "docker.io/library/nginx:stable-alpine"),
    ("busybox:1.28", "docker.io/library/busybox:1.28"),
    ("ubuntu:22.04", "docker.io/library/ubuntu:22.04"),
    ("k8s.gcr.io/test-webserver", "k8s.gcr.io/test-webserver:latest"),
    ("gcr.io/google-samples/hello-app:2.0", "gcr.io/google-samples/hello-app:2.0"),
    ("wordpress:6.4-apache", "docker.io/library/wordpress:6.4-apache"),
    ("example.com:5000/team/app:v1.2.3", "example.com:5000/team/app:v1.2.3"),
    ("myorg/app", "docker.io/myorg/app:latest"),
]


@pytest.mark.parametrize(("wish", "full"), FOUND)
def test_found(wish: str, full: str) -> None:
    image = Catalogue().find(wish)
    assert isinstance(image, Image)
    assert image.reference == full
    assert image.size_bytes > 0


FAILED = [
    ("a mistyped name", "ngnix", "repository does not exist or may require authorization"),
    ("a version yet to come", "nginx:1.161", "docker.io/library/nginx:1.161: not found"),
    ("a made-up tag", "redis:doesnotexist", "docker.io/library/redis:doesnotexist: not found"),
    ("a made-up repository", "myorg/no-such-app:v1", "insufficient_scope: authorization failed"),
    ("a made-up tag elsewhere", "ghcr.io/a/b:broken", "ghcr.io/a/b:broken: not found"),
]


@pytest.mark.parametrize(("wish", "text"), [c[1:] for c in FAILED], ids=[c[0] for c in FAILED])
def test_failed(wish: str, text: str) -> None:
    failure = Catalogue().find(wish)
    assert isinstance(failure, PullFailure)
    assert failure.reason == "ErrImagePull"
    assert text in failure.message
    assert "failed to pull and unpack image" in failure.message


def test_what_is_no_reference_at_all_is_told_apart() -> None:
    failure = Catalogue().find("Nginx:latest")
    assert isinstance(failure, PullFailure)
    assert failure.reason == "InvalidImageName"


def test_a_digest_is_stable_and_names_the_repository() -> None:
    image = Catalogue().find("example.com:5000/team/app:v1")
    assert isinstance(image, Image)
    assert image.digest.startswith("example.com:5000/team/app@sha256:")


def test_variants_share_their_base() -> None:
    httpd, nginx = Catalogue().find("httpd"), Catalogue().find("nginx")
    assert isinstance(httpd, Image)
    assert isinstance(nginx, Image)
    assert httpd.layer.node("/usr/bin/ls") is nginx.layer.node("/usr/bin/ls")
    assert httpd.layer.node("/etc/os-release")
