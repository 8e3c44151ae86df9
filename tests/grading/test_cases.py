"""The grader against its specification: the case files, labelled by mathematics and not by the grader."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import ROOT
from grading.rules import Tolerance
from math_grader import extract_answer, grade, grade_answer
from records import Verdict

FILES = sorted((ROOT / "tests" / "cases").glob("*.jsonl"))
CASES = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").split("\n") if line]
ANSWERS = [case for case in CASES if "answer" in case]
TEXTS = [case for case in CASES if "text" in case]


def tolerance(case: dict[str, Any]) -> Tolerance:
    return Tolerance(case.get("relative_tolerance", 0.0), case.get("absolute_tolerance", 0.0))


def verdict_of(case: dict[str, Any], answer: str, gold: str | list[str]) -> Verdict:
    return grade_answer(answer, gold, answer_type=case["answer_type"], tolerance=tolerance(case))


def test_no_case_stands_twice() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) > 2500


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["id"])
def test_an_answer_is_judged_as_labelled(case: dict[str, Any]) -> None:
    verdict = verdict_of(case, case["answer"], case["gold"])
    assert verdict.correct == case["correct"], verdict


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["id"])
def test_every_gold_and_every_answer_equals_itself(case: dict[str, Any]) -> None:
    golds = [case["gold"]] if isinstance(case["gold"], str) else case["gold"]
    assert all(verdict_of(case, gold, gold).correct for gold in golds)


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_the_final_answer_of_a_text_is_found(case: dict[str, Any]) -> None:
    options = {"policy": case.get("policy", "normal"), "thinking_opened": case.get("thinking_opened", False)}
    if "extracted" in case:
        assert extract_answer(case["text"], **options) == case["extracted"]
    if "correct" in case:
        verdict = grade(case["text"], case["gold"], answer_type=case["answer_type"], **options)
        assert verdict.correct == case["correct"], verdict


@pytest.mark.parametrize(
    ("first", "second"),
    [("0.5", "\\frac{1}{2}"), ("1/2", "\\frac12"), ("1,234", "1234"), ("x=7", "7"), ("\\{2,1\\}", "\\{1,2\\}")],
)
def test_writings_of_one_answer_are_one_vote(first: str, second: str) -> None:
    assert grade_answer(first, "99").answer == grade_answer(second, "99").answer


@pytest.mark.parametrize(
    ("text", "gold", "correct"),
    [
        ("so \\boxed{1} and \\boxed{2}.", "1,2", True),
        ("so \\boxed{1} and \\boxed{2}.", "2", True),
        ("so \\boxed{1} and \\boxed{2}.", "1", False),
        ("First \\boxed{1}.\n\nThen \\boxed{2}.", "1,2", False),
    ],
)
def test_boxes_of_one_final_sentence_are_a_list_where_the_gold_is_one(text: str, gold: str, correct: bool) -> None:
    assert grade(text, gold).correct == correct


def test_a_rounded_decimal_is_shown_to_a_person() -> None:
    assert grade_answer("0.333333333333", "\\frac{1}{3}").warning == "equal only as a rounded decimal"
    assert not grade_answer("0.3333333", "\\frac{1}{3}").correct


@pytest.mark.parametrize(
    ("gold", "answer", "correct"),
    [
        ("12", "\\textbf{(C)}\\ 12", True),
        ("12", "(C) 13", False),
        ("12", "C 12", False),
        ("\\textbf{(C)}\\ 12", "12", True),
        ("5", "B. 5", True),
    ],
)
def test_an_option_with_its_letter_answers_a_gold_without(gold: str, answer: str, correct: bool) -> None:
    assert grade_answer(answer, gold).correct == correct


def test_any_of_several_golds_suffices() -> None:
    assert grade_answer("81", ["80", "81"], answer_type="integer").correct
    assert not grade_answer("82", ["80", "81"], answer_type="integer").correct


@pytest.mark.parametrize(
    ("gold", "answer", "correct"),
    [
        ("2x", "\\frac{d}{dx} x^2", True),
        ("3x", "\\frac{d}{dx} x^2", False),
        ("-2", "\\det \\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", True),
        ("24", "\\Gamma(5)", True),
        ("24", "\\Gamma(1000000000)", False),
    ],
)
def test_what_our_grammar_lacks_is_read_by_latex2sympy(gold: str, answer: str, correct: bool) -> None:
    assert grade_answer(answer, gold).correct == correct


@pytest.mark.parametrize(
    ("gold", "answer", "warning"),
    [
        ("\\frac13", "0.333", "numerically close but not equal"),
        ("2", "3", ""),
        ("若 2 则 b", "2", "the gold cannot be read"),
    ],
)
def test_a_person_is_told_where_to_look(gold: str, answer: str, warning: str) -> None:
    assert grade_answer(answer, gold).warning == warning


def test_several_different_boxes_are_pointed_at() -> None:
    assert grade("so \\boxed{1} or \\boxed{2}.", "2").warning == "several different boxes in the final sentence"
    assert grade("so \\boxed{2}, that is \\boxed{2}.", "2").warning == ""


@pytest.mark.parametrize(
    "answer",
    [
        "33 thousand",
        "33 million",
        "33 squared",
        "33 factorial",
        "33 plus five",
        "33 is incorrect",
        "33 not",
        "33 base eight",
        "x^2=33",
        "33 halves",
    ],
)
def test_words_that_change_a_number_are_no_unit(answer: str) -> None:
    assert not grade_answer(answer, "33", answer_type="integer").correct
    assert answer == "x^2=33" or not grade_answer(answer, "33").correct
