"""The retriever inside LlamaIndex, and the documentation's examples as they stand."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from tests.documentation import blocks, page, run_program
from vectorstore.index import Index
from vectorstore.records import Kind, SectionRole

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder(samples_folder: Path) -> Path:
    return samples_folder


def test_a_node_of_the_retriever_is_its_reports_text_at_its_offsets(folder: Path) -> None:
    with Assistant.open(folder) as assistant:
        found = assistant.as_llama_index_retriever(year=2023, kind="township", k=5).retrieve("征地补偿方面的申请")
        assert 0 < len(found) <= 5
        for hit in found:
            node = hit.node
            assert assistant.index.text(node.ref_doc_id)[node.start_char_idx : node.end_char_idx] == node.text
            assert (node.metadata["year"], node.metadata["kind"]) == (2023, "township")
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


@pytest.fixture(scope="module")
def towns(draft: Any, assistant_over: Any) -> Assistant:
    """Two towns that say one thing alike."""
    alike = "大厅为看不清字的老人准备了放大镜和带灯的书写板，由专人在旁边讲解用法。"
    drafts = [
        draft(town, 2023, Kind.TOWNSHIP).section("一、总体情况", SectionRole.OVERVIEW, alike, own)
        for town, own in (("梨花镇", "苗圃已经停办。苗圃旧址改作停车场。"), ("松岭镇", "渡口修在村东头。"))
    ]
    opened: Assistant = assistant_over(*drafts)
    return opened


def test_a_node_cites_its_place_in_words(towns: Assistant) -> None:
    (found, *_) = towns.as_llama_index_retriever().retrieve("苗圃旧址停车场")
    node = found.node
    assert node.metadata["citation"] == (
        f"梨花镇，《梨花镇2023年政府信息公开工作年度报告》，一、总体情况，{node.start_char_idx}–{node.end_char_idx}"
    )


def test_a_node_carries_the_sentences_that_answer_with_their_places_in_the_report(towns: Assistant) -> None:
    (found, *_) = towns.as_llama_index_retriever().retrieve("苗圃旧址停车场")
    assert [sentence["text"] for sentence in found.node.metadata["sentences"]] == ["苗圃旧址改作停车场。"]
    for hit in towns.as_llama_index_retriever().retrieve("放大镜和苗圃"):
        text = towns.index.text(hit.node.ref_doc_id)
        for sentence in hit.node.metadata["sentences"]:
            assert text[sentence["start"] : sentence["end"]] == sentence["text"]
            assert hit.node.start_char_idx <= sentence["start"] < sentence["end"] <= hit.node.end_char_idx


def test_a_node_names_the_passages_that_repeat_it(towns: Assistant) -> None:
    found = towns.as_llama_index_retriever().retrieve("放大镜和书写板")
    (first,) = [hit.node for hit in found if "放大镜" in hit.node.text]
    (repeat,) = first.metadata["repeats"]
    other = repeat.partition(":")[0]
    assert {towns.index.report(other).body, first.metadata["body"]} == {"梨花镇", "松岭镇"}
    assert repeat in {passage.passage_id for passage in towns.index.passages(other)}


def test_a_node_holds_the_score_of_each_leg(towns: Assistant) -> None:
    for hit in towns.as_llama_index_retriever().retrieve("苗圃旧址停车场"):
        assert hit.node.metadata["scores"]["lexical"] > 0
        assert all(isinstance(score, float) for score in hit.node.metadata["scores"].values())


def test_retrieving_asynchronously_finds_the_same(towns: Assistant) -> None:
    retriever = towns.as_llama_index_retriever(k=3)
    now = retriever.retrieve("放大镜和苗圃")
    later = asyncio.run(retriever.aretrieve("放大镜和苗圃"))
    assert [(hit.node.node_id, hit.score, hit.node.metadata) for hit in later] == [
        (hit.node.node_id, hit.score, hit.node.metadata) for hit in now
    ]
    assert 0 < len(later) <= 3


def test_what_says_nothing_of_the_matter_is_not_shown_to_a_language_model(towns: Assistant) -> None:
    from llama_index.core.schema import MetadataMode

    (found, *_) = towns.as_llama_index_retriever().retrieve("苗圃旧址停车场")
    shown = found.node.get_content(MetadataMode.LLM)
    assert "梨花镇" in shown and "停车场" in shown
    assert "lexical" not in shown and "repeats" not in shown


@pytest.mark.parametrize("example", blocks(page("llama_index.md"), "python"))
def test_the_documented_examples_run_as_they_stand(folder: Path, example: str) -> None:
    assert "栖澜" in run_program(example, folder.parent)


def test_a_program_of_llama_index_and_chromadb_alone_reads_the_plain_collection(folder: Path, tmp_path: Path) -> None:
    """All of ours that it knows is the model of the vectors, as LlamaIndex's own ``BaseEmbedding``."""
    copy = tmp_path / "chroma"
    shutil.copytree(folder / "chroma", copy)
    script = """
import json, sys
import chromadb
from llama_index.core import VectorStoreIndex
from llama_index.core.vector_stores import MetadataFilter, MetadataFilters
from llama_index.vector_stores.chroma import ChromaVectorStore
from vectorstore.llama_index_embedding import NianbaoEmbedding

collection = chromadb.PersistentClient(sys.argv[1]).get_collection("passages", embedding_function=None)
store = ChromaVectorStore(chroma_collection=collection)
index = VectorStoreIndex.from_vector_store(store, embed_model=NianbaoEmbedding.of_collection(collection))
wanted = [MetadataFilter(key="year", value=2023), MetadataFilter(key="kind", value="township")]
filters = MetadataFilters(filters=wanted)
found = index.as_retriever(similarity_top_k=4, filters=filters).retrieve("政务公开培训")
foreign = [name for name in sys.modules if name.partition(".")[0] in ("assistant", "ingest", "ui", "nianbao")]
print(json.dumps([foreign, [[f.node.ref_doc_id, f.node.start_char_idx, f.node.end_char_idx, f.node.text,
    f.node.metadata["year"], f.node.metadata["kind"]] for f in found]]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(copy)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    foreign, found = json.loads(done.stdout.splitlines()[-1])
    assert foreign == [] and len(found) == 4
    with Index.open(folder) as index:
        for report_id, start, end, text, year, kind in found:
            assert index.text(report_id)[start:end] == text
            assert (year, kind) == (2023, "township")
    assert any("培训" in text for _, _, _, text, _, _ in found)
