"""Nodes, certificates, metrics, pruning: what administrators do."""

import base64
import json

import pytest

METRICS = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {plural}.metrics.k8s.io
  annotations: {{api-approved.kubernetes.io: unapproved}}
spec:
  group: metrics.k8s.io
  scope: {scope}
  names: {{plural: {plural}, singular: {singular}x, kind: {kind}, listKind: {kind}List}}
  versions:
  - name: v1beta1
    served: true
    storage: true
    schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}
"""


class TestNodes:
    def test_cordoning(self, web):
        assert web.run("cordon node-1").out == "node/node-1 cordoned\n"
        assert web.run("cordon node-1").out == "node/node-1 already cordoned\n"
        assert "SchedulingDisabled" in web.run("get node node-1").out
        assert web.run("uncordon node-1").out == "node/node-1 uncordoned\n"
        assert web.run("uncordon node-1").out == "node/node-1 already uncordoned\n"

    def test_tainting(self, web):
        run = web.run
        assert run("taint node node-1 a=b:NoSchedule").out == "node/node-1 tainted\n"
        assert run("taint node node-1 a=c:NoSchedule").err == (
            "error: node node-1 already has a taint(s) with same effect(s) and --overwrite is "
            "false\n"
        )
        assert run("taint node node-1 a=c:NoSchedule --overwrite").out == "node/node-1 modified\n"
        assert run("taint node node-1 a-").out == "node/node-1 untainted\n"
        assert run("taint node node-1 a-").err == 'error: taint "a" not found\n'

    def test_draining(self, web):
        for node in ("node-1", "node-2"):
            result = web.run(f"drain {node} --force --ignore-daemonsets")
            assert result.code == 0, result
            assert result.out.endswith(f"node/{node} drained\n")
        assert "node-3" in web.run("get pods -l app=web -o wide").out
        assert web.run("get pods -l app=web -o name").out.count("\n") == 2

    def test_pods_of_nobody_keep_a_node_from_being_drained(self, web):
        node = web.run("get pod lone -o jsonpath={.spec.nodeName}").out
        result = web.run(f"drain {node}")
        assert result.code == 1
        assert "cannot delete Pods that declare no controller (use --force to override)" in (
            result.err
        )

    def test_a_budget_makes_draining_wait(self, web):
        web.run("create pdb b --selector=app=web --min-available=2")
        web.settle(2)
        node = web.run("get pods -l app=web -o jsonpath={.items[0].spec.nodeName}").out
        result = web.run(f"drain {node} --force --timeout=12s")
        assert result.code == 1
        assert "Cannot evict pod as it would violate the pod's disruption budget." in result.err


class TestCertificates:
    @pytest.fixture
    def asked(self, console):
        request = base64.b64encode(CSR.encode()).decode()
        console.write("csr.yaml", REQUEST.format(request=request))
        result = console.run("apply -f csr.yaml")
        assert result.code == 0, result
        return console

    def test_approving(self, asked):
        assert asked.run("certificate approve me").out == (
            "certificatesigningrequest.certificates.k8s.io/me approved\n"
        )
        assert "Approved" in asked.run("get csr me").out
        assert asked.run("certificate deny me").code == 1

    def test_denying(self, asked):
        assert asked.run("certificate deny me").out == (
            "certificatesigningrequest.certificates.k8s.io/me denied\n"
        )
        assert "Denied" in asked.run("get csr me").out

    def test_refusals(self, asked):
        assert asked.run("certificate approve").err == (
            "error: one or more CSRs must be specified as <name> or -f <filename>\n"
        )
        assert asked.run("certificate approve nope").err.startswith(
            "Error from server (NotFound): certificatesigningrequests.certificates.k8s.io"
        )


class TestMetrics:
    """There is no metrics server; objects of its kinds stand in for its answers."""

    @pytest.fixture
    def measured(self, web):
        kinds = (
            ("pods", "pod", "PodMetrics", "Namespaced"),
            ("nodes", "node", "NodeMetrics", "Cluster"),
        )
        for plural, singular, kind, scope in kinds:
            web.write(
                "crd.yaml",
                METRICS.format(plural=plural, singular=singular, kind=kind, scope=scope),
            )
            result = web.run("apply -f crd.yaml")
            assert result.code == 0, result
        web.settle(2)
        usage = {"cpu": "250m", "memory": "128Mi"}
        head = {"apiVersion": "metrics.k8s.io/v1beta1", "timestamp": "2026-01-01T00:00:00Z"}
        pod = {
            **head,
            "kind": "PodMetrics",
            "metadata": {"name": "lone", "labels": {"run": "lone"}},
            "window": "10s",
            "containers": [{"name": "lone", "usage": usage}, {"name": "b", "usage": usage}],
        }
        node = {**head, "kind": "NodeMetrics", "metadata": {"name": "node-1"}, "usage": usage}
        for obj in (pod, node):
            web.write("metrics.json", json.dumps(obj))
            path = "/apis/metrics.k8s.io/v1beta1/" + (
                "namespaces/default/pods" if obj is pod else "nodes"
            )
            result = web.run(f"create --raw {path} -f metrics.json")
            assert result.code == 0, result
        return web

    def test_pods(self, measured):
        result = measured.run("top pods")
        assert result.out == (
            "NAME   CPU(cores)   MEMORY(bytes)   \nlone   500m         256Mi           \n"
        ), result

    def test_containers(self, measured):
        out = measured.run("top pod lone --containers --no-headers").out
        assert [line.split() for line in out.splitlines()] == [
            ["lone", "b", "250m", "128Mi"],
            ["lone", "lone", "250m", "128Mi"],
        ]

    def test_nodes(self, measured):
        out = measured.run("top nodes").out
        first = next(line for line in out.splitlines() if line.startswith("node-1"))
        assert first.split() == ["node-1", "250m", "6%", "128Mi", "0%"]


class TestPruning:
    def test_what_is_not_in_the_files_goes(self, console):
        console.write("a.yaml", MAPS.format(names=MAP.format("one") + MAP.format("two")))
        console.run("apply -f a.yaml")
        console.run("create cm other")
        console.write("a.yaml", MAPS.format(names=MAP.format("one")))
        result = console.run("apply -f a.yaml --prune -l set=x")
        assert result.out == "configmap/one unchanged\nconfigmap/two pruned\n"
        assert console.run("get cm two").code == 1
        assert console.run("get cm other").code == 0

    def test_only_the_kinds_that_are_allowed(self, console):
        console.write("a.yaml", MAPS.format(names=MAP.format("one")))
        console.run("apply -f a.yaml")
        console.write("b.yaml", MAPS.format(names=MAP.format("two")))
        line = "apply -f b.yaml --prune --all --prune-allowlist=core/v1/{} --dry-run=server"
        assert "pruned" not in console.run(line.format("Secret")).out
        assert (
            "configmap/one pruned (server dry run)\n" in console.run(line.format("ConfigMap")).out
        )

    @pytest.mark.parametrize(
        ("flags", "err"),
        [
            ("--prune", "error: all resources selected for prune without explicitly passing --all"),
            ("--prune --all --force", "error: --force cannot be used with --prune\n"),
            (
                "--prune --all --server-side",
                "error: --prune is in alpha and doesn't currently work",
            ),
            ("--all -l a=b", "error: cannot set --all and --selector at the same time\n"),
            ("--prune --all --prune-allowlist=x", "error: invalid GroupVersionKind format: x, "),
            ("--prune --all --prune-allowlist=a/b/C", 'error: no matches for kind "C" in version'),
        ],
    )
    def test_refusals(self, console, flags, err):
        console.write("a.yaml", MAPS.format(names=MAP.format("one")))
        assert console.run(f"apply -f a.yaml {flags}").err.startswith(err)


MAP = "- {{apiVersion: v1, kind: ConfigMap, metadata: {{name: {}, labels: {{set: x}}}}}}\n"
MAPS = "apiVersion: v1\nkind: List\nitems:\n{names}"
REQUEST = """\
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {{name: me}}
spec:
  request: {request}
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
"""
CSR = """\
-----BEGIN CERTIFICATE REQUEST-----
MIHXMH4CAQAwHDELMAkGA1UEAwwCbWUxDTALBgNVBAoMBGRldnMwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAQ6ZgXXDnAPmjkyPG/noeaHMA21sDPKFGOQ/BIqnygR
PeRAbKVbkw4CbW84d51XAtNLDTsoCZCdrKO0/9jHYnH/oAAwCgYIKoZIzj0EAwID
SQAwRgIhAOWrJFQiZT7g2Y9ZbnqXV4hW1YjkgeJIyjDRUmn1iSn2AiEA1CkaHpTd
MfaOfDiq86WXlilU6hw69TnprbqlUsAvJHs=
-----END CERTIFICATE REQUEST-----
"""
