"""The change of an index from one embedding model to another, as it stands in the folder and in the database.

The new vectors are made in a folder beside the old ones, because a collection that is written can't be read by another
process at the same time. What is to be put there stands in an outbox of its own. The last step renames the folders
between two transactions, so that whoever comes upon a change that was cut short can tell how far it got.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import Engine

from vectorstore import database, schema
from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.outbox import NEXT_MODEL, Outbox

if TYPE_CHECKING:
    from vectorstore.embedding import LoadedEmbedding

_VERSION = "vectors_version"


@dataclass(frozen=True, slots=True)
class Changeover:
    """A change that isn't done yet.

    Attributes:
        made_by: The new model's entries of the meta table.
        switching: Whether all vectors are made and the folders are being renamed.
    """

    made_by: dict[str, str]
    switching: bool = False

    @classmethod
    def read(cls, meta: Mapping[str, str]) -> Self | None:
        """The change that the meta table tells of, if there is one."""
        found = meta.get(NEXT_MODEL)
        return None if found is None else cls(**json.loads(found))

    def as_entry(self) -> dict[str, str]:
        """As the meta table holds it."""
        return {NEXT_MODEL: json.dumps(asdict(self), ensure_ascii=False)}

    @property
    def fingerprint(self) -> str:
        """The new model's."""
        return self.made_by["embedding_fingerprint"]

    @property
    def model_name(self) -> str:
        """The new model's."""
        return self.made_by["embedding_name"]


def made_by(model: LoadedEmbedding, settings: EmbeddingSettings | None = None) -> dict[str, str]:
    """What the meta table, and the collection itself, say of the model that made the vectors."""
    return {
        **(settings or model.settings).as_recorded(),
        "embedding_fingerprint": model.fingerprint,
        "embedding_dimension": str(model.dimension),
    }


def begin(engine: Engine, folder: Path, made_by: Mapping[str, str]) -> Changeover:
    """Note that a model's vectors are being made, with every passage still to do; what was begun before is dropped."""
    drop(engine, folder)
    change = Changeover(dict(made_by))
    with database.transaction(engine) as connection:
        Outbox(engine, schema.next_vector_outbox).queue_everything(connection)
        database.write_meta(connection, **change.as_entry())
    return change


def describe(engine: Engine, made_by: Mapping[str, str]) -> Changeover:
    """Note another query prompt for a change whose vectors stay as they are."""
    change = Changeover(dict(made_by))
    with database.transaction(engine) as connection:
        database.write_meta(connection, **change.as_entry())
    return change


def drop(engine: Engine, folder: Path) -> None:
    """Forget a change that was begun, and remove what was made for it. Not for one that is switching."""
    with database.transaction(engine) as connection:
        connection.execute(schema.meta.delete().where(schema.meta.c.name == NEXT_MODEL))
        connection.execute(schema.next_vector_outbox.delete())
    _remove(folder / database.NEXT_COLLECTION_NAME)


def switch(engine: Engine, folder: Path) -> None:
    """Search the new vectors from now on, and remove the old ones. Only under the writer's lock.

    The change's outbox must be empty and its collection closed.
    """
    change = Changeover.read(database.read_meta(engine))
    if change is None:
        return
    _remove(folder / database.FORMER_COLLECTION_NAME)
    with database.transaction(engine) as connection:
        database.write_meta(connection, **Changeover(change.made_by, switching=True).as_entry())
    finish(engine, folder)


def finish(engine: Engine, folder: Path) -> None:
    """Do what is left of a switch that was cut short, if one was. Only under the writer's lock."""
    meta = database.read_meta(engine)
    change = Changeover.read(meta)
    current, following, former = (
        folder / name
        for name in (database.COLLECTION_NAME, database.NEXT_COLLECTION_NAME, database.FORMER_COLLECTION_NAME)
    )
    if change is not None and change.switching:
        if following.is_dir():
            if current.is_dir():
                current.rename(former)
            following.rename(current)
        with database.transaction(engine) as connection:
            names = [NEXT_MODEL, "embedding_settings"]
            connection.execute(schema.meta.delete().where(schema.meta.c.name.in_(names)))
            connection.execute(schema.vector_outbox.delete())
            connection.execute(schema.next_vector_outbox.delete())
            version = str(int(meta.get(_VERSION, "0")) + 1)
            database.write_meta(connection, **change.made_by, **{_VERSION: version})
        _remove(former)
    elif change is None and former.is_dir():
        _remove(former)


def _remove(folder: Path) -> None:
    # What another process still has open can't be removed on every system; the next change takes it away.
    if folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
