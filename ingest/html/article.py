"""Finds the report on a web page: the blocks between navigation above and footers below, and none too few.

What shows where the report is are its own parts: numbered headings and the form's tables. Everything from the first
to the last of them belongs to it; from there it reaches up to its title and down to its signature, as far as nothing
says that the page's furniture begins. Where nothing shows, everything is kept.
"""

from __future__ import annotations

import re

from ingest.html.blocks import DataTable, Page, PageBlock, PagePicture, TextLine
from ingest.html.metadata import is_record, is_record_label, record_lines
from ingest.html.words import dense, is_furniture_line, is_title, page_words
from ingest.structure.headings import LONGEST_HEADING, looks_like_level_one

_FEWEST_PARTS = 2
_FEWEST_PARAGRAPHS = 3
_FEWEST_TABLE_WORDS = 2
_LINKED_SHARE = 0.6
_FURNITURE_SHARE = 0.3
_LOOSE_SHARE = 0.15
"""A container with so many of its characters in links holds more of the page than the article."""
_REACH = 40
"""In blocks: how far from its container a title or a signature may stand."""
_LINK_RUN = 3
_TITLE_LINES = 6
_LONGEST_SIGN = 60
_LEAST_PROSE = 25
_LONGEST_LINKS_HEADING = 12
_NUMBERED = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．,，]|第[一二三四五六七八九十]{1,2}(?:部分|章))")


def shows_report(page: Page) -> bool:
    """Whether parts of a report stand on the page."""
    return sum(map(_is_part, page.blocks)) >= _FEWEST_PARTS


def says_nothing(page: Page) -> bool:
    """Whether the page holds neither parts of a report nor a paragraph, a table or a picture that could be one."""
    return not any(_is_part(b) or _is_paragraph(b) or isinstance(b, PagePicture) for b in page.blocks)


def find_article(page: Page) -> tuple[list[PageBlock], list[PageBlock]]:
    """The blocks of the article and those around it, each in reading order."""
    chosen = _Article(page).choose()
    inside = _once([block for number, block in enumerate(page.blocks) if number in chosen])
    return inside, [block for number, block in enumerate(page.blocks) if number not in chosen]


