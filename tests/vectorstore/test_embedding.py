"""Embedding models: the bundled one, other people's static ones, and real transformers, all without a network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from hypothesis import given, strategies

from vectorstore.embedding import bundled_model_folder, is_static, load_embedding
from vectorstore.embedding_settings import EmbeddingSettings, listed_prompts
from vectorstore.errors import EmbeddingError
from vectorstore.fingerprints import folder_fingerprint
from vectorstore.model_loading import (
    ModelKind,
    bears_half_precision,
    chosen_batch_size,
    chosen_device,
    load_model,
    model_kind,
    with_smaller_batches,
)
from vectorstore.terms import expand

_TEXTS = ["本年度未收到政府信息公开申请。", "举办业务培训2场，参加人员80余人。", "联系电话及WeChat见网站"]


def test_bundled_vectors_have_length_one_and_are_the_same_alone_and_together() -> None:
    model = load_embedding()
    vectors = model.embed_passages(_TEXTS)
    assert vectors.dtype == numpy.float32
    assert vectors.shape == (3, model.dimension)
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(_TEXTS, vectors, strict=True):
        assert numpy.allclose(model.embed_query(text), vector, atol=1e-6)


def test_a_text_without_known_terms_has_a_row_of_zeros() -> None:
    model = load_embedding()
    assert not model.embed_passages(["", "😀"]).any()
    assert model.embed_passages([]).shape == (0, model.dimension)


def test_related_texts_are_nearer_than_unrelated_ones() -> None:
    model = load_embedding()
    query = model.embed_query("行政复议")
    near, far = model.embed_passages(["不服具体行政行为而提起的复议案件", "森林防火和植树造林"])
    assert query @ near > query @ far + 0.2


def test_the_bundled_model_is_small_and_readable_by_all() -> None:
    files = [path for path in bundled_model_folder().rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 8 * 2**20
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in files)
    assert is_static(bundled_model_folder())


def test_the_fingerprint_is_of_the_model_and_not_of_notes_about_it(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"1")
    before = folder_fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("notes", encoding="utf-8")
    assert folder_fingerprint(tmp_path) == before
    (tmp_path / "model.safetensors").write_bytes(b"2")
    assert folder_fingerprint(tmp_path) != before


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(EmbeddingError, match="/no/such/model"):
        load_embedding("/no/such/model")


def test_a_damaged_static_model_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "model2vec"}), encoding="utf-8")
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(EmbeddingError, match=r"The embedding model in .* is damaged|cannot be loaded"):
        load_embedding(str(tmp_path))


def test_model2vec_reads_the_bundled_model_alike() -> None:
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(bundled_model_folder(), normalize=True, max_length=None)
    theirs = model.encode([expand(text) for text in _TEXTS]).astype(numpy.float32)
    assert numpy.allclose(theirs, load_embedding().embed_passages(_TEXTS), atol=2e-3)


@pytest.mark.integration
def test_sentence_transformers_reads_the_bundled_model_alike() -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(bundled_model_folder()), device="cpu").float()
    ours = load_embedding().embed_passages(_TEXTS)
    assert numpy.allclose(model.encode([expand(text) for text in _TEXTS]), ours, atol=1e-4)
    # Raw text isn't refused: a tokenizer file cannot make bigrams of it, but its characters are found.
    raw = model.encode(_TEXTS)
    assert ((raw * ours).sum(axis=1) > 0.7).all()


@pytest.mark.integration
def test_a_transformer_in_a_folder_is_loaded_and_gives_unit_vectors(tiny_models: Path) -> None:
    folder = tiny_models / "mean"
    model = load_embedding(str(folder), device="cpu", batch_size=2)
    vectors = model.embed_passages(_TEXTS)
    assert (model.name, model.dimension, vectors.dtype) == (str(folder), 16, numpy.float32)
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert numpy.allclose(model.embed_query(_TEXTS[0]), vectors[0], atol=1e-5)
    assert model.embed_passages([]).shape == (0, 16)
    assert model.fingerprint == load_embedding(folder).fingerprint


@pytest.mark.integration
@pytest.mark.parametrize(
    ("folder", "settings", "query", "passage"),
    [
        ("mean", {}, "", ""),
        ("prompted", {}, "查询：", "文章："),
        ("prompted", {"query_prompt": "", "passage_prompt": ""}, "", ""),
        ("prompted", {"query_prompt": "检索："}, "检索：", "文章："),
        ("mean", {"passage_prompt": "文章："}, "", "文章："),
        ("last", {}, "查询：", ""),
    ],
)
def test_prompts_stand_before_queries_and_passages(
    tiny_models: Path, folder: str, settings: dict[str, str], query: str, passage: str
) -> None:
    model = load_embedding(EmbeddingSettings(str(tiny_models / folder), device="cpu", **settings))
    plain = load_embedding(
        EmbeddingSettings(str(tiny_models / folder), query_prompt="", passage_prompt="", device="cpu")
    )
    assert (model.settings.query_prompt, model.settings.passage_prompt) == (query, passage)
    assert numpy.allclose(model.embed_query(_TEXTS[0]), plain.embed_query(query + _TEXTS[0]), atol=1e-5)
    prefixed = plain.embed_passages([passage + text for text in _TEXTS])
    assert numpy.allclose(model.embed_passages(_TEXTS), prefixed, atol=1e-5)


@pytest.mark.integration
def test_a_model_known_to_need_a_prompt_gets_it(tiny_models: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_models / "mean", tmp_path / "bge-small-zh-v1.5")
    model = load_embedding(tmp_path / "bge-small-zh-v1.5")
    assert model.settings.query_prompt == "为这个句子生成表示以用于检索相关文章："
    assert model.fingerprint == load_embedding(tiny_models / "mean").fingerprint
    shutil.copytree(tiny_models / "prompted", tmp_path / "bge-m3-base-zh")
    assert load_embedding(tmp_path / "bge-m3-base-zh").settings.query_prompt == "查询："


def test_listed_prompts_are_of_the_first_entry_that_fits() -> None:
    assert listed_prompts("BAAI/bge-large-zh-v1.5") == ("为这个句子生成表示以用于检索相关文章：", "")
    assert listed_prompts("intfloat/multilingual-e5-large") == ("query: ", "passage: ")
    assert listed_prompts("intfloat/multilingual-e5-large-instruct")[1] == ""
    assert listed_prompts("/models/bge-m3/") == ("", "")


@pytest.mark.integration
def test_a_decoder_whose_last_token_counts_gives_the_same_alone_and_among_longer_texts(tiny_models: Path) -> None:
    model = load_embedding(tiny_models / "last", device="cpu")
    texts = ["申请", "本年度未收到政府信息公开申请", "培训"]
    for text, vector in zip(texts, model.embed_passages(texts), strict=True):
        assert numpy.allclose(model.embed_passages([text])[0], vector, atol=1e-4)


@pytest.mark.integration
def test_the_fingerprint_tells_what_changes_passages_and_nothing_else(tiny_models: Path) -> None:
    def fingerprint(**settings: object) -> str:
        return load_embedding(EmbeddingSettings(str(tiny_models / "prompted"), device="cpu", **settings)).fingerprint

    own = fingerprint()
    assert fingerprint(query_prompt="检索：", batch_size=1) == own == fingerprint(passage_prompt="文章：")
    assert len({own, fingerprint(passage_prompt=""), fingerprint(max_length=16)}) == 3


@pytest.mark.integration
def test_a_length_cuts_texts(tiny_models: Path) -> None:
    texts = ["本年度未收到", "本年收到"]
    first, second = load_embedding(tiny_models / "mean", device="cpu").embed_passages(texts)
    assert not numpy.allclose(first, second, atol=1e-3)
    settings = EmbeddingSettings(str(tiny_models / "mean"), max_length=4, device="cpu")  # two and the marks around
    first, second = load_embedding(settings).embed_passages(texts)
    assert numpy.allclose(first, second, atol=1e-6)


@pytest.fixture
def hub_cache(tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A local hub cache that holds the model some/tiny and of another one only the config."""
    for name, left_out in (("tiny", []), ("torn", ["modules.json", "1_Pooling"])):
        repository = tmp_path / "hub" / f"models--some--{name}"
        (repository / "refs").mkdir(parents=True)
        (repository / "refs" / "main").write_text("a" * 40, encoding="utf-8")
        ignored = shutil.ignore_patterns(*left_out)
        shutil.copytree(tiny_models / "prompted", repository / "snapshots" / ("a" * 40), ignore=ignored)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.mark.integration
