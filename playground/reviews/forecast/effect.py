"""The effect of a submission: its writes tried on a copy of the cluster, whose time runs ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from playground.hosting.rehearsal import Rehearsal, RehearsalPlan
from playground.hosting.selectors import site_host
from playground.lab_sessions.problems import Conflict, Invalid
from playground.reviews.forecast.applied import applied_of
from playground.reviews.forecast.comparing import compare
from playground.reviews.forecast.picture import PATHS, picture_of
from playground.reviews.items import trial_of
from playground.reviews.models import Item, Submission
from playground.reviews.sealing import Unsealable

#: So long without a change, and nothing more is waited for.
_QUIET_MS = 60_000


async def effect_of(
    submission: Submission, *, version: int | None = None, seconds: int | None = None
) -> dict[str, Any]:
    """The API's `Effect`. Raises Invalid, Conflict, hosting's errors."""
    number = version or submission.version
    span = settings.PODYARD_FORECAST_SECONDS if seconds is None else seconds
    if not 0 <= span <= settings.PODYARD_FORECAST_SECONDS_MAX:
        most = settings.PODYARD_FORECAST_SECONDS_MAX
        raise Invalid(f"seconds {span}: give 0 to {most}", field="seconds")
    found = Item.objects.filter(version__submission=submission, version__version=number)
    items = [item async for item in found]
    if not items:
        raise Invalid(f"version {number}: there is none", field="version")
    items = _left_to_do(submission, number, items)
    told = await _rehearse(submission, items, span)
    return body_of(number, items, told)


def body_of(version: int, items: Sequence[Item], told: Rehearsal) -> dict[str, Any]:
    """A rehearsal as JSON."""
    evicted = [(one.namespace, one.name) for one in items if one.subresource == "eviction"]
    applied = [
        applied_of(item, live, said).body()
        for item, live, said in zip(items, told.lives, told.answers, strict=True)
    ]
    return {
        "version": version,
        "seconds": told.span_ms / 1000,
        "is_quiet": told.is_quiet,
        "is_cut": told.is_cut,
        "revision": told.revision,
        "now": told.started_ms,
        "applied": applied,
        **compare(picture_of(told.before), picture_of(told.after), evicted),
        "scene": told.scene,
    }


async def _rehearse(submission: Submission, items: Sequence[Item], seconds: int) -> Rehearsal:
    try:
        trials = tuple(trial_of(submission, item) for item in items)
    except Unsealable:
        raise Conflict("what this submission would do can no longer be told") from None
    plan = RehearsalPlan(
        trials=trials,
        reads=tuple(PATHS.values()),
        span_ms=seconds * 1000,
        quiet_ms=_QUIET_MS,
        has_scene=True,
    )
    return await site_host().rehearse(submission.session_id, plan)


def _left_to_do(submission: Submission, version: int, items: list[Item]) -> list[Item]:
    """Without what an approval that failed has already brought in."""
    if version == submission.version and submission.result:
        done = {one["item"] for one in submission.result if one["outcome"] != "refused"}
        return [item for item in items if item.position not in done]
    return items
