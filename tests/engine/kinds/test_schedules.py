"""Schedules of cron jobs and intervals of indexes."""

from __future__ import annotations

import pytest

from cluster_engine.kinds.batch.indexes import (
    IndexesError,
    count_indexes,
    first_overlap,
)
from cluster_engine.kinds.batch.schedules import ScheduleError, check_schedule

GOOD = [
    "* * * * *",
    "*/5 0-6 1,15 jan-mar MON",
    "? ? ? ? ?",
    "0 0 1 1 0",
    "10/20 * * * *",
    "@hourly",
    "@every 1h30m",
    "@every 0.5s",
    "TZ=Europe/Berlin 0 6 * * *",
    "CRON_TZ=UTC @daily",
]


@pytest.mark.parametrize("schedule", GOOD)
def test_a_schedule_can_be_read(schedule: str) -> None:
    check_schedule(schedule)


BAD = {
    "": "empty spec string",
    "* * * *": "expected exactly 5 fields, found 4: [* * * *]",
    "60 * * * *": "end of range (60) above maximum (59): 60",
    "* * 0 * *": "beginning of range (0) below minimum (1): 0",
    "* * * * 7": "end of range (7) above maximum (6): 7",
    "9-3 * * * *": "beginning of range (9) beyond end of range (3): 9-3",
    "1-2-3 * * * *": "too many hyphens: 1-2-3",
    "*/1/2 * * * *": "too many slashes: */1/2",
    "*/0 * * * *": "step of range should be a positive number: */0",
    "x * * * *": 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax',
    "@fortnightly": "unrecognized descriptor: @fortnightly",
    "@every": "unrecognized descriptor: @every",
    "@every 5": 'failed to parse duration @every 5: time: missing unit in duration "5"',
    "@every day": 'failed to parse duration @every day: time: invalid duration "day"',
    "TZ=a!b * * * * *": "provided bad location a!b: unknown time zone a!b",
}


@pytest.mark.parametrize(("schedule", "text"), BAD.items(), ids=BAD.keys())
def test_a_schedule_cannot_be_read(schedule: str, text: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        check_schedule(schedule)
    assert str(caught.value) == text


COUNTS = {"": 0, "0": 1, "0-3": 4, "1,3-5,7": 5}


@pytest.mark.parametrize(("intervals", "count"), COUNTS.items(), ids=COUNTS.keys())
def test_indexes_are_counted(intervals: str, count: int) -> None:
    assert count_indexes(intervals, completions=10) == count


WRONG = {
    "a": 'cannot convert string to integer for index: "a"',
    "10": 'too large index: "10"',
    "3-1": "non-increasing order, previous: 3, current: 1",
    "3,1": "non-increasing order, previous: 3, current: 1",
    "1-2-3": (
        'the fragment "1-2-3" violates the requirement that an index interval can have at most '
        "two parts separated by '-'"
    ),
    "1,": 'cannot convert string to integer for index: ""',
}


@pytest.mark.parametrize(("intervals", "text"), WRONG.items(), ids=WRONG.keys())
def test_intervals_that_make_no_sense(intervals: str, text: str) -> None:
    with pytest.raises(IndexesError) as caught:
        count_indexes(intervals, completions=10)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("completed", "failed", "expected"),
    [("0-3", "4-6", None), ("0-3", "2", 2), ("1,5-7", "0,6", 6), ("", "1", None), ("x", "1", None)],
)
def test_the_first_index_in_both(completed: str, failed: str, expected: int | None) -> None:
    assert first_overlap(completed, failed, completions=10) == expected
