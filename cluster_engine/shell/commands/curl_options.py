"""The command line of curl."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse_words

_FLAGS, _VALUED = "sSkLiIvfgGjNOJ46#0VZaqnl", "oXdHumAebDwTxFrcKCCEUytzY"
_LONG = {
    "silent": "s",
    "show-error": "S",
    "insecure": "k",
    "location": "L",
    "location-trusted": "L",
    "include": "i",
    "head": "I",
    "verbose": "v",
    "fail": "f",
    "fail-with-body": "fail-with-body",
    "output": "o",
    "output-dir": "output-dir=",
    "request": "X",
    "get": "G",
    "data": "d",
    "data-ascii": "d",
    "data-raw": "data-raw=",
    "data-binary": "data-binary=",
    "data-urlencode": "data-urlencode=",
    "json": "json=",
    "form": "F",
    "header": "H",
    "user": "u",
    "basic": "basic",
    "max-time": "m",
    "max-redirs": "max-redirs=",
    "connect-timeout": "connect-timeout=",
    "retry": "retry=",
    "retry-delay": "retry-delay=",
    "retry-max-time": "retry-max-time=",
    "retry-connrefused": "retry-connrefused",
    "retry-all-errors": "retry-all-errors",
    "user-agent": "A",
    "referer": "e",
    "cookie": "b",
    "cookie-jar": "c",
    "write-out": "w",
    "dump-header": "D",
    "remote-name": "O",
    "remote-header-name": "J",
    "upload-file": "T",
    "cacert": "cacert=",
    "capath": "capath=",
    "cert": "E",
    "key": "key=",
    "http1.1": "http1.1",
    "http1.0": "0",
    "http2": "http2",
    "no-progress-meter": "no-progress-meter",
    "progress-bar": "#",
    "compressed": "compressed",
    "no-buffer": "N",
    "resolve": "resolve=",
    "proxy": "x",
    "noproxy": "noproxy=",
    "range": "r",
    "url": "url=",
    "create-dirs": "create-dirs",
    "globoff": "g",
    "ipv4": "4",
    "ipv6": "6",
    "version": "V",
    "help": "help",
    "no-keepalive": "no-keepalive",
    "limit-rate": "limit-rate=",
    "path-as-is": "path-as-is",
    "tlsv1.2": "tlsv1.2",
    "ssl-reqd": "ssl-reqd",
    "unix-socket": "unix-socket=",
}
_HINT = "curl: try 'curl --help' or 'curl --manual' for more information"
_NUMBERS = ("m", "connect-timeout")


def parse_curl(invocation: Invocation) -> tuple[Options, list[str]]:
    """Options and URLs. Raises UsageError with curl's texts."""
    words = invocation.arguments[1:]
    try:
        options, urls = parse_words("curl", words, _FLAGS, _VALUED, _LONG, 2)
    except UsageError as error:
        raise UsageError(f"{_translated(str(error))}\n{_HINT}", 2) from None
    urls = options.all("url") + urls
    for name in _NUMBERS:
        try:
            float(options.get(name, "0"))
        except ValueError:
            option = "-m" if name == "m" else f"--{name}"
            text = f"option {option}: expected a proper numerical parameter"
            raise UsageError(f"{text}\n{_HINT}", 2) from None
    if not urls and "V" not in options:
        raise UsageError("try 'curl --help' or 'curl --manual' for more information", 2)
    return options, urls


def _translated(text: str) -> str:
    """getopt's complaint in curl's words."""
    option = text.rpartition("'")[0].rpartition("'")[2]
    if "requires an argument" in text:
        shown = option if option.startswith("--") else f"-{option}"
        return f"option {shown}: requires parameter"
    shown = option if option.startswith("--") else f"-{option}"
    return f"option {shown}: is unknown"
