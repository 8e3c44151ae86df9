"""Answers in words: "no solution", "Tuesday", yes and no, in English and Chinese."""

from __future__ import annotations

import re

SYNONYMS = {
    "no solutions": "no solution", "there is no solution": "no solution", "no real solution": "no solution",
    "none": "no solution", "does not exist": "no solution", "dne": "no solution", "no such": "no solution",
    "there are no solutions": "no solution", "无解": "no solution", "不存在": "no solution", "no real solutions": "no solution",
    "true": "true", "correct": "true", "正确": "true", "对": "true", "false": "false", "incorrect": "false",
    "错误": "false", "错": "false", "是": "yes", "否": "no", "不是": "no", "充分必要条件": "充要条件", "充分且必要条件": "充要条件",
    "undefined": "undefined", "infinitely many solutions": "infinitely many", "infinite": "infinitely many",
    "无穷多": "infinitely many", "monday": "monday", "充分而不必要条件": "充分不必要条件", "必要而不充分条件": "必要不充分条件",
}  # fmt: skip
LEADING = re.compile(r"^(?:the|a|an|it is|there is|there are|answer is|the answer is)\s+")
WORD = re.compile(r"[a-z]{2,}|[\u4e00-\u9fff]")
MATH_WORDS = {"sin", "cos", "tan", "log", "ln", "sqrt", "pi", "and", "or", "infty", "exp", "arcsin", "arccos", "arctan", "np",
              "cot", "sec", "csc", "mod", "abs", "floor", "ceil", "lg", "max", "min", "gcd", "lcm", "oo", "inf"}  # fmt: skip


def plain_words(text: str) -> str:
    """Lower case, no punctuation, one spelling of what means the same."""
    text = re.sub(r"\\(?:text|mathrm|textbf)\s*", "", text)
    words = " ".join(re.sub(r"[{}$.,;:!?\"'“”‘’]", " ", text).lower().split())
    words = LEADING.sub("", words)
    return SYNONYMS.get(words, words)


def is_wording(text: str) -> bool:
    """Whether an answer is words: no digit, no operator, and at least one word that is no mathematics."""
    bare = re.sub(r"\\text\s*", "", text)
    if re.search(r"[\d=<>^+*/\\|_&]", bare):
        return False
    words = set(WORD.findall(bare.lower())) - MATH_WORDS
    return bool(words) and (
        any(len(word) > 2 for word in words)
        or bool(re.search(r"[\u4e00-\u9fff]", bare))
        or plain_words(text) in ("no", "yes", "是", "否")
    )
