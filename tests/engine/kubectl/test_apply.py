"""kubectl apply, create, replace, patch, diff: what files do."""

import json

import pytest

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '1', b: '2'}\n"


@pytest.fixture
def applied(console):
    console.write("c.yaml", MAP)
    assert console.run("apply -f c.yaml").out == "configmap/c created\n"
    return console


def data(console):
    return json.loads(console.run("get cm c -o json").out)["data"]


def test_what_is_the_same_is_unchanged(applied):
    assert applied.run("apply -f c.yaml").out == "configmap/c unchanged\n"


def test_what_left_the_file_leaves_the_cluster_and_the_rest_stays(applied):
    applied.run('patch cm c -p \'{"data":{"other":"x"}}\'')
    applied.write("c.yaml", MAP.replace("a: '1', ", ""))
    assert applied.run("apply -f c.yaml").out == "configmap/c configured\n"
    assert data(applied) == {"b": "2", "other": "x"}


def test_the_last_configuration_is_kept_in_an_annotation(applied):
    out = applied.run("apply view-last-applied cm c -o json").out
    assert json.loads(out)["data"] == {"a": "1", "b": "2"}


def test_an_object_that_was_made_otherwise_gets_the_annotation_with_a_warning(console):
    console.write("c.yaml", MAP)
    console.run("create -f c.yaml")
    result = console.run("apply -f c.yaml")
    assert result.out == "configmap/c configured\n"
    assert result.err.startswith("Warning: resource configmaps/c is missing the kubectl.kubernetes")


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("apply -f c.yaml --dry-run=client", "configmap/c created (dry run)\n"),
        ("apply -f c.yaml --dry-run=server", "configmap/c created (server dry run)\n"),
        ("apply -f c.yaml -o name", "configmap/c\n"),
        ("apply -f c.yaml --server-side", "configmap/c serverside-applied\n"),
        ("apply -f . ", "configmap/c created\n"),
        ("create -f c.yaml", "configmap/c created\n"),
        ("create -f c.yaml --save-config -o name", "configmap/c\n"),
    ],
)
def test_ways_to_send_a_file(console, line, out):
    console.write("c.yaml", MAP)
    result = console.run(line)
    assert (result.code, result.out) == (0, out)


def test_standard_input_and_several_documents(console):
    two = f"{MAP}---\n{MAP.replace('name: c', 'name: d')}"
    result = console.run("apply -f -", two.encode())
    assert result.out == "configmap/c created\nconfigmap/d created\n"


def test_folders_need_a_flag_for_what_is_below_them(console):
    console.write("k/a.yaml", MAP)
    console.write("k/below/b.yaml", MAP.replace("name: c", "name: d"))
    console.write("k/notes.txt", "no manifest")
    assert console.run("apply -f k").out == "configmap/c created\n"
    assert console.run("apply -R -f k").out == "configmap/c unchanged\nconfigmap/d created\n"


def test_server_side_conflicts_are_told_and_can_be_forced(console):
    console.write("c.yaml", MAP)
    console.run("apply --server-side -f c.yaml --field-manager=one")
    console.write("c.yaml", MAP.replace("'1'", "'9'"))
    result = console.run("apply --server-side -f c.yaml --field-manager=two")
    assert result.code == 1
    assert 'Apply failed with 1 conflict: conflict with "one": .data.a' in result.err
    assert "re-run the apply\n  command with the `--force-conflicts` flag" in result.err
    forced = console.run("apply --server-side --force-conflicts -f c.yaml --field-manager=two")
    assert forced.out == "configmap/c serverside-applied\n"


@pytest.mark.parametrize(
    ("text", "err"),
    [
        (
            "a: b\n",
            'error: error validating "x.yaml": error validating data: [apiVersion not set, kind '
            "not set]; if you choose to ignore these errors, turn validation off with "
            "--validate=false\n",
        ),
        (
            "kind: Pod\napiVersion: v9\nmetadata: {name: x}\n",
            'error: resource mapping not found for name: "x" namespace: "" from "x.yaml": no '
            'matches for kind "Pod" in version "v9"\nensure CRDs are installed first\n',
        ),
        (
            "a: [\n",
            "error: error parsing x.yaml: error converting YAML to JSON: yaml: line 1: did not "
            "find expected node content\n",
        ),
        ("", "error: no objects passed to apply\n"),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: X}\n",
            'The ConfigMap "X" is invalid: metadata.name: Invalid value: "X": a lowercase RFC 1123 '
            "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for "
            "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\n",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nnope: 1\n",
            'Error from server (BadRequest): error when creating "x.yaml": ConfigMap in version '
            '"v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "nope"\n',
        ),
    ],
)
def test_files_that_are_refused(console, text, err):
    console.write("x.yaml", text)
    result = console.run("apply -f x.yaml")
    assert (result.code, result.err) == (1, err)


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("apply", "error: must specify one of -f and -k\n"),
        ("apply -f nope.yaml", 'error: the path "nope.yaml" does not exist\n'),
        (
            "apply -f c.yaml extra",
            "error: Unexpected args: [extra]\nSee 'kubectl apply -h' for help and examples\n",
        ),
        (
            "apply -f c.yaml --force-conflicts",
            "error: --force-conflicts only works with --server-side\n",
        ),
        (
            "apply -f c.yaml --dry-run=maybe",
            'error: Invalid dry-run value (maybe). Must be "none", "server", or "client".\n',
        ),
    ],
)
def test_calls_that_are_refused(console, line, err):
    console.write("c.yaml", MAP)
    assert console.run(line).err == err


