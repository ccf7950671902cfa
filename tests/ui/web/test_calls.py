"""What a page's calls give for what they were never meant to get, and what they say where something can't be done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ui.errors import SaidError
from ui.texts import texts
from ui.web.asked import read_asked
from ui.web.site import Site, answering, failure
from vectorstore.errors import IndexBusyError, NianbaoError, QuestionError

ZH, EN = texts("zh"), texts("en")


def fails_with(error: Exception) -> Any:
    def call(request: dict[str, Any]) -> None:
        raise error

    return call


def echo(request: dict[str, Any]) -> dict[str, Any]:
    return request


@pytest.mark.parametrize(
    "sent", [None, 1, "x", [], [{}], True, {"a": "\ud800"}, {"\ud800": 1}, {"a": [{"b": "x\udfffy"}]}]
)
def test_what_is_no_request_is_refused_in_a_sentence(sent: Any) -> None:
    assert answering(echo)(sent) == {"error": ZH("site.unreadable")}


def test_a_request_comes_through() -> None:
    assert answering(echo)({"a": "年报 😀"}) == {"ok": {"a": "年报 😀"}}


@pytest.mark.parametrize("lang", [None, {}, [], "xx", 7])
def test_a_language_of_nonsense_is_chinese(lang: Any) -> None:
    assert answering(fails_with(ValueError("x")))({"lang": lang}) == {"error": ZH("site.unexpected")}


def test_an_error_is_said_in_the_pages_language() -> None:
    call = answering(fails_with(SaidError("adding.gone_report")))
    assert call({"lang": "zh"}) == {"error": ZH("adding.gone_report")}
    assert call({"lang": "en"}) == {"error": EN("adding.gone_report")}
    assert answering(fails_with(NianbaoError("只此一句")))({}) == {"error": "只此一句"}


def test_who_is_writing_is_said(monkeypatch: pytest.MonkeyPatch, assistant: Any) -> None:
    site = Site(assistant)
    call = answering(fails_with(IndexBusyError("Another process is writing to the index in /srv/index.")), site)
    assert call({"lang": "zh"}) == {"error": ZH("site.busy_elsewhere")}
    monkeypatch.setattr(Site, "is_taking_in", True)
    assert call({"lang": "zh"}) == {"error": ZH("site.busy_here")}
    assert call({"lang": "en"}) == {"error": EN("site.busy_here")}


def test_a_page_that_cannot_be_shown_leads_back_to_its_beginning() -> None:
    html = failure("<b>不行", "reports", "报告")
    assert html.startswith('<div class="nb-main">')
    assert "&lt;b&gt;不行" in html
    assert '<a href="reports">报告</a>' in html


@pytest.mark.parametrize(
    "record",
    [
        {"q": "\ud800"},
        {"q": "其中多少", "h": ["\ud800 2023年申请"]},
        {"q": "x", "h": [{"operation": "\ud800"}]},
        {"q": "x", "p": {"bodies": ["\ud800"]}},
    ],
)
def test_half_a_character_is_no_question(record: dict[str, Any]) -> None:
    with pytest.raises(QuestionError):
        read_asked(json.loads(json.dumps(record)))


def test_a_static_file_is_kept_for_ever_only_under_its_own_address() -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from ui.web import static_files

    client = TestClient(Starlette(routes=[static_files.ROUTE]))
    found = static_files.head(["base.css"]).partition('href="nb/static/base.css')[2].partition('"')[0]
    assert "immutable" in client.get(f"/nb/static/base.css{found}").headers["cache-control"]
    for other in ("", "?v=", "?v=000000000000"):
        assert client.get(f"/nb/static/base.css{other}").headers["cache-control"] == "no-cache"


def test_an_id_of_any_length_is_no_report(samples_index: Path) -> None:
    from vectorstore.index import Index

    with Index.open(samples_index) as index, pytest.raises(KeyError):
        index.report("a" * 100_000)
