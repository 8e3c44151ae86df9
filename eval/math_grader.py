r"""The grader's front door: completion text and gold answer in, verdict out.

    from math_grader import extract_answer, grade, grade_answer      # with eval/ on the path
    grade("so it is \\boxed{033}.", "33", answer_type="integer")  ->  Verdict(answer="33", outcome="same_value", …)

Nothing from a model ever reaches `eval` or a parser built on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from errors import UserError
from grading.extraction import extract
from grading.rules import RULES
from records import Verdict

__all__ = ["Verdict", "extract_answer", "grade", "grade_answer"]


def extract_answer(text: str, *, thinking_opened: bool = False) -> str | None:
    """The final answer of a completion, None where there is none; `thinking_opened`: the prompt ended in `<think>`."""
    found = extract(text, thinking_opened=thinking_opened)
    return None if found is None else found.answer


def grade(
    text: str, gold: str | Sequence[str], *, answer_type: str = "integer", thinking_opened: bool = False
) -> Verdict:
    """Grade a whole completion; several golds mean that any of them is accepted.

    Raises:
        UserError: the answer type is unknown.
    """
    found = extract(text, thinking_opened=thinking_opened)
    if found is None:
        return Verdict(answer=None, outcome="no_answer", rule="none")
    return grade_answer(found.answer, gold, answer_type=answer_type, extractor=found.extractor)


def grade_answer(
    answer: str, gold: str | Sequence[str], *, answer_type: str = "integer", extractor: str = "given"
) -> Verdict:
    """Grade an answer that is already extracted.

    Raises:
        UserError: the answer type is unknown.
    """
    if answer_type not in RULES:
        raise UserError(f"answer_type: unknown type '{answer_type}'; known: {', '.join(sorted(RULES))}")
    return RULES[answer_type](answer, (gold,) if isinstance(gold, str) else tuple(gold), extractor)
