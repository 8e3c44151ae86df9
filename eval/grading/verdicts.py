"""Extracted answer and accepted golds -> verdict: any gold suffices, and the boxes of one sentence may be a list."""

from __future__ import annotations

from grading.forms import read
from grading.rules import RULES, Tolerance
from records import Verdict


def judge(
    answer: str,
    others: tuple[str, ...],
    golds: tuple[str, ...],
    answer_type: str,
    tolerance: Tolerance = Tolerance(),  # noqa: B008
) -> Verdict:
    """The verdict on an answer; `others` are the boxes before it in the same sentence."""
    verdict = judge_alone(answer, golds, answer_type, tolerance)
    if verdict.correct or not others or answer_type != "expression":
        return verdict
    lists = tuple(gold for gold in golds if read(gold).kind in ("list", "set"))
    if not lists:
        return verdict
    together = judge_alone(", ".join((*others, answer)), lists, answer_type, tolerance)
    return together if together.correct else verdict


def judge_alone(answer: str, golds: tuple[str, ...], answer_type: str, tolerance: Tolerance) -> Verdict:
    """The verdict on one answer by the rule of its type: that of the first gold it equals, else that of the first gold."""
    verdicts = (RULES[answer_type](answer, gold, tolerance) for gold in golds)
    first = next(verdicts)
    return first if first.correct else next((verdict for verdict in verdicts if verdict.correct), first)
