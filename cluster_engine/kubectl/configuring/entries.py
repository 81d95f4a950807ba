"""`kubectl config` on clusters, users and single properties.

Models: k8s.io/kubectl/pkg/cmd/config (v0.37.2).
"""

from __future__ import annotations

import base64
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.configuring.common import unexpected, with_entry, without_entry
from cluster_engine.kubectl.errors import HelpError, KubectlError, UsageError
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.session import Session

#: The lists of the configuration: what an entry's inside is called, and which of it are what.
_INSIDES = {"contexts": "context", "clusters": "cluster", "users": "user"}
_FIELDS: dict[str, tuple[str, ...]] = {
    "contexts": ("cluster", "user", "namespace"),
    "clusters": (
        "server",
        "tls-server-name",
        "insecure-skip-tls-verify",
        "certificate-authority",
        "certificate-authority-data",
        "proxy-url",
        "disable-compression",
    ),
    "users": (
        "client-certificate",
        "client-certificate-data",
        "client-key",
        "client-key-data",
        "token",
        "tokenFile",
        "username",
        "password",
    ),
}
_SWITCHES = ("insecure-skip-tls-verify", "disable-compression")
_NAVIGATION = "unable to parse {path} after [] at api.Config"


def run_clusters(session: Session) -> int:
    return _list(session, "clusters")


def run_users(session: Session) -> int:
    return _list(session, "users")


def _list(session: Session, list_: str) -> int:
    session.out("NAME")
    entries = session.config.data.get(list_) or ()
    for name in sorted(str(entry.get("name", "")) for entry in entries):
        session.out(name)
    return 0


def run_delete_cluster(session: Session) -> int:
    if len(session.arguments) != 1:
        raise HelpError("", 0)
    return _delete(session, "clusters", "cluster")


def run_delete_user(session: Session) -> int:
    if len(session.arguments) != 1:
        raise UsageError("user to delete is required", session.command)
    return _delete(session, "users", "user")


def _delete(session: Session, list_: str, what: str) -> int:
    name, config = session.arguments[0], session.config
    if config.named(list_, name) is None:
        raise KubectlError(f"cannot delete {what} {name}, not in {config.path}")
    config.data = without_entry(config.data, list_, name)
    config.write(session.system)
    session.out(f"deleted {what} {name} from {config.path}")
    return 0


def run_set_cluster(session: Session) -> int:
    return _set_entry(session, "clusters", "Cluster", ("certificate-authority",))


def run_set_user(session: Session) -> int:
    return _set_entry(session, "users", "User", ("client-certificate", "client-key"))


def _set_entry(session: Session, list_: str, what: str, files: tuple[str, ...]) -> int:
    flags, config = session.flags, session.config
    if len(session.arguments) != 1:
        raise unexpected(session)
    name, inside = session.arguments[0], _INSIDES[list_]
    entry = (config.named(list_, name) or {}).get(inside) or {}
    value: Object = dict(entry)
    for field in _FIELDS[list_]:
        if flags.has(field):
            value[field] = flags.values[field]
    for field in files if flags.is_on("embed-certs") else ():
        if flags.text(field):
            data = session.read_file(flags.text(field))
            value[f"{field}-data"] = base64.b64encode(data).decode()
            del value[field]
    kept = {field: held for field, held in value.items() if held not in ("", False)}
    config.data = with_entry(config.data, list_, inside, name, kept)
    config.write(session.system)
    session.out(f'{what} "{name}" set.')
    return 0


def run_set(session: Session) -> int:
    if len(session.arguments) != 2:
        raise unexpected(session)
    path, text = session.arguments
    if not text:
        raise KubectlError("you cannot use set to unset a property")
    if not path:
        raise KubectlError("you must specify a property")
    config = session.config
    if path == "current-context":
        config.data = {**config.data, path: text}
    else:
        list_, name, field = _steps(path)
        if not field:
            raise KubectlError(f"unable to parse one or more field values of {path}")
        entry = (config.named(list_, name) or {}).get(_INSIDES[list_]) or {}
        value: Any = text == "true" if field in _SWITCHES else text
        value = base64.b64encode(text.encode()).decode() if _is_raw(session, field) else value
        changed = {**entry, field: value}
        config.data = with_entry(config.data, list_, _INSIDES[list_], name, changed)
    config.write(session.system)
    session.out(f'Property "{path}" set.')
    return 0


def _is_raw(session: Session, field: str) -> bool:
    """Whether the text is data as it is, to be encoded."""
    return field.endswith("-data") and not session.flags.is_on("set-raw-bytes")


