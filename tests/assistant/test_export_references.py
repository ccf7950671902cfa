"""References in GB/T 7714—2015 and BibTeX."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation
from assistant.export.bibtex import bibtex, bibtex_entry
from assistant.export.characters import marked, number_text, quoted_line
from assistant.export.gbt7714 import gbt7714, place_in, reference_lines
from assistant.export.references import NumberedReference, Reference, ReferenceList, refer_to, refer_to_citation
from vectorstore.records import Kind, Report, Section, SectionRole, Span

BODY = "白石经济开发区管理委员会"
TITLE = "白石经济开发区2023年政府信息公开工作年度报告"
KNOWN = Reference("5dda56e1", BODY, TITLE, 2023, "2024-01-20", "2025-03-01", "https://example.cn/a?b=1&c=2")
FILE = replace(KNOWN, url=None, retrieved_on=None, source="白石_2023.txt")
UNTITLED_YEAR = replace(KNOWN, title="政府信息公开工作年度报告")


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (KNOWN, f"{BODY}. {TITLE}[R/OL]. (2024-01-20)[2025-03-01]. https://example.cn/a?b=1&c=2."),
        (replace(KNOWN, retrieved_on=None), f"{BODY}. {TITLE}[R/OL]. (2024-01-20). https://example.cn/a?b=1&c=2."),
        (replace(KNOWN, issued_on=None), f"{BODY}. {TITLE}[R/OL]. [2025-03-01]. https://example.cn/a?b=1&c=2."),
        (
            replace(KNOWN, issued_on=None, retrieved_on=None),
            f"{BODY}. {TITLE}[R/OL]. https://example.cn/a?b=1&c=2.",
        ),
        (
            replace(KNOWN, page=3),
            f"{BODY}. {TITLE}[R/OL]. 2024: 3(2024-01-20)[2025-03-01]. https://example.cn/a?b=1&c=2.",
        ),
        (FILE, f"{BODY}. {TITLE}[R]. [出版地不详]: {BODY}, 2024."),
        (replace(FILE, page=12), f"{BODY}. {TITLE}[R]. [出版地不详]: {BODY}, 2024: 12."),
        (replace(FILE, issued_on=None), f"{BODY}. {TITLE}[R]. [出版地不详]: {BODY}, [出版年不详]."),
        (replace(FILE, author=None), f"佚名. {TITLE}[R]. [出版地不详]: [出版者不详], 2024."),
        (replace(FILE, title="", year=None), f"{BODY}. [题名不详][R]. [出版地不详]: {BODY}, 2024."),
        (
            replace(FILE, title="政府信息公开工作年度报告"),
            f"{BODY}. 政府信息公开工作年度报告: 2023年度[R]. [出版地不详]: {BODY}, 2024.",
        ),
    ],
)
def test_a_reference_has_the_standards_elements_in_its_order(reference: Reference, expected: str) -> None:
    assert gbt7714(reference) == expected


def test_the_year_of_issue_is_never_taken_from_the_statistics() -> None:
    undated = replace(FILE, issued_on=None)
    assert "2024" not in gbt7714(undated)
    assert "year" not in _fields(bibtex_entry(undated))
    assert _fields(bibtex_entry(undated))["note"].startswith("统计年度：2023")


def _report(**changes: object) -> Report:
    known = Report(
        "r1", f" {TITLE}\n", "b1", BODY, Kind.ZONE, None, 2023, issued_on="2024-01-20", source="a.pdf",
        sections=(Section("三、收到和处理申请情况", 1, SectionRole.APPLICATION_TABLE, 10, 40),),
    )  # fmt: skip
    return replace(known, **changes)  # type: ignore[arg-type]


def _citation(n: int = 4) -> Citation:
    return Citation(
        n=n, report_id="r1", passage_id=None, title=TITLE, body=BODY, year=2023, section="三、收到和处理申请情况",
        quote="本年新收\n\t3", start=12, end=19, page=2, source="a.pdf",
    )  # fmt: skip


def test_a_citation_is_referred_to_with_its_page_and_section() -> None:
    made = refer_to_citation(_citation(), _report())
    assert (made.n, made.quote, made.start) == (4, "本年新收\n\t3", 12)
    assert gbt7714(made.reference) == f"{BODY}. {TITLE}[R]. [出版地不详]: {BODY}, 2024: 2."
    assert place_in(made.reference, "zh") == "三、收到和处理申请情况，第2页："
    assert place_in(made.reference, "en") == "三、收到和处理申请情况, page 2: "


def test_a_citation_of_a_report_that_has_gone_says_what_it_knows() -> None:
    made = refer_to_citation(_citation(), None).reference
    assert (made.author, made.title, made.source, made.issued_on) == (BODY, TITLE, "a.pdf", None)
    assert gbt7714(made) == f"{BODY}. {TITLE}[R]. [出版地不详]: {BODY}, [出版年不详]: 2."


def test_places_of_one_report_share_a_line_and_pages_part_them() -> None:
    first, other = replace(FILE, section="一"), replace(FILE, section="二")
    paged = replace(FILE, page=9)
    cited = [NumberedReference(n, r, "") for n, r in enumerate((first, other, paged, other, other), start=1)]
    assert list(reference_lines(cited)) == [("[1][2][4][5]", gbt7714(FILE)), ("[3]", gbt7714(paged))]


def test_a_reference_list_numbers_each_place_once() -> None:
    listed, report, text = ReferenceList(), _report(), "0123456789三、收到和处理申请情况"
    assert [listed.cite(report, text, span) for span in (Span(0, 4), Span(10, 12), Span(0, 4))] == [1, 2, 1]
    assert [one.quote for one in listed.references] == ["0123", "三、"]
    assert [one.reference.section for one in listed.references] == ["", "三、收到和处理申请情况"]


def test_runs_of_numbers_are_shortened_and_pairs_are_not() -> None:
    assert marked((9, 1, 2, 5, 4, 6)) == "[1][2][4–6][9]"


def test_a_table_row_is_quoted_with_its_cells_apart() -> None:
    assert quoted_line("本年新收\n\t3\n\t 0\n") == "本年新收 | 3 | 0"


def test_numbers_are_written_in_plain_digits() -> None:
    from decimal import Decimal

    assert [number_text(value) for value in (0, -3, Decimal("1E+3"), Decimal("0.50"))] == ["0", "-3", "1000", "0.5"]


_LATEX = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", r"\$": "$", r"\&": "&", r"\#": "#", r"\%": "%", r"\_": "_",
}  # fmt: skip


def _shown(latex: str) -> str:
    """What LaTeX would show of a field: the inverse of escaping, written independently of it."""
    return re.sub(r"\\[a-z]+\{\}|\\.|[{}]", lambda found: "" if found[0] in "{}" else _LATEX[found[0]], latex)


def _fields(entry: str) -> dict[str, str]:
    """The fields of one entry, by matching braces as BibTeX does."""
    found: dict[str, str] = {}
    at = entry.index("\n")
    while name := re.compile(r"\s*([a-z]+) = \{").match(entry, at):
        depth, position = 1, name.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[position], 0)
            position += 1
        found[name[1]] = entry[name.end() : position - 1]
        assert entry[position] == ","
        at = position + 1
    assert entry[at:] == "\n}\n"
    return found


def test_a_bibtex_entry_holds_what_is_known() -> None:
    entry = bibtex_entry(KNOWN)
    assert entry.startswith("@techreport{nianbao2023-5dda56e1,\n")
    assert _fields(entry) == {
        "author": f"{{{BODY}}}", "title": f"{{{TITLE}}}", "institution": BODY, "year": "2024", "date": "2024-01-20",
        "url": "https://example.cn/a?b=1&c=2", "urldate": "2025-03-01", "langid": "chinese", "note": "统计年度：2023",
    }  # fmt: skip


@given(st.text(st.sampled_from("{}\\$&#%_~^@\"',=x 报 \n"), min_size=1).filter(str.strip))
def test_whatever_a_title_holds_bibtex_shows_it(title: str) -> None:
    reference = replace(FILE, title=title, author=title, source=title, url=f"https://example.cn/{title}")
    fields = _fields(bibtex_entry(reference))
    plain = " ".join(title.split())
    assert _shown(fields["title"]) == _shown(fields["author"]) == _shown(fields["institution"]) == plain
    assert not set("{}\\ ") & set(fields["url"])


def test_a_report_cited_twice_is_one_entry_with_a_key_of_its_own() -> None:
    other = replace(FILE, report_id="aa11")
    keys = re.findall(r"@\w+\{(.*),", bibtex([FILE, replace(FILE, page=2), other]))
    assert keys == ["nianbao2023-5dda56e1", "nianbao2023-aa11"]


def test_a_report_is_referred_to_in_one_line() -> None:
    reference = refer_to(_report(title="年度\n报告\x00", body="  ", url=""))
    assert (reference.author, reference.title, reference.url) == (None, "年度 报告\ufffd", None)
