"""By what an answer is split: 各镇, 每年, 按机关类型, per county; and which group is asked for: 哪个县, which year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.plan import Grouping, RegionLevel
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading, asks_for_members, wants_number

_LEVELS: dict[str, RegionLevel] = {
    "省": "province",
    "provinc": "province",
    "县": "county",
    "区": "county",
    "count": "county",
    "district": "county",
    "市": "city",
    "cit": "city",
}
_NO_LEVEL = ("地区", "区域")
_EACH = ("各", "各个", "每", "每个", "每家", "每一个", "按", "分")
_EACH_EN = ("by", "per", "each", "every", "each of", "each of the")
_APPLICANTS = ("申请人", "申请主体", "申请者", "applicant")
_SPLITTING = ("按", "各", "每", "逐", "历", "分", "by ", "per ", "each ", "every ")


@dataclass(frozen=True, slots=True)
class Groups:
    """What the question says of groups.

    Attributes:
        by: What the answer is split by, rows first; at most two.
        asked: The group that is asked for rather than split by: 哪一年申请最多.
        position: Where its word stands; -1 without one.
    """

    by: tuple[Grouping, ...] = ()
    asked: Grouping | None = None
    region_level: RegionLevel | None = None

    def __bool__(self) -> bool:
        return bool(self.by or self.asked)


def read_groups(reading: QuestionReading, *, about_applications: bool) -> Groups:
    """The groups of a question; those of the form's columns and outcomes only where it is about applications."""
    found: list[tuple[int, Grouping]] = []
    asked: Grouping | None = None
    level: RegionLevel | None = None
    for tag in reading.tags:
        named = _asked(tag)
        if named is not None:
            asked = asked or named
            level = level or _level(tag.surface)
            continue
        grouping = _grouping(reading, tag, about_applications)
        if grouping is not None:
            found.append((tag.start, grouping))
            level = level or (_level(tag.surface) if grouping == "region" else None)
    rest = _and_so_on(reading) if about_applications else None
    by = tuple(dict.fromkeys([grouping for _, grouping in sorted(found)] + ([rest] if rest else [])))
    if asked in ("column", "outcome"):
        by, asked = (*by, asked), None
    if not about_applications:
        by = tuple(grouping for grouping in by if grouping not in ("column", "outcome"))
    inner = [g for g in by if g in ("column", "outcome")]
    ordered = (*[g for g in by if g not in inner], *inner)
    return Groups(ordered[:2], asked, level if asked == "region" or "region" in ordered else None)


def _and_so_on(reading: QuestionReading) -> Grouping | None:
    """自然人、企业等各有多少 and 予以公开、不予公开等: some are named, and all of them are meant."""
    columns = reading.tagged("column")
    if len(columns) > 1 and _is_open(reading, columns[-1]):
        return "column"
    outcomes = reading.tagged("part", "outcome")
    return "outcome" if len(outcomes) > 1 and _is_open(reading, outcomes[-1]) else None


def _is_open(reading: QuestionReading, last: Tag) -> bool:
    return (
        re.match(r"(?:申请人|申请|提出|提交|提|类|的)*(?:等|之类|什么的)(?!于)", reading.text[last.end :]) is not None
    )


def _asked(tag: Tag) -> Grouping | None:
    values = tag.values("asked_group")
    return values[0] if values else None  # type: ignore[return-value]  # the vocabulary's keys are groupings


def _grouping(reading: QuestionReading, tag: Tag, about_applications: bool) -> Grouping | None:
    values = tag.values("group")
    # Only of groups: it looks at the whole question, which may have hundreds of other words.
    splits = bool(values) and (tag.surface.startswith(_SPLITTING) or _is_split(reading, tag))
    if about_applications and "column" in values:
        # 申请人反复申请的有几件 asks for no breakdown, nor do outcomes for legal-service applicants.
        only_noun = tag.surface in _APPLICANTS
        if only_noun and (reading.has("column") or (wants_number(reading) == "things" and not splits)):
            return None
        return "column"
    if about_applications and "outcome" in values:
        return None if _names_outcome_of_bodies(reading, splits) else "outcome"
    splitters: tuple[Grouping, ...] = ("kind", "region", "year", "body")
    for value in splitters:
        if value in values and (splits or value == "year"):
            return value
    is_noun = tag.means("kind") or tag.means("designation") or tag.means("body")
    if is_noun and not values and _follows_each(reading, tag):
        return "body"
    return None


def _names_outcome_of_bodies(reading: QuestionReading, splits: bool) -> bool:
    """办理结果里无法提供最多的局: one outcome is named, and it is bodies that are ranked by it."""
    ranks = reading.has("operation", "top", "bottom", "rank") and asks_for_members(reading)
    return ranks and not splits and len(reading.tagged("part", "outcome")) == 1


def names_each(reading: QuestionReading) -> bool:
    """Whether a word asks for each of its groups, 每年 or 各县, rather than naming a sort of group: 最多的年份."""
    return any(tag.surface.startswith(_SPLITTING) or _is_split(reading, tag) for tag in reading.tagged("group"))


def _is_split(reading: QuestionReading, tag: Tag) -> bool:
    """按县和年份: the word stands behind 按, alone or joined to another behind it; or the groups are crossed."""
    return reading.has("operation", "breakdown", "crossed") or _follows_each(reading, tag) or _is_joined(reading, tag)


def _is_joined(reading: QuestionReading, tag: Tag) -> bool:
    """By year and kind of body: the word is joined to a group before it."""
    before = [t for t in reading.tagged("group") if t.end < tag.start]
    between = reading.text[before[-1].end : tag.start].strip(" 的各每") if before else ""
    return between in ("、", ",", "和", "与", "及", "以及", "and", "and by", "×", "x")


def _follows_each(reading: QuestionReading, tag: Tag) -> bool:
    before = reading.text[: tag.start].rstrip()
    if before.endswith(" by") and tag.surface != reading.text[tag.start : tag.end]:
        return False  # disclosed by towns, and not broken down by town
    if before.endswith(("向各", "对各", "给各")):
        return False  # 企业向各部门提了多少申请 asks for the sum
    if tag.surface.startswith(("各", "每")) or _crossed(reading, tag):
        return True
    return before.endswith(_EACH) or before.endswith(tuple(f" {word}" for word in _EACH_EN)) or before in _EACH_EN


def _crossed(reading: QuestionReading, tag: Tag) -> bool:
    return reading.text[tag.end :].lstrip().startswith(("×", "x ", "* "))


def _level(surface: str) -> RegionLevel | None:
    if any(word in surface for word in _NO_LEVEL):
        return None
    return next((level for word, level in _LEVELS.items() if word in surface), None)
