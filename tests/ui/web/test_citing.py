"""Permanent links of the pages, and the reference to one cited place as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import rispy
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from ui.texts import texts
from ui.web import citing
from ui.web.ask.evidence import Cards
from ui.web.site import Site

QUESTION = "哪些开发区2023年没有收到申请？"


@pytest.fixture(scope="module")
def site(samples_index: Path) -> Iterator[Site]:
    with Assistant.open(samples_index) as assistant:
        yield Site(assistant)


@pytest.fixture(scope="module")
def client(site: Site) -> TestClient:
    return TestClient(Starlette(routes=citing.routes(site)), follow_redirects=False)


@pytest.fixture(scope="module")
def answer(site: Site) -> Any:
    return site.assistant.ask(QUESTION)


def get(client: TestClient, path: str, **query: str) -> Any:
    return client.get(f"/nb/{path}", params=query)


def test_a_permanent_link_leads_to_the_place_in_its_report(client: TestClient, answer: Any) -> None:
    one = answer.citations[0]
    response = get(client, "cite", id=one.id)
    assert response.status_code == 303
    assert response.headers["location"] == f"../reports?id={one.report_id}&at={one.start}-{one.end}"
    whole = get(client, "cite", id=one.report_id)
    assert whole.headers["location"] == f"../reports?id={one.report_id}"


def test_the_reference_to_one_place_is_a_file_in_every_format(client: TestClient, answer: Any) -> None:
    one = answer.citations[0]
    files = {extension: get(client, f"cite.{extension}", id=one.id) for extension in ("txt", "bib", "ris", "csl.json")}
    assert {file.status_code for file in files.values()} == {200}
    assert all(one.title in file.text for file in files.values())
    (record,) = rispy.loads(files["ris"].text)
    assert record["authors"] == [one.body] and f"引文标识：{one.id}" in record["notes"]
    assert json.loads(files["csl.json"].text)[0]["author"] == [{"literal": one.body}]
    assert 'filename="nianbao.csl.json"' in files["csl.json"].headers["content-disposition"]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "没有报告0000000000000000"), ("en", "0000000000000000 is not known")]
)
def test_an_id_that_leads_nowhere_is_told_in_the_pages_language(client: TestClient, lang: str, said: str) -> None:
    for path in ("cite", "cite.ris"):
        response = get(client, path, id="0000000000000000.1-2.k7m2p9qd", lang=lang)
        assert response.status_code == 404 and said in response.text
    assert get(client, "cite", id="<script>", lang=lang).headers["content-type"].startswith("text/plain")
    assert get(client, "cite.docx", id="x", lang=lang).status_code == 404


def test_every_way_of_being_gone_has_words_in_both_languages() -> None:
    for language in ("zh", "en"):
        words = texts(language)
        for reason in ("not_an_id", "ambiguous", "unknown_report", "report_gone", "words_gone"):
            assert words(f"cite.{reason}", id="i", report_id="r", report="R", on="2026-05-04")


def test_a_card_offers_what_the_links_give(client: TestClient, answer: Any) -> None:
    html = Cards(answer, 0).render(1, 2)
    links = [unescape(found) for found in re.findall(r'(?:href|data-copy)="(nb/cite[^"]*)"', html)]
    assert len(links) == 4 and all(f"id={answer.citations[0].id}" in found for found in links)
    assert [client.get(f"/{found}").status_code for found in links] == [200, 200, 200, 303]
    assert f'data-copy="{answer.citations[0].id}"' in html


def test_a_reports_page_offers_its_reference_in_the_same_formats(site: Site, client: TestClient, answer: Any) -> None:
    links = re.findall(r'href="([^"]*)"', citing.reference_links(answer.citations[0].report_id))
    assert [client.get(f"/{unescape(found)}").status_code for found in links] == [200, 200, 200]
