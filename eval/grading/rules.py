"""The comparison rules by answer type; to add one, write a function and a line in RULES."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from grading.choices import Choice, read_choice
from grading.exactness import exact
from grading.forms import Form, read
from grading.integers import canonical_integer, integer_value
from grading.matching import same
from grading.normalise import MAX_CHARACTERS, clean
from grading.numeric import DEFAULT_RELATIVE, within
from grading.wording import plain_words
from records import Verdict

PLAIN_DIGITS = 9
OPTION = re.compile(r"(?:\\text\s*\{)?\s*(?:\(\s*[A-H]\s*\)|[A-H]\s*[.):])")
"""A letter that can only be an option's: in brackets, or with a period, bracket or colon behind it."""

SHOWN_CHARACTERS = 200
"""Of an answer's canonical text; votes over longer ones are grouped by their beginning."""


class Tolerance(NamedTuple):
    """What the numeric type accepts: a share of the gold, or an absolute difference, whichever is more."""

    relative: float = DEFAULT_RELATIVE
    absolute: float = 0.0


def grade_integer(answer: str, gold: str, _tolerance: Tolerance) -> Verdict:
    """Exact equality of two integers; an answer that is no number, or no integer, is different or unreadable."""
    if answer.isascii() and answer.isdigit() and len(answer) <= PLAIN_DIGITS:  # nearly every answer of an AIME run
        same_value = int(answer) == integer_value(gold)
        outcome = "same_text" if answer == gold else "same_value" if same_value else "different"
        return Verdict(answer=str(int(answer)), outcome=outcome, rule="integer")
    value = integer_value(answer)
    canonical = canonical_integer(answer)
    if answer.strip() == gold:
        return Verdict(answer=canonical, outcome="same_text", rule="integer")
    if value is None:
        return Verdict(answer=canonical, outcome="unreadable", rule="integer")
    return Verdict(
        answer=canonical, outcome="same_value" if value == integer_value(gold) else "different", rule="integer"
    )


def grade_expression(answer: str, gold: str, tolerance: Tolerance) -> Verdict:
    """Mathematical equality of whatever forms gold and answer have."""
    if answer.strip() == gold.strip():
        return Verdict(answer=canonical(read(answer)), outcome="same_text", rule="text")
    if len(answer) > MAX_CHARACTERS:
        return Verdict(answer=answer[:SHOWN_CHARACTERS], outcome="unreadable", rule="length")
    choices = (read_choice(gold), read_choice(answer))
    if all(choices) and any(choice is not None and _bare_letter(choice) for choice in choices):
        return grade_choice(answer, gold, tolerance)
    wanted, given = read(gold), read(answer)
    rule = same(wanted, given)
    if rule == "text":
        return Verdict(answer=canonical(given), outcome="same_text", rule="text")
    if rule is not None:
        warning = "equal only as a rounded decimal" if rule == "rounded" else ""
        return Verdict(answer=canonical(given), outcome="same_value", rule=rule, warning=warning)
    for choice, other, written in ((choices[1], gold, answer), (choices[0], answer, gold)):
        if (
            choice is not None
            and choice.value
            and OPTION.match(clean(written))
            and same(read(choice.value), read(other))
        ):
            return Verdict(answer=canonical(read(choice.value)), outcome="same_value", rule="option_value")
    outcome = "unreadable" if given.kind == "words" and wanted.kind != "words" else "different"
    return Verdict(answer=canonical(given), outcome=outcome, rule=wanted.kind)


def _bare_letter(choice: Choice) -> bool:
    """Whether a choice is one letter and nothing else; I is rather a number, a matrix or a current."""
    return len(choice.letters) == 1 and not choice.value and choice.letters != "I"


def grade_choice(answer: str, gold: str, tolerance: Tolerance) -> Verdict:
    """The same letters; where the gold has a value too, the value alone suffices, but not with a wrong letter."""
    wanted, given = read_choice(gold), read_choice(answer)
    if wanted is not None and given is not None:
        outcome = "same_value" if wanted.letters == given.letters else "different"
        return Verdict(
            answer=given.letters, outcome="same_text" if answer.strip() == gold.strip() else outcome, rule="choice"
        )
    if wanted is not None and wanted.value:
        return grade_expression(answer, wanted.value, tolerance)
    if wanted is None:
        return grade_expression(given.value if given is not None and given.value else answer, gold, tolerance)
    return Verdict(answer=plain_words(clean(answer))[:SHOWN_CHARACTERS], outcome="unreadable", rule="choice")


def grade_numeric(answer: str, gold: str, tolerance: Tolerance) -> Verdict:
    """Numbers within the tolerance; where one side is no number, equality as an expression."""
    close = within(gold, answer, *tolerance)
    if close is None:
        return grade_expression(answer, gold, tolerance)
    return Verdict(answer=canonical(read(answer)), outcome="same_value" if close else "different", rule="numeric")


def grade_text(answer: str, gold: str, _tolerance: Tolerance) -> Verdict:
    """Equality of plain words; anything else is for a judge, and not right until one has spoken."""
    wanted, given = plain_words(clean(gold)), plain_words(clean(answer))
    outcome = "same_text" if wanted.replace(" ", "") == given.replace(" ", "") else "unreadable"
    return Verdict(answer=given[:SHOWN_CHARACTERS], outcome=outcome, rule="text")


RULES: dict[str, Callable[[str, str, Tolerance], Verdict]] = {
    "integer": grade_integer,
    "expression": grade_expression,
    "choice": grade_choice,
    "numeric": grade_numeric,
    "text": grade_text,
}


def canonical(form: Form) -> str:
    r"""The text by which votes are grouped: 0.5, \frac12 and 1/2 are all "1/2"."""
    while form.kind == "relation" and set(form.operators) == {"="}:
        form = form.parts[-1]
    if form.parts and form.kind != "relation":
        inside = [canonical(part) for part in form.parts]
        if form.kind in ("list", "set"):
            inside.sort()
        left, right = (form.brackets[0], form.brackets[1]) if form.kind == "tuple" else ("{", "}")
        return f"{left}{','.join(inside)}{right}"[:SHOWN_CHARACTERS]
    value: Fraction | None = exact(form.tree) if form.tree is not None else None
    if value is not None and value.numerator.bit_length() < SHOWN_CHARACTERS:
        return str(value)
    return "".join(form.text.split())[:SHOWN_CHARACTERS]
