"""Who makes volumes, and what it is told.

Models: validateProvisioner, validateParameters in k8s.io/kubernetes/pkg/apis/storage/validation
(v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required, too_long
from cluster_engine.kinds.checks import declared, qualified_name

_COUNT_MAX = 512
_SIZE_MAX = 256 * 1024


def check_provisioner(
    problems: list[FieldError], path: str, name: str, *, is_declared: bool = True
) -> None:
    """A name, in any case; `is_declared`: that it is there is a declarative rule."""
    if not name:
        (declared(problems) if is_declared else problems).append(required(path))
    else:
        qualified_name(problems, path, name.lower())


def check_parameters(
    problems: list[FieldError], path: str, parameters: Mapping[str, str], *, may_be_empty: bool
) -> None:
    """Not too many and not too much."""
    if len(parameters) > _COUNT_MAX:
        problems.append(too_long(path, _COUNT_MAX))
        return
    if "" in parameters:
        problems.append(invalid_value(path, "", "field can not be empty."))
    size = sum(len(key.encode()) + len(value.encode()) for key, value in parameters.items())
    if size > _SIZE_MAX:
        problems.append(too_long(path, _SIZE_MAX))
    if not may_be_empty and not parameters:
        problems.append(required(path, "must contain at least one key/value pair"))
