"""docs/http.md runs as it stands: its curl commands by curl, its Python by Python; what it says of problems is so."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess

import httpx
import pytest
from pydantic import BaseModel

from assistant.assistant import LONGEST_QUESTION
from tests.documentation import ROOT, blocks, page, run_program
from ui import serve_command
from ui.api import listing_routes, receiving
from ui.api.answering import Question
from ui.api.filters import PagedFilters
from ui.http_serving.problems import KINDS
from ui.http_serving.settings import ServerSettings

TEXT = page("http.md")
DOCUMENTED = "http://127.0.0.1:8000"
SHELL = "\n".join(blocks(TEXT, "sh"))
COMMANDS = [line for line in SHELL.splitlines() if line.startswith("curl")]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_documented_command_gives_what_it_should(command: str, open_address: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl isn't installed")
    given = shlex.split(command.replace(DOCUMENTED, open_address))[1:]
    done = subprocess.run([curl, "-sS", "--fail-with-body", *given], capture_output=True, cwd=ROOT, timeout=60)
    said = done.stdout.decode()
    assert done.returncode == 0, said + done.stderr.decode()
    if "/stream" in command:
        assert re.match(r"event: answer\nid: \w+\ndata: ", said)
    elif "format=csv" in command:
        assert said.startswith("report_id,body,")
    else:
        record = json.loads(said)
        assert record.get("items") or record.get("text") or record.get("id")


@pytest.mark.parametrize("example", blocks(TEXT, "python"))
def test_the_documented_python_runs(example: str, address: str) -> None:
    assert "未收到政府信息公开申请" in run_program(example.replace(DOCUMENTED, address))


def test_every_code_of_a_problem_is_documented_with_its_status() -> None:
    table = TEXT[TEXT.index("\n## Problems") : TEXT.index("\n## Whom")]
    for code, (status, _) in KINDS.items():
        (row,) = [line for line in table.splitlines() if f"`{code}`" in line and line.startswith("|")]
        assert str(status) in row.split("|")[1]


def test_every_address_is_documented(client: httpx.Client) -> None:
    named = set(re.findall(r"(?:/v1|…)?/[\w/]+", TEXT))
    for path in client.get("/openapi.json").json()["paths"]:
        written = re.sub(r"\{\w+\}", "ID", path)
        written = written.removesuffix("/ID") if path.startswith("/v1/models/") else written
        assert {written, written.replace("/v1/ingestions/ID/", "…/")} & named, path


def test_the_documented_limits_are_those_in_force() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|(.*)\|$", TEXT[TEXT.index("| limit |") :], re.M)
    table = {name.strip(): (value.strip(), more.strip()) for name, value, more in rows}
    limits = ServerSettings()
    megabyte = 1024 * 1024
    in_force: list[tuple[str, object, object]] = [
        ("requests a minute of one address", limits.rate, "--rate"),
        ("of one address at a time", limits.at_once, "--at-once"),
        ("at a time, of all", limits.under_way, 503),
        ("worked on at a time", limits.threads, f"{serve_command.OF_MODEL} with a language model"),
        ("seconds for an answer", f"{limits.seconds:g}", ""),
        ("body", f"{limits.body_bytes // megabyte} MB", f"{limits.upload_bytes // megabyte} MB"),
        ("body", "", f"{limits.upload_files} files; {receiving.AT_ONCE} such at a time"),
        ("question", f"{LONGEST_QUESTION:,} characters", f"history {maximum(Question, 'history')} questions"),
        ("page", f"{maximum(PagedFilters, 'limit'):,}", f"of {listing_routes.MOST_REPORTS} reports"),
    ]
    for name, value, more in in_force:
        assert str(value) in table[name][0] and str(more) in table[name][1], name
    assert {name for name, _, _ in in_force} == set(table)


def maximum(model: type[BaseModel], field: str) -> int:
    schema = model.model_json_schema()["properties"][field]
    return int(schema.get("maximum", schema.get("maxItems")))