def run_unset(session: Session) -> int:
    if len(session.arguments) != 1:
        raise unexpected(session)
    path, config = session.arguments[0], session.config
    if not path:
        raise KubectlError("you must specify a property")
    if path in ("current-context", *_INSIDES):
        config.data = {**config.data, path: "" if path == "current-context" else []}
    else:
        list_, name, field = _steps(path)
        if not field:
            config.data = without_entry(config.data, list_, name)
        else:
            entry = (config.named(list_, name) or {}).get(_INSIDES[list_]) or {}
            kept = {key: value for key, value in entry.items() if key != field}
            config.data = with_entry(config.data, list_, _INSIDES[list_], name, kept)
    config.write(session.system)
    session.out(f'Property "{path}" unset.')
    return 0


def _steps(path: str) -> tuple[str, str, str]:
    """List, name and field of "clusters.my.cluster.server"; names may have dots."""
    list_, _, rest = path.partition(".")
    if list_ not in _INSIDES or not rest:
        raise KubectlError(_NAVIGATION.format(path=path))
    name, dot, field = rest.rpartition(".")
    if dot and field in _FIELDS[list_]:
        return list_, name, field
    return list_, rest, ""


CLUSTERS = Command(
    name="get-clusters",
    short="Display clusters defined in the kubeconfig",
    long="""Display clusters defined in the kubeconfig.""",
    examples="""# List the clusters that kubectl knows about
kubectl config get-clusters""",
    flags=(),
    run=run_clusters,
)
USERS = Command(
    name="get-users",
    short="Display users defined in the kubeconfig",
    long="""Display users defined in the kubeconfig.""",
    examples="""# List the users that kubectl knows about
kubectl config get-users""",
    flags=(),
    run=run_users,
)
DELETE_CLUSTER = Command(
    name="delete-cluster",
    short="Delete the specified cluster from the kubeconfig",
    usage="NAME",
    long="""Delete the specified cluster from the kubeconfig.""",
    examples="""# Delete the minikube cluster
kubectl config delete-cluster minikube""",
    flags=(),
    run=run_delete_cluster,
)
DELETE_USER = Command(
    name="delete-user",
    short="Delete the specified user from the kubeconfig",
    usage="NAME",
    long="""Delete the specified user from the kubeconfig.""",
    examples="""# Delete the minikube user
kubectl config delete-user minikube""",
    flags=(),
    run=run_delete_user,
)
SET_CLUSTER = Command(
    name="set-cluster",
    short="Set a cluster entry in kubeconfig",
    usage="NAME [--server=server] [--certificate-authority=path/to/certificate/authority] "
    "[--insecure-skip-tls-verify=true] [--tls-server-name=example.com]",
    long="""Set a cluster entry in kubeconfig.

 Specifying a name that already exists will merge new fields on top of existing values for those \
fields.""",
    examples="""# Set only the server field on the e2e cluster entry without touching other values
kubectl config set-cluster e2e --server=https://1.2.3.4

# Embed certificate authority data for the e2e cluster entry
kubectl config set-cluster e2e --embed-certs --certificate-authority=~/.kube/e2e/kubernetes.ca.crt

# Disable cert checking for the e2e cluster entry
kubectl config set-cluster e2e --insecure-skip-tls-verify=true

# Set the custom TLS server name to use for validation for the e2e cluster entry
kubectl config set-cluster e2e --tls-server-name=my-cluster-name

# Set the proxy URL for the e2e cluster entry
kubectl config set-cluster e2e --proxy-url=https://1.2.3.4""",
    flags=(
        Flag(
            "certificate-authority",
            "",
            STRING,
            "",
            "Path to certificate-authority file for the cluster entry in kubeconfig",
        ),
        switch("embed-certs", "", "embed-certs for the cluster entry in kubeconfig"),
        switch(
            "insecure-skip-tls-verify",
            "",
            "insecure-skip-tls-verify for the cluster entry in kubeconfig",
        ),
        Flag("proxy-url", "", STRING, "", "proxy-url for the cluster entry in kubeconfig"),
        Flag("server", "", STRING, "", "server for the cluster entry in kubeconfig"),
        Flag(
            "tls-server-name", "", STRING, "", "tls-server-name for the cluster entry in kubeconfig"
        ),
    ),
    run=run_set_cluster,
)
SET_USER = Command(
    name="set-credentials",
    short="Set a user entry in kubeconfig",
    usage="NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] "
    "[--token=bearer_token] [--username=basic_user] [--password=basic_password]",
    long="""Set a user entry in kubeconfig.

 Specifying a name that already exists will merge new fields on top of existing values.

        Client-certificate flags:
        --client-certificate=certfile --client-key=keyfile

        Bearer token flags:
        --token=bearer_token

        Basic auth flags:
        --username=basic_user --password=basic_password

 Bearer token and basic auth are mutually exclusive.""",
    examples="""# Set only the "client-key" field on the "cluster-admin"
# entry, without touching other values
kubectl config set-credentials cluster-admin --client-key=~/.kube/admin.key

# Set basic auth for the "cluster-admin" entry
kubectl config set-credentials cluster-admin --username=admin --password=uXFGweU9l35qcif

# Embed client certificate data in the "cluster-admin" entry
kubectl config set-credentials cluster-admin --client-certificate=~/.kube/admin.crt \
--embed-certs=true

# Enable the Google Compute Platform auth provider for the "cluster-admin" entry
kubectl config set-credentials cluster-admin --auth-provider=gcp

# Enable the OpenID Connect auth provider for the "cluster-admin" entry with additional arguments
kubectl config set-credentials cluster-admin --auth-provider=oidc \
--auth-provider-arg=client-id=foo --auth-provider-arg=client-secret=bar

# Remove the "client-secret" config value for the OpenID Connect auth provider for the \
"cluster-admin" entry
kubectl config set-credentials cluster-admin --auth-provider=oidc --auth-provider-arg=client-secret-

# Enable new exec auth plugin for the "cluster-admin" entry
kubectl config set-credentials cluster-admin --exec-command=/path/to/the/executable \
--exec-api-version=client.authentication.k8s.io/v1beta1

# Enable new exec auth plugin for the "cluster-admin" entry with interactive mode
kubectl config set-credentials cluster-admin --exec-command=/path/to/the/executable \
--exec-api-version=client.authentication.k8s.io/v1beta1 --exec-interactive-mode=Never

# Define new exec auth plugin arguments for the "cluster-admin" entry
kubectl config set-credentials cluster-admin --exec-arg=arg1 --exec-arg=arg2

# Create or update exec auth plugin environment variables for the "cluster-admin" entry
kubectl config set-credentials cluster-admin --exec-env=key1=val1 --exec-env=key2=val2

# Remove exec auth plugin environment variables for the "cluster-admin" entry
kubectl config set-credentials cluster-admin --exec-env=var-to-remove-""",
    flags=(
        Flag(
            "client-certificate",
            "",
            STRING,
            "",
            "Path to client-certificate file for the user entry in kubeconfig",
        ),
        Flag(
            "client-key",
            "",
            STRING,
            "",
            "Path to client-key file for the user entry in kubeconfig",
        ),
        switch(
            "embed-certs",
            "",
            "Embed client cert/key for the user entry in kubeconfig",
        ),
        Flag("password", "", STRING, "", "password for the user entry in kubeconfig"),
        Flag("token", "", STRING, "", "token for the user entry in kubeconfig"),
        Flag("username", "", STRING, "", "username for the user entry in kubeconfig"),
    ),
    run=run_set_user,
)
SET_PROPERTY = Command(
    name="set",
    short="Set an individual value in a kubeconfig file",
    usage="PROPERTY_NAME PROPERTY_VALUE",
    long="""Set an individual value in a kubeconfig file.

 PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a \
map key.  Map keys may not contain dots.

 PROPERTY_VALUE is the new value you want to set. Binary fields such as \
'certificate-authority-data' expect a base64 encoded string unless the --set-raw-bytes flag is used.

 Specifying an attribute name that already exists will merge new fields on top of existing \
values.""",
    examples="""# Set the server field on the my-cluster cluster to https://1.2.3.4
kubectl config set clusters.my-cluster.server https://1.2.3.4

# Set the certificate-authority-data field on the my-cluster cluster
kubectl config set clusters.my-cluster.certificate-authority-data $(echo "cert_data_here" | \
base64 -i -)

# Set the cluster field in the my-context context to my-cluster
kubectl config set contexts.my-context.cluster my-cluster

# Set the client-key-data field in the cluster-admin user using --set-raw-bytes option
kubectl config set users.cluster-admin.client-key-data cert_data_here --set-raw-bytes=true""",
    flags=(
        switch(
            "set-raw-bytes",
            "",
            "When writing a []byte PROPERTY_VALUE, write the given string directly without base64 "
            "decoding.",
        ),
    ),
    run=run_set,
)
UNSET_PROPERTY = Command(
    name="unset",
    short="Unset an individual value in a kubeconfig file",
    usage="PROPERTY_NAME",
    long="""Unset an individual value in a kubeconfig file.

 PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a \
map key.  Map keys may not contain dots.""",
    examples="""# Unset the current-context
kubectl config unset current-context

# Unset namespace in foo context
kubectl config unset contexts.foo.namespace""",
    flags=(),
    run=run_unset,
)
