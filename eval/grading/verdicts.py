"""Extracted answer and accepted golds -> verdict: any gold suffices, and the boxes of one sentence may be a list."""

from __future__ import annotations

import re

import msgspec

from grading.forms import read
from grading.numeric import within
from grading.rules import RULES, SHOWN_CHARACTERS, Tolerance
from records import Verdict

CLOSE_SHARE = 1e-3
"""A wrong number that is so near to the gold may be a rounding, which is for a person to say."""


def judge(
    answer: str,
    others: tuple[str, ...],
    golds: tuple[str, ...],
    answer_type: str,
    tolerance: Tolerance = Tolerance(),  # noqa: B008
) -> Verdict:
    """The verdict on an answer; `others` are the boxes before it in the same sentence.

    A fault of ours must not cost a run its report: it is an unreadable answer with the rule "failure" and a warning.
    """
    try:
        return _judge(answer, others, golds, answer_type, tolerance)
    except Exception as error:
        warning = f"the grader failed on this answer ({type(error).__name__}); please report it"
        return Verdict(answer=answer[:SHOWN_CHARACTERS], outcome="unreadable", rule="failure", warning=warning)


def _judge(
    answer: str, others: tuple[str, ...], golds: tuple[str, ...], answer_type: str, tolerance: Tolerance
) -> Verdict:
    verdict = judge_alone(answer, golds, answer_type, tolerance)
    if not verdict.correct and others and answer_type == "expression":
        lists = tuple(gold for gold in golds if read(gold).kind in ("list", "set"))
        together = judge_alone(", ".join((*others, answer)), lists, answer_type, tolerance) if lists else verdict
        verdict = together if together.correct else verdict
    warning = verdict.warning or _warning(answer, others, golds, answer_type, correct=verdict.correct)
    return msgspec.structs.replace(verdict, warning=warning) if warning else verdict


def _warning(answer: str, others: tuple[str, ...], golds: tuple[str, ...], answer_type: str, *, correct: bool) -> str:
    """Why a person should look at a verdict, empty where there is no reason."""
    if others and any(other != answer for other in others):
        return "several different boxes in the final sentence"
    if answer_type != "expression" or correct:
        return ""
    wanted = read(golds[0])
    if wanted.kind == "words" and re.search(r"[\d\\]", wanted.text):
        return "the gold cannot be read"
    return "numerically close but not equal" if within(golds[0], answer, CLOSE_SHARE, 0.0) else ""


def judge_alone(answer: str, golds: tuple[str, ...], answer_type: str, tolerance: Tolerance) -> Verdict:
    """The verdict on one answer by the rule of its type: that of the first gold it equals, else that of the first gold."""
    verdicts = (RULES[answer_type](answer, gold, tolerance) for gold in golds)
    first = next(verdicts)
    return first if first.correct else next((verdict for verdict in verdicts if verdict.correct), first)
