"""`kubectl create role`, `clusterrole`, their bindings, `serviceaccount` and `token`.

Models: k8s.io/kubectl/pkg/cmd/create (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.creating.common import COMMON, metadata_of, name_of, send
from cluster_engine.kubectl.errors import KubectlError, PlainError, StatusError
from cluster_engine.kubectl.flags import ARRAY, DURATION, STRINGS, Flag
from cluster_engine.kubectl.printers.chosen import chosen_printer
from cluster_engine.kubectl.session import Session

_RBAC = "rbac.authorization.k8s.io"
_VERBS = (
    "*",
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "proxy",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
)
_ROLES = (("roles", _RBAC), ("clusterroles", _RBAC))
#: Verbs that make sense for some resources only.
_SPECIAL = {
    "use": (("podsecuritypolicies", "policy"), ("podsecuritypolicies", "extensions")),
    "bind": _ROLES,
    "escalate": _ROLES,
    "impersonate": (
        ("users", ""),
        ("serviceaccounts", ""),
        ("groups", ""),
        ("userextras", "authentication.k8s.io"),
    ),
}
_URL_VERBS = ("*", "get", "put", "post", "head", "options", "delete", "patch")
_TOKEN_OWNERS = {"Pod": "v1", "Secret": "v1", "Node": "v1"}


def run_role(session: Session) -> int:
    name = name_of(session)
    verbs = _verbs(session)
    if not verbs:
        raise KubectlError("at least one verb must be specified")
    _warn_of_verbs(session, verbs)
    if not session.flags.words("resource"):
        raise KubectlError("at least one resource must be specified")
    role: Object = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "Role",
        "metadata": metadata_of(session, name),
        "rules": _rules(session, verbs),
    }
    return send(session, role, "")


def run_cluster_role(session: Session) -> int:
    name, flags = name_of(session), session.flags
    role: Object = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name},
    }
    verbs, urls = _verbs(session), flags.words("non-resource-url")
    if flags.words("aggregation-rule"):
        if verbs or urls or flags.words("resource") or flags.words("resource-name"):
            raise KubectlError(
                "aggregation rule must be specified without nonResourceURLs, verbs, resources or "
                "resourceNames"
            )
        pairs = [word.partition("=") for word in flags.words("aggregation-rule")]
        labels = {key: value for key, _, value in pairs}
        role["aggregationRule"] = {"clusterRoleSelectors": [{"matchLabels": labels}]}
        role["rules"] = None
        return send(session, role, "", is_namespaced=False)
    if not verbs:
        raise KubectlError("at least one verb must be specified")
    if not flags.words("resource") and not urls:
        raise KubectlError("one of resource or nonResourceURL must be specified")
    role["rules"] = _rules(session, verbs) if flags.words("resource") else []
    if flags.words("resource"):
        _warn_of_verbs(session, verbs)
    if urls:
        _check_urls(verbs, urls)
        role["rules"] = [*role["rules"], {"nonResourceURLs": urls, "verbs": verbs}]
    return send(session, role, "", is_namespaced=False)


def _check_urls(verbs: list[str], urls: list[str]) -> None:
    for verb in verbs:
        if verb not in _URL_VERBS:
            raise KubectlError(f"invalid verb: '{verb}' for nonResourceURL")
    for url in urls:
        if url == "*":
            continue
        if not url.startswith("/"):
            raise KubectlError("nonResourceURL should start with /")
        if "*" in url[:-1]:
            raise KubectlError(
                "nonResourceURL only supports wildcard matches when '*' is at the end"
            )


def _verbs(session: Session) -> list[str]:
    verbs = list(dict.fromkeys(session.flags.words("verb")))
    return ["*"] if "*" in verbs else verbs


def _warn_of_verbs(session: Session, verbs: list[str]) -> None:
    for verb in verbs:
        if verb not in _VERBS:
            session.err(f"Warning: '{verb}' is not a standard resource verb")


def _rules(session: Session, verbs: list[str]) -> list[Object]:
    """One rule per API group."""
    by_group: dict[str, list[str]] = {}
    for word in session.flags.words("resource"):
        resource, _, subresource = word.partition("/")
        plural, _, group = resource.partition(".")
        if not plural:
            raise KubectlError("resource must be specified if apiGroup/subresource specified")
        if plural != "*":
            plural, group = _known(session, resource, plural, group, verbs)
        name = f"{plural}/{subresource}" if subresource else plural
        held = by_group.setdefault(group, [])
        if name not in held:
            held.append(name)
    names = list(dict.fromkeys(session.flags.words("resource-name")))
    rules = []
    for group in sorted(by_group):
        rule: Object = {"apiGroups": [group], "resources": by_group[group], "verbs": verbs}
        if names:
            rule["resourceNames"] = names
        rules.append(rule)
    return rules


def _known(
    session: Session, word: str, plural: str, group: str, verbs: list[str]
) -> tuple[str, str]:
    found = session.resources.named(word)
    is_known = found is not None
    if found is not None:
        plural, group = found.plural, found.group
    for verb in verbs:
        special = _SPECIAL.get(verb)
        if special is None:
            continue
        if (plural, group) not in special:
            raise KubectlError(f"can not perform '{verb}' on '{plural}' in group '{group}'")
        is_known = True
    if not is_known:
        where = f' in group "{group}"' if group else ""
        raise PlainError(f'the server doesn\'t have a resource type "{plural}"{where}')
    return plural, group


def run_role_binding(session: Session) -> int:
    name, flags = name_of(session), session.flags
    cluster_role, role = flags.text("clusterrole"), flags.text("role")
    if bool(cluster_role) == bool(role):
        raise KubectlError("exactly one of clusterrole or role must be specified")
    kind = "ClusterRole" if cluster_role else "Role"
    binding = _binding(session, "RoleBinding", kind, cluster_role or role)
    binding["metadata"] = metadata_of(session, name)
    return send(session, binding, "rolebinding:")


def run_cluster_role_binding(session: Session) -> int:
    name, role = name_of(session), session.flags.text("clusterrole")
    if not role:
        raise KubectlError('required flag(s) "clusterrole" not set')
    binding = _binding(session, "ClusterRoleBinding", "ClusterRole", role)
    binding["metadata"] = {"name": name}
    return send(session, binding, "clusterrolebinding:", is_namespaced=False)


def _binding(session: Session, kind: str, role_kind: str, role: str) -> Object:
    flags = session.flags
    subjects: list[Object] = []
    for flag, subject in (("user", "User"), ("group", "Group")):
        subjects.extend(
            {"apiGroup": _RBAC, "kind": subject, "name": name} for name in flags.words(flag)
        )
    for account in flags.words("serviceaccount"):
        namespace, colon, name = account.partition(":")
        if not colon or not namespace or not name or ":" in name:
            raise KubectlError("serviceaccount must be <namespace>:<name>")
        subjects.append({"kind": "ServiceAccount", "name": name, "namespace": namespace})
    binding: Object = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": kind,
        "metadata": {},
        "roleRef": {"apiGroup": _RBAC, "kind": role_kind, "name": role},
    }
    if subjects:
        binding["subjects"] = subjects
    return binding


def run_service_account(session: Session) -> int:
    account: Object = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata_of(session, name_of(session)),
    }
    return send(session, account, "serviceaccount:")


def run_token(session: Session) -> int:
    name, flags = name_of(session), session.flags
    duration_ms: int = flags["duration"]
    if duration_ms < 0:
        raise KubectlError("--duration must be greater than or equal to 0")
    if duration_ms % 1000:
        raise KubectlError("--duration cannot be expressed in units less than seconds")
    spec: Object = {"audiences": flags.words("audience") or None}
    if duration_ms:
        spec["expirationSeconds"] = duration_ms // 1000
    kind = flags.text("bound-object-kind")
    if kind:
        if kind not in _TOKEN_OWNERS:
            known = ", ".join(sorted(_TOKEN_OWNERS))
            raise KubectlError(f"supported --bound-object-kind values are {known}")
        if not flags.text("bound-object-name"):
            raise KubectlError("--bound-object-name is required if --bound-object-kind is provided")
        spec["boundObjectRef"] = {
            "kind": kind,
            "apiVersion": _TOKEN_OWNERS[kind],
            "name": flags.text("bound-object-name"),
            "uid": flags.text("bound-object-uid"),
        }
    for flag in ("name", "uid"):
        if flags.text(f"bound-object-{flag}") and not kind:
            raise KubectlError(
                f"--bound-object-{flag} can only be set if --bound-object-kind is provided"
            )
    body: Object = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "metadata": {},
        "spec": spec,
    }
    accounts = session.resources.find("serviceaccounts")
    try:
        answer = session.client.call(
            "POST", accounts.path(session.namespace, name, "token"), None, body
        )
    except StatusError as error:
        raise KubectlError(f"failed to create token: {error.message}") from None
    printer = chosen_printer(session)
    if printer is not None:
        session.write(printer.print(answer))
    else:
        session.out(answer["status"]["token"])
    return 0


_VERB_FLAGS = (
    Flag("verb", "", STRINGS, None, "Verb that applies to the resources contained in the rule"),
    Flag("resource", "", STRINGS, None, "Resource that the rule applies to"),
    Flag(
        "resource-name",
        "",
        ARRAY,
        None,
        "Resource in the white list that the rule applies to, repeat this flag for multiple items",
    ),
)
_SUBJECT_FLAGS = (
    Flag(
        "user",
        "",
        ARRAY,
        None,
        "Usernames to bind to the role. The flag can be repeated to add multiple users.",
    ),
    Flag(
        "group",
        "",
        ARRAY,
        None,
        "Groups to bind to the role. The flag can be repeated to add multiple groups.",
    ),
    Flag(
        "serviceaccount",
        "",
        ARRAY,
        None,
        "Service accounts to bind to the role, in the format "
        "<namespace>:<name>. The flag can be repeated to add multiple service accounts.",
    ),
)

ROLE = Command(
    name="role",
    short="Create a role with single rule",
    usage="NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] "
    "[--dry-run=server|client|none]",
    examples="""# Create a role named "pod-reader" that allows user to perform "get", "watch" and \
