"""Quantities in words and digits as comparable values: "a dozen" is 12, "a quarter" 25 percent."""

import re
from collections.abc import Sequence

Quantity = frozenset[str]  # the ways to read it; two are equal that share one

_ONES = dict(
    zero=0, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10, eleven=11, twelve=12,
    thirteen=13, fourteen=14, fifteen=15, sixteen=16, seventeen=17, eighteen=18, nineteen=19,
)  # fmt: skip
_TENS = dict(twenty=20, thirty=30, forty=40, fifty=50, sixty=60, seventy=70, eighty=80, ninety=90)
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9}
_PARTS = {
    "half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "sixth": 1 / 6, "eighth": 1 / 8, "tenth": 1 / 10,
}  # fmt: skip
_TIMES = {"day": ("d", 1), "week": ("d", 7), "fortnight": ("d", 14), "month": ("mo", 1), "year": ("mo", 12),
          "hour": ("h", 1), "minute": ("min", 1)}  # fmt: skip
_VAGUE = frozenset({
    "dozens", "hundreds", "thousands", "millions", "billions", "several", "many", "few", "scores", "most", "majority",
    "minority", "some", "handful", "couple", "numerous", "all", "none", "nobody", "both", "twice", "double", "doubled",
    "triple", "tripled", "once", "halved", "nearly", "weekend",
})  # fmt: skip
_DATES = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "tomorrow",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
})  # fmt: skip
# A number that ends a name ("Geran-25", "COVID-19") counts nothing.
_TOKEN = re.compile(r"(?<![^\W\d_]-)(?<!\d)(?:\d+(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+)|[^\W\d_]+|%")


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order, each as the set of ways to read it.

    A percentage is read as a number and as a share; a number before a unit of time as days, months, hours or minutes; a
    quantity told vaguely ("dozens") is its word. Days of the week and months are their names.
    """
    words = [w.lower() for w in _TOKEN.findall(text)]
    out: list[Quantity] = []
    n = 0
    while n < len(words):
        value, end = _number(words, n)
        if value is not None:
            unit = words[end] if end < len(words) else ""
            out.append(_readings(value, unit))
            n = end
            continue
        w = words[n]
        if w in _DATES or w in _VAGUE:
            out.append(frozenset({w}))
        elif (long := w.removesuffix("long")) != w and long in _TIMES:
            out.append(_readings(1.0, long))
        n += 1
    return out


def _readings(value: float, unit: str) -> Quantity:
    found = {_text(value)}
    if unit in {"%", "percent", "per", "pc", "percentage"}:
        found.add(_text(value / 100))
    single = unit.removesuffix("s")
    if single in _TIMES:
        name, size = _TIMES[single]
        found = {f"{_text(value * size)} {name}"}
    return frozenset(found)


def _text(value: float) -> str:
    return f"{value:.6g}"


def _number(words: Sequence[str], n: int) -> tuple[float | None, int]:
    """The value of the numeral that begins at a word, and where it ends; None where none begins."""
    first, after = words[n], words[n + 1] if n + 1 < len(words) else ""
    if tuple(words[n : n + 3]) == ("half", "a", "dozen"):
        return 6.0, n + 3
    if first == "half":
        return 0.5, n + 1
    if first in {"a", "an"}:
        if after in _PARTS:
            return _PARTS[after], n + 2
        if after in {*_SCALES, "dozen"}:
            return _cardinal(words, n + 1, 1.0)
        return (1.0 if after in _TIMES else None), n + 1
    return _cardinal(words, n, None)


def _cardinal(words: Sequence[str], at: int, value: float | None) -> tuple[float | None, int]:
    """Goes on with a numeral, whose value so far is known or not begun."""
    total = 0.0
    while at < len(words):
        w = words[at]
        if (small := _small(w, value)) is not None:
            value = (value or 0.0) + small
        elif w == "dozen":
            value = 12.0 if value is None else value * 12
        elif value is None:
            break
        elif w in _SCALES:
            value *= _SCALES[w]
            if _SCALES[w] >= _SCALES["thousand"]:
                total, value = total + value, 0.0
        elif (part := w.removesuffix("s")) in _PARTS and part != "half":
            return (total + value) * _PARTS[part], at + 1
        else:
            break
        at += 1
    return (None, at) if value is None else (total + value, at)


def _small(word: str, value: float | None) -> float | None:
    """What a word adds to the value so far: digits alone, units after tens, both after hundreds; None for nothing."""
    if word[0].isdecimal():  # as `\d` has it; a superscript is a letter here
        return float(word.replace(",", "")) if value is None else None
    if word in _ONES:
        return _ONES[word] if value is None or value % 10 == 0 else None
    if word in _TENS:
        return _TENS[word] if value is None or value % 100 == 0 else None
    return None
