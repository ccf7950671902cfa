"""Embedding models: the bundled one, other people's static ones, and real transformers, all without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from vectorstore.embedding import bundled_model_folder, folder_fingerprint, is_static, load_embedding
from vectorstore.errors import EmbeddingError
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
    assert ((raw * ours).sum(axis=1) > 0.85).all()


@pytest.fixture(scope="module")
def tiny_transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real BERT of random weights, saved as sentence-transformers saves its models."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("models")
    plain = folder / "plain"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys("".join(_TEXTS))]
    plain.mkdir()
    (plain / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(plain / "vocab.txt")).save_pretrained(plain)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertModel(BertConfig(vocab_size=len(vocabulary), max_position_embeddings=64, **size)).save_pretrained(plain)
    transformer = Transformer(str(plain))
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").save(str(folder / "tiny"))
    return folder / "tiny"


@pytest.mark.integration
def test_a_transformer_in_a_folder_is_loaded_and_gives_unit_vectors(tiny_transformer: Path) -> None:
    model = load_embedding(str(tiny_transformer), device="cpu", batch_size=2)
    vectors = model.embed_passages(_TEXTS)
    assert (model.name, model.dimension, vectors.dtype) == (str(tiny_transformer), 16, numpy.float32)
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert model.embed_query(_TEXTS[0]).shape == (16,)
    assert model.fingerprint == load_embedding(str(tiny_transformer)).fingerprint


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
    assert "copy the model into a folder" in done.stdout, done.stderr


@pytest.mark.integration
def test_the_bundled_model_needs_no_torch() -> None:
    program = (
        "import sys; from vectorstore.embedding import load_embedding; load_embedding().embed_query('公开')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'chromadb', 'llama_index'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "[]", done.stderr
