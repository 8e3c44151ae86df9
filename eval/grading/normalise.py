r"""Answer text -> plain LaTeX: one way of writing what can be written in many ways.

    clean("$\dfrac{1}{2}\,$.")  ->  "\frac{1}{2}"

Only what never changes a value is removed here: fonts, spacing, sizes, brackets' sizes, final punctuation.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable

MAX_CHARACTERS = 4000
"""An answer is at most this long; a longer one is compared as text only."""

UNICODE: dict[str, str | int | None] = {
    "−": "-", "–": "-", "—": "-", "×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ", "÷": r"\div ", "±": r"\pm ",
    "∓": r"\mp ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "∞": r"\infty ", "π": r"\pi ", "√": r"\sqrt ",
    "°": r"^\circ ", "∈": r"\in ", "∪": r"\cup ", "∩": r"\cap ", "∅": r"\emptyset ", "⌊": r"\lfloor ",
    "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "∠": r"\angle ", "θ": r"\theta ", "α": r"\alpha ",
    "β": r"\beta ", "γ": r"\gamma ", "λ": r"\lambda ", "ω": r"\omega ", "μ": r"\mu ", "⇒": r"\to ", "→": r"\to ",
    "，": ",", "、": ",", "；": ";", "：": ":", "。": ".", "（": "(", "）": ")", "【": "[", "】": "]", "′": "'",
    "\u00a0": " ", "\u200b": "", "\u2061": "", "\u2062": "", "\u2009": " ",
}  # fmt: skip
SUPERSCRIPTS: dict[str, str | int | None] = {
    "²": "^{2}",
    "³": "^{3}",
    "¹": "^{1}",
    "⁴": "^{4}",
    "⁵": "^{5}",
    "⁻": "^{-}",
}
SAME_COMMANDS = {
    "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom", "leq": "le", "geq": "ge",
    "leqslant": "le", "geqslant": "ge", "lt": "<", "gt": ">", "neq": "ne", "rightarrow": "to", "Rightarrow": "to",
    "longrightarrow": "to", "Longrightarrow": "to", "implies": "to", "varnothing": "emptyset", "degree": "^\\circ",
    "lbrace": "\\{", "rbrace": "\\}", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "land": "\\wedge",
    "arcsinh": "asinh", "ast": "*", "colon": ":", "lbrack": "[", "rbrack": "]", "dots": "ldots", "cdots": "ldots",
    "infin": "infty", "pct": "%", "percent": "%", "tg": "tan", "ctg": "cot", "arctg": "arctan", "varphi": "phi",
    "dotsc": "ldots", "mathring": "", "epsilon": "varepsilon",
}  # fmt: skip
FONT = re.compile(
    r"\\(?:mathrm|mathbf|mathit|mathsf|mathtt|mathbb|mathcal|boldsymbol|bm|mathnormal|ensuremath|displaystyle|underline"
    r"|boxed|fbox|mathord|mathop|hbox|emph)\s*(?=\{)"
)
TEXT = re.compile(r"\\(?:textbf|textit|textrm|textsf|textnormal|mbox|hbox|textup|texttt)\s*(?=\{)")
UPRIGHT = re.compile(
    r"\\(?:mathrm|rm|mathsf)\s*(?=\{\s*(?:[A-Za-z]{2,}|(?<=\d)[^\s{}eid])[^{}]*\})|(?<=[\d\s}~,])\\mathrm\s*(?=\{\s*(?:[A-Zagmshl]|[A-Za-z]{2}))"
)
DOLLARS = re.compile(r"^\s*\$?\s*(?:\\\$|US\\?\$)\s*(?=[\d.\\-])(.*?)\$?\s*$")
LABEL = re.compile(
    r"^\s*(?:\\text\s*\{)?\s*(?:(?:the )?(?:final )?answer(?: is)?\s*[:=]?|(?:最终)?答案[为是]?\s*[:=]?|答[:：]|解[:：])\s*\}?\s*(?=\S)",
    re.IGNORECASE,
)
DEGREES = re.compile(r"(?<=[\d)}\s])\s*(?:\\text\s*\{\s*degrees?\s*\}|degrees?|deg|度)(?![a-zA-Z])")
RADIANS = re.compile(r"(?<=[\d)}\s])\s*(?:\\text\s*\{\s*rad(?:ian)?s?\s*\}|rad(?:ian)?s?|弧度)\s*$")
PERCENT = re.compile(
    r"\\text\s*\{\s*(?:percent(?:age)?|pct|%|\\%)\s*\}|(?<=[\d\s}])(?:percentage|percent|pct)(?![a-z])|\\%"
)
CHOOSE = re.compile(r"\{\s*([^{}]+?)\s*\\(over|choose)\s*([^{}]+?)\s*\}")
MAX_BOXES = 20
REMEMBERED = 2048
COMMAND = re.compile(r"\\([a-zA-Z]+)")
ROW_END = "\x02"
"""Stands for the end of a matrix row, which in LaTeX is two backslashes."""
DROPPED = re.compile(
    r"\\(?:left|right|middle|bigl|bigr|Bigl|Bigr|biggl|biggr|big|Big|bigg|Bigg|displaystyle|textstyle|scriptstyle|limits"
    r"|nolimits|rm|bf|it|tiny|small|large|Large|LARGE|huge|Huge|normalsize|hfill|strut|phantom\{[^{}]*\})(?![a-zA-Z])\.?"
)
SPACES = re.compile(
    r"\\[,;:!> ]|\\(?:quad|qquad|enspace|thinspace|medspace|thickspace|space)(?![a-zA-Z])|~|\\(?=\s|$)|\s+"
)
THOUSANDS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})((?:(?:,|\{,\}|\\,|,\\!|,\s?\\!\s?)\d{3})+)(?!\d)")
DELIMITERS = re.compile(r"(?<!\\)\$|\\[()\[\]](?![a-zA-Z])")
DOUBLED = re.compile(r"\\\\(?=[a-zA-Z]{2,}|[{}()\[\]])")
TRAILING = re.compile(r"(?:[\s.,;:!?]|\\\\)+$")


@functools.lru_cache(maxsize=REMEMBERED)
def clean(text: str) -> str:
    """The text without what never changes a value; commands and Unicode signs in one spelling."""
    text = text[:MAX_CHARACTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(BEFORE_NFKC)).translate(AFTER_NFKC)
    if "\\" in text:
        text = _rows_and_boxes(text)
    for sign, pattern, replacement in REWRITES:
        if sign in text:
            text = pattern.sub(replacement, text)
    text = SPACES.sub(" ", text)
    if text.isascii() and text.isdigit():
        return text
    for pattern, replacement in WORD_REWRITES:
        text = pattern.sub(replacement, text)
    if "\\" in text:
        text = CHOOSE.sub(_fraction_or_binomial, text)
        text = COMMAND.sub(_one_spelling, text)
    return _without_trailing(text)


def _rows_and_boxes(text: str) -> str:
    """Doubled backslashes undone, ends of matrix rows marked, boxes opened."""
    if "\\begin" in text:
        if re.search(r"(?<!\\)\\\\begin", text):  # every backslash doubled on its way here
            text = text.replace("\\\\", "\\")
        text = re.sub(r"\\\\\s*(?:\[[^\]]*\])?", ROW_END, text)
    else:
        text = DOUBLED.sub(r"\\", text)
    return _boxes(text) if "\\boxed" in text or "\\fbox" in text else text


def _fraction_or_binomial(match: re.Match[str]) -> str:
    return f"\\{'frac' if match[2] == 'over' else 'binom'}{{{match[1]}}}{{{match[3]}}}"


def _boxes(text: str) -> str:
    """What stands in the boxes of a gold that comes with them; several are a list."""
    contents = []
    for match in itertools.islice(re.finditer(r"\\(?:boxed|fbox)\s*\{", text), MAX_BOXES):
        end = matching(text, match.end() - 1)
        contents.append(text[match.end() : end if end > 0 else len(text)])
    return ", ".join(contents) or text


def _joined(match: re.Match[str]) -> str:
    """A number without its thousands marks; within brackets the comma separates."""
    before = match.string[: match.start()]
    if any(before.count(opening) > before.count(closing) for opening, closing in ("()", "[]")) or re.search(
        r"(?:^|[^a-zA-Z}^_])\{$", before
    ):
        return match[0]
    return match[1] + re.sub(r"\D", "", match[2])


def _one_spelling(match: re.Match[str]) -> str:
    same = SAME_COMMANDS.get(match[1])
    if same is None:
        return match[0]
    return f"\\{same}" if same.isalpha() else same


def _without_trailing(text: str) -> str:
    """Without final punctuation, and without one pair of braces around everything."""
    before = None
    while before != text:
        before = text
        stripped = text.strip()
        if not stripped.endswith("!") or stripped.endswith(" !"):
            stripped = TRAILING.sub("", stripped) if not re.search(r"[\w)}\]]!+$", stripped) else stripped
        if stripped.startswith("{") and matching(stripped, 0) == len(stripped) - 1 and not _is_set(stripped[1:-1]):
            stripped = stripped[1:-1]
        text = stripped
    return text


def _is_set(inside: str) -> bool:
    """Whether braces without backslash hold a set ({1,2}) rather than a group."""
    return len(split_top(inside, ",;")) > 1 or "|" in inside


def matching(text: str, start: int) -> int:
    """The position of the bracket that closes the one at `start`; -1 where none does."""
    depth = 0
    for index in range(start, len(text)):
        if text[index] in "([{":
            depth += 1
        elif text[index] in ")]}":
            depth -= 1
            if depth == 0:
                return index
    return -1


def split_top(text: str, separators: str) -> list[str]:
    """The parts of a text between separators that stand in no bracket."""
    if not any(separator in text for separator in separators):
        return [text.strip()]
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif depth <= 0 and character in separators:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts]


BEFORE_NFKC, AFTER_NFKC = str.maketrans(SUPERSCRIPTS | UNICODE), str.maketrans(UNICODE)
REWRITES: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("$", DOLLARS, r"\1 \\text{dollar}"),
    ("$", re.compile(r"\\\$"), " "),
    ("**", re.compile(r"(?<=\w)\*\*(?=\w)"), "^"),
    ("**", re.compile(r"\*\*"), " "),
    ("$", DELIMITERS, " "),
    ("\\", DELIMITERS, " "),
    ("\\text", re.compile(r"\\text\s*\{\s*([,;])\s*\}"), r"\1"),
    ("\\langle", re.compile(r"\\langle"), "("),
    ("\\rangle", re.compile(r"\\rangle"), ")"),
    ("R", re.compile(r"\\(?:mathbb|mathbf)\s*\{?R\}?(?![a-zA-Z])|\\R(?![a-zA-Z])"), r"(-\\infty,\\infty)"),
    ("\\", re.compile(r"\\(?:emptyset|varnothing)(?![a-zA-Z])"), r"\\{\\}"),
    (",", THOUSANDS, _joined),
    ("\\", DROPPED, ""),
    ("\\", SPACES, " "),
    ("\\operatorname", re.compile(r"\\operatorname\*?\s*\{([a-zA-Z]+)\}"), r"\\\1 "),
    ("\\", UPRIGHT, r"\\text"),
    ("\\", FONT, ""),
    ("\\", TEXT, r"\\text"),
)
"""What is written otherwise, in this order, and a sign without which there is nothing to do."""

WORD_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = (
    (PERCENT, "%"),
    (LABEL, ""),
    (DEGREES, r"^\\circ "),
    (RADIANS, r" \\text{radian}"),
    (re.compile(r"\(([0-9A-F]+)\)(?=_)|\\text\s*\{(\w+)\}(?=_)"), r"\1\2"),
    (re.compile(r"\\text\s*\{\s*(\d+)\s*\}"), r"\1"),
    (re.compile(r"\{-\}"), "-"),
    (re.compile(r"[\[(]\s*(\\begin\{matrix\}[^\x03]*?\\end\{matrix\})\s*[\])]"), r"\1"),
    (re.compile(r"\^\s*\{?\s*\+\s*\}?(?=\s*\})"), ""),  # a limit from above, which people write as the limit
    (re.compile(r"(?<=\d)(?:\s*\^\s*\{?\s*\{?\s*(?:\\text\s*)?\{?(?:st|nd|rd|th)\}*|(?:st|nd|rd|th)(?![a-z]))"), ""),
)
