from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.structure.passages import MOST_TOKENS, split_passages
from ingest.structure.sections import find_sections
from ingest.structure.token_counts import count_tokens
from ingest.text.flattened_text import read_flattened_text
from vectorstore.records import Passage, SectionRole


def split(text: str) -> tuple[Passage, ...]:
    document = read_flattened_text(text.encode("utf-8"), "a.txt")
    return split_passages(document, find_sections(document), "r")


def assert_sound(text: str, passages: tuple[Passage, ...]) -> None:
    sections = find_sections(read_flattened_text(text.encode("utf-8"), "a.txt"))
    covered = 0
    left_out = ""
    for passage in passages:
        assert covered <= passage.start < passage.end
        left_out += text[covered : passage.start]
        assert passage.text == text[passage.start : passage.end]
        assert passage.tokens == count_tokens(passage.text) <= MOST_TOKENS
        assert passage.passage_id == f"r:{passage.start}-{passage.end}"
        assert not any(passage.start < s.start < passage.end for s in sections)
        covered = passage.end
    left_out += text[covered:]
    for section in sections:
        left_out = left_out.replace(section.heading, "", 1)
    assert not left_out.strip()


def test_a_passage_has_its_headings_and_its_role(forms: Any) -> None:
    text = forms.report_text(overview="（一）主动公开\n共公开9条。\n（二）某事\n做了某事。")
    found = {p.section: p for p in split(text)}
    assert found[""].role is SectionRole.PREAMBLE
    piece = found["一、总体情况 / （一）主动公开"]
    assert (piece.text, piece.role) == ("（一）主动公开\n共公开9条。", SectionRole.PROACTIVE)
    assert found["一、总体情况 / （二）某事"].role is SectionRole.OVERVIEW


def test_a_passage_is_on_the_page_of_the_heading_that_it_begins_with(forms: Any) -> None:
    text = forms.report_text(overview="（一）主动公开\n共公开9条。\n（二）某事\n做了某事。")
    document = read_flattened_text(text.encode("utf-8"), "a.txt")
    last = text.index("（二）")
    paged = replace(document, blocks=tuple(replace(b, page=1 if b.span.start < last else 2) for b in document.blocks))
    found = {p.section: p.page for p in split_passages(paged, find_sections(paged), "r")}
    assert None not in found.values()
    assert (found["一、总体情况 / （一）主动公开"], found["一、总体情况 / （二）某事"]) == (1, 2)


def test_a_short_section_is_one_passage(forms: Any) -> None:
    text = forms.report_text(overview="（一）主动公开\n" + "本镇公开若干信息，内容充实。" * 11)
    assert len([p for p in split(text) if p.role is SectionRole.PROACTIVE]) == 1


def test_a_long_section_is_cut_at_sentence_ends(forms: Any) -> None:
    text = forms.report_text(overview="".join(f"本镇第{n}次开展公开工作，取得一定成效。" for n in range(60)))
    found = [p for p in split(text) if p.role is SectionRole.OVERVIEW]
    assert len(found) > 1 and all(p.text.endswith("。") for p in found)
    assert_sound(text, split(text))


def test_a_table_is_a_passage_of_its_own(forms: Any) -> None:
    table = forms.flatten(forms.dispute_rows(["0"] * 15))
    text = forms.report_text(dispute="本年无复议。\n" + table)
    prose, tabular = [p for p in split(text) if p.role is SectionRole.DISPUTE_TABLE]
    assert not prose.is_table and tabular.is_table and tabular.text.startswith("行政复议")


def test_a_long_table_is_cut_between_rows(forms: Any) -> None:
    rows = forms.application_rows({})
    text = forms.report_text(application=forms.flatten(rows))
    found = [p for p in split(text) if p.is_table]
    assert len(found) > 1
    assert found[0].text.startswith("三、收到和处理")
    labels = [cell for row in rows for cell in row if len(cell) > 5]
    assert all(any(label in p.text for p in found) for label in labels)
    assert_sound(text, split(text))


def test_a_sentence_without_end_is_cut_inside(forms: Any) -> None:
    text = forms.report_text(overview="公开，" * 700)
    assert_sound(text, split(text))


def test_a_picture_is_in_a_passage_and_a_bare_heading_in_none(forms: Any) -> None:
    text = forms.report_text(proactive="[image: t2]")
    roles = {p.role: p.text for p in split(text)}
    assert roles[SectionRole.PROACTIVE_TABLE] == "二、主动公开政府信息情况\n[image: t2]"
    assert SectionRole.APPLICATION_TABLE not in roles


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["一、总体情况\n", "（一）主动公开\n", "甲乙丙，" * 60, "公开3条。", "\t规章\n\t0\n\n", "\n", "x" * 900]
        ),
        min_size=1,
        max_size=12,
    ).map("".join)
)
def test_passages_are_sound_whatever_the_text(text: str) -> None:
    text = "某镇年报。\n" + text
    assert_sound(text, split(text))


def test_the_real_reports_split_soundly(shared: Any) -> None:
    for path in sorted((shared / "reports").glob("*.txt")):
        text = read_flattened_text(path.read_bytes(), path.name).text
        assert_sound(text, split(text))
