"""Verdicts -> scores; pure numbers, nothing read or written.

Denominators are problems × samples, fixed before grading.  `accuracy` is pass@1: the mean over problems of the share
of right samples; with samples still owed it covers the finished ones, and `owed` says how many are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import fmean

import msgspec

from records import CORRECT_OUTCOMES, Score


class SampleResult(msgspec.Struct, frozen=True, gc=False):
    """What scoring needs of one graded sample; `answer` is the canonical text by which votes are grouped."""

    problem_id: str
    answer: str | None
    outcome: str
    truncated: bool
    tokens: int

    @property
    def correct(self) -> bool:
        """True where the outcome is one of the right ones."""
        return self.outcome in CORRECT_OUTCOMES


def score_benchmark(
    benchmark: str, problem_ids: Sequence[str], samples_per_problem: int, results: Iterable[SampleResult]
) -> Score:
    """The score of one benchmark from all its graded samples."""
    by_problem: dict[str, list[SampleResult]] = {problem_id: [] for problem_id in problem_ids}
    for result in results:
        by_problem[result.problem_id].append(result)
    every = [result for samples in by_problem.values() for result in samples]
    outcomes = Counter(result.outcome for result in every)
    shares = {problem_id: _share(samples) for problem_id, samples in by_problem.items()}
    return Score(
        benchmark=benchmark,
        problems=len(problem_ids),
        samples_per_problem=samples_per_problem,
        finished=len(every),
        owed=len(problem_ids) * samples_per_problem - len(every),
        correct=sum(result.correct for result in every),
        accuracy=_mean([share for share in shares.values() if share is not None]),
        majority=_mean([majority(samples) for samples in by_problem.values() if samples]),
        truncated=_mean([float(result.truncated) for result in every]),
        no_answer=_mean([float(result.outcome == "no_answer") for result in every]),
        mean_tokens=_mean([float(result.tokens) for result in every]),
        outcomes=dict(sorted(outcomes.items())),
        problem_accuracy=shares,
    )


def majority(samples: Sequence[SampleResult]) -> float:
    """The chance that a vote over these samples is right, ties broken at random; samples without answer do not vote."""
    votes = Counter(sample.answer for sample in samples if sample.answer is not None)
    if not votes:
        return 0.0
    most = max(votes.values())
    right = {sample.answer for sample in samples if sample.correct}
    winners = [answer for answer, count in votes.items() if count == most]
    return float(Fraction(sum(answer in right for answer in winners), len(winners)))


def _share(samples: Sequence[SampleResult]) -> float | None:
    return _mean([float(sample.correct) for sample in samples])


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
