"""docker-entrypoint.sh of nginx and the scripts that it launches.

Models: nginx/docker-nginx, entrypoint/*.sh: what they say, and the templates they fill in.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cluster_engine.images.scripts import Entrypoint
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

_FOLDER, _ETC = "/docker-entrypoint.d", "/etc/nginx"
_SITE = "/etc/nginx/conf.d/default.conf"
_TEMPLATES, _OUTPUT = "/etc/nginx/templates", "/etc/nginx/conf.d"
_IPV6, _ENVSUBST = "10-listen-on-ipv6-by-default.sh", "20-envsubst-on-templates.sh"
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)", re.ASCII)
_OWN_SCRIPTS = (
    _IPV6,
    "15-local-resolvers.envsh",
    _ENVSUBST,
    "30-tune-worker-processes.sh",
)


#: What a usual start costs, be it the first of its sort in this process or not.
_WORK_USUAL = 10


@lru_cache(maxsize=64)
def _known(layer: str) -> list[str]:
    """What is said in containers whose files are as that layer has them; filled by the first."""
    del layer
    return []


class NginxEntrypoint(Entrypoint):
    """See images/library/nginx.py for the script it stands for."""

    def prepare(self, system: System, words: list[str]) -> list[str] | int:
        """Only before nginx itself."""
        if not words or words[0] not in ("nginx", "nginx-debug"):
            return words
        layer = system.unchanged_layer(_FOLDER, _ETC) if system.uid == 0 else ""
        known = _known(layer)
        if layer and known:
            self._say(system, known)
            system.count_as(_WORK_USUAL)
            return words
        lines: list[str] = []
        own = "/docker-entrypoint.sh"
        try:
            names = sorted(system.list_directory(_FOLDER))
        except Errno:
            names = []
        if any(name not in _OWN_SCRIPTS for name in names):
            # Somebody has added scripts of their own: the container's shell does it all.
            return ["sh", own, *words]
        if names:
            lines.append(f"{own}: {_FOLDER}/ is not empty, will attempt to perform configuration")
            lines.append(f"{own}: Looking for shell scripts in {_FOLDER}/")
            for name in names:
                lines += self._launch(system, name)
            lines.append(f"{own}: Configuration complete; ready for start up")
        else:
            lines.append(f"{own}: No files found in {_FOLDER}/, skipping configuration")
        if layer:
            known += lines
        self._say(system, lines)
        if layer:
            system.count_as(_WORK_USUAL)
        return words

    def _say(self, system: System, lines: list[str]) -> None:
        if not system.environment.get("NGINX_ENTRYPOINT_QUIET_LOGS"):
            system.write(1, "".join(f"{line}\n" for line in lines).encode())

    def _launch(self, system: System, name: str) -> list[str]:
        own, path = "/docker-entrypoint.sh", f"{_FOLDER}/{name}"
        if name.endswith(".envsh"):
            return [f"{own}: Sourcing {path}"]
        lines = [f"{own}: Launching {path}"]
        if name == _IPV6:
            lines += [f"{_IPV6}: info: {line}" for line in _listen_on_ipv6(system)]
        elif name == _ENVSUBST:
            lines += [f"{_ENVSUBST}: {line}" for line in _fill_templates(system)]
        return lines


def _listen_on_ipv6(system: System) -> list[str]:
    try:
        is_own = b"listen  [::]:80;" in system.read_file(_SITE)
    except Errno:
        return [f"{_SITE} is not a file or does not exist"]
    if not system.access(_SITE, 2):
        return [f"can not modify {_SITE} (read-only file system?)"]
    if not is_own:
        return [
            f"Getting the checksum of {_SITE}",
            f"{_SITE} differs from the packaged version",
        ]
    return [f"Getting the checksum of {_SITE}", f"Enabled listen on IPv6 in {_SITE}"]


def _fill_templates(system: System) -> list[str]:
    """Write each template with the environment's values in place of its variables."""
    try:
        names = system.list_directory(_TEMPLATES)
    except Errno:
        return []
    lines = []
    for name in names:
        if not name.endswith(".template"):
            continue
        source, target = f"{_TEMPLATES}/{name}", f"{_OUTPUT}/{name.removesuffix('.template')}"
        try:
            text = system.read_file(source).decode("utf-8", "replace")
            filled = _VARIABLE.sub(lambda found: _value(system, found), text)
            system.write_file(target, filled.encode())
        except Errno as error:
            lines.append(f"ERROR: {_OUTPUT} exists, but is not writable: {error.text}")
            continue
        lines.append(f"Running envsubst on {source} to {target}")
    return lines


def _value(system: System, found: re.Match[str]) -> str:
    """Only variables that are set are replaced, so that nginx' own stay."""
    name = found[1] or found[2]
    return system.environment.get(name, found[0])
