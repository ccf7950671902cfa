"""What collections of vectors lack: written with every change of a passage, emptied when a collection has it.

There is one outbox for the collection that is searched, and one for the collection that another model's vectors are
being put into, while there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, literal, select

from vectorstore import database, schema
from vectorstore.batches import batched

if TYPE_CHECKING:
    from vectorstore.collection import PassageCollection
    from vectorstore.embedding import EmbeddingModel

Progress = Callable[[int, int], None]
"""Called with the number of passages done and the number of all that have to be done."""

NEXT_MODEL = "next_embedding"
"""The entry of the meta table that is there while another model's vectors are being made."""
_SMALLEST, _LARGEST = 32, 1_000
_FASTEST, _SLOWEST = 2.0, 8.0
"""Seconds. What a batch took is lost when the program is killed, and the progress bar stands still for as long."""


def passage_heading(body: str, year: int | None, section: str) -> str:
    """What a passage is embedded under: a sentence alone doesn't say whose it is."""
    return " ".join(part for part in (body, f"{year}年" if year is not None else "", section) if part)


def queue(connection: Connection, action: str, passage_ids: Sequence[str]) -> None:
    """Note that passages have come (``embed``) or gone (``delete``), in the transaction in which they do."""
    meta = schema.meta.c
    changing = connection.execute(select(meta.name).where(meta.name == NEXT_MODEL)).first() is not None
    for table in (schema.vector_outbox, schema.next_vector_outbox) if changing else (schema.vector_outbox,):
        for some in batched(passage_ids):
            connection.execute(table.delete().where(table.c.passage_id.in_(some)))
            connection.execute(table.insert(), [{"passage_id": passage_id, "action": action} for passage_id in some])


@dataclass(frozen=True, slots=True)
class Outbox:
    """One of the two outboxes."""

    engine: Engine
    table: Table

    @property
    def _entry(self) -> ColumnElement[Any]:
        # Where entries are numbered, one that came while its passage was being embedded stays.
        return self.table.c.number if "number" in self.table.c else self.table.c.passage_id

    def count(self, action: str) -> int:
        """How many passages wait to be embedded, or to be deleted."""
        with self.engine.connect() as connection:
            waiting = select(func.count()).select_from(self.table).where(self.table.c.action == action)
            return int(connection.execute(waiting).scalar_one())

    def queue_everything(self, connection: Connection) -> None:
        """Forget what was noted and have every passage embedded."""
        connection.execute(self.table.delete())
        everything = select(schema.passages.c.passage_id, literal("embed")).order_by(schema.passages.c.key)
        connection.execute(self.table.insert().from_select(["passage_id", "action"], everything))

    def reconcile(self, collection: PassageCollection) -> None:
        """Where the collection holds fewer or more passages than is noted, find out which and note them."""
        with self.engine.connect() as connection:
            passages = connection.execute(select(func.count()).select_from(schema.passages)).scalar_one()
        if passages - self.count("embed") <= collection.count() <= passages + self.count("delete"):
            return
        held = set(collection.ids())
        with database.transaction(self.engine) as connection:
            wanted = set(connection.execute(select(schema.passages.c.passage_id)).scalars())
            known = set(connection.execute(select(self.table.c.passage_id)).scalars())
            changes = [{"passage_id": pid, "action": "embed"} for pid in sorted(wanted - held - known)]
            changes += [{"passage_id": pid, "action": "delete"} for pid in sorted(held - wanted - known)]
            if changes:
                connection.execute(self.table.insert(), changes)

    def empty_into(
        self,
        collection: PassageCollection,
        model: EmbeddingModel,
        progress: Progress | None = None,
        *,
        before: int = 0,
        confirmed: Callable[[Connection], None] | None = None,
    ) -> int:
        """Do all that is noted; what is done is taken from the outbox batch by batch, after the collection has it.

        Args:
            before: Passages done earlier, which ``progress`` counts too.
            confirmed: Called in the transaction that takes a batch out of the outbox.

        Returns:
            The number of passages embedded.
        """
        self._delete(collection, confirmed)
        total = before + self.count("embed")
        done, size = 0, _SMALLEST * 4
        while True:
            with self.engine.connect() as connection:
                batch: Sequence[Any] = connection.execute(self._waiting(size)).all()
            if not batch:
                return done
            started = time.monotonic()
            headed = [f"{passage_heading(row.body, row.year, row.section)}\n{row.text}" for row in batch]
            collection.upsert(batch, model.embed_passages(headed))
            self._confirm([row.entry for row in batch], confirmed)
            done += len(batch)
            if progress is not None:
                progress(before + done, max(total, before + done))
            took = time.monotonic() - started
            size = (
                min(size * 2, _LARGEST) if took < _FASTEST else max(size // 2, _SMALLEST) if took > _SLOWEST else size
            )

    def _waiting(self, limit: int) -> Any:
        passages, reports = schema.passages.c, schema.reports.c
        order = self.table.c.number if "number" in self.table.c else passages.key
        return (
            select(schema.passages, reports.report_id, reports.body, reports.kind, reports.region)
            .add_columns(reports.year, reports.title, reports.source, self._entry.label("entry"))
            .select_from(self.table)
            .join(schema.passages, passages.passage_id == self.table.c.passage_id)
            .join(schema.reports, passages.report_key == reports.key)
            .where(self.table.c.action == "embed")
            .order_by(order)
            .limit(limit)
        )

    def _delete(self, collection: PassageCollection, confirmed: Callable[[Connection], None] | None) -> None:
        columns = self.table.c
        gone = select(self._entry, columns.passage_id).where(columns.action == "delete").limit(_LARGEST)
        while True:
            with self.engine.connect() as connection:
                batch = connection.execute(gone).all()
            if not batch:
                return
            collection.delete([row.passage_id for row in batch])
            self._confirm([row[0] for row in batch], confirmed)

    def _confirm(self, entries: Sequence[Any], confirmed: Callable[[Connection], None] | None) -> None:
        with database.transaction(self.engine) as connection:
            for some in batched(entries):
                connection.execute(self.table.delete().where(self._entry.in_(some)))
            if confirmed is not None:
                confirmed(connection)
