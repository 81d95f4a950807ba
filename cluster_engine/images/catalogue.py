"""Finds images by reference: known ones, plausible ones, and none.

A name or tag that looks made up gets the failure a real registry gives, because a mistyped image
is one of the things to learn here. Texts: containerd 2.1 with Docker Hub.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cluster_engine.images import bases, known
from cluster_engine.images.image import Image, PullFailure, Recipe
from cluster_engine.images.references import (
    InvalidReference,
    Reference,
    parse_reference,
    version_of,
)
from cluster_engine.images.registry import OFFICIAL, RECIPES
from cluster_engine.runtime.filesystem.layer import Layer

_BY_REPOSITORY = {name: recipe for recipe in RECIPES for name in recipe.repositories}
#: Words that people put into a name or tag which is meant not to exist.
_MADE_UP = re.compile(
    r"no-?such|not-?exist|non-?exist|does-?not|doesnt|missing|invalid|broken|bogus|fake|typo|"
    r"wrong|bad-?(image|tag|version)?$|unknown|nope|xyz"
)
_PLAIN_TAG = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_NUMBER_MAX = 3000


class Catalogue:
    """All images there are. Nothing is kept per cluster."""

    def find(self, reference: str) -> Image | PullFailure:
        """The image of that name, or why it cannot be pulled."""
        return _find(reference)


def find_layer(name: str) -> Layer:
    """The layer of that name: an image's own is named by its reference. KeyError when unknown."""
    base = bases.named(name)
    if base is not None:
        return base
    if name == known.CONSOLE:
        return known.console().layer
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
        return recipe.build(reference) if _has_tag(recipe, reference) else _no_tag(reference)
    if not _is_plausible_name(reference):
        return _no_repository(reference)
    return known.generic(reference) if _is_plausible_tag(reference.tag) else _no_tag(reference)


def _has_tag(recipe: Recipe, reference: Reference) -> bool:
    if reference.digest or reference.tag in recipe.words:
        return True
    version = version_of(reference.tag)
    if version is None:
        parts = re.split(r"[-_.]", reference.tag)
        return all(part in recipe.words or part.isdigit() for part in parts)
    numbers, suffix = version
    if _MADE_UP.search(suffix) or numbers > recipe.newest:
        return False
    within = zip(numbers, recipe.newest, strict=False)
    return all(number <= bound or index == 0 for index, (number, bound) in enumerate(within))


def _is_plausible_name(reference: Reference) -> bool:
    repository = reference.repository
    if _MADE_UP.search(repository):
        return False
    if "/" not in repository:
        return repository in OFFICIAL
    return True


def _is_plausible_tag(tag: str) -> bool:
    if _MADE_UP.search(tag.lower()):
        return False
    version = version_of(tag)
    if version is not None:
        return all(number < _NUMBER_MAX or number > 20000000 for number in version[0])
    return bool(_PLAIN_TAG.fullmatch(tag.lower()))


def _no_repository(reference: Reference) -> PullFailure:
    repository = f"{reference.domain}/{reference.path}"
    why = (
        "pull access denied, repository does not exist or may require authorization: "
        "server message: insufficient_scope: authorization failed"
    )
    if reference.domain != "docker.io":
        why = f"{repository}: not found"
    return _failure("Unknown" if reference.domain == "docker.io" else "NotFound", reference, why)


def _no_tag(reference: Reference) -> PullFailure:
    return _failure("NotFound", reference, f"{reference}: not found")


def _failure(code: str, reference: Reference, why: str) -> PullFailure:
    message = (
        f'rpc error: code = {code} desc = failed to pull and unpack image "{reference}": '
        f'failed to resolve reference "{reference}": {why}'
    )
    return PullFailure("ErrImagePull", message)
