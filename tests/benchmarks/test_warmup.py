"""The project's own benchmark: every answer confirmed by a computation of its own."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from warmup_answers import ANSWERS

from benchmarks.loading import load
from conftest import EVAL

ROWS = [json.loads(line) for line in (EVAL / "data" / "warmup.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_answer_is_what_a_computation_of_the_statement_gives(row: dict[str, str]) -> None:
    assert str(ANSWERS[row["id"]]()) == row["answer"]


def test_the_file_has_thirty_problems_in_the_aime_form() -> None:
    assert [row["id"] for row in ROWS] == [f"warmup-{number:02d}" for number in range(1, 31)]
    assert all(set(row) == {"id", "problem", "answer", "level"} for row in ROWS)
    assert Counter(row["level"] for row in ROWS) == {"grade-school": 10, "middle": 10, "aime": 10}
    assert all(row["answer"] == str(int(row["answer"])) and 0 <= int(row["answer"]) <= 999 for row in ROWS)
    assert len({row["problem"] for row in ROWS}) == 30
    assert max(Counter(row["answer"] for row in ROWS).values()) <= 3


def test_it_loads_without_network() -> None:
    loaded = load("warmup")
    assert (loaded.source, len(loaded.problems)) == ("this project", 30)
