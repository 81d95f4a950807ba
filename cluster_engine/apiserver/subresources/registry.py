"""Who answers which subresource. The rest (status, finalize …) are parts of the object: the verbs
answer them."""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.services import Services
from cluster_engine.apiserver.subresources import containers, scale
from cluster_engine.apiserver.subresources.binding import create_binding
from cluster_engine.apiserver.subresources.eviction import evict
from cluster_engine.apiserver.subresources.proxy import proxy
from cluster_engine.apiserver.subresources.token import create_token

Handler = Callable[[Services, Call], Response]


def _proxy(services: Services, call: Call) -> Response:
    return proxy(services.core, call, services.admission)


#: By subresource and verb.
HANDLERS: dict[tuple[str, str], Handler] = {
    ("attach", "create"): lambda services, call: containers.attach(
        services.core, call, services.admission
    ),
    ("attach", "get"): lambda services, call: containers.attach(
        services.core, call, services.admission
    ),
    ("binding", "create"): lambda services, call: create_binding(
        services.core, call, services.admission
    ),
    ("eviction", "create"): lambda services, call: evict(
        services.core, call, services.admission, services.writer, services.deleter
    ),
    ("exec", "create"): lambda services, call: containers.execute(
        services.core, call, services.admission
    ),
    ("exec", "get"): lambda services, call: containers.execute(
        services.core, call, services.admission
    ),
    ("log", "get"): lambda services, call: containers.log(services.core, call),
    ("portforward", "create"): lambda services, call: containers.port_forward(
        services.core, call, services.admission
    ),
    ("portforward", "get"): lambda services, call: containers.port_forward(
        services.core, call, services.admission
    ),
    ("proxy", "create"): _proxy,
    ("proxy", "delete"): _proxy,
    ("proxy", "get"): _proxy,
    ("proxy", "patch"): _proxy,
    ("proxy", "update"): _proxy,
    ("scale", "get"): lambda services, call: scale.get_scale(services.core, call),
    ("scale", "patch"): lambda services, call: scale.patch_scale(
        services.core, call, services.writer
    ),
    ("scale", "update"): lambda services, call: scale.update_scale(
        services.core, call, services.writer
    ),
    ("token", "create"): lambda services, call: create_token(
        services.core, call, services.admission, services.tokens
    ),
}
