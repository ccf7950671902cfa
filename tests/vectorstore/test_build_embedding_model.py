"""The script that makes the bundled model, on a corpus of a few made-up articles, reports and words."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

pytest.importorskip("sklearn", reason="only who makes the model needs scikit-learn")

from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.data.build_embedding_model import build
from vectorstore.data.embedding_build.cooccurrence import choose_tokens, count_neighbours
from vectorstore.data.embedding_build.pairs import Pair, draw_pairs
from vectorstore.data.embedding_build.texts import (
    Association,
    associations,
    law_paragraphs,
    report_paragraphs,
    report_sentences,
)
from vectorstore.data.embedding_build.tuning import tune
from vectorstore.embedding import load_embedding
from vectorstore.terms import expand, terms_of

_ARTICLES = [
    "第一条　为了养好池塘里的锦鲤，制定本办法。",
    "第二条　锦鲤每日喂食两次，池塘每月换水一次。",
    "第三条　果园的梨树春天修枝，秋天采摘。",
    "第四条　梨树的果实由果园自行采摘和分配。",
]
_REPORT = "池塘管理处年报\n2022年，池塘管理处共清点锦鲤37尾，换水12次，饲料由专人保管。池塘边设了围栏，游人可以观看。\n"
_WORDS = "# 锦鲤也有人叫金鱼\n金鱼、大金鱼\t锦鲤、池塘\norchard\t果园、梨树\n"

Build = Callable[[str], Path]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    with lzma.open(folder / "laws.jsonl.xz", "wt", encoding="utf-8") as lines:
        law = {"title": "锦鲤办法", "articles": [["总则", _ARTICLES * 3]]}
        lines.write(json.dumps(law, ensure_ascii=False) + "\n")
        for number in range(40):  # enough different characters for all dimensions
            filler = "".join(chr(0x4E00 + number * 25 + i) for i in range(25))
            article = [f"{filler}，{filler}，{filler}。锦鲤池塘{number}。梨树果园{number}。"]
            lines.write(json.dumps({"title": "", "articles": [["", article]]}, ensure_ascii=False) + "\n")
    (folder / "reports").mkdir()
    (folder / "reports" / "pond.txt").write_text(_REPORT, encoding="utf-8")
    (folder / "words.tsv").write_text(_WORDS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def model_folder(corpus: Path) -> Path:
    return _build(corpus, corpus / "model")


def _build(corpus: Path, folder: Path) -> Path:
    build(folder, corpus / "laws.jsonl.xz", [corpus / "reports"], [corpus / "words.tsv"], 2_000)
    return folder


def test_a_model_knows_what_stands_together_in_texts(model_folder: Path) -> None:
    model = load_embedding(model_folder)
    query = model.embed_query("锦鲤")
    near, far = model.embed_passages(["池塘", "果园"])
    assert query @ near > query @ far
    assert numpy.allclose(numpy.linalg.norm(model.embed_passages(["梨树采摘"])), 1, atol=1e-5)


@pytest.mark.parametrize(("said", "meant", "other"), [("金鱼", "锦鲤", "梨树"), ("orchard", "果园", "池塘")])
def test_a_model_knows_what_the_word_lists_say_in_chinese_and_english(
    model_folder: Path, said: str, meant: str, other: str
) -> None:
    model = load_embedding(model_folder)
    near, far = model.embed_passages([meant, other])
    assert model.embed_query(said) @ near > model.embed_query(said) @ far


def test_the_same_input_gives_the_same_bytes(corpus: Path, model_folder: Path) -> None:
    again = _build(corpus, corpus / "again")
    names = sorted(path.name for path in model_folder.iterdir())
    assert sorted(path.name for path in again.iterdir()) == names
    assert all((again / name).read_bytes() == (model_folder / name).read_bytes() for name in names)


def test_model2vec_gives_the_same_vectors(model_folder: Path) -> None:
    from model2vec import StaticModel

    theirs = StaticModel.from_pretrained(model_folder, normalize=True, max_length=None)
    texts = ["锦鲤在池塘", "orchard 的梨树"]
    expected = load_embedding(model_folder).embed_passages(texts)
    assert numpy.allclose(theirs.encode([expand(text) for text in texts]), expected, atol=2e-3)


@pytest.mark.integration
def test_sentence_transformers_gives_the_same_vectors(model_folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(model_folder), device="cpu").float()
    texts = ["锦鲤在池塘", "orchard 的梨树"]
    expected = load_embedding(model_folder).embed_passages(texts)
    assert numpy.allclose(theirs.encode([expand(text) for text in texts]), expected, atol=1e-4)


def test_a_law_is_read_without_the_numbers_of_its_articles_and_each_paragraph_once(corpus: Path) -> None:
    paragraphs = law_paragraphs(corpus / "laws.jsonl.xz")
    assert paragraphs[0] == "为了养好池塘里的锦鲤,制定本办法。"
    assert len(paragraphs) == len(set(paragraphs))


def test_sentences_that_differ_in_numbers_alone_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("池塘里养了锦鲤5尾，都很健康，游人常来观看，也有人喂食。", encoding="utf-8")
    (tmp_path / "b.txt").write_text("池塘里养了锦鲤61尾，都很健康，游人常来观看，也有人喂食。", encoding="utf-8")
    assert len(report_sentences([tmp_path])) == len(report_paragraphs([tmp_path])) == 1


def test_a_word_list_has_several_forms_of_what_is_said_and_of_what_is_written(corpus: Path) -> None:
    assert associations(corpus / "words.tsv") == [
        Association(("金鱼", "大金鱼"), ("锦鲤", "池塘")),
        Association(("orchard",), ("果园", "梨树")),
    ]


def test_characters_and_wanted_words_come_before_bigrams_and_nothing_comes_twice() -> None:
    counts = Counter(terms_of("锦鲤锦鲤锦鲤锦鲤"))
    tokens = choose_tokens(counts, {"carp", "锦鲤"}, 5)
    assert tokens == ["锦", "鲤", "carp", "锦鲤", "鲤锦"]
    assert choose_tokens(counts, {"carp", "锦鲤"}, 4) == tokens[:4]


def test_overlapping_tokens_are_no_neighbours_and_near_ones_count_more() -> None:
    tokens = ["锦", "鲤", "锦鲤", "池"]
    counted = count_neighbours(["锦鲤池"], tokens).toarray()
    assert counted[tokens.index("锦"), tokens.index("锦鲤")] == 0
    assert counted[tokens.index("锦"), tokens.index("鲤")] > counted[tokens.index("锦"), tokens.index("池")] > 0
    assert (counted == counted.T).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text("锦鲤池塘梨树果园换水，。", min_size=1, max_size=40), min_size=1, max_size=5))
def test_a_passage_of_a_pair_is_cut_from_the_paragraphs(paragraphs: list[str]) -> None:
    whole = [text for text in paragraphs if text.strip()]
    pairs = draw_pairs([], [], [], whole, 50)
    assert all(pair.question for pair in pairs)
    assert all(set(pair.passage) <= set("".join(whole)) for pair in pairs)


def test_pairs_are_the_same_every_time_and_hold_what_is_said_and_what_is_written() -> None:
    listed = [Association(("金鱼",), ("锦鲤",)), Association(("orchard",), ("果园", "梨树"))]
    pairs = draw_pairs(
        listed, ["锦鲤每日喂食两次，不得多喂。"], ["果园的梨树春天修枝。"], ["果园的梨树由村民看守。"], 300
    )
    assert pairs == draw_pairs(
        listed, ["锦鲤每日喂食两次，不得多喂。"], ["果园的梨树春天修枝。"], ["果园的梨树由村民看守。"], 300
    )
    of_orchard = [pair for pair in pairs if pair.group == 1]
    assert of_orchard
    assert all("orchard" in pair.question for pair in of_orchard)
    assert all("果园" in pair.passage or "梨树" in pair.passage for pair in of_orchard)


def test_tuning_brings_the_sides_of_a_pair_together_and_leaves_unknown_words_out() -> None:
    generator = numpy.random.default_rng(1)
    table = generator.standard_normal((3, 16)).astype(numpy.float32)
    pairs = [Pair("甲", "乙", 0), Pair("丙", "丙", 1)] * 8 + [Pair("丁", "乙", 2)]

    def cosine(vectors: numpy.ndarray) -> float:
        return float(vectors[0] @ vectors[1] / numpy.linalg.norm(vectors[0]) / numpy.linalg.norm(vectors[1]))

    tuned = tune(table, ["甲", "乙", "丙"], pairs)
    assert cosine(tuned) > cosine(table)
    assert tuned.shape == table.shape


def test_without_pairs_the_table_stays_as_it_is() -> None:
    table = numpy.eye(3, dtype=numpy.float32)
    assert (tune(table, ["甲", "乙", "丙"], []) == table).all()
