"""docs/language_models.md: its example runs, and it names every setting."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.language_models.settings import LanguageModelSettings
from tests.documentation import blocks, page, run_within
from tests.language_server import oracle

if TYPE_CHECKING:
    from tests.language_server import LanguageServer

TEXT = page("language_models.md")
PLAN = (
    '{"subject":"figures","operation":"count","metrics":["applications_new"],"kinds":["township"],"years":[2023],'
    '"conditions":[{"comparison":"=","value":0}]}'
)


def test_every_limit_is_documented_with_what_it_is_by_default() -> None:
    given = {field.name: field.default for field in dataclasses.fields(LanguageModelSettings)}
    rows = dict(re.findall(r"^\| `(\w+)` \| `\$NIANBAO_LLM_\w+` \| ([^|]*?) \|", TEXT, re.M))
    assert set(rows) == set(given) - {"model", "provider", "url", "key"}
    for name, told in rows.items():
        if isinstance(given[name], int | float):
            assert float(told) == given[name]
        assert f"$NIANBAO_LLM_{name.upper()}" in TEXT


@pytest.mark.parametrize("name", re.findall(r"^\| [^|]+ \| `((?:openai|ollama):[^`]+)` \|", TEXT, re.M))
def test_every_model_that_is_named_can_be_meant(name: str) -> None:
    assert LanguageModelSettings.named(name).model in name


@pytest.mark.integration
def test_the_example_runs(
    samples_index: Path,
    tmp_path: Path,
    language_server: LanguageServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "samples-index").symlink_to(samples_index)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIANBAO_LLM", "openai:scripted")
    monkeypatch.setenv("NIANBAO_LLM_URL", language_server.url)
    language_server.script(oracle(PLAN))
    (example,) = blocks(TEXT, "python")
    run_within(example)
    assert capsys.readouterr().out.startswith("model ")
