"""What is kept of an index until it changes."""

from __future__ import annotations

from pathlib import Path

from vectorstore.index import Index
from vectorstore.records import Kind, RegisteredBody
from vectorstore.remembered import Remembered


def test_it_is_made_once_for_a_state_of_the_index() -> None:
    made: list[str] = []

    def make() -> list[str]:
        made.append("made")
        return ["value"]

    remembered = Remembered(10)
    assert remembered.get(1, "key", make) is remembered.get(1, "key", make)
    assert len(made) == 1


def test_a_change_of_the_index_forgets_everything() -> None:
    remembered = Remembered(10)
    remembered.get(1, "key", lambda: ["old"])
    assert remembered.get(2, "key", lambda: ["new"]) == ["new"]
    assert remembered.get(2, "key", lambda: ["newer"]) == ["new"]


def test_what_an_older_state_gives_is_not_kept_for_a_newer_one() -> None:
    remembered = Remembered(10)
    remembered.get(2, "other", lambda: ["new"])
    assert remembered.get(1, "key", lambda: ["old"]) == ["old"]
    assert remembered.get(2, "key", lambda: ["new"]) == ["new"]


def test_the_least_lately_used_is_forgotten_first() -> None:
    remembered = Remembered(4)
    for key in ("a", "b"):
        remembered.get(1, key, lambda key=key: [key, key])
    remembered.get(1, "a", lambda: ["again"])
    remembered.get(1, "c", lambda: ["c", "c"])
    assert remembered.get(1, "a", lambda: ["again"]) == ["a", "a"]
    assert remembered.get(1, "b", lambda: ["again"]) == ["again"]


def test_what_is_larger_than_the_capacity_is_not_kept() -> None:
    remembered = Remembered(2)
    remembered.get(1, "key", lambda: [1, 2, 3])
    assert remembered.get(1, "key", lambda: [4]) == [4]


def test_a_change_in_the_midst_of_making_keeps_nothing_of_it() -> None:
    remembered = Remembered(10)

    def make() -> list[str]:
        remembered.get(2, "other", lambda: ["changed"])
        return ["old"]

    assert remembered.get(1, "key", make) == ["old"]
    assert remembered.get(2, "key", lambda: ["new"]) == ["new"]


def test_an_index_remembers_until_something_is_written(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        assert index.remember("key", lambda: ["before"]) == ["before"]
        assert index.remember("key", lambda: ["again"]) == ["before"]
        with Index.open(tmp_path / "index") as other, other.writing() as writer:
            writer.put_register([RegisteredBody("甲镇人民政府", Kind.TOWNSHIP, None, None, None)])
        assert index.remember("key", lambda: ["after"]) == ["after"]
