"""All calls of one process together."""

from __future__ import annotations

from cluster_engine.runtime.calls.network import NetworkCalls


class ProcessSystem(NetworkCalls):
    """Fulfils `runtime.system.System`."""

    __slots__ = ()
