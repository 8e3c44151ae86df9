r"""Text of a scalar expression -> tokens, and the words that the grammar knows.

tokens("2\sin x")  ->  ["2", "\sin", "x"]
"""

from __future__ import annotations

import re
from typing import Any

Tree = tuple[Any, ...]
"""("num", Fraction), ("var", name), ("const", "pi" | "e" | "i" | "inf" | "degree"), or (operation, tree, …)."""

MAX_DEPTH = 60  # brackets in brackets; keeps the recursion far from Python's limit
MAX_TOKENS = 800
DIGITS = frozenset("0123456789")
"""What may stand in a number; Unicode has hundreds of other digits, which are text here."""

MAX_DIGITS = 4000  # of one number; Python itself refuses longer ones

FUNCTIONS = {
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "asin", "acos", "atan",
    "asinh", "acosh", "atanh", "ln", "log", "lg", "exp", "sqrt", "abs", "floor", "ceil", "gcd", "lcm", "max", "min", "arg",
    "arccot", "sgn", "Re", "Im", "det", "sinc", "cbrt",
}  # fmt: skip
WORDS = sorted(FUNCTIONS | {"pi", "infty", "inf", "oo"}, key=len, reverse=True)
RENAMED = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Phi",
    "Psi",
    "Omega",
    "ell",
    "hbar",
    "vartheta",
    "varrho",
    "nabla",
    "partial",
    "prime",
]
OPAQUE = {"int", "iint", "oint", "sum", "prod", "lim"}
ACCENTS = {"overline", "bar", "hat", "vec", "tilde", "dot", "ddot", "widehat", "overrightarrow", "overleftarrow"}

TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?P<exponent>[eE][+-]?[0-9]+(?![0-9.]*[a-zA-Z(\\]))?"
    r"|\\(?P<command>[a-zA-Z]+)|(?P<escaped>\\[{}|%&#_$])|(?P<word>np\.[a-z]+|[a-zA-Z])(?P<primes>'*)|(?P<sign>.)",
    re.DOTALL,
)


class ParseError(ValueError):
    """The text is no scalar expression that the grammar knows, or beyond the limits."""


BRACKETS = {"(": ")", "[": "]", "{": "}", "\\{": "\\}"}
CONSTANTS = {"pi": "pi", "infty": "inf", "exponentialE": "e", "imaginaryI": "i"}
FENCES = {"lfloor": ("floor", "\\rfloor"), "lceil": ("ceil", "\\rceil"), "langle": ("angle", "\\rangle")}
NOT_FACTORS = {
    "\\cdot", "\\times", "\\div", "\\pm", "\\mp", "\\}", "\\%", "\\rfloor", "\\rceil", "\\rangle", "\\circ", "\\le", "\\ge",
    "\\ne", "\\in", "\\cup", "\\cap", "\\equiv", "\\approx", "\\to", "\\&", "\\|", "\\end", "\\setminus", "\\sim",
}  # fmt: skip


def tokens(text: str) -> list[str]:
    """The tokens of a text; raises ParseError for one that is too long. A blank stays only between two numbers."""
    found: list[str] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None or len(found) > MAX_TOKENS:
            raise ParseError
        word = _word_at(text, position) if match["word"] and not match["primes"] else None
        if word:
            found.append(f"\\{word}")
            position += len(word)
            continue
        position = match.end()
        if match["number"]:
            if len(match.group()) > MAX_DIGITS or (match["exponent"] and abs(int(match["exponent"][1:])) > MAX_DIGITS):
                raise ParseError
            found.append(match.group())
        elif match["word"]:
            found.append(f"\\{match['word'][3:]}" if match["word"].startswith("np.") else match.group())
        elif not match["space"]:
            found.append(match.group())
        elif found and found[-1][-1] in DIGITS and position < len(text) and text[position] in DIGITS:
            found.append(" ")  # "1 1/2" is a mixed number and "3 3" nothing; elsewhere blanks say nothing
    return found


def _word_at(text: str, position: int) -> str | None:
    """A function or constant typed without backslash, such as sqrt(2) or pi, where no letter stands before it."""
    if position and text[position - 1].isalpha():
        return None
    for word in WORDS:
        if text.startswith(word, position) and not text[position + len(word) : position + len(word) + 1].isalpha():
            return "infty" if word in ("inf", "oo") else word
    return None
