"""Who asks, and what they may do: tokens, impersonation, roles, reviews."""

from typing import Any

import pytest

from cluster_engine.apiserver.requests import User
from tests.engine.apiserver.served import CONFIGS, PODS, Served, config

RBAC = "/apis/rbac.authorization.k8s.io/v1"
REVIEWS = "/apis/authorization.k8s.io/v1"
JANE = User("jane", ("system:authenticated", "developers"))


def grant(served: Served, subject: dict[str, str], rules: list[dict[str, Any]]) -> None:
    """A role in "default" and its binding."""
    served.post(f"{RBAC}/namespaces/default/roles", {"metadata": {"name": "r"}, "rules": rules})
    binding = {
        "metadata": {"name": "b"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
        "subjects": [subject],
    }
    answer = served.post(f"{RBAC}/namespaces/default/rolebindings", binding)
    assert answer.status == 201, answer.body


READ = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param({"kind": "User", "name": "jane"}, id="a user"),
        pytest.param({"kind": "Group", "name": "developers"}, id="a group"),
    ],
)
def test_a_role_allows_what_it_says(served: Served, subject: dict[str, str]) -> None:
    served.post(CONFIGS, config("a"))
    grant(served, {"apiGroup": "rbac.authorization.k8s.io", **subject}, READ)
    assert served.get(CONFIGS, user=JANE).names == ["a"]
    assert served.get(f"{CONFIGS}/a", user=JANE).status == 200
    assert served.post(CONFIGS, config("b"), user=JANE).status == 403
    assert served.get("/api/v1/configmaps", user=JANE).status == 403


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        pytest.param(
            "GET",
            f"{PODS}/a",
            'pods "a" is forbidden: User "jane" cannot get resource "pods" in API group "" in the '
            'namespace "default"',
            id="one object",
        ),
        pytest.param(
            "GET",
            "/apis/apps/v1/deployments",
            'deployments.apps is forbidden: User "jane" cannot list resource "deployments" in API '
            'group "apps" at the cluster scope',
            id="a list everywhere",
        ),
        pytest.param(
            "GET",
            f"{PODS}/a/log",
            'pods "a" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in '
            'the namespace "default"',
            id="a subresource",
        ),
        pytest.param(
            "DELETE",
            PODS,
            'pods is forbidden: User "jane" cannot deletecollection resource "pods" in API group '
            '"" in the namespace "default"',
            id="a collection",
        ),
        pytest.param(
            "GET",
            "/metrics",
            'forbidden: User "jane" cannot get path "/metrics"',
            id="a path",
        ),
    ],
)
def test_refusals_say_what_was_asked(served: Served, method: str, path: str, message: str) -> None:
    answer = served.ask(method, path, user=JANE)
    assert (answer.status, answer.body["reason"]) == (403, "Forbidden")
    assert answer.message == message


def test_resource_names_narrow_a_rule(served: Served) -> None:
    rule = {**READ[0], "resourceNames": ["a"]}
    grant(served, {"kind": "User", "name": "jane"}, [rule])
    served.post(CONFIGS, config("a"))
    served.post(CONFIGS, config("b"))
    assert served.get(f"{CONFIGS}/a", user=JANE).status == 200
    assert served.get(f"{CONFIGS}/b", user=JANE).status == 403


def test_a_revoked_right_is_gone(served: Served) -> None:
    grant(served, {"kind": "User", "name": "jane"}, READ)
    assert served.get(CONFIGS, user=JANE).status == 200
    served.delete(f"{RBAC}/namespaces/default/rolebindings/b")
    assert served.get(CONFIGS, user=JANE).status == 403


def test_strangers_may_see_the_version_only(served: Served) -> None:
    assert served.get("/version", user=None).status == 200
    answer = served.get(PODS, user=None)
    assert answer.status == 403
    assert 'User "system:anonymous" cannot list resource "pods"' in answer.message


def test_a_token_that_nobody_gave(served: Served) -> None:
    answer = served.get(PODS, user=None, authorization="Bearer zap")
    assert (answer.status, answer.body["reason"]) == (401, "Unauthorized")
    assert answer.message == "Unauthorized"


def token(served: Served, **spec: Any) -> str:
    path = "/api/v1/namespaces/default/serviceaccounts/default/token"
    answer = served.post(path, {"spec": spec})
    assert answer.status == 201, answer.body
    text: str = answer.body["status"]["token"]
    return text


