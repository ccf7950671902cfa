"""How real reports' titles, periods, headings and signatures differ from the form."""

from __future__ import annotations

import random
import re

from samples.composition import phrases
from samples.draft import Draft, Heading, Paragraph

_REPORT = "政府信息公开工作年度报告"
_CIRCLED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"


def _headings(draft: Draft, level: int) -> list[Heading]:
    return [block for block in draft.blocks if isinstance(block, Heading) and block.level == level]


def misnumber(draft: Draft, rng: random.Random) -> bool:
    """Some headings of the first level are numbered "2、 " instead of 二、."""
    headings = [heading for heading in _headings(draft, 1) if heading.number > 1]
    for heading in rng.sample(headings, rng.randint(1, len(headings))):
        heading.arabic = True
    return True


def number_twice(draft: Draft, rng: random.Random) -> bool:
    """Two headings of the first level are 一、, or all are 1、."""
    headings = _headings(draft, 1)
    if rng.random() < 0.5:
        for heading in headings:
            heading.mark = "1、"
    else:
        headings[1].mark = "一、"
    return True


def leave_first_number_out(draft: Draft, rng: random.Random) -> bool:
    """总体情况 stands without its number."""
    _headings(draft, 1)[0].mark = ""
    return True


def circle_numbers(draft: Draft, rng: random.Random) -> bool:
    """Headings of the second level are numbered ㈠."""
    for heading in _headings(draft, 2):
        heading.mark = _CIRCLED[heading.number - 1]
    return True


def leave_unsigned(draft: Draft, rng: random.Random) -> bool:
    """No body and no date below the text."""
    draft.signature = ()
    return True


def stray_into_title(draft: Draft, rng: random.Random) -> bool:
    """A word that doesn't belong there stands before the title."""
    draft.title = rng.choice(("附件", "加强", "正文")) + draft.title
    return True


def reword_title(draft: Draft, rng: random.Random) -> bool:
    """The title calls the report by another name."""
    draft.title = draft.title.replace(_REPORT, rng.choice(phrases()["titles"]["report"]))
    return True


def leave_year_out(draft: Draft, rng: random.Random) -> bool:
    """The title doesn't name the year; the period does."""
    draft.title = re.sub(r"\d{4}年(?:度(?=政))?", "", draft.title)
    return True


def leave_body_out(draft: Draft, rng: random.Random) -> bool:
    """The title doesn't name the body; the signature does."""
    if not draft.signature:
        return False
    draft.title = re.sub(r"^.*?(?=\d{4}年)", "", draft.title, flags=re.DOTALL)
    return True


def shorten_period(draft: Draft, rng: random.Random) -> bool:
    """The statistics end before the year does."""
    preamble = next(block for block in draft.blocks if isinstance(block, Paragraph))
    for sentence in preamble.sentences:
        sentence.wording = sentence.wording.replace("12月31日", rng.choice(("12月20日", "12月25日")))
    return True
