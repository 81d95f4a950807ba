"""Reading a lesson: what a good one becomes, and that every mistake names its file, line, field and
remedy."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from playground.lessons.format.lesson import Broken, StepKind
from playground.lessons.format.library import Library, check
from playground.lessons.format.reading import read
from tests.playground.lessons.folders import HEAD, SOLUTION, TEXT, write


def test_a_good_lesson(tmp_path: Path) -> None:
    lesson, problems = read(write(tmp_path))
    assert [problem.text() for problem in problems] == []
    assert lesson is not None
    assert (lesson.slug, lesson.title, lesson.minutes) == ("small", "A small lesson", 5)
    kinds = [step.kind for step in lesson.steps]
    wanted = [StepKind.READ, StepKind.TASK, StepKind.QUESTION, StepKind.TASK, StepKind.TASK]
    assert kinds == wanted
    assert (lesson.start.nodes, lesson.start.settle_seconds) == (1, 30)
    assert lesson.start.faults == (Broken("kubelet-down", "node-1"),)
    assert [name for name, _ in lesson.start.files] == ["one.yaml"]
    assert [step.title for step in lesson.steps][:2] == ["First", "Second"]
    assert lesson.steps[3].is_kept
    assert "What comes before." in lesson.intro
    assert "That was it." in lesson.closing
    assert [part for part, _ in lesson.solutions[0].parts] == ["second", "fourth", "fifth"]


MISTAKES = [
    ("order: 1", "ordr: 1", "lesson.yaml:5: ordr: unknown field; did you mean order?"),
    ("title: A small lesson", "", "title: is missing: it must be given"),
    ("minutes: 5", "minutes: long", "minutes: is 'long': give a whole number from 1 to 240"),
    ("format: 1", "format: 2", "format: is 2: give a whole number from 1 to 1"),
    ("learn: [a thing]", "learn: a thing", "learn: must be a list of texts"),
    ("nodes: 1", "nodes: 500", "cluster.nodes: is 500: give a whole number from 1 to 50"),
    ("nodes: 1", "nodes: 1, speed: fast", "cluster.speed: speed 'fast': give a number or 'max'"),
    (
        "fault: kubelet-down",
        "fault: sunspots",
        "cluster.faults[0].fault: is 'sunspots': give one of",
    ),
    ("kind: read", "kind: quiz", "steps[0].kind: is 'quiz': give one of task, read, question"),
    ("id: second", "id: first", "steps[1].id: 'first' is there already"),
    ("id: second", "id: Second", "steps[1].id: is 'Second': use lower case letters"),
    ("object: {kind: ConfigMap, name: one}", "thing: {}", "steps[1].checks[0]: has 0 sources"),
    (
        "object: {kind: ConfigMap, name: one}",
        "object: {kind: ConfigMap, name: one}\n    log: {pod: a}",
        "steps[1].checks[0]: has 2 sources: give exactly one of object, objects",
    ),
    (
        "kind: ConfigMap, name: one}",
        "kind: ConfigMop, name: one}",
        "steps[1].checks[0].object.kind: 'ConfigMop' is no built-in kind",
    ),
    (
        "kind: ConfigMap, name: one}",
        "kind: ConfigMap, name: one, nam: x}",
        "steps[1].checks[0].object.nam: unknown field; did you mean name?",
    ),
    (
        "object.data.text == 'hello'",
        "object.data.text = 'hello'",
        "steps[3].checks[0].where: compilation failed",
    ),
    (
        "object.data.text == 'hello'",
        "objekt.data.text == 'hello'",
        "(variables here: object)",
    ),
    (
        "it holds {has(object.data)",
        "it holds }{has(object.data)",
        "steps[3].checks[0].missing: a brace stands alone",
    ),
    ("\n    missing:", "\n    mising:", "missing: is missing: say in words what is not there yet"),
    (", right: true", "", "steps[2].answers: a question needs two answers or more"),
    (
        "- id: first\n  kind: read",
        "- id: first\n  kind: read\n  checks: [{}]",
        "a step of kind read has no checks",
    ),
    ("steps:", "steps: [", "lesson.yaml:9: "),
]


@pytest.mark.parametrize(
    ("right", "wrong", "said"), MISTAKES, ids=[mistake[2] for mistake in MISTAKES]
)
def test_a_mistake_in_the_yaml(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in HEAD
    _, problems = read(write(tmp_path, head=HEAD.replace(right, wrong, 1)))
    assert said in "\n".join(problem.text() for problem in problems)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("{#second}", "{#sekond}", "lesson.md:6: no step 'sekond'; steps: first, second"),
        ("{#second}", "{#sekond}", "steps[1].id: lesson.md has no section ## … {#second}"),
        ("pod:default/one", "pod:one", "link pod:one: give pod:<namespace>/<name>"),
        ("pod:default/one", "javascript:x", "link javascript:x: give run:"),
        ("apiVersion: v1\n", "", "lesson.md (one.yaml):16: a manifest needs apiVersion and kind"),
        ("## First", "# Loud\n\n## First", "only steps have headings of this level"),
        ("## Well done", "## Other {#first}\n\n## Well done", "section 'first' is there already"),
    ],
    ids=[
        "a section of no step",
        "a step without a section",
        "a link without a namespace",
        "a link that runs something",
        "a manifest without a version",
        "a heading too large",
        "a section twice",
    ],
)
def test_a_mistake_in_the_text(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in TEXT
    _, problems = read(write(tmp_path, text=TEXT.replace(right, wrong, 1)))
    assert said in "\n".join(problem.text() for problem in problems)


def test_sections_in_another_order(tmp_path: Path) -> None:
    swapped = TEXT.replace("{#first}", "{#x}").replace("{#second}", "{#first}")
    _, problems = read(write(tmp_path, text=swapped.replace("{#x}", "{#second}")))
    assert any("in another order" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("# step: fifth", "# step: sixth", "way.sh:5: there is no step 'sixth'"),
        ("# step: fifth\n", "", "no solution goes through all tasks: second, fourth, fifth"),
        ("# step: second\n", "", "way.sh:1: commands before the first `# step: <id>`"),
    ],
    ids=["an unknown step", "a task without a solution", "commands of no step"],
)
def test_a_mistake_in_a_solution(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    _, problems = read(write(tmp_path, solution=SOLUTION.replace(right, wrong, 1)))
    assert said in "\n".join(problem.text() for problem in problems)


def test_files_that_are_missing_or_no_text(tmp_path: Path) -> None:
    path = write(tmp_path, start="kind: Pod")
    (path / "lesson.md").write_bytes(b"\xff")
    _, problems = read(path)
    assert any("lesson.md:1: cannot be read" in problem.text() for problem in problems)
    (path / "lesson.md").unlink()
    _, problems = read(path)
    assert any("is missing: a lesson needs it" in problem.message for problem in problems)


def test_a_start_manifest_is_checked(tmp_path: Path) -> None:
    _, problems = read(write(tmp_path, start="kind: Pod"))
    assert any("a manifest needs apiVersion and kind" in problem.message for problem in problems)


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    one, _ = read(write(tmp_path / "a"))
    same, _ = read(write(tmp_path / "b"))
    other, _ = read(write(tmp_path / "c", text=TEXT + "\nMore.\n"))
    assert one is not None and same is not None and other is not None
    assert one.version == same.version != other.version


def test_a_library_leaves_out_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, slug="broken", head=HEAD.replace("order: 1", "order: first"))
    write(tmp_path, slug="lonely", head=HEAD.replace("learn:", "requires: [nothing]\nlearn:"))
    (tmp_path / "README.md").write_text("not a lesson")
    lessons, problems = check(tmp_path)
    assert list(lessons) == ["lonely", "small"]
    assert any("there is no lesson 'nothing'" in problem.message for problem in problems)
    assert list(Library(tmp_path).lessons()) == ["lonely", "small"]


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    out = StringIO()
    write(tmp_path)
    call_command("lessons", "check", str(tmp_path), stdout=out)
    assert "small: A small lesson, 5 min, 5 steps, 1 solutions" in out.getvalue()
    write(tmp_path, slug="broken", head=HEAD.replace("minutes: 5", ""))
    with pytest.raises(CommandError, match="1 problems"):
        call_command("lessons", "check", str(tmp_path), stdout=out)
    assert "minutes: is missing" in out.getvalue()
