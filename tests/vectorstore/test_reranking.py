"""Rerankers: real cross-encoders of random weights, and what is said where one can't be loaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vectorstore.embedding import bundled_model_folder
from vectorstore.errors import RerankerError
from vectorstore.reranking import chosen_reranker, load_reranker

_PASSAGES = ["本年度未收到政府信息公开申请。", "举办业务培训2场。", "联系电话见网站。"]


@pytest.mark.integration
def test_each_passage_gets_the_score_that_sentence_transformers_gives(tiny_models: Path) -> None:
    from sentence_transformers import CrossEncoder
    from torch import nn

    reranker = load_reranker(tiny_models / "reranker", device="cpu", batch_size=2)
    scores = reranker.score("有没有申请", _PASSAGES)
    theirs = CrossEncoder(str(tiny_models / "reranker"), device="cpu").predict(
        [("有没有申请", passage) for passage in _PASSAGES], activation_fn=nn.Identity()
    )
    assert all(isinstance(score, float) for score in scores)
    assert scores == pytest.approx(theirs.tolist(), abs=1e-4)
    assert len(set(scores)) == 3
    assert reranker.name == str(tiny_models / "reranker")


@pytest.mark.integration
def test_scores_stand_in_the_order_of_the_passages(tiny_models: Path) -> None:
    reranker = load_reranker(tiny_models / "reranker", device="cpu", batch_size=1)
    scores = reranker.score("有没有申请", _PASSAGES)
    assert reranker.score("有没有申请", _PASSAGES[::-1]) == pytest.approx(scores[::-1], abs=1e-4)
    assert reranker.score("有没有申请", []) == []


@pytest.mark.integration
def test_a_length_cuts_what_is_read(tiny_models: Path) -> None:
    short = load_reranker(tiny_models / "reranker", device="cpu", max_length=8)
    first, second = short.score("申请", ["本年度未收到", "本年度举办业务培训"])
    assert first == pytest.approx(second, abs=1e-5)


@pytest.mark.integration
def test_a_classifier_is_no_reranker(tiny_models: Path) -> None:
    with pytest.raises(RerankerError, match="gives 3 scores"):
        load_reranker(tiny_models / "classifier", device="cpu").score("申请", _PASSAGES)


def test_a_folder_that_is_not_there_is_named_at_once() -> None:
    with pytest.raises(RerankerError, match="/no/such/model"):
        load_reranker("/no/such/model")


@pytest.mark.integration
def test_a_folder_with_something_else_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match=r"The reranker .* cannot be loaded .* Check that the folder"):
        load_reranker(tmp_path, device="cpu").score("申请", _PASSAGES)


@pytest.mark.integration
def test_a_hub_name_without_a_network_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(RerankerError, match=r"name the folder instead, or go on without a reranker"):
        load_reranker("nobody/no-such-reranker").score("申请", _PASSAGES)


def test_the_one_given_comes_before_that_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NIANBAO_RERANKER", raising=False)
    assert chosen_reranker() is None
    monkeypatch.setenv("NIANBAO_RERANKER", "some/reranker")
    from_environment, given = chosen_reranker(), chosen_reranker(tmp_path)
    assert from_environment is not None and from_environment.name == "some/reranker"
    assert given is not None and given.name == str(tmp_path)
    assert chosen_reranker("none") is None


def test_a_wrong_batch_size_is_told_before_anything_is_loaded() -> None:
    with pytest.raises(RerankerError, match="The batch size is 0"):
        load_reranker("some/reranker", batch_size=0)


@pytest.mark.integration
def test_naming_a_reranker_loads_nothing() -> None:
    program = (
        "import sys; from vectorstore.reranking import load_reranker; load_reranker('some/reranker')\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("mean", r"is an embedding model \(BertModel\)"),
        ("last", "is an embedding model"),
        ("encoder", r"is an encoder without a head that gives scores \(BertModel\)"),
    ],
)
def test_a_model_that_gives_no_scores_is_no_reranker(tiny_models: Path, name: str, what: str) -> None:
    # It would be given a head of random weights, and the order would be random too.
    with pytest.raises(RerankerError, match=rf"{name} {what}.* has to be a cross-encoder"):
        load_reranker(tiny_models / name, device="cpu").score("申请", _PASSAGES)


@pytest.mark.integration
def test_the_bundled_embedding_model_is_no_reranker() -> None:
    with pytest.raises(RerankerError, match="is an embedding model"):
        load_reranker(bundled_model_folder(), device="cpu").score("申请", _PASSAGES)


@pytest.mark.integration
def test_a_cross_encoder_that_transformers_saved_is_a_reranker(tiny_models: Path) -> None:
    saved = load_reranker(tiny_models / "reranker", device="cpu").score("申请", _PASSAGES)
    assert load_reranker(tiny_models / "reranker-bert", device="cpu").score("申请", _PASSAGES) == pytest.approx(saved)


@pytest.mark.integration
def test_an_embedding_model_in_the_hub_cache_is_no_reranker(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "models--some--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("a" * 40, encoding="utf-8")
    shutil.copytree(tiny_models / "mean", repository / "snapshots" / ("a" * 40))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    with pytest.raises(RerankerError, match="The model some/tiny is an embedding model"):
        load_reranker("some/tiny", device="cpu").score("申请", _PASSAGES)