"list" on pods
kubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods

# Create a role named "pod-reader" with ResourceName specified
kubectl create role pod-reader --verb=get --resource=pods --resource-name=readablepod \
--resource-name=anotherpod

# Create a role named "foo" with API Group specified
kubectl create role foo --verb=get,list,watch --resource=rs.apps

# Create a role named "foo" with SubResource specified
kubectl create role foo --verb=get,list,watch --resource=pods,pods/status""",
    flags=(*COMMON, *_VERB_FLAGS),
    run=run_role,
)
CLUSTER_ROLE = Command(
    name="clusterrole",
    short="Create a cluster role",
    usage="NAME --verb=verb --resource=resource.group [--resource-name=resourcename] "
    "[--dry-run=server|client|none]",
    examples="""# Create a cluster role named "pod-reader" that allows user to perform "get", \
"watch" and "list" on pods
kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods

# Create a cluster role named "pod-reader" with ResourceName specified
kubectl create clusterrole pod-reader --verb=get --resource=pods --resource-name=readablepod \
--resource-name=anotherpod

# Create a cluster role named "foo" with API Group specified
kubectl create clusterrole foo --verb=get,list,watch --resource=rs.apps

# Create a cluster role named "foo" with SubResource specified
kubectl create clusterrole foo --verb=get,list,watch --resource=pods,pods/status

