"""Finds images by reference: known ones, plausible ones, and none.

A name or tag that looks made up gets the failure a real registry gives, because a mistyped image
is one of the things to learn here. Texts: containerd 2.1 with Docker Hub and other registries.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import Image, PullFailure
from cluster_engine.images.library import console, generic
from cluster_engine.images.references import InvalidReference, Reference, parse_reference
from cluster_engine.images.registry import OFFICIAL, RECIPES
from cluster_engine.images.versions import resolve_tag, split_version
from cluster_engine.runtime.filesystem.layer import Layer

_BY_REPOSITORY = {name: recipe for recipe in RECIPES for name in recipe.repositories}
#: Words that people put into a name or tag which is meant not to exist.
_MADE_UP = re.compile(
    r"no-?such|not-?exist|non-?exist|does-?not|doesnt|missing|invalid|broken|bogus|fake|typo|"
    r"wrong|bad-?(image|tag|version)?$|unknown|nope|xyz"
)
_PLAIN_TAG = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_NUMBER_MAX = 3000
#: Dates and commit times make larger numbers than versions do.
_DATE_MIN = 20_000_000
#: Registries and projects that nobody may pull from without credentials.
_PRIVATE = ("gcr.io/k8s-authenticated-test/", "gcr.io/authenticated-image-pulling/")
_HUB = "registry-1.docker.io"
_NAME_SERVER = "172.18.0.1:53"
_DENIED = (
    "pull access denied, repository does not exist or may require authorization: "
    "server message: insufficient_scope: authorization failed"
)


class Catalogue:
    """All images there are. Nothing is kept per cluster."""

    def find(self, reference: str) -> Image | PullFailure:
        """The image of that name, or why it cannot be pulled."""
        return _find(reference)

    def unreachable(self, reference: str) -> PullFailure:
        """Why an image cannot be pulled while nothing reaches its registry."""
        try:
            parsed = parse_reference(reference)
        except InvalidReference as error:
            return PullFailure("InvalidImageName", str(error))
        host = _HUB if parsed.domain == "docker.io" else parsed.domain
        manifest = f"https://{host}/v2/{parsed.path}/manifests/{parsed.digest or parsed.tag}"
        lookup = f"dial tcp: lookup {host.partition(':')[0]} on {_NAME_SERVER}: i/o timeout"
        return _failure("Unknown", parsed, f'failed to do request: Head "{manifest}": {lookup}')


def find_layer(name: str) -> Layer:
    """The layer of that name: an image's own is named by its content. KeyError when unknown."""
    base = bases.named(name)
    if base is not None:
        return base
    if name == console.CONSOLE:
        return console.console().layer
    if name == generic.LAYER:
        return generic.tree()
    image = _find(name)
    if isinstance(image, PullFailure):
        raise KeyError(name)
    return image.layer


@lru_cache(maxsize=1024)
def _find(text: str) -> Image | PullFailure:
    try:
        reference = parse_reference(text)
    except InvalidReference as error:
        message = f'couldn\'t parse image name "{text}": {error}'
        return PullFailure("InvalidImageName", f"Failed to apply default image tag: {message}")
    recipe = _BY_REPOSITORY.get(reference.repository)
    if recipe is not None:
        wanted = "latest" if reference.digest else reference.tag
        tag = resolve_tag(wanted, recipe.versions, recipe.channels, recipe.variants)
        return recipe.build(reference, tag) if tag is not None else _no_tag(reference)
    if not _is_plausible_name(reference):
        return _no_repository(reference)
    return generic.build(reference) if _is_plausible_tag(reference) else _no_tag(reference)


def _is_plausible_name(reference: Reference) -> bool:
    repository = reference.repository
    if _MADE_UP.search(repository) or repository.startswith(_PRIVATE):
        return False
    return "/" in repository or repository in OFFICIAL


def _is_plausible_tag(reference: Reference) -> bool:
    tag = reference.tag.lower()
    if reference.digest:
        return True
    if _MADE_UP.search(tag):
        return False
    split = split_version(tag)
    if split is None:
        return _PLAIN_TAG.fullmatch(tag) is not None
    numbers = [int(part) for part in split[0].split(".")]
    return all(number < _NUMBER_MAX or number >= _DATE_MIN for number in numbers)


def _no_repository(reference: Reference) -> PullFailure:
    """As the registry of that domain refuses it."""
    domain, path = reference.domain, reference.path
    manifest = f"https://{domain}/v2/{path}/manifests/{reference.digest or reference.tag}"
    if domain == "docker.io":
        return _failure("Unknown", reference, _DENIED)
    if _MADE_UP.search(domain):
        host = domain.partition(":")[0]
        lookup = f"dial tcp: lookup {host} on {_NAME_SERVER}: no such host"
        return _failure("Unknown", reference, f'failed to do request: Head "{manifest}": {lookup}')
    if domain == "ghcr.io":
        token = f"https://ghcr.io/token?scope=repository%3A{path.replace('/', '%2F')}%3Apull"
        why = (
            "failed to authorize: failed to fetch anonymous token: "
            f"unexpected status from GET request to {token}&service=ghcr.io: 403 Forbidden"
        )
        return _failure("Unknown", reference, why)
    if domain == "quay.io":
        why = f"unexpected status from HEAD request to {manifest}: 401 UNAUTHORIZED"
        return _failure("Unknown", reference, why)
    if domain == "gcr.io" or domain.endswith(".pkg.dev"):
        why = f"unexpected status from HEAD request to {manifest}: 403 Forbidden"
        return _failure("Unknown", reference, why)
    return _no_tag(reference)


def _no_tag(reference: Reference) -> PullFailure:
    return _failure("NotFound", reference, f"{reference}: not found")


def _failure(code: str, reference: Reference, why: str) -> PullFailure:
    message = (
        f'rpc error: code = {code} desc = failed to pull and unpack image "{reference}": '
        f'failed to resolve reference "{reference}": {why}'
    )
    return PullFailure("ErrImagePull", message)
