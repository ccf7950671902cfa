"""Reads the official form's three tables, and says which of them stand there only as pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.documents import Document, Picture, Table
from ingest.forms.application_table import is_application_label, read_application_rows
from ingest.forms.dispute_table import is_dispute_label, read_dispute_rows
from ingest.forms.form_rows import FigureMaker, FormRow, split_rows
from ingest.forms.line_tables import tables_of_lines
from ingest.forms.proactive_table import is_proactive_label, read_proactive_rows
from ingest.pictures.form_pictures import PictureReading, read_form_pictures
from vectorstore.records import Figure, Section, SectionRole, State

TABLES = (SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE)
"""The form's tables in its order."""

_BELONGS: tuple[tuple[SectionRole, Callable[[str], bool]], ...] = (
    (SectionRole.PROACTIVE_TABLE, is_proactive_label),
    (SectionRole.APPLICATION_TABLE, is_application_label),
    (SectionRole.DISPUTE_TABLE, is_dispute_label),
)
_READERS: dict[SectionRole, Callable[[Sequence[FormRow], FigureMaker], list[Figure]]] = {
    SectionRole.PROACTIVE_TABLE: read_proactive_rows,
    SectionRole.APPLICATION_TABLE: read_application_rows,
    SectionRole.DISPUTE_TABLE: read_dispute_rows,
}


@dataclass(frozen=True, slots=True)
class FormReading:
    """What the form's tables say.

    Attributes:
        figures: In the order of the text within a table; the tables in the form's order.
        tables_found: Those that gave at least one cell that could be read.
        pictured: Those of which there are only pictures, each with its first one.
        pictures: Number of pictures that stand where a table belongs.
        picture_reading: What these pictures say; its figures are among ``figures``.
    """

    figures: tuple[Figure, ...]
    tables_found: tuple[SectionRole, ...]
    pictured: dict[SectionRole, Picture]
    pictures: int
    picture_reading: PictureReading


def read_form(
    document: Document, sections: Sequence[Section], *, report_id: str, body_id: str, year: int | None
) -> FormReading:
    """Every cell of the form that the document's tables hold, as figures of the issuer.

    A table that is only a picture gives figures of origin ``IMAGE``: those that recognition and the form's identities
    certify, and an ``UNREADABLE`` one for any other of its metrics, so that an answer can say why there is no value.
    A part with neither table nor picture gives nothing.
    """
    maker = FigureMaker(report_id, body_id, year)
    rows = _rows_by_table(document, sections)
    figures: list[Figure] = []
    found: list[SectionRole] = []
    for role in TABLES:
        read = [figure for group in rows[role] for figure in _READERS[role](group, maker)]
        figures.extend(read)
        if any(figure.state is not State.UNREADABLE for figure in read):
            found.append(role)
    parts = {role: [s for s in sections if s.level == 1 and s.role is role] for role in TABLES}
    pictures = read_form_pictures(document, parts, {role for role in TABLES if rows[role]}, maker)
    found = [role for role in TABLES if role in found or role in pictures.tables_found]
    return FormReading((*figures, *pictures.figures), tuple(found), pictures.pictured, len(pictures.pictures), pictures)


_Rows = list[list[FormRow]]


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
        current = groups[role][-1] if continues and role else None
        for row in split_rows(block, document.text):
            named = _table_of(row)
            if named is not None and named is not role:
                role, current = named, []
                groups[role].append(current)
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
