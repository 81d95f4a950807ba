"""Files of a volume that hide each other.

Models: warningsForOverlappingVirtualPaths in k8s.io/kubernetes/pkg/api/pod (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cluster_engine.apimachinery.objects import Object

#: A path and what puts a file there; the source of a plain volume is empty.
_File = tuple[str, str]


def overlap_warnings(volumes: Iterable[Object]) -> list[str]:
    """What to warn about the files in volumes."""
    found: list[str] = []
    for volume in volumes:
        name = volume.get("name", "")
        for title, files in _plain_volumes(volume):
            found.extend(
                f'volume "{name}" ({title}): overlapping paths: {one}' for one in _overlaps(files)
            )
        if volume.get("projected") is not None:
            found.extend(_projected(name, volume["projected"]))
    return found


def _plain_volumes(volume: Object) -> Iterator[tuple[str, list[_File]]]:
    for field, shown, key in (
        ("configMap", "ConfigMap", "name"),
        ("secret", "Secret", "secretName"),
    ):
        source = volume.get(field)
        if source is not None and source.get("items"):
            yield f'{shown} "{source.get(key, "")}"', _files(source["items"], "")
    source = volume.get("downwardAPI")
    if source is not None and source.get("items"):
        yield "DownwardAPI", _files(source["items"], "")


def _files(items: Iterable[Object], source: str) -> list[_File]:
    return [(item.get("path", ""), source) for item in items]


def _projected(name: str, projected: Object) -> Iterator[str]:
    files: list[_File] = []
    for source in projected.get("sources") or ():
        if not source:
            yield f'volume "{name}" (Projected) has no sources provided'
            continue
        for path, shown in _source_files(source):
            one = (path.rstrip("/"), shown)
            for other in _colliding(files, one):
                yield (
                    f'volume "{name}" (Projected): overlapping paths: '
                    f"{_text(one)} with {_text(other)}"
                )
            files.append(one)


def _source_files(source: Object) -> list[_File]:
    for field, shown in (("configMap", "ConfigMap"), ("secret", "Secret")):
        one = source.get(field)
        if one is not None and one.get("items"):
            return _files(one["items"], f'{shown} "{one.get("name", "")}"')
    if source.get("downwardAPI") and source["downwardAPI"].get("items"):
        return _files(source["downwardAPI"]["items"], "DownwardAPI")
    if source.get("serviceAccountToken") is not None:
        return [(source["serviceAccountToken"].get("path", ""), "ServiceAccountToken")]
    bundle = source.get("clusterTrustBundle")
    if bundle is not None:
        name = bundle["name"] if bundle.get("name") is not None else bundle.get("signerName", "")
        return [(bundle.get("path", ""), f'ClusterTrustBundle "{name}"')]
    certificate = source.get("podCertificate") or {}
    named = (
        ("certificateChainPath", "PodCertificate chain"),
        ("keyPath", "PodCertificate key"),
        ("credentialBundlePath", "PodCertificate credential bundle"),
    )
    return [(certificate[field], shown) for field, shown in named if certificate.get(field)]


def _overlaps(files: Iterable[_File]) -> Iterator[str]:
    seen: list[_File] = []
    for path, source in files:
        one = (path.rstrip("/"), source)
        for other in _colliding(seen, one):
            yield f"{_text(one)} with {_text(other)}"
        seen.append(one)


def _colliding(files: Iterable[_File], one: _File) -> list[_File]:
    path = one[0]
    if not path:
        return []
    return [
        other
        for other in files
        if other[0]
        and (f"{other[0]}/".startswith(f"{path}/") or f"{path}/".startswith(f"{other[0]}/"))
    ]


def _text(file: _File) -> str:
    path, source = file
    return f'"{path}" ({source})' if source else f'"{path}"'
