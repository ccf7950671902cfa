"""Keeps the Chroma collection in step with the database, and remembers which model made its vectors.

The database's outbox says what the collection lacks. Reading never catches up: a search over a collection that is
behind finds what is there, and full text finds the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, func, literal, select

from vectorstore import database, schema
from vectorstore.errors import IndexFolderError, ModelMismatchError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vectorstore.collection import PassageCollection
    from vectorstore.embedding import EmbeddingModel

BUNDLED = "bundled"
_BATCH = 1_000

Progress = Callable[[int, int], None]


def passage_heading(body: str, year: int | None, section: str) -> str:
    """What a passage is embedded under: a sentence alone doesn't say whose it is."""
    return " ".join(part for part in (body, f"{year}年" if year is not None else "", section) if part)


class Vectors:
    """The vectors of one index. Nothing heavy is loaded before they are first needed."""

    def __init__(self, folder: Path, engine: Engine, embedding: str | None) -> None:
        self._folder = folder
        self._engine = engine
        self._requested = _canonical(embedding)
        self._model: EmbeddingModel | None = None
        self._collection: PassageCollection | None = None
        self._version: str | None = None
        self._lock = RLock()
        meta = database.read_meta(engine)
        recorded = meta.get("embedding_name")
        if self._requested and "embedding_fingerprint" in meta and recorded != self._requested:
            raise self._mismatch(recorded or BUNDLED, self._requested)

    @property
    def model_name(self) -> str:
        """The model's name or path; ``bundled`` for the one that comes with Nianbao."""
        return self._requested or database.read_meta(self._engine).get("embedding_name", BUNDLED)

    def close(self) -> None:
        """Let go of the collection."""
        with self._lock:
            if self._collection is not None:
                self._collection.close()
                self._collection = None

    def record_choice(self) -> None:
        """Remember the model that was asked for, so that an interrupted ingestion goes on with the same one."""
        if self._requested and database.read_meta(self._engine).get("embedding_name") != self._requested:
            with database.transaction(self._engine) as connection:
                database.write_meta(connection, embedding_name=self._requested)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Bring the collection up to the database; see `Writer.embed`."""
        if not self._is_behind():
            return 0
        with self._lock:
            self.close()  # another process may have written since it was opened
            self._version = database.read_meta(self._engine).get("vectors_version")
            model, collection = self._load_model(), self._open_collection(create=True)
            self._agree_on_model(model, collection)
            self._reconcile(collection)
            self._delete(collection)
            return self._embed(model, collection, progress)

    def similar(self, query: str, passage_ids: Sequence[str] | None, limit: int) -> dict[str, float] | None:
        """Cosine similarities with a query.

        Args:
            passage_ids: Just these passages; ``None`` for the ``limit`` nearest of all.

        Returns:
            By passage id, without those whose vector isn't there yet; ``None`` where there are no vectors at all.

        Raises:
            ModelMismatchError: The index's vectors come from another model than is there now.
        """
        meta = database.read_meta(self._engine)
        if "embedding_fingerprint" not in meta or not (self._folder / database.COLLECTION_NAME).is_dir():
            return None
        with self._lock:
            model = self._load_model()
            if model.fingerprint != meta["embedding_fingerprint"]:
                if self.model_name == BUNDLED:
                    return (
                        None  # Nianbao was upgraded; the next ingestion makes new vectors, full text serves till then
                    )
                raise self._mismatch(self.model_name, self.model_name)
            vector = model.embed_query(query)
            if not vector.any():
                # Of words that the model doesn't know nothing is nearest; Chroma would choose at random.
                return {}
            if self._version != meta.get("vectors_version"):
                # An open collection doesn't see what another process writes into it.
                self.close()
                self._version = meta.get("vectors_version")
            try:
                collection = self._open_collection(create=False)
                if passage_ids is None:
                    return collection.nearest(vector, limit)
                vectors = collection.vectors(passage_ids)
            except IndexFolderError as error:
                # Vectors can be made again from the database, and full text serves without them.
                logging.getLogger(__name__).warning("Searching without vectors: %s", error)
                self.close()
                return None
        return {passage_id: float(vector @ other) for passage_id, other in vectors.items()}

    def _is_behind(self) -> bool:
        with self._engine.connect() as connection:
            if connection.execute(select(schema.vector_outbox.c.passage_id).limit(1)).first():
                return True
            if (self._folder / database.COLLECTION_NAME).is_dir():
                return False
            return connection.execute(select(schema.passages.c.key).limit(1)).first() is not None

    def _load_model(self) -> EmbeddingModel:
        if self._model is None:
            from vectorstore.embedding import load_embedding

            name = self.model_name
            self._model = load_embedding(None if name == BUNDLED else name)
        return self._model

    def _open_collection(self, *, create: bool) -> PassageCollection:
        if self._collection is None:
            from vectorstore.collection import PassageCollection

            self._collection = PassageCollection(self._folder / database.COLLECTION_NAME, create=create)
        return self._collection

    def _mismatch(self, recorded: str, requested: str) -> ModelMismatchError:
        what = (
            f"the model {recorded} has changed since it made the vectors of the index in {self._folder}"
            if recorded == requested
            else f"the vectors of the index in {self._folder} were made by the model {recorded}, not by {requested}"
        )
        return ModelMismatchError(
            f"{what[0].upper()}{what[1:]}. Ingest the reports into a new --index folder, or leave --embedding out."
        )

    def _agree_on_model(self, model: EmbeddingModel, collection: PassageCollection) -> None:
        meta = database.read_meta(self._engine)
        recorded = meta.get("embedding_fingerprint")
        if recorded == model.fingerprint:
            return
        if recorded is not None and self.model_name != BUNDLED:
            raise self._mismatch(self.model_name, self.model_name)
        with database.transaction(self._engine) as connection:
            if recorded is not None:
                _queue_everything(connection)
            database.write_meta(
                connection,
                embedding_name=self.model_name,
                embedding_fingerprint=model.fingerprint,
                embedding_dimension=str(model.dimension),
            )
        if recorded is not None:
            collection.clear()  # vectors of another length don't fit into the same collection

    def _reconcile(self, collection: PassageCollection) -> None:
        """Where the collection holds fewer or more passages than the outbox explains, find out which."""
        outbox = schema.vector_outbox.c
        with self._engine.connect() as connection:
            passages = connection.execute(select(func.count()).select_from(schema.passages)).scalar_one()
            counted = connection.execute(select(outbox.action, func.count()).group_by(outbox.action)).all()
            queued: dict[str, int] = dict(counted)
        if passages - queued.get("embed", 0) <= collection.count() <= passages + queued.get("delete", 0):
            return
        held = set(collection.ids())
        with database.transaction(self._engine) as connection:
            wanted = set(connection.execute(select(schema.passages.c.passage_id)).scalars())
            known = set(connection.execute(select(outbox.passage_id)).scalars())
            changes = [{"passage_id": pid, "action": "embed"} for pid in sorted(wanted - held - known)]
            changes += [{"passage_id": pid, "action": "delete"} for pid in sorted(held - wanted - known)]
            if changes:
                connection.execute(schema.vector_outbox.insert(), changes)

    def _delete(self, collection: PassageCollection) -> None:
        outbox = schema.vector_outbox
        while True:
            with self._engine.connect() as connection:
                statement = select(outbox.c.passage_id).where(outbox.c.action == "delete").limit(_BATCH)
                batch = connection.execute(statement).scalars().all()
            if not batch:
                return
            collection.delete(batch)
            self._confirm(batch)

    def _embed(self, model: EmbeddingModel, collection: PassageCollection, progress: Progress | None) -> int:
        outbox, passages, reports = schema.vector_outbox.c, schema.passages.c, schema.reports
        statement = (
            select(schema.passages, reports.c.report_id, reports.c.body, reports.c.kind, reports.c.region)
            .add_columns(reports.c.year, reports.c.title, reports.c.source)
            .select_from(schema.vector_outbox)
            .join(schema.passages, passages.passage_id == outbox.passage_id)
            .join(reports, passages.report_key == reports.c.key)
            .where(outbox.action == "embed")
            .order_by(passages.key)
            .limit(_BATCH)
        )
        with self._engine.connect() as connection:
            queued = select(func.count()).select_from(schema.vector_outbox).where(outbox.action == "embed")
            total = int(connection.execute(queued).scalar_one())
        done = 0
        while True:
            with self._engine.connect() as connection:
                batch: Sequence[Any] = connection.execute(statement).all()
            if not batch:
                return done
            headed = [f"{passage_heading(row.body, row.year, row.section)}\n{row.text}" for row in batch]
            vectors: NDArray[np.float32] = model.embed_passages(headed)
            collection.upsert(batch, vectors)
            self._confirm([row.passage_id for row in batch])
            done += len(batch)
            if progress is not None:
                progress(done, total)

    def _confirm(self, passage_ids: Sequence[str]) -> None:
        with database.transaction(self._engine) as connection:
            outbox = schema.vector_outbox
            connection.execute(outbox.delete().where(outbox.c.passage_id.in_(passage_ids)))
            meta = schema.meta.c
            known = connection.execute(select(meta.value).where(meta.name == "vectors_version")).scalar()
            version = str(int(known or 0) + 1)
            database.write_meta(connection, vectors_version=version)
        if self._version == known:
            self._version = version  # written through the very collection that is open


def _queue_everything(connection: Any) -> None:
    outbox = schema.vector_outbox
    connection.execute(outbox.delete())
    everything = select(schema.passages.c.passage_id, literal("embed"))
    connection.execute(outbox.insert().from_select(["passage_id", "action"], everything))


def _canonical(embedding: str | None) -> str | None:
    """A folder's path made absolute, so that one model has one name wherever it is named from."""
    if embedding is None or embedding == BUNDLED:
        return embedding
    path = Path(embedding).expanduser()
    return str(path.resolve()) if path.is_dir() else embedding
