"""From a call to the verb or subresource that answers it."""

from __future__ import annotations

from cluster_engine.apimachinery.errors import method_not_allowed, not_found, path_not_found
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.services import Services
from cluster_engine.apiserver.subresources.registry import HANDLERS as SUBRESOURCES
from cluster_engine.apiserver.verbs.apply import apply
from cluster_engine.apiserver.verbs.create import create
from cluster_engine.apiserver.verbs.delete import delete, delete_collection
from cluster_engine.apiserver.verbs.get import get
from cluster_engine.apiserver.verbs.list import list_objects
from cluster_engine.apiserver.verbs.patch import APPLY_PATCH, patch, patch_type
from cluster_engine.apiserver.verbs.update import update
from cluster_engine.apiserver.verbs.watch import watch
from cluster_engine.apiserver.virtual.registry import HANDLERS as VIRTUAL
from cluster_engine.kinds.kind import ALL_VERBS

_COLLECTION_VERBS = ("create", "list", "deletecollection")


def dispatch(services: Services, call: Call) -> Response:
    """Answer the call. Raises ApiError 404 for an unknown path, 405 for an unknown method."""
    info, kind = call.info, call.kind
    if info.subresource:
        return _subresource(services, call)
    if kind.namespaced and not info.namespace and (info.name or info.verb == "create"):
        # Objects of namespaced kinds are not found outside their namespace.
        raise path_not_found() if info.name else method_not_allowed()
    is_on_collection = info.verb in _COLLECTION_VERBS or (info.verb == "watch" and not info.name)
    # A custom kind that is going says that it lacks verbs, but refuses them in its own words.
    verbs = kind.verbs if kind.types is None else ALL_VERBS
    if info.verb not in verbs or is_on_collection == bool(info.name):
        raise method_not_allowed()
    if kind.deprecation:
        call.warnings.append(kind.deprecation)
    virtual = VIRTUAL.get((kind.resource, info.verb))
    if virtual is not None:
        return virtual(services, call)
    return _main(services, call)


def _main(services: Services, call: Call) -> Response:
    core, verb = services.core, call.info.verb
    if verb == "get":
        return get(core, call)
    if verb == "list":
        return list_objects(core, call)
    if verb == "watch":
        return watch(core, call, services.hub, services.timeouts)
    if verb == "delete":
        return delete(core, call, services.deleter)
    if verb == "deletecollection":
        return delete_collection(core, call, services.deleter)
    return _write(services, call)


def _write(services: Services, call: Call) -> Response:
    core, verb = services.core, call.info.verb
    if verb == "create":
        return create(core, call, services.writer)
    if verb == "update":
        return update(core, call, services.writer)
    if patch_type(call) == APPLY_PATCH:
        return apply(core, call, services.writer)
    return patch(core, call, services.writer)


def _subresource(services: Services, call: Call) -> Response:
    info = call.info
    served = next((part for part in call.kind.subresources if part.name == info.subresource), None)
    if served is None and call.kind.types is not None:
        raise not_found(call.kind.resource, info.name)
    if served is None or (call.kind.namespaced and not info.namespace):
        raise path_not_found()
    if info.verb not in served.verbs:
        raise method_not_allowed()
    handler = SUBRESOURCES.get((info.subresource, info.verb))
    if handler is not None:
        return handler(services, call)
    if info.verb == "get":
        return get(services.core, call)
    return _write(services, call)
