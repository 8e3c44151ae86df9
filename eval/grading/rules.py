"""The comparison rules by answer type; to add one, write a function and a line in RULES."""

from __future__ import annotations

from collections.abc import Callable

from grading.integers import canonical_integer, integer_value
from records import Verdict


def grade_integer(answer: str, golds: tuple[str, ...], extractor: str) -> Verdict:
    """Exact equality of two integers; an answer that is no number, or no integer, is different or unreadable."""
    value = integer_value(answer)
    canonical = canonical_integer(answer)
    if answer.strip() in golds:
        outcome = "same_text"
    elif value is None:
        outcome = "unreadable"
    elif any(value == integer_value(gold) for gold in golds):
        outcome = "same_value"
    else:
        outcome = "different"
    return Verdict(answer=canonical, outcome=outcome, rule="integer", extractor=extractor)


RULES: dict[str, Callable[[str, tuple[str, ...], str], Verdict]] = {
    "integer": grade_integer,
}
