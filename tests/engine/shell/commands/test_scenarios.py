"""The commands do what the scenario files say. Refresh: see `scenarios.py` and explain the diff."""

from itertools import groupby

import pytest

from tests.engine.shell.commands.scenarios import FOLDER, machine, read_scenarios, run

FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_commands_print_what_the_scenario_says(path):
    bench = None
    wrong = []
    for scenario in read_scenarios(path):
        if scenario.is_fresh or bench is None:
            bench = machine(scenario.image)
        got = run(bench, scenario.image, f"cd /tmp/w; {scenario.command}")
        if got != scenario.expected:
            place = f"{path.name}:{scenario.line}: $ {scenario.command}"
            wrong.append("\n".join([place, *scenario.expected, "-- but --", *got]))
    assert not wrong, "\n\n".join(wrong)


def test_no_scenario_is_written_twice():
    for path in FILES:
        commands = [(s.image, s.command) for s in read_scenarios(path)]
        twice = [key for key, group in groupby(sorted(commands)) if len(list(group)) > 2]
        assert twice == [], path.name
