"""Keeps the Chroma collection in step with the database, and remembers which model made its vectors.

The database's outbox says what the collection lacks. Reading never catches up: a search over a collection that is
behind finds what is there, and full text finds the rest.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select

from vectorstore import changeover, database, schema
from vectorstore.changeover import Changeover, made_by
from vectorstore.embedding_settings import BUNDLED, EmbeddingSettings
from vectorstore.errors import EmbeddingError, IndexFolderError, ModelMismatchError
from vectorstore.outbox import Outbox, Progress, passage_heading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vectorstore.collection import PassageCollection
    from vectorstore.embedding import LoadedEmbedding

__all__ = ["BUNDLED", "Progress", "Vectors", "passage_heading"]

_TURN = 0.002
"""Seconds: long enough for a thread that waits to begin."""


class Vectors:
    """The vectors of one index. Nothing heavy is loaded before they are first needed."""

    def __init__(self, folder: Path, engine: Engine, embedding: str | EmbeddingSettings | None) -> None:
        self._folder = folder
        self._engine = engine
        self._requested = None if embedding is None else EmbeddingSettings.of(embedding)
        self._outbox = Outbox(engine, schema.vector_outbox)
        self._model: LoadedEmbedding | None = None
        self._model_settings: EmbeddingSettings | None = None
        self._collection: PassageCollection | None = None
        self._version: str | None = None
        self._missed: str | None = None
        self._query: tuple[str, str, NDArray[np.float32]] | None = None
        self._lock = RLock()
        self._settings(database.read_meta(engine))

    @property
    def model_name(self) -> str:
        """The model's name or path; ``bundled`` for the one that comes with Nianbao."""
        return self._settings(database.read_meta(self._engine)).name

    @property
    def settings(self) -> EmbeddingSettings:
        """The model, with the prompts that the index remembers."""
        return self._settings(database.read_meta(self._engine))

    @property
    def next_model_name(self) -> str | None:
        """The model that `nianbao reembed` is changing the index over to, or was before it was cut short."""
        change = Changeover.read(database.read_meta(self._engine))
        return None if change is None else change.model_name

    def close(self) -> None:
        """Let go of the collection."""
        with self._lock:
            if self._collection is not None:
                self._collection.close()
                self._collection = None

    def record_choice(self) -> None:
        """Under the writer's lock: finish what was cut short, and remember the model that was asked for.

        So an interrupted ingestion goes on with the same model.
        """
        changeover.finish(self._engine, self._folder)
        meta = database.read_meta(self._engine)
        if self._requested is None or "embedding_fingerprint" in meta:
            return
        chosen = self._requested.as_recorded()
        if any(meta.get(name) != value for name, value in chosen.items()):
            with database.transaction(self._engine) as connection:
                database.write_meta(connection, **chosen)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Bring the collection up to the database; see `Writer.embed`."""
        if not self._is_behind():
            return 0
        with self._lock:
            self.close()  # another process may have written since it was opened
            meta = database.read_meta(self._engine)
            self._version = meta.get("vectors_version")
            settings = self._settings(meta)
            if "embedding_fingerprint" in meta and self._is_gone(settings):
                raise EmbeddingError(self._gone(settings))
            model = self._load_model(settings)
            self._agree_on_model(model, meta)
            collection = self._open_collection(create=True, model=model)
            self._outbox.reconcile(collection)
            return self._outbox.empty_into(
                collection, model, partial(self._let_others_in, progress), confirmed=self._count_version
            )

    def _let_others_in(self, progress: Progress | None, done: int, total: int) -> None:
        """Between two batches, let the searches of other threads have their turn: making vectors can take minutes."""
        self._lock.release()
        try:
            if progress is not None:
                progress(done, total)
            # A lock that is taken back at once goes to nobody else.
            time.sleep(_TURN)
        finally:
            self._lock.acquire()

    def similar(self, query: str, passage_ids: Sequence[str] | None, limit: int) -> dict[str, float] | None:
        """Cosine similarities with a query.

        Args:
            passage_ids: Just these passages; ``None`` for the ``limit`` nearest of all.

        Returns:
            By passage id, without those whose vector isn't there yet; ``None`` where there are no vectors at all, or
            the folder of the recorded model is gone, which is logged once.

        Raises:
            ModelMismatchError: The index's vectors come from another model than is there now.
            EmbeddingError: The model cannot be loaded; or its folder is gone, and it was asked for by name.
        """
        for _ in range(2):
            meta = database.read_meta(self._engine)
            if "embedding_fingerprint" not in meta or not (self._folder / database.COLLECTION_NAME).is_dir():
                return None
            with self._lock:
                settings = self._settings(meta)
                if self._is_gone(settings):
                    self._miss(settings)
                    return None
                model = self._load_model(settings)
                if model.fingerprint != meta["embedding_fingerprint"]:
                    if model.name == BUNDLED:
                        # Nianbao was upgraded; the next ingestion makes new vectors, full text serves till then.
                        return None
                    raise self._mismatch(model.settings)
                vector = self._query_vector(model, query)
                if not vector.any():
                    # Of words that the model doesn't know nothing is nearest; Chroma would choose at random.
                    return {}
                try:
                    collection = self._current_collection(meta)
                    if collection is None:
                        continue
                    if passage_ids is None:
                        return collection.nearest(vector, limit)
                    vectors = collection.vectors(passage_ids)
                except IndexFolderError as error:
                    # Vectors can be made again from the database, and full text serves without them.
                    logging.getLogger(__name__).warning("Searching without vectors: %s", error)
                    self.close()
                    return None
            return {passage_id: float(vector @ other) for passage_id, other in vectors.items()}
        return None

    def _settings(self, meta: Mapping[str, str]) -> EmbeddingSettings:
        """The model to use: the recorded one where vectors are made, on the machine that was asked for."""
        recorded = EmbeddingSettings.recorded(meta)
        if self._requested is None:
            return recorded or EmbeddingSettings()
        if "embedding_fingerprint" not in meta:
            return self._requested
        recorded = recorded or EmbeddingSettings()
        if not self._requested.agrees_with(recorded):
            raise self._mismatch(recorded, self._requested)
        return recorded.on_machine_of(self._requested)

    def _is_gone(self, settings: EmbeddingSettings) -> bool:
        """Whether the model was a folder, and neither that nor the model loaded from it is there any more.

        A folder is recorded by its absolute path, which a hub name never is.
        """
        if self._is_loaded(settings) or settings.name == BUNDLED:
            return False
        return Path(settings.name).is_absolute() and not Path(settings.name).is_dir()

    def _miss(self, settings: EmbeddingSettings) -> None:
        if self._requested is not None:
            raise EmbeddingError(self._gone(settings))
        if self._missed != settings.name:  # a search asks several times, a web chat for days
            self._missed = settings.name
            logging.getLogger(__name__).warning("Searching without vectors: %s", self._gone(settings))

    def _gone(self, settings: EmbeddingSettings) -> str:
        command = f"nianbao reembed --index {self._folder} --embedding"
        return (
            f"There is no folder {settings.name}, which held the embedding model of the index in {self._folder}. "
            f"If it was moved, run `{command} NEWPATH` with its new place, which makes no new vectors where the model "
            f"is the same; or run `{command} bundled` to change over to the bundled model."
        )

    def _is_loaded(self, settings: EmbeddingSettings) -> bool:
        return self._model is not None and settings in (self._model_settings, self._model.settings)

    def _load_model(self, settings: EmbeddingSettings) -> LoadedEmbedding:
        # The index may have been changed over to another model since this one was loaded.
        if self._model is None or not self._is_loaded(settings):
            from vectorstore.embedding import load_embedding

            self._model, self._model_settings, self._query = load_embedding(settings), settings, None
        return self._model

    def _query_vector(self, model: LoadedEmbedding, query: str) -> NDArray[np.float32]:
        # One search asks several times; a transformer takes some 20 ms for a query.
        if self._query is None or self._query[:2] != (model.fingerprint, query):
            self._query = (model.fingerprint, query, model.embed_query(query))
        return self._query[2]

    def _current_collection(self, meta: Mapping[str, str]) -> PassageCollection | None:
        """The open collection; ``None`` if it holds another model's vectors than the meta table says."""
        if self._version != meta.get("vectors_version"):
            # An open collection doesn't see what another process writes into it.
            self.close()
            self._version = meta.get("vectors_version")
        collection = self._open_collection(create=False)
        if collection.fingerprint in (None, meta["embedding_fingerprint"]):
            return collection
        self.close()  # the index is just being changed over
        return None

    def _open_collection(self, *, create: bool, model: LoadedEmbedding | None = None) -> PassageCollection:
        if self._collection is None:
            from vectorstore.collection import PassageCollection

            described = None if model is None else made_by(model)
            folder = self._folder / database.COLLECTION_NAME
            self._collection = PassageCollection(folder, create=create, made_by=described)
            if model is not None and self._collection.fingerprint not in (None, model.fingerprint):
                # Vectors of another length don't fit into the same collection.
                with database.transaction(self._engine) as connection:
                    self._outbox.queue_everything(connection)
                self._collection.clear(described)
            elif described is not None:
                self._collection.describe(described)
        return self._collection

    def _is_behind(self) -> bool:
        with self._engine.connect() as connection:
            if connection.execute(select(schema.vector_outbox.c.passage_id).limit(1)).first():
                return True
            if (self._folder / database.COLLECTION_NAME).is_dir():
                return False
            return connection.execute(select(schema.passages.c.key).limit(1)).first() is not None

    def _agree_on_model(self, model: LoadedEmbedding, meta: Mapping[str, str]) -> None:
        recorded = meta.get("embedding_fingerprint")
        if recorded == model.fingerprint:
            return
        if recorded is not None and model.name != BUNDLED:
            raise self._mismatch(model.settings)
        with database.transaction(self._engine) as connection:
            if recorded is not None:
                self._outbox.queue_everything(connection)
            database.write_meta(connection, **made_by(model))
        if recorded is not None and (self._folder / database.COLLECTION_NAME).is_dir():
            self._open_collection(create=True).clear(made_by(model))

    def _count_version(self, connection: Connection) -> None:
        meta = schema.meta.c
        known = connection.execute(select(meta.value).where(meta.name == "vectors_version")).scalar()
        version = str(int(known or 0) + 1)
        database.write_meta(connection, vectors_version=version)
        if self._version == known:
            self._version = version  # written through the very collection that is open

    def _mismatch(self, recorded: EmbeddingSettings, requested: EmbeddingSettings | None = None) -> ModelMismatchError:
        """What to say where a model has changed, or another one, or other prompts, are asked for."""
        made = f"The vectors of the index in {self._folder} were made by the model {recorded.name}"
        if requested is None:
            what = f"The model {recorded.name} has changed since it made the vectors of the index in {self._folder}"
        elif requested.name != recorded.name:
            what = f"{made}, not by {requested.name}"
        else:
            what = f"{made} with other prompts, of another revision or with another length than asked for"
        name, otherwise = (requested or recorded).name, ", or leave --embedding out" if requested else ""
        return ModelMismatchError(
            f"{what}. Run `nianbao reembed --embedding {name} --index {self._folder}`, which makes the vectors anew "
            f"while the index stays usable{otherwise}."
        )
