"""The pool gives the verdicts that grading alone gives, once each, and outlives what hangs or dies."""

from __future__ import annotations

import os
import time

import pytest

from grading import pool
from grading.pool import GradingPool, Job, Key
from math_grader import grade
from records import Verdict

TEXTS = [
    "\\boxed{0.5}",
    "\\boxed{\\frac{1}{2}}",
    "none",
    "\\boxed{0.5}",
    "<think>\\boxed{1}",
    "\\boxed{1} and \\boxed{2}",
    "\\boxed{x+1}",
]


def test_verdicts_come_in_order_and_as_from_grading_alone() -> None:
    jobs = [Job(text, ("1/2",), "expression") for text in TEXTS] * 3
    with GradingPool(workers=2) as grading:
        verdicts = list(grading.grade_many(iter(jobs)))
    alone = [grade(job.text, job.golds) for job in jobs]
    assert [(v.answer, v.outcome, v.extractor) for v in verdicts] == [(v.answer, v.outcome, v.extractor) for v in alone]


def test_a_run_of_integers_starts_no_process() -> None:
    with GradingPool() as grading:
        [verdict] = grading.grade_many([Job("\\boxed{033}", ("33",), "integer")])
        assert verdict.correct
        assert grading._pool is None


def test_the_same_answer_is_graded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    graded: list[Key] = []

    def once(key: Key) -> Verdict:
        graded.append(key)
        return Verdict(answer=key[0], outcome="different", rule="test")

    monkeypatch.setattr(pool, "grade_key", once)
    with GradingPool() as grading:
        assert len(list(grading.grade_many(Job("\\boxed{7}", ("33",), "integer") for _ in range(2000)))) == 2000
    assert len(graded) == 1


def slow_or_deadly(key: Key) -> Verdict:
    if key[0] == "sleep":
        time.sleep(60)
    if key[0] == "die":
        os._exit(9)
    return Verdict(answer=key[0], outcome="same_text", rule="test")


def test_what_hangs_or_dies_is_out_of_time_and_harms_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "grade_key", slow_or_deadly)
    monkeypatch.setattr(pool, "DEADLINE_SECONDS", 2.0)
    monkeypatch.setattr(pool, "ALONE_SECONDS", 2.0)
    answers = ["a", "sleep", "b", "die", "c"]
    with GradingPool(workers=2) as grading:
        verdicts = list(grading.grade_many(Job(f"\\boxed{{{answer}}}", ("x",), "expression") for answer in answers))
    assert [verdict.outcome for verdict in verdicts] == [
        "same_text",
        "out_of_time",
        "same_text",
        "out_of_time",
        "same_text",
    ]
    assert not verdicts[1].correct
