"""`kubectl create configmap` and `secret` (generic, tls, docker-registry).

Models: k8s.io/kubectl/pkg/cmd/create (v0.37.2).
"""

from __future__ import annotations

import base64
import hashlib

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.creating.common import COMMON, metadata_of, name_of, send
from cluster_engine.kubectl.creating.values import collect
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import ARRAY, STRINGS, Flag, switch
from cluster_engine.kubectl.session import Session

_HASH_LETTERS = str.maketrans("013ae", "ghkmt")


def run_config_map(session: Session) -> int:
    name = name_of(session)
    data: dict[str, str] = {}
    binary: dict[str, str] = {}
    for key, value in collect(session, "ConfigMap", name).items():
        try:
            data[key] = value.decode("utf-8")
        except UnicodeDecodeError:
            binary[key] = _encoded(value)
    config_map: Object = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata_of(session, name),
    }
    if data:
        config_map["data"] = data
    if binary:
        config_map["binaryData"] = binary
    _append_hash(session, config_map)
    return send(session, config_map, "configmap:")


def run_secret(session: Session) -> int:
    name = name_of(session)
    values = collect(session, "Secret", name)
    return _send_secret(session, name, session.flags.text("type"), values)


def run_tls(session: Session) -> int:
    name = name_of(session)
    if not session.flags.text("cert") or not session.flags.text("key"):
        raise KubectlError("key and cert must be specified")
    values = {}
    for key, flag in (("tls.crt", "cert"), ("tls.key", "key")):
        path = session.flags.text(flag)
        try:
            values[key] = session.read_file(path)
        except KubectlError as error:
            raise KubectlError(f"Cannot read file {path}, {error.message}") from None
        if b"-----BEGIN" not in values[key]:
            raise KubectlError(
                "tls: failed to find any PEM data in certificate input"
                if flag == "cert"
                else "tls: failed to find any PEM data in key input"
            )
    return _send_secret(session, name, "kubernetes.io/tls", values)


def run_docker(session: Session) -> int:
    name = name_of(session)
    flags = session.flags
    kind = "kubernetes.io/dockerconfigjson"
    if flags.words("from-file"):
        values = {}
        for source in flags.words("from-file"):
            key, equals, path = source.partition("=")
            path = path if equals else key
            values[key if equals else path.rsplit("/", 1)[-1]] = session.read_file(path)
        return _send_secret(session, name, kind, values)
    user, password = flags.text("docker-username"), flags.text("docker-password")
    server = flags.text("docker-server")
    if not (user and password and server):
        raise KubectlError(
            "either --from-file or the combination of --docker-username, --docker-password and "
            "--docker-server is required"
        )
    entry = {"username": user, "password": password}
    if flags.text("docker-email"):
        entry["email"] = flags.text("docker-email")
    entry["auth"] = _encoded(f"{user}:{password}".encode())
    order = [key for key in ("username", "password", "email", "auth") if key in entry]
    inner = ",".join(f"{to_json(k, indent=None)}:{to_json(entry[k], indent=None)}" for k in order)
    text = f'{{"auths":{{{to_json(server, indent=None)}:{{{inner}}}}}}}'
    return _send_secret(session, name, kind, {".dockerconfigjson": text.encode()})


def _send_secret(session: Session, name: str, kind: str, values: dict[str, bytes]) -> int:
    secret: Object = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata_of(session, name),
    }
    if values:
        secret["data"] = {key: _encoded(value) for key, value in values.items()}
    if kind:
        secret["type"] = kind
    _append_hash(session, secret)
    return send(session, secret, "secret")


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _append_hash(session: Session, obj: Object) -> None:
    if not session.flags.is_on("append-hash"):
        return
    metadata = obj["metadata"]
    content = {"kind": obj["kind"], "name": metadata["name"], "data": obj.get("data") or {}}
    if obj["kind"] == "Secret":
        content["type"] = obj.get("type", "")
    if obj.get("binaryData"):
        content["binaryData"] = obj["binaryData"]
    digest = hashlib.sha256(to_json(content, indent=None).encode()).hexdigest()
    metadata["name"] = f"{metadata['name']}-{digest[:10].translate(_HASH_LETTERS)}"


_SOURCES = (
    Flag(
        "from-file",
        "",
        STRINGS,
        None,
        "Key files can be specified using their file path, in "
        "which case a default name will be given to them, or optionally with a name and file "
        "path, in which case the given name will be used. Specifying a directory will iterate "
        "each named file in the directory that is a valid key.",
    ),
    Flag(
        "from-literal",
        "",
        ARRAY,
        None,
        "Specify a key and literal value to insert (i.e. mykey=somevalue)",
    ),
    Flag(
        "from-env-file",
        "",
        STRINGS,
        None,
        "Specify the path to a file to read lines of key=val pairs.",
    ),
    switch("append-hash", "", "Append a hash of the object to its name."),
)

