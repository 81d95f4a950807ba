"""Commands that change something: run, expose, scale, rollout, set, label; events."""

import json
import re

import pytest


def field(console, what, path):
    return console.run(f"get {what} -o jsonpath={{{path}}}").out


class TestRun:
    def test_the_object_it_makes(self, console):
        out = console.run(
            "run web --image=nginx --port=80 --env A=b -l x=y --dry-run=client -o yaml -- arg"
        ).out
        assert out == (
            'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    x: "y"\n  name: web\nspec:\n'
            "  containers:\n  - args:\n    - arg\n    env:\n    - name: A\n      value: b\n"
            "    image: nginx\n    name: web\n    ports:\n    - containerPort: 80\n"
            "    resources: {}\n  dnsPolicy: ClusterFirst\n  restartPolicy: Always\nstatus: {}\n"
        )

    def test_a_pod_and_a_service(self, console):
        out = console.run("run web --image=nginx --port 80 --expose").out
        assert out == "pod/web created\nservice/web created\n"

    def test_it_stays_with_the_pod_and_removes_it(self, console):
        result = console.run("run t --image=busybox --restart=Never --rm -i -q -- echo hello")
        assert (result.code, result.out) == (0, "hello\n")
        assert console.run("get pod t").code == 1

    def test_the_exit_code_of_the_pod(self, console):
        result = console.run("run t --image=busybox --restart=Never -i -q -- sh -c 'exit 7'")
        assert result.code == 7
        assert result.err == "pod default/t terminated (Error)\n"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("run", 'error: required flag(s) "image" not set\n'),
            ("run --image=x", "error: NAME is required for run\n"),
            ("run a --image=UP", 'error: invalid image name "UP": invalid reference format\n'),
            (
                "run a --image=x -t",
                "error: -i/--stdin is required for containers with -t/--tty=true\n",
            ),
            (
                "run a --image=x --rm",
                "error: --rm should only be used for attached containers\n",
            ),
            ("run a --image=x --env=b", "error: invalid env: b\n"),
            (
                "run a --image=x --restart=Sometimes",
                "error: invalid restart policy: Sometimes, valid values are: Always, OnFailure, "
                "Never\n",
            ),
            ("run a --image=x --expose", "error: --port must be set when exposing a service\n"),
        ],
    )
    def test_refusals(self, console, line, err):
        assert console.run(line).err == err

    def test_overrides(self, console):
        line = 'run w --image=nginx --dry-run=client -o json --overrides=\'{"spec":{"x":1}}\''
        assert json.loads(console.run(line).out)["spec"]["x"] == 1


class TestExpose:
    def test_the_ports_of_the_object_are_taken(self, web):
        assert web.run("expose deploy web").out == "service/web exposed\n"
        assert field(web, "svc web", ".spec.ports[0]") == (
            '{"port":80,"protocol":"TCP","targetPort":80}'
        )

    def test_what_is_said_wins(self, web):
        web.run("expose pod lone --port=8080 --target-port=http --name=s --type=NodePort")
        assert field(web, "svc s", ".spec.ports[0].targetPort") == "http"
        assert field(web, "svc s", ".spec.selector.run") == "lone"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            (
                "expose pod lone",
                "error: couldn't find port via --port flag or introspection\n",
            ),
            ("expose node node-1 --port=1", "error: cannot expose a Node\n"),
            (
                "expose svc kubernetes --name=x",
                "error: couldn't retrieve selectors via --selector "
                "flag or introspection: the service has no pod selector set\n",
            ),
        ],
    )
    def test_refusals(self, web, line, err):
        assert web.run(line).err == err


class TestScale:
    def test_a_deployment(self, web):
        assert web.run("scale deploy web --replicas=3 --timeout=1m").out == (
            "deployment.apps/web scaled\n"
        )
        assert field(web, "deploy web", ".status.replicas") == "3"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("scale deploy web", 'error: required flag(s) "replicas" not set\n'),
            (
                "scale deploy web --replicas=1 --current-replicas=5",
                "error: Expected replicas to be 5, was 2\n",
            ),
            (
                "scale pod lone --replicas=2",
                "Error from server (NotFound): the server could not find the requested resource\n",
            ),
            (
                "scale deploy --replicas=1",
                "error: resource(s) were provided, but no name was specified\n",
            ),
        ],
    )
    def test_refusals(self, web, line, err):
        assert web.run(line).err == err

    def test_autoscaling(self, web):
        assert web.run("autoscale deploy web --max=5 --cpu=80% --memory=200").out == (
            "horizontalpodautoscaler.autoscaling/web autoscaled\n"
        )
        assert field(web, "hpa web", ".spec.metrics[1].resource.target.averageValue") == "200Mi"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("autoscale deploy web", 'error: required flag(s) "max" not set\n'),
            (
                "autoscale deploy web --max=1 --min=2",
                "error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 1, min: 2\n",
            ),
            ("autoscale deploy web --max=2 --cpu=x%", "error: invalid percentage value: x\n"),
        ],
    )
    def test_autoscaling_that_is_refused(self, web, line, err):
        assert web.run(line).err == err


