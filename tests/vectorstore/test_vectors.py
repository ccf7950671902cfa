"""The Chroma collection: kept in step with the database, healed after a crash, open to any LlamaIndex program."""

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

from vectorstore.collection import PassageCollection
from vectorstore.embedding import load_embedding
from vectorstore.errors import EmbeddingError, ModelMismatchError
from vectorstore.index import Index
from vectorstore.outbox import Outbox
from vectorstore.ranking import DEFAULT
from vectorstore.records import Kind, ReportContents, Scope

pytestmark = pytest.mark.integration

FUSED = replace(DEFAULT, dense=0.5)
"""The bundled vectors don't count by default."""

MakeContents = Callable[..., ReportContents]


def _embed(index: Index) -> int:
    with index.writing() as writer:
        return writer.embed()


def _put(index: Index, *contents: ReportContents) -> None:
    with index.writing() as writer:
        for one in contents:
            writer.put(one)


def _stored(folder: Path) -> set[str]:
    stored = PassageCollection(folder / "chroma", create=False)
    ids = set(stored.ids())
    stored.close()
    return ids


def test_embedding_catches_up_and_does_nothing_twice(folder: Path, make_contents: MakeContents) -> None:
    first, second = make_contents(), make_contents("松溪镇人民政府", kind=Kind.TOWNSHIP)
    steps: list[tuple[int, int]] = []
    with Index.open(folder, create=True) as index:
        with index.writing() as writer:
            writer.put(first)
            writer.put(second)
            assert writer.embed(lambda done, total: steps.append((done, total))) == 4
            assert writer.embed() == 0
            writer.remove(first.report.report_id)
            assert writer.embed() == 0
        assert steps == [(4, 4)]
    assert _stored(folder) == {passage.passage_id for passage in second.passages}


def test_search_uses_both_legs_and_stays_in_scope(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents(), make_contents(year=2022))
        assert "dense" not in index.search("培训", ranking=FUSED)[0].scores
        _embed(index)
        hits = index.search("培训", ranking=FUSED)
        assert hits[0].scores.keys() == {"lexical", "dense"}
        assert -1.001 <= hits[0].scores["dense"] <= 1.001
        assert {hit.report.year for hit in index.search("培训", Scope(years=(2022,)), ranking=FUSED)} == {2022}


def test_words_that_the_model_does_not_know_are_near_to_nothing(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents(), make_contents(year=2022))
        _embed(index)
        assert index._vectors.similar("zzz qqq", None, 5) == {}
        assert index.search("zzz qqq", ranking=FUSED) == []


def test_search_serves_what_has_no_vector_yet(folder: Path, make_contents: MakeContents) -> None:
    late = make_contents("松溪镇人民政府", sentences=("开展植树造林活动。",))
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        _embed(index)
        _put(index, late)
        assert index.search("植树造林", ranking=FUSED)[0].passage == late.passages[0]


def test_a_crash_between_chroma_and_the_database_is_healed(
    folder: Path, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = make_contents()
    with Index.open(folder, create=True) as index:
        _put(index, contents)
        with monkeypatch.context() as patch:

            def crash(*_: object) -> None:
                raise KeyboardInterrupt

            patch.setattr(Outbox, "_confirm", crash)
            with pytest.raises(KeyboardInterrupt):
                _embed(index)
        assert _embed(index) == 2
    assert _stored(folder) == {passage.passage_id for passage in contents.passages}


def test_a_lost_collection_is_made_again(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        _embed(index)
    shutil.rmtree(folder / "chroma")
    with Index.open(folder) as index:
        assert index.search("培训", ranking=FUSED)
        assert _embed(index) == 2
        assert "dense" in index.search("培训", ranking=FUSED)[0].scores


def test_a_damaged_collection_leaves_full_text_to_serve(
    folder: Path, make_contents: MakeContents, caplog: pytest.LogCaptureFixture
) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        _embed(index)
    shutil.rmtree(folder / "chroma")
    (folder / "chroma").mkdir()
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 100)
    with Index.open(folder) as index:
        assert index.search("培训", ranking=FUSED)[0].scores.keys() == {"lexical"}
    assert "Searching without vectors" in caplog.text


def test_a_reader_sees_the_vectors_that_another_process_writes(folder: Path, make_contents: MakeContents) -> None:
    late = make_contents("松溪镇人民政府", sentences=("开展植树造林活动。",))
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        _embed(index)
        assert "dense" in index.search("培训", ranking=FUSED)[0].scores
        _put(index, late)
        program = (
            "import sys; from vectorstore.index import Index\n"
            "with Index.open(sys.argv[1]) as index, index.writing() as writer: print(writer.embed())"
        )
        done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)
        assert done.stdout.strip() == "1", done.stderr
        assert index.search("植树造林", ranking=FUSED)[0].scores.keys() == {"lexical", "dense"}


