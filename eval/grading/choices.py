r"""Multiple choice: one or several letters, however they are written, or the option's value.

"\textbf{(C)}\ 12"  ->  letters "C", value "12"
"""

from __future__ import annotations

import re
from typing import NamedTuple

from grading.normalise import clean

WRITTEN = re.compile(r"\\text\s*\{([^{}]*)\}")
PREFIX = re.compile(
    r"^(?:the )?(?:correct )?(?:answer|option|choice|选项?|选择|答案)s?(?: is| are|[为是])?\s*[:：]?\s*", re.IGNORECASE
)
BEHIND_LETTER = re.compile(r"^.*?(?<![A-Za-z])[A-Ja-j](?![A-Za-z])[^\w\\({\[+-]*")
WORD = re.compile(r"^(?:a|i)\s+[a-z]", re.IGNORECASE)


class Choice(NamedTuple):
    """The letters in alphabetical order and what stands behind them."""

    letters: str
    value: str


def read_choice(text: str) -> Choice | None:
    """The choice that a text names, None where it names none."""
    plain = WRITTEN.sub(r" \1 ", clean(text))
    plain = re.sub(r"[(\[]\s*([A-Ja-j])\s*[)\]]", r" (\1) ", re.sub(r"[{}]", " ", plain)).strip()
    plain = PREFIX.sub("", " ".join(plain.split())).strip()
    match = re.match(r"^(\(?[A-Ja-j]\)?(?:\s*(?:,|;|/|&|\+|and|or|和|与)?\s*\(?[A-Ja-j]\)?)*)(?=$|[\s.:,;)])", plain)
    if match is None:
        return None
    letters = re.findall(r"[A-Ja-j]", re.sub(r"and|or", " ", match[1]))
    rest = plain[match.end() :].strip(" .:,;)")
    if rest and (match[1].islower() or (WORD.match(plain) and len(letters) == 1)):
        return None
    if len(set(letters)) != len(letters) or rest[:1] in tuple("=<>+-*/^_|"):
        return None
    value = BEHIND_LETTER.sub("", clean(text), count=1).strip() if rest else ""
    return Choice("".join(sorted(letter.upper() for letter in letters)), value)
