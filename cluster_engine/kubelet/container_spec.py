"""From a container of a pod's spec and its image to what the runtime is asked to run.

Models: generateContainerConfig of pkg/kubelet/kuberuntime, makeMounts and the hosts file of
pkg/kubelet/kubelet_pods.go, pkg/kubelet/network/dns (v1.37.2).
"""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import bytes_of, cpu_milli
from cluster_engine.images.image import Image
from cluster_engine.kubelet.environment import ConfigError, expand, expand_all
from cluster_engine.kubelet.resources import resources_of
from cluster_engine.kubelet.texts import pod_text, quoted
from cluster_engine.kubelet.worker import Worker
from cluster_engine.network.addresses import CLUSTER_DNS_IP
from cluster_engine.network.dns import DOMAIN, search_domains
from cluster_engine.runtime.container import ContainerSpec, FileContent, MountSpec
from cluster_engine.runtime.filesystem.nodes import File

_HOSTNAME_MAX = 63
_HOSTS_HEAD = (
    "# Kubernetes-managed hosts file.\n"
    "127.0.0.1\tlocalhost\n"
    "::1\tlocalhost ip6-localhost ip6-loopback\n"
    "fe00::0\tip6-localnet\n"
    "fe00::0\tip6-mcastprefix\n"
    "fe00::1\tip6-allnodes\n"
    "fe00::2\tip6-allrouters\n"
)
_NODE_HOSTS_HEAD = (
    "# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n"
    "::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\n"
    "ff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n"
)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_EMPTY: Object = {}


def container_spec(
    worker: Worker,
    pod: Object,
    container: Object,
    image: Image,
    environment: dict[str, str],
    *,
    container_id: str,
    node_ip: str,
) -> ContainerSpec:
    """Everything the runtime needs. Raises ConfigError with upstream's text."""
    spec = pod["spec"]
    hostname, domain = hostname_and_domain(pod)
    is_on_host = bool(spec.get("hostNetwork"))
    ip = node_ip if is_on_host else worker.ip
    if is_on_host:
        hostname = worker.node
    uid, gid, groups = user_of(pod, container, image)
    own = container.get("securityContext") or _EMPTY
    cpu_milli_max, memory_bytes_max = limits_of(container)
    variables = {"PATH": _PATH, "HOSTNAME": hostname, **image.environment, **environment}
    return ContainerSpec(
        id=container_id,
        pod_id=worker.uid,
        name=container["name"],
        hostname=hostname,
        ip=ip,
        node=worker.node,
        namespace=worker.namespace,
        image=image,
        command=command_of(container, image, environment),
        environment=variables,
        working_dir=container.get("workingDir") or image.working_dir or "/",
        uid=uid,
        gid=gid,
        groups=groups,
        mounts=_mounts(worker, container, environment),
        files={
            "/etc/hosts": FileContent(hosts_file(spec, ip, hostname, domain)),
            "/etc/resolv.conf": FileContent(resolver_file(spec, worker.namespace)),
            "/etc/hostname": FileContent(f"{hostname}\n".encode()),
        },
        termination_message_path=container.get("terminationMessagePath") or "/dev/termination-log",
        is_read_only_root=bool(own.get("readOnlyRootFilesystem")),
        has_stdin=bool(container.get("stdin")),
        is_stdin_once=bool(container.get("stdinOnce")),
        has_tty=bool(container.get("tty")),
        is_privileged=bool(own.get("privileged")),
        shares_processes=bool(spec.get("shareProcessNamespace")),
        cpu_limit_milli=cpu_milli_max,
        memory_limit_bytes=memory_bytes_max,
    )


def limits_of(container: Object) -> tuple[int, int]:
    """The container's limits: CPU in thousandths, memory in bytes; 0 for none."""
    limits = resources_of(container, "limits")
    cpu = cpu_milli(limits["cpu"]) if "cpu" in limits else 0
    return cpu, bytes_of(limits["memory"]) if "memory" in limits else 0


def hostname_and_domain(pod: Object) -> tuple[str, str]:
    """The pod's host name and, with a subdomain, its DNS domain."""
    metadata, spec = pod["metadata"], pod["spec"]
    override = spec.get("hostnameOverride")
    if override is not None:
        return _cut(override), ""
    hostname = _cut(spec.get("hostname") or metadata["name"])
    subdomain = spec.get("subdomain")
    domain = f"{subdomain}.{metadata['namespace']}.svc.{DOMAIN}" if subdomain else ""
    if domain and spec.get("setHostnameAsFQDN"):
        hostname = f"{hostname}.{domain}"
    return hostname, domain


def command_of(container: Object, image: Image, values: dict[str, str]) -> tuple[str, ...]:
    """The command line: the container's command and args over the image's entrypoint and cmd.

    Raises ConfigError when it becomes longer than Linux allows.
    """
    command = container.get("command") or ()
    arguments = container.get("args") or ()
    if command:
        words = (*command, *arguments)
    elif arguments:
        return (*image.entrypoint, *expand_all(arguments, values))
    else:
        return (*image.entrypoint, *image.command)
    return tuple(expand_all(words, values))


