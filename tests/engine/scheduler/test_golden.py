"""Recorded schedules of a real kube-scheduler v1.37.2 come out the same here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.scheduler.golden import play

_HERE = Path(__file__).parent / "recordings"
#: More recordings may lie beside the checkout.
_BESIDE = Path(__file__).parents[4] / "shared" / "golden"


def _recordings() -> list[Path]:
    found = {path.name: path for path in _HERE.iterdir() if path.is_dir()}
    if _BESIDE.is_dir():
        found |= {path.name: path for path in _BESIDE.iterdir() if path.is_dir()}
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("folder", _recordings(), ids=lambda folder: folder.name)
def test_a_recorded_schedule_comes_out_the_same(folder: Path) -> None:
    assert play(folder) == []
