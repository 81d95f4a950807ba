"""A small lesson on disk, and ways to spoil it."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
format: 1
title: A small lesson
summary: One of everything.
minutes: 5
order: 1
learn: [a thing]
cluster: {nodes: 1, settleSeconds: 30, faults: [{fault: kubelet-down, target: node-1}]}
steps:
- id: first
  kind: read
- id: second
  hints: [Do it., Really.]
  checks:
  - says: there is a config map called one
    object: {kind: ConfigMap, name: one}
- id: third
  kind: question
  answers:
  - {text: "No", because: It is not.}
  - {text: "Yes", because: It is., right: true}
- id: fourth
  keep: true
  checks:
  - says: one holds a text
    object: {kind: ConfigMap, name: one}
    where: object.data.text == 'hello'
    missing: "it holds {has(object.data) ? object.data.text : 'nothing'}"
- id: fifth
  checks:
  - says: there is a config map called two
    object: {kind: ConfigMap, name: two}
"""
TEXT = """\
What comes before.

## First {#first}
Look at [one](pod:default/one).

## Second {#second}
```console
$ kubectl create configmap one
```

## Third {#third}
Is it?

## Fourth {#fourth}
```yaml file=one.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: one
data:
  text: hello
```

## Fifth {#fifth}
More.

## Well done {#closing}
That was it.
"""
SOLUTION = """\
# step: second
kubectl create configmap one
# step: fourth
kubectl apply -f one.yaml
# step: fifth
kubectl create configmap two
"""


def write(
    folder: Path,
    *,
    head: str = HEAD,
    text: str = TEXT,
    solution: str = SOLUTION,
    slug: str = "small",
    start: str = "",
) -> Path:
    """The lesson's folder, below `folder`."""
    path = folder / slug
    (path / "solution").mkdir(parents=True)
    (path / "lesson.yaml").write_text(head)
    (path / "lesson.md").write_text(text)
    (path / "solution" / "way.sh").write_text(solution)
    if start:
        (path / "start").mkdir()
        (path / "start" / "one.yaml").write_text(start)
    return path
