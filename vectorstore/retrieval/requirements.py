"""What a passage must hold to be found: quoted words as they stand, and numbers.

A year isn't looked for in the text alone: 2023年 also means the reports of 2023.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement

from vectorstore import prefilter
from vectorstore.folding import fold_label, fold_text
from vectorstore.numerals import find_numbers

_QUOTED = re.compile('[“「『《"]([^”」』》"“「『《]{2,60})[”」』》"]')
_SPAN_OF_YEARS = "(?:19|20)[0-9]{2}-(?:(?:19|20)[0-9]{2}|[0-9]{1,2})(?![0-9])"
_CODE = re.compile(
    rf"(?<![0-9.])(?!{_SPAN_OF_YEARS})(?:[0-9]{{2,}}(?:-[0-9]{{2,}})+|0[0-9]{{3,}}|[0-9]{{7,}})(?![0-9.])"
)
"""A telephone number, a postcode: it stands for nothing but itself."""
_YEARS = range(1990, 2100)
_LONG_NUMERAL = re.compile("[〇零一二两三四五六七八九十百千]{4}|[二两]千")
"""As a year is written in Chinese numerals."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """What every passage found must satisfy.

    Attributes:
        words: Folded, without white space; all must stand in the passage or its heading.
        numbers: All must stand there, as digits or as Chinese numerals.
        years: Each must stand there or be the year of the report.
    """

    words: tuple[str, ...] = ()
    numbers: tuple[Decimal, ...] = ()
    years: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers or self.years)

    def are_met(self, year: int | None, section: str, text: str) -> bool:
        """Whether a passage of a report on a year satisfies them."""
        years = [named for named in self.years if named != year]
        if not (self.words or self.numbers or years):
            return True
        folded = fold_text(f"{section}\n{text}")
        label = "".join(folded.split()) if self.words else ""
        if not all(words in label for words in self.words):
            return False
        if any(str(named) not in folded for named in years) and not _LONG_NUMERAL.search(folded):
            return False  # finding all numbers takes ten times as long
        wanted = {*self.numbers, *map(Decimal, years)}
        return not wanted or wanted <= {number.value for number in find_numbers(folded)}

    def conditions(self) -> list[ColumnElement[bool]]:
        """On ``passages``: what lets through every passage that holds the words, and some that don't."""
        sieves = [prefilter.literally(words) for words in self.words]
        return [prefilter.passages_holding(sieve) for sieve in sieves if sieve is not None]


def requirements_of(query: str, years: Collection[int] = ()) -> Requirements:
    """What a query requires.

    Args:
        years: Those that the scope names already; they needn't stand in a passage.
    """
    folded = fold_text(query)
    words = tuple(dict.fromkeys(label for match in _QUOTED.finditer(folded) if (label := fold_label(match[1]))))
    unquoted = _QUOTED.sub(" ", folded)
    words = tuple(dict.fromkeys((*words, *_CODE.findall(unquoted))))
    found = [number.value for number in find_numbers(_CODE.sub(" ", unquoted)) if not number.is_chinese]
    named = [int(value) for value in found if value in _YEARS]
    return Requirements(
        words,
        tuple(dict.fromkeys(value for value in found if value not in _YEARS)),
        tuple(dict.fromkeys(year for year in named if year not in years)),
    )
