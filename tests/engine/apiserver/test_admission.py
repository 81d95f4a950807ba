"""What admission adds to objects, and what it refuses."""

from typing import Any

import pytest

from tests.builders import pod
from tests.engine.apiserver.served import CONFIGS, DEPLOYMENTS, PODS, Served, config
from tests.engine.apiserver.test_updating import DEPLOYMENT

V1 = "/api/v1/namespaces/default"


def limit_range(served: Served, *limits: dict[str, Any]) -> None:
    body = {"metadata": {"name": "l"}, "spec": {"limits": list(limits)}}
    assert served.post(f"{V1}/limitranges", body).status == 201


def quota(served: Served, hard: dict[str, str], **spec: Any) -> None:
    body = {"metadata": {"name": "q"}, "spec": {"hard": hard, **spec}}
    created = served.post(f"{V1}/resourcequotas", body)
    assert created.status == 201
    status = {"status": {"hard": hard, "used": dict.fromkeys(hard, "0")}}
    assert served.merge(f"{V1}/resourcequotas/q/status", status).status == 200


def test_pods_get_a_token_and_tolerations(served: Served) -> None:
    spec = served.post(PODS, pod("p").build()).body["spec"]
    volume = spec["volumes"][0]
    assert volume["name"].startswith("kube-api-access-")
    assert [next(iter(source)) for source in volume["projected"]["sources"]] == [
        "serviceAccountToken",
        "configMap",
        "downwardAPI",
    ]
    assert spec["containers"][0]["volumeMounts"] == [
        {
            "name": volume["name"],
            "readOnly": True,
            "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
        }
    ]
    assert [(one["key"], one["tolerationSeconds"]) for one in spec["tolerations"]] == [
        ("node.kubernetes.io/not-ready", 300),
        ("node.kubernetes.io/unreachable", 300),
    ]


def test_pods_may_refuse_the_token(served: Served) -> None:
    plain = pod("p").set("spec.automountServiceAccountToken", False).build()
    assert "volumes" not in served.post(PODS, plain).body["spec"]


def test_pods_need_their_account(served: Served) -> None:
    answer = served.post(PODS, pod("p").set("spec.serviceAccountName", "zap").build())
    assert answer.status == 403
    assert answer.message == (
        'pods "p" is forbidden: error looking up service account default/zap: serviceaccount '
        '"zap" not found'
    )


def test_priority_classes_become_numbers(served: Served) -> None:
    classes = "/apis/scheduling.k8s.io/v1/priorityclasses"
    served.post(classes, {"metadata": {"name": "high"}, "value": 1000})
    spec = served.post(PODS, pod("p").set("spec.priorityClassName", "high").build()).body["spec"]
    assert (spec["priority"], spec["preemptionPolicy"]) == (1000, "PreemptLowerPriority")
    refused = served.post(PODS, pod("q").set("spec.priorityClassName", "zap").build())
    assert refused.message == 'pods "q" is forbidden: no PriorityClass with name zap was found'


def test_the_default_class_is_taken(served: Served) -> None:
    classes = "/apis/scheduling.k8s.io/v1/priorityclasses"
    served.post(classes, {"metadata": {"name": "d"}, "value": 5, "globalDefault": True})
    spec = served.post(PODS, pod("p").build()).body["spec"]
    assert (spec["priorityClassName"], spec["priority"]) == ("d", 5)


def test_limit_ranges_fill_in(served: Served) -> None:
    limit_range(
        served,
        {"type": "Container", "default": {"cpu": "1"}, "defaultRequest": {"cpu": "100m"}},
    )
    created = served.post(PODS, pod("p").build()).body
    assert created["spec"]["containers"][0]["resources"] == {
        "limits": {"cpu": "1"},
        "requests": {"cpu": "100m"},
    }
    assert created["metadata"]["annotations"] == {
        "kubernetes.io/limit-ranger": (
            "LimitRanger plugin set: cpu request for container main; cpu limit for container main"
        )
    }


