"""Years, periods and dates as reports write them, with the damage that captures do to them (20231月1日)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from vectorstore.numerals import parse_chinese

_CHINESE_YEAR = re.compile(r"二[〇零o0○][〇零一二三四五六七八九]{2}(?=年)")
_YEAR = re.compile(r"(?<![\d/.\-])(20[0-3]\d)(?![\d/\-])")
_DAY = r"(?:(?P<y{n}>20\d\d)年)?(?P<m{n}>1[0-2]|0?[1-9])月(?P<d{n}>3[01]|[12]\d|0?[1-9])日?"
_PERIOD = re.compile(
    _DAY.format(n=1)
    + r"(?:0时)?(?:起|开始)?[,，]?(?:至|到|-+|~|～|—+)"
    + _DAY.format(n=2).replace("(?:(?P<y2>20\\d\\d)年)?", r"(?:(?P<y2>20\d\d)年|当年|同年)?")
)
_STATISTICS = re.compile(r"(?:统计|时限|期限|数据|时间段|截至|截止)")
_DAMAGED = re.compile(r"(?:统计|时限|期限)[^。]{0,14}?(20[0-3]\d)(?=年|\d{0,2}月|\d{1,4}日)")
_CHINESE_NUMERAL = r"[〇零○o一二三四五六七八九十]"
ISSUE_DATE = re.compile(
    rf"(?P<year>20\d\d|二{_CHINESE_NUMERAL}{{3}})\s*[年./-]\s*(?P<month>\d{{1,2}}|{_CHINESE_NUMERAL}{{1,2}})\s*[月./-]\s*"
    rf"(?P<day>\d{{1,2}}|{_CHINESE_NUMERAL}{{1,3}})\s*日?"
)
_PUBLISHED = re.compile(
    r"(?:发布|发文|发表|生成|成文|公开|印发|发稿|更新)(?:日期|时间)[\s:|]*(?P<date>20\d\d[-年./]\d{1,2}[-月./]\d{1,2})"
)
# 本报告由某局编制，于2024年1月25日发布: what the regulations were issued on is none of it.
_ANNOUNCED = re.compile(
    r"(?:本报告|本年报|年度报告|编制)[^。《》\n]{0,60}?(?:于|,)(?P<date>20\d\d年\d{1,2}月\d{1,2})日"
    r"(?:编制完成)?(?:[,并]|对外|向社会|正式|予以){0,3}(?:发布|公布|公开)"
)


def find_year(text: str) -> int | None:
    """The first year of a title or file name, in digits or as 二〇二三."""
    chinese = _CHINESE_YEAR.search(text)
    if chinese:
        value = parse_chinese(re.sub("[o0○]", "〇", chinese.group()))
        return value if value and 2000 <= value < 2040 else None
    followed = re.search(r"(?<!\d)(20[0-3]\d)年", text) or _YEAR.search(text)
    return int(followed[1]) if followed else None


def find_period(text: str) -> tuple[str, str] | None:
    """First and last day of the statistics as ISO dates. ``text`` is folded and without white space.

    ``None`` where it isn't stated, or is damaged so that a day would have to be guessed.
    """
    for match in _PERIOD.finditer(text):
        first_year = match["y1"]
        if not first_year or not _STATISTICS.search(text[max(0, match.start() - 40) : match.start()]):
            continue
        first = _iso(first_year, match["m1"], match["d1"])
        last = _iso(match["y2"] or first_year, match["m2"], match["d2"])
        if first and last and first < last:
            return first, last
    return None


def year_from_prose(text: str) -> int | None:
    """The year that a preamble is about: of its damaged period, else the one that it names most.

    ``text`` is folded and without white space. Years of regulations and document numbers (〔2021〕30号) don't count.
    """
    if damaged := _DAMAGED.search(text):
        return int(damaged[1])
    years = Counter(re.findall(r"(?<![\d〔\[(])(20[0-3]\d)年(?!\d{1,2}月\d{1,2}日(?:修订|施行|印发|公布))", text))
    ranked = years.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return int(ranked[0][0])


def date_line(line: str) -> str | None:
    """The ISO date of a line that is little more than a date: 2024年1月22日, 二〇二四年一月二十二日."""
    match = ISSUE_DATE.search(line)
    if match is None or len(line) - len(match.group()) > 45 or re.search(r"[,，。;；]", line):
        return None
    if re.search(r"统计|期限|版权|更新|浏览|点击", line):
        return None
    return _iso(match["year"], match["month"], match["day"])


def published_on(text: str) -> str | None:
    """The ISO date that a page's header gives for its publication, or the report itself."""
    match = _PUBLISHED.search(text) or _ANNOUNCED.search(text)
    if match is None:
        return None
    return _iso(*re.split(r"\D", match["date"])[:3])


def _iso(year: str, month: str, day: str) -> str | None:
    numbers = []
    for written in (year, month, day):
        value = int(written) if written.isdigit() else parse_chinese(re.sub("[o○]", "〇", written))
        if value is None:
            return None
        numbers.append(value)
    try:
        return date(*numbers).isoformat()
    except ValueError:
        return None
