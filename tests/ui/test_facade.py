"""``import nianbao``."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

import nianbao


def test_all_lists_exactly_the_public_names() -> None:
    public = {
        name
        for name, value in vars(nianbao).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert sorted(public - {"annotations", "date", "Path", "TYPE_CHECKING"}) == sorted(nianbao.__all__)
    assert nianbao.__all__ == sorted(nianbao.__all__)


def test_opening_a_folder_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(nianbao.NianbaoError, match="nianbao ingest"):
        nianbao.open(tmp_path)


def test_an_index_answers_from_python(samples_index: Path, silent_zones: list[str]) -> None:
    with nianbao.open(samples_index) as assistant:
        answer = assistant.ask("哪些开发区2023年没有收到政府信息公开申请？")
    assert sorted(row.body for row in answer.rows) == sorted(silent_zones)
