"""Changing an index over to another model on the command line: what is said, the exit codes, going on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ui.cli import app
from vectorstore.embedding import bundled_model_folder
from vectorstore.index import Index

pytestmark = pytest.mark.integration


def run(*arguments: object, index: Path) -> Result:
    return CliRunner().invoke(
        app, ["reembed", *map(str, arguments), "--index", str(index)], env={"LANG": "en_US.UTF-8"}
    )


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder, report = tmp_path / "index", tmp_path / "report.txt"
    report.write_text(
        "青石镇人民政府2023年政府信息公开工作年度报告\n一、总体情况\n2023年，青石镇人民政府收到政府信息公开申请3件。\n"
        "举办业务培训2场。\n二、存在问题\n业务培训不够多。\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(app, ["ingest", str(report), "--index", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(bundled_model_folder(), tmp_path / "my-model"))
    config = folder / "config.json"
    config.write_text(config.read_text(encoding="utf-8") + "\n", encoding="utf-8")  # another model, by its files
    return folder


def test_the_index_uses_another_model_and_goes_back(index: Path, model: Path) -> None:
    done = run("--embedding", model, "--query-prompt", "申请", "--json", index=index)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["model"], said["former"]) == (str(model), "bundled")
    assert said["embedded"] == said["passages"] > 0
    with Index.open(index) as kept:
        assert kept.model_name == str(model)
    back = run("--embedding", "bundled", index=index)
    assert f"The index uses the model bundled now: {said['passages']} of {said['passages']} passages" in back.stdout
    assert "already; no vectors had to be made" in run("--embedding", "bundled", index=index).stdout


def test_an_interrupted_change_says_how_to_go_on_and_does(
    index: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("vectorstore.changeover.switch", interrupt)
        stopped = run("--embedding", model, index=index)
    assert stopped.exit_code == 130
    assert "run the same command again to go on" in stopped.stderr
    done = run("--embedding", model, index=index)
    assert done.exit_code == 0
    assert "Going on with the change" in done.stderr


def test_wrong_names_are_told_and_change_nothing(index: Path, tmp_path: Path) -> None:
    failed = run("--embedding", tmp_path / "nowhere", index=index)
    assert failed.exit_code == 1
    assert "There is no folder" in failed.stderr
    assert run(index=index).exit_code == 2
    missing = run("--embedding", "bundled", index=tmp_path / "no-index")
    assert missing.exit_code == 1
    assert "nianbao ingest" in missing.stderr
    with Index.open(index) as kept:
        assert kept.model_name == "bundled"
