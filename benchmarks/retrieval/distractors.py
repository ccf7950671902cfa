"""Indexes of a given size: the benchmark's reports among generated ones, or parted into small groups of them."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.retrieval.corpus import Corpus, count_passages, ingest_all, made_once
from samples.generator import generate, write_corpus
from vectorstore import database
from vectorstore.embedding import load_embedding
from vectorstore.index import Index

_SEED = 23
_PROBE = 200
"""Generated reports by which it is told how many passages one has."""


def groups(corpus: Corpus, size: int) -> list[list[str]]:
    """The benchmark's files parted into groups of about ``size`` passages, in an order that mixes their authors."""
    order = sorted(corpus.reports, key=lambda file: hashlib.sha256(file.encode()).digest())
    total = sum(len(corpus.passages(file)) for file in order)
    count = max(1, round(total / size))
    return [order[at::count] for at in range(count)]


def small_corpus(reports: Path, files: Sequence[str], cache: Path) -> Corpus:
    """An index of some of the benchmark's reports only."""

    def fill(index: Index) -> None:
        with tempfile.TemporaryDirectory() as chosen:
            for file in files:
                shutil.copy(reports / file, chosen)
            ingest_all([Path(chosen)], index)

    return _opened(cache / f"group-{_key(reports, files)}", fill)


def large_corpus(reports: Path, corpus: Corpus, size: int, cache: Path, onto: Path | None = None) -> Corpus:
    """An index of the benchmark's reports and as many generated ones as make up ``size`` passages.

    Args:
        corpus: The benchmark's reports alone.
        onto: An index of generated reports to start from a copy of, which is much faster than making one.
    """
    own = count_passages(corpus.folder)

    def fill(index: Index) -> None:
        ingest_all([reports], index)
        missing = size - own - (count_passages(onto) if onto else 0)
        if missing > 0:
            # The seed is another than that of an index to start from may be, or the same reports came twice.
            _add_generated(index, missing, _SEED if onto is None else _SEED + 1)

    files = sorted(corpus.reports)
    name = f"among-{size}-{_key(reports, files)}" + (f"-onto-{onto.name}" if onto else "")
    return _opened(cache / name, fill, onto)


def _add_generated(index: Index, passages: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe"
        write_corpus(generate(_PROBE, seed=seed), probe)
        with Index.open(Path(folder) / "index", create=True) as scratch:
            ingest_all([probe / "reports"], scratch)
        each = count_passages(Path(folder) / "index") / _PROBE
        written = Path(folder) / "all"
        write_corpus(generate(max(1, round(passages / each)), seed=seed), written)
        ingest_all([written / "reports"], index)


def _opened(folder: Path, fill: Callable[[Index], None], onto: Path | None = None) -> Corpus:
    """Made or taken from the cache. What other terms or another model made since is brought up to date in place, for
    making 200,000 passages anew takes long.
    """
    made_once(folder, fill, start_from=onto)
    with Index.open(folder) as index:
        recorded = database.read_meta(index._engine).get("embedding_fingerprint")
    if recorded != load_embedding().fingerprint:
        shutil.rmtree(folder / database.COLLECTION_NAME, ignore_errors=True)
    index = Index.open(folder)
    with index.writing() as writer:
        writer.embed()
    return Corpus(index, folder)


def _key(reports: Path, files: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.encode() + (reports / file).read_bytes())
    return digest.hexdigest()[:12]
