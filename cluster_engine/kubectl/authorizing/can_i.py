"""`kubectl auth can-i`: whether something is allowed.

Models: k8s.io/kubectl/pkg/cmd/auth/cani.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.describe.rules import compact_rules
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.resources import NoSuchResource
from cluster_engine.kubectl.session import Session

_API = "/apis/authorization.k8s.io/v1"
_VERBS = (
    "get list watch create update patch delete deletecollection use bind impersonate * approve "
    "sign escalate attest"
).split()
_URL_VERBS = "get put post head options delete patch *".split()
_NAMES_WITHOUT_RESOURCE = ("users", "groups")


def run(session: Session) -> int:
    flags = session.flags
    words = session.arguments
    if flags.is_on("list"):
        return _list(session)
    if len(words) != 2:
        raise KubectlError(
            "you must specify two arguments: verb resource or verb resource/resourceName.\n"
            "See 'kubectl auth can-i -h' for help and examples."
        )
    spec = _url_spec(session) if words[1].startswith("/") else _resource_spec(session)
    if flags.is_on("no-headers"):
        raise KubectlError("--no-headers cannot be set without --list specified")
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": spec,
    }
    answer = session.client.call("POST", f"{_API}/selfsubjectaccessreviews", None, review)
    status = answer.get("status") or {}
    is_allowed = bool(status.get("allowed"))
    text = "yes" if is_allowed else "no"
    for field in () if is_allowed else ("reason", "evaluationError"):
        if status.get(field):
            text += f" - {status[field]}"
    if not flags.is_on("quiet"):
        session.out(text)
    return 0 if is_allowed else 1


def _url_spec(session: Session) -> Object:
    verb, url = session.arguments
    if session.flags.text("subresource"):
        raise KubectlError("--subresource can not be used with NonResourceURL")
    if verb not in _URL_VERBS:
        _warn(session, f"verb '{verb}' is not a known verb")
    return {"nonResourceAttributes": {"verb": verb, "path": url}}


def _resource_spec(session: Session) -> Object:
    flags = session.flags
    verb, word = session.arguments
    type_, _, name = word.partition("/")
    group, resource = _resource(session, type_)
    if verb not in _VERBS and not flags.is_on("all-namespaces"):
        _warn(session, f"verb '{verb}' is not a known verb")
    namespace = "" if flags.is_on("all-namespaces") else session.namespace
    attributes = {
        "namespace": namespace,
        "verb": verb,
        "group": group,
        "resource": resource,
        "subresource": flags.text("subresource"),
        "name": name,
    }
    return {"resourceAttributes": {key: value for key, value in attributes.items() if value}}


def _resource(session: Session, word: str) -> tuple[str, str]:
    """Group and plural; a word that the server does not know stays as it is."""
    if word == "*":
        return "", word
    try:
        found = session.resources.find(word)
    except NoSuchResource:
        name, _, group = word.lower().partition(".")
        where = f" in group '{group}'" if group else ""
        if word.lower() not in _NAMES_WITHOUT_RESOURCE:
            _warn(session, f"the server doesn't have a resource type '{name}'{where}")
        return "", word
    if not found.is_namespaced and not session.flags.is_on("all-namespaces"):
        where = f" in group '{found.group}'" if found.group else ""
        _warn(session, f"resource '{found.plural}' is not namespace scoped{where}")
    return found.group, found.plural


def _warn(session: Session, text: str) -> None:
    session.err(f"Warning: {text}\n")


def _list(session: Session) -> int:
    flags = session.flags
    if session.arguments:
        raise KubectlError("list option must be specified with no arguments")
    if flags.is_on("quiet") or flags.is_on("all-namespaces") or flags.text("subresource"):
        raise KubectlError(
            "list option can't be specified with neither quiet, all-namespaces nor subresource "
            "options"
        )
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": session.namespace},
    }
    answer = session.client.call("POST", f"{_API}/selfsubjectrulesreviews", None, review)
    status = answer.get("status") or {}
    if status.get("incomplete"):
        session.err(f"Warning: the list may be incomplete: {status.get('evaluationError', '')}")
    tabs = TabWriter()
    if not flags.is_on("no-headers"):
        tabs.line("Resources", "Non-Resource URLs", "Resource Names", "Verbs")
    rules = [*(status.get("resourceRules") or ()), *(status.get("nonResourceRules") or ())]
    for rule in compact_rules(rules):
        tabs.line(*rule.cells())
    session.write(tabs.flush())
    return 0


CAN_I = Command(
    name="can-i",
    short="Check whether an action is allowed",
    usage="VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
    long="""Check whether an action is allowed.

 VERB is a logical Kubernetes API verb like 'get', 'list', 'watch', 'delete', etc. TYPE is a \
Kubernetes resource. Shortcuts and groups will be resolved. NONRESOURCEURL is a partial URL that \
starts with "/". NAME is the name of a particular Kubernetes resource. This command pairs nicely \
with impersonation. See --as global flag.""",
    examples="""# Check to see if I can create pods in any namespace
kubectl auth can-i create pods --all-namespaces

# Check to see if I can list deployments in my current namespace
kubectl auth can-i list deployments.apps

# Check to see if service account "foo" of namespace "dev" can list pods in the namespace "prod"
# You must be allowed to use impersonation for the global option "--as"
kubectl auth can-i list pods --as=system:serviceaccount:dev:foo -n prod

# Check to see if I can do everything in my current namespace ("*" means all)
kubectl auth can-i '*' '*'

# Check to see if I can get the job named "bar" in namespace "foo"
kubectl auth can-i list jobs.batch/bar -n foo

# Check to see if I can read pod logs
kubectl auth can-i get pods --subresource=log

# Check to see if I can access the URL /logs/
kubectl auth can-i get /logs/

# Check to see if I can approve certificates.k8s.io
kubectl auth can-i approve certificates.k8s.io

# List all allowed actions in namespace "foo"
kubectl auth can-i --list --namespace=foo""",
    flags=(
        switch("all-namespaces", "A", "If true, check the specified action in all namespaces."),
        switch("list", "", "If true, prints all allowed actions."),
        switch("no-headers", "", "If true, prints allowed actions without headers"),
        switch("quiet", "q", "If true, suppress output and just return the exit code."),
        Flag("subresource", "", STRING, "", "SubResource such as pod/log or deployment/scale"),
    ),
    run=run,
)
