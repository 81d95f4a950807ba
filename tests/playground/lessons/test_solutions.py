"""Every published solution of every lesson, typed into its console; and wrong ways, which fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from playground.hosting.local import LocalHost
from playground.lessons.format.lesson import Lesson, Solution
from playground.lessons.format.library import check
from tests.playground.lessons.learners import learn

pytestmark = pytest.mark.django_db(transaction=True)

LESSONS, PROBLEMS = check(Path(settings.PODYARD_LESSONS_DIR))
SOLUTIONS = [
    pytest.param(lesson, solution, id=f"{lesson.slug} {solution.name}")
    for lesson in LESSONS.values()
    for solution in lesson.solutions
]


def test_no_lesson_has_problems() -> None:
    assert [problem.text() for problem in PROBLEMS] == []


@pytest.mark.parametrize(("lesson", "solution"), SOLUTIONS)
async def test_a_solution(host: LocalHost, lesson: Lesson, solution: Solution) -> None:
    learner = await learn(host, lesson.slug)
    last = solution.parts[-1][0]
    for step, lines in solution.parts:
        await learner.skip_to(step)
        assert await learner.current() == step, learner.missing()
        await learner.type(lines)
        await learner.settle()
        if step == last and solution.is_wrong:
            break
        assert await learner.current() != step, (learner.missing(), learner.screen[-3000:])
    if solution.is_wrong:
        assert await learner.current() == last
        assert learner.missing() != []
        vague = [words for words in learner.missing() if not words or words.startswith("not yet")]
        assert vague == [], "a check that does not hold says what is missing"
        return
    await learner.skip_to("")
    assert await learner.current() == ""
