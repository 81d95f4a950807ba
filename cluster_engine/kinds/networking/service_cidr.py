"""The ServiceCIDR kind: a range that cluster addresses come from.

Models: k8s.io/kubernetes/pkg/registry/networking/servicecidr (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_cidr, parse_cidr
from cluster_engine.kinds.checks import IMMUTABLE
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.internal import internal
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column("CIDRs", described_by="networking.v1.ServiceCIDRSpec.cidrs"),
    AGE,
)


_BLOCKS = "spec.cidrs"


def validate(obj: Object) -> list[FieldError]:
    """One block, or one of each family."""
    problems: list[FieldError] = []
    _check_blocks(problems, obj.get("spec") or {})
    return problems


def _check_blocks(problems: list[FieldError], spec: Object) -> None:
    blocks = spec.get("cidrs") or []
    if not blocks:
        problems.append(required(_BLOCKS, "at least one CIDR required"))
        return
    if len(blocks) > 2:
        shown = internal("networking", "ServiceCIDRSpec", spec)
        problems.append(invalid_value(_BLOCKS, shown, "may only hold up to 2 values"))
        return
    for position, block in enumerate(blocks):
        problems.extend(is_cidr(f"{_BLOCKS}[{position}]", block))
    versions = [parsed[0].version for parsed in map(parse_cidr, blocks) if parsed is not None]
    if len(versions) == 2 and versions[0] == versions[1]:
        text = (
            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and "
            "2001:db8::/64"
        )
        problems.append(invalid_value(_BLOCKS, blocks, text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Only a second block may be added."""
    problems: list[FieldError] = []
    after, before = ((obj.get("spec") or {}).get("cidrs") or [] for obj in (new, old))
    if len(after) == len(before):
        problems.extend(
            invalid_value(f"{_BLOCKS}[{position}]", block, IMMUTABLE)
            for position, (block, held) in enumerate(zip(after, before, strict=True))
            if block != held
        )
    elif len(before) == 1 and len(after) == 2:
        if after[0] != before[0]:
            problems.append(invalid_value(f"{_BLOCKS}[0]", after[0], IMMUTABLE))
        _check_blocks(problems, new.get("spec") or {})
    else:
        problems.append(invalid_value(_BLOCKS, after or None, IMMUTABLE))
    return problems


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    blocks = (obj.get("spec") or {}).get("cidrs") or ()
    return [obj["metadata"]["name"], ",".join(blocks), age(obj, now_ms)]


KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="ServiceCIDR",
    plural="servicecidrs",
    singular="servicecidr",
    namespaced=False,
    subresources=(STATUS,),
    validate=validate,
    validate_update=validate_update,
    prepare=SeparateStatus("networking.k8s.io", "v1", "ServiceCIDR"),
    prepare_status=sealed_status,
    columns=COLUMNS,
    cells=cells,
)
