"""Whether two reports of one body on one year are the same report, or one is a later version of the other.

A report is hidden behind a later version only on strong evidence: most of the wording must be shared, and something
must say which of the two is later. Everything else is two reports, with a warning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import PurePath

from ingest.lexicons import read_lexicon
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_text
from vectorstore.records import Figure, Report, ReportContents, ResolvedFigure, State

SAME_SHARE = 0.9
"""Of the shorter report's prose, what the other must hold for the two to be one report in two formats."""
VERSION_SHARE = 0.5
"""Of each report's prose, what the other must hold for one to be a version of the other."""
_FURNITURE = 40  # characters of prose that may stand inside only one of two copies: a caption, a page's running head
_GRAM = 4
_NEAR = 0.75  # of a sentence's grams, so many must occur in the other text, or it isn't the same one misread
_LEAST = 8  # characters: shorter pieces are labels and numbers


class Relation(StrEnum):
    """What a report is to another of the same body and year."""

    SAME = "same"
    NEWER = "newer"
    OLDER = "older"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A relation, and why: a sentence in Chinese, fit for a warning. ``is_by_date`` if nothing but a date tells it."""

    relation: Relation
    reason: str
    is_by_date: bool = False


@dataclass(frozen=True, slots=True)
class _Overlap:
    """How much of a report's prose another report holds.

    Attributes:
        share: Between 0 and 1, by characters.
        altered: Sentences that the other has with other numbers.
        inside: Characters of the other sentences between the first and the last that are shared.
    """

    share: float
    altered: tuple[str, ...]
    inside: int


Numbers = Sequence[Figure] | Sequence[ResolvedFigure]


def relation(contents: ReportContents, other: Report, other_text: str, other_figures: Numbers) -> Relation:
    """What the first report is to the other: ``NEWER`` if it should replace it. See ``compare`` for the reason."""
    return compare(contents, other, other_text, other_figures).relation


def compare(contents: ReportContents, other: Report, other_text: str, other_figures: Numbers) -> Comparison:
    """What the first report is to the other, and why. Pure, and symmetric but for NEWER and OLDER.

    Args:
        contents: A report as it was read.
        other: Another of the same body and year; one of another body or year is DIFFERENT.
        other_figures: Those of the other report, readings or resolved.
    """
    report = contents.report
    if report.report_id == other.report_id:
        return Comparison(Relation.SAME, "两份报告的文字完全相同。")
    if report.body_id != other.body_id or report.year is None or report.year != other.year:
        return Comparison(Relation.DIFFERENT, "两份报告不是同一机关同一年度的。")
    if report.region is None or other.region is None:
        return Comparison(Relation.DIFFERENT, f"不知道“{report.body}”在哪里，不能断定两份报告出自同一机关。")
    here, there = sentences_of(contents.text), sentences_of(other_text)
    mine, others = _overlap(here, there), _overlap(there, here)
    contradicted = contradictions(contents.figures, other_figures)
    if max(mine.share, others.share) >= SAME_SHARE and not contradicted and _is_nearly_all(mine, others):
        return Comparison(Relation.SAME, "两份报告文字基本相同，数字没有矛盾。")
    if min(mine.share, others.share) < VERSION_SHARE:
        return Comparison(
            Relation.DIFFERENT,
            f"“{report.body}”{report.year}年有两份内容不同的报告，都保留：{other.source}、{report.source}。",
        )
    ordered = _ordered(contents, other, other_text, contradicted)
    later, earlier = (mine, others) if ordered.relation is Relation.NEWER else (others, mine)
    if ordered.is_by_date and not contradicted and _is_excerpt(later, earlier):
        # A copy that breaks off, on a page that was put up after the report was signed, would hide the whole.
        return Comparison(Relation.SAME, "两份报告文字基本相同，一份是另一份的一部分，数字没有矛盾。")
    return ordered


def contradictions(figures: Numbers, others: Numbers) -> list[str]:
    """The full ids of metrics of which both reports state a value and share none, in the catalogue's order."""
    mine, theirs = _values(figures), _values(others)
    clashing = {key[2] for key in mine.keys() & theirs.keys() if not mine[key] & theirs[key]}
    return sorted(clashing)


def _values(figures: Numbers) -> dict[tuple[str, int | None, str], set[Decimal]]:
    found: dict[tuple[str, int | None, str], set[Decimal]] = defaultdict(set)
    for figure in figures:
        readings: Iterable[Figure] = figure.readings if isinstance(figure, ResolvedFigure) else (figure,)
        for reading in readings:
            if reading.value is not None and reading.state is State.STATED:
                found[figure.body_id, figure.year, figure.metric_id].add(reading.value)
    return found


def _is_nearly_all(mine: _Overlap, others: _Overlap) -> bool:
    # What only one of them has before or behind the shared part is the page around it.
    return not (mine.altered or others.altered) and mine.inside <= _FURNITURE and others.inside <= _FURNITURE


