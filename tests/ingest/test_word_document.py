"""What a .docx says is what a reader of its printed page sees. The markup is written by hand, case by case."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Document, Line, Picture, Table
from ingest.word.document import read_word_document
from samples import word_markup as markup
from samples.word_markup import deleted, field, inserted, minimal_file, moved, paragraph, run, text_box
from vectorstore.errors import ReadError

RNG = random.Random(1)
LEFT_OPEN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "http://example.invalid"</w:instrText></w:r>'


def read(body: str, parts: dict[str, str | bytes] | None = None) -> Document:
    return read_word_document(minimal_file(body, parts), "made-up.docx")


def lines(body: str, parts: dict[str, str | bytes] | None = None) -> list[str]:
    document = read(body, parts)
    return [block.span.of(document.text) for block in document.blocks]


def test_paragraphs_and_tables_stand_in_the_order_of_the_body() -> None:
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    document = read(paragraph(run("前")) + table + paragraph(run("后")))
    assert [type(block) for block in document.blocks] == [Line, Table, Line]
    assert document.text == "前\n甲\t\n\n后\n"


def test_a_paragraph_torn_into_runs_is_one_line() -> None:
    assert lines(paragraph(run("收到") + run("1") + run("2") + run("件。"))) == ["收到12件。"]


def test_insertions_are_kept_and_deletions_dropped() -> None:
    runs = run("收到") + deleted("9件", RNG) + inserted(run("12件"), RNG) + run("。")
    assert lines(paragraph(runs)) == ["收到12件。"]


def test_a_moved_text_stands_once_where_it_was_moved_to() -> None:
    assert lines(paragraph(moved("公开3条", RNG))) == ["公开3条"]


def test_a_paragraph_whose_end_was_deleted_goes_on_with_the_next() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    assert lines(paragraph(run("收到1"), mark) + paragraph(run("2件。"))) == ["收到12件。"]


def test_a_deleted_paragraph_end_before_a_table_ends_the_paragraph() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    table = f"<w:tbl><w:tr><w:tc>{paragraph(run('甲'))}</w:tc><w:tc>{paragraph(run('乙'))}</w:tc></w:tr></w:tbl>"
    assert lines(paragraph(run("收到1"), mark) + table) == ["收到1", "甲\t乙"]


def test_the_former_properties_of_a_paragraph_are_not_its_own() -> None:
    former = '<w:pPrChange w:id="1" w:author="a"><w:pPr><w:rPr><w:del w:id="2"/></w:rPr></w:pPr></w:pPrChange>'
    assert lines(paragraph(run("甲"), former) + paragraph(run("乙"))) == ["甲", "乙"]


def test_a_field_gives_its_result_without_its_instruction() -> None:
    assert lines(paragraph(run("共") + field("12") + run("件"))) == ["共12件"]


def test_a_field_inside_an_instruction_gives_nothing() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = "<w:r><w:instrText>IF </w:instrText></w:r>" + field("7")
    nested = mark.format("begin") + instruction + mark.format("separate") + run("12") + mark.format("end")
    assert lines(paragraph(run("共") + nested + run("件"))) == ["共12件"]


def test_a_field_without_an_end_hides_nothing_after_its_paragraph() -> None:
    assert lines(paragraph(run("甲") + LEFT_OPEN) + paragraph(run("乙"))) == ["甲", "乙"]


def test_an_enclosed_number_is_one_character() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = "<w:r><w:instrText>eq \\o\\ac(○,3)</w:instrText></w:r>"
    assert lines(paragraph(mark.format("begin") + code + mark.format("end") + run("培训2次"))) == ["③培训2次"]


def test_a_table_of_contents_is_left_out() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = '<w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
    first = paragraph(mark.format("begin") + code + mark.format("separate") + run("一、总体情况 1"))
    last = paragraph(run("二、其他 2") + mark.format("end"))
    assert lines(first + last + paragraph(run("一、总体情况"))) == ["一、总体情况"]


def test_a_table_of_contents_without_an_end_takes_nothing_with_it() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = '<w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
    first = paragraph(mark.format("begin") + code + mark.format("separate") + run("目录"))
    assert lines(first + paragraph(run("一、总体情况"))) == ["目录", "一、总体情况"]


@pytest.mark.parametrize(
    "wrapped",
    [
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
        '<w:smartTag w:uri="u" w:element="e">{}</w:smartTag>',
        '<w:customXml w:element="e">{}</w:customXml>',
        "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        '<w:fldSimple w:instr="DATE">{}</w:fldSimple>',
        '<w:bdo w:val="ltr">{}</w:bdo>',
        '<w:ins w:id="1" w:author="a"><w:ins w:id="2" w:author="b">{}</w:ins></w:ins>',
    ],
)
def test_what_only_wraps_runs_is_read_through(wrapped: str) -> None:
    assert lines(paragraph(run("共") + wrapped.format(run("12")) + run("件"))) == ["共12件"]


def test_content_controls_around_paragraphs_and_tables_are_read_through() -> None:
    control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    assert lines(control.format(control.format(paragraph(run("甲"))) + paragraph(run("乙")))) == ["甲", "乙"]


def test_the_prompt_of_an_empty_content_control_is_no_text() -> None:
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    assert lines(paragraph(run("共") + control.format(run("单击输入")) + run("件"))) == ["共件"]


def test_hidden_text_is_left_out_and_a_switched_off_property_is_not_hidden() -> None:
    runs = run("甲") + run("9件", "<w:vanish/>") + run("乙", '<w:vanish w:val="0"/>')
    assert lines(paragraph(runs)) == ["甲乙"]


def test_text_hidden_by_its_style_is_left_out() -> None:
    styles = (
        f'<w:styles {markup.NAMESPACES}><w:style w:type="character" w:styleId="base"><w:rPr><w:vanish/></w:rPr>'
        "</w:style>"
        '<w:style w:type="character" w:styleId="h"><w:basedOn w:val="base"/></w:style></w:styles>'
    )
    assert lines(paragraph(run("甲") + run("9件", '<w:rStyle w:val="h"/>')), {"styles.xml": styles}) == ["甲"]


def test_tabs_breaks_and_hyphens_inside_a_paragraph() -> None:
    runs = (
        "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:t>1</w:t><w:softHyphen/>"
        "<w:t>2</w:t></w:r>"
    )
    assert lines(paragraph(runs)) == ["甲\t乙", "丙-12"]


def test_a_ruby_gives_its_base_alone() -> None:
    ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('shí')}</w:rt><w:rubyBase>{run('石')}</w:rubyBase></w:ruby></w:r>"
    assert lines(paragraph(ruby + run("镇"))) == ["石镇"]


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Wingdings", "F0FC", "✓"),
        ("Wingdings 2", "F052", "☑"),
        ("Wingdings", "F082", "②"),
        ("宋体", "F035", "5"),
        ("Webdings", "F061", "\ufffd"),
    ],
)
def test_a_symbol_is_the_sign_that_it_shows(font: str, code: str, shown: str) -> None:
    symbol = f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'
    assert lines(paragraph(run("甲") + symbol)) == [f"甲{shown}"]


def test_a_text_box_stands_once_behind_its_paragraph() -> None:
    assert lines(paragraph(run("前") + text_box(paragraph(run("框内"))) + run("后"))) == ["前后", "框内"]


def test_a_text_box_in_a_text_box_is_read() -> None:
    inner = paragraph(run("中") + text_box(paragraph(run("内"))))
    assert lines(paragraph(run("外") + text_box(inner))) == ["外", "中", "内"]


def test_a_table_in_a_text_box_is_a_table() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph(run('甲'))}</w:tc><w:tc>{paragraph(run('1'))}</w:tc></w:tr></w:tbl>"
    document = read(paragraph(text_box(table)))
    assert [type(block) for block in document.blocks] == [Table]


def test_an_alternative_that_is_not_understood_gives_way_to_its_fallback() -> None:
    alternate = (
        '<mc:AlternateContent><mc:Choice xmlns:new="urn:new" Requires="new"><w:t>新</w:t></mc:Choice>'
        "<mc:Fallback><w:t>旧</w:t></mc:Fallback></mc:AlternateContent>"
    )
    assert lines(paragraph(f"<w:r>{alternate}</w:r>")) == ["旧"]


def test_word_art_is_text() -> None:
    shape = '<v:shape style="width:400pt;height:60pt"><v:textpath string="白石镇人民政府"/></v:shape>'
    assert lines(paragraph(f"<w:r><w:pict>{shape}</w:pict></w:r>")) == ["白石镇人民政府"]


def test_a_footnote_stands_below_the_paragraph_that_refers_to_it_and_its_mark_joins_no_number() -> None:
    notes = (
        f'<w:footnotes {markup.NAMESPACES}><w:footnote w:id="0" w:type="separator">{paragraph(run("线"))}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>" + run("含微信。"))}</w:footnote></w:footnotes>'
    )
    body = paragraph(run("共公开153条") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("。")) + paragraph(
        run("后")
    )
    assert lines(body, {"footnotes.xml": notes}) == ["共公开153条。", "含微信。", "后"]


def test_comments_are_left_out() -> None:
    body = paragraph('<w:commentRangeStart w:id="0"/>' + run("甲") + '<w:r><w:commentReference w:id="0"/></w:r>')
    comments = f'<w:comments {markup.NAMESPACES}><w:comment w:id="0">{paragraph(run("9件"))}</w:comment></w:comments>'
    assert lines(body, {"comments.xml": comments}) == ["甲"]


def test_a_drop_cap_belongs_to_the_paragraph_that_it_begins() -> None:
    assert lines(paragraph(run("2"), '<w:framePr w:dropCap="drop"/>') + paragraph(run("023年"))) == ["2023年"]


PNG = markup.blank_picture(30, 20, 200)


def test_a_picture_keeps_its_bytes_and_its_place_in_the_line() -> None:
    document = read(paragraph(run("前") + markup.picture("image1", "inline") + run("后")), {"media/image1.png": PNG})
    assert document.text == "前\n[image: image1.png]\n后\n"
    assert [block.image for block in document.blocks if isinstance(block, Picture)] == [PNG]


def test_a_floating_picture_does_not_tear_its_sentence() -> None:
    body = paragraph(run("前") + markup.picture("image1", "anchor") + run("后"))
    assert lines(body, {"media/image1.png": PNG}) == ["前后", "[image: image1.png]"]


def test_a_picture_of_the_older_markup_is_read() -> None:
    document = read(paragraph(markup.vml_picture("image1")), {"media/image1.png": PNG})
    assert [block.image for block in document.blocks if isinstance(block, Picture)] == [PNG]


def test_a_picture_without_pixels_keeps_its_place_without_bytes() -> None:
    document = read(paragraph(markup.picture("image1", "inline")), {"media/image1.emf": b"\x01\x00\x00\x00emf"})
    assert [block.image for block in document.blocks if isinstance(block, Picture)] == [None]
    assert document.text == "[image: image1.emf]\n"


def test_a_linked_picture_keeps_its_place_without_bytes() -> None:
    body = paragraph(run("甲") + markup.picture("far", "inline").replace("r:embed", "r:link"))
    document = read_word_document(minimal_file(body, external={"far": "http://example.invalid/a/b.png?x=1"}), "a.docx")
    assert document.text == "甲\n[image: b.png]\n"


def test_a_rule_drawn_as_a_picture_is_left_out() -> None:
    rule = markup.picture("image1", "inline").replace('cy="1600000"', 'cy="30000"')
    assert lines(paragraph(run("甲") + rule), {"media/image1.png": PNG}) == ["甲"]


def test_a_chart_keeps_its_place() -> None:
    chart = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="5000000" cy="3000000"/><a:graphic><a:graphicData uri="u">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="c1"/></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )
    assert lines(paragraph(run("甲") + chart)) == ["甲", "[image: chart]"]


def test_a_strict_file_is_read_like_any_other() -> None:
    strict = markup.NAMESPACES.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/", "http://purl.oclc.org/ooxml/wordprocessingml/"
    )
    assert lines(f"<w:sdt {strict}><w:sdtContent>{paragraph(run('甲'))}</w:sdtContent></w:sdt>") == ["甲"]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("chunks/c.html", "<html><body><p>中</p></body></html>".encode()),
        ("chunks/c.txt", "中\n".encode()),
        ("chunks/c.docx", minimal_file(paragraph(run("中")))),
        (
            "chunks/c.mht",
            'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; '
            'charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n<html><body><p>中</p></body></html>\n--b--\n'.encode(),
        ),
    ],
)
def test_a_file_that_the_document_takes_in_is_read_where_it_stands(part: str, content: bytes) -> None:
    chunk = '<w:altChunk r:id="c"/>'
    assert lines(paragraph(run("前")) + chunk + paragraph(run("后")), {part: content}) == ["前", "中", "后"]


def test_a_file_taken_in_that_cannot_be_read_is_said() -> None:
    with pytest.raises(ReadError, match="takes in another file that can't be read"):
        read('<w:altChunk r:id="c"/>', {"chunks/c.bin": b"\x00\x01"})
    with pytest.raises(ReadError, match="lacks a part"):
        read('<w:altChunk r:id="c"/>')


def test_the_title_among_the_properties_is_metadata() -> None:
    from io import BytesIO

    from docx import Document as WordFile

    file, out = WordFile(), BytesIO()
    file.core_properties.title = "云溪县  年度报告"
    file.add_paragraph("正文")
    file.save(out)
    assert read_word_document(out.getvalue(), "a.docx").metadata == {"title": "云溪县 年度报告"}


TEXTS = st.text(st.sampled_from("甲乙12 \t\n　，"), max_size=12)
RUNS = st.tuples(TEXTS, st.sampled_from(["run", "field", "inserted", "deleted", "box", "picture"]))
CELLS = st.lists(TEXTS, min_size=1, max_size=4)
PARAGRAPHS = st.lists(RUNS, max_size=4)
BODIES = st.lists(st.one_of(PARAGRAPHS, st.lists(CELLS, min_size=1, max_size=3).map(tuple)), max_size=5)


def _markup(piece: list[tuple[str, str]] | tuple[list[str], ...]) -> str:
    if isinstance(piece, tuple):
        rows = "".join(
            f"<w:tr>{''.join(f'<w:tc>{paragraph(run(text))}</w:tc>' for text in row)}</w:tr>" for row in piece
        )
        return f"<w:tbl>{rows}</w:tbl>"
    ways = {
        "run": run,
        "field": field,
        "inserted": lambda text: inserted(run(text), RNG),
        "deleted": lambda text: deleted(text, RNG),
        "box": lambda text: text_box(paragraph(run(text))),
        "picture": lambda _: markup.picture("image1", "inline"),
    }
    return paragraph("".join(ways[way](text) for text, way in piece))


@given(BODIES)
def test_blocks_are_ordered_and_cover_everything_but_white_space(
    body: list[list[tuple[str, str]] | tuple[list[str], ...]],
) -> None:
    content = paragraph(run("始")) + "".join(map(_markup, body))
    document = read(content, {"media/image1.png": PNG})
    at = 0
    for block in document.blocks:
        assert at <= block.span.start < block.span.end
        assert not document.text[at : block.span.start].strip()
        assert block.span.of(document.text).strip() == block.span.of(document.text)
        at = block.span.end
        if isinstance(block, Table):
            places = [(cell.row, cell.column) for row in block.rows for cell in row]
            assert places == sorted(set(places))
            filled = [cell.span for row in block.rows for cell in row if cell.span.start < cell.span.end]
            assert (filled[0].start, filled[-1].end) == (block.span.start, block.span.end)
    assert not document.text[at:].strip()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (minimal_file("")[:-30], "is damaged"),
        (minimal_file(paragraph(run("甲")))[:200], "is damaged"),
        (minimal_file("<w:p/>"), "holds no text"),
        (minimal_file("<w:p>&oops;</w:p>"), "is damaged inside"),
        (b"", "is damaged"),
        (b"\x00\x01\x02" * 50, "is damaged"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        read_word_document(data, "x.docx")
    assert "x.docx" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ends_of_links_and_controls_in_the_wrong_order_lose_nothing() -> None:
    crossed = (
        f"<w:hyperlink>{run('乙')}<w:sdt><w:sdtPr/><w:sdtContent>{run('丙')}</w:hyperlink>{run('丁')}"
        "</w:sdtContent></w:sdt>"
    )
    assert lines(paragraph(run("甲") + crossed + run("戊")) + paragraph(run("己"))) == ["甲乙丙丁戊", "己"]


def test_any_other_end_in_the_wrong_order_is_damage() -> None:
    crossed = f"<w:del><w:sdt><w:sdtContent>{run('乙')}</w:del>{run('丙')}</w:sdtContent></w:sdt>"
    with pytest.raises(ReadError, match="is damaged inside"):
        read(paragraph(run("甲") + crossed))


def test_a_text_cut_off_inside_is_damaged() -> None:
    text = f"<w:document {markup.NAMESPACES}><w:body>{paragraph(run('甲'))}<w:p><w:r><w:t>乙"
    with pytest.raises(ReadError, match="is damaged inside"):
        read_word_document(_with_document(text), "x.docx")


def _with_document(text: str) -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", text)
    return out.getvalue()


def test_a_file_without_its_relationships_is_read() -> None:
    text = f"<w:document {markup.NAMESPACES}><w:body>{paragraph(run('甲'))}</w:body></w:document>"
    assert read_word_document(_with_document(text), "x.docx").text == "甲\n"


def test_missing_parts_take_nothing_else_with_them() -> None:
    body = paragraph(run("甲") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + markup.picture("gone", "inline"))
    numbered = '<w:pStyle w:val="gone"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
    assert lines(body + paragraph(run("乙"), numbered)) == ["甲", "乙"]


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "9"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY b SYSTEM "file:///etc/hostname">',
    ],
)
def test_xml_entities_are_refused(declared: str) -> None:
    text = (
        f"<!DOCTYPE d [{declared}]><w:document {markup.NAMESPACES}><w:body>"
        f"<w:p><w:r><w:t>甲&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    with pytest.raises(ReadError, match="declares XML entities"):
        read_word_document(_with_document(text), "x.docx")


def test_a_spreadsheet_under_the_extension_is_named() -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ReadError, match="is a spreadsheet"):
        read_word_document(out.getvalue(), "x.docx")


def _nested(depth: int) -> bytes:
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return minimal_file(opened * depth + paragraph(run("甲")) + closed * depth)


def test_tables_in_tables_are_read_as_deep_as_any_were_ever_nested_and_refused_beyond() -> None:
    assert read_word_document(_nested(60), "x.docx").text == "甲\n"
    with pytest.raises(ReadError):
        read_word_document(_nested(5000), "x.docx")
