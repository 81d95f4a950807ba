"""The API server: two doors into one request chain.

`handle` takes HTTP-shaped requests (authenticate, authorize, decode, admit, default, validate,
store, encode); the typed door (`read`, `create`, `update`, `delete`, `bind`) is for the cluster's
own components, which skip the wire and authentication but nothing else.

Models: k8s.io/apiserver/pkg/server (v0.37.2).
"""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.apimachinery.errors import ApiError, path_not_found, too_large
from cluster_engine.apiserver import nonresource
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.answers import error_answer
from cluster_engine.apiserver.authentication import Authentication
from cluster_engine.apiserver.authorization.attributes import denial, of_request
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core, Extension
from cluster_engine.apiserver.custom_resources import CustomResources
from cluster_engine.apiserver.deleting import Deleter
from cluster_engine.apiserver.direct import DirectDoor
from cluster_engine.apiserver.discovery import is_built_in
from cluster_engine.apiserver.dispatch import dispatch
from cluster_engine.apiserver.flow_control import FlowControl
from cluster_engine.apiserver.negotiation import PLAIN, Media, media_of
from cluster_engine.apiserver.nodelink import NodeLink
from cluster_engine.apiserver.paths import RequestInfo, parse_path
from cluster_engine.apiserver.requests import Recipe, Request, Response, Stream, User
from cluster_engine.apiserver.review_gate import ReviewGate
from cluster_engine.apiserver.services import Services
from cluster_engine.apiserver.tokens import Tokens
from cluster_engine.apiserver.verbs.watch import resumed
from cluster_engine.apiserver.watching import Timeouts, WatchHub, WatchStream
from cluster_engine.apiserver.writing import Writer
from cluster_engine.kinds.registry import Registry
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.store import Store

_UPGRADED = ("exec", "attach", "portforward")


class ApiServer(DirectDoor):
    """The API server of one cluster."""

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
        #: What people wrote, and whether it waits for review; a component of its own.
        self.gate = ReviewGate(self.core)
        authorizer = Authorizer(store)
        admission = Admission(self.core, authorizer)
        tokens = Tokens(self.core)
        self._services = Services(
            core=self.core,
            authorizer=authorizer,
            admission=admission,
            tokens=tokens,
            writer=Writer(self.core, admission),
            deleter=Deleter(self.core, admission),
            hub=WatchHub(store, limits.watches_max),
            timeouts=Timeouts(self.core),
        )
        super().__init__(self.core, self._services.writer, self._services.deleter)
        CustomResources(
            self.core, self._services.writer, self._services.deleter, self._services.hub
        )
        FlowControl(self.core, self._services.writer)
        self._authentication = Authentication(self.core, tokens, authorizer)

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
            return error_answer(error, tuple(warnings), _media_of_error(request))
        except RecursionError:
            return error_answer(ApiError(413, "RequestEntityTooLarge", "nested too deeply"))

    def next_expiry_ms(self) -> int | None:
        """When the next watch ends by itself; None: none does."""
        return self._services.timeouts.next_due_ms()

    def expire_watches(self) -> None:
        """End the watches whose time is over by now."""
        self._services.timeouts.expire()

    def revive_watch(self, recipe: Recipe) -> Stream | None:
        """A watch that goes on where another was when it gave its recipe."""
        _, _, lines, has_columns, is_ended = recipe
        stream = self.handle(resumed(recipe, self.core.store.revision)).stream
        if isinstance(stream, WatchStream):
            stream.resume(lines, has_columns=has_columns, is_ended=is_ended)
        return stream

    def _answer(self, request: Request, warnings: list[str]) -> Response:
        user = self._authentication.user_of(request)
        query = request.parameters()
        is_watch = query.get("watch", ["0"])[0].lower() not in ("0", "false")
        info = parse_path(request.method, request.path, is_watch)
        self._authorize(user, info)
        for prefix, extension in self.core.extensions.items():
            if request.path.startswith(prefix):
                return extension(request)
        if not info.is_resource:
            return nonresource.answer(self.core, request, self._services.tokens)
        kind = self.core.registry.path(info.group, info.version, info.plural)
        if kind is None or (info.is_too_long and info.subresource != "proxy"):
            return self._unknown(info)
        media = media_of(request, query)
        limits = self.core.limits
        if len(request.body) > limits.request_bytes_max:
            raise too_large(f"limit is {limits.request_bytes_max}")
        call = Call(request, info, kind, user, query, media, limits, warnings)
        return self.gate.answer(call, self._dispatch)

    def _dispatch(self, call: Call) -> Response:
        return dispatch(self._services, call)

    def _authorize(self, user: User, info: RequestInfo) -> None:
        asked = of_request(user, info)
        decision = self._services.authorizer.authorize(asked)
        if not decision.is_allowed:
            raise denial(asked, decision.reason)
        if info.verb == "get" and info.subresource in _UPGRADED:
            # A WebSocket comes as GET, but running a command is more than reading.
            asked = replace(asked, verb="create")
            decision = self._services.authorizer.authorize(asked)
            if not decision.is_allowed:
                raise denial(asked, decision.reason)

    def _unknown(self, info: RequestInfo) -> Response:
        if not is_built_in(self.core, info.group):
            return nonresource.page_not_found()
        raise path_not_found()


def _media_of_error(request: Request) -> Media:
    """A Status comes as the client likes it, unless nobody speaks that."""
    try:
        return media_of(request, request.parameters())
    except ApiError:
        return PLAIN
