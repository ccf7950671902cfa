"""Reports written as Word files are read back with every figure, and nothing of what editing left in them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from ingest.documents import Document, Picture, Table
from ingest.understanding import understand
from ingest.word.document import read_word_document
from samples.comparison import compare
from samples.composition import Subject, compose
from samples.county import invent_territories
from samples.deviations import deviate
from samples.draft import Draft, FormTable
from samples.draft import Picture as PictureBlock
from samples.generator import generate
from samples.grid import grid
from samples.history import live_through
from samples.truth import state_truth
from samples.word_writing import write_word

# What bends the layout. What bends the wording has its own tests, with the readers of prose and tables.
DEVIATIONS = ("pictures_for_tables", "blank_cells", "misnumbered", "bookmarks", "wrapped_labels", "padded_cells")


def drafts(count: int) -> list[tuple[Subject, Draft, tuple[str, ...]]]:
    made = []
    for territory in invent_territories(31):
        for body in territory.bodies:
            rng = random.Random(f"{body.slug} word")
            (year, figures), *_ = live_through(body, (2023,), rng, {})
            subject = Subject(territory, body, year, figures)
            draft = compose(subject, rng)
            names = tuple(name for name in DEVIATIONS if rng.random() < 0.25)
            made.append((subject, draft, deviate(draft, names, rng)))
            if len(made) == count:
                return made
    raise AssertionError("too few territories")


@pytest.fixture(scope="module", params=range(40))
def made(request: pytest.FixtureRequest) -> tuple[Subject, Draft, tuple[str, ...], bytes]:
    subject, draft, deviations = DRAFTS[request.param]
    return subject, draft, deviations, write_word(draft, random.Random(request.param))


DRAFTS = drafts(40)
Made = tuple[Subject, Draft, tuple[str, ...], bytes]


def _without_images(document: Document) -> Document:
    """The pictures are blank; recognising that takes seconds and isn't what is tested here."""
    blocks = tuple(replace(b, image=None) if isinstance(b, Picture) else b for b in document.blocks)
    return replace(document, blocks=blocks)


def test_every_figure_is_read_and_none_invented(made: Made) -> None:
    subject, draft, deviations, data = made
    contents = understand(_without_images(read_word_document(data, "report.docx")))
    result = compare(state_truth(draft, subject, "report.docx", deviations), contents)
    assert (result.wrong, result.missed, result.invented, result.identity) == ([], [], [], [])
    assert result.right


def test_every_table_comes_back_cell_by_cell(made: Made) -> None:
    _, draft, _, data = made
    document = read_word_document(data, "report.docx")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    written = [grid(block) for block in draft.blocks if isinstance(block, FormTable)]
    assert len(tables) == len(written)
    for table, rows in zip(tables, written, strict=True):
        read = [["".join(cell.span.of(document.text).split()) for cell in row] for row in table.rows]
        assert read == [["".join(cell.text.split()) for cell in row] for row in rows]
        assert [[c.row_span for c in row] for row in table.rows] == [[c.row_span for c in row] for row in rows]


def test_every_picture_comes_back_with_its_bytes(made: Made) -> None:
    _, draft, _, data = made
    pictures = [block for block in read_word_document(data, "report.docx").blocks if isinstance(block, Picture)]
    assert len(pictures) == sum(isinstance(block, PictureBlock) for block in draft.blocks)
    assert all(picture.image and picture.image.startswith(b"\x89PNG") for picture in pictures)


def test_the_same_draft_and_seed_give_the_same_bytes() -> None:
    _, draft, _ = DRAFTS[0]
    assert write_word(draft, random.Random(4)) == write_word(draft, random.Random(4))


def test_generated_reports_are_read_as_they_were_meant() -> None:
    """With all deviations at their rates; what a Word file doesn't decide is counted elsewhere."""
    reports = list(generate(10, seed=8, formats=("docx",)))
    assert all(read_word_document(report.data, report.file).blocks for report in reports)
