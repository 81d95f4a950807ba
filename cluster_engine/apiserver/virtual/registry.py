"""Resources that are answered but never stored."""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.services import Services
from cluster_engine.apiserver.subresources.binding import create_binding
from cluster_engine.apiserver.virtual import access_reviews, component_statuses, identity_reviews

Handler = Callable[[Services, Call], Response]

#: By resource and verb.
HANDLERS: dict[tuple[str, str], Handler] = {
    ("selfsubjectaccessreviews.authorization.k8s.io", "create"): (
        lambda services, call: access_reviews.review_self(call, services.authorizer)
    ),
    ("subjectaccessreviews.authorization.k8s.io", "create"): (
        lambda services, call: access_reviews.review_subject(call, services.authorizer)
    ),
    ("localsubjectaccessreviews.authorization.k8s.io", "create"): (
        lambda services, call: access_reviews.review_local(call, services.authorizer)
    ),
    ("selfsubjectrulesreviews.authorization.k8s.io", "create"): (
        lambda services, call: access_reviews.review_rules(call, services.authorizer)
    ),
    ("selfsubjectreviews.authentication.k8s.io", "create"): (
        lambda services, call: identity_reviews.review_self(services.core, call)
    ),
    ("bindings", "create"): lambda services, call: create_binding(
        services.core, call, services.admission
    ),
    ("componentstatuses", "get"): (
        lambda services, call: component_statuses.get_component(services.core, call)
    ),
    ("componentstatuses", "list"): (
        lambda services, call: component_statuses.list_components(services.core, call)
    ),
    ("tokenreviews.authentication.k8s.io", "create"): (
        lambda services, call: identity_reviews.review_token(call, services.tokens)
    ),
}
