"""Admission policies that people write themselves."""

from typing import Any

import pytest

from tests.engine.apiserver.served import Answer, EchoingNodes, Served, config

GROUP = "/apis/admissionregistration.k8s.io/v1"
POLICIES = f"{GROUP}/validatingadmissionpolicies"
BINDINGS = f"{GROUP}/validatingadmissionpolicybindings"
CONFIGS = "/api/v1/namespaces/default/configmaps"
RULE = {
    "apiGroups": [""],
    "apiVersions": ["v1"],
    "operations": ["CREATE", "UPDATE"],
    "resources": ["configmaps"],
}


def policy(
    *validations: dict[str, Any], rule: dict[str, Any] | None = None, **spec: Any
) -> dict[str, Any]:
    return {
        "metadata": {"name": "p"},
        "spec": {
            "matchConstraints": {"resourceRules": [{**RULE, **(rule or {})}]},
            "validations": list(validations),
            **spec,
        },
    }


def bind(served: Served, *actions: str, name: str = "b", **spec: Any) -> Answer:
    body = {
        "metadata": {"name": name},
        "spec": {"policyName": "p", "validationActions": list(actions) or ["Deny"], **spec},
    }
    return served.post(BINDINGS, body)


def enforce(served: Served, *validations: dict[str, Any], **spec: Any) -> None:
    """A bound policy that denies."""
    made = served.post(POLICIES, policy(*validations, **spec))
    assert made.status == 201, made.body
    bound = bind(served)
    assert bound.status == 201, bound.body


def denied(answer: Answer) -> str:
    """What the policy says against it."""
    start = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: "
    assert start in answer.message, answer.message
    return answer.message.partition(start)[2]


@pytest.mark.parametrize(
    ("validation", "code", "said"),
    [
        ({"expression": "object.metadata.name == 'x'", "message": "be x"}, 422, "be x"),
        (
            {"expression": "object.metadata.name == 'x'", "reason": "Forbidden"},
            403,
            "failed expression: object.metadata.name == 'x'",
        ),
        (
            {
                "expression": "false",
                "messageExpression": "'not ' + object.metadata.name",
                "reason": "RequestEntityTooLarge",
            },
            413,
            "not c",
        ),
        (
            {"expression": "false", "messageExpression": "object.data.x + 'x'", "message": "no"},
            422,
            "no",
        ),
        (
            {"expression": "object.spec.x == 1"},
            422,
            "expression 'object.spec.x == 1' resulted in error: no such key: spec",
        ),
        ({"expression": "oldObject != null"}, 422, "failed expression: oldObject != null"),
        ({"expression": "request.operation == 'UPDATE'", "message": "update"}, 422, "update"),
        (
            {"expression": "request.userInfo.username == 'jane'", "message": "only jane"},
            422,
            "only jane",
        ),
        (
            {"expression": "namespaceObject.metadata.name == 'x'", "message": "there"},
            422,
            "there",
        ),
        (
            {
                "expression": "authorizer.serviceAccount('default', 'x').group('').resource('pods')"
                ".namespace('default').check('create').allowed()",
                "message": "may not",
            },
            422,
            "may not",
        ),
        (
            {"expression": "!authorizer.requestResource.check('create').allowed()"},
            422,
            "failed expression: !authorizer.requestResource.check('create').allowed()",
        ),
    ],
)
def test_a_bound_policy_denies(
    served: Served, validation: dict[str, Any], code: int, said: str
) -> None:
    enforce(served, validation)
    answer = served.post(CONFIGS, config("c"))
    assert (answer.status, denied(answer)) == (code, said)
    [cause] = answer.body["details"]["causes"]
    assert answer.message == f'configmaps "c" is forbidden: {cause["message"]}'


def test_a_satisfied_policy_says_nothing(served: Served) -> None:
    enforce(served, {"expression": "object.metadata.name.startsWith('c')"})
    assert served.post(CONFIGS, config("c")).status == 201


