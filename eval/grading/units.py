r"""Units behind a value: read as products of powers of base units, converted where they convert.

    split_unit("36 \text{ km/h}")  ->  ("36", Unit(factor=5/18, powers=(("m", 1), ("s", -1))))

A word that names no unit of the table ("apples") is a base unit of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit: units with the same powers of base units convert by the ratio of their factors."""

    factor: Fraction
    powers: tuple[tuple[str, int], ...]


PREFIXES: dict[str, int | str] = {
    "k": 1000,
    "c": "1/100",
    "m": "1/1000",
    "d": "1/10",
    "M": 10**6,
    "G": 10**9,
    "n": "1/1000000000",
    "u": "1/1000000",
}
DERIVED: dict[str, tuple[int | str, str]] = {
    "m": (1, "m"), "g": ("1/1000", "kg"), "s": (1, "s"), "A": (1, "A"), "K": (1, "K"), "mol": (1, "mol"), "N": (1, "kg m s-2"),
    "J": (1, "kg m2 s-2"), "W": (1, "kg m2 s-3"), "Pa": (1, "kg m-1 s-2"), "Hz": (1, "s-1"), "V": (1, "kg m2 s-3 A-1"),
    "C": (1, "s A"), "L": ("1/1000", "m3"), "eV": (1, "eV"), "B": (1, "byte"), "T": (1, "T"), "F": (1, "F"), "pc": (1, "pc"),
}  # fmt: skip
OTHERS: dict[str, tuple[int | str, str]] = {
    "minute": (60, "s"), "hour": (3600, "s"), "day": (86400, "s"), "week": (604800, "s"), "month": (1, "month"),
    "year": (12, "month"), "inch": ("127/5000", "m"), "foot": ("381/1250", "m"), "yard": ("1143/1250", "m"),
    "mile": ("201168/125", "m"), "ton": (1000, "kg"), "pound": ("45359237/100000000", "kg"), "dollar": (1, "dollar"),
    "cent": ("1/100", "dollar"), "dozen": (1, "dozen"), "mph": ("1397/3125", "m s-1"), "hectare": (10000, "m2"),
    "元": (1, "元"), "角": ("1/10", "元"), "unit": (1, ""), "units": (1, ""), "gallon": (1, "gallon"),
    "celsius": (1, "celsius"),  "radian": (1, "radian"), "fahrenheit": (1, "fahrenheit"), "ounce": ("45359237/1600000000", "kg"),
}  # fmt: skip
SPELLINGS = {
    "meter": "m", "metre": "m", "gram": "g", "second": "s", "sec": "s", "min": "minute", "hr": "hour", "h": "hour",
    "liter": "L", "litre": "L", "l": "L", "ml": "mL", "feet": "foot", "ft": "foot", "inches": "inch", "in": "inch", "yd": "yard",
    "mi": "mile", "米": "m", "厘米": "cm", "毫米": "mm", "千米": "km", "公里": "km", "克": "g", "千克": "kg", "分米": "dm",
    "秒": "s", "分钟": "minute", "分": "minute", "小时": "hour", "时": "hour", "天": "day", "升": "L", "毫升": "mL", "bucks": "dollar",
    "usd": "dollar", "kmh": "km/h", "kph": "km/h", "公斤": "kg", "吨": "ton", "tonne": "ton", "yr": "year", "lb": "pound",
    "lbs": "pound", "newton": "N", "joule": "J", "watt": "W", "pascal": "Pa", "hertz": "Hz", "volt": "V", "oz": "ounce",
    "ampere": "A", "coulomb": "C", "kelvin": "K", "mole": "mol", "μm": "um", "people": "person", "children": "child",
    "¢": "cent", "wk": "week", "d": "day", "kilo": "kg", "人": "person", "square unit": "unit", "周": "week", "年": "year", "月": "month",
}  # fmt: skip
LONG_PREFIXES = {
    "kilo": "k",
    "centi": "c",
    "milli": "m",
    "deci": "d",
    "mega": "M",
    "giga": "G",
    "nano": "n",
    "micro": "u",
}
POWER_WORDS = (
    (re.compile(r"(?:square|sq\.?|平方)\s*(\S+)"), r"\1^2"), (re.compile(r"(?:cubic|cu\.?|立方)\s*(\S+)"), r"\1^3"),
    (re.compile(r"(\S+) squared"), r"\1^2"), (re.compile(r"(\S+) cubed"), r"\1^3"), (re.compile(r"\bper\b|每"), "/"),
)  # fmt: skip
PIECE = re.compile(r"([A-Za-zμ\u4e00-\u9fff¢]+)\.?\s*(?:\^?\s*\{?\s*(-?\d)\s*\}?)?")
CHINESE = (
    "平方厘米|平方米|平方千米|平方分米|立方厘米|立方米|厘米|毫米|分米|千米|公里|米|千克|公斤|克|吨|毫升|升|秒|分钟|小时|元|角|个|人|只|条|本|种|次|岁"
    "|页|名|件|倍|组|台|块|张|辆|棵|天|周|支|对"
)
WRAPPED = re.compile(
    r"\\text\s*\{(?P<words>(?:[^{}]|\{[^{}]*\})*)\}(?P<power>\s*\^\s*\{?\s*-?\d\s*\}?)?(?P<rest>\s*/\s*\\text\s*\{[^{}]*\}(?:\s*\^\s*\{?\d\}?)?)?\s*$"
)
PLAIN = re.compile(
    r"(?<=[\d)}.!\s])(?P<words>[A-Za-z¢][A-Za-z/. ]*(?:\s*\^\s*\{?\s*-?\d\s*\}?)?(?:/[A-Za-z]+(?:\s*\^\s*\{?\d\}?)?)?)\s*$"
)
CHINESE_TAIL = re.compile(rf"(?<=[\d)}}\s])(?P<words>{CHINESE})\s*$")
TEMPERATURE = re.compile(r"\^\s*\{?\s*\\circ\s*\}?\s*(?:\\text\s*)?\{?\s*([CF])\s*\}?\s*$")
NUMBER_WORDS = {
    "thousand",
    "million",
    "billion",
    "trillion",
    "hundred",
    "dozen",
    "half",
    "halves",
    "third",
    "thirds",
    "squared",
    "cubed",
    "factorial",
    "plus",
    "minus",
    "times",
    "base",
    "not",
    "is",
    "isn",
    "incorrect",
    "wrong",
    "more",
    "less",
    "percent",
    "and",
    "or",
}
"""Words behind a number that change it or deny it: no units."""

