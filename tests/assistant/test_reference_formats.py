"""RIS, CSL-JSON and BibTeX as other programs read them: rispy, citeproc and bibtexparser."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from assistant.export.bibtex import bibtex
from assistant.export.csl_json import csl_item, csl_items, csl_json
from assistant.export.document import ExportDocument
from assistant.export.formats import write
from assistant.export.references import NumberedReference, Reference
from assistant.export.ris import ris, ris_record
from assistant.export.styles import STYLES, styled

BODY = "白石经济开发区管理委员会"
TITLE = "白石经济开发区2023年政府信息公开工作年度报告"
KNOWN = Reference("5dda56e1", BODY, TITLE, 2023, "2024-01-20", "2025-03-01", "https://example.cn/年报?b=1&c=2")
FILE = replace(KNOWN, url=None, retrieved_on=None, source="白石_2023.txt")
PLACE = replace(KNOWN, page=3, section="一、总体情况", place_id="5dda56e1.812-24.k7m2p9qd")
UNKNOWN = Reference("aa11", None, "", None)
URL = "https://example.cn/%E5%B9%B4%E6%8A%A5?b=1&c=2"
ANY = st.text(st.sampled_from("{}\\$&#%_~^@\"',=-x 报\n\r\t\x00\u2028") | st.characters(codec="utf-8"), max_size=40)
REFERENCES = st.builds(
    Reference, st.text("0123456789abcdef", min_size=1, max_size=16), ANY | st.none(), ANY,
    st.integers(2008, 2030) | st.none(), st.dates().map(str) | st.none(), st.dates().map(str) | st.none(),
    ANY | st.none(), ANY, st.integers(1, 999) | st.none(), ANY,
)  # fmt: skip

DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array", "minItems": 1, "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": ["string", "number"]}},
        }
    },
    "additionalProperties": False, "required": ["date-parts"],
}  # fmt: skip
TEXT = {"type": "string"}
NUMBER_OR_TEXT = {"type": ["string", "number"]}
CSL_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": NUMBER_OR_TEXT,
            "type": {"enum": ["report", "document", "webpage"]},
            "author": {
                "type": "array",
                "items": {"type": "object", "properties": {"literal": TEXT}, "additionalProperties": False},
            },
            "accessed": DATE, "issued": DATE, "page": NUMBER_OR_TEXT, "URL": TEXT, "language": TEXT, "note": TEXT,
            "publisher": TEXT, "title": TEXT,
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}  # fmt: skip
"""What the official schema of CSL input data asks of the fields that we write; a field of another name is refused."""

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
  <info><title>t</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout suffix=".">
    <names variable="author"/><text variable="title" prefix=". "/>
    <date variable="issued" prefix=" (" suffix=")"><date-part name="year"/></date>
    <text variable="page" prefix=" p"/><text variable="URL" prefix=" "/>
  </layout></bibliography>
</style>
"""


def read_ris(text: str) -> list[dict[str, Any]]:
    return rispy.loads(text)


def printed_by_citeproc(references: list[Reference], folder: Path) -> list[str]:
    """What a CSL processor that isn't ours makes of the items."""
    style = folder / "t.csl"
    style.write_text(STYLE, encoding="utf-8")
    items = json.loads(csl_json([csl_item(one) for one in references]))
    made = CitationStylesBibliography(
        CitationStylesStyle(str(style), validate=False), CiteProcJSON(items), formatter.plain
    )
    for item in items:
        made.register(Citation([CitationItem(item["id"])]))
    return [str(one) for one in made.bibliography()]


def test_ris_is_read_back_by_another_program() -> None:
    (place,) = read_ris(ris_record(PLACE))
    assert place == {
        "type_of_reference": "RPRT", "id": "nianbao2023-5dda56e1", "authors": [BODY], "title": TITLE,
        "publisher": BODY, "year": "2024", "date": "2024/01/20/", "start_page": "3", "urls": [URL],
        "access_date": "2025/03/01/", "language": "zh-CN",
        "notes": ["统计年度：2023", "引文标识：5dda56e1.812-24.k7m2p9qd"],
    }  # fmt: skip
    (file,) = read_ris(ris_record(FILE))
    assert (
        file["notes"] == ["统计年度：2023", "文件：白石_2023.txt"] and "urls" not in file and "access_date" not in file
    )


def test_what_is_unknown_has_no_line_in_ris_and_no_field_in_csl() -> None:
    assert read_ris(ris_record(UNKNOWN)) == [{"type_of_reference": "RPRT", "id": "nianbao-aa11", "language": "zh-CN"}]
    assert csl_item(UNKNOWN) == {"id": "nianbao-aa11", "type": "report", "language": "zh-CN"}
    undated = replace(KNOWN, issued_on=None)
    assert "year" not in read_ris(ris_record(undated))[0] and "issued" not in csl_item(undated)


