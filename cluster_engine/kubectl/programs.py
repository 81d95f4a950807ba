"""The programs of this package, by the name that an executable file carries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cluster_engine.kubectl.program import Kubectl
from cluster_engine.runtime.program import Program

PROGRAMS: Mapping[str, Callable[[list[str]], Program]] = {"kubectl": Kubectl, "k": Kubectl}
