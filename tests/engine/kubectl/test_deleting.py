"""`kubectl delete` and `wait`, and what nodes go through: taint, cordon, drain."""

import pytest


class TestNodes:
    def test_taints(self, console):
        assert console.run("taint nodes node-1 a=b:NoSchedule").out == "node/node-1 tainted\n"
        assert console.run("taint nodes node-1 a=c:NoSchedule --overwrite").out == (
            "node/node-1 modified\n"
        )
        assert console.run("taint nodes --all x:NoExecute").out.count("tainted") == 3
        assert console.run("taint nodes node-1 a-").out == "node/node-1 untainted\n"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("taint nodes node-1 a-", 'error: taint "a" not found\n'),
            ("taint nodes node-1", "error: at least one taint update is required\n"),
            (
                "taint nodes node-1 a=b:Never",
                "error: invalid taint effect: Never, unsupported taint effect\nSee 'kubectl taint "
                "-h' for help and examples\n",
            ),
            (
                "taint pods x a:NoSchedule",
                "error: invalid resource type pods, only node types are supported\n",
            ),
        ],
    )
    def test_taints_that_are_refused(self, console, line, err):
        assert console.run(line).err == err

    def test_cordoning(self, console):
        assert console.run("cordon node-1").out == "node/node-1 cordoned\n"
        assert console.run("cordon node-1").out == "node/node-1 already cordoned\n"
        assert console.run("uncordon node-1").out == "node/node-1 uncordoned\n"
        assert console.run("cordon").err == (
            "error: USAGE: cordon NODE [flags]\nSee 'kubectl cordon -h' for help and examples\n"
        )

    def test_draining_refuses_pods_that_nobody_brings_back(self, web):
        node = web.run("get pod lone -o jsonpath={.spec.nodeName}").out
        result = web.run(f"drain {node}")
        refusal = (
            "cannot delete Pods that declare no controller (use --force to override): default/lone"
        )
        assert result.err == (
            f'error: unable to drain node "{node}" due to error: {refusal}, continuing command...\n'
            f"There are pending nodes to be drained:\n {node}\nerror: {refusal}\n"
        )

    def test_draining_by_force(self, web):
        node = web.run("get pod lone -o jsonpath={.spec.nodeName}").out
        result = web.run(f"drain {node} --force")
        assert result.code == 0
        assert result.out.startswith(f"node/{node} cordoned\nevicting pod default/")
        assert "pod/lone evicted\n" in result.out
        assert result.out.endswith(f"node/{node} drained\n")
        assert result.err == "Warning: deleting Pods that declare no controller: default/lone\n"

    def test_a_disruption_budget_holds_it_up(self, web):
        web.run("create pdb pdb --selector=app=web --min-available=2")
        web.settle(3)
        for node in ("node-1", "node-2", "node-3"):
            web.run(f"cordon {node}")
        node = web.run("get pods -l app=web -o jsonpath={.items[0].spec.nodeName}").out
        result = web.run(f"drain {node} --force --timeout=12s")
        assert result.code == 1
        assert (
            "(will retry after 5s): Cannot evict pod as it would violate the pod's disruption"
            in (result.err)
        )
        assert "global timeout reached: 12s" in result.err


class TestDelete:
    @pytest.mark.parametrize(
        ("line", "out"),
        [
            ("delete pod lone", 'pod "lone" deleted from default namespace\n'),
            ("delete pod/lone --now", 'pod "lone" deleted from default namespace\n'),
            ("delete -f web.yaml", 'deployment.apps "web" deleted from default namespace\n'),
            ("delete pod lone -o name", "pod/lone\n"),
            (
                "delete pod lone --dry-run=client",
                'pod "lone" deleted from default namespace (dry run)\n',
            ),
            ("delete pods -l run=lone", 'pod "lone" deleted from default namespace\n'),
            ("delete pod nope --ignore-not-found", ""),
            (
                "delete sa default --wait=false",
                'serviceaccount "default" deleted from default namespace\n',
            ),
        ],
    )
    def test_ways_to_delete(self, web, line, out):
        result = web.run(line)
        assert (result.code, result.out) == (0, out)

    def test_it_waits_until_the_pod_is_gone(self, web):
        before = web.cluster.now_ms
        web.run("delete pod lone")
        assert web.cluster.now_ms - before >= 30_000
        assert web.run("get pod lone").code == 1

    def test_by_force_it_does_not_wait(self, web):
        result = web.run("delete pod lone --force")
        assert result.out == 'pod "lone" force deleted from default namespace\n'
        assert result.err.startswith("Warning: Immediate deletion does not wait")

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("delete pod nope", 'Error from server (NotFound): pods "nope" not found\n'),
            ("delete pods", "error: resource(s) were provided, but no name was specified\n"),
            (
                "delete",
                "error: You must provide one or more resources by argument or filename.\nExample "
                "resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n"
                "   '<resource> <name>'\n   '<resource>'\n",
            ),
            (
                "delete pod lone --now --grace-period=4",
                "error: --now and --grace-period cannot be specified together\n",
            ),
        ],
    )
    def test_refusals(self, web, line, err):
        assert web.run(line).err == err


class TestWait:
    @pytest.mark.parametrize(
        ("line", "out"),
        [
            ("wait --for=condition=Ready pod/lone", "pod/lone condition met\n"),
            ("wait --for=condition=available deploy --all", "deployment.apps/web condition met\n"),
            ("wait --for=jsonpath={.status.phase}=Running pod/lone", "pod/lone condition met\n"),
            ("wait --for=jsonpath={.spec.nodeName} pod/lone", "pod/lone condition met\n"),
            ("wait --for=delete pod/nope", ""),
            ("wait --for=create pod/lone", "pod/lone condition met\n"),
        ],
    )
    def test_conditions(self, web, line, out):
        result = web.run(line)
        assert (result.code, result.out) == (0, out)

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            (
                "wait --for=condition=Nope pod/lone --timeout=3s",
                "error: timed out waiting for the condition on pods/lone\n",
            ),
            (
                "wait --for=condition=Nope pod/lone --timeout=0",
                "error: condition not met for pods/lone\n",
            ),
            (
                "wait --for=delete pod/lone --timeout=3s",
                "error: timed out waiting for the condition on pods/lone\n",
            ),
            (
                "wait --for=create pod/nope --timeout=3s",
                "error: timed out waiting for the condition\n",
            ),
            (
                "wait --for=condition=Ready pod/nope",
                'Error from server (NotFound): pods "nope" not found\n',
            ),
            ("wait --for=x pod/lone", 'error: unrecognized condition: "x"\n'),
            ("wait --for=condition=Ready job --all", "error: no matching resources found\n"),
        ],
    )
    def test_refusals(self, web, line, err):
        assert web.run(line).err == err
