"""``nianbao verdict``, and verdicts in ``nianbao checks``: kept, shown, and the same after the files are read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command_line import read, run

pytestmark = pytest.mark.integration

TEXT = """云山县水务局2023年政府信息公开工作年度报告

一、总体情况
（一）主动公开
2023年，我局主动公开政府信息40条。
（二）监督保障
2023年，我局主动公开政府信息12条，均在网站发布。
"""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NIANBAO_INDEX", str(tmp_path / "index"))


def write(tmp_path: Path, text: str) -> None:
    (tmp_path / "reports").mkdir(exist_ok=True)
    (tmp_path / "reports" / "a.txt").write_text(text, encoding="utf-8")
    assert run("ingest", str(tmp_path / "reports")).exit_code == 0


@pytest.fixture
def report_id(tmp_path: Path) -> str:
    """The id of the one report in the index, which says 40 and 12 of the same thing."""
    write(tmp_path, TEXT)
    (report,) = read("reports")
    return str(report["report_id"])


RULE = "narrative_against_narrative"


def verdict() -> Any:
    (check,) = read("checks", "--rule", RULE)
    return check["verdict"]


def test_a_verdict_is_shown_with_its_check_and_taken_back(report_id: str) -> None:
    assert verdict() is None
    read("verdict", report_id[:6], "--rule", RULE, "--dismiss", "--why", "口径不同", "--by", "张三")
    found = verdict()
    assert (found["finding"], found["current"], found["note"], found["made_by"]) == (
        "dismissed",
        True,
        "口径不同",
        "张三",
    )
    assert {found["left"], found["right"]} == {"40", "12"}
    assert read("checks", "--rule", RULE, "--verdict", "open") == []
    assert len(read("checks", "--rule", RULE, "--verdict", "dismissed")) == 1
    assert read("verdict", report_id, "--rule", RULE, "--undo") == []
    assert verdict() is None
    assert run("verdict", report_id, "--rule", RULE, "--undo").exit_code == 1


def test_a_verdict_survives_removal_and_reading_again(report_id: str, tmp_path: Path) -> None:
    read("verdict", report_id, "--rule", RULE, "--confirm")
    assert run("remove", report_id).exit_code == 0
    assert len(read("verdict", "--list")) == 1
    write(tmp_path, TEXT)
    assert verdict()["finding"] == "confirmed"


def test_a_verdict_follows_a_changed_file_and_knows_changed_values(report_id: str, tmp_path: Path) -> None:
    read("verdict", report_id, "--rule", RULE, "--confirm")
    write(tmp_path, TEXT + "（三）其他\n无其他需要说明的事项。\n")
    (report,) = read("reports")
    assert report["report_id"] != report_id
    assert (verdict()["finding"], verdict()["current"]) == ("confirmed", True)
    (listed,) = read("verdict", "--list")
    assert (listed["report_id"], listed["former_id"]) == (report["report_id"], report_id)
    write(tmp_path, TEXT.replace("12条", "15条"))
    assert (verdict()["finding"], verdict()["current"]) == ("confirmed", False)
    assert len(read("checks", "--rule", RULE, "--verdict", "open")) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--rule", RULE], 2),
        (["--rule", RULE, "--confirm", "--dismiss"], 2),
        (["--confirm"], 2),
        (["--rule", "row_total", "--confirm"], 1),
        (["--rule", RULE, "--subject", "applications_new", "--confirm"], 1),
    ],
)
def test_a_mistake_changes_nothing(report_id: str, arguments: list[str], code: int) -> None:
    assert run("verdict", report_id, *arguments).exit_code == code
    assert read("verdict", "--list") == []
    assert run("checks", "--verdict", "maybe").exit_code == 2
