"""The list of what people say and reports write is kept by hand, so its form is held to account here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files

import pytest

from vectorstore.folding import fold_text

# In nearly every passage of nearly every report: looking for them finds nothing.
TOO_COMMON = frozenset(
    (
        "申请",
        "信息",
        "公开",
        "政府",
        "政务",
        "工作",
        "情况",
        "报告",
        "年度",
        "本机关",
        "进行",
        "开展",
        "加强",
        "办理",
        "相关",
        "有关",
        "政府信息",
        "信息公开",
        "政府信息公开",
    )
)
# A word that is looked up by mistake, and the phrase in which it stands by accident.
ACCIDENTS = [
    ("上学", "网上学习"),
    ("入学", "深入学习"),
    ("大学", "加大学习力度"),
    ("传单", "上传单位"),
    ("复意", "答复意见"),
    ("公开日", "公开日期"),
    ("市民", "市民政局"),
    ("业主", "企业主体责任"),
    ("中考", "集中考核"),
    ("取经", "争取经费"),
    ("国企", "全国企业"),
    ("治安", "政治安全"),
    ("新手", "创新手段"),
    ("中标", "集中标注"),
    ("转结", "土地流转结果"),
    ("公众好", "公众好评"),
    ("失信", "缺失信息"),
    ("考公", "参考公开指南"),
    ("输了", "传输了"),
    ("镇上", "乡镇上报"),
    ("工单", "施工单位"),
    ("工单", "用工单位"),
    ("上访", "线上访谈"),
    ("上访", "网上访谈"),
    ("信箱", "电子信箱"),
    ("好的地方", "不好的地方"),
    ("农民", "农民工"),
]


@dataclass(frozen=True)
class Entry:
    line: int
    heading: str
    said: str
    written: tuple[str, ...]


LISTS = ("synonyms.tsv", "everyday_terms.tsv", "english_terms.tsv")


def _lines(name: str = LISTS[0]) -> list[str]:
    return (files("vectorstore.data") / name).read_text(encoding="utf-8").splitlines()


def _stop_words() -> frozenset[str]:
    lines = (files("vectorstore.data") / "stop_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold_text(line.strip()) for line in lines if line.strip() and not line.startswith("#"))


def _entries(name: str) -> list[Entry]:
    found = []
    heading = ""
    for number, line in enumerate(_lines(name), start=1):
        if line.startswith("#"):
            heading = line.removeprefix("#").strip()
        elif line.strip():
            said, _, written = line.partition("\t")
            found += [Entry(number, heading, word, tuple(written.split("、"))) for word in said.split("、")]
    return found


@pytest.fixture(scope="module", params=LISTS)
def entries(request: pytest.FixtureRequest) -> list[Entry]:
    """Of each list in turn."""
    return _entries(request.param)


@pytest.fixture(scope="module")
def synonyms() -> list[Entry]:
    return _entries(LISTS[0])


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_has_two_columns_and_no_stray_spaces(name: str) -> None:
    for number, line in enumerate(_lines(name), start=1):
        if line and not line.startswith("#"):
            columns = line.split("\t")
            assert len(columns) == 2 and all(c and c == c.strip() for c in columns), f"line {number}: {line!r}"


def test_what_is_said_is_listed_once_whatever_its_width_case_or_script(entries: list[Entry]) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        said = fold_text(entry.said)
        assert said not in seen, f"line {entry.line}: {entry.said} stands in line {seen.get(said)} too"
        seen[said] = entry.line


def test_what_is_said_is_at_least_two_characters_long(entries: list[Entry]) -> None:
    assert [entry.said for entry in entries if len(entry.said) < 2] == []


def test_what_is_said_is_not_among_what_is_written_for_it(entries: list[Entry]) -> None:
    assert [e.said for e in entries if fold_text(e.said) in map(fold_text, e.written)] == []


def test_every_entry_leads_to_one_to_five_different_terms(entries: list[Entry]) -> None:
    assert [e.said for e in entries if not 1 <= len(e.written) <= 5 or len(set(e.written)) < len(e.written)] == []


def test_terms_of_the_reports_are_chinese_and_at_least_two_characters_long(entries: list[Entry]) -> None:
    # Digits stand in 12345 and in numbers of regulations, brackets in 村（社区）.
    chinese = re.compile("[一-鿿（）0-9]{2,}")
    assert [(e.said, term) for e in entries for term in e.written if not chinese.fullmatch(term)] == []


def test_no_term_is_a_stop_word_or_in_nearly_every_passage(entries: list[Entry]) -> None:
    barred = TOO_COMMON | _stop_words()
    assert [(e.said, term) for e in entries for term in e.written if fold_text(term) in barred] == []


def test_nothing_said_is_a_stop_word_or_in_nearly_every_passage(entries: list[Entry]) -> None:
    # 申请 alone is what many people type for 政府信息公开申请.
    barred = (TOO_COMMON | _stop_words()) - {"申请"}
    assert [entry.said for entry in entries if fold_text(entry.said) in barred] == []


@pytest.mark.parametrize(("word", "phrase"), ACCIDENTS)
def test_a_word_that_stands_in_a_phrase_by_accident_is_left_out_or_the_phrase_is_listed_too(
    word: str, phrase: str
) -> None:
    # The longest entry of all the lists is the one that is matched.
    said = {entry.said for name in LISTS for entry in _entries(name)}
    assert word in phrase
    assert word not in said or phrase in said


def test_latin_entries_are_lower_case_words_as_they_are_matched(entries: list[Entry]) -> None:
    latin = [entry.said for entry in entries if re.search("[A-Za-z]", entry.said)]
    assert [said for said in latin if not re.fullmatch(r"[a-z0-9][a-z0-9'&-]*( [a-z][a-z'&-]*)*", said)] == []


def test_the_list_is_large_enough_in_both_languages(synonyms: list[Entry]) -> None:
    assert len(synonyms) >= 800
    assert sum(entry.said.isascii() for entry in synonyms) >= 250


def test_no_list_says_again_what_another_one_has() -> None:
    said = [fold_text(entry.said) for name in LISTS for entry in _entries(name)]
    assert sorted(word for word, count in Counter(said).items() if count > 1) == []


def test_synonyms_stand_in_groups_under_a_heading_of_their_own(synonyms: list[Entry]) -> None:
    blocks = [block.splitlines() for block in "\n".join(_lines()).split("\n\n")][1:]
    headings = [block[0] for block in blocks]
    assert len(headings) == len(set(headings)) >= 20
    for block in blocks:
        assert block[0].startswith("# ") and len(block) > 5, block[0]
        assert not any(line.startswith("#") for line in block[1:]), block[0]
    assert sum(len(block) - 1 for block in blocks) == len(synonyms)


def test_english_entries_stand_under_english_headings(synonyms: list[Entry]) -> None:
    # 12345 and ai are typed in Chinese questions as well.
    misplaced = [e.said for e in synonyms if e.said.isascii() != e.heading.startswith("英文")]
    assert set(misplaced) <= {"12345", "ai"}
