"""Flow schemas say whether the priority level they name exists.

Upstream the API server's own flow control does this as it takes in its configuration; here it
follows the write that makes the difference.

Models: presyncFlowSchemaStatus in k8s.io/apiserver/pkg/util/flowcontrol/apf_controller.go
(v0.37.2).
"""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.apimachinery.conditions import with_condition
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.direct import component
from cluster_engine.apiserver.write import UPDATE, Write
from cluster_engine.apiserver.writing import Writer
from cluster_engine.store.changes import Origin, Record

SCHEMAS = "flowschemas.flowcontrol.apiserver.k8s.io"
LEVELS = "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io"
#: Levels that the API server knows even when nobody has written them down.
MANDATORY_LEVELS = ("catch-all", "exempt")
_ACTOR = "system:apiserver"
_MANAGER = "api-priority-and-fairness-config-consumer-v1"


class FlowControl:
    """Follows the flow schemas and priority levels of one cluster."""

    def __init__(self, core: Core, writer: Writer) -> None:
        self._core = core
        self._writer = writer
        core.followers[SCHEMAS] = self._schema_written
        core.followers[LEVELS] = self._level_written

    def _schema_written(self, old: Object | None, new: Object | None, origin: Origin) -> None:
        del old
        if new is None:
            return
        record = self._core.store.get(SCHEMAS, "", new["metadata"]["name"])
        if record is not None:
            self._mark(record, origin)

    def _level_written(self, old: Object | None, new: Object | None, origin: Origin) -> None:
        if old is not None and new is not None:
            return
        name = (new or old or {})["metadata"]["name"]
        for record in self._core.store.records(SCHEMAS):
            if _level_of(record.object) == name:
                self._mark(record, origin)

    def _mark(self, record: Record, origin: Origin) -> None:
        schema = record.object
        name = _level_of(schema)
        is_there = name in MANDATORY_LEVELS or self._core.store.get(LEVELS, "", name) is not None
        text = f'This FlowSchema references the PriorityLevelConfiguration object named "{name}" '
        status = schema.get("status") or {}
        conditions = with_condition(
            status.get("conditions"),
            "Dangling",
            "False" if is_there else "True",
            "Found" if is_there else "NotFound",
            text + ("and it exists" if is_there else "but there is no such object"),
            self._core.clock.now_ms,
        )
        if conditions is status.get("conditions"):
            return
        write = Write(
            kind=self._core.kind(SCHEMAS),
            operation=UPDATE,
            namespace="",
            name=schema["metadata"]["name"],
            object={**schema, "status": {**status, "conditions": conditions}},
            user=component(_ACTOR),
            origin=replace(origin, actor=_ACTOR),
            manager=_MANAGER,
            subresource="status",
        )
        self._writer.update(write, record)


def _level_of(schema: Object) -> str:
    name: str = ((schema.get("spec") or {}).get("priorityLevelConfiguration") or {}).get("name", "")
    return name
