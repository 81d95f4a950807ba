"""Numbers for Prometheus, for this machine or for whoever has the token."""

from __future__ import annotations

import resource
import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from playground.gateway.door import bearer_token
from playground.hosting.selectors import site_host
from playground.site.addresses import client_address

_LOOPBACK = ("127.0.0.1", "::1", "")


@require_safe
async def metrics(request: HttpRequest) -> HttpResponse:
    """The text exposition format."""
    token = settings.PODYARD_METRICS_TOKEN
    given = bearer_token({"authorization": request.headers.get("authorization", "")})
    if token:
        if not secrets.compare_digest(given.encode(), token.encode()):
            raise PermissionDenied
    elif client_address(request) not in _LOOPBACK:
        raise PermissionDenied
    usage = resource.getrusage(resource.RUSAGE_SELF)
    numbers = {
        **site_host().numbers(),
        "process_cpu_seconds_total": usage.ru_utime + usage.ru_stime,
        "process_resident_memory_bytes": _resident_bytes(),
    }
    lines = []
    for name, value in numbers.items():
        kind = "counter" if name.endswith("_total") else "gauge"
        lines += [f"# TYPE {name} {kind}", f"{name} {value:g}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _resident_bytes() -> float:
    with open("/proc/self/statm") as file:
        return float(file.read().split()[1]) * resource.getpagesize()
