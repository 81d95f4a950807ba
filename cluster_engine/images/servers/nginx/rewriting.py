"""The rewrite phase: return, rewrite, set, if."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.images.servers.nginx.patterns import TooComplex, compile_pattern, search
from cluster_engine.images.servers.nginx.site import Scope
from cluster_engine.images.servers.nginx.syntax import Directive
from cluster_engine.images.servers.nginx.variables import Exchange, expand
from cluster_engine.network.http import HttpReply, reason
from cluster_engine.runtime.errors import Errno

_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(slots=True)
class Result:
    """What the phase has led to."""

    reply: HttpReply | None = None
    #: The URI has changed: look for its location again.
    is_again: bool = False
    is_over: bool = False
    #: `proxy_pass` of an `if` that held.
    proxy: list[str] = field(default_factory=list)


def run(block: list[Directive], exchange: Exchange, scope: Scope) -> Result:
    """Do the directives of the phase in their order."""
    result = Result()
    for directive in block:
        if directive.name == "return":
            result.reply = returned(directive.arguments, exchange, scope)
        elif directive.name == "set":
            name, value = directive.arguments
            exchange.named[name.removeprefix("$")] = expand(value, exchange)
        elif directive.name == "rewrite":
            _rewrite(directive.arguments, exchange, result)
        elif directive.name == "break":
            result.is_over = True
        elif directive.name == "if" and _holds(directive.arguments, exchange):
            inner = run(directive.block or [], exchange, scope.inner(directive.block or []))
            proxy = [held.arguments for held in directive.block or [] if held.name == "proxy_pass"]
            result = Result(
                inner.reply, inner.is_again, inner.is_over, proxy[0] if proxy else inner.proxy
            )
        if result.reply is not None or result.is_again or result.is_over:
            return result
    return result


def returned(words: list[str], exchange: Exchange, scope: Scope) -> HttpReply:
    """The reply of a `return`."""
    code, text = (int(words[0]), words[1:]) if words[0].isdecimal() else (302, words)
    if code in _REDIRECTS and text:
        return _page(code, {"Location": expand(text[0], exchange)}, exchange)
    if not text:
        return _page(code, {}, exchange)
    default = scope.last("default_type")
    kind = default[0] if default else "text/plain"
    return HttpReply(code, expand(text[0], exchange).encode(), {"Content-Type": kind})


def _page(code: int, headers: dict[str, str], exchange: Exchange) -> HttpReply:
    if code in (204, 444):
        return HttpReply(204 if code == 204 else 400, b"", headers)
    words = {405: "Not Allowed", 503: "Service Temporarily Unavailable"}.get(code, reason(code))
    title = f"{code} {words}" if words != "Unknown" else str(code)
    text = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1>"
        f"</center>\r\n<hr><center>nginx/{exchange.version}</center>\r\n</body>\r\n</html>\r\n"
    )
    return HttpReply(code, text.encode(), {"Content-Type": "text/html", **headers})


def _rewrite(words: list[str], exchange: Exchange, result: Result) -> None:
    try:
        found = search(compile_pattern(words[0], ignores_case=False), exchange.uri)
    except TooComplex:
        return
    if found is None:
        return
    exchange.capture(found)
    target, _, arguments = expand(words[1], exchange).partition("?")
    flag = words[2] if len(words) > 2 else ""
    if flag in ("redirect", "permanent") or "://" in target:
        query = arguments or exchange.arguments
        place = f"{target}?{query}" if query else target
        code = 301 if flag == "permanent" else 302
        result.reply = _page(code, {"Location": place}, exchange)
        return
    exchange.uri = target if target.startswith("/") else f"/{target}"
    exchange.arguments = "&".join(part for part in (arguments, exchange.arguments) if part)
    result.is_again = flag in ("last", "")
    result.is_over = flag == "break"


def _holds(words: list[str], exchange: Exchange) -> bool:
    """`if ($a = b)`: the words with the brackets still on them."""
    text = " ".join(words).strip()
    text = text[1:-1].strip() if text.startswith("(") and text.endswith(")") else text
    parts = text.split(None, 2)
    if len(parts) == 1:
        return expand(parts[0], exchange) not in ("", "0")
    if parts[0].lstrip("!") in ("-f", "-d", "-e", "-x"):
        return _exists(parts[0], expand(parts[1], exchange), exchange) != parts[0].startswith("!")
    if len(parts) < 3:
        return False
    value, wish = expand(parts[0], exchange), parts[2].strip("\"'")
    operator = parts[1]
    if operator in ("=", "!="):
        return (value == expand(wish, exchange)) == (operator == "=")
    try:
        pattern = compile_pattern(wish, ignores_case="*" in operator)
    except TooComplex:
        return False
    found = search(pattern, value)
    if found is not None:
        exchange.capture(found)
    return (found is not None) != operator.startswith("!")


def _exists(operator: str, path: str, exchange: Exchange) -> bool:
    try:
        kind = exchange.system.stat(path).kind
    except Errno:
        return False
    wanted = operator.lstrip("!-")
    return wanted in ("e", "x") or (kind == "directory") == (wanted == "d")