def test_creating_twice(applied):
    result = applied.run("create -f c.yaml")
    assert result.err == (
        'Error from server (AlreadyExists): error when creating "c.yaml": configmaps "c" already '
        "exists\n"
    )


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ('patch cm c -p \'{"data":{"a":"1"}}\'', "configmap/c patched (no change)\n"),
        ('patch cm c -p \'{"data":{"a":null}}\'', "configmap/c patched\n"),
        ("patch cm c --type=merge -p 'data: {z: q}'", "configmap/c patched\n"),
        (
            'patch cm c --type=json -p \'[{"op":"add","path":"/data/n","value":"m"}]\'',
            "configmap/c patched\n",
        ),
        (
            'patch -f c.yaml -p \'{"data":{"q":"r"}}\' --dry-run=client',
            "configmap/c patched\n",
        ),
        ("replace -f c.yaml", "configmap/c replaced\n"),
        (
            "replace -f c.yaml --force",
            'configmap "c" force deleted from default namespace\nconfigmap/c replaced\n',
        ),
    ],
)
def test_changes(applied, line, out):
    assert applied.run(line).out == out


@pytest.mark.parametrize(
    ("line", "err"),
    [
        (
            "patch cm c",
            "error: must specify --patch or --patch-file containing the contents of the patch\n",
        ),
        (
            "patch cm c -p x --type=nope",
            'error: --type must be one of [json merge strategic], not "nope"\n',
        ),
        ("patch cm nope -p '{}'", 'Error from server (NotFound): configmaps "nope" not found\n'),
        (
            "replace -f c.yaml --grace-period=3",
            "error: --grace-period must have --force specified\n",
        ),
    ],
)
def test_changes_that_are_refused(applied, line, err):
    assert applied.run(line).err == err


class TestDiff:
    def test_nothing_to_change(self, applied):
        result = applied.run("diff -f c.yaml")
        assert (result.code, result.out) == (0, "")

    def test_what_would_change(self, applied):
        applied.write("c.yaml", MAP.replace("'1'", "'9'"))
        result = applied.run("diff -f c.yaml")
        assert result.code == 1
        lines = result.out.splitlines()
        assert lines[0].startswith("diff -u -N /tmp/LIVE-")
        assert '-  a: "1"' in lines
        assert '+  a: "9"' in lines

    def test_a_new_object_is_all_new(self, console):
        console.write("c.yaml", MAP)
        assert "+kind: ConfigMap" in console.run("diff -f c.yaml").out

    def test_secrets_stay_secret(self, console):
        secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: first}\n"
        console.write("s.yaml", secret)
        console.run("apply -f s.yaml")
        console.write("s.yaml", secret.replace("first", "second"))
        out = console.run("diff -f s.yaml").out
        assert "-  k: '*** (before)'" in out
        assert "+  k: '*** (after)'" in out

    def test_errors_end_with_more_than_one(self, console):
        assert console.run("diff -f nope").code == 2


class TestKustomize:
    def test_a_kustomization_is_built_and_applied(self, console):
        console.write("k/c.yaml", MAP)
        console.write(
            "k/kustomization.yaml",
            "namePrefix: dev-\nlabels: [{pairs: {env: dev}}]\nresources: [c.yaml]\n"
            "configMapGenerator: [{name: made, literals: [x=y]}]\n",
        )
        out = console.run("kustomize k").out
        assert "name: dev-c" in out
        assert "env: dev" in out
        applied = console.run("apply -k k").out.splitlines()
        assert applied[0] == "configmap/dev-c created"
        assert applied[1].startswith("configmap/dev-made-")

    def test_no_kustomization(self, console):
        console.write("k/c.yaml", MAP)
        assert "unable to find one of 'kustomization.yaml'" in console.run("kustomize k").err
