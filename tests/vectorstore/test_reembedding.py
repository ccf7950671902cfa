"""Changing an index over to another model: usable meanwhile, resumable wherever it was cut short, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from filelock import FileLock

from vectorstore import changeover, database, outbox, reembedding
from vectorstore.collection import PassageCollection
from vectorstore.embedding import load_embedding
from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.errors import EmbeddingError, IndexBusyError, IndexFolderError, ModelMismatchError
from vectorstore.index import Index
from vectorstore.outbox import passage_heading
from vectorstore.ranking import DEFAULT
from vectorstore.records import Hit, ReportContents
from vectorstore.reembedding import reembed

pytestmark = pytest.mark.integration

FUSED = replace(DEFAULT, dense=0.5)
"""The bundled vectors don't count by default."""

MakeContents = Callable[..., ReportContents]
MakeModel = Callable[..., Path]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_SMALLEST", 1)
    monkeypatch.setattr(outbox, "_LARGEST", 4)


@pytest.fixture
def reports(make_contents: MakeContents) -> list[ReportContents]:
    return [make_contents(name) for name in ("青禾经济开发区管理委员会", "松溪镇人民政府", "青禾镇人民政府")]


@pytest.fixture
def index_folder(folder: Path, reports: list[ReportContents], make_static_model: MakeModel) -> Path:
    """An index of three reports, six passages, with the vectors of a model of 8 dimensions."""
    with Index.open(folder, create=True, embedding=str(make_static_model("former"))) as index:
        _ingest(index, *reports)
    return folder


def _ingest(index: Index, *contents: ReportContents) -> None:
    with index.writing() as writer:
        for one in contents:
            writer.put(one)
        writer.embed()


def _assert_vectors_are_of(folder: Path, model_folder: Path, contents: list[ReportContents]) -> None:
    """The collection holds exactly the passages of the reports, each with the vector that the model gives."""
    model = load_embedding(model_folder)
    collection = PassageCollection(folder / "chroma", create=False)
    expected = {
        passage.passage_id: f"{passage_heading(one.report.body, one.report.year, passage.section)}\n{passage.text}"
        for one in contents
        for passage in one.passages
    }
    vectors = collection.vectors(collection.ids())
    assert collection.fingerprint == model.fingerprint
    collection.close()
    assert vectors.keys() == expected.keys()
    wanted = model.embed_passages(list(expected.values()))
    assert numpy.allclose([vectors[passage_id] for passage_id in expected], wanted, atol=1e-5)
    assert not (folder / "chroma-next").exists()
    assert not (folder / "chroma-former").exists()


def _legs(index: Index) -> set[str]:
    return set().union(*(hit.scores for hit in index.search("业务培训", ranking=FUSED)))


def _stop(*_: object, **__: object) -> Any:
    raise KeyboardInterrupt