@given(st.lists(REFERENCES, max_size=3, unique_by=lambda one: one.report_id))
def test_whatever_a_report_is_called_ris_stays_one_record_each(references: list[Reference]) -> None:
    read = read_ris(ris(references))
    assert [one["id"] for one in read] == [one.key for one in references]
    assert all(one["type_of_reference"] == "RPRT" and "unknown_tag" not in one for one in read)


@given(st.lists(REFERENCES, max_size=3))
def test_whatever_a_report_is_called_csl_json_keeps_to_the_schema(references: list[Reference]) -> None:
    items = json.loads(write(document(references), "csl.json"))
    jsonschema.validate(items, CSL_SCHEMA)
    jsonschema.validate([csl_item(one) for one in references], CSL_SCHEMA)
    assert len({item["id"] for item in items}) == len(items) == len({one.report_id for one in references})


def test_a_body_is_an_institution_and_dates_have_parts() -> None:
    item = csl_item(PLACE)
    assert item["author"] == [{"literal": BODY}]
    assert item["issued"] == {"date-parts": [[2024, 1, 20]]} and item["accessed"] == {"date-parts": [[2025, 3, 1]]}
    assert (item["page"], item["URL"], item["publisher"]) == ("3", URL, BODY)
    assert "accessed" not in csl_item(FILE)


def test_a_csl_processor_prints_the_references(tmp_path: Path) -> None:
    undated = replace(FILE, report_id="bb22", issued_on=None)
    printed = printed_by_citeproc([PLACE, undated], tmp_path)
    assert printed == [f"{BODY}. {TITLE} (2024) p3 {URL}.", f"{BODY}. {TITLE}."]


def test_bibtex_is_read_back_by_another_program() -> None:
    hostile = replace(FILE, report_id="bb22", title="50%_的{申请} & ~$其他", author="甲 and 乙委员会")
    library = bibtexparser.parse_string(
        bibtex([KNOWN, hostile]), append_middleware=[LatexDecodingMiddleware(), SeparateCoAuthors()]
    )
    assert not library.failed_blocks
    known, other = library.entries
    assert (known.entry_type, known.key) == ("techreport", "nianbao2023-5dda56e1")
    fields = {name: field.value for name, field in known.fields_dict.items()}
    assert (fields["year"], fields["date"], fields["urldate"]) == ("2024", "2024-01-20", "2025-03-01")
    # An address is taken as it is: in it % begins no comment.
    assert bibtexparser.parse_string(bibtex([KNOWN])).entries[0].fields_dict["url"].value == URL
    assert fields["institution"] == BODY and BODY in fields["author"][0] and TITLE in fields["title"]
    assert other.fields_dict["title"].value.strip("{}").replace("{", "").replace("}", "") == "50%_的申请 & ~$其他"


def test_a_report_that_is_cited_twice_is_one_work_in_a_file() -> None:
    references = [PLACE, replace(PLACE, page=9, place_id="x"), FILE]
    assert [one["id"] for one in csl_items(references)] == ["nianbao2023-5dda56e1"]
    assert "start_page" not in read_ris(ris(references))[0]


def test_one_place_is_cited_with_its_page_and_several_of_a_report_as_a_whole() -> None:
    assert json.loads(styled([PLACE], "csl-json"))[0]["page"] == "3"
    assert "pages = {3}" in styled([PLACE], "bibtex")
    both = [PLACE, replace(PLACE, page=9, place_id="x")]
    assert "page" not in json.loads(styled(both, "csl-json"))[0] and "pages" not in styled(both, "bibtex")
    assert "SP  - 3" in styled([PLACE, replace(PLACE, section="二", place_id="x")], "ris")
    assert len(styled(both, "gbt7714").splitlines()) == 2


def document(references: list[Reference]) -> ExportDocument:
    return ExportDocument(
        "问", references=tuple(NumberedReference(n, one, "") for n, one in enumerate(references, start=1))
    )


@pytest.mark.parametrize(("style", "extension"), STYLES.items())
def test_a_style_is_what_its_files_hold(style: str, extension: str) -> None:
    other = replace(FILE, report_id="bb22", title="另一份报告")
    held = write(document([KNOWN, other]), extension).decode()
    # Lines of text files are numbered as the text's markers are.
    assert held.replace("[1] ", "").replace("[2] ", "") == styled([KNOWN, other], style)
