"""Changing an index over to another embedding model, while it goes on being searched with the old one.

The new vectors are made beside the old ones, without holding the writer's lock, so reports can be ingested and removed
meanwhile; what changes is noted for the new vectors too. Cut short at any point, it goes on where it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine, func, select

from vectorstore import changeover, database, schema
from vectorstore.changeover import Changeover, made_by
from vectorstore.collection import PassageCollection
from vectorstore.embedding import LoadedEmbedding, load_embedding
from vectorstore.embedding_settings import BUNDLED, EmbeddingSettings
from vectorstore.errors import EmbeddingError, IndexBusyError, IndexFolderError
from vectorstore.outbox import Outbox, Progress

_ENTRY_BYTES, _NUMBER_BYTES = 12_000, 7
"""What a passage takes in a Chroma folder, measured: its text and metadata, and each number of its vector, which
stands in the index and for a while in the log."""
_SPARE = 1.1

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reembedding:
    """What changing an index over did.

    Attributes:
        model: The name of the model that the index uses now.
        former: The name of the one before; ``None`` if the index had no vectors yet.
        embedded: Passages embedded by this run, those that came meanwhile among them.
        passages: All of the index.
    """

    model: str
    former: str | None
    embedded: int
    passages: int


def reembed(
    folder: str | Path,
    embedding: str | Path | EmbeddingSettings,
    *,
    progress: Progress | None = None,
    notify: Notify | None = None,
) -> Reembedding:
    """Change an index over to another embedding model; go on with such a change that was cut short.

    Args:
        progress: Called with the number of passages done, by earlier runs too, and of all.
        notify: Called with sentences about what is going on: a change resumed or dropped, another process waited for.

    Raises:
        IndexMissingError, IndexTooNewError, IndexFolderError: As `database.open_database` says; or there isn't enough
            space on the disk.
        IndexBusyError: Another process is changing the model of this index.
        EmbeddingError: No model is named, it cannot be loaded, or its vectors are unusable.
    """
    # An empty path would be the current folder.
    if not str(embedding.name if isinstance(embedding, EmbeddingSettings) else embedding).strip():
        raise EmbeddingError("The name of the embedding model is empty. Give a folder, a hub name, or `bundled`.")
    path = Path(folder).expanduser()
    engine = database.open_database(path, create=False)
    try:
        with _alone(path):
            return _Change(engine, path, notify or (lambda _: None)).make(EmbeddingSettings.of(embedding), progress)
    finally:
        engine.dispose()


class _Change:
    def __init__(self, engine: Engine, folder: Path, notify: Notify) -> None:
        self._engine = engine
        self._folder = folder
        self._notify = notify
        self._outbox = Outbox(engine, schema.next_vector_outbox)

    def make(self, asked: EmbeddingSettings, progress: Progress | None) -> Reembedding:
        with self._writing():
            changeover.finish(self._engine, self._folder)
        meta = database.read_meta(self._engine)
        recorded = EmbeddingSettings.recorded(meta) if "embedding_fingerprint" in meta else None
        former = None if recorded is None else recorded.name
        begun = Changeover.read(meta)
        if begun is not None and asked.agrees_with(EmbeddingSettings.recorded(begun.made_by) or asked):
            # The same commit as before, so that all vectors are of one model.
            asked = (EmbeddingSettings.recorded(begun.made_by) or asked).on_machine_of(asked)
        model = _load_moved(asked, recorded, meta.get("embedding_fingerprint")) or load_embedding(asked)
        if model.fingerprint == meta.get("embedding_fingerprint"):
            return self._keep(model, former, begun)
        if begun is not None and begun.fingerprint != model.fingerprint:
            self._notify(f"The unfinished change to {begun.model_name} is dropped; this one starts from the beginning.")
            begun = None
        if begun is None:
            begun = changeover.begin(self._engine, self._folder, made_by(model))
        elif begun.made_by != made_by(model):
            begun = changeover.describe(self._engine, made_by(model))
        embedded = self._fill(model, begun, progress)
        return Reembedding(model.name, former, embedded, self._passages())

    def _keep(self, model: LoadedEmbedding, former: str | None, begun: Changeover | None) -> Reembedding:
        """The vectors are there already: at most the prompt of queries is another."""
        with self._writing():
            if begun is not None:
                self._notify(f"The unfinished change to {begun.model_name} is dropped.")
                changeover.drop(self._engine, self._folder)
            with database.transaction(self._engine) as connection:
                database.write_meta(connection, **made_by(model))
            if (self._folder / database.COLLECTION_NAME).is_dir():
                collection = PassageCollection(self._folder / database.COLLECTION_NAME, create=False)
                collection.describe(made_by(model))
                collection.close()
        return Reembedding(model.name, former, 0, self._passages())

    def _fill(self, model: LoadedEmbedding, change: Changeover, progress: Progress | None) -> int:
        self._require_space(model)
        collection = self._open(change)
        try:
            self._outbox.reconcile(collection)
            before = self._passages() - self._outbox.count("embed")
            if before > 0:
                self._notify(f"Going on with the change to {model.name}: {before} passages are done already.")
            embedded = self._outbox.empty_into(collection, model, progress, before=max(before, 0))
            with self._writing():
                # What was ingested since the last look; from here on nothing comes any more.
                embedded += self._outbox.empty_into(collection, model)
                self._outbox.reconcile(collection)
                embedded += self._outbox.empty_into(collection, model)
                collection.close()
                changeover.switch(self._engine, self._folder)
        finally:
            collection.close()
        return embedded

    def _open(self, change: Changeover) -> PassageCollection:
        folder = self._folder / database.NEXT_COLLECTION_NAME
        try:
            collection = PassageCollection(folder, create=True, made_by=change.made_by)
        except IndexFolderError:
            # A crash of the machine may have damaged it. Nothing in it is lost: it is made anew.
            shutil.rmtree(folder, ignore_errors=True)
            collection = PassageCollection(folder, create=True, made_by=change.made_by)
        if collection.fingerprint != change.fingerprint:
            collection.clear(change.made_by)
        collection.describe(change.made_by)
        return collection

    def _passages(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(schema.passages)).scalar_one())

    def _require_space(self, model: LoadedEmbedding) -> None:
        needed = int(self._outbox.count("embed") * (_ENTRY_BYTES + _NUMBER_BYTES * model.dimension) * _SPARE)
        free = shutil.disk_usage(self._folder).free
        if free < needed:
            raise IndexFolderError(
                f"Making the vectors anew takes about {_megabytes(needed)} beside the old ones, and the disk of "
                f"{self._folder} has {_megabytes(free)} left. Free some space and run the command again; the index "
                f"stays as it is."
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The writer's lock, waited for: an ingestion ends some time, and the work done shouldn't be for nothing."""
        lock = FileLock(self._folder / database.LOCK_NAME)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._notify("Waiting for another process that is writing to the index.")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def _load_moved(
    asked: EmbeddingSettings, recorded: EmbeddingSettings | None, fingerprint: str | None
) -> LoadedEmbedding | None:
    """The recorded model from its new place, with the prompts and length that the index remembers.

    ``None`` where its folder is still there, or another model, or another use of it, is asked for.
    """
    if BUNDLED in (asked.name, recorded and recorded.name) or recorded is None or fingerprint is None:
        return None
    if not Path(recorded.name).is_absolute() or Path(recorded.name).is_dir():
        return None
    kept = {
        name: getattr(recorded, name)
        for name in ("query_prompt", "passage_prompt", "max_length")
        if getattr(asked, name) is None
    }
    model = load_embedding(replace(asked, **kept))
    return model if model.fingerprint == fingerprint else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / database.REEMBEDDING_LOCK_NAME, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusyError(
            f"Another process is changing the embedding model of the index in {folder}. Wait until it is done; "
            f"`nianbao status` shows what the index uses."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _megabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(size // 1_000_000, 1)} MB"
