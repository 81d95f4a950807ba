"""The API server: two doors into one request chain.

`handle` takes HTTP-shaped requests (authenticate, authorize, decode, admit, default, validate,
store, encode); the typed door (`read`, `create`, `update`, `delete`, `bind`) is for the cluster's
own components, which skip the wire and authentication but nothing else. The server is also a
component: the agenda wakes it to end watches whose time is over.

Models: k8s.io/apiserver/pkg/server (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from cluster_engine.apimachinery.errors import (
    ApiError,
    internal,
    method_not_allowed,
    path_not_found,
)
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.answers import error_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core, Extension
from cluster_engine.apiserver.deleting import Deleter
from cluster_engine.apiserver.direct import DirectDoor
from cluster_engine.apiserver.negotiation import negotiate
from cluster_engine.apiserver.nodelink import NodeLink
from cluster_engine.apiserver.paths import RequestInfo, parse_path
from cluster_engine.apiserver.requests import ADMIN, Request, Response, User
from cluster_engine.apiserver.verbs.apply import apply
from cluster_engine.apiserver.verbs.create import create
from cluster_engine.apiserver.verbs.delete import delete, delete_collection
from cluster_engine.apiserver.verbs.get import get
from cluster_engine.apiserver.verbs.list import list_objects
from cluster_engine.apiserver.verbs.patch import APPLY_PATCH, patch, patch_type
from cluster_engine.apiserver.verbs.update import update
from cluster_engine.apiserver.verbs.watch import Timeouts, watch
from cluster_engine.apiserver.watching import WatchHub
from cluster_engine.apiserver.writing import Writer
from cluster_engine.kinds.registry import Registry
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.store import Store


class ApiServer(DirectDoor):
    """The API server of one cluster."""

    name = "apiserver"

    def __init__(
        self,
        *,
        store: Store,
        registry: Registry,
        clock: Clock,
        agenda: Agenda,
        randomness: Randomness,
        limits: Limits,
        node_link: NodeLink | None = None,
        is_api_only: bool = False,
        default_user: User | None = None,
    ) -> None:
        """`registry` is the cluster's own copy: custom kinds are added to it. `default_user` is
        who a request without credentials is; None: anonymous."""
        self.core = Core(
            store=store,
            registry=registry,
            clock=clock,
            agenda=agenda,
            randomness=randomness,
            limits=limits,
            node_link=node_link,
            is_api_only=is_api_only,
            default_user=default_user,
        )
        admission = Admission(self.core)
        writer, deleter = Writer(self.core, admission), Deleter(self.core, admission)
        super().__init__(self.core, writer, deleter)
        self._hub = WatchHub(store, limits.watches_max)
        self._timeouts = Timeouts(self.core)

    @property
    def extensions(self) -> dict[str, Extension]:
        """Who answers paths that are not Kubernetes' own, by prefix; to be filled by the facade."""
        return self.core.extensions

    @property
    def node_link(self) -> NodeLink | None:
        """The way into the nodes; set by the facade."""
        return self.core.node_link

    @node_link.setter
    def node_link(self, link: NodeLink | None) -> None:
        self.core.node_link = link

    def handle(self, request: Request) -> Response:
        """Answer a request. Refusals are Status answers; nothing is raised."""
        warnings: list[str] = []
        try:
            return self._answer(request, warnings)
        except ApiError as error:
            return error_answer(error, tuple(warnings))
        except RecursionError:
            return error_answer(ApiError(413, "RequestEntityTooLarge", "nested too deeply"))

    def wake(self, message: Hashable) -> None:
        """See simulation.component."""
        self._timeouts.wake(message)

    def state(self) -> Any:
        """See simulation.component. Streams belong to their clients, not to the cluster."""
        return None

    def restore(self, state: Any) -> None:
        """See simulation.component."""

    def _answer(self, request: Request, warnings: list[str]) -> Response:
        for prefix, extension in self.core.extensions.items():
            if request.path.startswith(prefix):
                return extension(request)
        query = request.parameters()
        is_watch = query.get("watch", ["0"])[0].lower() not in ("", "0", "false")
        info = parse_path(request.method, request.path, is_watch)
        user = request.user or self.core.default_user or ADMIN
        if not info.is_resource:
            raise path_not_found()
        kind = self.core.registry.path(info.group, info.version, info.plural)
        if kind is None:
            raise path_not_found()
        media = negotiate(request.headers.get("accept", ""))
        call = Call(request, info, kind, user, query, media, warnings)
        return self._dispatch(call, info)

    def _dispatch(self, call: Call, info: RequestInfo) -> Response:
        core, kind = self.core, call.kind
        if info.subresource and info.subresource != "status":
            raise path_not_found()
        if info.verb not in kind.verbs:
            raise method_not_allowed()
        if info.verb == "get":
            return get(core, call)
        if info.verb == "list":
            return list_objects(core, call)
        if info.verb == "watch":
            return watch(core, call, self._hub, self._timeouts)
        if info.verb == "create":
            if info.name:
                raise method_not_allowed()
            return create(core, call, self._writer)
        if info.verb == "update":
            return update(core, call, self._writer)
        if info.verb == "patch":
            if patch_type(core, call) == APPLY_PATCH:
                return apply(core, call, self._writer)
            return patch(core, call, self._writer)
        if info.verb == "delete":
            return delete(core, call, self._deleter)
        if info.verb == "deletecollection":
            return delete_collection(core, call, self._deleter)
        raise internal(f"{info.verb} is not served")
