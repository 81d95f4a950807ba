"""Problems of admission policies and their bindings.

Models: validateValidatingAdmissionPolicy, validateMutatingAdmissionPolicy and their bindings in
k8s.io/kubernetes/pkg/apis/admissionregistration/validation (v1.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cluster_engine.apimachinery.cel.programs import CompileError
from cluster_engine.apimachinery.cel.types import BOOL, NULL, STRING, list_of
from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import (
    is_dns1035_label,
    is_dns1123_subdomain,
    is_path_segment,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.admissionregistration.expressions import (
    JSON_PATCH,
    OBJECT,
    Environment,
)
from cluster_engine.kinds.admissionregistration.reserved import reserved_name_problems
from cluster_engine.kinds.admissionregistration.rules import (
    FAILURE_POLICIES,
    check_match_conditions,
    check_match_resources,
)
from cluster_engine.kinds.checks import (
    Problems,
    conditions,
    declared,
    dns_subdomain,
    label_selector,
    qualified_name,
    wrong,
)

_ACTIONS = ("Audit", "Deny", "Warn")
_REASONS = ("Forbidden", "Invalid", "RequestEntityTooLarge")
_PATCH_TYPES = ("ApplyConfiguration", "JSONPatch")
_REINVOCATIONS = ("IfNeeded", "Never")
_MUTATING_OPERATIONS = ("*", "CONNECT", "CREATE", "UPDATE")
_NOT_FOUND_ACTIONS = ("Deny", "Allow")
_ANNOTATIONS_MAX = 20
_ANNOTATION_LENGTH_MAX = 5 * 1024
_IDENTIFIER = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*", re.ASCII)
_RESERVED = frozenset(
    (
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for"),
        *("function", "if", "import", "let", "loop", "package", "namespace", "return", "var"),
        *("void", "while"),
    )
)
_EMPTY = "validations or auditAnnotations must contain at least one item"
_EXCLUSIVE = "name and selector are mutually exclusive"


def validate_policy(obj: Object) -> list[FieldError]:
    """Problems of a new validating policy."""
    return _policy_problems(obj, None) + reserved_name_problems(obj)


def validate_policy_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    return _policy_problems(new, old)


def _policy_problems(obj: Object, old: Object | None) -> list[FieldError]:
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    _check_matching(problems, spec, old)
    environment = _checked_environment(problems, spec)
    validations, notes = spec.get("validations") or (), spec.get("auditAnnotations") or ()
    if not validations and not notes:
        problems += [
            required("spec.validations", _EMPTY),
            required("spec.auditAnnotations", _EMPTY),
        ]
    for position, validation in enumerate(validations):
        _check_validation(problems, f"spec.validations[{position}]", validation, environment)
    if len(notes) > _ANNOTATIONS_MAX:
        text = f"must not have more than {_ANNOTATIONS_MAX} auditAnnotations"
        problems.append(invalid_value("spec.auditAnnotations", notes, text))
    seen = set()
    for position, note in enumerate(notes):
        path, key = f"spec.auditAnnotations[{position}]", note.get("key", "")
        _check_note(problems, path, note, obj["metadata"].get("name", ""), environment)
        if key in seen:
            problems.append(duplicate(f"{path}.key", key))
        seen.add(key)
    return problems


def _check_matching(
    problems: list[FieldError], spec: Object, old: Object | None, *, is_mutating: bool = False
) -> None:
    policy, kind = spec.get("failurePolicy"), spec.get("paramKind")
    if policy is None:
        problems.append(required("spec.failurePolicy"))
    elif policy not in FAILURE_POLICIES:
        problems.append(not_supported("spec.failurePolicy", policy, FAILURE_POLICIES))
    if kind is not None:
        _check_kind(problems, "spec.paramKind", kind)
    constraints, path = spec.get("matchConstraints"), "spec.matchConstraints"
    if constraints is None:
        problems.append(required(path))
    else:
        check_match_resources(problems, path, constraints)
        if not constraints.get("resourceRules"):
            problems.append(required(f"{path}.resourceRules"))
        if is_mutating:
            _check_operations(problems, path, constraints)
    before = (old or {}).get("spec") or {}
    is_same = old is not None and all(
        spec.get(field) == before.get(field) for field in ("paramKind", "matchConditions")
    )
    if not is_same:
        held = spec.get("matchConditions") or ()
        check_match_conditions(problems, "spec.matchConditions", held, has_params=kind is not None)


def _check_operations(problems: list[FieldError], path: str, resources: Object) -> None:
    problems.extend(
        not_supported(f"{path}.resourceRules.operations", operation, _MUTATING_OPERATIONS)
        for rule in resources.get("resourceRules") or ()
        for operation in rule.get("operations") or ()
        if operation not in _MUTATING_OPERATIONS
    )


def _check_kind(problems: list[FieldError], path: str, kind: Object) -> None:
    written, name = kind.get("apiVersion", ""), kind.get("kind", "")
    at = f"{path}.apiVersion"
    if not written:
        problems.append(required(at))
    elif written.count("/") > 1:
        text = f"unexpected GroupVersion string: {written}"
        problems.append(invalid_value(at, written, text))
    else:
        group, _, version = written.rpartition("/")
        if group and is_dns1123_subdomain(group):
            problems.append(invalid_value(at, group, ",".join(is_dns1123_subdomain(group))))
        if not version:
            problems.append(invalid_value(at, written, "version must be specified"))
        elif is_dns1035_label(version):
            problems.append(invalid_value(at, version, ",".join(is_dns1035_label(version))))
    if not name:
        problems.append(required(f"{path}.kind"))
    elif is_dns1035_label(name.lower()):
        why = ",".join(is_dns1035_label(name.lower()))
        text = f"may have mixed case, but should otherwise match: {why}"
        problems.append(invalid_value(f"{path}.kind", name, text))


def _checked_environment(
    problems: list[FieldError], spec: Object, *, has_patches: bool = False
) -> Environment:
    """What the expressions see, after a look at the policy's own variables."""
    variables = spec.get("variables") or ()
    environment = Environment(
        has_params="paramKind" in spec, has_own=bool(variables), has_patches=has_patches
    )
    for position, variable in enumerate(variables):
        _check_variable(problems, f"spec.variables[{position}]", variable, environment)
    return environment


