"""The schema says what the server does: fuzzed against itself, its examples true, shown without the network."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from ui.api.documentation import examples

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "a-token-for-tests-1"
CONFIGURATION = """
[[operations]]
include-operation-id = "chat_completions"
# No schema says that the last message must be the user's, and the model the one there is.
checks.positive_data_acceptance.expected-statuses = [200, 400, 404]
"""


@pytest.mark.integration
def test_requests_made_up_from_the_schema_get_what_it_says(
    own_index: Path, tmp_path: Path, serve: Callable[..., httpx.Client], schemathesis: str
) -> None:
    """All of schemathesis' checks: statuses, types, schemas, no 5xx, tokens heeded, bad data refused, gone is gone."""
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    with Assistant.open(own_index) as assistant:
        address = serve(assistant, token=TOKEN, allows_ingestion=True, rate=0).base_url
        options = ("--phases", "coverage,fuzzing,stateful", "--max-examples", "1")
        done = subprocess.run(
            [
                *(schemathesis, "--config-file", str(configuration), "run", f"{address}/openapi.json"),
                *("-H", f"Authorization: Bearer {TOKEN}", "--no-color", "--warnings", "off", *options),
                # Each of its jobs would begin processes that read; it has tests of its own.
                *("--exclude-operation-id", "ingest"),
                *("--request-timeout", "30", "--generation-database", "none"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=300,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    (passed,) = re.findall(r"(\d+) generated", done.stdout)
    assert int(passed) > 20


@pytest.fixture
def schemathesis() -> str:
    """Where the command is."""
    import shutil
    import sys

    found = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which("schemathesis")
    if found is None:
        pytest.skip("schemathesis isn't installed")
    return found


def example_maker() -> Any:
    specification = importlib.util.spec_from_file_location(
        "make_http_examples", ROOT / "docs" / "make_http_examples.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def roughly(value: Any) -> Any:
    """Scores differ in their last digits from one processor to another."""
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-3)
    if isinstance(value, dict):
        return {name: roughly(one) for name, one in value.items()}
    return [roughly(one) for one in value] if isinstance(value, list) else value


def test_every_example_of_the_schema_is_what_the_samples_give(client: httpx.Client) -> None:
    """Where this fails after a change that is wanted: ``python docs/make_http_examples.py``."""

    def send(method: str, path: str, query: dict[str, Any], body: Any) -> Any:
        response = client.request(method, path, params=query, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    made = example_maker().make(client.get("/openapi.json").json(), send)
    assert made == roughly(examples())


def operations_of(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for operations in schema["paths"].values() for one in operations.values()}


def test_every_operation_says_what_it_does_and_has_an_example_or_needs_a_file(client: httpx.Client) -> None:
    operations = operations_of(client.get("/openapi.json").json())
    assert all(one["description"] for one in operations.values())
    without = set(operations) - set(examples())
    assert without == {"ingest", "ingestions", "ingestion", "stop_ingestion", "resume_ingestion", "remove_report"}
    assert operations["ask"]["requestBody"]["content"]["application/json"]["example"]["question"]
    assert operations["ask"]["responses"]["200"]["content"]["application/json"]["example"]["citations"]


def test_where_a_token_is_needed_the_schema_says_so(
    samples_assistant: Assistant, serve: Callable[..., httpx.Client], client: httpx.Client
) -> None:
    with_token = operations_of(serve(samples_assistant, token=TOKEN).get("/openapi.json").json())
    assert {name for name, one in with_token.items() if "security" not in one} == {"health"}
    without = client.get("/openapi.json").json()
    assert "securitySchemes" not in without["components"]


def test_the_page_of_documentation_shows_every_operation_and_loads_nothing(client: httpx.Client) -> None:
    page = client.get("/docs")
    for name in operations_of(client.get("/openapi.json").json()):
        assert f'id="{name}"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.findall(r"<(?:script|link|img|iframe)|src=|@import|url\(", page.text)
    assert client.get("/").text == page.text
