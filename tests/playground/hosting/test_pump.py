"""The pump: fair, lazy, and never ahead of the clock that it was given."""

from __future__ import annotations

import asyncio
import time

import pytest

from playground.hosting.host import SPEED_MAX, ClusterPlan
from playground.hosting.local import LocalHost
from tests.playground.fakes import FakeEngine


def host_of(*engines: FakeEngine) -> LocalHost:
    waiting = list(engines)
    return LocalHost(build=lambda plan: waiting.pop(0))


async def settle(turns: int = 20) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def test_what_is_due_runs_without_a_request() -> None:
    engine, done = FakeEngine(), asyncio.Event()
    engine.at(engine.now_ms, done.set)
    host = host_of(engine)
    await host.create("a", ClusterPlan())
    await asyncio.wait_for(done.wait(), 1)
    await host.close_all()


async def test_a_deadline_is_waited_for_at_the_speed_of_the_clock() -> None:
    engine, done = FakeEngine(), asyncio.Event()
    engine.at(engine.now_ms + 5_000, done.set)
    host = host_of(engine)
    start = time.monotonic()
    await host.create("a", ClusterPlan(speed=100))
    await asyncio.wait_for(done.wait(), 2)
    assert 0.03 < time.monotonic() - start < 1
    await host.close_all()


async def test_at_unlimited_speed_a_week_passes_at_once() -> None:
    engine, moments = FakeEngine(), []
    for day in range(1, 8):
        engine.at(engine.now_ms + day * 86_400_000, lambda: moments.append(engine.now_ms))
    host = host_of(engine)
    await host.create("a", ClusterPlan(speed=SPEED_MAX))
    await settle()
    assert len(moments) == 7
    assert moments == sorted(moments)
    await host.close_all()


async def test_at_unlimited_speed_what_never_happens_is_not_leapt_to() -> None:
    engine, ran = FakeEngine(), []
    engine.at(2**62, lambda: ran.append(1))
    host = host_of(engine)
    await host.create("a", ClusterPlan(speed=SPEED_MAX))
    await settle()
    assert ran == []
    assert engine.now_ms < 2_000_000
    await host.close_all()


async def test_a_paused_clock_stands_still() -> None:
    engine = FakeEngine()
    ran: list[int] = []
    host = host_of(engine)
    await host.create("a", ClusterPlan(speed=100))
    before = await host.clock_set("a", is_paused=True)
    engine.at(before.now_ms + 10, lambda: ran.append(1))
    await asyncio.sleep(0.02)
    assert (await host.clock("a")).now_ms == before.now_ms
    assert ran == []
    await host.close_all()


async def test_advancing_runs_everything_on_the_way_even_when_paused() -> None:
    engine, ran = FakeEngine(), []
    host = host_of(engine)
    await host.create("a", ClusterPlan(speed=0))
    start = engine.now_ms
    for second in (1, 2, 3600):
        engine.at(start + second * 1000, lambda: ran.append(engine.now_ms - start))
    reading = await host.clock_advance("a", 3600_000)
    assert reading.now_ms == start + 3600_000
    assert ran == [1000, 2000, 3600_000]
    assert reading.is_paused
    await host.close_all()


async def test_a_step_goes_to_what_is_due_next() -> None:
    engine = FakeEngine()
    host = host_of(engine)
    await host.create("a", ClusterPlan(speed=0))
    start = engine.now_ms
    engine.at(start + 700, lambda: None)
    engine.at(start + 900, lambda: None)
    assert (await host.clock_step("a")).now_ms == start + 700
    assert (await host.clock_step("a")).now_ms == start + 900
    assert (await host.clock_step("a")).now_ms == start + 900
    await host.close_all()


async def test_a_busy_cluster_does_not_stall_another() -> None:
    busy, calm, done = FakeEngine(), FakeEngine(), asyncio.Event()

    def spin() -> None:
        end = time.monotonic() + 0.001
        while time.monotonic() < end:
            pass
        busy.at(busy.now_ms, spin)

    busy.at(busy.now_ms, spin)
    calm.at(calm.now_ms, done.set)
    host = host_of(busy, calm)
    await host.create("busy", ClusterPlan())
    await host.create("calm", ClusterPlan())
    await asyncio.wait_for(done.wait(), 1)
    await host.close_all()


async def test_idle_clusters_have_no_timer_and_take_no_slices() -> None:
    host = LocalHost(build=lambda plan: FakeEngine())
    for number in range(1000):
        await host.create(f"c{number}", ClusterPlan())
    await settle()
    slices = host.numbers()["podyard_slices_total"]
    await asyncio.sleep(0.05)
    assert host.numbers()["podyard_slices_total"] == slices
    assert host.numbers()["podyard_timers"] == 0
    await host.close_all()


async def test_an_idle_clusters_clock_is_right_when_it_is_asked() -> None:
    engine = FakeEngine()
    host = host_of(engine)
    await host.create("a", ClusterPlan(speed=1000))
    start = engine.now_ms
    await asyncio.sleep(0.02)
    assert (await host.clock("a")).now_ms >= start + 20_000
    await host.close_all()


async def test_a_fault_costs_the_work_at_hand_not_the_cluster(
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine, done = FakeEngine(), asyncio.Event()

    def fail() -> None:
        raise RuntimeError("a bug")

    engine.at(engine.now_ms, fail)
    host = host_of(engine)
    await host.create("a", ClusterPlan())
    await settle()
    engine.at(engine.now_ms, done.set)
    await host.clock_set("a", speed=2)
    await asyncio.wait_for(done.wait(), 1)
    assert "a bug" in caplog.text
    await host.close_all()


async def test_a_cluster_that_only_fails_goes_out_of_service() -> None:
    engine = FakeEngine()

    def fail() -> None:
        engine.at(engine.now_ms, fail)
        raise RuntimeError("a bug")

    engine.at(engine.now_ms, fail)
    host = host_of(engine)
    await host.create("a", ClusterPlan())
    await settle(1000)
    assert host.numbers()["podyard_clusters_failed"] == 1
    await host.close_all()
