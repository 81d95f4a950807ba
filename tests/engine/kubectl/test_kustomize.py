"""Kustomizations, against what the real kubectl 1.33 made of them.

golden/kustomizations.txt holds the files, each below a line `-- path --`; golden/kustomize.txt the
answers.
"""

import re
from pathlib import Path

import pytest

from tests.engine.kubectl.console import Console

FOLDER = Path(__file__).with_name("golden")
_HEAD = re.compile(r"^-- (\S+) --\n", re.MULTILINE)


def files():
    parts = _HEAD.split((FOLDER / "kustomizations.txt").read_text())
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def built():
    """A console with all the kustomizations; building changes nothing."""
    console = Console()
    for path, text in files().items():
        console.write(path, text)
    return console


def cases():
    text = (FOLDER / "kustomize.txt").read_text()
    for block in text.removeprefix("$ kubectl ").split("\n$ kubectl "):
        line, _, said = block.partition("\n")
        yield pytest.param(line, said, id=line.split()[1])


@pytest.mark.parametrize(("line", "said"), cases())
def test_as_the_real_one(built, line, said):
    result = built.run(line)
    assert result.out + result.err == said


def test_what_is_built_is_applied_in_the_order_of_the_files(built):
    result = built.run("apply -k base --dry-run=client -o name")
    assert result.out.splitlines()[:3] == [
        "deployment.apps/web",
        "service/web",
        "serviceaccount/runner",
    ]
    result = built.run("kustomize base --reorder none")
    assert result.out.startswith("apiVersion: apps/v1\nkind: Deployment\n")


@pytest.mark.parametrize(
    ("text", "err"),
    [
        ("generators: [x]\n", "error: 'generators' in a kustomization is not supported"),
        (
            "resources: [https://x.example/y.yaml]\n",
            "error: accumulating resources: accumulation err='accumulating resources from "
            "'https://x.example/y.yaml': this console has no way to the internet'",
        ),
        (
            "configMapGenerator: [{name: x, behavior: merge, literals: [a=b]}]\n",
            "error: merging from generator &{",
        ),
        ("sortOptions: {order: x}\n", "error: the field 'sortOptions.order' must be one of"),
        ("patches: [{path: nope}]\n", "error: trouble configuring builtin PatchTransformer"),
        ("components: [../base]\n", "error: accumulating components: accumulateDirectory: "),
        ("configMapGenerator: [{literals: [a=b]}]\n", "error: a configmap must have a name\n"),
        ("namePrefix: {a: b}\n", "error: invalid Kustomization: json: cannot unmarshal object"),
        ("replicas: [{name: a, count: x}]\n", "error: invalid Kustomization: json: cannot unmar"),
        ("patches: [{target: {nope: x}}]\n", "error: invalid Kustomization: json: unknown field"),
    ],
)
def test_refusals(built, text, err):
    built.write("wrong/kustomization.yaml", text)
    result = built.run("kustomize wrong")
    assert result.code == 1
    assert result.err.startswith(err), result
