"""Reads the words of a ruled table cell by cell where the finding of words ran them together or missed them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy

from ingest.pictures.cell_readings import cut_cell
from ingest.pictures.optical_recognition import LEAST_CONFIDENCE, Word, recognize_lines
from ingest.pictures.table_grids import GridCell, TableGrid, with_cells

if TYPE_CHECKING:
    from ingest.pictures.optical_recognition import Image


def complete_words(image: Image, grid: TableGrid) -> TableGrid:
    """The grid with words that reach over a cell's edge, and cells with ink but no words, read again line by line.

    Text that fills narrow cells side by side is found as one word over all of them.
    """
    torn = _torn_cells(grid)
    crops: list[tuple[int, Word, Image]] = []
    for number, cell in enumerate(grid.cells):
        if number in torn or not cell.words:
            crops.extend((number, place, crop) for place, crop in _lines(image, cell, grid))
    read = recognize_lines([crop for _, _, crop in crops])
    words: dict[int, list[Word]] = {number: [] for number in torn}
    for (number, place, _), line in zip(crops, read, strict=True):
        if line.text and line.confidence >= LEAST_CONFIDENCE:
            words.setdefault(number, []).append(replace(place, text=line.text, confidence=line.confidence))
    return with_cells(
        grid,
        [replace(cell, words=tuple(words[i])) if i in words else cell for i, cell in enumerate(grid.cells)],
    )


def _torn_cells(grid: TableGrid) -> set[int]:
    """The cells that a word reaches into from another one, and those such words are counted to."""
    reach = grid.character * 0.6
    torn: set[int] = set()
    for number, cell in enumerate(grid.cells):
        for word in cell.words:
            if word.left > cell.box.left - reach and word.right < cell.box.right + reach:
                continue
            middle = (word.top + word.bottom) / 2
            torn.add(number)
            torn.update(
                i
                for i, other in enumerate(grid.cells)
                if other.box.top <= middle < other.box.bottom
                and min(word.right, other.box.right) - max(word.left, other.box.left) > reach
            )
    return torn


def _lines(image: Image, cell: GridCell, grid: TableGrid) -> list[tuple[Word, Image]]:
    """The lines of text in a cell from the top down, each with its place and its part of the image."""
    character = grid.character
    picture = cut_cell(image, cell.box, character, grid.is_ruled)
    if picture.ink is None:
        return []
    inked = numpy.concatenate(([False], picture.ink.any(axis=1), [False]))
    edges = numpy.flatnonzero(inked[1:] != inked[:-1]) / picture.scale
    bands: list[list[float]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if bands and (start - bands[-1][1] < character * 0.12 or end - bands[-1][0] < character * 1.15):
            bands[-1][1] = float(end)
        else:
            bands.append([float(start), float(end)])
    top, left = (
        round(cell.box.top + cell.box.bottom - picture.crop.shape[0]) // 2,
        round(cell.box.left + cell.box.right - picture.crop.shape[1]) // 2,
    )
    margin = max(2, round(character * 0.15))
    found = []
    for start, end in bands:
        low, high = max(0, int(start) - margin), min(picture.crop.shape[0], int(end) + margin + 1)
        columns = numpy.flatnonzero(
            picture.ink[round(start * picture.scale) : max(1, round(end * picture.scale))].any(axis=0)
        )
        if not len(columns):
            continue
        first = max(0, int(columns[0] / picture.scale) - margin)
        last = min(picture.crop.shape[1], int(columns[-1] / picture.scale) + margin + 1)
        if high - low >= 6 and last - first >= 4:
            place = Word("", left + first, top + low, left + last, top + high, 0.0)
            found.append((place, picture.crop[low:high, first:last]))
    return found
