"""Works out the numbers that Word puts before paragraphs by itself: "一、", "（二）", "1.1".

They stand nowhere in the file: a paragraph names a list and a level, the list says how the level is written, and the
number comes from counting. Sections are found by these numbers, so they have to appear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.word.package import Element, W, attribute, child, is_on
from ingest.word.styles import WordStyles

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_ONES = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE = frozenset(
    (
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
        "taiwaneseCountingThousand", "koreanCounting", "japaneseLegal",
    )
)  # fmt: skip
_CHINESE_DIGITS = frozenset(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital"))
_LEGAL_FORMATS = frozenset(("chineseLegalSimplified", "ideographLegalTraditional"))
# Signs that Unicode has one after another: the first one's code point, and how many there are.
_SERIES = {
    "decimalEnclosedCircle": (0x2460, 20),
    "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20),
    "ideographEnclosedCircle": (0x3280, 10),
}
_CYCLES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list is numbered; ``restart``: after which level (counted from 1) it begins anew, 0 never."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    restart: int | None = None
    suffix: str = "tab"
    is_legal: bool = False
    paragraph_style: str | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A list that paragraphs name: where its counters are kept, its levels, and where it begins anew."""

    counters: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class WordNumbering:
    """Counts through a document; paragraphs must be asked about in their order."""

    def __init__(self, root: Element | None, styles: WordStyles) -> None:
        self._styles = styles
        abstract = {} if root is None else {_id(e, "abstractNumId"): e for e in root.iterchildren(W + "abstractNum")}
        numbers = {} if root is None else {_id(e, "numId"): e for e in root.iterchildren(W + "num")}
        self._lists = {name: _read_list(element, abstract, numbers, styles) for name, element in numbers.items()}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def number(self, style: str | None, own: Element | None) -> str:
        """The number of the next paragraph, with a space behind it where it needs one to stand apart.

        Empty for a paragraph without a number, and for one with a bullet.

        Args:
            style: The paragraph's style.
            own: Its ``w:numPr``, if it has one.
        """
        found = self._place(style, own)
        if found is None:
            return ""
        name, index = found
        numbered = self._lists[name]
        counts = self._count(name, numbered, index)
        level = numbered.levels.get(index, _Level())
        if level.style in ("bullet", "none") and "%" not in level.text:
            return ""

        def write(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = numbered.levels.get(place, _Level())
            count = counts[place]
            style = "decimal" if level.is_legal else shown.style
            return write_number(shown.start if count is None else count, style)

        text = _PLACE.sub(write, level.text).strip()
        return f"{text} " if text and (text[-1].isascii() or text[-1].isnumeric()) else text

    def _place(self, style: str | None, own: Element | None) -> tuple[str, int] | None:
        """The list and level of a paragraph: its own word first, then its style's."""
        number, level, decided_by = self._styles.numbering(style)
        if own is not None:
            own_number, own_level = attribute(child(own, W + "numId")), attribute(child(own, W + "ilvl"))
            if own_number is not None:
                number, decided_by, level = own_number, "", own_level
            else:
                level = own_level or level
        if number is None or number not in self._lists:
            return None
        # A list says itself which of its levels belongs to a style; the style mostly doesn't repeat it.
        linked = (
            i for i, entry in self._lists[number].levels.items() if decided_by and entry.paragraph_style == decided_by
        )
        index = _integer(level, -1) if level is not None else next(linked, 0)
        return (number, index) if 0 <= index < LEVELS else None

    def _count(self, name: str, numbered: _List, index: int) -> list[int | None]:
        counts = self._counts.setdefault(numbered.counters, [None] * LEVELS)
        if name not in self._begun:
            self._begun.add(name)
            for place, start in numbered.starts.items():
                counts[place] = start - 1
        before = counts[index]
        start = numbered.starts.get(index, numbered.levels.get(index, _Level()).start)
        counts[index] = start if before is None else before + 1
        for deeper in range(index + 1, LEVELS):
            restart = numbered.levels.get(deeper, _Level()).restart
            if restart is None or (restart and index < restart):
                begin = numbered.starts.get(deeper)
                counts[deeper] = None if begin is None else begin - 1
        return counts


def write_number(number: int, style: str) -> str:
    """A number as a numbering style writes it; one that Word knows and this doesn't is written in plain digits."""
    if style in _CHINESE or style in _LEGAL_FORMATS or style in _CHINESE_DIGITS:
        return _chinese(number, style)
    if style in _SERIES:
        first, length = _SERIES[style]
        return chr(first + number - 1) if 1 <= number <= length else str(number)
    if style in _CYCLES and number > 0:
        return _CYCLES[style][(number - 1) % len(_CYCLES[style])]
    if style in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        return _roman(number).upper() if style == "upperRoman" else _roman(number)
    if style in ("upperLetter", "lowerLetter") and number > 0:
        # After z comes aa, then bb: Word repeats the letter.
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if style == "decimalZero":
        return f"{number:02d}"
    if style == "numberInDash":
        return f"- {number} -"
    return "" if style == "none" else str(number)


def _chinese(number: int, style: str) -> str:
    if not 0 < number < 10_000:
        return str(number)
    if style in _CHINESE_DIGITS:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    written = _counted(number)
    if style not in _LEGAL_FORMATS:
        return written
    return f"{'壹' if written.startswith('十') else ''}{written.translate(_LEGAL)}"


def _counted(number: int) -> str:
    """As one counts aloud: 十, 二十一, 一百零五."""
    written, skipped = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if not digit:
            skipped = bool(written)
            continue
        lead = "" if (digit, unit, written) == (1, 10, "") else _DIGITS[digit]
        written += ("零" if skipped else "") + lead + name
        skipped = False
    return written


def _roman(number: int) -> str:
    written = ""
    for value, sign in (*_ROMAN, *_ROMAN_ONES):
        times, number = divmod(number, value)
        written += sign * times
    return written


def _read_list(
    element: Element, abstract: dict[str, Element], numbers: dict[str, Element], styles: WordStyles
) -> _List:
    name = attribute(child(element, W + "abstractNumId")) or ""
    name = _followed(name, abstract, numbers, styles)
    definition = abstract.get(name)
    levels = {} if definition is None else dict(_read_level(e) for e in definition.iterchildren(W + "lvl"))
    starts: dict[int, int] = {}
    for override in element.iterchildren(W + "lvlOverride"):
        index = _integer(override.get(W + "ilvl"), 0)
        start, own = attribute(child(override, W + "startOverride")), child(override, W + "lvl")
        if own is not None:
            levels[index] = replace(_read_level(own)[1])
        if start is not None and 0 <= index < LEVELS:
            starts[index] = _integer(start, 1)
    return _List(name, levels, starts)


def _followed(name: str, abstract: dict[str, Element], numbers: dict[str, Element], styles: WordStyles) -> str:
    """The definition that has the levels: one may only point to a list style, whose own list has them."""
    link = child(abstract[name], W + "numStyleLink") if name in abstract else None
    if link is None:
        return name
    number, _, _ = styles.numbering(attribute(link) or "")
    linked = numbers.get(number or "")
    return name if linked is None else attribute(child(linked, W + "abstractNumId")) or name


def _read_level(element: Element) -> tuple[int, _Level]:
    restart = attribute(child(element, W + "lvlRestart"))
    return _integer(element.get(W + "ilvl"), 0), _Level(
        _integer(attribute(child(element, W + "start")), 1),
        _format(element),
        attribute(child(element, W + "lvlText")) or "",
        None if restart is None else _integer(restart, 0),
        attribute(child(element, W + "suff")) or "tab",
        is_on(child(element, W + "isLgl")),
        attribute(child(element, W + "pStyle")),
    )


def _format(level: Element) -> str:
    # A format that older programs don't know stands beside one that they do.
    found = next(level.iter(W + "numFmt"), None)
    return attribute(found) or "decimal"


def _id(element: Element, name: str) -> str:
    return element.get(W + name) or ""


def _integer(text: str | None, otherwise: int) -> int:
    try:
        return otherwise if text is None else int(text)
    except ValueError:
        return otherwise