NO_UNITS = {"and", "or", "to", "of", "is", "pi", "if", "for", "when", "mod", "not", "none", "infty", "sqrt", "undefined", "no",
            "choose", "over", "times", "the", "x", "y", "z", "only"}  # fmt: skip
MAX_WORDS = 5


def split_unit(text: str, *, certain: bool) -> tuple[str, Unit] | None:
    r"""The value's text and its unit, None where none stands at the end.

    `certain`: only what can be nothing but a unit (wrapped in \text, Chinese, or a word of the table), so that 5ab is
    still a product; otherwise single letters and unknown words count too.
    """
    temperature = TEMPERATURE.search(text)
    if temperature:
        name = "celsius" if "C" in temperature.group() else "fahrenheit"
        return text[: temperature.start()].strip(), Unit(Fraction(1), ((name, 1),))
    for pattern in (WRAPPED, CHINESE_TAIL, PLAIN):
        match = pattern.search(text)
        if match is None or not text[: match.start()].strip():
            continue
        words = (
            match["words"] + (match["power"] or "") + re.sub(r"\\text|[{}]", "", match["rest"] or "")
            if pattern is WRAPPED
            else match["words"]
        )
        unit = parse_unit(words)
        if unit is None or (pattern is PLAIN and certain and not _is_table_word(words)):
            continue
        return text[: match.start()].strip(), unit
    return None


def _is_table_word(words: str) -> bool:
    for pattern, replacement in POWER_WORDS:
        words = pattern.sub(replacement, words)
    first = PIECE.match(words.strip())
    if first is None:
        return False
    known = _base(first[1])[1] is not None
    return (known and (len(first[1]) > 1 or first[1] == "¢")) or re.fullmatch(
        r"[a-z]{4,}( [a-z]{2,}){0,3}", words.strip()
    ) is not None


def parse_unit(words: str) -> Unit | None:
    """A unit in words or symbols; None for what is no unit ("or", "if", a sentence)."""
    words = " ".join(words.replace("\\cdot", " ").replace("·", " ").replace("\\", " ").split())
    if not words or words.lower().split()[0] in NO_UNITS | NUMBER_WORDS or len(words.split()) > MAX_WORDS:
        return None
    if set(words.lower().split()) & (NUMBER_WORDS - {"squared", "cubed"}):  # square meters and meters squared are units
        return None
    for pattern, replacement in POWER_WORDS:
        words = pattern.sub(replacement, words)
    factor, powers, sign, position = Fraction(1), Counter[str](), 1, 0
    while position < len(words):
        if words[position] in " /.()":
            sign = -1 if words[position] == "/" else sign
            position += 1
            continue
        match = PIECE.match(words, position)
        if match is None:
            return None
        power = sign * int(match[2] or 1)
        base_factor, base = _base(match[1])
        factor *= base_factor**power
        for name, exponent in base if base is not None else ((match[1].lower().removesuffix("s"), 1),):
            powers[name] += exponent * power
        position = match.end()
    return Unit(factor, tuple(sorted((name, power) for name, power in powers.items() if power)))


def _base(word: str) -> tuple[Fraction, tuple[tuple[str, int], ...] | None]:
    """Factor and powers of one word of the table; the powers are None for an unknown word."""
    lower = word.lower()
    for candidate in (word, lower, lower.removesuffix("s"), lower.removesuffix("es")):
        name = SPELLINGS.get(candidate, candidate)
        if "/" in name:
            unit = parse_unit(name)
            return (unit.factor, unit.powers) if unit else (Fraction(1), None)
        tables: tuple[dict[str, tuple[int | str, str]], ...] = (OTHERS, DERIVED)
        for table in tables:
            if name in table:
                return _fraction(table[name][0]), _powers(table[name][1])
        if len(name) > 1 and name[0] in PREFIXES and name[1:] in DERIVED:
            return _fraction(PREFIXES[name[0]]) * _fraction(DERIVED[name[1:]][0]), _powers(DERIVED[name[1:]][1])
    for long, short in LONG_PREFIXES.items():
        if lower.startswith(long) and len(lower) > len(long):
            inner_factor, powers = _base(lower[len(long) :])
            return inner_factor * _fraction(PREFIXES[short]), powers
    return Fraction(1), None


def _fraction(factor: int | str) -> Fraction:
    return Fraction(factor)


def _powers(text: str) -> tuple[tuple[str, int], ...]:
    found = [re.fullmatch(r"([^\d-]+)(-?\d+)?", piece) for piece in text.split()]
    return tuple((match[1], int(match[2] or 1)) for match in found if match)


def conversion(unit: Unit, other: Unit) -> Fraction | None:
    """By what a value in `unit` is multiplied to be one in `other`; None where they do not convert."""
    return unit.factor / other.factor if unit.powers == other.powers else None
