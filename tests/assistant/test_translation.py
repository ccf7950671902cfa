"""English words and names as the reports have them."""

from __future__ import annotations

from assistant.prose.translation import place_names, spelt, translated, without_counterpart


def test_a_name_in_pinyin_finds_its_characters() -> None:
    boao = spelt("Boao")
    assert boao is not None
    assert boao.search("服务保障博鳌论坛年会")
    assert not boao.search("召开论坛")
    assert spelt("dragons") is None


def test_a_place_is_known_with_or_without_its_apostrophe() -> None:
    assert "淮安" in place_names("huai'an")
    assert place_names("huaian") == place_names("huai'an")
    assert place_names("dragons") == ()


def test_the_longer_of_two_overlapping_words_is_translated() -> None:
    assert list(translated("policy interpretation")) == ["policy interpretation"]
    assert without_counterpart("policy interpretation in animation form") == []
    assert without_counterpart("complain about dragons")