class TestRollout:
    def test_there_and_back(self, web):
        assert web.run("rollout status deploy web").out == (
            'deployment "web" successfully rolled out\n'
        )
        web.run("set image deploy web c=busybox:1.36")
        out = web.run("rollout status deploy/web").out
        assert out.endswith('deployment "web" successfully rolled out\n')
        web.run("annotate deploy web kubernetes.io/change-cause=second")
        assert web.run("rollout history deploy web").out == (
            "deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         second\n\n"
        )
        assert web.run("rollout undo deploy web").out == "deployment.apps/web rolled back\n"
        assert field(web, "deploy web", ".spec.template.spec.containers[0].image") == "busybox"

    def test_a_revision_is_shown_with_its_template(self, web):
        out = web.run("rollout history deploy web --revision=1").out
        assert re.match(
            r"deployment.apps/web with revision #1\nPod Template:\n  Labels:\tapp=web\n"
            r"\tpod-template-hash=\w+\n  Containers:\n   c:\n    Image:\tbusybox\n",
            out,
        )

    def test_a_restart_makes_new_pods(self, web):
        before = web.run("get pods -l app=web -o name").out
        assert web.run("rollout restart deploy web").out == "deployment.apps/web restarted\n"
        web.run("rollout status deploy web")
        web.settle(40)
        assert set(before.split()).isdisjoint(web.run("get pods -l app=web -o name").out.split())

    def test_pausing(self, web):
        assert web.run("rollout pause deploy web").out == "deployment.apps/web paused\n"
        assert web.run("rollout restart deploy web").err == (
            'error: deployments.apps "web" can\'t restart paused deployment (run rollout resume '
            "first)\n"
        )
        assert web.run("rollout undo deploy web --to-revision=1").code == 1
        assert web.run("rollout resume deploy web").out == "deployment.apps/web resumed\n"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("rollout status", "error: required resource not specified\n"),
            (
                "rollout undo deploy web --to-revision=7",
                "error: unable to find specified revision 7 in history\n",
            ),
            (
                "rollout history svc kubernetes",
                'error: error retrieving history for "Service", no visitor method exists for '
                "{ Service}\n",
            ),
            (
                "rollout status pod lone",
                "error: no status viewer has been implemented for Pod\n",
            ),
            (
                "rollout history deploy web --revision=9",
                "error: unable to find the specified revision\n",
            ),
            (
                "rollout resume deploy web",
                'error: deployments.apps "web" is not paused\n',
            ),
            ("rollout undo deploy web", 'error: no rollout history found for deployment "web"\n'),
        ],
    )
    def test_refusals(self, web, line, err):
        assert web.run(line).err.endswith(err)

    def test_a_rollout_that_takes_too_long(self, web):
        web.run("set image deploy web c=nosuch.example/image:1")
        result = web.run("rollout status deploy web --timeout=5s")
        assert result.code == 1
        assert result.err == "error: timed out waiting for the condition\n"


