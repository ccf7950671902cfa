"""The numbers of an ordered list, which the markup leaves to the browser to count."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMERALS = "〇一二三四五六七八九"
_ENUMERATED = re.compile(
    r"[（(〔【]?\s*(?:[〇一二三四五六七八九十]{1,4}|[0-9０-９]{1,3}|[a-zA-Z])\s*(?:[）)〕】、]|[.．,，](?![0-9]))"
    r"|第[〇一二三四五六七八九十]{1,4}[条章节部]|[一二三四五六七八九十]是|[①-⑳㈠-㈩]"
)
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?(none|decimal|[a-z]+-[a-z-]+)", re.IGNORECASE)
# The lists of a widespread editor (UEditor) draw their numbers as pictures, told by a class.
_EDITOR_STYLE = re.compile(r"\bcustom_(cn2|cn1|cn|num2|num1|num|dash|dot)\b")


class NumberedList:
    """An ``<ol>`` while its items are read."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        editor = _EDITOR_STYLE.search(attributes.get("class", ""))
        style = _STYLE.search(attributes.get("style", ""))
        if editor:
            self.style = editor[1]
        elif style:
            self.style = style[1].lower()
        else:
            self.style = _TYPES.get(attributes.get("type", "1"), "decimal")
        self._next = _integer(attributes.get("start"), 1)

    def marker(self, item: Mapping[str, str]) -> str:
        """The number before the next item, with a space after it; empty where the list shows none."""
        number = _integer(item.get("value"), self._next)
        self._next = number + 1
        style = self.style
        if item_style := _STYLE.search(item.get("style", "")):
            style = item_style[1].lower()
        return _marker(style, number)


def is_enumerated(text: str) -> bool:
    """Whether a line begins with a number of its own."""
    return _ENUMERATED.match(text) is not None


def _marker(style: str, number: int) -> str:
    match style:
        case "none" | "dash" | "dot":
            return ""
        case "num":
            return f"{number}、"
        case "num1":
            return f"{number}）"
        case "num2":
            return f"（{number}）"
        case "cn" | "cjk-ideographic" | "simp-chinese-informal" | "trad-chinese-informal":
            return f"{_chinese(number)}、"
        case "cn1":
            return f"{_chinese(number)}）"
        case "cn2":
            return f"（{_chinese(number)}）"
        case "lower-alpha" | "lower-latin" if 1 <= number <= 26:
            return f"{chr(96 + number)}. "
        case "upper-alpha" | "upper-latin" if 1 <= number <= 26:
            return f"{chr(64 + number)}. "
        case "lower-roman" if 1 <= number < 400:
            return f"{_roman(number)}. "
        case "upper-roman" if 1 <= number < 400:
            return f"{_roman(number).upper()}. "
    return f"{number}. "


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    text = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return text + (_NUMERALS[ones] if ones or not tens else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _integer(text: str | None, default: int) -> int:
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,6}", text) else default
