"""The plugins of the default profile, sorted by what they take part in.

Models: pkg/scheduler/framework/runtime/framework.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.scheduler.events import is_covered
from cluster_engine.scheduler.framework import (
    FilterPlugin,
    Handle,
    Interest,
    Plugin,
    PostFilterPlugin,
    PreBindPlugin,
    PreEnqueuePlugin,
    PreFilterPlugin,
    PreScorePlugin,
    QueueSortPlugin,
    ScorePlugin,
)
from cluster_engine.scheduler.plugins.default_preemption import DefaultPreemption
from cluster_engine.scheduler.plugins.registry import PLUGINS

SCHEDULER_NAME = "default-scheduler"


class Profile:
    """One set of plugins, made for one scheduler."""

    def __init__(self, handle: Handle) -> None:
        plugins = [(kind(handle), weight) for kind, weight in PLUGINS]
        every = [plugin for plugin, _ in plugins]
        self.plugins: dict[str, Plugin] = {plugin.name: plugin for plugin in every}
        self.pre_enqueue = [p for p in every if isinstance(p, PreEnqueuePlugin)]
        self.queue_sort = next(p for p in every if isinstance(p, QueueSortPlugin))
        self.pre_filters = [p for p in every if isinstance(p, PreFilterPlugin)]
        self.filters = [p for p in every if isinstance(p, FilterPlugin)]
        self.post_filters = [p for p in every if isinstance(p, PostFilterPlugin)]
        self.pre_scores = [p for p in every if isinstance(p, PreScorePlugin)]
        self.scores = [(p, weight) for p, weight in plugins if isinstance(p, ScorePlugin)]
        self.pre_binds = [p for p in every if isinstance(p, PreBindPlugin)]
        #: Plugins whose notes follow pods being moved about in a dry run.
        self.movers = [p for p in self.pre_filters if p.has_extensions]
        self._interests: dict[tuple[str, int], list[tuple[Plugin, Interest]]] = {}
        for plugin in self.post_filters:
            if isinstance(plugin, DefaultPreemption):
                plugin.filters, plugin.movers = self.filters, self.movers

    def interested(self, resource: str, action: int) -> list[tuple[Plugin, Interest]]:
        """Who wants to hear of an event, in order."""
        found = self._interests.get((resource, action))
        if found is None:
            found = [
                (plugin, interest)
                for plugin in self.plugins.values()
                for interest in plugin.events
                if interest.resource == resource and is_covered(interest.actions, action)
            ]
            self._interests[resource, action] = found
        return found
