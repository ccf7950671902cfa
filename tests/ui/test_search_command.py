"""``nianbao search`` and a reranker on the command line: what is printed, and in whose order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ui.cli import app
from vectorstore.index import Index

pytestmark = pytest.mark.integration

LAMPS = "大厅为看不清字的老人准备了放大镜和带灯的书写板，由专人在旁边讲解用法。"
TOWNS = {
    "梨花镇": (LAMPS, "苗圃连年缺水，已经停办。苗圃旧址改作停车场。"),
    "松岭镇": (LAMPS, "渡口修在村东头，夜里有人值守。"),
    "苇塘镇": (LAMPS, "渡口的灯修好了。船票在村口买。"),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from ingest.pipeline import ingest

    folder = tmp_path_factory.mktemp("towns")
    for town, (alike, own) in TOWNS.items():
        (folder / f"{town}.txt").write_text(
            f"{town}人民政府2023年政府信息公开工作年度报告\n一、总体情况\n{alike}\n二、存在的主要问题及改进情况\n{own}\n",
            encoding="utf-8",
        )
    with Index.open(folder / "index", create=True) as opened:
        ingest(sorted(folder.glob("*.txt")), opened)
    return folder / "index"


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real cross-encoder of random weights."""
    import torch
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("reranker")
    characters = dict.fromkeys("".join(part for parts in TOWNS.values() for part in parts))
    vocabulary = {word: number for number, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=96, **names)
    fast.save_pretrained(folder / "bert")
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = BertConfig(
        num_labels=1, vocab_size=len(vocabulary), max_position_embeddings=96, initializer_range=0.5, **size
    )
    BertForSequenceClassification(config).save_pretrained(folder / "bert")
    CrossEncoder(str(folder / "bert"), device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(autouse=True)
def _no_reranker_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIANBAO_RERANKER", raising=False)


def run(index: Path, *arguments: object, language: str = "zh_CN.UTF-8") -> Result:
    for_terminal = {"LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}
    result = CliRunner().invoke(app, [*map(str, arguments), "--index", str(index)], env=for_terminal)
    assert result.exit_code == 0, result.output
    return result


def hits(index: Path, query: str, *arguments: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(index, "search", query, "--json", *arguments).stdout)
    return found


def test_the_sentences_that_answer_are_printed_and_not_the_whole_passage(index: Path) -> None:
    printed = run(index, "search", "苗圃旧址停车场").stdout
    assert "苗圃旧址改作停车场。" in printed
    assert "缺水" not in printed
    assert "1. 梨花镇人民政府 · 2023 · " in printed


def test_what_other_reports_repeat_is_counted_below_it(index: Path) -> None:
    printed = run(index, "search", "放大镜和书写板").stdout
    assert printed.count(LAMPS) == 1
    lines = printed.splitlines()
    assert lines[lines.index(f"   {LAMPS}") + 1] == "   （另有2份报告的段落说法几乎相同）"
    in_english = run(index, "search", "放大镜和书写板", language="en_US.UTF-8").stdout
    assert "(2 passages of other reports say nearly the same)" in in_english


def test_what_is_merely_nearest_is_said_to_be_so(index: Path) -> None:
    assert run(index, "search", "渡口的桥梁荷载检测费用分摊复检").stdout.startswith(
        "没有找到直接写明的段落，最接近的是："
    )
    assert "最接近的是" not in run(index, "search", "苗圃旧址停车场").stdout
    nearest = run(index, "search", "渡口的桥梁荷载检测费用分摊复检", language="en_US.UTF-8").stdout
    assert nearest.startswith("No passage says it outright; the nearest are:\n1. ")


def test_nothing_found_is_not_called_nearest(index: Path) -> None:
    assert run(index, "search", "“航天育种”").stdout == "没有找到。\n"
    assert hits(index, "“航天育种”") == []


def test_json_holds_the_sentences_the_repetitions_and_the_share(index: Path) -> None:
    found = hits(index, "放大镜和书写板")
    with Index.open(index) as opened:
        for hit in found:
            text = opened.text(hit["report_id"])
            assert text[hit["start"] : hit["end"]] == hit["text"]
            for sentence in hit["sentences"]:
                assert hit["start"] <= sentence["start"] < sentence["end"] <= hit["end"]
                assert text[sentence["start"] : sentence["end"]] == sentence["text"]
            assert 0 <= hit["share"] <= 1
            assert all(not repeat.startswith(hit["report_id"]) for repeat in hit["repeats"])
    (first,) = [hit for hit in found if LAMPS in hit["text"]]
    assert [sentence["text"] for sentence in first["sentences"]] == [LAMPS]
    assert len(first["repeats"]) == 2
    assert first["share"] == max(hit["share"] for hit in found)


def test_a_body_in_the_words_narrows(index: Path) -> None:
    assert {hit["body"] for hit in hits(index, "松岭镇的放大镜")} == {"松岭镇人民政府"}


def test_a_reranker_orders_what_is_found_and_its_scores_are_shown(index: Path, reranker: Path) -> None:
    query = "渡口苗圃放大镜"
    before, after = hits(index, query), hits(index, query, "--reranker", reranker)
    assert [hit["passage_id"] for hit in before] != [hit["passage_id"] for hit in after]
    assert {hit["passage_id"] for hit in before} | {r for hit in before for r in hit["repeats"]} == {
        hit["passage_id"] for hit in after
    } | {r for hit in after for r in hit["repeats"]}
    assert not any("reranker" in hit["scores"] for hit in before)
    scores = [hit["scores"]["reranker"] for hit in after]
    assert scores == sorted(scores, reverse=True)
    assert scores == [hit["score"] for hit in after]
    assert all("lexical" in hit["scores"] for hit in after)


def test_a_reranker_of_the_environment_is_used_and_none_turns_it_off(
    index: Path, reranker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_RERANKER", str(reranker))
    assert all("reranker" in hit["scores"] for hit in hits(index, "渡口苗圃放大镜"))
    assert not any("reranker" in hit["scores"] for hit in hits(index, "渡口苗圃放大镜", "--reranker", "none"))


def test_asking_uses_the_reranker_too(index: Path, reranker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vectorstore.cross_encoder_reranker import CrossEncoderReranker

    read: list[str] = []
    real = CrossEncoderReranker.score

    def score(self: CrossEncoderReranker, query: str, passages: list[str]) -> list[float]:
        read.extend(passages)
        return real(self, query, passages)

    monkeypatch.setattr(CrossEncoderReranker, "score", score)
    run(index, "ask", "渡口夜里怎么值守")
    assert read == []
    run(index, "ask", "渡口夜里怎么值守", "--reranker", reranker)
    assert any("渡口修在村东头" in passage for passage in read)


def test_a_reranker_that_is_not_there_is_told_in_one_sentence(index: Path, tmp_path: Path) -> None:
    for command in ("ask", "search"):
        done = CliRunner().invoke(
            app, [command, "渡口", "--index", str(index), "--reranker", str(tmp_path / "nowhere")]
        )
        assert done.exit_code == 1
        assert "nowhere" in done.stderr and "Traceback" not in done.stderr
