"""Which ports are forwarded where: "[LOCAL:]REMOTE" of a pod, or through a service to a pod.

Models: k8s.io/kubectl/pkg/cmd/portforward and pkg/util/service_port.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.network.http import HttpReply

_PORT_MAX = 65535
_NO_ANSWER = HttpReply(502, b"the pod did not answer with HTTP\n")


@dataclass(frozen=True, slots=True)
class PortPair:
    """A local port (0: any free one) and the pod's."""

    local: int
    remote: int

    def __str__(self) -> str:
        return f"{{{self.local} {self.remote}}}"


def pairs_of(words: list[str], target: Object, pod: Object) -> list[PortPair]:
    """Raises KubectlError for a word that names no port."""
    found = []
    for word in words:
        local, remote = _split(word)
        if not remote:
            raise KubectlError("remote port cannot be empty")
        if target.get("kind") == "Service":
            port = _service_port(target, remote)
            _refuse_udp(target["spec"].get("ports") or (), port, "port", remote)
            number = _container_port(target, pod, port)
            if local == remote:
                local = str(port)
        else:
            number = _number_or_name(remote, pod)
            _refuse_udp(_pod_ports(pod), number, "containerPort", remote)
            if local == remote:
                local = str(number)
        found.append(_pair(word, local, number))
    return found


def _split(word: str) -> tuple[str, str]:
    local, colon, remote = word.partition(":")
    return (local, remote) if colon else (word, word)


def _pair(word: str, local: str, remote: int) -> PortPair:
    if word.count(":") > 1:
        raise KubectlError(f"invalid port format '{word}'")
    number = _port_number(local, "local") if local else 0
    if not 0 < remote <= _PORT_MAX:
        raise KubectlError("remote port must be > 0")
    return PortPair(number, remote)


def _port_number(text: str, which: str) -> int:
    if not text.isdigit():
        raise KubectlError(
            f"error parsing {which} port '{text}': strconv.ParseUint: parsing \"{text}\": "
            "invalid syntax"
        )
    if int(text) > _PORT_MAX:
        raise KubectlError(
            f"error parsing {which} port '{text}': strconv.ParseUint: parsing \"{text}\": "
            "value out of range"
        )
    return int(text)


def _pod_ports(pod: Object) -> list[Object]:
    return [port for each in pod["spec"]["containers"] for port in each.get("ports") or ()]


def _number_or_name(text: str, pod: Object) -> int:
    if text.isdigit():
        return int(text)
    for port in _pod_ports(pod):
        if port.get("name") == text:
            return int(port["containerPort"])
    raise KubectlError(f"Pod '{pod['metadata']['name']}' does not have a named port '{text}'")


def _service_port(service: Object, text: str) -> int:
    if text.isdigit():
        return int(text)
    for port in service["spec"].get("ports") or ():
        if port.get("name") == text:
            return int(port["port"])
    name = service["metadata"]["name"]
    raise KubectlError(f"Service '{name}' does not have a named port '{text}'")


def _container_port(service: Object, pod: Object, number: int) -> int:
    """The port of the pod behind a port of the service."""
    spec = service["spec"]
    for port in spec.get("ports") or ():
        if port["port"] != number:
            continue
        if spec.get("clusterIP") == "None":
            return number
        target = port.get("targetPort") or number
        return target if isinstance(target, int) else _number_or_name(str(target), pod)
    raise KubectlError(
        f"Service {service['metadata']['name']} does not have a service port {number}"
    )


def _refuse_udp(ports: Iterable[Object], number: int, field: str, shown: str) -> None:
    protocols = {port.get("protocol", "TCP") for port in ports if port.get(field) == number}
    if "UDP" in protocols and "TCP" not in protocols:
        raise KubectlError(f"UDP protocol is not supported for {shown}")


def reply_of(data: bytes) -> HttpReply:
    """The HTTP answer in what a pod has sent."""
    head, blank, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if not blank or not first.startswith("HTTP/") or not words[1:2] or not words[1].isdigit():
        return _NO_ANSWER
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip(): value.strip() for name, _, value in pairs}
    return HttpReply(int(words[1]), body, headers)
