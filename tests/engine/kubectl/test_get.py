"""kubectl get."""

import json

import pytest


def test_pods_as_a_table(web):
    lines = web.run("get pods").out.splitlines()
    assert lines[0].split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert lines[1].split() == ["lone", "1/1", "Running", "0", "5s"]
    assert len(lines) == 4


def test_several_kinds_get_tables_of_their_own(web):
    out = web.run("get deploy,svc").out
    assert out == (
        "NAME                  READY   UP-TO-DATE   AVAILABLE   AGE\n"
        "deployment.apps/web   2/2     2            2           5s\n"
        "\n"
        "NAME                 TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\n"
        "service/kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   5s\n"
    )


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("get pods -l app=web -o name", 2),
        ("get pods --field-selector metadata.name=lone -o name", 1),
        ("get po/lone deploy/web -o name", 2),
        ("get pods -A -o name", 3),
        ("get pods -n kube-public -o name", 0),
        ("get all -o name", 6),
        ("get -f web.yaml -o name", 1),
    ],
)
def test_what_is_found(web, line, names):
    assert len(web.run(line).out.splitlines()) == names


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("get pod lone -o jsonpath={.spec.containers[0].image}", "busybox"),
        ("get pod lone -o name", "pod/lone\n"),
        ("get pod lone -o custom-columns=N:.metadata.name --no-headers", "lone\n"),
        ("get pod lone -o go-template='{{.kind}}'", "Pod"),
        ("get pods lone --no-headers -o custom-columns=A:.kind,B:.status.phase", "Pod   Running\n"),
        ("get deploy web -o jsonpath='{.status.readyReplicas}'", "2"),
        ("get nodes --no-headers -o custom-columns=N:.metadata.name", "node-1\nnode-2\nnode-3\n"),
        (
            "get nodes --sort-by='{.metadata.name}' -o name",
            "node/node-1\nnode/node-2\nnode/node-3\n",
        ),
        ("get --raw /api/v1/namespaces/default/pods/nope?x=1", ""),
    ],
)
def test_formats(web, line, out):
    assert web.run(line).out == out


def test_json_and_yaml_leave_managed_fields_out_unless_asked(web):
    assert "managedFields" not in json.loads(web.run("get pod lone -o json").out)["metadata"]
    assert "managedFields:" not in web.run("get pod lone -o yaml").out
    assert "managedFields:" in web.run("get pod lone -o yaml --show-managed-fields").out


def test_several_objects_are_printed_as_a_list(web):
    found = json.loads(web.run("get pod,deploy -o json").out)
    assert (found["kind"], len(found["items"])) == ("List", 4)


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("get pods nope", 'Error from server (NotFound): pods "nope" not found\n'),
        ("get nope", 'error: the server doesn\'t have a resource type "nope"\n'),
        (
            "get pods nope nope2",
            'Error from server (NotFound): pods "nope" not found\n'
            'Error from server (NotFound): pods "nope2" not found\n',
        ),
        (
            "get pods lone -A",
            "error: a resource cannot be retrieved by name across all namespaces\n",
        ),
        ("get pods a -l b=c", "error: name cannot be provided when a selector is specified\n"),
        (
            "get pods x/y",
            "error: there is no need to specify a resource type as a separate argument when "
            "passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' "
            "instead of 'kubectl get resource resource/<resource_name>'\n",
        ),
        (
            "get pods -o nope",
            'error: unable to match a printer suitable for the output format "nope", allowed '
            "formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,"
            "jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml\n",
        ),
    ],
)
def test_refusals(web, line, err):
    result = web.run(line)
    assert (result.code, result.out, result.err) == (1, "", err)


def test_nothing_found(console):
    result = console.run("get pods")
    assert (result.code, result.err) == (0, "No resources found in default namespace.\n")
    assert console.run("get pods -A").err == "No resources found\n"
    assert console.run("get pod x --ignore-not-found").code == 0


def test_labels_as_columns(web):
    assert web.run("get pod lone --show-labels -L run").out.splitlines()[0].split()[-2:] == [
        "RUN",
        "LABELS",
    ]


def test_a_watch_shows_what_is_there_and_what_changes(web):
    result = web.run("get pods lone -w --no-headers", seconds=30)
    assert result.code is None
    assert result.out.split()[:3] == ["lone", "1/1", "Running"]


def test_watch_events(console):
    console.write("c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")
    console.run("apply -f c.yaml")
    out = console.run("get cm c -w --output-watch-events -o name", seconds=5).out
    assert out == "configmap/c\n"