@pytest.mark.parametrize(
    ("limit", "requests", "why"),
    [
        pytest.param(
            {"type": "Container", "min": {"cpu": "200m"}},
            {"cpu": "100m"},
            "minimum cpu usage per Container is 200m, but request is 100m",
            id="too little",
        ),
        pytest.param(
            {"type": "Pod", "max": {"memory": "1Gi"}},
            {"memory": "1Mi"},
            "maximum memory usage per Pod is 1Gi.  No limit is specified",
            id="without the limit that is bounded",
        ),
    ],
)
def test_limit_ranges_refuse(
    served: Served, limit: dict[str, Any], requests: dict[str, str], why: str
) -> None:
    limit_range(served, limit)
    answer = served.post(PODS, pod("p").requests(**requests).build())
    assert answer.status == 403
    assert answer.message == f'pods "p" is forbidden: {why}'


def test_quotas_count(served: Served) -> None:
    quota(served, {"pods": "2", "requests.cpu": "1"})
    assert served.post(PODS, pod("a").requests(cpu="600m").build()).status == 201
    used = served.get(f"{V1}/resourcequotas/q").body["status"]["used"]
    assert used == {"pods": "1", "requests.cpu": "600m"}
    answer = served.post(PODS, pod("b").requests(cpu="500m").build())
    assert answer.message == (
        'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=500m, used: '
        "requests.cpu=600m, limited: requests.cpu=1"
    )


def test_quotas_want_to_know_what_they_limit(served: Served) -> None:
    quota(served, {"requests.cpu": "1"})
    answer = served.post(PODS, pod("a").build())
    assert answer.message == (
        'pods "a" is forbidden: failed quota: q: must specify requests.cpu for: main'
    )


def test_quotas_count_objects(served: Served) -> None:
    quota(served, {"count/configmaps": "1"})
    assert served.post(CONFIGS, config("a")).status == 201
    assert served.post(CONFIGS, config("b")).status == 403


def test_a_dry_run_leaves_the_quota_alone(served: Served) -> None:
    quota(served, {"count/configmaps": "1"})
    assert served.post(f"{CONFIGS}?dryRun=All", config("a")).status == 201
    assert served.get(f"{V1}/resourcequotas/q").body["status"]["used"] == {"count/configmaps": "0"}


