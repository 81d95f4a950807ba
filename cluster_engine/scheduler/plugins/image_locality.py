"""Prefers nodes that have the pod's images already, weighed by size and by how spread they are.

Models: pkg/scheduler/framework/plugins/imagelocality/image_locality.go (v1.37.2).
"""

from __future__ import annotations

import numpy as np

from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.framework import SCORE_MAX, Cycle, ScorePlugin, Scores

BYTES_MIN = 23 * 1024 * 1024
BYTES_MAX_PER_CONTAINER = 1000 * 1024 * 1024


def normalized_name(image: str) -> str:
    """The name with a tag: what has none is `latest`."""
    return image if image.rfind(":") > image.rfind("/") else f"{image}:latest"


class ImageLocality(ScorePlugin):
    name = "ImageLocality"

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        table = cycle.table
        images = cycle.pod.template.images
        bytes_held: IntRow | None = None
        for image in images:
            state = table.image(normalized_name(image))
            if state is None:
                continue
            if bytes_held is None:
                bytes_held = np.zeros(len(table), np.int64)
            bytes_held[state.rows] += int(state.size * (len(state.rows) / len(table)))
        if bytes_held is None:
            return 0
        bytes_max = BYTES_MAX_PER_CONTAINER * len(images)
        clamped = np.clip(bytes_held[rows], BYTES_MIN, bytes_max)
        return SCORE_MAX * (clamped - BYTES_MIN) // (bytes_max - BYTES_MIN)
