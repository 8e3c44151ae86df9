"""The grader's command: one answer, or a file of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import one_line, run_python


def test_one_answer_is_graded_and_each_step_shown() -> None:
    result = run_python("math_grader.py", "--gold", "\\frac{1}{2}", "So we get \\boxed{0.5}")
    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "right: same_value, rule value",
        "  extracted  '0.5' by boxed",
        "  read as    value, canonical '1/2'",
        "  gold       '\\\\frac{1}{2}', read as value",
    ]


def test_a_wrong_answer_has_exit_code_1_and_says_where_to_look() -> None:
    result = run_python("math_grader.py", "--gold", "1/3", "\\boxed{0.333}")
    assert result.returncode == 1
    assert "look       numerically close but not equal" in result.stdout


def test_a_file_of_answers_gives_a_file_of_verdicts(tmp_path: Path) -> None:
    rows = [
        {"answer": "0.5", "gold": "1/2"},
        {"text": "so \\boxed{3}", "gold": ["2", "3"]},
        {"text": "no idea", "gold": "3"},
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = run_python("math_grader.py", "--jsonl", path)
    outcomes = [json.loads(line)["outcome"] for line in result.stdout.splitlines()]
    assert outcomes == ["same_value", "same_text", "no_answer"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"gold": "1"}\n', "answers.jsonl:1: not a JSON object with gold and text"),
        ("[1]\n", "answers.jsonl:1: "),
        ("x", "answers.jsonl:1: "),
    ],
)
def test_a_bad_row_is_one_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(content)
    assert message in one_line(run_python("math_grader.py", "--jsonl", path))


def test_nothing_to_grade_is_one_line(tmp_path: Path) -> None:
    assert "give --gold GOLD 'TEXT', or --jsonl FILE" in one_line(run_python("math_grader.py"))
    assert "cannot be read" in one_line(run_python("math_grader.py", "--jsonl", tmp_path / "nope"))