def test_every_way_to_write_is_asked_about(served: Served) -> None:
    served.post(CONFIGS, config("old"))
    enforce(served, {"expression": "!has(object.data)", "message": "empty only"})
    full = config("old", {"a": "1"})
    for answer in (
        served.post(CONFIGS, config("new", {"a": "1"})),
        served.post(f"{CONFIGS}?dryRun=All", config("new", {"a": "1"})),
        served.put(f"{CONFIGS}/old", full),
        served.merge(f"{CONFIGS}/old", {"data": {"a": "1"}}),
        served.apply(f"{CONFIGS}/old", {"apiVersion": "v1", "kind": "ConfigMap", **full}),
    ):
        assert denied(answer) == "empty only"
    assert served.delete(f"{CONFIGS}/old").status == 200


def test_an_unbound_policy_is_not_asked(served: Served) -> None:
    served.post(POLICIES, policy({"expression": "false"}))
    assert served.post(CONFIGS, config("a")).status == 201
    bind(served)
    assert served.post(CONFIGS, config("b")).status == 422
    served.delete(f"{BINDINGS}/b")
    assert served.post(CONFIGS, config("c")).status == 201


def test_a_changed_policy_counts_at_once(served: Served) -> None:
    enforce(served, {"expression": "false"})
    served.merge(f"{POLICIES}/p", {"spec": {"validations": [{"expression": "true"}]}})
    assert served.post(CONFIGS, config("c")).status == 201


def test_a_warning_lets_pass(served: Served) -> None:
    served.post(POLICIES, policy({"expression": "false", "message": "mind"}))
    bind(served, "Warn", "Audit")
    answer = served.post(CONFIGS, config("c"))
    assert answer.status == 201
    assert answer.warnings == (
        "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': mind",
    )


def test_an_audit_says_nothing(served: Served) -> None:
    served.post(POLICIES, policy({"expression": "false"}))
    bind(served, "Audit")
    answer = served.post(CONFIGS, config("c"))
    assert (answer.status, answer.warnings) == (201, ())


def test_failures_may_be_ignored(served: Served) -> None:
    enforce(served, {"expression": "object.spec.x == 1"}, failurePolicy="Ignore")
    assert served.post(CONFIGS, config("c")).status == 201


def test_variables_are_worked_out_when_asked_for(served: Served) -> None:
    enforce(
        served,
        {"expression": "variables.twice == 2 || variables.bad == 1"},
        {"expression": "variables.bad == 1"},
        variables=[
            {"name": "count", "expression": "size(object.data)"},
            {"name": "twice", "expression": "variables.count * 2"},
            {"name": "bad", "expression": "object.nothing"},
        ],
    )
    assert denied(served.post(CONFIGS, config("c", {"a": "1"}))) == (
        "expression 'variables.bad == 1' resulted in error: composited variable \"bad\" fails to "
        "evaluate: no such key: nothing"
    )


@pytest.mark.parametrize(
    ("matching", "is_asked"),
    [
        ({"resourceRules": [{**RULE, "operations": ["*"], "resources": ["*"]}]}, True),
        ({"resourceRules": [{**RULE, "operations": ["DELETE"]}]}, False),
        ({"resourceRules": [{**RULE, "resources": ["configmaps/status"]}]}, False),
        ({"resourceRules": [{**RULE, "resources": ["*/*"]}]}, True),
        ({"resourceRules": [{**RULE, "apiGroups": ["apps"]}]}, False),
        ({"resourceRules": [{**RULE, "resourceNames": ["c"]}]}, True),
        ({"resourceRules": [{**RULE, "resourceNames": ["d"]}]}, False),
        ({"resourceRules": [{**RULE, "scope": "Cluster"}]}, False),
        ({"resourceRules": [RULE], "excludeResourceRules": [RULE]}, False),
        ({"resourceRules": [RULE], "objectSelector": {"matchLabels": {"a": "1"}}}, True),
        ({"resourceRules": [RULE], "objectSelector": {"matchLabels": {"a": "2"}}}, False),
        (
            {
                "resourceRules": [RULE],
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "default"}},
            },
            True,
        ),
        ({"resourceRules": [RULE], "namespaceSelector": {"matchLabels": {"a": "1"}}}, False),
    ],
)
def test_a_policy_is_about_some_writes(
    served: Served, matching: dict[str, Any], is_asked: bool
) -> None:
    enforce(served, {"expression": "false"}, matchConstraints=matching)
    answer = served.post(CONFIGS, config("c", labels={"a": "1"}))
    assert answer.status == (422 if is_asked else 201)