CONFIG_MAP = Command(
    name="configmap",
    short="Create a config map from a local file, directory or literal value",
    long="""Create a \
config map based on a file, directory, or specified literal value.

 A single config map may package one or more key/value pairs.

 When creating a config map based on a file, the key will default to the basename of the file, \
and the value will default to the file content.  If the basename is an invalid key, you may \
specify an alternate key.

 When creating a config map based on a directory, each file whose basename is a valid key in the \
directory will be packaged into the config map.  Any directory entries except regular files are \
ignored (e.g. subdirectories, symlinks, devices, pipes, etc).""",
    usage="NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|"
    "none]",
    aliases=("cm",),
    examples="""# Create a new config map named my-config based on folder bar
kubectl create configmap my-config --from-file=path/to/bar

# Create a new config map named my-config with specified keys instead of file basenames on disk
kubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt \
--from-file=key2=/path/to/bar/file2.txt

# Create a new config map named my-config with key1=config1 and key2=config2
kubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2

# Create a new config map named my-config from the key=value pairs in the file
kubectl create configmap my-config --from-file=path/to/bar

# Create a new config map named my-config from an env file
kubectl create configmap my-config --from-env-file=path/to/foo.env \
--from-env-file=path/to/bar.env""",
    flags=(*COMMON, *_SOURCES),
    run=run_config_map,
)
GENERIC = Command(
    name="generic",
    short="Create a secret from a local file, directory, or literal value",
    long="""Create a \
secret based on a file, directory, or specified literal value.

 A single secret may package one or more key/value pairs.

 When creating a secret based on a file, the key will default to the basename of the file, and \
the value will default to the file content. If the basename is an invalid key or you wish to \
chose your own, you may specify an alternate key.

 When creating a secret based on a directory, each file whose basename is a valid key in the \
directory will be packaged into the secret. Any directory entries except regular files are \
ignored (e.g. subdirectories, symlinks, devices, pipes, etc).""",
    usage="NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] "
    "[--dry-run=server|client|none]",
    examples="""# Create a new secret named my-secret with keys for each file in folder bar
kubectl create secret generic my-secret --from-file=path/to/bar

# Create a new secret named my-secret with specified keys instead of names on disk
kubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa \
--from-file=ssh-publickey=path/to/id_rsa.pub

# Create a new secret named my-secret with key1=supersecret and key2=topsecret
kubectl create secret generic my-secret --from-literal=key1=supersecret \
--from-literal=key2=topsecret

# Create a new secret named my-secret using a combination of a file and a literal
kubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa \
--from-literal=passphrase=topsecret

# Create a new secret named my-secret from env files
kubectl create secret generic my-secret --from-env-file=path/to/foo.env \
--from-env-file=path/to/bar.env""",
    flags=(*COMMON, *_SOURCES, Flag("type", "", "string", "", "The type of secret to create")),
    run=run_secret,
)
TLS = Command(
    name="tls",
    short="Create a TLS secret",
    usage="NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
    long="""Create a TLS secret from the given public/private key pair.

 The public/private key pair must exist beforehand. The public key certificate must be .PEM \
encoded and match the given private key.""",
    examples="""# Create a new TLS secret named tls-secret with the given key pair
kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key""",
    flags=(
        *COMMON,
        Flag("cert", "", "string", "", "Path to PEM encoded public key certificate."),
        Flag("key", "", "string", "", "Path to private key associated with given certificate."),
        _SOURCES[3],
    ),
    run=run_tls,
)
DOCKER = Command(
    name="docker-registry",
    short="Create a secret for use with a Docker registry",
    long="""Create a new secret for use \
with Docker registries.

        Dockercfg secrets are used to authenticate against Docker registries.

        When using the Docker command line to push images, you can authenticate to a given \
registry by running:
        '$ docker login DOCKER_REGISTRY_SERVER --username=DOCKER_USER --password=DOCKER_PASSWORD \
--email=DOCKER_EMAIL'.

 That produces a ~/.dockercfg file that is used by subsequent 'docker push' and 'docker pull' \
commands to authenticate to the registry. The email address is optional.

        When creating applications, you may have a Docker registry that requires authentication.  \
In order for the
        nodes to pull images on your behalf, they must have the credentials.  You can provide \
this information
        by creating a dockercfg secret and attaching it to your service account.""",
    usage="NAME --docker-username=user --docker-password=password --docker-email=email "
    "[--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
    examples="""# If you do not already have a .dockercfg file, create a dockercfg secret directly
kubectl create secret docker-registry my-secret --docker-server=DOCKER_REGISTRY_SERVER \
--docker-username=DOCKER_USER --docker-password=DOCKER_PASSWORD --docker-email=DOCKER_EMAIL

# Create a new secret named my-secret from ~/.docker/config.json
kubectl create secret docker-registry my-secret --from-file=path/to/.docker/config.json""",
    flags=(
        *COMMON,
        Flag("docker-username", "", "string", "", "Username for Docker registry authentication"),
        Flag("docker-password", "", "string", "", "Password for Docker registry authentication"),
        Flag("docker-email", "", "string", "", "Email for Docker registry"),
        Flag(
            "docker-server",
            "",
            "string",
            "https://index.docker.io/v1/",
            "Server location for Docker registry",
        ),
        _SOURCES[0],
        _SOURCES[3],
    ),
    run=run_docker,
)
SECRET = Command(
    name="secret",
    short="Create a secret using a specified subcommand",
    usage="(docker-registry | generic | tls)",
    long="Create a secret with specified type.\n\n A docker-registry type secret is for accessing "
    "a container registry.\n\n A generic type secret indicate an Opaque secret type.\n\n A tls "
    "type secret holds TLS certificate and its associated key.",
    children=(DOCKER, GENERIC, TLS),
)
