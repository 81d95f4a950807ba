"""What webhooks, admission policies and certificates are refused for."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    GONE,
    Case,
    ChangeCase,
    Changes,
    assert_texts,
    problems,
    problems_of_change,
)

REFUSED: dict[str, Case] = {
    "a webhook without a domain": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].name": "hook"},
        [
            'webhooks[0].name: Invalid value: "hook": should be a domain with at least '
            "three segments separated by dots"
        ],
    ),
    "a webhook twice": (
        "ValidatingWebhookConfiguration",
        {
            "webhooks[1]": {
                "name": "a.example.com",
                "admissionReviewVersions": ["v1"],
                "sideEffects": "None",
                "clientConfig": {"url": "https://a"},
            }
        },
        ['webhooks[1].name: Duplicate value: "a.example.com"'],
    ),
    "a webhook of no version": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].admissionReviewVersions": []},
        ["webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1"],
    ),
    "a webhook of versions nobody knows": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].admissionReviewVersions": ["v9"]},
        [
            'webhooks[0].admissionReviewVersions: Invalid value: ["v9"]: must include at '
            "least one of v1, v1beta1"
        ],
    ),
    "a webhook with effects of its own": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].sideEffects": "Some"},
        [
            'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", '
            '"NoneOnDryRun"'
        ],
    ),
    "a webhook nowhere": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].clientConfig": {}},
        ["webhooks[0].clientConfig: Required value: exactly one of url or service is required"],
    ),
    "a webhook in two places": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].clientConfig.url": "https://a"},
        ["webhooks[0].clientConfig: Required value: exactly one of url or service is required"],
    ),
    "a webhook over plain http": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].clientConfig": {"url": "http://a"}},
        [
            "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only "
            "allowed URL scheme; desired format: https://host[/path]"
        ],
    ),
    "a webhook with a query": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].clientConfig": {"url": "https://a/?b"}},
        [
            'webhooks[0].clientConfig.url: Invalid value: "b": query parameters are not '
            "permitted in the URL"
        ],
    ),
    "a webhook that takes too long": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].timeoutSeconds": 31},
        [
            "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be "
            "between 1 and 30 seconds"
        ],
    ),
    "a failure policy nobody knows": (
        "ValidatingWebhookConfiguration",
        {"webhooks[0].failurePolicy": "Retry"},
        [
            'webhooks[0].failurePolicy: Unsupported value: "Retry": supported values: '
            '"Fail", "Ignore"'
        ],
    ),
    "a rule without operations": (
        "MutatingWebhookConfiguration",
        {"webhooks[0].rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}]},
        ["webhooks[0].rules[0].operations: Required value"],
    ),
    "a rule for all and one": (
        "MutatingWebhookConfiguration",
        {"webhooks[0].rules[0].operations": ["*", "CREATE"]},
        [
            'webhooks[0].rules[0].operations: Invalid value: ["*","CREATE"]: if \'*\' is '
            "present, must not specify other operations"
        ],
    ),
    "a rule with a wildcard and another resource": (
        "MutatingWebhookConfiguration",
        {"webhooks[0].rules[0].resources": ["*/*", "pods"]},
        [
            'webhooks[0].rules[0].resources: Invalid value: ["*/*","pods"]: if \'*/*\' is '
            "present, must not specify other resources"
        ],
    ),
    "a reinvocation policy nobody knows": (
        "MutatingWebhookConfiguration",
        {"webhooks[0].reinvocationPolicy": "Twice"},
        [
            'webhooks[0].reinvocationPolicy: Unsupported value: "Twice": supported values: '
            '"IfNeeded", "Never"'
        ],
    ),
    "a policy without rules": (
        "ValidatingAdmissionPolicy",
        {"spec.matchConstraints": GONE},
        ["spec.matchConstraints: Required value"],
    ),
    "a policy that checks nothing": (
        "ValidatingAdmissionPolicy",
        {"spec.validations": []},
        [
            "spec.validations: Required value: validations or auditAnnotations must "
            "contain at least one item",
            "spec.auditAnnotations: Required value: validations or auditAnnotations must "
            "contain at least one item",
        ],
    ),
    "a check without an expression": (
        "ValidatingAdmissionPolicy",
        {"spec.validations": [{"expression": ""}]},
        ["spec.validations[0].expression: Required value: expression is not specified"],
    ),
    "a message that is an empty line": (
        "ValidatingAdmissionPolicy",
        {"spec.validations[0].message": " "},
        ['spec.validations[0].message: Invalid value: " ": must be non-empty if specified'],
    ),
    "a reason nobody knows": (
        "ValidatingAdmissionPolicy",
        {"spec.validations[0].reason": "Luck"},
        [
            'spec.validations[0].reason: Unsupported value: "Luck": supported values: '
            '"Forbidden", "Invalid", "RequestEntityTooLarge"'
        ],
    ),
    "parameters of no version": (
        "ValidatingAdmissionPolicy",
        {"spec.paramKind": {"kind": "A"}},
        ["spec.paramKind.apiVersion: Required value"],
    ),
    "a binding of no policy": (
        "ValidatingAdmissionPolicyBinding",
        {"spec.policyName": ""},
        ["spec.policyName: Required value"],
    ),
    "a binding without an action": (
        "ValidatingAdmissionPolicyBinding",
        {"spec.validationActions": []},
        ["spec.validationActions: Required value"],
    ),
    "a binding that denies and warns": (
        "ValidatingAdmissionPolicyBinding",
        {"spec.validationActions": ["Deny", "Warn"]},
        [
            'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both '
            "Deny and Warn (repeating the same validation failure information in the API "
            "response and headers serves no purpose)"
        ],
    ),
    "a binding with an action nobody knows": (
        "ValidatingAdmissionPolicyBinding",
        {"spec.validationActions": ["Shout"]},
        [
            'spec.validationActions[0]: Unsupported value: "Shout": supported values: '
            '"Audit", "Deny", "Warn"'
        ],
    ),
    "a mutation of no type": (
        "MutatingAdmissionPolicy",
        {"spec.mutations": [{}]},
        ["spec.mutations[0].patchType: Required value"],
    ),
    "a request without a signer": (
        "CertificateSigningRequest",
        {"spec.signerName": ""},
        ["spec.signerName: Required value"],
    ),
    "a request that is none": (
        "CertificateSigningRequest",
        {"spec.request": "eA=="},
        ['spec.request: Invalid value: "eA==": PEM block type must be CERTIFICATE REQUEST'],
    ),
    "a request without usages": (
        "CertificateSigningRequest",
        {"spec.usages": []},
        ["spec.usages: Required value"],
    ),
    "a usage twice": (
        "CertificateSigningRequest",
        {"spec.usages": ["client auth", "client auth"]},
        ['spec.usages[1]: Duplicate value: "client auth"'],
    ),
    "a usage nobody knows": (
        "CertificateSigningRequest",
        {"spec.usages": ["flying"]},
        [
            'spec.usages[0]: Unsupported value: "flying": supported values: "any", "cert '
            'sign", "client auth", "code signing", "content commitment", "crl sign", "data '
            'encipherment", "decipher only", "digital signature", "email protection", '
            '"encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key '
            'agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp '
            'signing", "s/mime", "server auth", "signing", "timestamping"'
        ],
    ),
    "a certificate for less than ten minutes": (
        "CertificateSigningRequest",
        {"spec.expirationSeconds": 10},
        [
            "spec.expirationSeconds: Invalid value: 10: may not specify a duration less "
            "than 600 seconds (10 minutes)"
        ],
    ),
    "a bundle that trusts nobody": (
        "ClusterTrustBundle",
        {"spec.trustBundle": "nothing"},
        [
            'spec.trustBundle: Invalid value: "<value omitted>": at least one trust anchor '
            "must be provided"
        ],
    ),
    "a signer's bundle is named after it": (
        "ClusterTrustBundle",
        {"spec.signerName": "example.com/a"},
        [
            'metadata.name: Invalid value: "example": ClusterTrustBundle for signerName '
            "example.com/a must be named with prefix example.com:a:"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)


CHANGES: dict[str, ChangeCase] = {
    "a policy may change": ("ValidatingAdmissionPolicy", {}, {"spec.failurePolicy": "Ignore"}, []),
    "a request stays what it was": (
        "CertificateSigningRequest",
        {},
        {"spec.usages": ["digital signature", "client auth"]},
        [],
    ),
    "a bundle keeps its signer": (
        "ClusterTrustBundle",
        {"metadata.name": "example.com:a:b", "spec.signerName": "example.com/a"},
        {"spec.signerName": "example.com/b"},
        [
            'metadata.name: Invalid value: "example.com:a:b": ClusterTrustBundle for '
            "signerName example.com/b must be named with prefix example.com:b:",
            'spec.signerName: Invalid value: "example.com/b": field is immutable',
        ],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)