def test_entries_that_went_astray_are_put_right(folder: Path, make_contents: MakeContents) -> None:
    contents, other = make_contents(), make_contents("松溪镇人民政府")
    with Index.open(folder, create=True) as index:
        _put(index, contents)
        _embed(index)
    stray = PassageCollection(folder / "chroma", create=False)
    stray.delete([passage.passage_id for passage in contents.passages])
    stray.close()
    with Index.open(folder) as index:
        _put(index, other)
        assert _embed(index) == 4
    assert len(_stored(folder)) == 4


def test_another_model_is_refused_with_what_to_do(folder: Path, make_contents: MakeContents, tmp_path: Path) -> None:
    with Index.open(folder, create=True) as index:
        assert index.model_name == "bundled"
        _put(index, make_contents())
        _embed(index)
    with pytest.raises(ModelMismatchError, match=r"reembed --embedding some/other-model .*, or leave --embedding out"):
        Index.open(folder, embedding="some/other-model")
    with Index.open(folder, embedding="bundled") as index:
        assert index.model_name == "bundled"


def test_the_model_that_was_chosen_is_remembered(folder: Path, tmp_path: Path, make_contents: MakeContents) -> None:
    from vectorstore.embedding import bundled_model_folder

    copy = tmp_path / "my-model"
    shutil.copytree(bundled_model_folder(), copy)
    with Index.open(folder, create=True, embedding=str(copy)) as index:
        _put(index, make_contents())
    with Index.open(folder) as index:
        assert index.model_name == str(copy)
        assert _embed(index) == 2
        (copy / "config.json").write_text((copy / "config.json").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with Index.open(folder) as index, pytest.raises(ModelMismatchError, match=r"has changed .* `nianbao reembed"):
        index.search("培训", ranking=FUSED)


def test_a_new_bundled_model_embeds_everything_again(
    folder: Path, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        _embed(index)
    monkeypatch.setattr("vectorstore.static_embedding.folder_fingerprint", lambda _: "another")
    with Index.open(folder) as index:
        assert "dense" not in index.search("培训", ranking=FUSED)[0].scores
        _put(index, make_contents("松溪镇人民政府"))
        assert _embed(index) == 4
        assert "dense" in index.search("培训", ranking=FUSED)[0].scores


def test_a_collection_of_an_earlier_version_serves_and_is_described_at_the_next_ingestion(
    folder: Path, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = PassageCollection._make_collection
    with Index.open(folder, create=True) as index, monkeypatch.context() as patch:
        patch.setattr(PassageCollection, "_make_collection", lambda self, _: make(self, None))
        patch.setattr(PassageCollection, "describe", lambda *_: None)
        _put(index, make_contents())
        _embed(index)
    with Index.open(folder) as index:
        assert "dense" in index.search("培训", ranking=FUSED)[0].scores
        _put(index, make_contents("松溪镇人民政府"))
        assert _embed(index) == 2
        assert "dense" in index.search("培训", ranking=FUSED)[0].scores
    described = PassageCollection(folder / "chroma", create=False)
    assert described.fingerprint == load_embedding().fingerprint
    described.close()


def test_vectors_of_another_model_in_the_collection_are_not_compared_and_are_made_anew(
    folder: Path, make_contents: MakeContents
) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        _embed(index)
    foreign = PassageCollection(folder / "chroma", create=False)
    foreign.clear({"embedding_fingerprint": "another"})
    foreign.close()
    with Index.open(folder) as index:
        assert index.search("培训", ranking=FUSED)[0].scores.keys() == {"lexical"}
        _put(index, make_contents("松溪镇人民政府"))
        assert _embed(index) == 4
        assert "dense" in index.search("培训", ranking=FUSED)[0].scores


def test_entries_look_as_llama_index_writes_them(folder: Path, make_contents: MakeContents) -> None:
    import chromadb
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
    from llama_index.core.vector_stores.utils import node_to_metadata_dict

    contents = make_contents()
    with Index.open(folder, create=True) as index:
        _put(index, contents)
        _embed(index)
    passage, report = contents.passages[0], contents.report
    collection = chromadb.PersistentClient(str(folder / "chroma")).get_collection("passages", embedding_function=None)
    found = collection.get(ids=[passage.passage_id])
    node = TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report.report_id, node_type="4")},
        metadata={
            "report_id": report.report_id,
            "title": report.title,
            "body": report.body,
            "kind": "zone",
            "region": report.region,
            "year": 2023,
            "section": passage.section,
            "start": passage.start,
            "end": passage.end,
            "source": report.source,
        },
    )
    theirs = node_to_metadata_dict(node, remove_text=True, flat_metadata=True)
    ours = dict(found["metadatas"][0])
    assert json.loads(ours.pop("_node_content")) == json.loads(theirs.pop("_node_content"))
    assert ours == theirs
    assert found["documents"] == [passage.text]
    assert collection.configuration["hnsw"]["space"] == "cosine"


