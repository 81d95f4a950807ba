"""Bringing raw scores into the range of 0 to 100.

Models: pkg/scheduler/framework/plugins/helper/normalize_score.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.scheduler.framework import SCORE_MAX, Scores


def by_highest(scores: Scores, *, is_reversed: bool) -> Scores:
    """The highest score becomes 100, or 0 when reversed. Scores are not negative."""
    highest = scores if isinstance(scores, int) else int(scores.max())
    if highest == 0:
        return SCORE_MAX if is_reversed else scores
    scaled = scores * SCORE_MAX // highest
    return SCORE_MAX - scaled if is_reversed else scaled
