"""Which subcommands agnhost has, and how one becomes a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cluster_engine.images.servers.agnhost import answers, mounttest, netexec, services, waiting
from cluster_engine.images.servers.greeters import TestWebServer
from cluster_engine.images.servers.tutorials import CpuStress, Liveness
from cluster_engine.runtime.program import Program

SUBCOMMANDS: Mapping[str, Callable[[list[str]], Program]] = MappingProxyType(
    {
        "connect": answers.Connect,
        "dns-server-list": answers.DnsServerList,
        "dns-suffix": answers.DnsSuffix,
        "entrypoint-tester": answers.EntrypointTester,
        "etc-hosts": answers.EtcHosts,
        "fake-gitserver": services.FakeGitServer,
        "grpc-health-checking": services.GrpcHealth,
        "guestbook": services.Guestbook,
        "inclusterclient": waiting.InClusterClient,
        "liveness": Liveness,
        "logs-generator": waiting.LogsGenerator,
        "mounttest": mounttest.MountTest,
        "netexec": netexec.NetExec,
        "nonewprivs": answers.NoNewPrivileges,
        "pause": waiting.Pause,
        "porter": services.Porter,
        "serve-hostname": services.ServeHostname,
        "stress": CpuStress,
        "test-webserver": TestWebServer,
    }
)


def agnhost(arguments: list[str]) -> Program:
    """The program of the subcommand that the arguments name."""
    name = arguments[1] if len(arguments) > 1 else ""
    return SUBCOMMANDS.get(name, answers.Help)(arguments)
