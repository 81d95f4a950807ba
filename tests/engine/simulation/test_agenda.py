"""The agenda: order, lanes, cancelling, copies."""

from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.simulation.agenda import Agenda


def messages(agenda: Agenda, now_ms: int) -> list[object]:
    found = []
    while (entry := agenda.pop_due(now_ms)) is not None:
        found.append(entry.message)
    return found


def test_what_is_due_comes_in_order_of_time_then_lane_then_asking() -> None:
    agenda = Agenda()
    agenda.schedule(20, "a", "later")
    agenda.schedule(10, "a", "second lane", lane=1)
    agenda.schedule(10, "a", "first")
    agenda.schedule(10, "a", "second")
    assert messages(agenda, 10) == ["first", "second", "second lane"]
    assert agenda.next_due_ms() == 20


def test_nothing_is_popped_before_its_time() -> None:
    agenda = Agenda()
    agenda.schedule(11, "a", "x")
    assert agenda.pop_due(10) is None
    assert len(agenda) == 1


def test_a_cancelled_entry_never_surfaces() -> None:
    agenda = Agenda()
    ticket = agenda.schedule(1, "a", "gone")
    agenda.schedule(2, "a", "kept")
    agenda.cancel(ticket)
    assert len(agenda) == 1
    assert agenda.next_due_ms() == 2
    assert messages(agenda, 5) == ["kept"]


def test_a_copy_goes_its_own_way() -> None:
    agenda = Agenda()
    agenda.schedule(1, "a", "shared")
    twin = Agenda()
    twin.restore(agenda.state())
    twin.schedule(2, "a", "twin only")
    assert messages(agenda, 9) == ["shared"]
    assert messages(twin, 9) == ["shared", "twin only"]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2)), max_size=40))
def test_popping_everything_gives_a_stable_sort(wishes: list[tuple[int, int]]) -> None:
    agenda = Agenda()
    for number, (due, lane) in enumerate(wishes):
        agenda.schedule(due, "a", number, lane)
    expected = sorted(range(len(wishes)), key=lambda n: (wishes[n][0], wishes[n][1], n))
    assert messages(agenda, 100) == expected
