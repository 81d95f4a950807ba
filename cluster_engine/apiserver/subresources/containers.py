"""Reaching into pods: log, exec, attach, port-forward. The kubelets do it, through the node link.

Models: k8s.io/kubernetes/pkg/registry/core/pod/strategy.go LogLocation, streamLocation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping

from cluster_engine.apimachinery.errors import bad_request, invalid
from cluster_engine.apimachinery.fields import FieldError, forbidden_field, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.nodelink import ExecOptions, LogOptions
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.subresources.admitting import admit_connection
from cluster_engine.apiserver.writing import live_record

_TEXT = "text/plain"
_CONTAINER_FIELDS = ("initContainers", "containers", "ephemeralContainers")


def log(core: Core, call: Call) -> Response:
    """GET …/log: the text, or a stream when following."""
    options = _log_options(call)
    pod = live_record(core, call.kind, call.namespace, call.info.name).object
    name = container_name(pod, options.container)
    if not pod["spec"].get("nodeName"):
        return Response(200, b"", {"content-type": _TEXT})
    found = core.links().log(pod, _with_container(options, name))
    if isinstance(found, bytes):
        return Response(200, found, {"content-type": _TEXT})
    return Response(200, headers={"content-type": _TEXT}, stream=found)


def execute(core: Core, call: Call, admission: Admission) -> Response:
    """Run a command in a container."""
    _admit_streams(admission, call, "PodExecOptions")
    pod = live_record(core, call.kind, call.namespace, call.info.name).object
    options = _exec_options(call, pod)
    if not options.command:
        raise bad_request("you must specify at least one command to execute")
    return Response(101, stream=core.links().exec(pod, options))


def attach(core: Core, call: Call, admission: Admission) -> Response:
    """Join a container's first process."""
    _admit_streams(admission, call, "PodAttachOptions")
    pod = live_record(core, call.kind, call.namespace, call.info.name).object
    return Response(101, stream=core.links().attach(pod, _exec_options(call, pod)))


def port_forward(core: Core, call: Call, admission: Admission) -> Response:
    """One connection to the port that the query names."""
    numbers = [int(text) for text in call.query.get("ports", []) if text.isdigit()]
    admit_connection(admission, call, "PodPortForwardOptions", ports=numbers)
    pod = live_record(core, call.kind, call.namespace, call.info.name).object
    _require_node(pod)
    ports = call.query.get("ports", [])
    if len(ports) != 1 or not ports[0].isdigit() or not 0 < int(ports[0]) < 65536:
        raise bad_request("a port-forward needs exactly one port from 1 to 65535 in `ports`")
    return Response(101, stream=core.links().port_forward(pod, int(ports[0])))


def container_name(pod: Object, asked: str) -> str:
    """The container that is meant. Raises ApiError 400 when that is unclear or wrong."""
    spec, name = pod["spec"], pod["metadata"]["name"]
    known = [item["name"] for field in _CONTAINER_FIELDS for item in spec.get(field) or ()]
    if asked:
        if asked not in known:
            raise bad_request(f"container {asked} is not valid for pod {name}")
        return asked
    containers = spec.get("containers") or []
    if len(containers) == 1:
        only: str = containers[0]["name"]
        return only
    text = f"a container name must be specified for pod {name}"
    if not containers:
        raise bad_request(text)
    raise bad_request(f"{text}, choose one of: [{' '.join(known)}]")


def _admit_streams(admission: Admission, call: Call, kind: str) -> None:
    query = call.query
    flags = {name: _flag(query, name, False) for name in ("stdin", "stdout", "stderr", "tty")}
    container = query.get("container", [""])[0]
    command = query.get("command", []) if kind == "PodExecOptions" else []
    admit_connection(admission, call, kind, **flags, container=container, command=command)


def _require_node(pod: Object) -> None:
    if not pod["spec"].get("nodeName"):
        raise bad_request(f"pod {pod['metadata']['name']} does not have a host assigned")


def _exec_options(call: Call, pod: Object) -> ExecOptions:
    query = call.query
    container = container_name(pod, query.get("container", [""])[0])
    _require_node(pod)
    options = ExecOptions(
        container=container,
        command=tuple(query.get("command", ())),
        stdin=_flag(query, "stdin", False),
        stdout=_flag(query, "stdout", False),
        stderr=_flag(query, "stderr", False),
        tty=_flag(query, "tty", False),
    )
    if not (options.stdin or options.stdout or options.stderr):
        raise bad_request("you must specify at least 1 of stdin, stdout, stderr")
    return options


def _log_options(call: Call) -> LogOptions:
    query = call.query
    problems: list[FieldError] = []
    tail = _integer(query, "tailLines")
    if tail is not None and tail < 0:
        text = "must be greater than or equal to 0"
        problems.append(invalid_value("tailLines", tail, text))
    limit = _integer(query, "limitBytes")
    if limit is not None and limit < 1:
        problems.append(invalid_value("limitBytes", limit, "must be greater than 0"))
    since_seconds = _integer(query, "sinceSeconds")
    since_text = query.get("sinceTime", [""])[0]
    if since_seconds is not None and since_text:
        text = "at most one of `sinceTime` or `sinceSeconds` may be specified"
        problems.append(forbidden_field("", text))
    elif since_seconds is not None and since_seconds < 1:
        problems.append(invalid_value("sinceSeconds", since_seconds, "must be greater than 0"))
    if problems:
        raise invalid("PodLogOptions", "", call.info.name, problems)
    return LogOptions(
        container=query.get("container", [""])[0],
        follow=_flag(query, "follow", False),
        previous=_flag(query, "previous", False),
        timestamps=_flag(query, "timestamps", False),
        since_seconds=since_seconds,
        since_time_ms=_time(since_text),
        tail_lines=tail,
        limit_bytes=limit,
    )


def _with_container(options: LogOptions, name: str) -> LogOptions:
    return LogOptions(
        container=name,
        follow=options.follow,
        previous=options.previous,
        timestamps=options.timestamps,
        since_seconds=options.since_seconds,
        since_time_ms=options.since_time_ms,
        tail_lines=options.tail_lines,
        limit_bytes=options.limit_bytes,
    )


def _time(text: str) -> int | None:
    if not text:
        return None
    try:
        return parse_rfc3339(text)
    except ValueError:
        raise bad_request(f'sinceTime: "{text}" is no RFC 3339 time') from None


def _flag(query: Mapping[str, list[str]], name: str, default: bool) -> bool:
    if name not in query:
        return default
    return query[name][0].lower() not in ("false", "0")


def _integer(query: Mapping[str, list[str]], name: str) -> int | None:
    text = query.get(name, [""])[0]
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