def _check_variable(
    problems: list[FieldError], path: str, variable: Object, environment: Environment
) -> None:
    name = variable.get("name", "")
    if not name.strip():
        problems.append(required(f"{path}.name", "name is not specified"))
    elif not _IDENTIFIER.fullmatch(name) or name in _RESERVED:
        problems.append(invalid_value(f"{path}.name", name, "must be a valid CEL identifier"))
    expression = variable.get("expression", "")
    if not expression.strip():
        problems.append(required(f"{path}.expression", "expression is not specified"))
        return
    try:
        environment.add(name, expression)
    except CompileError as error:
        problems.append(invalid_value(f"{path}.expression", expression, str(error)))


def _check_validation(
    problems: list[FieldError], path: str, validation: Object, environment: Environment
) -> None:
    expression = validation.get("expression", "")
    if not expression.strip():
        problems.append(required(f"{path}.expression", "expression is not specified"))
    else:
        why = environment.problem(expression, (BOOL,))
        if why is not None:
            problems.append(invalid_value(f"{path}.expression", expression, why))
    _check_message(problems, path, validation, environment)
    reason = validation.get("reason")
    if reason is not None and reason not in _REASONS:
        problems.append(not_supported(f"{path}.reason", reason, _REASONS))


def _check_message(
    problems: list[FieldError], path: str, validation: Object, environment: Environment
) -> None:
    for field in ("messageExpression", "message"):
        text = validation.get(field, "")
        if text and not text.strip():
            problems.append(
                invalid_value(f"{path}.{field}", text, "must be non-empty if specified")
            )
        elif field == "message" and re.search(r"[\n\r]", text.strip()):
            problems.append(invalid_value(f"{path}.{field}", text, "must not contain line breaks"))
        elif field == "messageExpression" and text:
            why = environment.problem(text, (STRING,), has_authorizer=False)
            if why is not None:
                problems.append(invalid_value(f"{path}.{field}", text, why))


def _check_note(
    problems: list[FieldError], path: str, note: Object, name: str, environment: Environment
) -> None:
    key, expression = note.get("key", ""), note.get("valueExpression", "").strip()
    if name:
        qualified_name(problems, f"{path}.key", f"{name}/{key}")
    else:
        text = "requires metadata.name be non-empty"
        problems.append(invalid_value(f"{path}.key", key, text))
    if not expression:
        text = "valueExpression is not specified"
        problems.append(required(f"{path}.valueExpression", text))
    elif len(expression) > _ANNOTATION_LENGTH_MAX:
        text = f"must not exceed {_ANNOTATION_LENGTH_MAX} bytes in length"
        problems.append(required(f"{path}.valueExpression", text))
    else:
        why = environment.problem(expression, (STRING, NULL))
        if why is not None:
            value = note["valueExpression"]
            problems.append(invalid_value(f"{path}.valueExpression", value, why))


def validate_policy_status(new: Object, old: Object) -> list[FieldError]:
    """What the type checker found, and conditions."""
    del old
    problems: list[FieldError] = []
    status = new.get("status") or {}
    checking = status.get("typeChecking") or {}
    for position, warning in enumerate(checking.get("expressionWarnings") or ()):
        at = f"status.typeChecking.expressionWarnings[{position}]"
        if not warning.get("warning"):
            problems.append(required(f"{at}.warning"))
        if not warning.get("fieldRef", "").strip():
            problems.append(required(f"{at}.fieldRef"))
    conditions(problems, "status.conditions", status.get("conditions"))
    return problems


def validate_mutating_policy(obj: Object) -> list[FieldError]:
    """Problems of a new mutating policy."""
    return _mutating_problems(obj, None) + reserved_name_problems(obj)


def validate_mutating_policy_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    return _mutating_problems(new, old)


