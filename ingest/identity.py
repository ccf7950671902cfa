"""Who reports, where, and about which year: read from a report's title, its author's own naming, and its dates.

The title is believed first and checked against the rest: against how the body signs, against the contact, against
the period of the statistics. Where they disagree the title stands, unless it is damaged, and a warning says so.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from ingest import body_names
from ingest.dates import ISSUE_DATE, date_line, find_period, find_year, published_on, year_from_prose
from ingest.documents import Document
from ingest.regions import region_of
from vectorstore.body_names import canonical_core, short_names
from vectorstore.folding import fold_character
from vectorstore.places import gazetteer
from vectorstore.records import Kind, Section

_HEAD = 2500  # characters in which a title is looked for
_KEYWORD = re.compile(
    r"(?:政府|政务|机关)?(?:信息|政务|事务)(?:主动)?公开(?!条例|指南|目录)[^,。;:]{0,10}?(?:报告|年报|总结)|政府信息工作年度报告|公开年报"
)
_METADATA_LABEL = re.compile(r"^(?:信息)?(?:标\s*题|名\s*称|题\s*名)\s*[:|]*\s*")
_NOT_A_TITLE = re.compile(
    r"首页|当前位置|所在位置|索\s*引\s*号|^发布|^来源|^信息来源|^文章来源|字体|浏览|字号|分享|打印|现(?:将|公布|公开)|根据|依据|按照|如下"
)
_FIRST_SECTION = re.compile(r"^\s*(?:一|1)\s*[、..]|^\s*[(]一[)]|^\s*(?:总体情况|概述)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports, where, and about which year.

    Attributes:
        title: As printed, its lines joined; the file's name where the text has none.
        name: Canonical, as the body signs itself.
        region: ``山东省/威海市/文登区`` as far as known.
        year: The statistics year.
        period, issued_on: ISO dates.
        warnings: Sentences on what was inferred or contradictory.
    """

    title: str
    name: str
    aliases: tuple[str, ...]
    kind: Kind
    region: str | None
    year: int | None
    period: tuple[str, str] | None = None
    issued_on: str | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def body_id(self) -> str:
        """Twelve hexadecimal digits, the same for another spelling of the name in the same region."""
        return body_id(self.name, self.kind, self.region)


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    name: str
    year: int | None


def body_id(name: str, kind: Kind, region: str | None) -> str:
    """The id of a body: the same whether it is called with its province and 管理委员会 or without."""
    key = f"{region or ''}|{kind}|{canonical_core(name, kind, region)}"
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:12]


def identify(document: Document, sections: Sequence[Section] = ()) -> Identity:
    """The identity of a report.

    Args:
        sections: Those of the report, if they have been read: what precedes the first is the preamble.
    """
    # Folded one to one: offsets and line ends stay those of the text.
    text = "".join(map(fold_character_keeping_lines, document.text))
    warnings: list[str] = []
    title = _find_title(text, document)
    preamble_end = min((s.start for s in sections if s.start > 0), default=_preamble_end(text))
    preamble = _dense(text[: max(preamble_end, 0) + 600])
    signature, signed_on = _signature(text)
    name = _choose_name(title, signature, preamble, _dense(text), document, warnings)
    name = name.replace("(", "（").replace(")", "）")
    kind = body_names.kind_of(name)
    region = region_of(name, kind, text, document.source)
    period = find_period(_dense(text))
    issued_on = signed_on or published_on(text[:_HEAD]) or document.metadata.get("date")
    year = _choose_year(title, period, preamble, issued_on, document.source, warnings)
    designations = _self_designations(name, preamble)
    aliases = tuple(dict.fromkeys((*short_names(name, kind, region), *designations)))
    return Identity(
        title=_printed_title(title, document),
        name=name,
        aliases=aliases,
        kind=kind,
        region=region,
        year=year,
        period=period,
        issued_on=issued_on,
        warnings=tuple(warnings),
    )


def fold_character_keeping_lines(character: str) -> str:
    """``fold_character``, but a line end stays one."""
    return character if character == "\n" else fold_character(character)


def _dense(text: str) -> str:
    # Captures of mirror sites have the pinyin of rare characters behind them: 陽(yáng)西.
    return re.sub(r"\s+|\([a-z\u00e0-\u01dc]{1,7}\)(?=[一-鿿\d(])", "", text)


def _preamble_end(text: str) -> int:
    match = _FIRST_SECTION.search(text)
    return match.start() if match else min(len(text), 800)


def _title_lines(text: str, printed: str) -> list[tuple[str, str]]:
    """The lines and cells of a report's beginning that a title can be made of: folded, and as printed."""
    lines: list[tuple[str, str]] = []
    for match in re.finditer(r"[^\t|\n]+", text[:_HEAD]):
        piece = match.group()
        if _FIRST_SECTION.match(piece) and lines:
            break
        start = len(piece) - len(_METADATA_LABEL.sub("", piece.lstrip()).lstrip(" 《#*"))
        folded = piece[start:].rstrip(" 》#*")
        if folded and folded != "-":
            at = match.start() + start
            lines.append((folded, printed[at : at + len(folded)]))
    return lines


