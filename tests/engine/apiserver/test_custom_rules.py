"""The rules of kinds that users define (`x-kubernetes-validations`)."""

from typing import Any

import pytest

from tests.engine.apiserver.served import Answer, Served

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
BOXES = "/apis/example.com/v1/namespaces/default/boxes"


def define(served: Served, *rules: dict[str, Any], more: dict[str, Any] | None = None) -> Answer:
    """A kind whose spec must keep the rules; `more`: its other fields."""
    fields = {
        **(more or {}),
        "low": {"type": "integer"},
        "high": {"type": "integer"},
        "name": {"type": "string"},
    }
    spec = {
        "type": "object",
        "properties": fields,
        "x-kubernetes-validations": list(rules),
    }
    schema = {"type": "object", "properties": {"spec": spec}}
    body = {
        "metadata": {"name": "boxes.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "boxes", "kind": "Box"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }
    return served.post(DEFINITIONS, body)


def box(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "example.com/v1",
        "kind": "Box",
        "metadata": {"name": "b"},
        "spec": spec,
    }


def causes(answer: Answer) -> list[tuple[str, str, str]]:
    return [
        (cause["reason"], cause["field"], cause["message"])
        for cause in answer.body["details"]["causes"]
    ]


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        (
            {"rule": "self.low <= self.high"},
            (
                "FieldValueInvalid",
                "spec",
                "Invalid value: failed rule: self.low <= self.high",
            ),
        ),
        (
            {"rule": "self.low <= self.high", "message": "low first"},
            ("FieldValueInvalid", "spec", "Invalid value: low first"),
        ),
        (
            {
                "rule": "self.low <= self.high",
                "messageExpression": "'%d is above %d'.format([self.low, self.high])",
            },
            ("FieldValueInvalid", "spec", "Invalid value: 3 is above 2"),
        ),
        (
            {
                "rule": "self.low <= self.high",
                "message": "too low",
                "reason": "FieldValueForbidden",
                "fieldPath": ".high",
            },
            ("FieldValueForbidden", "spec.high", "Forbidden: too low"),
        ),
        (
            {"rule": "self.low / (self.high - 2) == 1"},
            (
                "FieldValueInvalid",
                "spec",
                'Invalid value: "object": division by zero evaluating rule: '
                "self.low / (self.high - 2) == 1",
            ),
        ),
    ],
)
def test_a_broken_rule_is_told(
    served: Served, rule: dict[str, Any], cause: tuple[str, str, str]
) -> None:
    assert define(served, rule).status == 201
    answer = served.post(BOXES, box(low=3, high=2))
    assert answer.status == 422
    assert causes(answer) == [cause]


def test_a_kept_rule_says_nothing(served: Served) -> None:
    define(served, {"rule": "self.low <= self.high"})
    assert served.post(BOXES, box(low=2, high=3)).status == 201


def test_rules_of_change_are_asked_at_changes(served: Served) -> None:
    define(served, {"rule": "self.name == oldSelf.name", "message": "name is immutable"})
    made = served.post(BOXES, box(name="a", low=1))
    assert made.status == 201
    assert served.merge(f"{BOXES}/b", {"spec": {"low": 2}}).status == 200
    changed = served.merge(f"{BOXES}/b", {"spec": {"name": "z"}})
    assert [message for _, _, message in causes(changed)] == ["Invalid value: name is immutable"]


def test_a_rule_may_ask_about_what_was_not_there(served: Served) -> None:
    rule = {"rule": "oldSelf.hasValue() || self.low == 1", "optionalOldSelf": True}
    define(served, rule)
    assert served.post(BOXES, box(low=2)).status == 422
    made = served.post(BOXES, box(low=1))
    assert made.status == 201
    assert served.put(f"{BOXES}/b", {**made.body, "spec": {"low": 2}}).status == 200


def test_rules_wait_until_types_are_right(served: Served) -> None:
    define(served, {"rule": "self.low <= self.high"})
    answer = served.post(BOXES, box(low="x", high=1))
    assert [message for _, _, message in causes(answer)] == [
        'Invalid value: "string": spec.low in body must be of type integer: "string"',
        "Invalid value: null: some validation rules were not checked because the object was "
        "invalid; correct the existing errors to complete validation",
    ]


@pytest.mark.parametrize(
    ("rule", "field", "said"),
    [
        ({"rule": "self.zz == 1"}, "rule", "undefined field 'zz'"),
        ({"rule": "self.low"}, "rule", "cel expression must evaluate to a bool"),
        ({"rule": "self.low >"}, "rule", "Syntax error"),
        (
            {"rule": "true", "messageExpression": "1"},
            "messageExpression",
            "must evaluate to a string",
        ),
        ({"rule": "true", "optionalOldSelf": True}, "optionalOldSelf", "oldSelf is not used"),
        ({"rule": "true", "fieldPath": ".nothing"}, "fieldPath", "must be a valid path"),
    ],
)
def test_a_rule_must_be_sound(served: Served, rule: dict[str, Any], field: str, said: str) -> None:
    answer = define(served, rule)
    assert answer.status == 422
    [(_, where, message)] = causes(answer)
    assert where.endswith(f"properties[spec].x-kubernetes-validations[0].{field}")
    assert said in message


_ADVICE = (
    " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, "
    "maps, and strings are declared)"
)
_TOTAL = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema"


def test_a_rule_may_not_cost_too_much(served: Served) -> None:
    expression = "string(self.low) + ' is above ' + string(self.high)"
    answer = define(served, {"rule": "self.low <= self.high", "messageExpression": expression})
    path = (
        "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]"
        ".messageExpression"
    )
    exceeded = "exceeds budget by factor of more than 100x"
    assert [(field, message) for _, field, message in causes(answer)] == [
        (path, f"Forbidden: estimated messageExpression cost {exceeded}{_ADVICE}"),
        (
            path,
            "Forbidden: contributed to estimated rule cost total exceeding cost limit for entire "
            "OpenAPIv3 schema",
        ),
        ("spec.validation.openAPIV3Schema", f"Forbidden: {_TOTAL} {exceeded}{_ADVICE}"),
    ]


def test_the_excess_is_told(served: Served) -> None:
    items = {"type": "array", "maxItems": 50, "items": {"type": "string"}}
    items["x-kubernetes-validations"] = [{"rule": "self.all(x, x.contains('a'))"}]
    answer = define(served, more={"items": items})
    [(_, _, message)] = causes(answer)
    assert message == f"Forbidden: estimated rule cost exceeds budget by factor of 1.6x{_ADVICE}"


def test_defaults_keep_the_rules(served: Served) -> None:
    range_ = {
        "type": "object",
        "default": {},
        "properties": {"low": {"type": "integer"}, "high": {"type": "integer"}},
        "x-kubernetes-validations": [{"rule": "self.low <= self.high"}],
    }
    answer = define(served, more={"range": range_})
    [(_, field, message)] = causes(answer)
    assert field.endswith("properties[spec].properties[range].default")
    assert message == (
        'Invalid value: "object": no such key: low evaluating rule: self.low <= self.high'
    )


def test_items_without_keys_have_no_past(served: Served) -> None:
    rule = {"rule": "self == oldSelf"}
    item = {"type": "integer", "x-kubernetes-validations": [rule]}
    items = {"type": "array", "maxItems": 5, "items": item}
    answer = define(served, more={"items": items})
    [(_, _, message)] = causes(answer)
    assert message == (
        'Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of '
        "the schema within spec.validation.openAPIV3Schema.properties[spec].properties[items]"
    )
