"""The ValidatingWebhookConfiguration kind.

Models: k8s.io/kubernetes/pkg/registry/admissionregistration (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.admissionregistration.defaults import (
    CATEGORIES,
    GROUP,
    default_webhook,
    webhook_cells,
)
from cluster_engine.kinds.admissionregistration.webhooks_validation import (
    validate,
    validate_update,
    warn,
)
from cluster_engine.kinds.columns import AGE, NAME
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.preparation import count_generation

COLUMNS = (
    NAME,
    Column(
        "Webhooks",
        "integer",
        meaning=("Webhooks indicates the number of webhooks registered in this configuration"),
    ),
    AGE,
)


def default(obj: Object) -> None:
    """The defaults of each webhook."""
    for webhook in obj.get("webhooks") or ():
        default_webhook(webhook)


def prepare(new: Object, old: Object | None) -> None:
    """The generation counts changes of the webhooks."""
    count_generation(new, old, "webhooks")


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ValidatingWebhookConfiguration",
    plural="validatingwebhookconfigurations",
    singular="validatingwebhookconfiguration",
    namespaced=False,
    categories=CATEGORIES,
    default=default,
    prepare=prepare,
    is_updated_unconditionally=False,
    has_generation=True,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    columns=COLUMNS,
    cells=webhook_cells,
)