def test_a_binding_narrows_down(served: Served) -> None:
    served.post(POLICIES, policy({"expression": "false"}))
    bind(served, matchResources={"objectSelector": {"matchLabels": {"a": "1"}}})
    assert served.post(CONFIGS, config("a")).status == 201
    assert served.post(CONFIGS, config("b", labels={"a": "1"})).status == 422


def test_match_conditions_must_all_hold(served: Served) -> None:
    conditions = [
        {"name": "small", "expression": "object.metadata.name != 'big'"},
        {"name": "labelled", "expression": "object.metadata.labels.a == '1'"},
    ]
    enforce(served, {"expression": "false", "message": "no"}, matchConditions=conditions)
    assert served.post(CONFIGS, config("big")).status == 201
    assert denied(served.post(CONFIGS, config("c", labels={"a": "1"}))) == "no"
    assert denied(served.post(CONFIGS, config("d"))) == (
        "expression 'object.metadata.labels.a == '1'' resulted in error: no such key: labels"
    )


def test_other_versions_of_a_kind_are_the_same(served: Served) -> None:
    rule = {"apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers"]}
    enforce(served, {"expression": "has(object.spec.targetCPUUtilizationPercentage)"}, rule=rule)
    body = {
        "metadata": {"name": "h"},
        "spec": {
            "maxReplicas": 2,
            "scaleTargetRef": {"kind": "Deployment", "name": "d", "apiVersion": "apps/v1"},
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": "cpu",
                        "target": {"type": "Utilization", "averageUtilization": 50},
                    },
                }
            ],
        },
    }
    path = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers"
    assert served.post(path, body).status == 201


class TestParameters:
    """Objects that bindings give to policies."""

    KIND = {"apiVersion": "v1", "kind": "ConfigMap"}
    RULE = {"resources": ["secrets"]}
    SECRETS = "/api/v1/namespaces/default/secrets"
    LIMIT = {
        "expression": "size(object.metadata.name) <= int(params.data.max)",
        "messageExpression": "'longer than ' + params.data.max",
    }

    def _policy(self, served: Served) -> None:
        spec = policy(self.LIMIT, rule=self.RULE, paramKind=self.KIND)
        assert served.post(POLICIES, spec).status == 201

    def _secret(self, served: Served, name: str) -> Answer:
        return served.post(self.SECRETS, {"metadata": {"name": name}})

    def test_by_name(self, served: Served) -> None:
        self._policy(served)
        served.post(CONFIGS, config("limit", {"max": "2"}))
        bind(served, paramRef={"name": "limit", "parameterNotFoundAction": "Deny"})
        assert self._secret(served, "ab").status == 201
        assert denied(self._secret(served, "abc")) == "longer than 2"

    def test_by_labels(self, served: Served) -> None:
        self._policy(served)
        for number in ("1", "2", "3"):
            served.post(CONFIGS, config(f"l{number}", {"max": number}, labels={"is": "limit"}))
        selector = {"matchLabels": {"is": "limit"}}
        bind(served, paramRef={"selector": selector, "parameterNotFoundAction": "Deny"})
        assert self._secret(served, "a").status == 201
        assert denied(self._secret(served, "abc")) == "longer than 1"

    @pytest.mark.parametrize("action", ["Deny", "Allow"])
    def test_that_are_not_there(self, served: Served, action: str) -> None:
        self._policy(served)
        bind(served, "Warn", paramRef={"name": "limit", "parameterNotFoundAction": action})
        answer = self._secret(served, "abc")
        if action == "Allow":
            assert answer.status == 201
        else:
            assert denied(answer) == (
                "failed to configure binding: no params found for policy binding with `Deny` "
                "parameterNotFoundAction"
            )

    def test_of_an_unknown_kind(self, served: Served) -> None:
        kind = {"apiVersion": "example.com/v1", "kind": "Limit"}
        served.post(POLICIES, policy(self.LIMIT, rule=self.RULE, paramKind=kind))
        bind(served, paramRef={"name": "limit", "parameterNotFoundAction": "Deny"})
        assert self._secret(served, "a").message.endswith(
            "ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to "
            "find resource referenced by paramKind: 'example.com/v1, Kind=Limit'"
        )


