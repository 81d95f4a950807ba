"""Health checks, version and the list of paths: what is served beside resources.

Models: k8s.io/apiserver/pkg/server/healthz and pkg/server/routes (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object

GIT_VERSION = "v1.37.2"
VERSION: Object = {
    "major": "1",
    "minor": "37",
    "emulationMajor": "1",
    "emulationMinor": "37",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "36",
    "gitVersion": GIT_VERSION,
    "gitCommit": "0000000000000000000000000000000000000000",
    "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z",
    "goVersion": "go1.26.0",
    "compiler": "gc",
    "platform": "linux/amd64",
}

_HOOKS = (
    "start-apiserver-admission-initializer",
    "generic-apiserver-start-informers",
    "priority-and-fairness-config-consumer",
    "priority-and-fairness-filter",
    "storage-object-count-tracker-hook",
    "start-apiextensions-informers",
    "start-apiextensions-controllers",
    "crd-informer-synced",
    "start-system-namespaces-controller",
    "start-cluster-authentication-info-controller",
    "start-kube-apiserver-identity-lease-controller",
    "start-kube-apiserver-identity-lease-garbage-collector",
    "start-legacy-token-tracking-controller",
    "start-service-ip-repair-controllers",
    "rbac/bootstrap-roles",
    "scheduling/bootstrap-system-priority-classes",
    "priority-and-fairness-config-producer",
    "bootstrap-controller",
    "start-kubernetes-service-cidr-controller",
    "start-kube-aggregator-informers",
    "apiservice-status-local-available-controller",
    "apiservice-status-remote-available-controller",
    "apiservice-registration-controller",
    "apiservice-discovery-controller",
    "kube-apiserver-autoregistration",
    "apiservice-openapi-controller",
    "apiservice-openapiv3-controller",
    "peer-endpoint-reconciler-controller",
    "storage-readiness",
)
_AUTOREGISTER = "autoregister-completion"
_FIRST = {
    "healthz": ("ping", "log", "etcd", "loopback-serving-certificate"),
    "livez": ("ping", "log", "etcd", "loopback-serving-certificate"),
    "readyz": ("ping", "log", "etcd", "etcd-readiness", "informer-sync"),
}
_LAST = {"healthz": (), "livez": (), "readyz": ("shutdown",)}
_OTHERS = (
    "/.well-known/openid-configuration",
    "/api",
    "/api/v1",
    "/apis",
    "/apis/",
    "/flagz",
    "/metrics",
    "/metrics/slis",
    "/openapi/v2",
    "/openapi/v3",
    "/openapi/v3/",
    "/openid/v1/jwks",
    "/statusz",
    "/version",
)


def checks(endpoint: str) -> list[str]:
    """The checks of healthz, livez or readyz, in the order they are run."""
    hooks = [f"poststarthook/{name}" for name in _HOOKS]
    return [*_FIRST[endpoint], *hooks, _AUTOREGISTER, *_LAST[endpoint]]


def health(path: str, *, is_verbose: bool, excluded: list[str]) -> str | None:
    """The answer of a health path; None when there is no such check."""
    endpoint, _, name = path.strip("/").partition("/")
    if endpoint not in _FIRST:
        return None
    known = checks(endpoint)
    if name:
        return "ok" if name in known else None
    if not is_verbose:
        return "ok"
    lines = [
        f"[+]{check} excluded: ok" if check in excluded else f"[+]{check} ok" for check in known
    ]
    return "\n".join([*lines, f"{endpoint} check passed", ""])


def paths(groups: dict[str, list[str]]) -> Object:
    """GET /."""
    found = set(_OTHERS)
    for name, versions in groups.items():
        if name:
            found.add(f"/apis/{name}")
            found.update(f"/apis/{name}/{version}" for version in versions)
    for endpoint in _FIRST:
        found.add(f"/{endpoint}")
        found.update(f"/{endpoint}/{check}" for check in checks(endpoint))
    return {"paths": sorted(found)}
