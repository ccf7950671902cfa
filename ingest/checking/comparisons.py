"""Holds what the prose states against the tables and against itself: I7, I8 and every number that is told twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.checking.check_sides import TABLE_ORIGINS, added, equal, one, place, table_cells
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label
from vectorstore.records import Check, CheckSide, Figure, Mention, Origin, Span

_PROACTIVE = "proactive_total"
_CHANNELS = ("proactive_website", "proactive_wechat")
_HANDLED = "applications_handled"
_RECEIVED = ("applications_new", "applications_carried_in")
_OTHER = "其他"
# In characters: channels further away than a long paragraph belong to another statement.
_CHANNEL_REACH = 400


def compare_prose(
    figures: Sequence[Figure], report_id: str, text: str = "", mentions: Sequence[Mention] = ()
) -> Iterable[Check]:
    """The checks of one body's figures of one year; ``mentions`` (with their ``text``) tell of other channels."""
    yield from _channel_sums(figures, report_id, text, mentions)
    yield from _handled_totals(figures, report_id)
    yield from _readings(figures, report_id)


def _channel_sums(figures: Sequence[Figure], report_id: str, text: str, mentions: Sequence[Mention]) -> Iterable[Check]:
    """Each statement of a total against the channels stated behind it, up to the next total.

    Channels of which nothing is said may make up what is missing, so a smaller sum can't be judged, unless 其他 closes
    the list; a larger one fails.
    """
    prose = sorted((f for f in figures if f.value is not None and f.metric in (_PROACTIVE, *_CHANNELS)), key=_position)
    totals = [figure for figure in prose if figure.metric == _PROACTIVE]
    for index, total in enumerate(totals):
        end = total.start + _CHANNEL_REACH
        if index + 1 < len(totals):
            end = min(end, max(totals[index + 1].start, total.start + 1))
        channels: dict[str, Figure] = {}
        for figure in prose:
            if figure.metric in _CHANNELS and total.start <= figure.start < end:
                channels.setdefault(figure.metric, figure)
        if not channels or any(f.qualifier for f in (total, *channels.values())) or total.value is None:
            continue
        others = _other_channels(total, end, text, mentions)
        sum_ = added(channels.values()) + sum((m.value for m in others), Decimal(0))
        label = "加".join([*(catalogue().name(metric) for metric in channels), *([_OTHER] if others else [])])
        places = (*(place(f) for f in channels.values()), *(Span(m.start, m.end) for m in others))
        left, right = CheckSide(label, sum_, places), one(catalogue().name(_PROACTIVE), total)
        if len(channels) < len(_CHANNELS) and not others:
            if sum_ > total.value:
                yield Check(report_id, "part_over_whole", _PROACTIVE, False, left, right)
            continue
        check = equal(report_id, "channel_sum", _PROACTIVE, left, right)
        yield replace(check, holds=None) if sum_ < total.value and not others else check


def _position(figure: Figure) -> tuple[int, bool]:
    # Readings of one sentence share its span; the total stands first in it.
    return figure.start, figure.metric != _PROACTIVE


def _other_channels(total: Figure, end: int, text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """其他渠道3条 behind the total, in its unit and on the same line."""
    line_end = text.find("\n", total.start)
    end = min(end, line_end if line_end >= 0 else end)
    return [
        mention
        for mention in mentions
        if total.start <= mention.start < end
        and mention.unit == "条"
        and not mention.qualifier
        and (mention.body_id, mention.year) == (total.body_id, total.year)
        and fold_label(mention.counted).startswith(_OTHER)
    ]


def _handled_totals(figures: Sequence[Figure], report_id: str) -> Iterable[Check]:
    """收办, 办理 N件 against new applications and those carried in, from the table or else from prose."""
    cells: Mapping[str, Figure] = table_cells(figures)
    received = []
    for metric in _RECEIVED:
        told = {f.value: f for f in figures if f.metric_id == metric and f.value is not None and not f.qualifier}
        known = cells.get(metric)
        chosen = known if known and known.value is not None else next(iter(told.values())) if len(told) == 1 else None
        received.append(chosen)
    for figure in figures:
        if figure.metric_id != _HANDLED or figure.value is None or figure.qualifier:
            continue
        if figure.origin is not Origin.NARRATIVE:
            continue
        known_ones = [f for f in received if f is not None]
        value = added(known_ones) if len(known_ones) == len(received) else None
        right = CheckSide("本年新收加上年结转", value, tuple(place(f) for f in known_ones))
        yield equal(report_id, "handled_total", _HANDLED, one(catalogue().name(_HANDLED), figure), right)


def _readings(figures: Sequence[Figure], report_id: str) -> Iterable[Check]:
    prose: dict[str, list[Figure]] = defaultdict(list)
    tables: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.value is None or figure.qualifier:
            continue  # 200余 can't be held against 217
        if figure.origin is Origin.NARRATIVE:
            prose[figure.metric_id].append(figure)
        elif figure.origin in TABLE_ORIGINS or (figure.origin is Origin.DERIVED and _is_sum(figure)):
            tables[figure.metric_id].append(figure)
    for metric_id, stated in prose.items():
        name = catalogue().name(metric_id)
        for cell in tables[metric_id]:
            for reading in _distinct(stated):
                right = one(f"表格：{name}", cell)
                yield equal(report_id, "narrative_against_table", metric_id, one(f"正文：{name}", reading), right)
        first, *others = _distinct(stated)
        if len(stated) > 1 and not others:
            others = [stated[1]]
        for reading in others:
            right = one(f"正文另一处：{name}", reading)
            yield equal(report_id, "narrative_against_narrative", metric_id, one(f"正文：{name}", first), right)


def _is_sum(figure: Figure) -> bool:
    # Prose derives figures too ("较去年减少1件"); a sum of the catalogue comes from the tables.
    return bool(catalogue().metrics[figure.metric].sum_of)


def _distinct(readings: Iterable[Figure]) -> list[Figure]:
    """The first reading of each value."""
    by_value: dict[Decimal | None, Figure] = {}
    for reading in readings:
        by_value.setdefault(reading.value, reading)
    return list(by_value.values())
