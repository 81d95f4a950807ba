"""Which image a container runs, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.subjects import Container, Spot

_LATEST = "latest"


def latest(container: Container) -> Iterator[Spot]:
    image = _image(container)
    if image and _tag(image) == _LATEST:
        yield container.spot("image", image=image)


def without_digest(container: Container) -> Iterator[Spot]:
    image = _image(container)
    if image and "@" not in image:
        yield container.spot("image", image=image)


def stale(container: Container) -> Iterator[Spot]:
    image, policy = _image(container), container.body.get("imagePullPolicy")
    if image and _tag(image) == _LATEST and policy in ("IfNotPresent", "Never"):
        yield container.spot("imagePullPolicy", image=image, policy=str(policy))


def _image(container: Container) -> str:
    image = container.body.get("image")
    return image if isinstance(image, str) else ""


def _tag(image: str) -> str:
    """The tag, "latest" when there is none; empty with a digest."""
    if "@" in image:
        return ""
    _, _, tag = image.rpartition("/")[2].partition(":")
    return tag or _LATEST
