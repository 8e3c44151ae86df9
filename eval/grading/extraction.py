r"""Completion text -> final answer: the last complete box after the thinking, else what the text announces as its answer.

    "so the sum is \boxed{033}."  ->  Extraction(answer="033", extractor="boxed", others=())

Policies: "strict" takes boxes only, "normal" also announcements ("the final answer is …", <answer>…</answer>), "lenient"
also a short last line or a last formula.  Never the last number in a text.

Linear in the text's length, looking from the end, since a completion may have hundreds of kilobytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

THINK_OPEN, THINK_CLOSE = "<think>", "</think>"
BOX_OPENERS = ("\\boxed", "\\fbox")
MAX_ANSWER_CHARACTERS = 10_000
"""A box that is longer holds no final answer; the limit also bounds the search for its closing brace."""

OPENING = re.compile(r"\s*\{")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)  # an escaped brace is text
BOX_OR_BRACE = re.compile(
    r"\\(?P<opener>boxed|fbox)\s*\{|\\(?P<bare_opener>boxed|fbox)\s{1,3}(?P<bare>-?(?:\d[\d,]*(?:\.\d+)?|[A-Za-z]))|\\.|[{}]",
    re.DOTALL,
)
SENTENCE_CHARACTERS, ANNOUNCEMENT_CHARACTERS = 600, 20_000
LEADS_TO_FORMULA = re.compile(r"(?:[,:]|\b(?:is|are|be|equals|therefore|thus|so|hence))\s*$", re.IGNORECASE)
SHORT_LINE, LONGER_LINE = 40, 300
WHOLE_BOX = re.compile(r"\\(?:boxed|fbox)\s*\{((?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)\}")
SENTENCE_END = re.compile(r"\n\s*\n|[.!?。]\s+(?=[A-Z\u4e00-\u9fff])|[。！？]")
ANSWER_TAG = re.compile(r"<answer>(.*?)</answer>", re.DOTALL | re.IGNORECASE)
ANNOUNCEMENT = re.compile(
    r"(?:final|correct|right)\s+(?:answer|result|solution)\s*(?:is|are|:|=|would be|must be)+\s*(?::|is|for sure)?\s*"
    r"|(?<![a-z])(?:the|our|my)\s+(?:answer|result)\s*(?:is|:|=)\s*(?:therefore|thus|simply|clearly|for sure|then)?\s*[,:]?\s*"
    r"|(?:^|\n|\*)[ \t]*(?:\#+[ \t]*)?(?:answer|ans|final answer)\s*\**\s*[:：=]\s*\**"
    r"|(?:最终|最后|正确)?(?:的)?(?:答案|结果)\s*(?:就)?(?:应)?(?:是|为|:|：|=)+\s*[:：]?\s*|故选\s*[:：]?\s*|####\s*",
    re.IGNORECASE,
)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
STATEMENT_END = re.compile(r"\n|[.!?](?=\s|$)|[。！？]")
REASON = re.compile(r"[,，]?\s+(?:because|since|as|where|which|so|it|but)\s|[,，]\s*(?:it|because|since|因为)")
SPECIAL_TOKEN = re.compile(r"<\|[^|<>]{1,40}\|>|I hope it is correct")
BARE_ANSWER = re.compile(r"\s{1,3}(-?(?:\d[\d,]*(?:\.\d+)?|[A-Za-z]))")


class Extraction(NamedTuple):
    """A final answer and the name of the extractor that found it; `others` are the boxes before it in one sentence."""

    answer: str
    extractor: str
    others: tuple[str, ...] = ()


def extract(text: str, *, thinking_opened: bool = False, policy: str = "normal") -> Extraction | None:
    """The final answer of a completion, None where there is none.

    Only what follows `</think>` counts.  Where thinking was opened, by the text or by the prompt (`thinking_opened`),
    and never closed, there is no final answer, whatever the thinking holds.
    """
    start = answer_start(text, thinking_opened=thinking_opened)
    if start is None:
        return None
    for extractor in EXTRACTORS[policy]:
        found = extractor(text, start)
        if found is not None:
            return found
    return None


def last_box(text: str, start: int) -> Extraction | None:
    """The last complete box from `start` on, with the boxes that stand before it in the same sentence."""
    position, opener = text.rfind(BOX_OPENERS[0], start), BOX_OPENERS[0]
    other = text.rfind(BOX_OPENERS[1], max(start, position))
    if other > position:
        position, opener = other, BOX_OPENERS[1]
    if position < 0:
        return None
    content = _box_content(text, position + len(opener))
    found = Extraction(content.strip(), opener[1:]) if content is not None else _last_complete_box(text, start)
    if found is None:
        return None
    before = text[max(start, position - SENTENCE_CHARACTERS) : position]
    sentence = SENTENCE_END.split(before)[-1]
    others = tuple(match[1].strip() for match in WHOLE_BOX.finditer(sentence))
    return found._replace(others=others) if content is not None else found


def announced(text: str, start: int) -> Extraction | None:
    """What stands in the last <answer> tag or behind the last announcement of an answer."""
    tail = text[max(start, len(text) - ANNOUNCEMENT_CHARACTERS) :]
    tags = ANSWER_TAG.findall(tail)
    if tags:
        return Extraction(tags[-1].strip(), "answer_tag") if len(tags[-1]) < MAX_ANSWER_CHARACTERS else None
    matches = list(ANNOUNCEMENT.finditer(tail))
    if not matches:
        return None
    answer = _first_statement(tail[matches[-1].end() :])
    cut_off = any(opener in answer for opener in BOX_OPENERS) or answer.count("{") != answer.count("}")
    return Extraction(answer, "announced") if answer and not cut_off else None


def short_ending(text: str, start: int) -> Extraction | None:
    """A last line that is short, or its last formula; the lenient policy's guess."""
    lines = [
        line.strip()
        for line in SPECIAL_TOKEN.split(text[max(start, len(text) - 4000) :])[0].split("\n")
        if line.strip()
    ]
    if not lines:
        return None
    last = lines[-1]
    formulas = list(FORMULA.finditer(last))
    if (
        formulas
        and (len(last) > SHORT_LINE or LEADS_TO_FORMULA.search(last[: formulas[-1].start()]))
        and (len(lines) > 1 or last.endswith(".") or len(formulas) == 1)
    ):
        return Extraction(next(part for part in reversed(formulas[-1].groups()) if part).strip(), "last_formula")
    short = len(last) <= SHORT_LINE or (len(lines) == 1 and len(last) <= LONGER_LINE and not last.endswith((".", "?")))
    answer = REASON.split(last)[0].strip(" .")
    if short and (re.search(r"[\d$\\]", answer) or len(answer) == 1):
        return Extraction(answer, "last_line")
    return None


