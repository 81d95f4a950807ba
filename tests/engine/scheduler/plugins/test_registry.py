"""The default profile: every plugin in its file, in upstream's order, with upstream's weights."""

from __future__ import annotations

import importlib
import pkgutil

from cluster_engine.scheduler import plugins
from cluster_engine.scheduler.framework import Plugin, ScorePlugin
from cluster_engine.scheduler.plugins.registry import PLUGINS


def test_every_plugin_module_is_registered() -> None:
    registered = {kind.__module__.rpartition(".")[2] for kind, _ in PLUGINS}
    modules = {module.name for module in pkgutil.iter_modules(plugins.__path__)}
    assert modules - {"registry"} == registered


def test_every_module_is_named_after_its_plugin() -> None:
    for kind, _ in PLUGINS:
        module = importlib.import_module(kind.__module__)
        spelled = kind.__module__.rpartition(".")[2].replace("_", "")
        assert spelled == kind.name.lower()
        assert module.__doc__ and "Models:" in module.__doc__
        assert issubclass(kind, Plugin)


def test_what_scores_weigh() -> None:
    weights = {kind.name: weight for kind, weight in PLUGINS if issubclass(kind, ScorePlugin)}
    assert weights == {
        "TaintToleration": 3,
        "NodeAffinity": 2,
        "NodeResourcesFit": 1,
        "VolumeBinding": 1,
        "PodTopologySpread": 2,
        "InterPodAffinity": 2,
        "DynamicResources": 2,
        "NodeResourcesBalancedAllocation": 1,
        "ImageLocality": 1,
    }
