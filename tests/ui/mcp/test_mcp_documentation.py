"""The page about MCP: its program is run, and its settings are JSON."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.documentation import blocks, page, run_program
from tests.ui.mcp.conftest import SCRIPT, environment
from ui.cli import COMMANDS

pytestmark = pytest.mark.integration
PAGE = page("mcp.md")


def test_the_program_of_the_page_prints_an_answer_and_its_evidence(
    samples_index: Path, silent_zones: list[str]
) -> None:
    (program,) = blocks(PAGE, "python")
    started = json.dumps([sys.executable, "-c", SCRIPT])
    program = program.replace('command="nianbao", args=[', f"command={started}[0], args=[*{started}[1:], ")
    program = program.replace('"samples-index"]', f"{str(samples_index)!r}], env={environment()!r}")
    printed = run_program(program)
    for zone in silent_zones:
        assert zone in printed
    assert re.search(r"^1 .+ \w{16}\.[\w.-]+$", printed, re.MULTILINE)


def test_the_settings_of_the_page_start_a_command_that_there_is() -> None:
    for block in blocks(PAGE, "json"):
        (server,) = json.loads(block)["mcpServers"].values()
        if "command" in server:
            assert server["args"][0] in {name for name, _, _ in COMMANDS}
        else:
            assert server["url"].endswith("/mcp")