EXTRACTORS: dict[str, tuple[Callable[[str, int], Extraction | None], ...]] = {
    "strict": (last_box,),
    "normal": (last_box, announced),
    "lenient": (last_box, announced, short_ending),
}


def _first_statement(text: str) -> str:
    """An announced answer without what is said after it: a formula, else the words up to the end of the sentence."""
    text = SPECIAL_TOKEN.split(text)[0].strip(" *:：\n\t")
    formula = FORMULA.match(text)
    if formula:
        return next(part for part in formula.groups() if part).strip()
    line = REASON.split(STATEMENT_END.split(text, maxsplit=1)[0])[0].strip(" *_`\"'")
    inner = re.search(r"(?:^|\s)(?:is|are|equals)\s+(?:equal to\s+)?(.+)$", line)
    answer = inner[1] if inner else line
    formula = FORMULA.fullmatch(answer.strip())
    answer = next(part for part in formula.groups() if part) if formula else answer
    return answer.strip().rstrip(".,;。，") if len(answer) <= LONGER_LINE else ""


def answer_start(text: str, *, thinking_opened: bool = False) -> int | None:
    """Where the part that counts begins: behind the last `</think>`; None inside thinking that never ended."""
    if "think>" not in text:  # one pass over a long text instead of two
        return None if thinking_opened else 0
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
