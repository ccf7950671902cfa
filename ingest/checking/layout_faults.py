"""Faults in how a report is put together: its numbering, its period and its title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from ingest.identity.body_names import body_words
from vectorstore.folding import Folded, fold, fold_label
from vectorstore.numerals import parse_chinese
from vectorstore.records import Check, CheckSide, Report, Section, SectionRole, Span

_NUMERALS = "一二三四五六七八九十"
_NUMBER = re.compile(r"^(?:第?(?P<chinese>[一二三四五六七八九十]{1,3})(?:部分)?|(?P<arabic>\d{1,2}))[、,.:．)\s]")
_YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d)(?!\d)|(?P<chinese>二[〇零o0][〇零一二三四五六七八九]{2})(?=年)")
_TWICE = re.compile("年度.*年度")
_NAMELESS = re.compile(r"(?:关于)?(?:20\d\d年度?)?(?:政府|政务)?信息公开")
_DAMAGED = re.compile(r"20\d{2}\d{1,2}月\d{1,2}日|20\d{3,5}日|20\d\d年\d{3,4}日")
# The period stands before the first part, or at its beginning.
_PERIOD_REACH = 1500
_FEWEST_PARTS = 3
# What may well stand before the name: 关于 and 附件 aren't damage.
_EXPECTED_BEFORE = ("关于", "附件", "附", "公布", "发布", "正文", "标题")


def find_layout_faults(report: Report, text: str) -> Iterable[Check]:
    """Checks of headings, period and title; of those that there is nothing to say about, none."""
    opening = fold(text[:_PERIOD_REACH], drop_spaces=True)
    yield from _headings(report)
    yield from _period(report, opening)
    yield from _title(report, opening)


def _headings(report: Report) -> Iterable[Check]:
    parts = [s for s in report.sections if s.level == 1 and s.role is not SectionRole.PREAMBLE]
    numbered = [(part, *found) for part in parts if (found := _number_of(part))]
    if len(parts) < _FEWEST_PARTS or len(numbered) * 2 < len(parts):
        return  # a report that doesn't number its parts at all is not misnumbered
    for index, part in enumerate(parts, 1):
        number, is_chinese = _number_of(part) or (None, True)
        span = (Span(part.start, part.start + len(part.heading)),)
        left = CheckSide(part.heading, None if number is None else Decimal(number), span)
        right = CheckSide(f"应为第{index}部分", Decimal(index))
        yield Check(report.report_id, "heading_numbers", f"heading_{index}", number == index, left, right)
        if not is_chinese:
            style = CheckSide(f"应为{_NUMERALS[(index - 1) % 10]}、", None)
            yield Check(report.report_id, "heading_style", f"heading_{index}", False, left, style)


def _number_of(part: Section) -> tuple[int, bool] | None:
    """A heading's number, and whether it is printed 一, not 1."""
    match = _NUMBER.match(fold_label(part.heading) + " ")
    if match is None:
        return None
    if match["arabic"]:
        return int(match["arabic"]), False
    number = parse_chinese(match["chinese"])
    return None if number is None else (number, True)


def _period(report: Report, opening: Folded) -> Iterable[Check]:
    if report.period is not None:
        first, last = report.period
        printed = CheckSide(f"统计期限{first}至{last}", None, _period_span(opening))
        year = int(last[:4])
        is_whole = first[5:] == "01-01" and last[5:] == "12-31" and first[:4] == last[:4]
        whole = CheckSide(f"{year}-01-01至{year}-12-31", None)
        yield Check(report.report_id, "period_of_year", "period", is_whole, printed, whole)
        if report.year is not None:
            left = CheckSide(printed.label, Decimal(year), printed.spans)
            right = CheckSide("报告年度", Decimal(report.year))
            yield Check(report.report_id, "year_of_period", "period", year == report.year, left, right)
    for match in _DAMAGED.finditer(opening.text):
        left = CheckSide(match[0], None, (opening.span(match.start(), match.end()),))
        yield Check(report.report_id, "damaged_date", "period", False, left, CheckSide("年、月、日应写全", None))


_PERIOD = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日[^。;]{0,8}(?:至|到|-|~)[^。;]{0,16}?月\d{1,2}日?")


def _period_span(opening: Folded) -> tuple[Span, ...]:
    match = _PERIOD.search(opening.text)
    return (opening.span(match.start(), match.end()),) if match else ()


def _title(report: Report, opening: Folded) -> Iterable[Check]:
    title = fold_label(report.title)
    spans = _title_span(title, opening)
    if not spans:
        return  # the title was made from a file's name: it can't have faults of the report's
    match = _YEAR.search(title)
    for fault in _title_faults(report, title):
        left = CheckSide(report.title, None, spans)
        yield Check(report.report_id, "wording_of_title", "title", False, left, CheckSide(fault, None))
    if match is None:
        return
    year = int(match["year"]) if match["year"] else parse_chinese(re.sub("[o0零]", "〇", match["chinese"]))
    if report.year is not None and year is not None:
        left = CheckSide(report.title, Decimal(year), spans)
        right = CheckSide("报告年度", Decimal(report.year))
        yield Check(report.report_id, "year_of_title", "title", year == report.year, left, right)


def _title_faults(report: Report, title: str) -> Iterable[str]:
    if _YEAR.search(title) is None:
        yield "标题应写明年份"
    if _TWICE.search(title):
        yield "“年度”不应重复"
    if _NAMELESS.match(title):
        yield "标题应写明机关"
    before, found, _ = title.partition(fold_label(report.body))
    if found and before.endswith(tuple(body_words().stray)) and not before.endswith(_EXPECTED_BEFORE):
        yield f"“{before}”是多余的字"


def _title_span(title: str, opening: Folded) -> tuple[Span, ...]:
    """Where the title, folded, stands; it may be broken over lines."""
    at = opening.text.find(title)
    return (opening.span(at, at + len(title)),) if at >= 0 and title else ()
