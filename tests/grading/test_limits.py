"""Hostile answers: no crash, no execution, no second, whatever a model writes."""

from __future__ import annotations

import builtins
import subprocess
import sys
import threading
import time

import pytest

from conftest import EVAL
from grading.rules import RULES
from math_grader import grade, grade_answer

POWERS = ["9^{9^{9^{9}}}", "2^{100000000000}", "9**9**9**9", "(10^{100})^{(10^{100})}", "2^{2^{2^{2^{2^{2}}}}}", "0.5^{-10^{9}}",
          "x^{x^{x^{x^{99999}}}}", "(-8)^{1/3^{99}}", "e^{e^{e^{e^{e^{e}}}}}", "\\sqrt[99999999]{7}"]  # fmt: skip
SIZES = ["1000000!", "((99999!)!)!", "\\binom{100000000}{50000000}", "\\gcd(9^{9999},3^{9999})", "9" * 100_000, "0." + "3" * 100_000,
         "1e999999999", "1e-999999999", "-" * 5000 + "1", "1" + "+1" * 5000, "x" * 3000, "(x+y+z)^{300}", "(1+x)^{1000000}",
         "\\prod_{k=1}^{10^9} k", "\\sum_{k=1}^{10^{12}} \\frac{1}{k}", "\\int_0^{10^9} e^{x^2} dx", "1,000" * 500,
         ",".join(["1"] * 3000), "\\pm" * 30 + "1", "\\pm 1 \\pm 2 \\pm 3 \\pm 4 \\pm 5 \\pm 6", "10^{10^{10}}!", "5" + "!" * 500,
         "\\sin(" * 200 + "1" + ")" * 200, "\\tan(10^{99999})", "\\Gamma(10^{9})"]  # fmt: skip
NESTING = ["(" * 10_000 + "1" + ")" * 10_000, "{" * 10_000 + "1" + "}" * 10_000, "\\frac{" * 2000, "\\frac{1}{" * 500 + "2" + "}" * 500,
           "\\sqrt{" * 1000 + "4" + "}" * 1000, "[" * 5000, "|" * 5001, "\\left(" * 3000, "\\{" * 800 + "\\}" * 800, "_{" * 900,
           "^" * 3000, "\\begin{pmatrix}" * 300, "\\boxed{" * 3000 + "1" + "}" * 3000, "\\text{" * 1000 + "}" * 1000]  # fmt: skip
CODE = ["__import__('os').system('touch /tmp/owned')", "exec('raise SystemExit')", "().__class__.__bases__[0].__subclasses__()",
        "lambda: 1", "open('/etc/passwd').read()", "eval('1+1')", "${jndi:ldap://x}", "$(touch /tmp/owned)", "`id`", "{{7*7}}",
        "Symbol('x').__init__.__globals__", "x.diff(x)", "f'{1+1}'", "1 if True else 2", "[x for x in (1).__class__.__mro__]",
        "<script>alert(1)</script>", "'; DROP TABLE x; --", "\\input{/etc/passwd}", "\\write18{id}", "\\def\\x{\\x}\\x"]  # fmt: skip
BYTES = ["", " ", "\0", "1\0", "\ud800", "1\udfff", "\u202e33", "\ufeff33", "\x1b[31m33", "\n" * 9999, "３３", "𝟛𝟛", "१२", "\\" * 9999, "%" * 999,
         "&" * 999, "$" * 999, "=" * 999, "<" * 999, "\\le" * 900, ":" * 999, ";" * 999, "'" * 999, "é" * 999, "中" * 999, "❶", "1❶", "²", "٣٣", "½", "Ⅻ", "1_❷", "0.\\overline{❸}"]  # fmt: skip
HOSTILE = [*POWERS, *SIZES, *NESTING, *CODE, *BYTES]
GOLDS = {"integer": "33", "expression": "x^2+1", "choice": "C", "numeric": "0.5", "text": "even"}
LIMIT_SECONDS = 1.0


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Import what grading imports on first use, which is not the answer's fault."""
    grade_answer("\\sin x", "\\cos x")


def test_there_are_enough_hostile_answers() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_answer_costs_less_than_a_second_and_is_wrong(number: int) -> None:
    for answer_type, gold in GOLDS.items():
        started = time.perf_counter()
        verdict = grade_answer(HOSTILE[number], gold, answer_type=answer_type)
        seconds = time.perf_counter() - started
        assert seconds < LIMIT_SECONDS, (answer_type, seconds)
        assert verdict.rule != "failure", verdict
        assert not verdict.correct or HOSTILE[number] in ("３３", "𝟛𝟛", "\ufeff33", "\u202e33", "१२")


@pytest.mark.parametrize(
    "gold", ["1", "9^{9^{9}}", "\\{1,2\\}", "(0,1)", "x=1", "3:4", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"]
)
def test_hostile_answers_meet_every_form_of_gold(gold: str) -> None:
    for answer in HOSTILE:
        started = time.perf_counter()
        assert grade_answer(answer, gold).rule != "failure"
        assert time.perf_counter() - started < LIMIT_SECONDS, answer[:60]


@pytest.mark.parametrize("size", [1_000_000])
@pytest.mark.parametrize(
    "piece", ["x", "\\boxed{", "{", "<think>", "the answer is ", "\\boxed{1", "$", "\n", "answer: \n"]
)
def test_a_megabyte_is_read_in_linear_time(piece: str, size: int) -> None:
    started = time.perf_counter()
    grade(piece * (size // len(piece)), "33", policy="lenient")
    assert time.perf_counter() - started < LIMIT_SECONDS


def test_nothing_of_an_answer_reaches_an_evaluating_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    import sympy
    from sympy.parsing import sympy_parser

    def forbidden(*arguments: object, **_: object) -> None:
        assert not arguments or not isinstance(arguments[0], str), f"a text was evaluated: {arguments[0]!r}"

    monkeypatch.setattr(builtins, "eval", forbidden)
    monkeypatch.setattr(builtins, "exec", forbidden)
    monkeypatch.setattr(sympy_parser, "parse_expr", forbidden)
    for name in ("sympify", "S", "N", "parse_expr"):
        monkeypatch.setattr(sympy, name, forbidden)
    for answer in HOSTILE:
        for answer_type, gold in GOLDS.items():
            assert grade_answer(answer, gold, answer_type=answer_type).rule != "failure"


def test_a_fault_of_the_grader_costs_one_verdict_and_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(RULES, "expression", broken)
    verdict = grade_answer("1", "1")
    assert (verdict.outcome, verdict.rule, verdict.correct) == ("unreadable", "failure", False)
    assert "ZeroDivisionError" in verdict.warning


def test_grading_works_in_any_thread() -> None:
    seen: list[bool] = []
    threads = [threading.Thread(target=lambda: seen.append(grade_answer("\\frac12", "0.5").correct)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 8


def test_integers_never_import_sympy_or_mpmath() -> None:
    script = (
        "import sys; from math_grader import grade\n"
        "assert grade('\\\\boxed{\\\\frac{66}{2}}', '33', answer_type='integer').correct\n"
        "print(sorted({'sympy', 'mpmath'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=EVAL, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_every_rule_has_a_hostile_gold_here() -> None:
    assert set(GOLDS) == set(RULES)
