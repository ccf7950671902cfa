"""Turns the pictures that stand for the form's tables into figures: certified ones, and unreadable ones that say why.

Without the extra for pictures, or where a format keeps no image, every figure of such a table is unreadable, with the
picture's placeholder as its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ingest.documents import Cell, Document, Picture
from ingest.forms.cells import CellValue
from ingest.forms.form_rows import FigureMaker
from ingest.pictures import optical_recognition
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure, Origin, ReportPicture, Section, SectionRole, State

if TYPE_CHECKING:
    from ingest.pictures.table_pictures import PicturedCell, PicturedTable

MOST_PICTURES = 12
"""Of one report; each takes seconds."""
_NO_IMAGE = "该表是图片，数值无法读取。"
_NO_RECOGNITION = "该表是图片，本机未安装图片识别组件（nianbao[ocr]），数值未读取。"
_NOT_LEGIBLE = "该表是图片，未能从中识别出这一格。"
_READ = "由图片识别，经表内勾稽关系核对。"
_NOT_CERTIFIED = "该表是图片，这一格的识别结果未能通过表内勾稽关系核对。"
_NO_IDENTITY = "该表是图片，表内没有可核对这一格的勾稽关系，识别结果未予采用。"
_CONFIRMED = "由图片识别，与正文所述一致。"
_SIGNATURES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


@dataclass(frozen=True, slots=True)
class PictureReading:
    """What the pictures of tables say.

    Attributes:
        figures: Of origin ``IMAGE``; the tables in the order of the text.
        tables_found: Tables with at least one cell that could be certified.
        pictured: Tables of which there are only pictures, each with its first one.
        pictures: All pictures of those tables, in the order of the text.
        unconfirmed: Readings of cells that no identity holds, by metric; see ``confirm``.
    """

    figures: tuple[Figure, ...] = ()
    tables_found: tuple[SectionRole, ...] = ()
    pictured: dict[SectionRole, Picture] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    unconfirmed: dict[str, Decimal] = field(default_factory=dict)


def read_form_pictures(
    document: Document,
    parts: Mapping[SectionRole, Sequence[Section]],
    read: Iterable[SectionRole],
    maker: FigureMaker,
) -> PictureReading:
    """The figures of the form's tables that stand in the document as pictures.

    A picture is of the table that its labels say; only where nothing can be recognized is it of the part it stands in.

    Args:
        parts: The document's parts that are about each of the form's tables.
        read: The tables that were read from text; no picture is looked for them.
    """
    wanted = [role for role in parts if role not in set(read)]
    placed = [
        (block, next((r for r in parts if any(s.start <= block.span.start < s.end for s in parts[r])), None))
        for block in document.blocks
        if isinstance(block, Picture)
    ]
    candidates = [(picture, role) for picture, role in placed if role is None or role in wanted]
    if not wanted or not candidates:
        return PictureReading()
    if optical_recognition.is_available():
        return _recognized(candidates, wanted, maker)
    return _by_place(candidates, maker)


def confirm(figures: Iterable[Figure], unconfirmed: Mapping[str, Decimal], stated: Iterable[Figure]) -> list[Figure]:
    """The figures, where an uncertified cell of a picture counts if the report's prose states that very number."""
    told = {
        (figure.metric_id, figure.year, figure.body_id): figure.value
        for figure in stated
        if figure.state is State.STATED and figure.qualifier is None
    }
    confirmed = []
    for figure in figures:
        read = unconfirmed.get(figure.metric_id)
        if (
            figure.origin is Origin.IMAGE
            and figure.state is State.UNREADABLE
            and read is not None
            and told.get((figure.metric_id, figure.year, figure.body_id)) == read
        ):
            figure = replace(figure, state=State.STATED, value=read, note=_CONFIRMED)
        confirmed.append(figure)
    return confirmed


def report_picture(picture: Picture) -> ReportPicture | None:
    """The picture as the index keeps it; ``None`` where the format has no image, or one of a type not shown."""
    if picture.image is None:
        return None
    for signature, media_type in _SIGNATURES:
        if picture.image.startswith(signature):
            return ReportPicture(picture.span.start, picture.span.end, picture.image, media_type, picture.page)
    if picture.image[:4] == b"RIFF" and picture.image[8:12] == b"WEBP":
        return ReportPicture(picture.span.start, picture.span.end, picture.image, "image/webp", picture.page)
    return None


_Placed = tuple[Picture, SectionRole | None]


