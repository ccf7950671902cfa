"""Reads the official form's three tables, and says which of them stand there only as pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.application_table import is_application_label, read_application_rows
from ingest.cells import CellValue
from ingest.dispute_table import is_dispute_label, read_dispute_rows
from ingest.documents import Document, Picture, Table
from ingest.form_rows import FigureMaker, FormRow, split_rows
from ingest.line_tables import tables_of_lines
from ingest.proactive_table import is_proactive_label, read_proactive_rows
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure, Origin, Section, SectionRole, State

TABLES = (SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE)
"""The form's tables in its order."""

_BELONGS: tuple[tuple[SectionRole, Callable[[str], bool]], ...] = (
    (SectionRole.PROACTIVE_TABLE, is_proactive_label),
    (SectionRole.APPLICATION_TABLE, is_application_label),
    (SectionRole.DISPUTE_TABLE, is_dispute_label),
)
_READERS: dict[SectionRole, Callable[[Sequence[FormRow], FigureMaker, int | None], list[Figure]]] = {
    SectionRole.PROACTIVE_TABLE: read_proactive_rows,
    SectionRole.APPLICATION_TABLE: read_application_rows,
    SectionRole.DISPUTE_TABLE: read_dispute_rows,
}
_PICTURED = "该表是图片，数值无法读取。"


@dataclass(frozen=True, slots=True)
class FormReading:
    """What the form's tables say.

    Attributes:
        figures: In the order of the text within a table; the tables in the form's order.
        tables_found: Those that gave at least one cell that could be read.
        pictured: Those of which there is only a picture, with the picture.
        pictures: Number of pictures that stand where a table belongs.
    """

    figures: tuple[Figure, ...]
    tables_found: tuple[SectionRole, ...]
    pictured: dict[SectionRole, Picture]
    pictures: int


def read_form(
    document: Document, sections: Sequence[Section], *, report_id: str, body_id: str, year: int | None
) -> FormReading:
    """Every cell of the form that the document's tables hold, as figures of the issuer.

    A table that is only a picture gives an ``UNREADABLE`` figure of origin ``IMAGE`` for each of its metrics without
    a column, so that an answer can say why there is no value. A part with neither table nor picture gives nothing.
    """
    maker = FigureMaker(report_id, body_id, year)
    rows = _rows_by_table(document, sections)
    figures: list[Figure] = []
    found: list[SectionRole] = []
    for role in TABLES:
        read = [figure for page, group in rows[role] for figure in _READERS[role](group, maker, page)]
        figures.extend(read)
        if any(figure.state is not State.UNREADABLE for figure in read):
            found.append(role)
    pictured, pictures = _pictures(document, sections, {role for role in TABLES if rows[role]})
    for role, picture in pictured.items():
        figures.extend(_pictured_figures(role, picture, maker))
    return FormReading(tuple(figures), tuple(found), pictured, pictures)


_Rows = list[tuple[int | None, list[FormRow]]]


def _rows_by_table(document: Document, sections: Sequence[Section]) -> dict[SectionRole, _Rows]:
    """The rows that belong to each table of the form, in groups that stood together."""
    groups: dict[SectionRole, _Rows] = {role: [] for role in TABLES}
    role: SectionRole | None = None
    last_part: Section | None = None
    tables = [block for block in document.blocks if isinstance(block, Table)]
    for block in sorted((*tables, *tables_of_lines(document, sections)), key=lambda table: table.span):
        part = _part_at(sections, block.span.start)
        # A table torn in two goes on where it stopped, as long as no heading of a part stands between.
        continues = part is last_part and role is not None
        role, last_part = (role if continues else None), part
        current = groups[role][-1][1] if continues and role else None
        for row in split_rows(block, document.text):
            named = _table_of(row)
            if named is not None and named is not role:
                role, current = named, []
                groups[role].append((block.page, current))
            if current is not None:
                current.append(row)
    return groups


def _table_of(row: FormRow) -> SectionRole | None:
    for label in row.label_texts:
        for role, belongs in _BELONGS:
            if belongs(label):
                return role
    return None


def _part_at(sections: Sequence[Section], offset: int) -> Section | None:
    return next((s for s in sections if s.level == 1 and s.start <= offset < s.end), None)


def _pictures(
    document: Document, sections: Sequence[Section], read: set[SectionRole]
) -> tuple[dict[SectionRole, Picture], int]:
    pictured: dict[SectionRole, Picture] = {}
    count = 0
    for block in document.blocks:
        if not isinstance(block, Picture):
            continue
        part = _part_at(sections, block.span.start)
        if part is None or part.role not in TABLES or part.role in read:
            continue
        count += 1
        pictured.setdefault(part.role, block)
    return pictured, count


def _pictured_figures(role: SectionRole, picture: Picture, maker: FigureMaker) -> list[Figure]:
    metrics = (metric for metric in catalogue().metrics.values() if metric.table == role.value)
    unknown = CellValue(State.UNREADABLE)
    return [
        maker.figure(m.id, None, m.unit, unknown, picture.span, None, _PICTURED, Origin.IMAGE, picture.page)
        for m in metrics
    ]
