"""`kubectl set subject`: whom a role binding is for.

Models: k8s.io/kubectl/pkg/cmd/set/set_subject.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError, raise_all
from cluster_engine.kubectl.flags import ARRAY, Flag
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.setting.common import flags_for, send_change, set_targets

_RBAC = "rbac.authorization.k8s.io"


def run(session: Session) -> int:
    flags = session.flags
    errors: list[KubectlError] = []
    targets = set_targets(session, session.arguments)
    if flags.is_on("all") and flags.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    subjects = _subjects(session)
    if not subjects:
        raise KubectlError("you must specify at least one value of user, group or serviceaccount")
    for target in targets:
        if target.resource.kind not in ("RoleBinding", "ClusterRoleBinding"):
            errors.append(
                KubectlError(
                    "setting subjects is only supported for RoleBinding/ClusterRoleBinding"
                )
            )
            continue
        current: list[Object] = target.object.get("subjects") or []
        added = [subject for subject in subjects if subject not in current]
        changed = {**target.object, "subjects": [*current, *added]}
        send_change(
            session,
            target,
            changed,
            errors,
            done="subjects updated",
            failing="failed to patch subjects to rolebinding:",
        )
    raise_all(errors)
    return 0


def _subjects(session: Session) -> list[Object]:
    flags = session.flags
    found: list[Object] = []
    for flag, kind in (("user", "User"), ("group", "Group")):
        found += [{"apiGroup": _RBAC, "kind": kind, "name": name} for name in flags.words(flag)]
    for text in flags.words("serviceaccount"):
        namespace, colon, name = text.partition(":")
        if not colon or not namespace or not name or ":" in name:
            raise KubectlError("serviceaccount must be <namespace>:<name>")
        found.append({"kind": "ServiceAccount", "namespace": namespace, "name": name})
    return found


SUBJECT = Command(
    name="subject",
    short="Update the user, group, or service account in a role binding or cluster role binding",
    usage="(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] "
    "[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    long="Update the user, group, or service account in a role binding or cluster role binding.",
    examples="""# Update a cluster role binding for serviceaccount1
kubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1

# Update a role binding for user1, user2, and group1
kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1

# Print the result (in YAML format) of updating rolebinding subjects from a local, without \
hitting the server
kubectl create rolebinding admin --role=admin --user=admin -o yaml --dry-run=client | kubectl set \
subject --local -f - --user=foo -o yaml""",
    flags=(
        *flags_for("set subject"),
        Flag("group", "", ARRAY, None, "Groups to bind to the role"),
        Flag("serviceaccount", "", ARRAY, None, "Service accounts to bind to the role"),
        Flag("user", "", ARRAY, None, "Usernames to bind to the role"),
    ),
    run=run,
)
