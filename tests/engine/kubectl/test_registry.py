"""Every command is in the registry, and says what it is."""

import pkgutil
from importlib import import_module

import pytest

from cluster_engine.kubectl import commands
from cluster_engine.kubectl.program import Kubectl
from cluster_engine.kubectl.programs import PROGRAMS
from cluster_engine.kubectl.registry import ROOT

MODULES = [module.name for module in pkgutil.iter_modules(commands.__path__)]


def all_commands(command, path=""):
    for child in command.children:
        name = f"{path} {child.name}".strip()
        yield pytest.param(child, id=name)
        yield from all_commands(child, name)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_registered(name):
    module = import_module(f"{commands.__name__}.{name}")
    assert module.COMMAND in ROOT.children, f"add {name}.COMMAND to kubectl/registry.py"


@pytest.mark.parametrize("command", list(all_commands(ROOT)))
def test_a_command_is_described(command):
    assert command.short and not command.short.endswith(".")
    assert command.run is not None or command.children
    names = [flag.name for flag in command.flags]
    assert len(set(names)) == len(names)
    shorts = [flag.short for flag in command.flags if flag.short]
    assert len(set(shorts)) == len(shorts)
    assert all(flag.help for flag in command.flags if not flag.is_hidden)


def test_the_programs():
    assert set(PROGRAMS) == {"kubectl", "k"}
    assert isinstance(PROGRAMS["k"](["k", "version"]), Kubectl)
