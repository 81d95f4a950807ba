"""Kubernetes' own functions: quantities, addresses, URLs, named formats.

Models: k8s.io/apiserver/pkg/cel/library (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv6Address,
    IPv6Interface,
    ip_address,
    ip_interface,
)
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from cluster_engine.apimachinery.cel.operators import Function
from cluster_engine.apimachinery.cel.values import (
    NONE,
    EvaluationError,
    Optional,
    compare,
    no_overload,
    parse_timestamp,
)
from cluster_engine.apimachinery.names import (
    is_dns1035_label,
    is_dns1123_label,
    is_dns1123_subdomain,
    is_label_key,
    is_label_value,
)
from cluster_engine.apimachinery.quantity import Quantity, QuantityError, parse_quantity
from cluster_engine.apimachinery.regexp.matching import compile_regexp

_UNIT = 10**9
_LINK_LOCAL = ("224.0.0.", "ff02:")
_UUID = "^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$"


@dataclass(frozen=True, slots=True)
class Address:
    """An IP address."""

    address: IPv4Address | IPv6Address
    TYPE = "net.IP"

    @property
    def text(self) -> str:
        return str(self.address)


@dataclass(frozen=True, slots=True)
class Network:
    """An address with the length of its network's prefix."""

    interface: IPv4Interface | IPv6Interface
    TYPE = "net.CIDR"

    @property
    def text(self) -> str:
        return str(self.interface)


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute URL or path."""

    text: str
    TYPE = "kubernetes.URL"


@dataclass(frozen=True, slots=True)
class Format:
    """A format with a name."""

    name: str
    TYPE = "kubernetes.NamedFormat"


def _of(class_: type, function: Function) -> Function:
    """A method of values of one class."""

    def call(value: Any, *arguments: Any) -> Any:
        if not isinstance(value, class_):
            raise no_overload()
        return function(value, *arguments)

    return call


def _quantity(text: Any) -> Quantity:
    try:
        if isinstance(text, str):
            return parse_quantity(text)
    except QuantityError as error:
        raise EvaluationError(str(error)) from None
    raise no_overload()


def _can(make: Function) -> Function:
    """Whether a text is one of those."""

    def call(text: Any) -> bool:
        try:
            make(text)
        except EvaluationError:
            if not isinstance(text, str):
                raise
            return False
        return True

    return call


def _amount(value: Any) -> Quantity:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return parse_quantity(value)
    raise no_overload()


def _as_integer(value: Quantity) -> int:
    if value.nanos % _UNIT:
        raise EvaluationError("cannot convert value to integer")
    return value.nanos // _UNIT


def _sum(value: Quantity, other: Any, sign: int) -> Quantity:
    return Quantity(value.nanos + sign * _amount(other).nanos, value.format)


def _address(text: Any) -> Address:
    if not isinstance(text, str):
        raise no_overload()
    try:
        address = ip_address(text)
    except ValueError:
        raise EvaluationError(
            f'IP Address "{text}" parse error during conversion from string: '
            f'ParseAddr("{text}"): unable to parse IP'
        ) from None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        raise EvaluationError(f'IPv4-mapped IPv6 address "{text}" is not allowed')
    return Address(address)


def _network(text: Any) -> Network:
    if not isinstance(text, str):
        raise no_overload()
    try:
        if "/" in text:
            return Network(ip_interface(text))
    except ValueError:
        pass
    raise EvaluationError(f'network address parse error during conversion from string: "{text}"')


def _contains_ip(network: Network, address: Any) -> bool:
    held = address if isinstance(address, Address) else _address(address)
    return held.address in network.interface.network


def _contains_network(network: Network, other: Any) -> bool:
    inner = (other if isinstance(other, Network) else _network(other)).interface.network
    outer = network.interface.network
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _url(text: Any) -> Url:
    if not isinstance(text, str):
        raise no_overload()
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = None
    if parts is None or not (text.startswith("/") or parts.scheme) or " " in text:
        problem = f'URL parse error during conversion from string: parse "{text}": invalid URI'
        raise EvaluationError(f"{problem} for request")
    return Url(text)


def _url_part(read: Callable[[Any], Any]) -> Function:
    return _of(Url, lambda url: read(urlsplit(url.text)))


def _port(parts: Any) -> str:
    try:
        return "" if parts.port is None else str(parts.port)
    except ValueError:
        return ""


def _host(parts: Any) -> str:
    return str(parts.netloc).rpartition("@")[2]


def _is_uuid(text: str) -> list[str]:
    return [] if compile_regexp(_UUID).matches(text) else ["does not match the UUID format"]


def _is_uri(text: str) -> list[str]:
    return [] if _can(_url)(text) else ["invalid URI"]


def _is_date_time(text: str) -> list[str]:
    return [] if _can(parse_timestamp)(text) else ["invalid datetime"]


def _is_date(text: str) -> list[str]:
    return [] if _can(parse_timestamp)(f"{text}T00:00:00Z") else ["invalid date"]


_FORMATS: Mapping[str, Callable[[str], list[str]]] = {
    "dns1123Label": is_dns1123_label,
    "dns1123Subdomain": is_dns1123_subdomain,
    "dns1035Label": is_dns1035_label,
    "qualifiedName": is_label_key,
    "labelValue": is_label_value,
    "uri": _is_uri,
    "uuid": _is_uuid,
    "date": _is_date,
    "datetime": _is_date_time,
}


def _named_format(name: Any) -> Optional:
    return Optional(Format(name), True) if name in _FORMATS else NONE


def _validate(format_: Format, text: Any) -> Optional:
    if not isinstance(text, str):
        raise no_overload()
    problems = _FORMATS[format_.name](text)
    return Optional(problems, True) if problems else NONE


#: Functions that are not methods.
FUNCTIONS: Mapping[str, Function] = {
    "quantity": _quantity,
    "isQuantity": _can(_quantity),
    "ip": _address,
    "isIP": _can(_address),
    "ip.isCanonical": lambda text: _address(text).text == text,
    "cidr": _network,
    "isCIDR": _can(_network),
    "url": _url,
    "isURL": _can(_url),
    "format.named": _named_format,
    "jsonpatch.escapeKey": lambda text: text.replace("~", "~0").replace("/", "~1"),
    **{f"format.{name}": (lambda name=name: Format(name)) for name in _FORMATS},
}
#: Methods.
METHODS: Mapping[str, Function] = {
    "sign": _of(Quantity, lambda value: (value.nanos > 0) - (value.nanos < 0)),
    "isInteger": _of(Quantity, lambda value: value.nanos % _UNIT == 0),
    "asInteger": _of(Quantity, _as_integer),
    "asApproximateFloat": _of(Quantity, lambda value: value.nanos / _UNIT),
    "isGreaterThan": _of(Quantity, lambda value, other: value > _amount(other)),
    "isLessThan": _of(Quantity, lambda value, other: value < _amount(other)),
    "compareTo": _of(Quantity, lambda value, other: compare(value.nanos, _amount(other).nanos)),
    "add": _of(Quantity, lambda value, other: _sum(value, other, 1)),
    "sub": _of(Quantity, lambda value, other: _sum(value, other, -1)),
    "family": _of(Address, lambda value: value.address.version),
    "isUnspecified": _of(Address, lambda value: value.address.is_unspecified),
    "isLoopback": _of(Address, lambda value: value.address.is_loopback),
    "isLinkLocalMulticast": _of(Address, lambda value: value.text.startswith(_LINK_LOCAL)),
    "isLinkLocalUnicast": _of(Address, lambda value: value.address.is_link_local),
    "isGlobalUnicast": _of(
        Address,
        lambda value: (
            not (
                value.address.is_unspecified
                or value.address.is_loopback
                or value.address.is_multicast
                or value.address.is_link_local
            )
        ),
    ),
    "containsIP": _of(Network, _contains_ip),
    "containsCIDR": _of(Network, _contains_network),
    "ip": _of(Network, lambda value: Address(value.interface.ip)),
    "masked": _of(Network, lambda value: _network(str(value.interface.network))),
    "prefixLength": _of(Network, lambda value: value.interface.network.prefixlen),
    "getScheme": _url_part(lambda parts: parts.scheme),
    "getHost": _url_part(_host),
    "getHostname": _url_part(lambda parts: parts.hostname or ""),
    "getPort": _url_part(_port),
    "getEscapedPath": _url_part(lambda parts: quote(parts.path, safe="/%~!$&'()*+,;=:@")),
    "getQuery": _url_part(lambda parts: parse_qs(parts.query, keep_blank_values=True)),
    "validate": _of(Format, _validate),
}
