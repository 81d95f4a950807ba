"""`manage.py cluster`: one cluster in the foreground, its Kubernetes API on 127.0.0.1."""

from __future__ import annotations

import datetime
import secrets
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cluster_engine.apimachinery.quantity import milli_value
from playground.gateway import certificates, foreground
from playground.gateway.kubeconfig import kubeconfig
from playground.hosting import garbage
from playground.hosting.host import ClusterPlan, parse_speed

_ADMINISTRATOR = "kubernetes-admin"


def _speed(text: str) -> float:
    try:
        return parse_speed(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text[:6]) > 65_535:
        raise ArgumentTypeError(f"{text!r} is no port: give 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise ArgumentTypeError(f"{text!r} is no count: give a whole number from 0")
    return int(text)


def _quantity(text: str) -> str:
    try:
        is_usable = milli_value(text) > 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ArgumentTypeError(f"{text!r} is no amount above zero: give one like 500m, 4 or 16Gi")
    return text


class Command(BaseCommand):
    """Run a cluster until SIGTERM."""

    help = (
        "Runs one cluster in the foreground with the Kubernetes API on 127.0.0.1, writes a "
        "kubeconfig, prints 'ready <url>' when it serves, stops on SIGTERM."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--name", default="podyard")
        parser.add_argument("--port", type=_port, default=6443, help="0 takes a free one")
        parser.add_argument("--kubeconfig", type=Path, help="where to write a kubeconfig")
        parser.add_argument("--nodes", type=_count, default=3)
        parser.add_argument("--no-default-nodes", action="store_true", help="start without nodes")
        parser.add_argument("--node-cpu", type=_quantity, default="4")
        parser.add_argument("--node-memory", type=_quantity, default="16Gi")
        parser.add_argument("--node-pods", type=_count, default=110)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--speed", type=_speed, default=1.0, help="a number, or max")
        parser.add_argument("--profile", choices=("realistic", "instant"), default="realistic")
        parser.add_argument(
            "--api-only",
            action="store_true",
            help="the API server alone: no nodes, controllers, scheduler, kubelets",
        )
        parser.add_argument(
            "--tls", action="store_true", help="https with a self-made CA, and a token"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        try:
            listener = foreground.listen(options["port"])
        except OSError as error:
            raise CommandError(f"port {options['port']}: {error.strerror}") from error
        port = listener.getsockname()[1]
        token = secrets.token_urlsafe(32) if options["tls"] else ""
        with tempfile.TemporaryDirectory(prefix="podyard-") as folder:
            authority, files = _certificates(Path(folder)) if token else (b"", None)
            url = f"{'https' if token else 'http'}://127.0.0.1:{port}"
            if options["kubeconfig"]:
                _write(
                    options["kubeconfig"],
                    kubeconfig(
                        server=url,
                        name=options["name"],
                        user=_ADMINISTRATOR,
                        token=token,
                        authority_pem=authority,
                    ),
                )
            try:
                foreground.run(
                    plan=_plan(options),
                    listener=listener,
                    ready=lambda: self._ready(url),
                    token=token,
                    certificates=files,
                )
            except ValueError as error:
                raise CommandError(str(error)) from error

    def _ready(self, url: str) -> None:
        garbage.calm(has_many_clusters=False)
        self.stdout.write(f"ready {url}")
        self.stdout.flush()


def _plan(options: dict[str, Any]) -> ClusterPlan:
    has_nodes = not options["no_default_nodes"] and not options["api_only"]
    return ClusterPlan(
        name=options["name"],
        nodes=options["nodes"] if has_nodes else 0,
        seed=options["seed"],
        profile=options["profile"],
        node_cpu=options["node_cpu"],
        node_memory=options["node_memory"],
        node_pods=options["node_pods"],
        is_api_only=options["api_only"],
        speed=options["speed"],
        limits={"objects_max": 1_000_000, "history_changes_max": 200_000},
    )


def _certificates(folder: Path) -> tuple[bytes, foreground.Certificates]:
    made = certificates.make_server_certificate(datetime.datetime.now(datetime.UTC))
    files = foreground.Certificates(folder / "server.crt", folder / "server.key")
    files.certificate.write_bytes(made.certificate)
    files.key.touch(mode=0o600)
    files.key.write_bytes(made.key)
    return made.authority, files


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
