"""The lists of the pages as files to download."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def client(samples_index: Path) -> Iterator[Any]:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from assistant.assistant import Assistant
    from ui.web.list_files import routes
    from ui.web.site import Site

    with Assistant.open(samples_index) as assistant:
        yield TestClient(Starlette(routes=routes(Site(assistant))))


def _rows(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_reports_of_an_address_are_those_of_the_file(client: Any, samples: Path) -> None:
    truth = [json.loads(line) for line in (samples.parent / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = {(r["body"][0], str(r["year"])) for r in truth if r["kind"] == "zone" and r["year"] == 2022}
    rows = _rows(client.get("/nb/reports.csv?kind=zone&year=2022&lang=en"))
    assert {(row["Body"], row["Statistics year"]) for row in rows} == wanted


def test_the_file_of_checks_holds_both_sides(client: Any) -> None:
    rows = _rows(client.get("/nb/checks.csv?lang=en"))
    assert rows
    assert all(row["Rule"] and row["Body"] for row in rows)


@pytest.mark.parametrize("name", ["reports", "checks"])
def test_a_list_is_an_excel_file_too_and_nothing_else_that_doesnt_exist(client: Any, name: str) -> None:
    file = client.get(f"/nb/{name}.xlsx")
    assert file.content.startswith(b"PK")
    assert "filename*=UTF-8''" + quote("报告" if name == "reports" else "核对") in file.headers["content-disposition"]
    assert client.get(f"/nb/{name}.exe").status_code == 404