def test_a_model_in_the_hub_cache_is_used_without_asking_the_hub(hub_cache: Path) -> None:
    model = load_embedding("some/tiny", device="cpu")
    assert (model.name, model.settings.revision, model.settings.query_prompt) == ("some/tiny", "a" * 40, "查询：")
    assert load_embedding(model.settings).fingerprint == model.fingerprint


@pytest.mark.integration
def test_a_model_that_lies_torn_in_the_hub_cache_is_not_used(hub_cache: Path) -> None:
    # Without its list of modules it would be given another pooling, and nothing would look wrong.
    with pytest.raises(EmbeddingError, match="some/torn cannot be loaded"):
        load_embedding("some/torn", device="cpu")


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "revision", "expected"),
    [
        ("some/tiny", None, [("some/tiny", "a" * 40, True), ("some/tiny", "a" * 40, False)]),
        ("some/torn", None, [("some/torn", "c" * 40, False)]),
        ("some/new", None, [("some/new", "c" * 40, False)]),
        ("some/new", "b" * 40, [("some/new", "b" * 40, False)]),
        ("new", None, [("authors/new", "c" * 40, False)]),
    ],
)
def test_what_the_cache_lacks_is_fetched_at_the_commit_that_is_kept_to(
    hub_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    revision: str | None,
    expected: list[tuple[str, str, bool]],
) -> None:
    monkeypatch.setattr("vectorstore.model_loading._current_commit", lambda _: "c" * 40)
    tried: list[tuple[str, str | None, bool]] = []

    def make(name: str, *, revision: str | None, local_files_only: bool) -> str:
        tried.append((name, revision, local_files_only))
        if local_files_only:
            raise OSError("a file is missing")  # as after a download that was interrupted
        return "model"

    loaded = load_model(
        make, name, revision=revision, organisation="authors", what="the model", error=EmbeddingError, way_out=""
    )
    assert tried == expected
    assert loaded == ("model", expected[-1][1])


