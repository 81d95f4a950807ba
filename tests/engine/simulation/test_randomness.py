"""Seeded randomness: the same seed says the same, streams do not disturb each other."""

import re

from cluster_engine.simulation.randomness import SUFFIX_ALPHABET, Randomness


def test_the_same_seed_draws_the_same() -> None:
    one, other = Randomness(7), Randomness(7)
    assert [one.uid() for _ in range(3)] == [other.uid() for _ in range(3)]
    assert one.suffix() == other.suffix()


def test_other_seeds_draw_otherwise() -> None:
    assert Randomness(1).uid() != Randomness(2).uid()


def test_streams_are_independent() -> None:
    one, other = Randomness(7), Randomness(7)
    one.uid()
    assert one.stream("scheduler").random() == other.stream("scheduler").random()


def test_a_uid_is_a_version_4_uuid() -> None:
    pattern = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    randomness = Randomness(3)
    for _ in range(50):
        assert re.fullmatch(pattern, randomness.uid())


def test_suffixes_use_the_alphabet_of_the_api_server() -> None:
    assert set(Randomness(5).suffix(200)) <= set(SUFFIX_ALPHABET)


def test_a_restored_state_goes_on_where_it_was() -> None:
    randomness = Randomness(9)
    randomness.uid()
    state = randomness.state()
    expected = randomness.uid()
    twin = Randomness(9)
    twin.restore(state)
    assert twin.uid() == expected
