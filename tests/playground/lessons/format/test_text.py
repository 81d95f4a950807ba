"""lesson.md to HTML: buttons where there is something to do, and nothing that could do harm."""

from __future__ import annotations

import pytest

from playground.lessons.format.text import inline, sections


def html(text: str) -> str:
    return sections(text)[0].html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "```console\n$ kubectl get pods\n```",
            'data-run="kubectl get pods"',
        ),
        ("```console\n$ ls\nfile\n```", '<div class="lesson-output">file</div>'),
        ("```sh\nls\nls -l\n```", 'data-run="ls -l"'),
        ("```console\n$ a \\\n b\n```", 'data-run="a  b"'),
        ("Try [`kubectl top`](run:) now.", 'class="lesson-run" data-run="kubectl top"'),
        ("[web](pod:default/web)", 'data-show="pod/default/web">web</button>'),
        ("[web](deployment:a/web)", 'data-show="workload/Deployment/a/web"'),
        ("[one](node:node-1)", 'data-show="node/node-1"'),
        ("```yaml file=a.yaml\na: 1\n```", 'data-open="a.yaml"'),
        ("```yaml\na: 1\n```", '<pre class="lesson-code" tabindex="0">a: 1'),
        ("[docs](https://kubernetes.io/)", 'href="https://kubernetes.io/" rel="noopener'),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "<th>a</th>"),
    ],
    ids=[
        "a command",
        "what it prints",
        "commands without a prompt",
        "a command on two lines",
        "a command in a sentence",
        "an object",
        "a workload",
        "a node",
        "a manifest to open",
        "a manifest to read",
        "a link",
        "a table",
    ],
)
def test_what_becomes_of(text: str, expected: str) -> None:
    assert expected in html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        '```console\n$ "><script>alert(1)</script>\n```',
        "```yaml file=a.yaml\n<script>alert(1)</script>\n```",
        '[`"><script>`](run:)',
        "| a |\n|:-:|\n| <style>x</style> |",
    ],
    ids=[
        "a script",
        "a handler",
        "a script's address",
        "a data address",
        "a script in a command",
        "a script in a manifest",
        "a script in a button",
        "a style in a table",
    ],
)
def test_harm_is_text(text: str) -> None:
    made = html(text)
    for part in ("<script", "<img", "<style", 'href="javascript', 'href="data', "style="):
        assert part not in made


def test_hints_are_a_line_of_markdown() -> None:
    assert inline("Say `k get`, *please*.") == "Say <code>k get</code>, <em>please</em>."
