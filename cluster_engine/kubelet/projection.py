"""What files a ConfigMap, Secret, downward API or projected volume shows.

Models: MakePayload and CollectData of pkg/volume/{secret,configmap,downwardapi,projected}
(v1.37.2).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informers
from cluster_engine.kubelet.downward import DownwardError, PodView, field_value, resource_value
from cluster_engine.kubelet.environment import decoded
from cluster_engine.kubelet.worker import Worker
from cluster_engine.runtime.container import FileContent

#: A token for a pod's service account: (pod, audience, lifetime in seconds).
TokenSource: TypeAlias = Callable[[Object, str, int], str]
_DEFAULT_MODE = 0o644
_TOKEN_SECONDS = 3600
Files: TypeAlias = dict[str, FileContent]


class Projections:
    """Computes the content of projected volumes from what informers know."""

    def __init__(
        self,
        informers: Informers,
        view: Callable[[Worker, Object], PodView],
        token: TokenSource,
    ) -> None:
        self._config_maps = informers.of("configmaps")
        self._secrets = informers.of("secrets")
        self._view = view
        self._token = token

    def problems(self, pod: Object, volume: Object) -> list[str]:
        """Why the volume cannot be mounted yet: upstream's texts, none when it can."""
        found = []
        for kind, source in _sources(volume):
            if kind in ("configMap", "secret"):
                _, problem = self._payload(kind, source, pod, _DEFAULT_MODE)
                if problem:
                    found.append(problem)
        return found

    def sources(self, pod: Object, volume: Object) -> list[tuple[str, str]]:
        """The objects that the volume shows: (resource, namespace/name)."""
        namespace = pod["metadata"]["namespace"]
        return [
            (f"{kind.lower()}s", f"{namespace}/{_source_name(source)}")
            for kind, source in _sources(volume)
            if kind in ("configMap", "secret")
        ]

    def collect(self, worker: Worker, pod: Object, volume: Object) -> Files:
        """The files of the volume; what is missing is left out."""
        mode = _default_mode(volume)
        group = (pod["spec"].get("securityContext") or {}).get("fsGroup") or 0
        files: Files = {}
        for kind, source in _sources(volume):
            files.update(self._one(kind, source, worker, pod, mode))
        if group:
            files = {
                path: FileContent(file.data, file.mode | 0o040, file.uid, group)
                for path, file in files.items()
            }
        return files

    def _one(self, kind: str, source: Object, worker: Worker, pod: Object, mode: int) -> Files:
        if kind in ("configMap", "secret"):
            return self._payload(kind, source, pod, mode)[0]
        if kind == "downwardAPI":
            return _downward(source, self._view(worker, pod), mode)
        if kind == "serviceAccountToken":
            seconds = source.get("expirationSeconds") or _TOKEN_SECONDS
            token = self._token(pod, source.get("audience") or "", seconds)
            return {source["path"]: FileContent(token.encode(), mode)}
        return {}

    def _payload(self, kind: str, source: Object, pod: Object, mode: int) -> tuple[Files, str]:
        informer = self._config_maps if kind == "configMap" else self._secrets
        name = _source_name(source)
        obj = informer.get(pod["metadata"]["namespace"], name)
        is_optional = bool(source.get("optional"))
        if obj is None and not is_optional:
            return {}, f'{kind.lower()} "{name}" not found'
        data = _data(kind, obj or {})
        items = source.get("items")
        if not items:
            return {key: FileContent(value, mode) for key, value in data.items()}, ""
        files: Files = {}
        for item in items:
            if item["key"] in data:
                chosen = item.get("mode")
                content = data[item["key"]]
                files[item["path"]] = FileContent(content, mode if chosen is None else chosen)
            elif not is_optional:
                return {}, _missing_key(kind, item["key"])
        return files, ""


def _sources(volume: Object) -> Iterator[tuple[str, Object]]:
    for kind in ("configMap", "secret", "downwardAPI"):
        if volume.get(kind) is not None:
            yield kind, volume[kind]
    for source in (volume.get("projected") or {}).get("sources") or ():
        for kind, value in source.items():
            if value is not None:
                yield kind, value


def _default_mode(volume: Object) -> int:
    for kind in ("configMap", "secret", "downwardAPI", "projected"):
        source = volume.get(kind)
        if source is not None:
            mode: int | None = source.get("defaultMode")
            return _DEFAULT_MODE if mode is None else mode
    return _DEFAULT_MODE


def _source_name(source: Object) -> str:
    name: str = source.get("secretName") or source.get("name") or ""
    return name


def _missing_key(kind: str, key: str) -> str:
    if kind == "secret":
        return f"references non-existent secret key: {key}"
    return f"configmap references non-existent config key: {key}"


def _data(kind: str, obj: Object) -> dict[str, bytes]:
    if kind == "secret":
        return {key: decoded(value) for key, value in sorted((obj.get("data") or {}).items())}
    found = {key: value.encode() for key, value in sorted((obj.get("data") or {}).items())}
    for key, value in sorted((obj.get("binaryData") or {}).items()):
        found[key] = base64.b64decode(value)
    return found


def _downward(source: Object, view: PodView, mode: int) -> Files:
    files: Files = {}
    for item in source.get("items") or ():
        try:
            if item.get("fieldRef"):
                text = field_value(view, item["fieldRef"]["fieldPath"])
            elif item.get("resourceFieldRef"):
                text = resource_value(view, item["resourceFieldRef"], None)
            else:
                text = ""
        except DownwardError:
            continue
        chosen = item.get("mode")
        files[item["path"]] = FileContent(text.encode(), mode if chosen is None else chosen)
    return files
