"""What the routes give: the same records as the other interfaces, and nothing of this computer's paths."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from ui.listing import figure_record, hit_record
from vectorstore.catalogue import catalogue

QUESTION = "哪些开发区2023年没有收到申请？"


def test_the_answer_is_that_of_the_assistant(client: httpx.Client, samples_assistant: Assistant) -> None:
    expected = samples_assistant.ask(QUESTION)
    by_body = client.post("/v1/ask", json={"question": QUESTION})
    by_address = client.get("/v1/ask", params={"question": QUESTION})
    assert by_body.json() == by_address.json()
    answer = Answer.model_validate(by_body.json())
    assert answer.model_dump() == expected.model_dump() | {
        "citations": tuple(c.model_dump() | {"source": Path(c.source).name} for c in expected.citations)
    }


def test_earlier_questions_complete_a_follow_up(client: httpx.Client) -> None:
    asked = {"question": "那2022年呢", "history": ["2023年栖澜经济开发区收到多少件申请？"]}
    answers = [
        client.post("/v1/ask", json=asked).json(),
        client.get("/v1/ask", params=asked).json(),
    ]
    for answer in answers:
        assert answer["rows"][0]["year"] == 2022
        assert "栖澜经济开发区" in answer["rows"][0]["body"]


@pytest.mark.parametrize(("today", "year"), [("2024-05-31", 2023), ("2023-05-31", 2022)])
def test_relative_years_count_from_the_day_that_is_sent(client: httpx.Client, today: str, year: int) -> None:
    answer = client.post("/v1/ask", json={"question": "去年哪些开发区没有收到申请", "today": today}).json()
    assert answer["plan"]["scope"]["years"] == [year]


@pytest.mark.parametrize("today", ["0001-01-01", "9999-12-31"])
def test_any_day_can_be_sent(client: httpx.Client, today: str) -> None:
    assert client.post("/v1/ask", json={"question": "去年和近三年的申请", "today": today}).status_code == 200


def test_search_gives_the_passages_of_the_command_line(client: httpx.Client, samples_assistant: Assistant) -> None:
    found = client.get("/v1/search", params={"query": "征地补偿", "year": 2023, "k": 3}).json()["items"]
    expected = [hit_record(hit) for hit in samples_assistant.search("征地补偿", year=2023, k=3)]
    assert [(one["id"], one["text"]) for one in found] == [(one["id"], one["text"]) for one in expected]


def test_pages_of_figures_make_up_the_whole_list(client: httpx.Client, samples_assistant: Assistant) -> None:
    asked = {"metric": "applications_new", "limit": 7}
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next_offset": 0}
    while page["next_offset"] is not None:
        page = client.get("/v1/figures", params={**asked, "offset": page["next_offset"]}).json()
        items += page["items"]
    expected = [
        figure_record(one, samples_assistant.index.text) for one in samples_assistant.figures("applications_new")
    ]
    assert items == expected
    assert page["total"] == len(expected) > 7


@pytest.mark.parametrize(
    "request_of", [{"headers": {"accept": "text/csv"}}, {"params": {"format": "csv"}}], ids=["accept", "format"]
)
def test_figures_come_as_csv_with_unknown_values_empty(client: httpx.Client, request_of: dict[str, Any]) -> None:
    params = {"body": "栖澜经济开发区", "year": 2023, "limit": 1000, **request_of.get("params", {})}
    response = client.get("/v1/figures", params=params, headers=request_of.get("headers"))
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == int(response.headers["nianbao-total"])
    assert all((row["value"] == "") == (row["state"] not in ("stated", "derived")) for row in rows)


def test_a_csv_has_all_there_is_unless_a_limit_is_given(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.api.listing_routes._LINES", 100)
    asked = {"year": 2023, "format": "csv"}
    response = client.get("/v1/figures", params=asked)
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == int(response.headers["nianbao-total"]) > 100
    some = client.get("/v1/figures", params={**asked, "limit": 3, "offset": 2})
    assert list(csv.DictReader(io.StringIO(some.text))) == rows[2:5]
    assert int(some.headers["nianbao-total"]) == len(rows)


def test_figures_of_every_metric_of_very_many_reports_are_refused(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.api.listing_routes.MOST_REPORTS", 10)
    response = client.get("/v1/figures")
    assert (response.status_code, response.json()["code"]) == (422, "too_broad")
    assert client.get("/v1/figures", params={"metric": "applications_new"}).status_code == 200


def test_a_mistyped_filter_is_refused_and_not_ignored(client: httpx.Client) -> None:
    response = client.get("/v1/reports", params={"yaer": 2023})
    assert response.status_code == 422
    assert response.json()["errors"][0]["where"] == "query.yaer"


def test_a_metric_that_does_not_exist_is_told_with_those_that_are_near(client: httpx.Client) -> None:
    response = client.get("/v1/figures", params={"metric": "aplications_new"})
    assert response.status_code == 422
    assert "applications_new" in response.json()["errors"][0]["what"]


def test_a_range_of_a_text_is_what_citations_quote(client: httpx.Client) -> None:
    citation = client.post("/v1/ask", json={"question": QUESTION}).json()["citations"][0]
    address = f"/v1/reports/{citation['report_id']}/text"
    span = {"start": citation["start"], "end": citation["end"]}
    assert client.get(address, params=span).json()["text"] == citation["quote"]
    assert client.get(address, params=span, headers={"accept": "text/plain"}).text == citation["quote"]
    whole = client.get(address).json()
    assert len(whole["text"]) == whole["characters"] == whole["end"]
    beyond = client.get(address, params={"start": 10**8, "end": 3}).json()
    assert (beyond["text"], beyond["start"]) == ("", whole["characters"])


def test_a_citation_is_found_by_its_permanent_id_and_printed_in_every_format(client: httpx.Client) -> None:
    citation = client.post("/v1/ask", json={"question": QUESTION}).json()["citations"][0]
    place = client.get(f"/v1/references/{citation['id']}").json()
    assert [place[name] for name in ("quote", "start", "end")] == [citation[name] for name in ("quote", "start", "end")]
    assert set(place["references"]) == {"gbt7714", "bibtex", "ris", "csl-json"}
    ris = client.get(f"/v1/references/{citation['id']}", params={"format": "ris"})
    assert ris.text == place["references"]["ris"]
    csl = client.get(
        f"/v1/references/{citation['report_id']}", headers={"accept": "application/vnd.citationstyles.csl+json"}
    )
    assert csl.json()[0]["type"] == "report"
    assert client.get("/v1/references/0123456789abcdef.1-2.zzzzzzzz").status_code == 404


def test_the_beginning_of_an_id_names_a_report_where_no_other_begins_so(client: httpx.Client) -> None:
    ids = [report["report_id"] for report in client.get("/v1/reports").json()["items"]]
    for path in ("", "/text", "/checks"):
        whole = client.get(f"/v1/reports/{ids[0]}{path}").json()
        assert client.get(f"/v1/reports/{ids[0][:10]}{path}").json() == whole
    figures = [client.get("/v1/figures", params={"report_id": one}).json() for one in (ids[0], ids[0][:10])]
    assert figures[0] == figures[1]
    assert figures[0]["total"]
    shared = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    for given in (shared, "no-such"):
        assert client.get(f"/v1/reports/{given}").json()["code"] == "not_found"


def test_every_metric_of_the_catalogue_is_listed(client: httpx.Client) -> None:
    listed = client.get("/v1/metrics").json()["items"]
    assert [one["metric"] for one in listed] == catalogue().metric_ids()


def test_bodies_are_narrowed_by_the_years_that_they_reported_on(client: httpx.Client) -> None:
    for year in (2021, 2023):
        assert all(year in body["years"] for body in client.get("/v1/bodies", params={"year": year}).json()["items"])


def test_checks_show_what_fails_with_both_sides(client: httpx.Client) -> None:
    page = client.get("/v1/checks").json()
    assert page["total"] > 0
    assert all(check["holds"] is False for check in page["items"])
    report_id = page["items"][0]["report_id"]
    every = client.get(f"/v1/reports/{report_id}/checks", params={"all": True}).json()
    assert every["total"] > client.get(f"/v1/reports/{report_id}/checks").json()["total"] > 0


def test_health_needs_nothing_and_status_says_what_is_held(client: httpx.Client) -> None:
    assert client.get("/health").json()["status"] == "ok"
    status = client.get("/v1/status").json()
    assert status["reports"] == client.get("/v1/reports", params={"limit": 1}).json()["total"]
    assert not status["ingestion"]


def filled(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation with the parameters and the body of its example."""
    from ui.api.documentation import examples

    found = []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            example = examples().get(operation["operationId"], {})
            given = example.get("parameters", {})
            filled_path = path
            for name in ("report_id", "reference_id", "model_id", "ingestion_id"):
                filled_path = filled_path.replace(f"{{{name}}}", str(given.get(name, "20260101-000000-00000000")))
            query = {name: value for name, value in given.items() if f"{{{name}}}" not in path}
            found.append((method.upper(), filled_path, {"params": query, "json": example.get("body")}))
    return found


