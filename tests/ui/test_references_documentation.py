"""docs/references.md says what the commands print, and its examples run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.export.formats import REFERENCE_FORMATS
from assistant.export.styles import STYLES
from tests.documentation import blocks, page, run_within
from ui.cli import app

pytestmark = pytest.mark.integration

TEXT = page("references.md")


@pytest.mark.parametrize("example", blocks(TEXT, "console"))
def test_a_command_prints_what_is_documented(
    example: str, samples_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_INDEX", str(samples_index))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    command, printed = example.removeprefix("$ ").split("\n", 1)
    result = CliRunner().invoke(app, shlex.split(command)[1:])
    assert (result.stdout + result.stderr).replace("\r\n", "\n") == printed


@pytest.mark.parametrize("example", blocks(TEXT, "python"))
def test_the_python_example_runs(
    example: str,
    samples_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "samples-index").symlink_to(samples_index, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    run_within(example)
    printed = capsys.readouterr().out
    assert '"type": "report"' in printed and "unknown_report The report 0123456789abcdef" in printed


def test_every_format_is_documented() -> None:
    assert dict(re.findall(r"^\| `([\w-]+)` \| `\.([\w.]+)` \|", TEXT, re.M)) == STYLES
    assert set(STYLES.values()) == set(REFERENCE_FORMATS)
