r"""Answer text -> plain LaTeX: one way of writing what can be written in many ways.

    clean("$\\dfrac{1}{2}\\,$.")  ->  "\\frac{1}{2}"

Only what never changes a value is removed here: fonts, spacing, sizes, brackets' sizes, final punctuation.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

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


def clean(text: str) -> str:
    """The text without what never changes a value; commands and Unicode signs in one spelling."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS].translate(str.maketrans(SUPERSCRIPTS | UNICODE)))
    text = text.translate(str.maketrans(UNICODE)).replace("\t", " ")
    if "\\begin" in text:
        if re.search(r"(?<!\\)\\\\begin", text):  # every backslash doubled on its way here
            text = text.replace("\\\\", "\\")
        text = re.sub(r"\\\\\s*(?:\[[^\]]*\])?", ROW_END, text)
    else:
        text = DOUBLED.sub(r"\\", text)
    if "\\boxed" in text or "\\fbox" in text:
        text = _boxes(text)
    text = DOLLARS.sub(r"\1 \\text{dollar}", text)
    text = DELIMITERS.sub(" ", text.replace("\\$", " ").replace("**", "^" if re.search(r"\w\*\*\w", text) else " "))
    text = re.sub(r"\\text\s*\{\s*([,;])\s*\}", r"\1", text).replace("\\langle", "(").replace("\\rangle", ")")
    text = re.sub(r"\\(?:mathbb|mathbf)\s*\{?R\}?(?![a-zA-Z])|\\R(?![a-zA-Z])", r"(-\\infty,\\infty)", text)
    text = re.sub(r"\\(?:emptyset|varnothing)(?![a-zA-Z])", r"\\{\\}", text)
    text = THOUSANDS.sub(_joined, text)
    text = SPACES.sub(" ", DROPPED.sub("", text))
    text = re.sub(r"\\operatorname\*?\s*\{([a-zA-Z]+)\}", r"\\\1 ", text)
    text = PERCENT.sub("%", TEXT.sub(r"\\text", FONT.sub("", UPRIGHT.sub(r"\\text", text))))
    text = RADIANS.sub(r" \\text{radian}", DEGREES.sub(r"^\\circ ", LABEL.sub("", text)))
    text = re.sub(
        r"\\text\s*\{\s*(\d+)\s*\}", r"\1", re.sub(r"\(([0-9A-F]+)\)(?=_)|\\text\s*\{(\w+)\}(?=_)", r"\1\2", text)
    )
    text = re.sub(r"[\[(]\s*(\\begin\{matrix\}[^\x03]*?\\end\{matrix\})\s*[\])]", r"\1", text.replace("{-}", "-"))
    text = re.sub(r"\^\s*\{?\s*\+\s*\}?(?=\s*\})", "", text)  # a limit from above, which people write as the limit
    text = re.sub(
        r"(?<=\d)\s*\^\s*\{?\s*\{?\s*(?:\\text\s*)?\{?(?:st|nd|rd|th)\}*|(?<=\d)(?:st|nd|rd|th)(?![a-z])", "", text
    )
    text = CHOOSE.sub(lambda match: f"\\{'frac' if match[2] == 'over' else 'binom'}{{{match[1]}}}{{{match[3]}}}", text)
    text = re.sub(r"\\([a-zA-Z]+)", _one_spelling, text)
    return _without_trailing(text)


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