def _find_title(text: str, document: Document) -> _Title | None:
    """The line, or up to three lines, that say whose report on which year this is; ``None`` if there are none."""
    best: tuple[float, _Title] | None = None
    lines = _title_lines(text, document.text)
    if given := document.metadata.get("title"):
        given = re.split(r"[_|-]", given)[0].strip()
        lines.append(("".join(map(fold_character, given)), given))
    for start in range(min(len(lines), 40)):
        for count in (1, 2, 3):
            window = lines[start : start + count]
            if len(window) < count or any(
                len(folded) > 60 or "。" in folded or _NOT_A_TITLE.search(folded) for folded, _ in window
            ):
                break
            joined = "".join(folded for folded, _ in window)
            if len(joined) > 90 or not (title := _parse_title(joined)):
                continue
            title = replace(title, text="".join(printed for _, printed in window))
            score = 2.0 * (title.year is not None) + 3.0 * bool(title.name) - 0.5 * count - 0.01 * start
            if best is None or score > best[0]:
                best = (score, title)
    return best[1] if best else None


def _parse_title(line: str) -> _Title | None:
    dense = _dense(line)
    matches = list(_KEYWORD.finditer(dense))
    if not matches:
        return None
    keyword = matches[-1]
    before, after = dense[: keyword.start()], dense[keyword.start() :]
    if before.endswith("人民"):
        before += "政府"  # X镇人民政府信息公开…: the one 政府 belongs to both
    year = find_year(before) or find_year(after)
    name = re.sub(r"\(?(?:20\d\d|二[〇零o]\d?[〇零一二三四五六七八九]{2})年?(?:度)?(?:的)?\)?", "", before)
    name = body_names.body_words().noise.sub("", name)
    name = re.sub(r"年度$|^年度|的$|\(?本级\)?$", "", name)
    name = body_names.tidy(name)
    repeated = re.fullmatch(r"(.{4,})\1", name)  # two captures of one title, glued
    name = repeated[1] if repeated else name
    if year is None and not _could_be_title_name(name) and len(before) > 6:
        return None  # a heading of the page around the report
    return _Title(line, name if _could_be_title_name(name) else "", year)


def _could_be_title_name(name: str) -> bool:
    return body_names.is_name_like(name) or bool(
        2 <= len(name) <= 12 and gazetteer().head(name) and not re.search(r"[,。:;]", name)
    )


def _signature(text: str) -> tuple[str | None, str | None]:
    """(name, ISO date) of the last lines: a body's name above or before a date."""
    lines = [line.strip() for line in text[-1500:].split("\n") if line.strip()]
    for index in range(len(lines) - 1, -1, -1):
        dated = date_line(lines[index])
        if dated is None:
            continue
        before = ISSUE_DATE.sub("", lines[index]).strip(" ()")
        for candidate in (before, lines[index - 1] if index else ""):
            name = body_names.tidy(_dense(candidate))
            if body_names.is_name_like(name):
                return name, dated
        return None, dated
    if lines and "\t" not in lines[-1]:
        name = body_names.tidy(_dense(lines[-1]))
        if body_names.is_name_like(name) and len(name) >= 5:
            return name, None
    return None, None


def _choose_name(
    title: _Title | None, signature: str | None, preamble: str, text: str, document: Document, warnings: list[str]
) -> str:
    stated = list(body_names.find_in_preamble(preamble))
    contacts = [body_names.without_inner_office(n) for n in body_names.find_in_contact(preamble)]
    contacts = [n for n in contacts if body_names.is_name_like(n)]
    titled = title.name if title else ""
    if titled:
        mended = _mend(titled, text, [*([signature] if signature else []), *stated, *contacts])
        if mended != titled:
            warnings.append(f"标题中的“{titled}”按正文改读为“{mended}”。")
        return _as_signed(mended, [*([signature] if signature else []), *contacts, *stated])
    for source, names in (("落款", [signature] if signature else []), ("导语", stated), ("联系方式", contacts)):
        if names:
            warnings.append(f"标题没有写明机关，名称“{names[0]}”取自{source}。")
            return _fuller(names[0], [*stated, *contacts])
    subjects = Counter(body_names.find_as_subject(text))
    if subjects:
        name = _fuller(subjects.most_common(1)[0][0], list(subjects))
        warnings.append(f"标题没有写明机关，名称“{name}”取自正文。")
        return name
    if named := Counter(body_names.find_anywhere(text)):
        name = max(named, key=lambda found: (named[found], len(found)))
        warnings.append(f"标题没有写明机关，名称“{name}”是正文中最常出现的机关名称。")
        return name
    stem = PurePath(document.source).stem
    remaining = _parse_title(stem)
    name = (remaining.name if remaining else "") or stem or "机关不明"
    warnings.append(f"正文没有写明机关，名称“{name}”取自文件名。")
    return name


