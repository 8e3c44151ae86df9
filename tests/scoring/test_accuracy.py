"""Scores against counting by hand."""

from __future__ import annotations

import pytest

from scoring.accuracy import SampleResult, majority, score_benchmark


def sample(
    answer: str | None, gold: str = "7", problem: str = "p", *, truncated: bool = False, tokens: int = 10
) -> SampleResult:
    outcome = "no_answer" if answer is None else "same_text" if answer == gold else "different"
    return SampleResult(problem_id=problem, answer=answer, outcome=outcome, truncated=truncated, tokens=tokens)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["7", "7", "3"], 1.0),
        (["7", "3", "3"], 0.0),
        (["7", "3"], 0.5),
        (["7", "3", "5"], 1 / 3),
        (["7", "7", "3", "3", "5"], 0.5),
        ([None, None, "7"], 1.0),
        ([None, None], 0.0),
        (["7"], 1.0),
    ],
)
def test_a_vote_counts_ties_by_chance_and_ignores_samples_without_answer(
    answers: list[str | None], expected: float
) -> None:
    assert majority([sample(answer) for answer in answers]) == pytest.approx(expected)


def test_two_writings_of_the_gold_with_one_canonical_text_are_one_vote() -> None:
    votes = [sample("7"), sample("7"), sample("3"), sample("3"), sample("7")]
    assert majority(votes) == 1.0


def test_a_whole_run_is_counted() -> None:
    results = [
        sample("7", problem="p"), sample("3", problem="p", truncated=True, tokens=100),
        sample(None, problem="q", truncated=True, tokens=100), sample("7", problem="q"),
    ]  # fmt: skip
    score = score_benchmark("b", ["p", "q"], 2, results)
    assert (score.problems, score.samples_per_problem, score.finished, score.owed, score.correct) == (2, 2, 4, 0, 2)
    assert score.accuracy == 0.5
    assert score.majority == pytest.approx((0.5 + 1.0) / 2)
    assert (score.truncated, score.no_answer, score.mean_tokens) == (0.5, 0.25, 55)
    assert score.outcomes == {"different": 1, "no_answer": 1, "same_text": 2}
    assert score.problem_accuracy == {"p": 0.5, "q": 0.5}


def test_accuracy_weighs_problems_and_not_samples_where_some_are_owed() -> None:
    results = [sample("7", problem="p"), sample("3", problem="q"), sample("3", problem="q")]
    score = score_benchmark("b", ["p", "q", "r"], 2, results)
    assert score.accuracy == 0.5
    assert score.owed == 3
    assert score.problem_accuracy == {"p": 1.0, "q": 0.0, "r": None}


def test_nothing_finished_is_no_score_rather_than_zero() -> None:
    score = score_benchmark("b", ["p"], 2, [])
    assert score.accuracy is score.majority is score.mean_tokens is None
    assert score.owed == 2