def test_any_llama_index_program_can_open_the_collection(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents(sentences=("举办业务培训若干场。", "不服答复而申请行政复议的案件。", "植树造林成效明显。"))
    with Index.open(folder, create=True) as index:
        _put(index, contents, make_contents("松溪镇人民政府", year=None, region=None))
        _embed(index)

    import chromadb
    from llama_index.core import VectorStoreIndex
    from llama_index.core.vector_stores import MetadataFilter, MetadataFilters
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from vectorstore.llama_index_embedding import NianbaoEmbedding

    collection = chromadb.PersistentClient(str(folder / "chroma")).get_collection("passages", embedding_function=None)
    opened = VectorStoreIndex.from_vector_store(
        ChromaVectorStore(chroma_collection=collection), embed_model=NianbaoEmbedding.load()
    )
    filters = MetadataFilters(filters=[MetadataFilter(key="body", value=contents.report.body)])
    found = opened.as_retriever(similarity_top_k=2, filters=filters).retrieve("行政复议案件")
    assert found[0].node.node_id == contents.passages[1].passage_id
    assert found[0].node.get_content() == contents.passages[1].text
    assert found[0].node.ref_doc_id == contents.report.report_id
    assert found[0].node.metadata["year"] == 2023
    assert (found[0].node.start_char_idx, found[0].node.end_char_idx) == (
        contents.passages[1].start,
        contents.passages[1].end,
    )
    assert found[0].score > found[1].score


def test_the_llama_index_embedding_gives_the_models_vectors() -> None:
    import asyncio

    from vectorstore.llama_index_embedding import NianbaoEmbedding

    model, ours = NianbaoEmbedding.load("bundled"), load_embedding()
    assert model.model_name == "bundled"
    assert numpy.allclose(model.get_query_embedding("公开"), ours.embed_query("公开"))
    batch = model.get_text_embedding_batch(["公开", "培训"])
    assert numpy.allclose(batch, ours.embed_passages(["公开", "培训"]))
    assert asyncio.run(model.aget_query_embedding("公开")) == model.get_query_embedding("公开")


def _with_moved_model(folder: Path, contents: ReportContents, model: Path) -> Path:
    """An index whose model has been moved; gives the model's new place."""
    with Index.open(folder, create=True, embedding=str(model)) as index:
        _put(index, contents)
        _embed(index)
    return model.rename(model.with_name("moved"))


def test_a_model_that_was_moved_leaves_full_text_to_serve(
    folder: Path,
    make_contents: MakeContents,
    make_static_model: Callable[..., Path],
    caplog: pytest.LogCaptureFixture,
) -> None:
    former = make_static_model()
    moved = _with_moved_model(folder, make_contents(), former)
    with Index.open(folder) as index:
        for _ in range(2):
            assert index.search("业务培训")[0].scores.keys() == {"lexical"}
        (warning,) = caplog.messages
        assert f"There is no folder {former}" in warning
        assert f"nianbao reembed --index {folder} --embedding NEWPATH" in warning
        assert f"nianbao reembed --index {folder} --embedding bundled" in warning
        moved.rename(former)
        assert index.search("业务培训")[0].scores.keys() == {"lexical", "dense"}
        former.rename(moved)
        assert index.search("组织业务培训")[0].scores.keys() == {"lexical", "dense"}  # it is loaded already


def test_a_model_that_was_moved_is_still_an_error_for_who_names_one(
    folder: Path, make_contents: MakeContents, make_static_model: Callable[..., Path]
) -> None:
    former = make_static_model()
    moved = _with_moved_model(folder, make_contents(), former)
    for name in (str(moved), "/no/such/model", "bundled"):
        with pytest.raises(ModelMismatchError, match="reembed --embedding"):
            Index.open(folder, embedding=name)
    with Index.open(folder, embedding=str(former)) as index, pytest.raises(EmbeddingError, match="NEWPATH"):
        index.search("业务培训")
    with Index.open(folder) as index:
        _put(index, make_contents("松溪镇人民政府"))
        with pytest.raises(EmbeddingError, match=r"There is no folder .* NEWPATH"):
            _embed(index)
