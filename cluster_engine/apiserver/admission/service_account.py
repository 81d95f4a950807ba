"""ServiceAccount: every pod has an account, and its containers carry a token of it.

Models: k8s.io/kubernetes/plugin/pkg/admission/serviceaccount (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.write import CREATE, Write

VOLUME_PREFIX = "kube-api-access-"
MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
_MIRROR = "kubernetes.io/config.mirror"
_ENFORCE = "kubernetes.io/enforce-mountable-secrets"
_DEFAULT = "default"
_TOKEN_SECONDS = 3607
#: What the token volume holds; the same for every pod, so shared by all.
_SOURCE: Object = {
    "sources": [
        {"serviceAccountToken": {"expirationSeconds": _TOKEN_SECONDS, "path": "token"}},
        {
            "configMap": {
                "name": "kube-root-ca.crt",
                "items": [{"key": "ca.crt", "path": "ca.crt"}],
            }
        },
        {
            "downwardAPI": {
                "items": [
                    {
                        "path": "namespace",
                        "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                    }
                ]
            }
        },
    ],
    "defaultMode": 420,
}


class ServiceAccount(Plugin):
    """Gives a pod the default account where it names none, and mounts the token."""

    NAME = "ServiceAccount"
    OPERATIONS = (CREATE,)
    RESOURCES = ("pods",)

    def mutate(self, write: Write) -> None:
        pod = write.object
        if _MIRROR in ((pod.get("metadata") or {}).get("annotations") or {}):
            _check_mirror(write)
            return
        spec = pod.get("spec") or {}
        changes: dict[str, Any] = {}
        name = spec.get("serviceAccountName") or _DEFAULT
        if not spec.get("serviceAccountName"):
            changes = {"serviceAccountName": name, "serviceAccount": name}
        account = self._account(write, name)
        if _wants_token(account, spec):
            self._mount(spec, changes)
        if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
            changes["imagePullSecrets"] = account["imagePullSecrets"]
        if changes:
            write.set_spec(**changes)
        if _enforces_secrets(account):
            _check_secrets(write, account)

    def _account(self, write: Write, name: str) -> Object:
        record = self.core.store.get("serviceaccounts", write.namespace, name)
        if record is not None:
            return record.object
        if name == _DEFAULT and not self.core.is_api_only:
            # Its controller makes it in a moment; upstream waits for that.
            return {"metadata": {"name": name, "namespace": write.namespace}}
        why = (
            f"error looking up service account {write.namespace}/{name}: "
            f'serviceaccount "{name}" not found'
        )
        raise refuse(write, why)

    def _mount(self, spec: Object, changes: dict[str, Any]) -> None:
        volumes = spec.get("volumes") or []
        held = next((v["name"] for v in volumes if v["name"].startswith(VOLUME_PREFIX)), "")
        name = held or VOLUME_PREFIX + self.core.randomness.suffix()
        mount = {"name": name, "readOnly": True, "mountPath": MOUNT_PATH}
        is_needed = False
        for field in ("initContainers", "containers"):
            containers = spec.get(field)
            if containers and not all(_has_mount(item) for item in containers):
                changes[field] = [_with_mount(item, mount) for item in containers]
                is_needed = True
        if is_needed and not held:
            changes["volumes"] = [*volumes, {"name": name, "projected": _SOURCE}]


def _wants_token(account: Object, spec: Object) -> bool:
    for holder in (spec, account):
        wish = holder.get("automountServiceAccountToken")
        if wish is not None:
            return bool(wish)
    return True


def _has_mount(container: Object) -> bool:
    return any(m.get("mountPath") == MOUNT_PATH for m in container.get("volumeMounts") or ())


def _with_mount(container: Object, mount: Object) -> Object:
    if _has_mount(container):
        return container
    return {**container, "volumeMounts": [*(container.get("volumeMounts") or ()), mount]}


def _enforces_secrets(account: Object) -> bool:
    text = (account["metadata"].get("annotations") or {}).get(_ENFORCE, "")
    return text in ("1", "t", "T", "true", "TRUE", "True")


def _check_mirror(write: Write) -> None:
    spec = write.object.get("spec") or {}
    if spec.get("serviceAccountName"):
        raise refuse(write, "a mirror pod may not reference service accounts")
    for volume in spec.get("volumes") or ():
        if "secret" in volume:
            raise refuse(write, "a mirror pod may not reference secrets")
        for source in (volume.get("projected") or {}).get("sources") or ():
            if "serviceAccountToken" in source:
                text = "a mirror pod may not use ServiceAccountToken volume projections"
                raise refuse(write, text)


def _check_secrets(write: Write, account: Object) -> None:
    """Refuse secrets that the account does not list."""
    name = account["metadata"]["name"]
    allowed = {item.get("name") for item in account.get("secrets") or ()}
    spec = write.object["spec"]
    ending = f"is not allowed because service account {name} does not reference that secret"
    for volume in spec.get("volumes") or ():
        secret = (volume.get("secret") or {}).get("secretName")
        if secret is not None and secret not in allowed:
            raise refuse(write, f'volume with secret.secretName="{secret}" {ending}')
    for field, title in (("initContainers", "init container"), ("containers", "container")):
        for container in spec.get(field) or ():
            _check_environment(write, container, f"{title} {container['name']}", allowed, ending)
    pull = {item.get("name") for item in account.get("imagePullSecrets") or ()}
    for position, item in enumerate(spec.get("imagePullSecrets") or ()):
        if item.get("name") not in pull:
            text = (
                f'imagePullSecrets[{position}].name="{item.get("name")}" is not allowed because '
                f"service account {name} does not reference that imagePullSecret"
            )
            raise refuse(write, text)


def _check_environment(
    write: Write, container: Object, title: str, allowed: set[Any], ending: str
) -> None:
    for variable in container.get("env") or ():
        reference = (variable.get("valueFrom") or {}).get("secretKeyRef")
        if reference is not None and reference.get("name") not in allowed:
            secret = f'secret.secretName="{reference.get("name")}"'
            text = f"{title} with envVar {variable['name']} referencing {secret} {ending}"
            raise refuse(write, text)
    for source in container.get("envFrom") or ():
        reference = source.get("secretRef")
        if reference is not None and reference.get("name") not in allowed:
            secret = f'secret.secretName="{reference.get("name")}"'
            raise refuse(write, f"{title} with envFrom referencing {secret} {ending}")
