"""Reads the form's tables from pictures: words, grid, cells, and what the identities make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.pictures.cell_readings import CellPicture, conclude, cut_cell, doubt_faint_blanks, vote_enlarged, vote_first
from ingest.pictures.cell_words import complete_words
from ingest.pictures.certification import Certification, certify
from ingest.pictures.optical_recognition import Word, recognize
from ingest.pictures.pictured_forms import find_role, locate
from ingest.pictures.table_grids import GridCell, find_grid
from ingest.pictures.table_regions import Box, find_table_regions
from ingest.pictures.upright_images import UprightImage, decode_grey, make_upright
from vectorstore.records import SectionRole, State

_FINDING_WIDTH = 900
"""In pixels. The form's table of applications, the largest, has characters 15 pixels high then."""


@dataclass(frozen=True, slots=True)
class PicturedCell:
    """A cell of a table on a picture.

    Attributes:
        state: ``STATED``, ``BLANK`` or ``NOT_APPLICABLE`` only where every identity that holds the cell is
            satisfied; else ``UNREADABLE``.
        value: Set where it is stated.
        row, column: On the grid of its picture, zero-based.
        box: In pixels of the picture.
        picture: The index of its picture among those that were read together.
        unconfirmed: What recognition made of a cell that no identity holds. Not a value: another source must
            state the same.
    """

    state: State
    value: Decimal | None
    row: int
    column: int
    box: Box
    picture: int = 0
    unconfirmed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PicturedTable:
    """A table of the form, or a part of one.

    Attributes:
        cells: By full metric id; empty where the picture shows the table, and its cells can't be told apart.
        pictures: The indices of its pictures among those that were read together.
    """

    role: SectionRole
    cells: dict[str, PicturedCell]
    pictures: tuple[int, ...] = (0,)


def read_table_picture(image: bytes, role: SectionRole | None = None) -> PicturedTable | None:
    """The table of the form that a picture shows; the first one of ``role``, where it shows several.

    Returns:
        ``None`` where no table of the form is seen, or none of the role. A table whose cells can't be told apart
        has none.

    Raises:
        ReadError: The extra for pictures isn't installed.
    """
    tables = read_table_pictures([image])
    return next((table for table in tables if role is None or table.role is role), None)


def read_table_pictures(images: Sequence[bytes]) -> tuple[PicturedTable, ...]:
    """The tables of the form on pictures that follow one another, in order.

    A table that begins on one picture and goes on on the next is one table. Raises as ``read_table_picture``.
    """
    tables: list[_Table] = []
    for number, image in enumerate(images):
        for sheet in _read_sheets(image, number):
            same = next((t for t in reversed(tables) if t.role is sheet.role), None)
            if same is not None and same.cells and sheet.cells and same.cells.keys().isdisjoint(sheet.cells):
                same.cells.update(sheet.cells)
                same.numbers = tuple(dict.fromkeys((*same.numbers, number)))
            else:
                tables.append(sheet)
    return tuple(table.certified() for table in tables)


def shows_grid(image: bytes, *, if_broken: bool = False) -> bool:
    """Whether a picture shows a table with lines; ``if_broken`` of one that can't be decoded. Recognizes nothing."""
    grey = decode_grey(image)
    return if_broken if grey is None else bool(find_table_regions(make_upright(grey).image))


@dataclass(frozen=True, slots=True)
class _Cell:
    grid_cell: GridCell
    picture: CellPicture
    box: Box
    number: int
    is_ruled: bool


@dataclass(slots=True)
class _Table:
    role: SectionRole
    cells: dict[str, _Cell]
    numbers: tuple[int, ...]

    def certified(self) -> PicturedTable:
        """Read every cell, those that the identities leave in doubt again, and keep what they then confirm."""
        pictures = [cell.picture for cell in self.cells.values()]
        doubt_faint_blanks(pictures)
        vote_first(pictures)
        certification = self._certification()
        if certification.doubtful:
            vote_enlarged([self.cells[metric].picture for metric in sorted(certification.doubtful)])
            certification = self._certification()
        made = {}
        for metric, cell in self.cells.items():
            certificate = certification.certificates[metric]
            made[metric] = PicturedCell(
                certificate.state,
                None if certificate.value is None else Decimal(certificate.value),
                cell.grid_cell.row,
                cell.grid_cell.column,
                cell.box,
                cell.number,
                self._unconfirmed(cell),
            )
        return PicturedTable(self.role, made, self.numbers)

    def _certification(self) -> Certification:
        return certify(self.role, {m: conclude(cell.picture, cell.is_ruled) for m, cell in self.cells.items()})

    def _unconfirmed(self, cell: _Cell) -> Decimal | None:
        if self.role is not SectionRole.PROACTIVE_TABLE:
            return None
        reading = conclude(cell.picture, cell.is_ruled)
        return Decimal(reading.candidates[0]) if reading.is_backed else None


def _read_sheets(data: bytes, number: int) -> list[_Table]:
    """The tables of one picture, located and cut into cells."""
    grey = decode_grey(data)
    if grey is None:
        return []
    upright = make_upright(grey)
    words = recognize(upright.image, _FINDING_WIDTH)
    regions = find_table_regions(upright.image)
    height, width = upright.image.shape
    if len(regions) < 2:
        regions = (Box(0, 0, width, height),)
    sheets = []
    for region in regions:
        inside = [w for w in words if region.contains((w.left + w.right) / 2, (w.top + w.bottom) / 2)]
        sheet = _read_sheet(upright, region, inside, number)
        if sheet is not None:
            sheets.append(sheet)
    return sheets


def _read_sheet(upright: UprightImage, region: Box, words: Sequence[Word], number: int) -> _Table | None:
    moved = [
        Word(
            w.text, w.left - region.left, w.top - region.top, w.right - region.left, w.bottom - region.top, w.confidence
        )
        for w in words
    ]
    image = upright.image[region.top : region.bottom, region.left : region.right]
    grid = find_grid(image, moved)
    if grid is not None:
        grid = complete_words(image, grid)
    texts = [*(word.text for word in moved), *(cell.text for cell in (grid.cells if grid else ()))]
    role = find_role(texts)
    if role is None:
        return None
    cells: dict[str, _Cell] = {}
    for found in locate(role, grid) if grid else ():
        box = found.cell.box
        picture = cut_cell(image, box, grid.character if grid else 0.0, bool(grid and grid.is_ruled))
        if len(found.cell.words) == 1:
            picture.vote(found.cell.words[0].text, found.cell.words[0].confidence)
        placed = Box(box.left + region.left, box.top + region.top, box.right + region.left, box.bottom + region.top)
        cells[found.metric] = _Cell(found.cell, picture, upright.original(placed), number, bool(grid and grid.is_ruled))
    return _Table(role, cells, (number,))