class _Article:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._blocks = page.blocks
        shows = [_is_part(block) for block in page.blocks]
        if sum(shows) < _FEWEST_PARTS:
            shows = [_is_paragraph(block) for block in page.blocks]
            if sum(shows) < _FEWEST_PARAGRAPHS:
                shows = []
        self._shows = shows
        self._furnished = self._in_furniture() if shows else []

    def choose(self) -> set[int]:
        """The numbers of the article's blocks; all where nothing shows where it is."""
        if not self._shows:
            return set(range(len(self._blocks)))
        evidence = [number for number, shows in enumerate(self._shows) if shows]
        first, last = evidence[0], evidence[-1]
        start, end, is_loose = self._heart(evidence)
        chosen = {n for n in range(first, last + 1) if self._shows[n] or not self._is_left_out(n)}
        for number in range(last + 1, min(len(self._blocks), end + _REACH)):
            if self._is_clean(number):
                chosen.add(number)
            elif is_loose or number >= end:
                if self._heads_links(number - 1):
                    chosen.discard(number - 1)
                break
        if not is_loose:
            chosen.update(number for number in range(start, first) if self._is_clean(number))
        opening = sorted(number for number in chosen if number < first + _TITLE_LINES)
        if not any(self._is_title(number) for number in opening):
            chosen |= self._title_before(min(opening))
        return chosen

    def _in_furniture(self) -> list[bool]:
        """By container: whether it stands in an element that is the page's furniture."""
        containers = self._page.containers
        weight = [0] * len(containers)
        evidence = [0] * len(containers)
        for block, shows in zip(self._blocks, self._shows, strict=True):
            weight[block.container] += len(block.text) if isinstance(block, TextLine) else 0
            evidence[block.container] += shows
        for index in range(len(containers) - 1, 0, -1):
            weight[containers[index].parent] += weight[index]
            evidence[containers[index].parent] += evidence[index]
        inside = [False] * len(containers)
        for index in range(1, len(containers)):
            is_own = not evidence[index] and weight[index] < _FURNITURE_SHARE * weight[0]
            inside[index] = inside[containers[index].parent] or (containers[index].is_furniture and is_own)
        return inside

    def _heart(self, evidence: list[int]) -> tuple[int, int, bool]:
        """The innermost container of all the evidence: its first block, the end of its blocks, whether it is loose."""
        containers = self._page.containers
        common = self._blocks[evidence[0]].container
        for number in evidence[1:]:
            other = self._blocks[number].container
            # Parents have smaller numbers than their children, so the larger of two can't be the common one.
            while common != other:
                if common > other:
                    common = containers[common].parent
                else:
                    other = containers[other].parent
        inside = [False] * len(containers)
        inside[common] = True
        for index in range(common + 1, len(containers)):
            inside[index] = inside[containers[index].parent]
        numbers = [n for n, block in enumerate(self._blocks) if inside[block.container]]
        total = linked = 0
        for number in numbers:
            block = self._blocks[number]
            if isinstance(block, TextLine):
                total += len(block.text)
                linked += block.linked
        is_loose = linked > _LOOSE_SHARE * total
        return numbers[0], numbers[-1] + 1, is_loose

    def _title_before(self, first: int) -> set[int]:
        """The report's title above a block, what stands between, and the prose that precedes it."""
        prose: set[int] = set()
        between: set[int] = set()
        for number in range(first - 1, max(-1, first - 1 - _REACH), -1):
            if not self._is_clean(number):
                continue
            if self._is_title(number):
                return prose | between | {number} | self._name_before(number)
            (prose if _is_paragraph(self._blocks[number]) else between).add(number)
        return prose

    def _name_before(self, number: int) -> set[int]:
        """The line above a title where the title begins there: 某某镇人民政府 / 2023年政府信息公开工作年度报告."""
        block, before = self._blocks[number], self._blocks[number - 1] if number else None
        if not isinstance(before, TextLine) or before.container != block.container or not self._is_clean(number - 1):
            return set()
        return {number - 1} if len(before.text) <= LONGEST_HEADING and "。" not in before.text else set()

    def _is_title(self, number: int) -> bool:
        block = self._blocks[number]
        return isinstance(block, TextLine) and is_title(block.text)

    def _is_left_out(self, number: int) -> bool:
        """Whether a block between the report's parts doesn't belong to it."""
        block = self._blocks[number]
        if self._furnished[block.container]:
            return True
        if isinstance(block, TextLine):
            return is_furniture_line(block.text) or self._is_in_link_list(number)
        return False

    def _is_record_entry(self, number: int) -> bool:
        """Whether a line is a label of the record on a line of its own, or the value behind one."""
        lines = self._blocks[max(0, number - 1) : number + 1]
        return any(isinstance(block, TextLine) and is_record_label(block.text) for block in lines)

    def _heads_links(self, number: int) -> bool:
        """Whether a line is the heading of the list of links that follows it: 热门, 推荐信息."""
        block, following = self._blocks[number], self._blocks[number + 1]
        return (
            isinstance(block, TextLine)
            and len(block.text) <= _LONGEST_LINKS_HEADING
            and page_words().links_heading.search(block.text) is not None
            and _is_linked(following)
            and block.container == self._blocks[number + 1].container
        )

    def _is_in_link_list(self, number: int) -> bool:
        if not _is_linked(self._blocks[number]):
            return False
        run = 1
        for step in (-1, 1):
            at = number + step
            while 0 <= at < len(self._blocks) and run < _LINK_RUN and _is_linked(self._blocks[at]):
                run += 1
                at += step
        return run >= _LINK_RUN

    def _is_clean(self, number: int) -> bool:
        """Whether a block outside the report's parts may belong to it: it is neither links, record nor furniture."""
        block = self._blocks[number]
        if self._furnished[block.container]:
            return False
        if isinstance(block, PagePicture):
            return True
        if isinstance(block, DataTable):
            return not (is_record(block) or _is_linked(block) or _has_furniture_words(block.text()))
        if is_furniture_line(block.text) or record_lines(block.text) or self._is_record_entry(number):
            return False
        if _is_linked(block) and not dense(block.text).startswith("附件"):
            return False
        return not _has_furniture_words(block.text)


def _once(blocks: list[PageBlock]) -> list[PageBlock]:
    """The blocks without their second half where it repeats the first: a page for desktops and one for telephones."""
    half = len(blocks) // 2
    texts = [block.name if isinstance(block, PagePicture) else _text_of(block) for block in blocks]
    if half and len(blocks) % 2 == 0 and texts[0] and texts[:half] == texts[half:]:
        return blocks[:half]
    return blocks


def _is_part(block: PageBlock) -> bool:
    """Whether a block shows that the report is here: a numbered heading that is no link, or a table of the form."""
    if isinstance(block, TextLine):
        return (
            len(block.text) <= LONGEST_HEADING
            and not block.linked
            and (_NUMBERED.match(block.text) is not None or looks_like_level_one(block.text))
        )
    if isinstance(block, DataTable) and not is_record(block) and not _is_linked(block):
        words = set(page_words().table_words.findall(dense(block.text())))
        return len(words) >= _FEWEST_TABLE_WORDS
    return False


def _is_paragraph(block: PageBlock) -> bool:
    return (
        isinstance(block, TextLine)
        and len(block.text) >= _LEAST_PROSE
        and block.linked * 4 < len(block.text)
        and any(mark in block.text for mark in "。；")
        and not _has_furniture_words(block.text)
    )


def _is_linked(block: PageBlock) -> bool:
    return not isinstance(block, PagePicture) and block.linked > _LINKED_SHARE * len(_text_of(block))


def _text_of(block: TextLine | DataTable) -> str:
    return block.text if isinstance(block, TextLine) else block.text()


def _has_furniture_words(text: str) -> bool:
    return len(text) <= _LONGEST_SIGN and "。" not in text and page_words().furniture_words.search(text) is not None