def test_deletions_show_what_goes(served: Served) -> None:
    served.post(CONFIGS, config("c", labels={"keep": "yes"}))
    validation = {"expression": "object == null && !has(oldObject.metadata.labels.keep)"}
    enforce(served, validation, rule={"operations": ["DELETE"]})
    assert served.delete(f"{CONFIGS}/c").status == 422
    served.post(CONFIGS, config("d", labels={"go": "yes"}))
    assert served.delete(f"{CONFIGS}/d").status == 200


def test_connections_are_asked_about(served: Served) -> None:
    rule = {"operations": ["CONNECT"], "resources": ["pods/exec"]}
    validation = {
        "expression": "object.kind != 'PodExecOptions' || object.command[0] != 'rm'",
        "messageExpression": "request.name + ' keeps its files'",
    }
    enforce(served, validation, rule=rule)
    served.api.node_link = EchoingNodes()
    pod = {"metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    pod["spec"]["nodeName"] = "n"  # type: ignore[index]
    assert served.post("/api/v1/namespaces/default/pods", pod).status == 201
    path = "/api/v1/namespaces/default/pods/a/exec?stdout=true&command="
    assert denied(served.post(f"{path}rm")) == "a keeps its files"
    assert served.post(f"{path}ls").status == 101


def test_a_scale_is_shown_as_such(served: Served) -> None:
    rule = {"apiGroups": ["apps"], "resources": ["deployments/scale"]}
    enforce(
        served,
        {"expression": "object.kind == 'Scale' && object.spec.replicas < 3", "message": "few"},
        rule=rule,
    )
    spec = {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {
            "metadata": {"labels": {"a": "b"}},
            "spec": {"containers": [{"name": "c", "image": "i"}]},
        },
    }
    path = "/apis/apps/v1/namespaces/default/deployments"
    assert served.post(path, {"metadata": {"name": "d"}, "spec": spec}).status == 201
    assert served.merge(f"{path}/d/scale", {"spec": {"replicas": 2}}).status == 200
    assert denied(served.merge(f"{path}/d/scale", {"spec": {"replicas": 3}})) == "few"
    assert served.merge(f"{path}/d", {"spec": {"replicas": 3}}).status == 200


def test_nobody_is_locked_out(served: Served) -> None:
    rule = {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*"]}
    enforce(served, {"expression": "false"}, rule=rule)
    assert served.post(CONFIGS, config("c")).status == 422
    assert served.delete(f"{POLICIES}/p").status == 200
    assert served.post(CONFIGS, config("c")).status == 201


@pytest.mark.parametrize(
    ("spec", "field", "said"),
    [
        ({"validations": [{"expression": "1"}]}, "validations[0].expression", "bool but got int"),
        (
            {"validations": [{"expression": "object.x"}]},
            "validations[0].expression",
            "must evaluate to bool but got dyn",
        ),
        (
            {"validations": [{"expression": "params.x == 1"}]},
            "validations[0].expression",
            "undeclared reference to 'params'",
        ),
        (
            {"validations": [{"expression": "true", "messageExpression": "1"}]},
            "validations[0].messageExpression",
            "must evaluate to string but got int",
        ),
        (
            {"validations": [{"expression": "request.nope == 1"}]},
            "validations[0].expression",
            "undefined field 'nope'",
        ),
        (
            {"variables": [{"name": "v", "expression": "variables.w"}]},
            "variables[0].expression",
            "undefined field 'w'",
        ),
        (
            {"matchConditions": [{"name": "m", "expression": "'x'"}]},
            "matchConditions[0].expression",
            "must evaluate to bool but got string",
        ),
        (
            {"auditAnnotations": [{"key": "k", "valueExpression": "1"}]},
            "auditAnnotations[0].valueExpression",
            "must evaluate to one of [string null_type] but got int",
        ),
    ],
)
def test_expressions_must_be_sound(
    served: Served, spec: dict[str, Any], field: str, said: str
) -> None:
    answer = served.post(POLICIES, policy({"expression": "true"}, **spec))
    assert answer.status == 422
    [cause] = answer.body["details"]["causes"]
    assert cause["field"] == f"spec.{field}"
    assert said in cause["message"]
