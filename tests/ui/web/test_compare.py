"""Two reports side by side: unknown stays unknown, numbers that differ stand out, and no text takes for ever."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.comparing.compared_figures import compared_figures
from assistant.comparing.differences import MOST_SENTENCES, Side, compare, differing
from ingest.pipeline import ingest
from ui.texts import texts
from ui.web.reports.compare_view import Comparing, compare_link
from ui.web.site import Site, Visit
from vectorstore.errors import QuestionError
from vectorstore.index import Index
from vectorstore.records import Kind, Report, Section, SectionRole

ZH = texts("zh")


def side(text: str, year: int = 2023, body: str = "柳河镇人民政府") -> Side:
    """A report whose lines that begin with 一、二、 … are its headings."""
    sections = []
    starts = [
        at
        for at in range(len(text))
        if text[at : at + 2] in ("一、", "二、", "三、") and (not at or text[at - 1] == "\n")
    ]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        heading = text[start:end].partition("\n")[0]
        role = SectionRole.OVERVIEW if "总体" in heading else None
        sections.append(Section(heading, 1, role, start, end))
    report = Report(f"r{year}", "t", "b", body, Kind.TOWNSHIP, None, year, sections=tuple(sections))
    return Side(report, text)


LEFT = "开头。\n一、总体情况\n2022年我镇收到申请12件，均已办结。\n全年举办培训。\n二、问题\n人手不足。\n"
RIGHT = (
    "开头。\n一、总体概况\n2023年我镇收到申请7件，均已办结。\n全年举办培训。\n"
    "二、改进\n加强学习。\n三、问题\n人手不足。\n"
)


def test_a_number_differs_as_a_whole_and_the_own_year_does_not() -> None:
    left, right = "2022年收到申请112件", "2023年收到申请12件"
    left_marks, right_marks = differing(left, right, (2022, 2023))
    assert [mark.of(left) for mark in left_marks] == ["112"]
    assert [mark.of(right) for mark in right_marks] == ["12"]


def test_sections_are_paired_by_what_they_are_about_whatever_their_number() -> None:
    found = compare(side(LEFT, 2022), side(RIGHT, 2023))
    headings = [(part.left, part.right) for part in found.parts]
    assert headings == [("", ""), ("一、总体情况", "一、总体概况"), (None, "二、改进"), ("二、问题", "三、问题")]


def test_sentences_that_say_the_same_are_the_same_and_versions_are_paired() -> None:
    left, right = side(LEFT, 2022), side(RIGHT, 2023)
    overview = compare(left, right).parts[1]
    changed, same = overview.lines
    assert same.is_same
    assert changed.left is not None
    assert changed.right is not None
    assert [mark.of(left.text) for mark in changed.left_marks] == ["12"]
    assert [mark.of(right.text) for mark in changed.right_marks] == ["7"]


def test_a_sentence_without_its_like_stands_alone() -> None:
    found = compare(side("一、总体情况\n举办培训三场。\n"), side("一、总体情况\n网站改版完成上线运行。\n"))
    lines = found.parts[0].lines
    assert [(line.left is None, line.right is None) for line in lines] == [(False, True), (True, False)]
    assert found.same == 0


sentence = st.text(alphabet="收到申请办结公开2023件12。；\n一二、", max_size=80)


@given(sentence, sentence)
@settings(max_examples=60, deadline=None)
def test_every_sentence_stands_on_its_side_once_and_in_its_section_s_order(a: str, b: str) -> None:
    left, right = side(a), side(b)
    found = compare(left, right)
    for name, text in (("left", a), ("right", b)):
        spans = [getattr(line, name) for part in found.parts for line in part.lines if getattr(line, name) is not None]
        assert len(spans) == len(set(spans))
        said = sum(span.end - span.start for span in spans)
        headings = sum(len(s.heading) for s in (left if name == "left" else right).report.sections)
        assert said <= len(text) - headings
        for part in found.parts:
            own = [getattr(line, name) for line in part.lines if getattr(line, name) is not None]
            assert own == sorted(own)
    for part in found.parts:
        for line in part.lines:
            for mark in line.left_marks:
                assert line.left is not None
                assert line.left.start <= mark.start < mark.end <= line.left.end


@given(st.text(alphabet="收到申请办结12,。", max_size=60))
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    found = compare(side(text), side(text))
    assert found.changed == 0
    assert differing(text, text) == ((), ())


def test_work_is_bounded_and_said_to_be() -> None:
    made = ["".join(random.Random(seed).choices("收到申请公开政府信息办理。", k=100_000)) for seed in (1, 2)]
    found = compare(side(made[0]), side(made[1]))
    assert found.is_coarse
    assert sum(part.left_out for part in found.parts) > 0
    assert all(len(part.lines) <= 2 * MOST_SENTENCES for part in found.parts)
    assert compare(side("甲" * 100_000), side("乙" + "甲" * 100_000)).is_coarse


REPORT = """栖澜县柳河镇人民政府{year}年政府信息公开工作年度报告

