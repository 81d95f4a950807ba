"""Commands that talk for longer: watches, logs, exec, attach, copying, forwarding, editing."""

import pytest

from tests.engine.kubectl.console import Console

COUNTING = "sh -c 'i=0; while true; do i=$((i+1)); echo line $i; sleep 1; done'"


@pytest.fixture
def counter(console):
    """A console on a cluster with a pod that counts in its log."""
    assert console.run(f"run counter --image=busybox -- {COUNTING}").code == 0
    console.settle(5)
    return console


@pytest.fixture
def shell(console, terminal):
    """A terminal on a cluster with a web server as its only pod."""
    assert console.run("run web --image=nginx --port=80").code == 0
    console.settle(5)
    return terminal


def lines(text):
    return text.splitlines()


class TestWatch:
    def test_what_changes_comes_as_rows(self, counter):
        counter.cluster.advance(counter.cluster.now_ms)
        result = counter.run("get pods -w --no-headers", seconds=3)
        assert result.code is None
        assert len(lines(result.out)) == 1

    def test_new_objects(self, shell):
        shown = shell.say("kubectl get cm -w --watch-only --no-headers &")
        assert "fresh" not in shown
        shown = shell.say("kubectl create cm fresh")
        assert "configmap/fresh created" in shown
        assert "\nfresh   0     0s\n" in shown

    def test_ctrl_c(self, shell):
        assert "web    1/1     Running" in shell.say("kubectl get pods -w")
        shell.interrupt()
        assert "code 130\n" in shell.say("echo code $?")

    def test_events_tell_their_type(self, counter):
        result = counter.run("get pod counter -w --output-watch-events -o name", seconds=2)
        assert result.out == "pod/counter\n"
        result = counter.run("get pod counter -w --output-watch-events --no-headers", seconds=2)
        assert result.out.split()[:4] == ["ADDED", "counter", "1/1", "Running"]

    def test_one_kind_at_a_time(self, counter):
        err = "error: you may only specify a single resource type\n"
        assert counter.run("get pods,svc -w").err == err


class TestWait:
    def test_a_condition_that_comes(self, console):
        console.run("run p --image=busybox -- sleep 3600")
        result = console.run("wait pod/p --for=condition=Ready --timeout=60s")
        assert (result.code, result.out) == (0, "pod/p condition met\n")

    def test_a_condition_that_does_not_come(self, counter):
        result = counter.run("wait pod/counter --for=condition=Nope --timeout=3s")
        assert result.err == "error: timed out waiting for the condition on pods/counter\n"
        assert result.code == 1

    def test_a_value(self, counter):
        result = counter.run("wait pod/counter --for=jsonpath='{.status.phase}'=Running")
        assert result.out == "pod/counter condition met\n"

    def test_going_away(self, shell):
        shell.say("kubectl wait pod/web --for=delete &")
        shown = shell.say("kubectl delete pod web --now", seconds=10)
        assert "pod/web condition met\n" in shown

    def test_coming(self, shell):
        shell.say("kubectl wait cm/late --for=create --timeout=60s &")
        assert "configmap/late condition met\n" in shell.say("kubectl create cm late")

    def test_a_rollout(self):
        console = Console(profile="realistic")
        console.write("d.yaml", DEPLOYMENT)
        console.run("apply -f d.yaml")
        result = console.run("rollout status deploy/d")
        assert result.code == 0
        assert lines(result.out)[0] == (
            'Waiting for deployment "d" rollout to finish: 0 of 3 updated replicas are available...'
        )
        assert lines(result.out)[-1] == 'deployment "d" successfully rolled out'