def _by_place(candidates: Sequence[_Placed], maker: FigureMaker) -> PictureReading:
    """What can be said without recognition: which parts have a picture where their table belongs."""
    pictured: dict[SectionRole, Picture] = {}
    for picture, role in candidates:
        if role is not None:
            pictured.setdefault(role, picture)
    figures = [f for role, picture in pictured.items() for f in _unread(role, picture, maker)]
    pictures = tuple(picture for picture, role in candidates if role is not None)
    return PictureReading(tuple(figures), (), pictured, pictures)


def _recognized(candidates: Sequence[_Placed], wanted: Sequence[SectionRole], maker: FigureMaker) -> PictureReading:
    from ingest.pictures.table_pictures import read_table_pictures, shows_grid

    tried = [
        picture
        for picture, role in candidates
        if picture.image is not None and (role is not None or shows_grid(picture.image))
    ][:MOST_PICTURES]
    tables = [t for t in read_table_pictures([p.image for p in tried if p.image is not None]) if t.role in wanted]
    pictured: dict[SectionRole, Picture] = {}
    shown: list[Picture] = []
    figures: list[Figure] = []
    unconfirmed: dict[str, Decimal] = {}
    for table in tables:
        own = [tried[number] for number in table.pictures]
        pictured.setdefault(table.role, own[0])
        shown.extend(own)
        figures.extend(_table_figures(table, tried, maker))
        unconfirmed.update({m: c.unconfirmed for m, c in table.cells.items() if c.unconfirmed is not None})
    for picture, role in candidates:
        # What can't be decoded, or is ruled like a table, may be the table; anything else is no table.
        if role is not None and picture not in shown and role not in {t.role for t in tables}:
            if picture.image is not None and picture in tried and not shows_grid(picture.image, if_broken=True):
                continue
            shown.append(picture)
            if role not in pictured:
                pictured[role] = picture
                figures.extend(_unread(role, picture, maker))
    found = {figure.metric for figure in figures if figure.state is not State.UNREADABLE}
    metrics = catalogue().metrics
    tables_found = tuple(role for role in wanted if any(metrics[metric].table == role.value for metric in found))
    shown.sort(key=lambda picture: picture.span)
    return PictureReading(tuple(figures), tables_found, pictured, tuple(dict.fromkeys(shown)), unconfirmed)


def _unread(role: SectionRole, picture: Picture, maker: FigureMaker) -> list[Figure]:
    """An unreadable figure for each cell of the table: a report that shows it as a picture isn't silent about it."""
    if picture.image is None:
        note = _NO_IMAGE
    else:
        note = _NOT_LEGIBLE if optical_recognition.is_available() else _NO_RECOGNITION
    return [_unreadable(metric_id, picture, maker, note) for metric_id in _cells(role)]


def _cells(role: SectionRole) -> list[str]:
    """The full ids of a table of the form: its rows' totals, and of those with applicants also each applicant's."""
    metrics = [m for m in catalogue().metrics.values() if m.table == role.value and not m.is_former]
    columns = [column.id for column in catalogue().applicant_columns]
    return [i for m in metrics for i in (m.id, *(f"{m.id}__{column}" for column in columns if m.has_columns))]


def _unreadable(metric_id: str, picture: Picture, maker: FigureMaker, note: str) -> Figure:
    metric, column = catalogue().split(metric_id)
    unknown = CellValue(State.UNREADABLE)
    return maker.figure(metric.id, column, metric.unit, unknown, picture.span, None, note, Origin.IMAGE, picture.page)


def _table_figures(table: PicturedTable, tried: Sequence[Picture], maker: FigureMaker) -> list[Figure]:
    figures = [_cell_figure(metric, cell, tried[cell.picture], maker) for metric, cell in table.cells.items()]
    # The older form's one row of （六） stands for the three that it sums up.
    summed = {m for row in table.cells if row in catalogue().metrics for m in catalogue().metrics[row].sum_of}
    first = tried[table.pictures[0]]
    return figures + [
        _unreadable(metric_id, first, maker, _NOT_LEGIBLE)
        for metric_id in _cells(table.role)
        if metric_id not in table.cells and catalogue().split(metric_id)[0].id not in summed
    ]


def _cell_figure(metric: str, cell: PicturedCell, picture: Picture, maker: FigureMaker) -> Figure:
    row, column = catalogue().split(metric)
    if cell.state is not State.UNREADABLE:
        note = _READ
    else:
        note = _NO_IDENTITY if row.table == SectionRole.PROACTIVE_TABLE.value else _NOT_CERTIFIED
    return maker.figure(
        row.id,
        column,
        row.unit,
        CellValue(cell.state, cell.value),
        picture.span,
        Cell(cell.row, cell.column, picture.span),
        note,
        Origin.IMAGE,
        picture.page,
    )
