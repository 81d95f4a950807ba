"""The default policy, as the data file says it."""

from typing import Any

from cluster_engine.bootstrap import rbac

ROLES = "clusterroles.rbac.authorization.k8s.io"


def role(name: str) -> dict[str, Any]:
    return next(
        obj
        for resource, obj in rbac.default_objects()
        if resource == ROLES and obj["metadata"]["name"] == name
    )


def test_cluster_admin_may_do_everything() -> None:
    assert role("cluster-admin")["rules"] == [
        {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
        {"nonResourceURLs": ["*"], "verbs": ["*"]},
    ]


def test_admin_collects_from_edit_which_collects_from_view() -> None:
    view, edit, admin = role("view")["rules"], role("edit")["rules"], role("admin")["rules"]
    assert view
    assert all(rule in edit for rule in view)
    assert all(rule in admin for rule in edit)
    assert len(admin) > len(edit) > len(view)


def test_view_does_not_read_secrets() -> None:
    assert not any("secrets" in rule.get("resources", ()) for rule in role("view")["rules"])


def test_every_controller_role_is_bound_to_its_account() -> None:
    bindings = {
        obj["metadata"]["name"]: obj
        for resource, obj in rbac.default_objects()
        if resource.startswith("clusterrolebindings")
    }
    binding = bindings["system:controller:deployment-controller"]
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "deployment-controller", "namespace": "kube-system"}
    ]


def test_lookers_on_read_pods_and_no_secrets() -> None:
    (_, viewer), (_, binding) = rbac.viewer_objects()
    resources = viewer["rules"][0]["resources"]
    assert "pods" in resources
    assert "secrets" not in resources
    assert binding["subjects"][0]["name"] == rbac.VIEWERS_GROUP