def test_the_index_is_searched_with_the_new_model(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    new = make_static_model("new", dimension=16, seed=2)
    steps: list[tuple[int, int]] = []
    done = reembed(index_folder, new, progress=lambda made, total: steps.append((made, total)))
    assert (done.model, done.embedded, done.passages) == (str(new), 6, 6)
    assert done.former == str(new.parent / "former")
    assert steps == [(4, 6), (6, 6)]
    _assert_vectors_are_of(index_folder, new, reports)
    with Index.open(index_folder) as index:
        assert index.model_name == str(new)
        assert _legs(index) == {"lexical", "dense"}


def test_an_index_can_go_back_to_the_bundled_model(index_folder: Path) -> None:
    assert reembed(index_folder, "bundled").embedded == 6
    with Index.open(index_folder, embedding="bundled") as index:
        assert index.model_name == "bundled"
        assert _legs(index) == {"lexical", "dense"}


def test_the_old_vectors_serve_until_the_new_ones_do(index_folder: Path, make_static_model: MakeModel) -> None:
    new = make_static_model("new", dimension=16, seed=2)
    seen: list[tuple[str, set[str]]] = []
    program = (
        "import sys; from vectorstore.index import Index; from vectorstore.ranking import Ranking\n"
        "with Index.open(sys.argv[1]) as index: "
        "print(sorted(index.search('业务培训', ranking=Ranking(dense=0.5))[0].scores))"
    )
    with Index.open(index_folder) as reader:
        before: list[Hit] = reader.search("业务培训", ranking=FUSED)

        def look(made: int, total: int) -> None:
            seen.append((reader.model_name, _legs(reader)))
            if made == total:
                return
            elsewhere = subprocess.run(
                [sys.executable, "-c", program, str(index_folder)], capture_output=True, text=True, check=False
            )
            assert elsewhere.stdout.strip() == "['dense', 'lexical']", elsewhere.stderr
            assert reader.search("业务培训", ranking=FUSED) == before

        reembed(index_folder, new, progress=look)
        former = str(new.parent / "former")
        assert seen == [(former, {"lexical", "dense"}), (former, {"lexical", "dense"})]
        # The reader was open all the time, and finds that the index has changed.
        assert reader.model_name == str(new)
        assert _legs(reader) == {"lexical", "dense"}


def test_what_is_ingested_and_removed_meanwhile_is_not_lost(
    index_folder: Path, reports: list[ReportContents], make_contents: MakeContents, make_static_model: MakeModel
) -> None:
    new = make_static_model("new", seed=2)
    late = make_contents("松溪经济开发区管理委员会", sentences=("开展植树造林活动。",))
    renamed = replace(reports[0], report=replace(reports[0].report, body="青禾经济开发区"))

    def change(made: int, total: int) -> None:
        if made == 4:
            with Index.open(index_folder) as other, other.writing() as writer:
                writer.put(late)
                writer.put(renamed)  # its passages keep their ids, and are embedded under another heading
                writer.remove(reports[1].report.report_id)
                writer.embed()

    reembed(index_folder, new, progress=change)
    _assert_vectors_are_of(index_folder, new, [renamed, reports[2], late])


def test_a_passage_that_changes_while_it_is_embedded_is_embedded_again(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = make_static_model("new", seed=2)
    renamed = replace(reports[0], report=replace(reports[0].report, body="青禾经济开发区"))
    upsert = PassageCollection.upsert
    changed: list[bool] = []

    def change_first(self: PassageCollection, *arguments: Any) -> None:
        if not changed:
            changed.append(True)
            with Index.open(index_folder) as other, other.writing() as writer:
                writer.put(renamed)
                writer.remove(reports[1].report.report_id)
        upsert(self, *arguments)

    monkeypatch.setattr(PassageCollection, "upsert", change_first)
    reembed(index_folder, new)
    _assert_vectors_are_of(index_folder, new, [renamed, reports[2]])


_STEPS = [
    (changeover.Outbox, "queue_everything", 1),
    (PassageCollection, "__init__", 1),
    (outbox.Outbox, "_confirm", 1),
    (outbox.Outbox, "_confirm", 2),
    (outbox.Outbox, "reconcile", 2),
    (changeover, "switch", 1),
    (changeover, "finish", 2),
    (changeover, "_remove", 1),
    (changeover, "_remove", 2),
]


@pytest.mark.parametrize(("where", "step", "time"), _STEPS, ids=[f"{step}-{time}" for _, step, time in _STEPS])
def test_cut_short_at_any_step_it_goes_on(
    index_folder: Path,
    reports: list[ReportContents],
    make_static_model: MakeModel,
    monkeypatch: pytest.MonkeyPatch,
    where: Any,
    step: str,
    time: int,
) -> None:
    new = make_static_model("new", dimension=16, seed=2)
    real, times = getattr(where, step), iter(range(1, 100))

    def stop(*arguments: Any, **named: Any) -> Any:
        return _stop() if next(times) == time else real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(where, step, stop)
        with pytest.raises(KeyboardInterrupt):
            reembed(index_folder, new)
    with Index.open(index_folder) as reader:
        assert len(reader.search("业务培训", ranking=FUSED)) > 0
    reembed(index_folder, new)
    _assert_vectors_are_of(index_folder, new, reports)


@pytest.mark.parametrize("renamed", [0, 1, 2])
@pytest.mark.parametrize("by", ["the same command", "an ingestion"])
def test_a_switch_that_was_cut_short_is_finished_by_whoever_writes_next(
    index_folder: Path,
    reports: list[ReportContents],
    make_contents: MakeContents,
    make_static_model: MakeModel,
    monkeypatch: pytest.MonkeyPatch,
    renamed: int,
    by: str,
) -> None:
    new = make_static_model("new", dimension=16, seed=2)
    rename, times = Path.rename, iter(range(100))

    def stop(self: Path, target: Path) -> Path:
        return _stop() if next(times) == renamed else rename(self, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "rename", stop)
        if renamed == 2:
            patch.setattr(
                changeover, "_remove", lambda folder: _stop() if "former" in folder.name and folder.is_dir() else None
            )
        reembed(index_folder, new)
    with Index.open(index_folder) as reader:
        assert len(reader.search("业务培训", ranking=FUSED)) > 0
    kept = list(reports)
    if by == "the same command":
        reembed(index_folder, new)
    else:
        kept.append(make_contents("松溪经济开发区管理委员会"))
        with Index.open(index_folder) as index:
            _ingest(index, kept[-1])
            assert index.model_name == str(new)
    _assert_vectors_are_of(index_folder, new, kept)


def test_a_killed_process_leaves_an_index_that_goes_on(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    new = make_static_model("new", dimension=16, seed=2)
    program = (
        "import os, signal, sys\n"
        "from vectorstore import outbox, reembedding\n"
        "outbox._SMALLEST, outbox._LARGEST = 1, 4\n"
        "reembedding.reembed(sys.argv[1], sys.argv[2], progress=lambda *_: os.kill(os.getpid(), signal.SIGKILL))\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(index_folder), str(new)], check=False)
    assert killed.returncode != 0
    with Index.open(index_folder) as reader:
        assert _legs(reader) == {"lexical", "dense"}
        assert reader._vectors.next_model_name == str(new)
    said: list[str] = []
    assert reembed(index_folder, new, notify=said.append).embedded == 2
    assert said == [f"Going on with the change to {new}: 4 passages are done already."]
    _assert_vectors_are_of(index_folder, new, reports)


def _cut_short(folder: Path, model: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        reembed(folder, model, progress=_stop)


def test_another_model_in_the_middle_starts_from_the_beginning_and_says_so(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    first, second = make_static_model("first", dimension=16, seed=2), make_static_model("second", dimension=4, seed=3)
    _cut_short(index_folder, first)
    said: list[str] = []
    assert reembed(index_folder, second, notify=said.append).embedded == 6
    assert said == [f"The unfinished change to {first} is dropped; this one starts from the beginning."]
    _assert_vectors_are_of(index_folder, second, reports)


def test_asking_for_the_old_model_in_the_middle_drops_the_change(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    first, former = make_static_model("first", dimension=16, seed=2), index_folder.parent / "former"
    _cut_short(index_folder, first)
    said: list[str] = []
    assert reembed(index_folder, former, notify=said.append).embedded == 0
    assert said == [f"The unfinished change to {first} is dropped."]
    with Index.open(index_folder) as index:
        assert index._vectors.next_model_name is None
        assert _legs(index) == {"lexical", "dense"}


def test_a_lost_folder_of_new_vectors_is_made_again(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    new = make_static_model("new", seed=2)
    _cut_short(index_folder, new)
    for file in (index_folder / "chroma-next").rglob("*"):
        if file.is_file():
            file.write_bytes(b"damaged")
    assert reembed(index_folder, new).embedded == 6
    _assert_vectors_are_of(index_folder, new, reports)


def test_nothing_is_made_where_the_model_is_used_already(index_folder: Path) -> None:
    former = index_folder.parent / "former"
    done = reembed(index_folder, former)
    assert (done.model, done.former, done.embedded) == (str(former), str(former), 0)


def test_another_prompt_of_queries_needs_no_new_vectors(index_folder: Path) -> None:
    former = str(index_folder.parent / "former")
    assert reembed(index_folder, EmbeddingSettings(former, query_prompt="培训：")).embedded == 0
    with Index.open(index_folder) as index:
        assert index._vectors.settings.query_prompt == "培训："
        assert _legs(index) == {"lexical", "dense"}
    assert reembed(index_folder, EmbeddingSettings(former, passage_prompt="公开：")).embedded == 6
    with pytest.raises(ModelMismatchError, match="with other prompts"):
        Index.open(index_folder, embedding=EmbeddingSettings(former, passage_prompt=""))


def test_an_index_without_vectors_gets_them(
    folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    new = make_static_model("new")
    with Index.open(folder, create=True) as index, index.writing() as writer:
        writer.put(reports[0])
    done = reembed(folder, new)
    assert (done.former, done.embedded) == (None, 2)
    _assert_vectors_are_of(folder, new, reports[:1])


def test_too_little_space_is_told_before_anything_is_made(
    index_folder: Path, make_static_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(reembedding.shutil.disk_usage("/"))
    monkeypatch.setattr(reembedding.shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 5_000, 5_000))
    with pytest.raises(IndexFolderError, match=r"takes about 1 MB .* Free some space"):
        reembed(index_folder, make_static_model("new", seed=2))
    with Index.open(index_folder) as index:
        assert _legs(index) == {"lexical", "dense"}


def test_two_changes_at_once_are_refused(index_folder: Path, make_static_model: MakeModel) -> None:
    with FileLock(index_folder / database.REEMBEDDING_LOCK_NAME), pytest.raises(IndexBusyError, match="Wait until"):
        reembed(index_folder, make_static_model("new", seed=2))


def test_an_ingestion_is_waited_for(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    new = make_static_model("new", seed=2)
    held, waited, said = threading.Event(), threading.Event(), []

    def write() -> None:
        with FileLock(index_folder / database.LOCK_NAME):
            held.set()
            waited.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(30)

    def go_on(sentence: str) -> None:
        said.append(sentence)
        waited.set()

    reembed(index_folder, new, notify=go_on)
    writer.join()
    assert said == ["Waiting for another process that is writing to the index."]
    _assert_vectors_are_of(index_folder, new, reports)


def test_a_model_that_has_changed_in_its_folder_is_used_again_after_the_change(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    import shutil

    former, other = index_folder.parent / "former", make_static_model("other", dimension=16, seed=5)
    shutil.copy(other / "model.safetensors", former / "model.safetensors")
    with Index.open(index_folder) as index, pytest.raises(ModelMismatchError, match="nianbao reembed --embedding"):
        index.search("业务培训", ranking=FUSED)
    assert reembed(index_folder, former).embedded == 6
    _assert_vectors_are_of(index_folder, former, reports)


def test_llama_index_opens_the_collection_with_the_new_model(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel
) -> None:
    import chromadb
    from llama_index.core import VectorStoreIndex
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from vectorstore.llama_index_embedding import NianbaoEmbedding

    reembed(index_folder, EmbeddingSettings(str(make_static_model("new", seed=2)), query_prompt="培训"))
    client = chromadb.PersistentClient(str(index_folder / "chroma"))
    assert [collection.name for collection in client.list_collections()] == ["passages"]
    collection = client.get_collection("passages", embedding_function=None)
    model = NianbaoEmbedding.of_collection(collection)
    assert model._model.settings.query_prompt == "培训"  # type: ignore[attr-defined]
    opened = VectorStoreIndex.from_vector_store(ChromaVectorStore(chroma_collection=collection), embed_model=model)
    found = opened.as_retriever(similarity_top_k=6).retrieve("业务培训")
    assert {one.node.node_id for one in found} == {p.passage_id for one in reports for p in one.passages}
    client.close()


def test_a_model_that_was_moved_is_named_anew_without_new_vectors(
    index_folder: Path, reports: list[ReportContents]
) -> None:
    former = index_folder.parent / "former"
    with Index.open(index_folder) as reader:
        moved = former.rename(former.with_name("moved"))
        assert _legs(reader) == {"lexical"}
        done = reembed(index_folder, moved)
        assert (done.model, done.former, done.embedded) == (str(moved), str(former), 0)
        assert _legs(reader) == {"lexical", "dense"}
    _assert_vectors_are_of(index_folder, moved, reports)
    with Index.open(index_folder, embedding=str(moved)) as index:
        assert _legs(index) == {"lexical", "dense"}


def test_a_model_that_was_moved_keeps_the_prompts_that_the_index_remembers(index_folder: Path) -> None:
    former = index_folder.parent / "former"
    prompts = {"query_prompt": "培训：", "passage_prompt": "公开："}
    reembed(index_folder, EmbeddingSettings(str(former), **prompts))
    moved = former.rename(former.with_name("moved"))
    assert reembed(index_folder, moved).embedded == 0
    with Index.open(index_folder) as index:
        settings = index._vectors.settings
        assert {name: getattr(settings, name) for name in prompts} == prompts
        assert _legs(index) == {"lexical", "dense"}
    moved.rename(former)
    assert reembed(index_folder, EmbeddingSettings(str(former), passage_prompt="")).embedded == 6


@pytest.mark.parametrize("other", ["bundled", "new"])
def test_an_index_whose_model_is_gone_can_be_changed_over(
    index_folder: Path, reports: list[ReportContents], make_static_model: MakeModel, other: str
) -> None:
    import shutil

    shutil.rmtree(index_folder.parent / "former")
    name = other if other == "bundled" else str(make_static_model(other, dimension=16, seed=2))
    assert reembed(index_folder, name).embedded == 6
    with Index.open(index_folder, embedding=name) as index:
        assert _legs(index) == {"lexical", "dense"}


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_name_is_refused(index_folder: Path, empty: str) -> None:
    for embedding in (empty, EmbeddingSettings(empty)):
        with pytest.raises(EmbeddingError, match="The name of the embedding model is empty"):
            reembed(index_folder, embedding)


def test_a_cross_encoder_makes_no_vectors(index_folder: Path, tiny_models: Path) -> None:
    with pytest.raises(EmbeddingError, match="is a cross-encoder"):
        reembed(index_folder, tiny_models / "reranker")
    with Index.open(index_folder) as index:
        assert _legs(index) == {"lexical", "dense"}
