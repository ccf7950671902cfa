"""Pictures of the form's tables, drawn with known content and read back: what is certified is what is printed."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from ingest.document_writer import DocumentWriter
from ingest.documents import Document
from ingest.pictures import form_pictures, optical_recognition
from ingest.understanding import understand
from samples.draft import FormTable
from samples.picture_writing import PictureStyle, draw_table, encode_picture, installed_fonts, write_table_picture
from vectorstore.catalogue import catalogue
from vectorstore.records import Origin, ReportContents, SectionRole, State

pytestmark = pytest.mark.skipif(
    not optical_recognition.is_available() or not installed_fonts(),
    reason="the extra nianbao[ocr] or a Chinese font to draw pictures with is not installed",
)

COLUMNS = [column.id for column in catalogue().applicant_columns]
SCAN = {"size": 22, "paper": 240, "ink": 40, "noise": 6.0, "blur": 0.5, "turn": -0.8, "quality": 70}


def style(**changes: Any) -> PictureStyle:
    return replace(PictureStyle(installed_fonts()[0], size=20, line=1), **changes)


@cache
def applications() -> FormTable:
    """1431 applications of natural persons, 11 of enterprises, 6 of law firms; one of them carried over."""
    people = {"applications_new": 1431, "result_granted": 1099, "unable_not_held": 332, "result_total": 1431}
    firms = {"applications_new": 11, "result_granted": 10, "result_total": 10, "applications_carried_out": 1}
    lawyers = {"applications_new": 6, "applications_carried_in": 2, "denied_third_party": 8, "result_total": 8}
    cells: dict[str, str] = {}
    for row in catalogue().application_rows:
        by_column = {"natural_person": people, "enterprise": firms, "legal_service_org": lawyers}
        counts = [by_column.get(column, {}).get(row.id, 0) for column in COLUMNS]
        cells |= {f"{row.id}__{column}": str(count) for column, count in zip(COLUMNS, counts, strict=True)}
        cells[row.id] = str(sum(counts))
    return FormTable("application_table", cells)


def disputes() -> FormTable:
    counts = {"review_upheld": 9, "review_corrected": 2, "review_total": 11, "lit_direct_pending": 1}
    groups, results = catalogue().dispute_groups, catalogue().dispute_results
    cells = {f"{g.id}_{r.id}": str(counts.get(f"{g.id}_{r.id}", 0)) for g in groups for r in results}
    return FormTable("dispute_table", cells | {"lit_direct_total": "1"})


def proactive() -> FormTable:
    return FormTable(
        "proactive_table", {cell.id: "0" for cell in catalogue().proactive_cells} | {"rules_in_force": "3"}
    )


def draw(table: FormTable, drawn: PictureStyle) -> bytes:
    return write_table_picture(table, drawn, random.Random(1))


def read(image: bytes) -> Any:
    from ingest.pictures.table_pictures import read_table_picture

    return read_table_picture(image)


def values(table: Any) -> dict[str, Decimal | None]:
    return {metric: cell.value for metric, cell in table.cells.items() if cell.state is State.STATED}


def expected(table: FormTable) -> dict[str, Decimal]:
    return {metric: Decimal(printed) for metric, printed in table.cells.items()}


@pytest.mark.integration
def test_every_cell_of_a_clean_picture_is_certified() -> None:
    table = read(draw(applications(), style()))
    assert table.role is SectionRole.APPLICATION_TABLE
    assert values(table) == expected(applications())


def test_a_leaning_noisy_scan_is_read_as_well() -> None:
    table = read(draw(disputes(), style(**SCAN)))
    assert table.role is SectionRole.DISPUTE_TABLE
    assert values(table) == expected(disputes())


def test_the_box_of_a_cell_is_where_the_picture_shows_it() -> None:
    table = read(draw(disputes(), style()))
    first, last = table.cells["review_upheld"], table.cells["lit_post_review_total"]
    assert first.row == last.row and (first.column, last.column) == (0, 14)
    assert first.box.right <= last.box.left and abs(first.box.top - last.box.top) < 8


def test_two_tables_on_one_picture_are_two_tables() -> None:
    from PIL import Image

    from ingest.pictures.table_pictures import read_table_pictures

    upper, lower = draw_table(proactive(), style()), draw_table(disputes(), style())
    page = Image.new("L", (max(upper.width, lower.width), upper.height + lower.height + 60), 255)
    page.paste(upper, (0, 0))
    page.paste(lower, (0, upper.height + 60))
    tables = read_table_pictures([encode_picture(page, style())])
    assert [table.role for table in tables] == [SectionRole.PROACTIVE_TABLE, SectionRole.DISPUTE_TABLE]
    assert values(tables[1]) == expected(disputes())
    assert values(tables[0]) == {}
    assert tables[0].cells["rules_in_force"].unconfirmed == 3


@pytest.mark.integration
def test_a_table_torn_over_two_pictures_is_one_table() -> None:
    from PIL import Image

    from ingest.pictures.table_pictures import read_table_pictures

    whole = draw_table(applications(), style())
    cut = _line_near_the_middle(whole)
    parts = [whole.crop((0, 0, whole.width, cut + 2)), whole.crop((0, cut - 1, whole.width, whole.height))]
    assert all(isinstance(part, Image.Image) for part in parts)
    tables = read_table_pictures([encode_picture(part, style()) for part in parts])
    assert len(tables) == 1 and tables[0].pictures == (0, 1)
    assert values(tables[0]) == expected(applications())


def _line_near_the_middle(picture: Any) -> int:
    import numpy

    dark = (numpy.asarray(picture) < 128).mean(axis=1)
    levels = numpy.flatnonzero(dark > 0.5)
    return int(levels[numpy.abs(levels - picture.height // 2).argmin()])


def test_what_is_no_table_gives_nothing() -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(picture).ellipse((50, 50, 350, 250), fill="red")
    out = io.BytesIO()
    picture.save(out, "PNG")
    assert read(out.getvalue()) is None


@pytest.mark.parametrize("data", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, b"\xff\xd8\xff\xe0"])
def test_broken_pictures_give_nothing(data: bytes) -> None:
    assert read(data) is None


def report(*parts: tuple[str, bytes | None], prose: str = "") -> Document:
    writer = DocumentWriter()
    writer.line("青禾县柳溪镇人民政府2023年政府信息公开工作年度报告")
    writer.line("一、总体情况")
    writer.line(f"本年度各项工作平稳推进。{prose}")
    for heading, image in parts:
        writer.line(heading)
        writer.picture("表格", image)
    writer.line("五、存在的主要问题及改进情况")
    writer.line("公开的时效还要提高。")
    return writer.document("report.docx")


T2, T3, T4 = (
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
)


def figures(contents: ReportContents) -> dict[str, Any]:
    return {figure.metric_id: figure for figure in contents.figures if figure.origin is Origin.IMAGE}


def test_certified_cells_become_figures_that_cite_the_picture() -> None:
    image = draw(disputes(), style())
    contents = understand(report((T4, image)))
    figure = figures(contents)["review_total"]
    assert (figure.value, figure.state) == (11, State.STATED)
    assert contents.text[figure.start : figure.end] == "[image: 表格]"
    assert figure.cell is not None and figure.cell.column == 4
    assert figure.note == "由图片识别，经表内勾稽关系核对。"
    assert contents.report.tables == ("dispute_table",) and contents.report.pictures == 1
    assert [picture.image for picture in contents.pictures] == [image]
    assert contents.pictures[0].media_type == "image/png"


def test_a_group_that_does_not_add_up_in_print_is_unreadable_and_says_why() -> None:
    faulty = FormTable("dispute_table", disputes().cells | {"review_total": "12"})
    read_figures = figures(understand(report((T4, draw(faulty, style())))))
    assert {read_figures[f"review_{r.id}"].state for r in catalogue().dispute_results} == {State.UNREADABLE}
    assert "勾稽关系" in read_figures["review_total"].note
    assert read_figures["lit_direct_total"].value == 1


def test_a_picture_goes_by_its_labels_not_by_the_part_it_stands_in() -> None:
    contents = understand(report((T3, draw(disputes(), style()))))
    assert figures(contents)["review_total"].value == 11
    assert "applications_new" not in figures(contents)


def test_a_cell_that_no_identity_holds_counts_only_if_the_prose_says_the_same() -> None:
    image = draw(FormTable("proactive_table", proactive().cells | {"penalty_decisions": "17"}), style())
    alone = figures(understand(report((T2, image))))
    assert alone["penalty_decisions"].state is State.UNREADABLE and alone["penalty_decisions"].value is None
    assert "17" not in alone["penalty_decisions"].note


def test_without_the_extra_every_figure_of_a_pictured_table_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optical_recognition, "is_available", lambda: False)
    contents = understand(report((T4, draw(disputes(), style()))))
    assert {figure.state for figure in figures(contents).values()} == {State.UNREADABLE}
    assert "nianbao[ocr]" in figures(contents)["review_total"].note
    assert len(contents.pictures) == 1


def test_a_picture_that_the_format_does_not_carry_is_unreadable_and_still_counted() -> None:
    contents = understand(report((T3, None)))
    assert figures(contents)["applications_new"].state is State.UNREADABLE
    assert contents.report.pictures == 1 and contents.pictures == ()


def test_prose_confirms_only_the_same_number_of_the_same_year() -> None:
    contents = understand(report((T2, None), (T3, None)))
    figure = figures(contents)["licence_decisions"]
    same = replace(figure, origin=Origin.NARRATIVE, state=State.STATED, value=Decimal(5))
    other = replace(same, value=Decimal(6))
    earlier = replace(same, year=2022)
    unconfirmed = {"licence_decisions": Decimal(5)}
    assert form_pictures.confirm([figure], unconfirmed, [same])[0].value == 5
    for stated in (other, earlier, replace(same, qualifier="约")):
        assert form_pictures.confirm([figure], unconfirmed, [stated])[0].state is State.UNREADABLE


def test_reading_pictures_downloads_nothing_and_uses_the_models_of_the_wheel() -> None:
    models = optical_recognition._models()
    assert models is not None and all(model.is_file() and "rapidocr" in model.parts for model in models)
