"""The title of a report: found among a page's navigation, tables of metadata and running heads, and taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest.documents import Document
from ingest.identity import body_names
from ingest.identity.dates import find_year
from vectorstore.folding import fold_character
from vectorstore.places import gazetteer

HEAD = 2500  # characters in which a title is looked for
_KEYWORD = re.compile(
    r"(?:政府|政务|机关)?(?:信息|政务|事务)(?:主动)?公开(?!条例|指南|目录)[^,。;:]{0,10}?(?:报告|年报|总结)|政府信息工作年度报告|公开年报"
)
_METADATA_LABEL = re.compile(r"^(?:信息)?(?:标\s*题|名\s*称|题\s*名)\s*[:|]*\s*")
_NOT_A_TITLE = re.compile(
    r"首页|当前位置|所在位置|索\s*引\s*号|^发布|^来源|^信息来源|^文章来源|字体|浏览|字号|分享|打印|现(?:将|公布|公开)|根据|依据|按照|如下"
)
FIRST_SECTION = re.compile(r"^\s*(?:一|1)\s*[、..]|^\s*[(]一[)]|^\s*(?:总体情况|概述)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Title:
    """As printed, its lines joined; the name that it bears, empty if none; the year."""

    text: str
    name: str
    year: int | None


def dense(text: str) -> str:
    """The text without white space and without the pinyin that captures have behind rare characters."""
    # Captures of mirror sites have the pinyin of rare characters behind them: 陽(yáng)西.
    return re.sub(r"\s+|\([a-z\u00e0-\u01dc]{1,7}\)(?=[一-鿿\d(])", "", text)


def _title_lines(text: str, printed: str) -> list[tuple[str, str]]:
    """The lines and cells of a report's beginning that a title can be made of: folded, and as printed."""
    lines: list[tuple[str, str]] = []
    for match in re.finditer(r"[^\t|\n]+", text[:HEAD]):
        piece = match.group()
        if FIRST_SECTION.match(piece) and lines:
            break
        start = len(piece) - len(_METADATA_LABEL.sub("", piece.lstrip()).lstrip(" 《#*"))
        folded = piece[start:].rstrip(" 》#*")
        if folded and folded != "-":
            at = match.start() + start
            lines.append((folded, printed[at : at + len(folded)]))
    return lines


def find_title(text: str, document: Document) -> Title | None:
    """The line, or up to three lines, that say whose report on which year this is; ``None`` if there are none."""
    best: tuple[float, Title] | None = None
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
            if len(joined) > 90 or not (title := parse_title(joined)):
                continue
            title = replace(title, text="".join(printed for _, printed in window))
            score = 2.0 * (title.year is not None) + 3.0 * bool(title.name) - 0.5 * count - 0.01 * start
            if best is None or score > best[0]:
                best = (score, title)
    return best[1] if best else None


def parse_title(line: str) -> Title | None:
    whole = dense(line)
    matches = list(_KEYWORD.finditer(whole))
    if not matches:
        return None
    keyword = matches[-1]
    before, after = whole[: keyword.start()], whole[keyword.start() :]
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
    return Title(line, name if _could_be_title_name(name) else "", year)


def _could_be_title_name(name: str) -> bool:
    return body_names.is_name_like(name) or bool(
        2 <= len(name) <= 12 and gazetteer().head(name) and not re.search(r"[,。:;]", name)
    )


def printed_title(title: Title | None, document: Document) -> str:
    if title is None:
        return document.metadata.get("title") or PurePath(document.source).stem
    return title.text
