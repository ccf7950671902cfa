"""Which passage of a report a place lies in: one at a time, or of very many places in few queries."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from operator import itemgetter

from sqlalchemy import Connection, select

from vectorstore import rows, schema
from vectorstore.batches import batched
from vectorstore.records import Passage, PassageExtent, SectionRole

Extent = tuple[int, int, str, int | None]
"""Of a passage its start, end, id and page."""


def read_passages(connection: Connection, report_id: str) -> list[Passage]:
    """The passages of a report in the order of its text."""
    passages, reports = schema.passages.c, schema.reports.c
    statement = (
        select(schema.passages)
        .join(schema.reports, passages.report_key == reports.key)
        .where(reports.report_id == report_id)
        .order_by(passages.start, passages.end)
    )
    return [rows.passage_of(row, report_id) for row in connection.execute(statement)]


def read_passage_extents(connection: Connection, report_ids: Collection[str]) -> dict[str, list[PassageExtent]]:
    """Where the passages of each report stand, in the order of its text, in few queries."""
    passages, reports = schema.passages.c, schema.reports.c
    extents = (
        select(reports.report_id, passages.start, passages.end, passages.role, passages.is_table)
        .join(schema.reports, passages.report_key == reports.key)
        .order_by(passages.start, passages.end)
    )
    roles: dict[str | None, SectionRole | None] = {None: None} | {role.value: role for role in SectionRole}
    found: dict[str, list[PassageExtent]] = {report_id: [] for report_id in report_ids}
    for ids in batched(found):
        for report_id, start, end, role, is_table in connection.execute(extents.where(reports.report_id.in_(ids))):
            found[report_id].append(PassageExtent(start, end, roles[role], bool(is_table)))
    return found


def passage_at(passages: Sequence[Passage], start: int, end: int) -> Passage | None:
    """The passage, of a report's in order, that covers a span's start; of several the shortest that covers it all."""
    upto = bisect_right(passages, start, key=lambda passage: passage.start)
    covering = [passage for passage in passages[:upto] if start < passage.end or start == passage.start]
    return min(covering, key=lambda p: (p.end < end, p.end - p.start), default=None)


def read_passage_ids_at(
    connection: Connection, places: Sequence[tuple[str, int, int]]
) -> list[tuple[str, int | None] | None]:
    """Id and page of the passage that `passage_at` gives for each place: report id, start, end."""
    passages, reports = schema.passages.c, schema.reports.c
    extents = (
        select(reports.report_id, passages.start, passages.end, passages.passage_id, passages.page)
        .join(schema.reports, passages.report_key == reports.key)
        .order_by(passages.start, passages.end)
    )
    of_report: dict[str, list[Extent]] = defaultdict(list)
    for ids in batched(dict.fromkeys(report_id for report_id, _, _ in places)):
        # All at once: fetching them one by one takes twice as long.
        for report_id, *extent in connection.execute(extents.where(reports.report_id.in_(ids))).all():
            of_report[report_id].append((extent[0], extent[1], extent[2], extent[3]))
    return [_covering(of_report[report_id], start, end) for report_id, start, end in places]


def _covering(extents: Sequence[Extent], start: int, end: int) -> tuple[str, int | None] | None:
    upto = bisect_right(extents, start, key=itemgetter(0))
    covering = [extent for extent in extents[:upto] if start < extent[1] or start == extent[0]]
    best = min(covering, key=lambda extent: (extent[1] < end, extent[1] - extent[0]), default=None)
    return None if best is None else best[2:]
