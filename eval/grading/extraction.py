r"""Completion text -> final answer: the last complete box after the thinking.

    "so the sum is \\boxed{033}."  ->  Extraction(answer="033", extractor="boxed")

Linear in the text's length, looking from the end, since a completion may have hundreds of kilobytes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

THINK_OPEN, THINK_CLOSE = "<think>", "</think>"
BOX_OPENERS = ("\\boxed", "\\fbox")
MAX_ANSWER_CHARACTERS = 10_000
"""A box that is longer holds no final answer; the limit also bounds the search for its closing brace."""

OPENING = re.compile(r"\s*\{")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)  # an escaped brace is text
BOX_OR_BRACE = re.compile(
    r"\\(?P<opener>boxed|fbox)\s*\{|\\(?P<bare_opener>boxed|fbox)\s{1,3}(?P<bare>-?[0-9A-Za-z])|\\.|[{}]", re.DOTALL
)
BARE_ANSWER = re.compile(r"\s{1,3}(-?[0-9A-Za-z])")


class Extraction(NamedTuple):
    """A final answer and the name of the extractor that found it."""

    answer: str
    extractor: str


def extract(text: str, *, thinking_opened: bool = False) -> Extraction | None:
    """The last complete box of a completion, None where there is none.

    Only what follows `</think>` counts.  Where thinking was opened, by the text or by the prompt (`thinking_opened`),
    and never closed, there is no final answer, whatever the thinking holds.
    """
    start = answer_start(text, thinking_opened=thinking_opened)
    if start is None:
        return None
    position, opener = max((text.rfind(opener, start), opener) for opener in BOX_OPENERS)
    if position < 0:
        return None
    content = _box_content(text, position + len(opener))
    if content is not None:
        return Extraction(content.strip(), opener[1:])
    return _last_complete_box(text, start)


def answer_start(text: str, *, thinking_opened: bool = False) -> int | None:
    """Where the part that counts begins: behind the last `</think>`; None inside thinking that never ended."""
    closed = text.rfind(THINK_CLOSE)
    if closed >= 0:
        return closed + len(THINK_CLOSE)
    return None if thinking_opened or THINK_OPEN in text else 0


def _box_content(text: str, position: int) -> str | None:
    r"""What a box opened before `position` holds; None for one that is cut off and for a word like \boxedx."""
    match = OPENING.match(text, position)
    if match is None:
        bare = BARE_ANSWER.match(text, position)
        return bare.group(1) if bare else None
    depth, start = 1, match.end()
    for token in BRACE.finditer(text, start, start + MAX_ANSWER_CHARACTERS):
        if token.group() == "{":
            depth += 1
        elif token.group() == "}":
            depth -= 1
            if depth == 0:
                return text[start : token.start()]
    return None


def _last_complete_box(text: str, start: int) -> Extraction | None:
    """The complete box that opens last, in one pass: needed where the box at the end is cut off."""
    opened: list[tuple[int, str]] = []
    best: tuple[int, Extraction] | None = None
    for token in BOX_OR_BRACE.finditer(text, start):
        word = token.group()
        if word == "}":
            begin, opener = opened.pop() if opened else (0, "")
            if opener and token.start() - begin <= MAX_ANSWER_CHARACTERS and (best is None or begin > best[0]):
                best = (begin, Extraction(text[begin : token.start()].strip(), opener))
        elif word.endswith("{") and word != "\\{":
            opened.append((token.end(), token["opener"] or ""))
        elif token["bare"]:
            best = (token.start(), Extraction(token["bare"], token["bare_opener"]))
    return None if best is None else best[1]
