"""Rows of a table -> problems, checked against the card.

A row is what a file or the Hub gives, e.g. {"problem_idx": 4, "problem": "Jen enters …", "answer": 116}; its problem
has a stable id ("2024-I-4"), the question and the gold answer as text ("116").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from errors import UserError
from records import Problem
from settings import Card, SourcePart

ID_COLUMNS = ("id", "ID", "problem_id", "problem_idx", "unique_id")
QUESTION_COLUMNS = ("problem", "question", "Problem", "Question")
GOLD_COLUMNS = ("answer", "gold", "Answer", "expected_answer", "final_answer")

Row = Mapping[str, Any]


def problems_of_part(name: str, card: Card, part: SourcePart, rows: Sequence[Row]) -> list[Problem]:
    """Problems of one part of a source, in the order of its rows.

    Raises:
        UserError: a column that the card names is missing (says which there are), or there are not as many rows as ids.
    """
    if part.ids and len(part.ids) != len(rows):
        raise UserError(f"{name}: expected {len(part.ids)} rows, found {len(rows)}; another revision of the source?")
    problems = []
    for index, row in enumerate(rows):
        try:
            problem_id = part.ids[index] if part.ids else part.id.format_map(row)
            question, gold = row[part.question], row[part.gold]
        except KeyError as error:
            raise UserError(f"{name}: row {index + 1}: no column {error}; found: {', '.join(map(str, row))}") from None
        problems.append(_problem(name, card, problem_id, question, gold))
    return problems


def problems_of_file(name: str, card: Card, rows: Sequence[Row], where: str) -> list[Problem]:
    """Problems of a person's own file, its columns recognised by their usual names."""
    problems = []
    for index, row in enumerate(rows):
        problem_id, question, gold = (
            _first_column(row, columns, f"{where}:{index + 1}")
            for columns in (ID_COLUMNS, QUESTION_COLUMNS, GOLD_COLUMNS)
        )
        problems.append(_problem(name, card, str(problem_id), question, gold))
    return problems


def verify(name: str, card: Card, problems: Sequence[Problem], where: str) -> None:
    """Hold loaded problems against the card: count, unique ids, readable golds, the committed answer key.

    Raises:
        UserError: says what was expected and what was found in `where`.
    """
    if len(problems) != card.problems:
        raise UserError(f"{where}: {name} must have {card.problems} problems, found {len(problems)}; wrong file?")
    seen: set[str] = set()
    for problem in problems:
        if problem.id in seen:
            raise UserError(f"{where}: {name}: the id {problem.id} stands twice; each row needs its own")
        seen.add(problem.id)
        if not problem.question.strip():
            raise UserError(f"{where}: {name} {problem.id}: the question is empty; mend the row")
        if card.answer_type == "integer" and not re.fullmatch(r"\d{1,3}", problem.gold[0]):
            raise UserError(f"{where}: {name} {problem.id}: the gold '{problem.gold[0]}' is no integer from 0 to 999")
    _verify_key(name, card, problems, where)


def _verify_key(name: str, card: Card, problems: Sequence[Problem], where: str) -> None:
    if not card.answers:
        return
    golds = {problem.id: problem.gold[0] for problem in problems}
    unknown = sorted(set(golds) - set(card.answers))
    if unknown:
        raise UserError(f"{where}: {name}: ids not in the answer key: {', '.join(unknown[:5])}; expected e.g. "
                        f"{next(iter(card.answers))}")  # fmt: skip
    for problem_id, answer in card.answers.items():
        if golds[problem_id] != str(answer):
            raise UserError(f"{where}: {name} {problem_id}: expected the answer {answer}, found {golds[problem_id]}; "
                            "this is not the benchmark of the card")  # fmt: skip


def _problem(name: str, card: Card, problem_id: str, question: object, gold: object) -> Problem:
    return Problem(
        benchmark=name,
        id=problem_id,
        question=str(question).strip(),
        gold=(_gold_text(gold),),
        answer_type=card.answer_type,
    )


def _gold_text(gold: object) -> str:
    """A gold as text: 27.0 -> "27", "033" -> "33"."""
    if isinstance(gold, float) and gold.is_integer():
        gold = int(gold)
    text = str(gold).strip()
    return str(int(text)) if re.fullmatch(r"[0-9]+", text) else text


def _first_column(row: Row, columns: Sequence[str], where: str) -> object:
    for column in columns:
        if column in row:
            return row[column]
    raise UserError(f"{where}: no column {' or '.join(columns[:2])}; found: {', '.join(map(str, row))}")
