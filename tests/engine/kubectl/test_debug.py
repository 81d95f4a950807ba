"""`kubectl debug`: containers beside others, copies of pods, pods on nodes."""

import json

import pytest


@pytest.fixture
def shell(console, terminal):
    console.run("run web --image=nginx --labels=app=web --port=80")
    console.settle(5)
    return terminal


def spec_of(console, pod):
    return json.loads(console.run(f"get pod {pod} -o json").out)["spec"]


class TestBesideOthers:
    def test_a_shell_that_sees_the_pods_network(self, shell):
        shown = shell.say("kubectl debug -it web --image=busybox -c dbg", seconds=8)
        assert shown.endswith("/ # \x1b[J")
        assert "Welcome to nginx!" in shell.say("wget -qO- localhost")
        assert "kubectl attach web -c dbg -i -t" in shell.say("exit")

    def test_without_joining(self, shell, console):
        result = console.run("debug web --image=busybox -c two -- sh -c 'echo hi'")
        assert (result.code, result.out) == (0, "")
        console.settle(5)
        assert console.run("logs web -c two").out == "hi\n"
        (container,) = spec_of(console, "web")["ephemeralContainers"]
        assert container["command"] == ["sh", "-c", "echo hi"]
        assert container["securityContext"] == {"capabilities": {"add": ["SYS_PTRACE"]}}

    def test_a_name_of_its_own(self, shell, console):
        out = console.run("debug web --image=busybox").out
        assert out.startswith("Defaulting debug container name to debugger-")

    def test_arguments_environment_target(self, shell, console):
        line = "debug web --image=busybox --env=A=1,B=2 --arguments-only --target=web -- a b"
        result = console.run(line)
        assert result.out.startswith('Targeting container "web". If you don\'t see processes')
        (container,) = spec_of(console, "web")["ephemeralContainers"]
        assert container["args"] == ["a", "b"]
        assert container["env"] == [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
        assert container["targetContainerName"] == "web"

    @pytest.mark.parametrize(
        ("profile", "context"),
        [
            ("legacy", None),
            ("baseline", None),
            ("netadmin", {"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}),
            ("sysadmin", {"privileged": True}),
            (
                "restricted",
                {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "runAsNonRoot": True,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
            ),
        ],
    )
    def test_profiles(self, shell, console, profile, context):
        console.run(f"debug web --image=busybox -q --profile={profile} -- true")
        (container,) = spec_of(console, "web")["ephemeralContainers"]
        assert container.get("securityContext") == context

    def test_a_profile_of_ones_own(self, shell, console):
        console.write(
            "custom.yaml", "env: [{name: X, value: why}]\nsecurityContext: {runAsUser: 7}\n"
        )
        console.run("debug web --image=busybox -q --custom=custom.yaml -- true")
        (container,) = spec_of(console, "web")["ephemeralContainers"]
        assert container["env"] == [{"name": "X", "value": "why"}]
        assert container["securityContext"]["runAsUser"] == 7

    def test_what_has_ended_is_shown(self, shell):
        shown = shell.say("kubectl debug -i web --image=busybox -c quick -- echo done", seconds=8)
        assert "done\n" in shown


class TestCopies:
    def test_a_copy_with_one_more_container(self, shell, console):
        console.run("debug web --copy-to=copy --image=busybox -c dbg --same-node -- sleep 99")
        spec = spec_of(console, "copy")
        assert [container["name"] for container in spec["containers"]] == ["web", "dbg"]
        assert spec["shareProcessNamespace"] is True
        assert spec["nodeName"] == spec_of(console, "web")["nodeName"]
        out = console.run("get pod copy -o jsonpath={.metadata.labels.app}").out
        assert out == ""

    def test_labels_may_stay(self, shell, console):
        console.run("debug web --copy-to=copy --set-image=*=busybox --keep-labels")
        assert console.run("get pod copy -o jsonpath={.spec.containers[*].image}").out == "busybox"

    def test_a_changed_command_in_place_of_the_original(self, shell, console):
        line = "debug web --copy-to=copy -c web --replace --share-processes=false -- sleep 99"
        assert console.run(line).code == 0
        spec = spec_of(console, "copy")
        assert spec["containers"][0]["command"] == ["sleep", "99"]
        assert spec["shareProcessNamespace"] is False
        assert console.run("get pod web").code == 1


class TestNodes:
    def test_a_pod_on_the_node(self, shell):
        shown = shell.say("kubectl debug node/node-1 -it --image=busybox", seconds=8)
        assert "with container debugger on node node-1.\n" in shown
        assert "node-1\n" in shell.say("hostname")
        assert "etc" in shell.say("ls /host")
        shell.say("exit")


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("debug web", "error: you must specify --image when not using --copy-to.\n"),
        ("debug --image=x", "error: NAME or filename is required for debug\n"),
        ("debug web --image=X", 'error: invalid image name "X": invalid reference format\n'),
        ("debug web --image=x -t", "error: -i/--stdin is required for containers with -t/"),
        ("debug web --image=x --replace", "error: --replace may only be used with --copy-to.\n"),
        ("debug web --copy-to=c", "error: you must specify --image, --set-image or command arg"),
        ("debug web --copy-to=c -- x", "error: you must specify an existing container or a new"),
        ("debug web --copy-to=c --image=x --target=a", "error: --target is incompatible with "),
        ("debug web --attach --copy-to=c -- x", "error: you must specify --container or create a"),
        ("debug web --image=x --profile=nope", "error: unknown profile: nope\n"),
        ("debug web --image=x --image-pull-policy=no", "error: invalid image pull policy: no\n"),
        ("debug svc/kubernetes --image=x", 'error: "/v1, Kind=Service" not supported by debug\n'),
        ("debug nope --image=x", 'Error from server (NotFound): pods "nope" not found\n'),
        ("debug web --image=x --custom=nope", "error: must pass a container spec json file for "),
        ("debug web --image=x --custom=wrong.yaml", "error: name, command, image, lifecycle and "),
        ("debug web --image=x --env=A", "error: A must be formatted as key=value\n"),
    ],
)
def test_refusals(shell, console, line, err):
    console.write("wrong.yaml", "name: x\n")
    result = console.run(line)
    assert result.code == 1
    assert result.err.startswith(err), result
