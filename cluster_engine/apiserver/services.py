"""What verbs and subresources may need beside the core; wired once by `server.ApiServer`."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.deleting import Deleter
from cluster_engine.apiserver.tokens import Tokens
from cluster_engine.apiserver.watching import Timeouts, WatchHub
from cluster_engine.apiserver.writing import Writer


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the request chain."""

    core: Core
    authorizer: Authorizer
    admission: Admission
    tokens: Tokens
    writer: Writer
    deleter: Deleter
    hub: WatchHub
    timeouts: Timeouts