def test_service_accounts_come_with_tokens(served: Served) -> None:
    grant(served, {"kind": "ServiceAccount", "name": "default", "namespace": "default"}, READ)
    bearer = f"Bearer {token(served)}"
    assert served.get(CONFIGS, user=None, authorization=bearer).status == 200
    answer = served.get(PODS, user=None, authorization=bearer)
    assert 'User "system:serviceaccount:default:default"' in answer.message


def test_tokens_expire(served: Served) -> None:
    bearer = f"Bearer {token(served, expirationSeconds=600)}"
    served.advance(599_000)
    assert served.get("/version", user=None, authorization=bearer).status == 200
    served.advance(2_000)
    assert served.get("/version", user=None, authorization=bearer).status == 401


def test_tokens_end_with_their_account(served: Served) -> None:
    bearer = f"Bearer {token(served)}"
    path = "/api/v1/namespaces/default/serviceaccounts"
    served.delete(f"{path}/default")
    served.post(path, {"metadata": {"name": "default"}})
    assert served.get("/version", user=None, authorization=bearer).status == 401


def test_a_token_review_tells_who_it_is(served: Served) -> None:
    review = {"spec": {"token": token(served)}}
    answer = served.post("/apis/authentication.k8s.io/v1/tokenreviews", review)
    status = answer.body["status"]
    assert status["authenticated"] is True
    assert status["user"]["username"] == "system:serviceaccount:default:default"


def test_admins_may_act_as_others(served: Served) -> None:
    answer = served.get(PODS, impersonate_user="jane", impersonate_group="developers")
    assert answer.status == 403
    assert 'User "jane" cannot list' in answer.message
    whoami = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    me = served.post(whoami, {}, impersonate_user="jane", impersonate_group="developers")
    info = me.body["status"]["userInfo"]
    assert (info["username"], info["groups"]) == ("jane", ["developers", "system:authenticated"])


def test_others_may_not(served: Served) -> None:
    answer = served.get(PODS, user=JANE, impersonate_user="root")
    assert answer.status == 403
    assert answer.message == (
        'users "root" is forbidden: User "jane" cannot impersonate resource "users" in API group '
        '"" at the cluster scope'
    )


@pytest.mark.parametrize(
    ("verb", "resource", "allowed"),
    [
        pytest.param("get", "configmaps", True, id="what a role allows"),
        pytest.param("delete", "configmaps", False, id="another verb"),
        pytest.param("get", "secrets", False, id="another resource"),
    ],
)
def test_reviews_answer_as_requests_would(
    served: Served, verb: str, resource: str, allowed: bool
) -> None:
    grant(served, {"kind": "User", "name": "jane"}, READ)
    asked = {"namespace": "default", "verb": verb, "resource": resource}
    own = served.post(
        f"{REVIEWS}/selfsubjectaccessreviews", {"spec": {"resourceAttributes": asked}}, user=JANE
    )
    other = served.post(
        f"{REVIEWS}/subjectaccessreviews", {"spec": {"resourceAttributes": asked, "user": "jane"}}
    )
    assert own.body["status"]["allowed"] is allowed
    assert other.body["status"]["allowed"] is allowed


def test_rules_are_listed(served: Served) -> None:
    grant(served, {"kind": "User", "name": "jane"}, READ)
    answer = served.post(
        f"{REVIEWS}/selfsubjectrulesreviews", {"spec": {"namespace": "default"}}, user=JANE
    )
    assert {**READ[0]} in answer.body["status"]["resourceRules"]


def test_nobody_gives_more_than_they_have(served: Served) -> None:
    own = [
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]},
        {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["create"]},
    ]
    grant(served, {"kind": "User", "name": "jane"}, own)
    path = f"{RBAC}/namespaces/default/roles"
    granted = {"metadata": {"name": "mine"}, "rules": own[:1]}
    assert served.post(path, granted, user=JANE).status == 201
    more = {"metadata": {"name": "more"}, "rules": READ}
    answer = served.post(path, more, user=JANE)
    assert answer.status == 403
    assert 'user "jane" (groups=["system:authenticated" "developers"]) is attempting to grant' in (
        answer.message
    )