def user_of(pod: Object, container: Object, image: Image) -> tuple[int, int, tuple[int, ...]]:
    """The user, group and supplementary groups of the first process.

    Raises ConfigError when the container must not run as root and would.
    """
    shared = pod["spec"].get("securityContext") or _EMPTY
    own = container.get("securityContext") or _EMPTY
    uid, gid = own.get("runAsUser", shared.get("runAsUser")), own.get("runAsGroup")
    if gid is None:
        gid = shared.get("runAsGroup")
    name, _, group = (image.user or "0").partition(":")
    if own.get("runAsNonRoot", shared.get("runAsNonRoot")):
        _check_not_root(pod, container, uid, name)
    if uid is None:
        uid, primary = (int(name), 0) if name.isdecimal() else account_of(image, name)
        if gid is None:
            gid = int(group) if group.isdecimal() else primary
    if gid is None:
        gid = 0
    groups = [gid, *(shared.get("supplementalGroups") or ())]
    if shared.get("fsGroup") is not None:
        groups.append(shared["fsGroup"])
    return uid, gid, tuple(dict.fromkeys(groups))


def account_of(image: Image, name: str) -> tuple[int, int]:
    """The user and group numbers of a named user, as the image's /etc/passwd has them.

    Raises ConfigError when it has no such user.
    """
    try:
        file = image.layer.node("/etc/passwd")
    except KeyError:
        file = None
    lines = file.contents().decode("utf-8", "replace") if isinstance(file, File) else ""
    for line in lines.splitlines():
        fields = line.split(":")
        if fields[0] == name and len(fields) > 3 and fields[2].isdecimal():
            return int(fields[2]), int(fields[3])
    if name == "root":
        return 0, 0
    raise ConfigError(f"unable to find user {name}: no matching entries in passwd file")


def hosts_file(spec: Object, ip: str, hostname: str, domain: str) -> bytes:
    """/etc/hosts."""
    if spec.get("hostNetwork"):
        text = f"{_NODE_HOSTS_HEAD}{ip}\t{hostname}\n"
    elif domain:
        text = f"{_HOSTS_HEAD}{ip}\t{hostname}.{domain}\t{hostname}\n"
    else:
        text = f"{_HOSTS_HEAD}{ip}\t{hostname}\n"
    aliases = spec.get("hostAliases")
    if aliases:
        text += "\n# Entries added by HostAliases.\n"
        for alias in aliases:
            text += "\t".join([alias["ip"], *(alias.get("hostnames") or ())]) + "\n"
    return text.encode()


def resolver_file(spec: Object, namespace: str) -> bytes:
    """/etc/resolv.conf, by the pod's DNS policy."""
    policy = spec.get("dnsPolicy") or "ClusterFirst"
    if policy == "ClusterFirst" and not spec.get("dnsConfig") and not spec.get("hostNetwork"):
        return _usual_resolver_file(namespace)
    is_cluster = policy == "ClusterFirstWithHostNet" or (
        policy == "ClusterFirst" and not spec.get("hostNetwork")
    )
    servers, searches, options = [], [], []
    if is_cluster:
        servers, searches = [CLUSTER_DNS_IP], list(search_domains(namespace))
        options = ["ndots:5"]
    elif policy != "None":
        servers = ["172.18.0.1"]
        options = ["edns0", "trust-ad", "ndots:0"]
    config = spec.get("dnsConfig") or {}
    servers = list(dict.fromkeys([*servers, *(config.get("nameservers") or ())]))
    searches = list(dict.fromkeys([*searches, *(config.get("searches") or ())]))
    for option in config.get("options") or ():
        name, value = option["name"], option.get("value")
        options = [held for held in options if held.split(":")[0] != name]
        options.append(f"{name}:{value}" if value is not None else name)
    lines = [f"search {' '.join(searches)}"] if searches else []
    lines += [f"nameserver {server}" for server in servers]
    lines += [f"options {' '.join(options)}"] if options else []
    return ("\n".join(lines) + "\n").encode()


@lru_cache(maxsize=256)
def _usual_resolver_file(namespace: str) -> bytes:
    searches = " ".join(search_domains(namespace))
    return f"search {searches}\nnameserver {CLUSTER_DNS_IP}\noptions ndots:5\n".encode()


def _mounts(worker: Worker, container: Object, values: dict[str, str]) -> tuple[MountSpec, ...]:
    found = []
    for mount in container.get("volumeMounts") or ():
        name = mount["name"]
        if name not in worker.volumes:
            raise ConfigError(
                f"cannot find volume {quoted(name)} to mount into container "
                f"{quoted(container['name'])}"
            )
        sub_path = mount.get("subPath") or ""
        if mount.get("subPathExpr"):
            sub_path = expand(mount["subPathExpr"], values)
            if "$(" in sub_path:
                raise ConfigError(f"missing value for {quoted(mount['subPathExpr'])}")
        is_read_only = bool(mount.get("readOnly"))
        found.append(MountSpec(mount["mountPath"], worker.volumes[name], sub_path, is_read_only))
    return tuple(found)


def _check_not_root(pod: Object, container: Object, uid: int | None, name: str) -> None:
    where = f"(pod: {quoted(pod_text(pod))}, container: {container['name']})"
    if uid == 0:
        raise ConfigError(f"container's runAsUser breaks non-root policy {where}")
    if uid is not None:
        return
    if name.isdecimal():
        if int(name) == 0:
            raise ConfigError(f"container has runAsNonRoot and image will run as root {where}")
        return
    raise ConfigError(
        f"container has runAsNonRoot and image has non-numeric user ({name}), "
        f"cannot verify user is non-root {where}"
    )


def _cut(hostname: str) -> str:
    return hostname[:_HOSTNAME_MAX].rstrip("-.") if len(hostname) > _HOSTNAME_MAX else hostname
