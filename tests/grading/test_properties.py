"""What holds for any text: a verdict, the same both ways, and equality with itself.

GRADER_EXAMPLES=100000 runs more than the 2,000 examples of an ordinary run.
"""

from __future__ import annotations

import os
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.rules import RULES
from math_grader import grade, grade_answer
from records import OUTCOMES

EXAMPLES = int(os.environ.get("GRADER_EXAMPLES", "2000"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(max_examples=max(200, EXAMPLES // 10), deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = st.sampled_from(
    ["1", "2", "12", "0.5", ".5", "x", "y", "k", "e", "i", "\\pi", "\\frac{1}{2}", "\\frac12", "\\sqrt{2}", "+", "-", "*", "/", "^", "_", "^{2}", "^{-1}",
     "(", ")", "[", "]", "\\{", "\\}", "{", "}", "|", ",", ";", ":", "=", "<", "\\le", "\\ge", "\\in", "\\cup", "\\infty", "\\pm", "!", "\\%", "^\\circ",
     "\\sin", "\\ln", "\\log_{2}", " ", "\\text{cm}", "\\text{ or }", "\\begin{pmatrix}", "\\end{pmatrix}", "\\\\", "&", "$", "\\boxed{", "cm", "and", "三", "（", "）",
     "\\int", "\\sum_{k=1}^{n}", "\\lim_{x\\to 0}", "\\binom{4}{2}", "\\overline{3}", "0.\\overline{3}", "A", "B", "\\mathbb{R}", "mod", "."]
)  # fmt: skip
LATEX = st.lists(PIECES, max_size=14).map("".join)
ANY = st.one_of(LATEX, st.text(max_size=60))


@many
@given(ANY, ANY)
def test_any_two_texts_get_the_same_verdict_both_ways(first: str, second: str) -> None:
    one, other = grade_answer(first, second), grade_answer(second, first)
    assert one.outcome in OUTCOMES
    assert "failure" not in (one.rule, other.rule)
    labelled = ("=" in first) != ("=" in second)  # documented: m+n = 33 answers 33, but 33 does not answer an equation
    assert one.correct == other.correct or labelled, (first, second, one.rule, other.rule)


@many
@given(ANY)
def test_every_text_equals_itself(text: str) -> None:
    assert grade_answer(text, text).correct


@few
@given(ANY, st.sampled_from(sorted(RULES)), st.sampled_from(["strict", "normal", "lenient"]))
def test_any_completion_gets_a_verdict(text: str, answer_type: str, policy: str) -> None:
    verdict = grade(text, "33", answer_type=answer_type, policy=policy)
    assert verdict.outcome in OUTCOMES
    assert verdict.rule != "failure"


@few
@given(st.fractions(max_denominator=10_000), st.integers(1, 999))
def test_every_writing_of_a_fraction_is_that_fraction(value: Fraction, factor: int) -> None:
    over, under = value.numerator * factor, value.denominator * factor
    for text in (
        f"\\frac{{{over}}}{{{under}}}",
        f"{over}/{under}",
        f"x = {value}",
        f"$\\dfrac{{{over}}}{{{under}}}$",
        f"({value})",
        f"{value}.",
    ):
        assert grade_answer(text, str(value)).correct, text


@few
@given(st.fractions(max_denominator=500), st.fractions(max_denominator=500))
def test_two_different_fractions_are_never_equal(first: Fraction, second: Fraction) -> None:
    assert grade_answer(str(first), str(second)).correct == (first == second)
    assert not grade_answer(f"{first} \\text{{ or }} {first + 1}", str(first)).correct


@few
@given(st.integers(0, 999), st.integers(1, 50))
def test_every_writing_of_an_integer_is_that_integer(value: int, factor: int) -> None:
    for text in (f"{value:03d}", f"{value}.", f"{value}.00", f"\\text{{{value}}}", f"m+n={value}", f"{value}^\\circ",
                 f"\\frac{{{value * factor}}}{{{factor}}}", f"${value}$", f"{value} \\pmod{{1000}}", f"({value})",
                 f"{value + factor}-{factor}", f"{factor}+{value}-{factor}", f"\\mathbf{{{value}}}"):  # fmt: skip
        verdict = grade_answer(text, str(value), answer_type="integer")
        assert verdict.correct, text
        assert verdict.answer == str(value)


@few
@given(st.integers(0, 999), st.integers(0, 999))
def test_two_different_integers_are_never_equal(first: int, second: int) -> None:
    assert grade_answer(str(first), str(second), answer_type="integer").correct == (first == second)
    wrong = (f"{first} or {second}", f"\\ge {first}", f"{first}.5", f"{first} {second}", f"{first}x", f"-{first + 1}")
    for text in wrong:
        assert not grade_answer(text, str(first), answer_type="integer").correct, text