def _is_excerpt(part: _Overlap, whole: _Overlap) -> bool:
    """Whether one report says nothing that the other doesn't."""
    return part.share >= SAME_SHARE and part.inside <= _FURNITURE and not (part.altered or whole.altered)


def sentences_of(text: str) -> list[str]:
    """The prose of a text: its sentences folded, only letters and digits of them, without the official form's labels.

    A table's cells and the page's furniture are mostly too short to be among them.
    """
    labels = _form_grams()
    found = []
    for piece in re.split(r"[。！？；!?;\n\t|]+", fold_text(text)):
        sentence = re.sub(r"[\W_]+", "", piece)
        if len(re.sub(r"\d+", "", sentence)) < _LEAST:
            continue
        grams = _grams(sentence)
        if sum(gram in labels for gram in grams) < _NEAR * len(grams):
            found.append(sentence)
    return found


def _grams(sentence: str) -> list[str]:
    return [sentence[at : at + _GRAM] for at in range(len(sentence) - _GRAM + 1)]


@cache
def _form_grams() -> frozenset[str]:
    form = catalogue()
    labels = [
        *(row.label + row.parent for row in form.application_rows),
        *(column.label + column.parent for column in form.application_columns),
        *(cell.article + cell.row + cell.column for cell in form.proactive_cells),
        *(group.label + group.parent for group in form.dispute_groups),
    ]
    return frozenset(gram for label in labels for gram in _grams(re.sub(r"[\W_]+", "", fold_text(label))))


def _overlap(sentences: Sequence[str], others: Sequence[str]) -> _Overlap:
    known = set(others)
    without_numbers = {_blank(sentence) for sentence in others}
    whole = "\n".join(others)
    grams = {gram for sentence in others for gram in _grams(sentence)}
    is_shared: list[bool] = []
    altered = []
    for sentence in sentences:
        if sentence in known:
            is_shared.append(True)
            continue
        own = _grams(sentence)
        near = bool(own) and sum(gram in grams for gram in own) >= _NEAR * len(own)
        numbers = re.findall(r"\d+", sentence)
        if _blank(sentence) in without_numbers or (near and any(number not in whole for number in numbers)):
            altered.append(sentence)
        is_shared.append(near)
    total = sum(map(len, sentences)) or 1
    shared = sum(len(sentence) for sentence, found in zip(sentences, is_shared, strict=True) if found)
    places = [at for at, found in enumerate(is_shared) if found]
    inside = sum(len(sentences[at]) for at in range(places[0], places[-1]) if not is_shared[at]) if places else 0
    return _Overlap(shared / total, tuple(altered), inside)


def _blank(sentence: str) -> str:
    return re.sub(r"\d+", "#", sentence)


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = read_lexicon("versions")
    return re.compile("|".join(data["title_marks"])), re.compile("|".join(data["text_marks"]))


def is_marked_as_later(report: Report, text: str) -> bool:
    """Whether a report says of itself, or its file's name does, that it replaces an earlier one."""
    in_title, in_text = _marks()
    names = [report.title, *(PurePath(source).stem for source in (report.source, *report.sources))]
    if any(in_title.search("".join(fold_text(name).split())) for name in names):
        return True
    dense = "".join(fold_text(text).split())
    return bool(in_text.search(dense[:600]) or in_text.search(dense[-600:]))


def _ordered(contents: ReportContents, other: Report, other_text: str, contradicted: Sequence[str]) -> Comparison:
    """Which of two versions is the later one, by what they say, their dates of issue, the days they were fetched."""
    report = contents.report
    differing = f"（不同之处：{'、'.join(_name(metric) for metric in contradicted[:5])}）" if contradicted else ""
    evidence = (
        ("标明为更正版", is_marked_as_later(report, contents.text), is_marked_as_later(other, other_text)),
        ("发布日期较晚", report.issued_on, other.issued_on),
        ("取得日期较晚", report.retrieved_on, other.retrieved_on),
    )
    for reason, mine, others in evidence:
        if mine is None or others is None or mine == others:
            continue
        is_newer = mine > others  # type: ignore[operator]
        later, earlier = (report.source, other.source) if is_newer else (other.source, report.source)
        return Comparison(
            Relation.NEWER if is_newer else Relation.OLDER,
            f"“{report.body}”{report.year}年的报告有两版，{later}{reason}，取代{earlier}{differing}。",
            is_by_date=not reason.startswith("标明"),
        )
    return Comparison(
        Relation.DIFFERENT,
        f"“{report.body}”{report.year}年的两份报告大部分文字相同，但看不出哪一份在后，都保留：{other.source}、{report.source}{differing}。",
    )


def _name(metric_id: str) -> str:
    try:
        return catalogue().name(metric_id)
    except KeyError:
        return metric_id
