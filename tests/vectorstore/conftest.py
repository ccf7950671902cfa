"""Made-up reports for the store's tests. No place, body or number in them is real."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from vectorstore.records import (
    Body,
    Check,
    CheckSide,
    Figure,
    Kind,
    Mention,
    Origin,
    Passage,
    Report,
    ReportContents,
    Section,
    SectionRole,
    Span,
    State,
)

MakeContents = Callable[..., ReportContents]


def _figure(report_id: str, body_id: str, metric: str, value: int | None, **changes: Any) -> Figure:
    values: dict[str, Any] = {
        "column": None,
        "year": 2023,
        "value": None if value is None else Decimal(value),
        "state": State.STATED if value is not None else State.BLANK,
        "unit": "件",
        "origin": Origin.NARRATIVE,
        "start": 0,
        "end": 4,
    }
    return Figure(report_id=report_id, body_id=body_id, metric=metric, **(values | changes))


@pytest.fixture
def make_figure() -> Callable[..., Figure]:
    """Makes a narrative figure of body ``b`` in report ``r``: ``make_figure("applications_new", 3, start=9, …)``."""

    def make(metric: str, value: int | None, **changes: Any) -> Figure:
        return _figure(changes.pop("report_id", "r"), changes.pop("body_id", "b"), metric, value, **changes)

    return make


def _passages(report_id: str, sentences: Sequence[str]) -> tuple[Passage, ...]:
    """One for each sentence; they stand line by line."""
    passages = []
    at = 0
    for sentence in sentences:
        end = at + len(sentence)
        role = SectionRole.PROBLEMS if "问题" in sentence else SectionRole.OVERVIEW
        passages.append(
            Passage(f"{report_id}:{at}-{end}", report_id, "总体情况", role, sentence, at, end, len(sentence))
        )
        at = end + 1
    return tuple(passages)


def _checks(report_id: str) -> tuple[Check, ...]:
    """One that holds, and one that can't be judged."""
    row = CheckSide("各类申请人之和", Decimal(3), (Span(0, 2), Span(3, 5)))
    total = CheckSide("总计", Decimal(3), (Span(6, 7),))
    unknown, known = CheckSide("左", None), CheckSide("右", Decimal("1.50"))
    return (
        Check(report_id, "row_total", "applications_new", True, row, total),
        Check(report_id, "balance", "result_total", None, unknown, known),
    )


@pytest.fixture
def make_contents() -> MakeContents:
    """Makes a report: one passage for each of the sentences, one figure for each item of ``figures``."""

    def make(
        name: str = "青禾经济开发区管理委员会",
        *,
        kind: Kind = Kind.ZONE,
        region: str | None = "云岭省/青禾市/松溪区",
        year: int | None = 2023,
        aliases: tuple[str, ...] = (),
        sentences: Sequence[str] = ("本年度收到政府信息公开申请3件。", "组织业务培训2场。"),
        figures: dict[str, int | None] | None = None,
        other_bodies: tuple[Body, ...] = (),
    ) -> ReportContents:
        text = "\n".join(sentences)
        report_id = hashlib.sha256(f"{name}{year}{region}{text}".encode()).hexdigest()[:16]
        body = Body(f"body-{name}", name, kind, region, aliases)
        report = Report(
            report_id=report_id,
            title=f"{name}{year}年政府信息公开工作年度报告",
            body_id=body.body_id,
            body=name,
            kind=kind,
            region=region,
            year=year,
            period=("2023-01-01", "2023-12-31"),
            issued_on="2024-01-20",
            source=f"{name}.txt",
            sources=(f"{name}.txt", "又一份.txt"),
            retrieved_on=None,
            sections=(Section("一、总体情况", 1, SectionRole.OVERVIEW, 0, len(text)),),
            pictures=1,
            tables=("application_table",),
            characters=len(text),
        )
        return ReportContents(
            report=report,
            text=text,
            body=body,
            other_bodies=other_bodies,
            passages=_passages(report_id, sentences),
            figures=tuple(
                _figure(report_id, body.body_id, metric, value, year=year, start=number, end=number + 5)
                for number, (metric, value) in enumerate((figures or {"applications_new": 3}).items())
            ),
            mentions=(Mention(report_id, body.body_id, year, Decimal(2), "场", "业务培训", None, 0, 9),),
            checks=_checks(report_id),
        )

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test's index goes; not made yet."""
    return tmp_path / "index"


@pytest.fixture
def make_static_model(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder with a model of random vectors, one a term, for the characters of the made-up reports."""
    import numpy
    from safetensors.numpy import save_file

    characters = "本年度收到政府信息公开申请件组织业务培训场青禾松溪经济开发区镇人民管理委员会总体情况植树造林举办"

    def make(name: str = "static", *, dimension: int = 8, seed: int = 1, kind: Any = numpy.float32) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        terms = [*dict.fromkeys(characters)]
        terms += [first + second for first, second in pairwise(characters)]
        vocabulary = {term: number for number, term in enumerate(dict.fromkeys(terms))}
        table = numpy.random.default_rng(seed).normal(size=(len(vocabulary), dimension)).astype(kind)
        save_file({"embeddings": table}, folder / "model.safetensors")
        config = {"model_type": "model2vec", "text_preparation": "characters_and_bigrams"}
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        tokenizer = {"model": {"type": "WordLevel", "vocab": vocabulary}}
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
        return folder

    return make


_TRANSFORMER_CHARACTERS = (
    "本年度未收到政府信息公开申请举办业务培训场参加人员余联系电话及见网站为这个句子生成表示以用于检索相关文章：，。查询"
)


def _save_tokenizer(folder: Path, **changes: Any) -> int:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    words = [*special, "yes", "no", *dict.fromkeys(_TRANSFORMER_CHARACTERS)]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **names, **changes).save_pretrained(folder)
    return len(words)


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of real transformers of random weights, as sentence-transformers saves them.

    ``mean`` has no prompts, ``prompted`` has its own, ``last`` is a decoder whose last token counts, ``reranker`` gives
    one score a pair, ``classifier`` three.
    """
    import torch
    from sentence_transformers import CrossEncoder, SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import (
        BertConfig,
        BertForSequenceClassification,
        BertModel,
        Qwen3Config,
        Qwen3Model,
    )

    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("models")
    tokens = _save_tokenizer(folder / "encoder")
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    bert = {"vocab_size": tokens, "max_position_embeddings": 64, "initializer_range": 0.5, **size}
    BertModel(BertConfig(**bert)).save_pretrained(folder / "encoder")
    own = {"query": "查询：", "document": "文章："}
    for name, prompts in (("mean", None), ("prompted", own)):
        modules = [Transformer(str(folder / "encoder")), Pooling(16)]
        SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder / name))
    _save_tokenizer(folder / "decoder", padding_side="left")
    qwen = Qwen3Config(vocab_size=tokens, num_key_value_heads=1, head_dim=8, pad_token_id=0, **size)
    Qwen3Model(qwen).save_pretrained(folder / "decoder")
    modules = [Transformer(str(folder / "decoder")), Pooling(16, pooling_mode="lasttoken")]
    SentenceTransformer(modules=modules, prompts={"query": "查询："}, device="cpu").save(str(folder / "last"))
    for name, labels in (("reranker", 1), ("classifier", 3)):
        _save_tokenizer(folder / f"{name}-bert")
        judge = BertForSequenceClassification(BertConfig(num_labels=labels, **bert))
        judge.save_pretrained(folder / f"{name}-bert")
        CrossEncoder(str(folder / f"{name}-bert"), device="cpu").save(str(folder / name))
    return folder