def _mend(titled: str, text: str, others: list[str]) -> str:
    """The title's name without damage: a stray word before it, or a wording that the report itself never uses."""
    if text.count(titled) > 1 or titled in others:
        return titled
    for cut in range(1, 7):
        if _is_stray(titled[:cut], titled[cut:], text, others):
            return titled[cut:]
    for other in others:
        # 东疆综合东疆综保区: a name that holds all of the right one's characters, in order, and some of them twice.
        if len(titled) > len(other) and set(titled) == set(other) and text.count(other) > 1:
            return other
    return titled


def _is_stray(stray: str, rest: str, text: str, others: list[str]) -> bool:
    """Whether the title's name begins with a word that doesn't belong to it: elsewhere it stands without."""
    places = gazetteer()
    if not body_names.is_name_like(rest) or places.named(stray) or body_names.division_name(stray):
        return False
    if (
        (head := places.head(rest))
        and not places.head(stray + rest)
        and head[0].span.start == 0
        and text.count(rest) > 1
    ):
        return True
    division = body_names.division_name(rest)
    alone = text.count(rest) > text.count(stray + rest)
    if stray in body_names.body_words().stray and alone:
        return True
    # A place that the gazetteer doesn't know is no stray word, so the rest has to begin with one.
    if not division and not head:
        return False
    extension = body_names.body_words().extension
    for other in others:
        if other == rest or (other.startswith(rest) and extension.fullmatch(other[len(rest) :])):
            return True
        before = rest[: -len(other)] if rest.endswith(other) else ""
        if before and before == division and text.count(before) > text.count(stray + before):
            return True
    return False


def _as_signed(name: str, others: list[str]) -> str:
    """The name with the organ or the county that the body's signature, contact or preamble adds to it."""
    for other in others:
        if other.startswith(name) and body_names.body_words().extension.fullmatch(other[len(name) :]):
            return other
    if not gazetteer().head(name):
        for other in others:
            if other != name and other.endswith(name) and _is_all_places(other[: -len(name)]):
                return other
    return name


def _is_all_places(prefix: str) -> bool:
    head = gazetteer().head(prefix)
    return bool(head) and head[-1].span.end == len(prefix)


def _fuller(name: str, others: Sequence[str]) -> str:
    """The longest of the others that is the name with the places before it."""
    longer = [o for o in others if o.endswith(name) and o != name and _is_all_places(o[: -len(name)])]
    return max(longer, key=len, default=name)


def _choose_year(
    title: _Title | None,
    period: tuple[str, str] | None,
    preamble: str,
    issued_on: str | None,
    source: str,
    warnings: list[str],
) -> int | None:
    titled = title.year if title else None
    readings: Iterator[tuple[str, int | None]] = iter(
        (
            ("统计期限", int(period[1][:4]) if period else None),
            ("正文", year_from_prose(preamble)),
            ("文件名", find_year(PurePath(source).stem)),
            ("发布日期", int(issued_on[:4]) - 1 if issued_on else None),
        )
    )
    if titled is None:
        for place, year in readings:
            if year is not None:
                warnings.append(f"标题没有写明年度，{year}年取自{place}。")
                return year
        warnings.append("看不出这份报告是哪一年度的。")
        return None
    for place, year in readings:
        if year is not None and place in ("统计期限", "发布日期") and year != titled:
            # A report published late is no contradiction; one published before its year ended is.
            if place == "发布日期" and year > titled:
                continue
            warnings.append(f"标题写{titled}年，{place}表明是{year}年；以标题为准。")
    return titled


def _self_designations(name: str, preamble: str) -> list[str]:
    """Short names that the report gives its author: （以下简称甲开发区）, where they are more than a kind of body."""
    found = []
    for match in re.finditer(
        r"(?P<long>[一-鿿]{4,40})\(以?下?(?:统)?简称:?[“\"'《]?(?P<short>[一-鿿]{3,12})[”\"'》]?\)", preamble
    ):
        shared = set(match["short"]) & set(name)
        starts = any(name.startswith(match["short"][:2], at) for at in range(len(name)))
        belongs = match["long"].endswith(name[-6:]) or name[:6] in match["long"]
        if belongs and starts and len(shared) >= 3 and match["short"] != name:
            rest = body_names.body_words().zone_term.sub("", match["short"])
            if len(rest) >= 2:
                found.append(match["short"])
    return found


def _printed_title(title: _Title | None, document: Document) -> str:
    if title is None:
        return document.metadata.get("title") or PurePath(document.source).stem
    return title.text