class TestLogs:
    def test_so_far(self, counter):
        assert counter.run("logs counter").out.startswith("line 1\nline 2\n")
        assert counter.run("logs counter --tail=1").out.count("\n") == 1
        assert counter.run("logs counter --limit-bytes=4").out == "line"
        assert counter.run("logs counter --since=1s").out.count("\n") <= 2

    def test_with_times_and_names(self, counter):
        out = counter.run("logs counter --timestamps --tail=1").out
        assert "T" in out.split()[0] and out.split()[1] == "line"
        out = counter.run("logs counter --prefix --tail=1").out
        assert out.startswith("[pod/counter/counter] line ")

    def test_as_they_come(self, counter):
        result = counter.run("logs -f counter --tail=1", seconds=3)
        assert result.code is None
        assert len(lines(result.out)) == 4

    def test_following_ends_with_the_container(self, console):
        console.run("run once --image=busybox --restart=Never -- sh -c 'echo a; sleep 9; echo b'")
        console.settle(3)
        result = console.run("logs -f once")
        assert (result.code, result.out) == (0, "a\nb\n")

    def test_the_container_before(self, console):
        console.run("run crash --image=busybox -- sh -c 'echo bye; exit 1'")
        console.settle(10)
        assert console.run("logs crash -p").out == "bye\n"

    def test_of_a_workload(self, console):
        console.write("d.yaml", DEPLOYMENT)
        console.run("apply -f d.yaml")
        console.settle(5)
        result = console.run("logs deploy/d")
        assert result.err.startswith("Found 3 pods, using pod/d-")
        assert result.out == "up\n"
        assert console.run("logs -l app=d").out == "up\nup\nup\n"
        assert console.run("logs deploy/d --all-pods").out.count("up\n") == 3

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            (
                "logs nope",
                'error: error from server (NotFound): pods "nope" not found in namespace',
            ),
            (
                "logs counter -c x",
                "error: container x is not valid for pod counter out of: counter",
            ),
            ("logs counter --tail=-5", "error: --tail must be greater than or equal to -1\n"),
            ("logs", "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n"),
            ("logs counter -p", "Error from server (BadRequest): previous terminated container"),
            ("logs -l app=nope", "No resources found in default namespace.\n"),
        ],
    )
    def test_refusals(self, counter, line, err):
        assert counter.run(line).err.startswith(err)


class TestExec:
    def test_output_and_exit_code(self, counter):
        result = counter.run("exec counter -- sh -c 'echo out; echo err >&2; exit 3'")
        assert result.out == "out\n"
        assert result.err == "err\ncommand terminated with exit code 3\n"
        assert result.code == 3

    def test_input(self, counter):
        assert counter.run("exec -i counter -- cat", b"given\n").out == "given\n"
        assert counter.run("exec counter -- cat", b"given\n").out == ""

    def test_a_shell(self, shell):
        assert shell.say("kubectl exec -it web -- sh").endswith("# ")
        assert "web\n" in shell.say("hostname")
        shown = shell.say("exit 4")
        assert "command terminated with exit code 4\n" in shown
        assert "code 4\n" in shell.say("echo code $?")

    def test_ctrl_c_goes_to_the_container(self, shell):
        shell.say("kubectl exec -it web -- sh")
        shell.say("sleep 1000")
        assert shell.interrupt().endswith("# ")
        shell.say("exit")

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("exec", "error: pod, type/name or --filename must be specified\n"),
            ("exec counter", "error: you must specify at least one command for the container\n"),
            ("exec nope -- ls", 'Error from server (NotFound): pods "nope" not found\n'),
            ("exec counter -c x -- ls", "error: container x is not valid for pod counter out of: "),
            ("exec counter -- nope", "error: Internal error occurred: "),
            ("exec counter ls", "error: exec [POD] [COMMAND] is not supported anymore. Use exec "),
        ],
    )
    def test_refusals(self, counter, line, err):
        result = counter.run(line)
        assert result.code != 0
        assert result.err.startswith(err), result


class TestAttach:
    def test_what_the_container_says(self, counter):
        result = counter.run("attach counter", seconds=3)
        assert result.out.startswith("line ")
        assert "If you don't see a command prompt, try pressing enter.\n" in result.err

    def test_a_pod_of_ones_own(self, shell):
        shown = shell.say("kubectl run -it --rm tmp --image=busybox -- sh", seconds=10)
        assert shown.endswith("/ # ")
        assert "hi\n" in shell.say("echo hi")
        assert 'pod "tmp" deleted' in shell.say("exit", seconds=40)


