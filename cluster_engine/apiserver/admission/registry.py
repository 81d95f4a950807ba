"""Every admission plugin, in the order they are asked."""

from __future__ import annotations

from cluster_engine.apiserver.admission.lifecycle import NamespaceLifecycle
from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import Write

PLUGINS: tuple[type[Plugin], ...] = (NamespaceLifecycle,)


class Admission:
    """The chain of plugins; which of them a write concerns is worked out once."""

    def __init__(
        self, core: Core, authorizer: Authorizer, plugins: tuple[type[Plugin], ...] = PLUGINS
    ) -> None:
        self._plugins = tuple(plugin(core, authorizer) for plugin in plugins)
        self._concerned: dict[tuple[str, str, str], tuple[Plugin, ...]] = {}

    def mutate(self, write: Write) -> None:
        """Let every plugin change the write, or refuse it with ApiError."""
        for plugin in self._for(write):
            plugin.mutate(write)

    def validate(self, write: Write) -> None:
        """Let every plugin refuse the write in its final form."""
        for plugin in self._for(write):
            plugin.validate(write)

    def _for(self, write: Write) -> tuple[Plugin, ...]:
        key = (write.operation, write.kind.resource, write.subresource)
        found = self._concerned.get(key)
        if found is None:
            found = tuple(plugin for plugin in self._plugins if plugin.handles(*key))
            self._concerned[key] = found
        return found