@pytest.mark.integration
def test_a_folder_without_a_list_of_modules_is_warned_of(tiny_models: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert load_embedding(tiny_models / "encoder", device="cpu").dimension == 16
    assert "has no modules.json" in caplog.text


@pytest.mark.integration
def test_a_hub_name_without_a_network_says_what_to_do() -> None:
    program = (
        "from vectorstore.embedding import load_embedding\n"
        "from vectorstore.errors import EmbeddingError\n"
        "try: load_embedding('nobody/no-such-model')\n"
        "except EmbeddingError as error: print(error)\n"
    )
    environment = {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert "copy the folder here and name the folder" in done.stdout, done.stderr


@pytest.mark.integration
def test_a_device_that_is_not_there_is_told_in_a_sentence(tiny_models: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"cannot be loaded \(.*\)\. Name another --device"):
        load_embedding(tiny_models / "mean", device="nonsense")


def test_the_machine_is_told_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_DEVICE", "cpu")
    monkeypatch.setenv("NIANBAO_BATCH_SIZE", "7")
    assert (chosen_device(None), chosen_device("cuda")) == ("cpu", "cuda")
    assert (chosen_batch_size(None), chosen_batch_size(3)) == (7, 3)
    monkeypatch.setenv("NIANBAO_BATCH_SIZE", "many")
    with pytest.raises(EmbeddingError, match="The batch size is many"):
        chosen_batch_size(None)


@pytest.mark.integration
def test_batches_that_are_too_large_for_the_device_are_halved() -> None:
    import torch

    tried: list[int] = []

    def run(size: int) -> str:
        tried.append(size)
        if size > 8:
            raise torch.OutOfMemoryError("no more")
        return "done"

    assert with_smaller_batches(run, 32, EmbeddingError) == ("done", 8)
    assert tried == [32, 16, 8]
    with pytest.raises(EmbeddingError, match="memory doesn't suffice"):
        with_smaller_batches(lambda size: run(size + 8), 2, EmbeddingError)


@pytest.mark.integration
def test_half_precision_is_kept_only_where_the_vectors_stay_the_same() -> None:
    import torch

    class Model(torch.nn.Module):
        def __init__(self, weight: float) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.full((4,), weight))

        def vector(self) -> numpy.ndarray:
            return (self.weight * 1000).detach().float().numpy()

    fits, overflows = Model(0.1), Model(1000.0)
    assert bears_half_precision(fits, fits.vector)
    assert not bears_half_precision(overflows, overflows.vector)


def test_a_table_with_weights_beside_it_is_refused(make_static_model: Callable[..., Path]) -> None:
    from safetensors.numpy import load_file, save_file

    folder = make_static_model()
    tensors = load_file(folder / "model.safetensors")
    save_file(tensors | {"weights": numpy.ones(3, dtype=numpy.float32)}, folder / "model.safetensors")
    with pytest.raises(EmbeddingError, match="instead of just one table"):
        load_embedding(folder)


def test_tables_of_any_precision_are_read_alike(make_static_model: Callable[..., Path]) -> None:
    tables = {
        kind: load_embedding(make_static_model(kind, kind=kind)).embed_passages(["收到政府信息公开申请", "松溪镇"])
        for kind in ("float32", "float16", "float64")
    }
    assert all(table.dtype == numpy.float32 for table in tables.values())
    assert all(numpy.allclose(table, tables["float32"], atol=2e-3) for table in tables.values())


@given(
    settings=strategies.builds(
        EmbeddingSettings,
        name=strategies.text(min_size=1),
        query_prompt=strategies.none() | strategies.text(),
        passage_prompt=strategies.none() | strategies.text(),
        revision=strategies.none() | strategies.text(),
        max_length=strategies.none() | strategies.integers(1, 9_000),
        device=strategies.none() | strategies.text(),
    )
)
def test_settings_are_remembered_as_they_were(settings: EmbeddingSettings) -> None:
    recorded = EmbeddingSettings.recorded(settings.as_recorded())
    assert recorded == replace(settings, device=None)
    assert settings.agrees_with(recorded)
    assert EmbeddingSettings(settings.name).agrees_with(recorded)


def test_what_is_asked_for_must_be_what_made_the_vectors() -> None:
    recorded = EmbeddingSettings("some/model", query_prompt="", passage_prompt="文章：")
    assert EmbeddingSettings.recorded({}) is None
    assert EmbeddingSettings.of("some/model").agrees_with(recorded)
    assert not EmbeddingSettings("some/model", passage_prompt="").agrees_with(recorded)
    assert EmbeddingSettings(query_prompt="").agrees_with(EmbeddingSettings())


@pytest.mark.integration
def test_the_bundled_model_needs_no_torch() -> None:
    program = (
        "import sys; from vectorstore.embedding import load_embedding; load_embedding().embed_query('公开')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'chromadb', 'llama_index', 'huggingface_hub'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.integration
@pytest.mark.parametrize("name", ["reranker", "reranker-bert", "classifier"])
def test_a_cross_encoder_is_no_embedding_model(tiny_models: Path, name: str) -> None:
    what = (
        rf"{name} is a cross-encoder or classifier \(BertForSequenceClassification\)\. Vectors need an embedding model"
    )
    with pytest.raises(EmbeddingError, match=what):
        load_embedding(tiny_models / name, device="cpu")


@pytest.mark.integration
def test_a_hub_model_of_another_kind_is_refused_before_its_weights_are_fetched(
    tiny_models: Path, hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.model_loading._current_commit", lambda _: "c" * 40)
    monkeypatch.setattr("vectorstore.model_loading._fetch_descriptions", lambda *_: tiny_models / "reranker")
    with pytest.raises(EmbeddingError, match=r"The model some/new is a cross-encoder .* \(--embedding bundled\)"):
        load_embedding("some/new", device="cpu")


def _described(folder: Path, **files: object) -> Path:
    for name, held in files.items():
        (folder / f"{name}.json").write_text(json.dumps(held), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("architecture", "kind"),
    [
        ("XLMRobertaForSequenceClassification", ModelKind.CROSS_ENCODER),
        ("BertForMaskedLM", ModelKind.ENCODER),
        ("XLMRobertaModel", ModelKind.ENCODER),
        ("Qwen3ForCausalLM", None),
        ("SomethingNew", None),
    ],
)
def test_a_plain_model_is_told_by_its_architecture(tmp_path: Path, architecture: str, kind: ModelKind | None) -> None:
    _described(tmp_path, config={"architectures": [architecture]})
    assert model_kind(tmp_path) is kind
    # What sentence-transformers saved before it wrote down the kind is an embedding model, whatever it is built on.
    _described(tmp_path, modules=[])
    assert model_kind(tmp_path) is ModelKind.EMBEDDING


def test_the_kind_that_sentence_transformers_wrote_down_counts_most(tmp_path: Path) -> None:
    _described(tmp_path, config={"architectures": ["BertModel"]}, modules=[])
    for name, kind in (("SparseEncoder", ModelKind.SPARSE), ("CrossEncoder", ModelKind.CROSS_ENCODER), ("New", None)):
        assert model_kind(_described(tmp_path, config_sentence_transformers={"model_type": name})) is kind


def test_a_folder_that_tells_nothing_readable_has_no_kind(tmp_path: Path) -> None:
    assert model_kind(tmp_path) is None
    (tmp_path / "config.json").write_bytes(b"\xff{")
    assert model_kind(tmp_path) is None
