"""python, node and perl: their versions and the few one-liners of tutorials. They run no code."""

from __future__ import annotations

from cluster_engine.images.servers.greeters import TestWebServer
from cluster_engine.images.servers.web import SIGINT, STDERR, STDOUT, local_time
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

_STDIN = 0
_NO_CODE = "this image is an imitation: it runs no %s code\n"
_PI_DIGITS_MAX = 5_000


class Interpreter:
    """Says its version; without anything to do it reads its input and ends."""

    name = ""
    variable = ""
    version_flags: tuple[str, ...] = ("--version",)

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments

    def step(self, system: System) -> Outcome:
        """One answer."""
        words = self.arguments[1:]
        if words and words[0] in self.version_flags:
            version = system.environment.get(self.variable, "")
            system.write(STDOUT, f"{self.version_text(version)}\n".encode())
            return Exited(0)
        if words:
            return Exited(self.run(system, words))
        data = system.read(_STDIN)
        if data is None:
            return Waiting(readable=(_STDIN,))
        if not data:
            return Exited(0)
        if data.strip():
            system.write(STDERR, (_NO_CODE % self.name).encode())
            return Exited(1)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def version_text(self, version: str) -> str:
        """What `--version` says."""
        return version

    def run(self, system: System, words: list[str]) -> int:
        """Anything else; the exit code."""
        del words
        system.write(STDERR, (_NO_CODE % self.name).encode())
        return 1


class Node(Interpreter):
    """node."""

    name, variable = "JavaScript", "NODE_VERSION"
    version_flags = ("--version", "-v")

    def version_text(self, version: str) -> str:
        """With a v."""
        return f"v{version}"


class Perl(Interpreter):
    """perl, which knows pi: the example of the documentation on Jobs."""

    name, variable = "Perl", "PERL_VERSION"
    version_flags = ("--version", "-v")

    def version_text(self, version: str) -> str:
        """Its sentence."""
        parts = version.split(".")
        subversion = parts[1] if len(parts) > 1 else "0"
        return (
            f"\nThis is perl 5, version {subversion}, subversion {parts[-1]} (v{version}) "
            "built for x86_64-linux-gnu\n"
        )

    def run(self, system: System, words: list[str]) -> int:
        """`perl -Mbignum=bpi -wle "print bpi(2000)"`."""
        code = words[-1].strip()
        if "-Mbignum=bpi" in words and code.startswith("print bpi(") and code.endswith(")"):
            digits = code[len("print bpi(") : -1].strip()
            if digits.isdecimal() and 0 < int(digits) <= _PI_DIGITS_MAX:
                system.work(int(digits))
                system.write(STDOUT, f"{pi(int(digits))}\n".encode())
                return 0
        return super().run(system, words)


class Python(TestWebServer):
    """python: `-m http.server` serves a folder; anything else is as with the others."""

    endings = (SIGINT,)
    memory_bytes = 18 * 1024 * 1024
    server = "SimpleHTTP/0.6"

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._words = arguments[1:]
        self._folder = "/"

    def step(self, system: System) -> Outcome:
        """The server of files, or an answer."""
        words = [word for word in self._words if word != "-u"]
        if words[:2] == ["-m", "http.server"]:
            self._folder = self.option("directory", "d") or system.cwd
            return super().step(system)
        return _Python([self.arguments[0], *words]).step(system)

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """The number after the module's name, or 8000."""
        del system
        numbers = [word for word in self._words[2:] if word.isdecimal()]
        return (int(numbers[0]) if numbers and 0 < int(numbers[0]) < 65536 else 8000,)

    def started(self, system: System) -> None:
        """Its line, which Python keeps back while its output is no terminal."""
        if "-u" in self._words or system.environment.get("PYTHONUNBUFFERED"):
            port = self.ports_wanted(system)[0]
            place = f"http://0.0.0.0:{port}/"
            system.write(STDOUT, f"Serving HTTP on 0.0.0.0 port {port} ({place}) ...\n".encode())

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """A file or a listing below the folder."""
        return self.serve(system, request, self._folder)

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """Its access log."""
        stamp = local_time(system.now_ms).partition(" ")[0].replace(":", " ", 1)
        line = (
            f"{request.source_ip} - - [{stamp}] "
            f'"{request.method} {request.path} HTTP/1.1" {reply.status} -\n'
        )
        system.write(STDERR, line.encode())


class _Python(Interpreter):
    """What is not a server."""

    name, variable = "Python", "PYTHON_VERSION"
    version_flags = ("--version", "-V")

    def version_text(self, version: str) -> str:
        """With the name."""
        return f"Python {version}"


def pi(digits: int) -> str:
    """Pi with so many digits in all, by Machin's formula in whole numbers."""
    guard = 10
    one = 10 ** (digits + guard)
    scaled = 4 * (4 * _inverse_tangent(5, one) - _inverse_tangent(239, one))
    text = str((scaled + 5 * 10**guard) // 10 ** (guard + 1))
    return f"{text[0]}.{text[1:]}" if digits > 1 else text[0]


def _inverse_tangent(inverse: int, one: int) -> int:
    term = one // inverse
    total, square, odd, sign = term, inverse * inverse, 1, -1
    while term:
        term //= square
        odd += 2
        total += sign * (term // odd)
        sign = -sign
    return total
