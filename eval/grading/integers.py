r"""The rule for integer answers (AIME: 0 to 999): exact, and indifferent to how the integer is written.

33 is also `033`, `33.`, `33.0`, `\text{033}`, `m+n=33`, `\frac{66}{2}`, `33^\circ`, `$33$`, `33 \pmod{1000}`; it is not
`33.5`, `\ge 33`, `33 or 34`, `3 3`, `33x`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from fractions import Fraction

from grading.exactness import exact
from grading.normalise import clean
from grading.parser import parse
from grading.units import NUMBER_WORDS

MAX_CHARACTERS = 400
"""An answer that is one number is short; a longer one is text."""

WRAPPER = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|mathbb|bf|boldsymbol|bm|mbox|boxed|fbox|ensuremath)"
    r"\s*\{([^{}]*)\}"
)
SPACING = re.compile(
    r"\\(?:displaystyle|textstyle|left|right|quad|qquad|bf|rm|tiny|small|large|Large|LARGE|huge|Huge)(?![a-zA-Z])"
    r"|\\[;:! ]|~|\\\s|\$|\\[()\[\]]|&|\*\*"
)
THIN_SPACE = re.compile(r"(?<!\d)\\,|\\,(?!\d{3}(?!\d))")
MODULUS = re.compile(r"\(?\s*\\?(?:pmod|bmod|mod)\s*(?:\{\s*\d+\s*\}|\d+)\s*\)?\s*$")
NEUTRAL = re.compile(r"\^\s*(?:\{\s*\\circ\s*\}|\\circ)|°|\\degree|\\%|%|_(?:\{\s*10\s*\}|10)(?!\d)|(?<=\d)个$")
CURRENCY = re.compile(r"^(?:\\\$|[€£¥])\s*")
ANSWER_LABEL = re.compile(r"^(?:the )?(?:final )?answer(?: is)?\s*:?\s*|^(?:最终)?答案[为是:]?\s*", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z\\(|][A-Za-z0-9\\_{}()'|+\-*/,. ]*")
UNIT = re.compile(
    r"(?<=[\d)}.!])\s+(?!or\b|and\b|to\b|mod\b|times\b|over\b)[A-Za-z]{2,}(?:\s+[a-z]+){0,2}(?:\s*\^?\s*\{?[23]\}?)?$"
)
TRAILING = re.compile(r"[\s.,;:。，；]+$")


@functools.lru_cache(maxsize=4096)
def integer_value(answer: str) -> Fraction | None:
    """The exact value of an answer that is one number however written; None for anything else."""
    if len(answer) > MAX_CHARACTERS:
        return None
    text = _plain(answer)
    *labels, last = re.split(r"(?<![<>!])=(?!=)|\\equiv(?![a-zA-Z])", text)
    value = exact_value(last)
    if value is None or any(not _agrees(label.strip(), value) for label in labels):
        return None
    return value


def exact_value(text: str) -> Fraction | None:
    """The exact value of plain arithmetic, None for anything else."""
    try:
        return exact(parse(clean(text)))
    except (ValueError, RecursionError):
        return None


def canonical_integer(answer: str) -> str:
    """The text by which votes are grouped: the value where there is one, else the answer without blanks."""
    value = integer_value(answer)
    if value is not None:
        return str(value)
    return "".join(unicodedata.normalize("NFKC", answer[:MAX_CHARACTERS]).split())


def _plain(answer: str) -> str:
    """The answer without what does not change its value: fonts, spacing, units, modulus, final period."""
    text = CURRENCY.sub("", unicodedata.normalize("NFKC", answer).strip())
    text = ANSWER_LABEL.sub("", SPACING.sub(" ", THIN_SPACE.sub(" ", text)).strip())
    before = None
    while before != text:
        before = text
        text = WRAPPER.sub(r" \1 ", text).strip()
    text = TRAILING.sub("", text)
    text = NEUTRAL.sub("", MODULUS.sub("", text)).strip()
    unit = UNIT.search(text)
    if unit is not None and not set(unit.group().lower().split()) & NUMBER_WORDS:
        text = text[: unit.start()]
    return text.strip()


def _agrees(label: str, value: Fraction) -> bool:
    """Whether the left side of an equation is a name such as `m+n`, or has the same value."""
    computed = exact_value(label)
    if computed is not None:
        return computed == value
    return NAME.fullmatch(label) is not None or label == ""