# Create a cluster role name "foo" with NonResourceURL specified
kubectl create clusterrole "foo" --verb=get --non-resource-url=/logs/*

# Create a cluster role name "monitoring" with AggregationRule specified
kubectl create clusterrole monitoring \
--aggregation-rule="rbac.example.com/aggregate-to-monitoring=true\"""",
    flags=(
        *COMMON,
        *_VERB_FLAGS,
        Flag(
            "non-resource-url", "", STRINGS, None, "A partial url that user should have access to."
        ),
        Flag(
            "aggregation-rule",
            "",
            STRINGS,
            None,
            "An aggregation label selector for combining ClusterRoles.",
        ),
    ),
    run=run_cluster_role,
)
ROLE_BINDING = Command(
    name="rolebinding",
    short="Create a role binding for a particular role or cluster role",
    usage="NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] "
    "[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    examples="""# Create a role binding for user1, user2, and group1 using the admin cluster role
kubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1

# Create a role binding for service account monitoring:sa-dev using the admin role
kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev""",
    flags=(
        *COMMON,
        Flag("clusterrole", "", "string", "", "ClusterRole this RoleBinding should reference"),
        Flag("role", "", "string", "", "Role this RoleBinding should reference"),
        *_SUBJECT_FLAGS,
    ),
    run=run_role_binding,
)
CLUSTER_ROLE_BINDING = Command(
    name="clusterrolebinding",
    short="Create a cluster role binding for a particular cluster role",
    usage="NAME --clusterrole=NAME [--user=username] [--group=groupname] "
    "[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    examples="""# Create a cluster role binding for user1, user2, and group1 using the \
cluster-admin cluster role
kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 \
--user=user2 --group=group1""",
    flags=(
        *COMMON,
        Flag(
            "clusterrole", "", "string", "", "ClusterRole this ClusterRoleBinding should reference"
        ),
        *_SUBJECT_FLAGS,
    ),
    run=run_cluster_role_binding,
)
SERVICE_ACCOUNT = Command(
    name="serviceaccount",
    short="Create a service account with the specified name",
    usage="NAME [--dry-run=server|client|none]",
    aliases=("sa",),
    examples="""# Create a new service account named my-service-account
kubectl create serviceaccount my-service-account""",
    flags=COMMON,
    run=run_service_account,
)
TOKEN = Command(
    name="token",
    short="Request a service account token",
    usage="SERVICE_ACCOUNT_NAME",
    examples="""# Request a token to authenticate to the kube-apiserver as the service account \
"myapp" in the current namespace
kubectl create token myapp

# Request a token for a service account in a custom namespace
kubectl create token myapp --namespace myns

# Request a token with a custom expiration
kubectl create token myapp --duration 10m

# Request a token with a custom audience
kubectl create token myapp --audience https://example.com

# Request a token bound to an instance of a Secret object
kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret

# Request a token bound to an instance of a Secret object with a specific UID
kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret \
--bound-object-uid 0d4691ed-659b-4935-a832-355f77ee47cc""",
    flags=(
        *COMMON,
        Flag(
            "audience",
            "",
            ARRAY,
            None,
            "Audience of the requested token. If unset, defaults to "
            "requesting a token for use with the Kubernetes API server. May be repeated to "
            "request a token valid for multiple audiences.",
        ),
        Flag(
            "duration",
            "",
            DURATION,
            0,
            "Requested lifetime of the issued token. If not set or "
            "if set to 0, the lifetime will be determined by the server automatically. The "
            "server may return a token with a longer or shorter lifetime.",
        ),
        Flag(
            "bound-object-kind",
            "",
            "string",
            "",
            "Kind of an object to bind the token to. "
            "Supported kinds are Node, Pod, Secret. If set, --bound-object-name must be "
            "provided.",
        ),
        Flag(
            "bound-object-name",
            "",
            "string",
            "",
            "Name of an object to bind the token to. The "
            "token will expire when the object is deleted. Requires --bound-object-kind.",
        ),
        Flag(
            "bound-object-uid",
            "",
            "string",
            "",
            "UID of an object to bind the token to. "
            "Requires --bound-object-kind and --bound-object-name. If unset, the UID of the "
            "existing object is used.",
        ),
    ),
    run=run_token,
)
