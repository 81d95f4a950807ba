"""What curl tells besides the body: the progress meter and -w."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cluster_engine.network.http import HttpReply
from cluster_engine.shell.commands.command import Invocation
from cluster_engine.shell.commands.exchanges import header_of
from cluster_engine.shell.commands.options import Options

_HEADING = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
)
_NEVER = "--:--:--"
_SECONDS_TOTAL = 0.001


@dataclass(slots=True)
class Transfer:
    """The facts of one transfer."""

    url: str
    status: int = 0
    size: int = 0
    sent: int = 0
    reply: HttpReply | None = None


class Meter:
    """The progress meter on standard error."""

    def __init__(self, invocation: Invocation, *, is_shown: bool) -> None:
        self._call = invocation
        self._is_shown = is_shown

    def begin(self) -> None:
        """The heading and the first line."""
        self._say(_HEADING + _row(0, 0, 0, 0, _NEVER))

    def fail(self, *, is_resolved: bool, seconds: int) -> None:
        """Nothing came."""
        for second in range(1, min(seconds, 300) + 1):
            self._say("\r" + _row(0, 0, 0, 0, f" 0:{second // 60:02}:{second % 60:02}"))
        if is_resolved:
            self._say(("" if seconds else "\r" + _row(0, 0, 0, 0, _NEVER)) + "\n")

    def end(self, received: int, total: int, sent: int) -> None:
        """All has come."""
        self._say("\r" + _row(received + sent, total + sent, received, sent, _NEVER) + "\n")

    def _say(self, text: str) -> None:
        if self._is_shown:
            self._call.err.extend(text.encode())


def _row(done: int, total: int, received: int, sent: int, spent: str) -> str:
    share = 100 * done // total if total else 0
    came = 100 if received else 0
    went = 100 if sent else 0
    speed = _short(received * 1000)
    return (
        f"{share:3} {_short(total):>5}  {came:3} {_short(received):>5}  {went:3} "
        f"{_short(sent):>5} {speed:>6} {_short(sent * 1000):>6} {_NEVER} {spent:>8} {_NEVER} "
        f"{_short((received + sent) * 1000):>5}"
    )


def _short(number: int) -> str:
    """At most five characters."""
    if number < 100_000:
        return str(number)
    for unit, size in (("k", 1024), ("M", 1024**2), ("G", 1024**3)):
        value = number / size
        if value < 100 and unit != "k":
            return f"{value:.1f}{unit}"
        if value < 10_000:
            return f"{value:.0f}{unit}"
    return "99999"


def write_out(invocation: Invocation, options: Options, transfer: Transfer) -> None:
    """Print the text of -w with its variables filled in."""
    template = options.get("w")
    if template is None:
        return
    if template.startswith("@"):
        content = invocation.stdin if template == "@-" else invocation.read(template[1:])
        template = (content or b"").decode("utf-8", "surrogateescape")
    facts = _facts(transfer)
    pieces, at = [], 0
    while at < len(template):
        if template.startswith("%{", at) and "}" in template[at:]:
            end = template.index("}", at)
            pieces.append(_fact(template[at + 2 : end], facts, transfer))
            at = end + 1
        elif template.startswith("%%", at):
            pieces.append("%")
            at += 2
        elif template[at] == "\\" and at + 1 < len(template):
            letter = template[at + 1]
            pieces.append({"n": "\n", "t": "\t", "r": "\r"}.get(letter, "\\" + letter))
            at += 2
        else:
            pieces.append(template[at])
            at += 1
    invocation.say("".join(pieces))


def _fact(name: str, facts: dict[str, str], transfer: Transfer) -> str:
    if name.startswith("header{"):
        wanted = name[7:].rstrip("}").lower()
        return (header_of(transfer.reply, wanted) if transfer.reply is not None else "") or ""
    if name == "json":
        return json.dumps(facts, separators=(",", ":"))
    return facts.get(name, "")


def _facts(transfer: Transfer) -> dict[str, str]:
    reply = transfer.reply or HttpReply(0)
    headers = reply.headers
    has_reply = transfer.reply is not None
    seconds = f"{_SECONDS_TOTAL if has_reply else 0:.6f}"
    return {
        "http_code": f"{transfer.status:03}",
        "response_code": f"{transfer.status:03}",
        "http_version": "1.1" if has_reply else "0",
        "size_download": str(transfer.size),
        "size_upload": str(transfer.sent),
        "size_header": str(sum(len(k) + len(v) + 4 for k, v in headers.items())),
        "content_type": header_of(reply, "content-type") or "",
        "redirect_url": header_of(reply, "location") or "",
        "num_redirects": "0",
        "url_effective": transfer.url,
        "url": transfer.url,
        "method": "GET",
        "scheme": "HTTP",
        "speed_download": str(transfer.size * 1000),
        "exitcode": "0",
        "errormsg": "",
        "time_total": seconds,
        "time_connect": "0.000210" if has_reply else "0.000000",
        "time_namelookup": "0.000080",
        "time_appconnect": "0.000000",
        "time_pretransfer": "0.000230" if has_reply else "0.000000",
        "time_starttransfer": seconds,
        "time_redirect": "0.000000",
    }