def _mutating_problems(obj: Object, old: Object | None) -> list[FieldError]:
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    _check_matching(problems, spec, old, is_mutating=True)
    environment = _checked_environment(problems, spec, has_patches=True)
    mutations = spec.get("mutations") or ()
    if not mutations:
        problems.append(required("spec.mutations", "mutations must contain at least one item"))
    for position, mutation in enumerate(mutations):
        _check_mutation(problems, f"spec.mutations[{position}]", mutation, environment)
    policy = spec.get("reinvocationPolicy", "")
    if not policy:
        problems.append(required("spec.reinvocationPolicy"))
    elif policy not in _REINVOCATIONS:
        problems.append(not_supported("spec.reinvocationPolicy", policy, _REINVOCATIONS))
    return problems


def _check_mutation(
    problems: list[FieldError], path: str, mutation: Object, environment: Environment
) -> None:
    type_ = mutation.get("patchType", "")
    if not type_:
        problems.append(required(f"{path}.patchType"))
        return
    if type_ not in _PATCH_TYPES:
        problems.append(not_supported(f"{path}.patchType", type_, _PATCH_TYPES))
        return
    fields = ("applyConfiguration", "jsonPatch")
    wanted, other = fields if type_ == "ApplyConfiguration" else fields[::-1]
    if mutation.get(wanted) is None:
        text = f"must be specified when patchType is {type_}"
        problems.append(required(f"{path}.{wanted}", text))
    elif not mutation[wanted].get("expression", "").strip():
        problems.append(required(f"{path}.{wanted}.expression"))
    else:
        expression = mutation[wanted]["expression"]
        result = OBJECT if type_ == "ApplyConfiguration" else list_of(JSON_PATCH)
        why = environment.problem(expression, (result,))
        if why is not None:
            problems.append(invalid_value(f"{path}.{wanted}.expression", expression, why))
    if mutation.get(other) is not None:
        text = f"must not be specified when patchType is {type_}"
        problems.append(invalid_value(f"{path}.{other}", f"{{{other}}}", text))


def validate_binding(obj: Object) -> list[FieldError]:
    """Problems of a new binding of a validating policy."""
    return validate_binding_update(obj, obj) + reserved_name_problems(obj)


def validate_binding_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    problems = Problems()
    spec = new.get("spec") or {}
    if not spec.get("policyName"):
        declared(problems).append(required("spec.policyName"))
    _check_binding(problems, spec)
    _check_actions(problems, "spec.validationActions", spec.get("validationActions") or [])
    return problems.all()


def validate_mutating_binding(obj: Object) -> list[FieldError]:
    """Problems of a new binding of a mutating policy."""
    return validate_mutating_binding_update(obj, obj) + reserved_name_problems(obj)


def validate_mutating_binding_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    problems: list[FieldError] = []
    spec = new.get("spec") or {}
    if not spec.get("policyName"):
        problems.append(required("spec.policyName"))
    _check_binding(problems, spec)
    if spec.get("matchResources") is not None:
        _check_operations(problems, "spec.matchResources", spec["matchResources"])
    return problems


def _check_binding(problems: list[FieldError], spec: Object) -> None:
    if spec.get("policyName"):
        dns_subdomain(problems, "spec.policyName", spec["policyName"])
    if spec.get("paramRef") is not None:
        _check_parameters(problems, "spec.paramRef", spec["paramRef"])
    if spec.get("matchResources") is not None:
        check_match_resources(problems, "spec.matchResources", spec["matchResources"])


def _check_actions(problems: Problems, path: str, actions: Sequence[str]) -> None:
    for position, action in enumerate(actions):
        at = f"{path}[{position}]"
        if action not in _ACTIONS:
            problems.append(not_supported(at, action, _ACTIONS))
        if action in actions[:position]:
            problems.append(duplicate(at, action))
    if "Deny" in actions and "Warn" in actions:
        text = (
            "must not contain both Deny and Warn (repeating the same validation failure "
            "information in the API response and headers serves no purpose)"
        )
        problems.append(invalid_value(path, actions, text))
    if not actions:
        declared(problems).append(required(path))


def _check_parameters(problems: list[FieldError], path: str, reference: Object) -> None:
    name, selector = reference.get("name", ""), reference.get("selector")
    if name:
        wrong(problems, f"{path}.name", name, is_path_segment(name))
        if selector is not None:
            problems.append(forbidden_field(f"{path}.name", _EXCLUSIVE))
    if selector is not None:
        label_selector(problems, f"{path}.selector", selector)
        if name:
            problems.append(forbidden_field(f"{path}.selector", _EXCLUSIVE))
    if not name and selector is None:
        problems.append(required(path, "one of name or selector must be specified"))
    action = reference.get("parameterNotFoundAction")
    if not action:
        problems.append(required(f"{path}.parameterNotFoundAction"))
    elif action not in _NOT_FOUND_ACTIONS:
        at = f"{path}.parameterNotFoundAction"
        problems.append(not_supported(at, action, _NOT_FOUND_ACTIONS))