一、总体情况
{year}年，我镇收到政府信息公开申请{new}件，均已办结。{more}
二、其他
没有其他需要报告的事项。
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three made-up reports of one body, and one of another whose text is hostile."""
    folder = tmp_path_factory.mktemp("compare")
    (folder / "reports").mkdir()
    hostile = '<script>window.pwned = 1</script><img src=x onerror="alert(1)">'
    for name, text in {
        "2021": REPORT.format(year=2021, new=0, more="主动公开政府信息40条。"),
        "2022": REPORT.format(year=2022, new=8, more="主动公开政府信息40条。"),
        "2023": REPORT.format(year=2023, new=12, more=""),
        "x": REPORT.format(year=2023, new=3, more=hostile).replace("柳河镇", "松岭镇"),
    }.items():
        (folder / "reports" / f"{name}.txt").write_text(text, encoding="utf-8")
    with Index.open(folder / "index", create=True) as index:
        ingest([folder / "reports"], index)
    with Assistant.open(folder / "index") as assistant:
        yield Site(assistant)


def of(site: Site, year: int, town: str = "柳河镇") -> Report:
    return next(r for r in site.assistant.index.reports() if r.year == year and town in r.body)


def test_figures_are_compared_where_both_are_known(site: Site) -> None:
    index = site.assistant.index
    found = {f.metric_id: f for f in compared_figures(index, of(site, 2022), of(site, 2023))}
    applications, published = found["applications_new"], found["proactive_total"]
    assert (applications.values, applications.difference, applications.share) == ((8, 12), 4, Decimal("0.5"))
    assert applications.differs is True
    # The report of 2023 is silent: that is neither zero nor a difference.
    assert (published.values, published.difference, published.differs) == ((40, None), None, None)
    from_zero = {f.metric_id: f for f in compared_figures(index, of(site, 2021), of(site, 2022))}["applications_new"]
    assert (from_zero.difference, from_zero.share) == (8, None)


def page(site: Site, *reports: Report) -> str:
    return Comparing(site).render(Visit(ZH, {"compare": ",".join(r.report_id for r in reports)}))


def test_the_page_says_more_less_and_not_known(site: Site) -> None:
    html = page(site, of(site, 2022), of(site, 2023))
    row = html[html.index("新收政府信息公开申请") :].partition("</tr>")[0]
    assert "▲" in row
    assert "+50.0%" in row
    silent = html[html.index("主动公开政府信息") :].partition("</tr>")[0]
    assert "未提及" in silent
    assert "无法比较" in silent
    assert ">0<" not in silent
    assert '<mark class="nb-differs nb-figure">8</mark>' in html
    assert '<mark class="nb-differs nb-figure">12</mark>' in html


def test_what_a_report_says_is_shown_as_text(site: Site) -> None:
    html = page(site, of(site, 2023), of(site, 2023, "松岭镇"))
    assert "<script>window" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html


def test_with_one_report_the_other_is_chosen(site: Site) -> None:
    html = page(site, of(site, 2022))
    assert f'href="{compare_link(of(site, 2022).report_id, of(site, 2023).report_id)}"' in html
    assert "的其他年度" in html


@pytest.mark.parametrize("compared", ["nobody", "nobody,nobody", ",", "../../etc/passwd", "%"])
def test_a_report_that_is_not_there_is_told(site: Site, compared: str) -> None:
    with pytest.raises(QuestionError, match="没有这份报告"):
        Comparing(site).render(Visit(ZH, {"compare": compared}))


def test_a_report_is_not_compared_with_itself(site: Site) -> None:
    with pytest.raises(QuestionError, match="同一份报告"):
        page(site, of(site, 2022), of(site, 2022))


def test_bodies_are_suggested_by_a_part_of_their_names(site: Site) -> None:
    call = Comparing(site).reports_to_compare
    beside = of(site, 2023)
    (found,) = call({"lang": "zh", "q": "松岭", "beside": beside.report_id, "side": 1})
    assert found["label"] == f"{of(site, 2023, '松岭镇').body} 2023"
    assert found["address"] == f"reports?compare={beside.report_id},{of(site, 2023, '松岭镇').report_id}"
    assert call({"lang": "zh", "q": " ", "beside": beside.report_id}) == []
    assert call({"lang": "zh", "q": "没有这样的", "beside": beside.report_id}) == []
    with pytest.raises(QuestionError):
        call({"lang": "zh", "q": "松岭", "beside": "x"})


def test_an_unknown_year_does_not_stop_a_comparison() -> None:
    left = side(LEFT, 2022)
    unknown = Side(replace(left.report, year=None), left.text)
    assert compare(unknown, unknown).changed == 0