def test_claims_get_the_default_class_and_a_finalizer(served: Served) -> None:
    classes = "/apis/storage.k8s.io/v1/storageclasses"
    for name, is_default in (("slow", "false"), ("fast", "true")):
        annotation = {"storageclass.kubernetes.io/is-default-class": is_default}
        served.post(
            classes,
            {"metadata": {"name": name, "annotations": annotation}, "provisioner": "a.b/c"},
        )
    claim = {
        "metadata": {"name": "c"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    created = served.post(f"{V1}/persistentvolumeclaims", claim).body
    assert created["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    assert created["spec"]["storageClassName"] in ("fast", "standard")


def test_new_nodes_are_not_ready(served: Served) -> None:
    node = served.post("/api/v1/nodes", {"metadata": {"name": "n"}}).body
    assert node["spec"]["taints"] == [
        {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
    ]


POLICY = "pod-security.kubernetes.io"


def secure(served: Served, **labels: str) -> None:
    named = {f"{POLICY}/{name.replace('_', '-')}": level for name, level in labels.items()}
    answer = served.merge("/api/v1/namespaces/default", {"metadata": {"labels": named}})
    assert answer.status == 200, answer.body


def container(**context: Any) -> dict[str, Any]:
    """A pod's spec whose container has that security context."""
    return {"containers": [{"name": "c", "image": "i", "securityContext": context}]}


HARDENED: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.mark.parametrize(
    ("level", "spec", "why"),
    [
        pytest.param(
            "baseline",
            container(privileged=True),
            'privileged (container "c" must not set securityContext.privileged=true)',
            id="privileged",
        ),
        pytest.param(
            "baseline",
            {**container(), "hostPID": True, "hostIPC": True},
            "host namespaces (hostPID=true, hostIPC=true)",
            id="the node's namespaces",
        ),
        pytest.param(
            "baseline",
            {**container(), "volumes": [{"name": "v", "hostPath": {"path": "/"}}]},
            'hostPath volumes (volume "v")',
            id="the node's files",
        ),
        pytest.param(
            "baseline",
            container(capabilities={"add": ["NET_ADMIN", "CHOWN"]}),
            'non-default capabilities (container "c" must not include "NET_ADMIN" in '
            "securityContext.capabilities.add)",
            id="capabilities",
        ),
        pytest.param(
            "baseline",
            {
                "containers": [
                    {
                        "name": "c",
                        "image": "i",
                        "livenessProbe": {"httpGet": {"host": "a.b", "port": 80}},
                    }
                ]
            },
            'probe or lifecycle host (container "c" uses probe or lifecycle host "a.b")',
            id="a probe of others",
        ),
        pytest.param(
            "restricted",
            container(**{**HARDENED, "runAsNonRoot": None}),
            'runAsNonRoot != true (pod or container "c" must set '
            "securityContext.runAsNonRoot=true)",
            id="maybe root",
        ),
        pytest.param(
            "restricted",
            container(**{**HARDENED, "runAsUser": 0}),
            'runAsUser=0 (container "c" must not set runAsUser=0)',
            id="root",
        ),
        pytest.param(
            "restricted",
            {
                **container(**HARDENED),
                "volumes": [{"name": "v", "nfs": {"server": "s", "path": "/"}}],
            },
            'restricted volume types (volume "v" uses restricted volume type "nfs")',
            id="a volume from elsewhere",
        ),
    ],
)
def test_pods_keep_to_the_standard(
    served: Served, level: str, spec: dict[str, Any], why: str
) -> None:
    secure(served, enforce=level)
    answer = served.post(PODS, {"metadata": {"name": "p"}, "spec": spec})
    assert answer.status == 403
    assert answer.message == f'pods "p" is forbidden: violates PodSecurity "{level}:latest": {why}'


def test_hardened_pods_pass(served: Served) -> None:
    secure(served, enforce="restricted")
    spec = container(**HARDENED)
    assert served.post(PODS, {"metadata": {"name": "p"}, "spec": spec}).status == 201


def test_older_standards_know_less(served: Served) -> None:
    secure(served, enforce="restricted", enforce_version="v1.5")
    spec = container(runAsNonRoot=True)
    assert served.post(PODS, {"metadata": {"name": "p"}, "spec": spec}).status == 201


def test_templates_are_warned_about(served: Served) -> None:
    secure(served, enforce="baseline")
    template = {"metadata": {"labels": {"a": "b"}}, "spec": container(privileged=True)}
    body = {**DEPLOYMENT, "spec": {**DEPLOYMENT["spec"], "template": template}}  # type: ignore[dict-item]
    answer = served.post(DEPLOYMENTS, body)
    assert answer.status == 201
    assert answer.warnings[0].startswith('would violate PodSecurity "baseline:latest": privileged')


def test_a_stricter_level_tells_about_pods_that_are_there(served: Served) -> None:
    for name in ("b", "a"):
        served.post(PODS, {"metadata": {"name": name}, "spec": container(privileged=True)})
    labels = {"metadata": {"labels": {f"{POLICY}/enforce": "baseline"}}}
    answer = served.merge("/api/v1/namespaces/default", labels)
    assert answer.warnings == (
        'existing pods in namespace "default" violate the new PodSecurity enforce level '
        '"baseline:latest"',
        "a (and 1 other pod): privileged",
    )


def test_a_level_must_be_one(served: Served) -> None:
    labels = {"metadata": {"labels": {f"{POLICY}/enforce": "zap"}}}
    answer = served.merge("/api/v1/namespaces/default", labels)
    assert answer.status == 422
    assert "must be one of privileged, baseline, restricted" in answer.message