class TestSet:
    @pytest.mark.parametrize(
        ("line", "path", "value"),
        [
            ("set image deploy/web *=busybox:1.36", ".image", "busybox:1.36"),
            ("set env deploy/web A=b", ".env", '[{"name":"A","value":"b"}]'),
            ("set env deploy/web --from=cm/conf", ".env[0].valueFrom.configMapKeyRef.key", "k.y"),
            ("set resources deploy/web --limits=cpu=1,memory=64Mi", ".resources.limits.cpu", "1"),
            ("set resources deploy/web -c nope --requests=cpu=1", ".resources", "{}"),
        ],
    )
    def test_containers(self, web, line, path, value):
        web.run("create cm conf --from-literal=k.y=v")
        web.run(line)
        assert field(web, "deploy web", f".spec.template.spec.containers[0]{path}") == value

    def test_variables_are_listed_and_removed(self, web):
        web.run("set env deploy/web A=b C=d")
        out = web.run("set env deploy/web --list").out
        assert out == "# Deployment web, container c\nA=b\nC=d\n"
        web.run("set env deploy/web A-")
        assert web.run("set env deploy/web --list").out.endswith("container c\nC=d\n")

    @pytest.mark.parametrize(
        ("line", "out"),
        [
            ("set sa deploy web default", "deployment.apps/web serviceaccount updated\n"),
            ("set selector svc s x=y", "service/s selector updated\n"),
            (
                "set subject rolebinding rb --user=me",
                "rolebinding.rbac.authorization.k8s.io/rb subjects updated\n",
            ),
        ],
    )
    def test_other_things(self, web, line, out):
        web.run("expose deploy web --name=s")
        web.run("create rolebinding rb --clusterrole=view --user=you")
        assert web.run(line).out == out

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("set image deploy web", "error: at least one image update is required\n"),
            ("set image deploy web x=y", 'error: unable to find container named "x"\n'),
            (
                "set image svc kubernetes x=y",
                "error: services/kubernetes the object is not a pod or does not have a pod "
                "template: *v1.Service\n",
            ),
            (
                "set resources deploy web",
                "error: you must specify an update to requests or limits (in the form of "
                "--requests/--limits)\n",
            ),
            ("set env deploy web 1=2", 'error: "1" is not a valid key name: '),
        ],
    )
    def test_refusals(self, web, line, err):
        assert web.run(line).err.startswith(err)

    def test_a_file_is_changed_without_a_server(self, console):
        console.write(
            "p.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: "
            "{containers: [{name: c, image: a}]}\n",
        )
        out = console.run("set image -f p.yaml c=b --local -o jsonpath={.spec.containers[0].image}")
        assert out.out == "b"


class TestLabels:
    @pytest.mark.parametrize(
        ("line", "out"),
        [
            ("label pod lone a=b", "pod/lone labeled\n"),
            ("label pod lone run=lone", "pod/lone not labeled\n"),
            ("label pod lone run-", "pod/lone unlabeled\n"),
            ("label pod lone run- a=b", "pod/lone modified\n"),
            ("label pod lone nope-", 'label "nope" not found.\npod/lone not labeled\n'),
            ("label pod lone run=x --overwrite", "pod/lone labeled\n"),
            ("label pods --all a=b --dry-run=client -o name", 3),
            ("annotate pod lone a=b", "pod/lone annotated\n"),
            ("annotate pod lone a=b c-", "pod/lone annotated\n"),
        ],
    )
    def test_marks(self, web, line, out):
        result = web.run(line)
        shown = result.out.count("\n") if isinstance(out, int) else result.out
        assert shown == out

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("label pod lone", "error: at least one label update is required\n"),
            (
                "label pod lone run=x",
                "error: 'run' already has a value (lone), and --overwrite is false\n",
            ),
            (
                "label pod lone a=b c- a-",
                "error: can not both modify and remove a label in the same command\n",
            ),
            (
                "label pod lone a=b x",
                "error: all resources must be specified before label changes: x\n",
            ),
            ("annotate pod lone", "error: at least one annotation update is required\n"),
            (
                "label pod lone a=-",
                'error: invalid label value: "a=-": a valid label must be an empty string or '
                "consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
                "an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex "
                "used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')\n",
            ),
        ],
    )
    def test_refusals(self, web, line, err):
        assert web.run(line).err == err

    def test_the_managers_are_told_apart(self, web):
        web.run("label pod lone a=b")
        out = web.run(
            "get pod lone --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}"
        ).out
        assert "kubectl-run" in out
        assert "kubectl-label" in out


class TestEvents:
    def test_of_one_object(self, web):
        out = web.run("events --for pod/lone").out.splitlines()
        assert out[0].split() == ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
        assert "Pod/lone" in out[1]
        assert [line.split()[2] for line in out[1:]] == [
            "Scheduled",
            "Pulling",
            "Pulled",
            "Created",
            "Started",
        ]

    def test_refusals(self, console):
        assert (
            console.run("events --types=Odd").err == "error: valid --types are Normal or Warning\n"
        )
        assert console.run("events -n kube-public").err == (
            "No events found in kube-public namespace.\n"
        )