class TestCopying:
    def test_both_ways(self, counter):
        counter.write("a.txt", "hello\n")
        assert counter.run("cp a.txt counter:/tmp/b.txt").code == 0
        assert counter.run("exec counter -- cat /tmp/b.txt").out == "hello\n"
        assert counter.run("cp counter:/tmp/b.txt c.txt").code == 0
        assert counter.files["/root/c.txt"] == b"hello\n"

    def test_folders(self, counter):
        counter.write("d/one", "1")
        counter.write("d/sub/two", "2")
        assert counter.run("cp d counter:/tmp").code == 0
        assert counter.run("exec counter -- cat /tmp/d/one /tmp/d/sub/two").out == "12"
        assert counter.run("cp counter:/tmp/d back").code == 0
        assert counter.files["/root/back/sub/two"] == b"2"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("cp a b", "error: one of src or dest must be a remote file specification\n"),
            ("cp counter:/a counter:/b", "error: one of src or dest must be a local file "),
            ("cp nope.txt counter:/tmp", "error: nope.txt doesn't exist in local filesystem\n"),
            ("cp counter:/nope x", "tar: "),
            ("cp a", "error: source and destination are required\n"),
        ],
    )
    def test_refusals(self, counter, line, err):
        result = counter.run(line)
        assert result.code == 1
        assert result.err.startswith(err), result


class TestForwarding:
    def test_a_request_through_a_forwarded_port(self, shell):
        shown = shell.say("kubectl port-forward pod/web 8080:80 &")
        assert "Forwarding from 127.0.0.1:8080 -> 80\n" in shown
        shown = shell.say("curl -s localhost:8080 | head -n 4")
        assert "Handling connection for 8080\n" in shown
        assert "<title>Welcome to nginx!</title>\n" in shown

    def test_ctrl_c(self, shell):
        shell.say("kubectl port-forward pod/web 8080:80")
        shell.interrupt()
        assert "Couldn't connect to server" in shell.say("curl localhost:8080")

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("port-forward pod/web", "error: TYPE/NAME and list of ports are required for "),
            ("port-forward pod/web x", "error: "),
            ("port-forward pod/nope 80", 'Error from server (NotFound): pods "nope" not found\n'),
        ],
    )
    def test_refusals(self, shell, console, line, err):
        assert console.run(line).err.startswith(err)


class TestEditing:
    def test_with_an_editor_of_ones_own(self, shell):
        shell.say("kubectl create cm c --from-literal=a=bananas")
        shown = shell.say("KUBE_EDITOR='sed -i s/bananas/cherries/' kubectl edit cm c")
        assert "configmap/c edited\n" in shown
        assert "cherries" in shell.say("kubectl get cm c -o jsonpath={.data.a}")

    def test_without_a_change(self, shell):
        shell.say("kubectl create cm c")
        shown = shell.say("KUBE_EDITOR=true kubectl edit cm c")
        assert "Edit cancelled, no changes made.\n" in shown


class TestCopiesOfTheCluster:
    @pytest.mark.parametrize(
        "line",
        [
            "kubectl get pods -w",
            "kubectl logs -f web",
            "kubectl attach web",
            "kubectl exec -it web -- sh",
            "kubectl port-forward pod/web 8080:80",
            "kubectl wait pod/web --for=condition=Nope --timeout=1h",
            "kubectl delete pod web --grace-period=600",
        ],
    )
    def test_one_may_be_made_at_any_time(self, shell, line):
        shell.say(line, seconds=2)
        copy = shell.cluster.fork()
        copy.advance(copy.now_ms + 60_000)
        shell.interrupt()
        shell.say("")
        assert "alive\n" in shell.say("echo alive")


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  replicas: 3
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d}}
    spec:
      containers:
      - name: c
        image: busybox
        command: [sh, -c, 'echo up; exec sleep 3600']
"""
