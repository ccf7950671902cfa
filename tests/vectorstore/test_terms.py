"""The terms that full text and the bundled model count."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.retrieval.query_terms import read_query, synonyms_in
from vectorstore.terms import expand, terms_of

LISTS = ("synonyms.tsv", "everyday_terms.tsv", "english_terms.tsv")
FOR_FINDING = LISTS[1:]
"""What is written there need not mean the same as what is said."""


def _entries(name: str) -> list[tuple[list[str], list[str]]]:
    """The forms said and the ways written, of each line."""
    lines = (files("vectorstore.data") / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.strip().partition("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [(said.split("、"), written.split("、")) for said, _, written in pairs]


def test_a_run_gives_its_characters_and_then_its_bigrams() -> None:
    assert terms_of("公开日") == ["公", "开", "日", "公开", "开日"]


def test_digits_and_latin_letters_stay_whole() -> None:
    assert terms_of("2023年WeChat１２３45.6件") == ["2023", "年", "wechat", "12345.6", "件"]


def test_punctuation_ends_a_run() -> None:
    assert "开主" not in terms_of("公开，主动")


def test_traditional_characters_give_the_simplified_terms() -> None:
    assert terms_of("政府資訊") == terms_of("政府资讯")


@given(st.text())
def test_terms_survive_being_joined(text: str) -> None:
    assert expand(text).split() == terms_of(text)


def test_words_of_asking_are_not_looked_for() -> None:
    assert read_query("请问有哪些问题").own == ("问", "题", "问题")


def test_a_character_of_asking_stays_inside_a_name() -> None:
    own = read_query("成都和谐社区").own
    assert "成都" in own
    assert "都" not in own


def test_a_query_of_nothing_but_words_of_asking_keeps_them() -> None:
    assert read_query("什么").own
    assert read_query("！？").all == ()


def test_what_people_say_is_looked_for_as_reports_write_it() -> None:
    terms = read_query("毛病")
    assert terms.own == ("毛", "病", "毛病")
    assert {"问题", "不足"} <= set(terms.expansion)
    assert not set(terms.own) & set(terms.expansion)
    assert "问题" in read_query("What problems recur?").expansion
    assert read_query("refined").expansion == ()  # holds "fine" inside another word


@pytest.mark.parametrize("name", LISTS)
def test_every_form_of_every_list_is_looked_for_as_reports_write_it(name: str) -> None:
    for forms, written in _entries(name):
        for form in forms:
            ways = {way for concept in read_query(form).concepts for way in concept.written}
            looked_for = [tuple(dict.fromkeys(terms_of(way))) for way in written]
            assert set(looked_for) <= ways, form


@pytest.mark.parametrize("name", FOR_FINDING)
def test_forms_that_stand_together_lead_to_the_same(name: str) -> None:
    together = [forms for forms, _ in _entries(name) if len(forms) > 1]
    assert together
    for first, *others in together:
        expected = {way for concept in read_query(first).concepts for way in concept.written}
        for other in others:
            found = {way for concept in read_query(other).concepts for way in concept.written}
            assert expected & found


@pytest.mark.parametrize("name", FOR_FINDING)
def test_what_only_helps_to_find_is_no_synonym(name: str) -> None:
    for forms, _ in _entries(name):
        assert [form for form in forms if form in synonyms_in(form)] == []


def test_a_word_is_a_synonym_and_an_everyday_word_is_only_looked_for() -> None:
    assert "问题" in synonyms_in("毛病")["毛病"]
    assert synonyms_in("周末") == {}
    assert {"双休", "休日"} <= set(read_query("周末").expansion)
    assert synonyms_in("fishermen") == {}
    assert "渔民" in read_query("the fishermen's boats").expansion


def test_an_english_word_is_found_whole_and_in_either_case() -> None:
    assert "渔民" in read_query("Fisherman").expansion
    assert "渔民" not in read_query("kingfishermanship").expansion


@given(st.sampled_from([form for name in LISTS for forms, _ in _entries(name) for form in forms]))
def test_what_is_said_weighs_only_as_far_as_it_is_the_querys_own(form: str) -> None:
    terms = read_query(f"请问{form}的情况")
    for concept in terms.concepts:
        assert set(concept.said) <= set(terms.own)
    assert not set(terms.own) & set(terms.expansion)
    assert read_query(f"请问{form}的情况", expanded=False).expansion == ()