def test_no_response_names_a_folder_of_the_server(client: httpx.Client, samples_index: Path) -> None:
    """Every route once as in its example, and once with nonsense; also what it says of errors."""
    schema = client.get("/openapi.json").json()
    secrets = {str(samples_index), str(samples_index.parent), str(Path.home()), tempfile.gettempdir(), "/samples/"}
    secrets |= {json.dumps(secret)[1:-1] for secret in secrets} - {"/"}
    calls = filled(schema)
    assert len(calls) >= 25
    for method, path, request in calls:
        nonsense = {"params": {"limit": "x", "question": "", "k": -1}, "json": {"question": 1}}
        for sent in (request, nonsense, {"params": {"format": "csv"}}):
            response = client.request(method, path, **sent)
            assert response.status_code < 500, (method, path, response.text[:300])
            for secret in secrets:
                assert secret not in response.text, (method, path, secret)
                assert secret not in str(response.headers), (method, path, secret)


def test_the_sources_of_every_citation_are_names_of_files(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": "2023年各单位收到多少件申请？"}).json()
    assert answer["citations"]
    assert all("/" not in citation["source"] and citation["source"] for citation in answer["citations"])
    for report in client.get("/v1/reports").json()["items"]:
        assert all("/" not in source for source in report["sources"])


@pytest.mark.parametrize(
    "path",
    ["status", "metrics", "reports", "reports/ID", "reports/ID/text", "reports/ID/checks", "figures", "checks",
     "bodies", "search?query=x", "ask?question=x", "references/ID", "ingestions"],
)  # fmt: skip
def test_a_parameter_that_is_not_known_is_refused(client: httpx.Client, path: str) -> None:
    report_id = client.get("/v1/reports", params={"limit": 1}).json()["items"][0]["report_id"]
    found = f"/v1/{path.replace('ID', report_id)}"
    response = client.get(f"{found}{'&' if '?' in found else '?'}yera=2023")
    assert response.status_code == 422
    assert "query.yera" in response.text


def test_front_ends_may_send_parameters_that_say_nothing_here(client: httpx.Client) -> None:
    assert client.get("/v1/models", params={"limit": 20}).status_code == 200


def test_no_spreadsheet_takes_what_a_report_says_for_a_formula(
    own_index: Path, serve: Callable[..., httpx.Client]
) -> None:
    with Assistant.open(own_index) as assistant:
        figures = [replace(figure, body="=1+1") for figure in assistant.figures("applications_new")]
        assistant.figures = lambda *_, **__: figures  # type: ignore[method-assign]
        written = serve(assistant).get("/v1/figures", params={"metric": "applications_new", "format": "csv"}).text
    rows = list(csv.DictReader(io.StringIO(written)))
    assert {row["body"] for row in rows} == {"'=1+1"}
    assert {row["value"] for row in rows if row["value"]} <= {f"{figure.value}" for figure in figures}
