"""The register on the command line: kept, shown, taken out; wrong lines are told and lose nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner, Result

from assistant.answer import RowState
from ui.cli import app
from ui.texts import texts
from vectorstore.index import Index


def run(*arguments: object, index: Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--index", str(index)], env={"LANG": "en_US.UTF-8"})


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    with Index.open(folder, create=True):
        pass
    return folder


def written(index: Path, text: str) -> Path:
    path = index.parent / "register.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_register_is_kept_shown_and_removed(index: Path) -> None:
    done = run("register", written(index, "机关,起\n青石镇人民政府,2021\n"), index=index)
    assert done.exit_code == 0, done.output
    assert "1 bodies" in done.output
    shown = json.loads(run("register", "--show", "--json", index=index).stdout)
    assert [(entry["name"], entry["from"], entry["to"], entry["bodies"]) for entry in shown] == [
        ("青石镇人民政府", 2021, None, [])
    ]
    assert json.loads(run("register", "--json", index=index).stdout) == shown
    assert json.loads(run("register", "--remove", "--json", index=index).stdout) == {"removed": 1}
    assert "no register" in run("register", index=index).stdout


def test_wrong_lines_are_told_with_their_number_and_the_others_kept(index: Path) -> None:
    done = run("register", written(index, "name,from\n青石镇人民政府,\n黑石镇人民政府,soon\n"), index=index)
    assert done.exit_code == 3
    assert "line 3: soon is no year" in done.output
    assert [e["name"] for e in json.loads(run("register", "--json", index=index).stdout)] == ["青石镇人民政府"]


@pytest.mark.parametrize("bad", ["", "a,b\nc,d\n", "name,kind\n青石镇人民政府,村\n"])
def test_a_bad_file_leaves_the_register_as_it_was(index: Path, bad: str) -> None:
    run("register", written(index, "name\n青石镇人民政府\n"), index=index)
    done = run("register", written(index, bad), index=index)
    assert done.exit_code == 1 and "register" in done.output
    assert len(json.loads(run("register", "--json", index=index).stdout)) == 1


def test_a_file_and_an_option_exclude_one_another(index: Path) -> None:
    assert run("register", written(index, "name\n青石镇人民政府\n"), "--remove", index=index).exit_code == 2


def test_without_an_index_none_is_made(tmp_path: Path) -> None:
    done = run("register", written(tmp_path / "index", "name\n青石镇人民政府\n"), index=tmp_path / "index")
    assert done.exit_code == 1
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("state", get_args(RowState))
def test_every_state_of_a_row_has_words(state: str) -> None:
    assert texts("zh")(f"state.{state}") and texts("en")(f"state.{state}")
