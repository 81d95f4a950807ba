"""Who is this? SelfSubjectReview for the caller, TokenReview for a token.

Models: k8s.io/kubernetes/pkg/registry/authentication (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.answers import value_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.incoming import read_object
from cluster_engine.apiserver.options import write_options
from cluster_engine.apiserver.requests import Response, User
from cluster_engine.apiserver.tokens import ISSUER, Tokens


def review_self(core: Core, call: Call) -> Response:
    """SelfSubjectReview: who the caller is."""
    read_object(call, write_options(call.query, "CreateOptions"))
    answer = {
        "kind": "SelfSubjectReview",
        "apiVersion": call.api_version,
        "metadata": {"creationTimestamp": rfc3339(core.clock.now_ms)},
        "status": {"userInfo": user_info(call.user)},
    }
    return value_answer(call, answer, 201)


def review_token(call: Call, tokens: Tokens) -> Response:
    """TokenReview: whom a token stands for."""
    review = read_object(call, write_options(call.query, "CreateOptions"))
    spec = review.get("spec") or {}
    if not spec.get("token"):
        raise bad_request("token is required for TokenReview in authentication")
    bearer = tokens.check(spec["token"])
    status: Object
    if bearer is None:
        status = {"user": {}, "error": "invalid bearer token"}
    else:
        wanted = spec.get("audiences") or [ISSUER]
        both = [audience for audience in wanted if audience in bearer.audiences]
        if both:
            info = user_info(bearer.user)
            status = {"authenticated": True, "user": info, "audiences": both}
        else:
            status = {"user": {}, "error": "invalid bearer token"}
    answer = {
        "kind": "TokenReview",
        "apiVersion": call.api_version,
        "metadata": {},
        "spec": spec,
        "status": status,
    }
    return value_answer(call, answer, 201)


def user_info(user: User) -> Object:
    """`authentication.k8s.io/v1.UserInfo`."""
    info: Object = {"username": user.name}
    if user.uid:
        info["uid"] = user.uid
    if user.groups:
        info["groups"] = list(user.groups)
    if user.extra:
        info["extra"] = {name: list(values) for name, values in sorted(user.extra.items())}
    return info
