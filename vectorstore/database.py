"""The SQLite database of an index folder: opening, making, and telling whether it is one of ours.

All else in the index can be rebuilt from it. Readers never block and never see half a report: the journal is
write-ahead, and a report goes in or out in one transaction.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from vectorstore import full_text, schema
from vectorstore.errors import IndexFolderError, IndexMissingError, IndexTooNewError
from vectorstore.terms import TERMS_VERSION

DATABASE_NAME = "nianbao.sqlite3"
LOCK_NAME = "write.lock"
COLLECTION_NAME = "chroma"
NEXT_COLLECTION_NAME, FORMER_COLLECTION_NAME = "chroma-next", "chroma-former"
"""Where another model's vectors are being made, and where the old ones wait to be removed."""
REEMBEDDING_LOCK_NAME = "reembedding.lock"
UPLOADS_NAME = "uploads"
"""The files that were added in the browser."""
SURVEYS_NAME = "surveys"
"""What language models found of reports, kept so that they aren't asked again; may be removed at any time."""
_OURS = {
    *(DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", LOCK_NAME, REEMBEDDING_LOCK_NAME),
    *(COLLECTION_NAME, NEXT_COLLECTION_NAME, FORMER_COLLECTION_NAME, UPLOADS_NAME, SURVEYS_NAME),
}

BUSY_TIMEOUT_MS = 10_000
PAGE_CACHE_KIB = 32_768
"""Of each connection, filled as needed. SQLite's own 2 MB make figures over 10,000 reports take 3 times as long."""


def _engine(path: Path) -> Engine:
    # As many connections as are asked for: a search holds one while it opens another, so that with a limit as many
    # threads as it allows would wait for one another for ever.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, pool_size=8, max_overflow=-1, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver would commit before DDL and begin only at the first write; transactions here are explicit.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
        cursor.close()

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection inside one writing transaction: all of it, or after any exception none of it.

    Raises:
        IndexFolderError: The database cannot be written: the disk is full, the folder is read-only …
    """
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.exec_driver_sql("COMMIT")
        except OperationalError as error:
            raise IndexFolderError(
                f"The index database {engine.url.database} cannot be written ({error.orig}). What was there before is "
                f"unharmed. Mend the cause and run the command again."
            ) from error
        finally:
            # After a full disk SQLite has rolled back by itself, and a second time would be an error. Interrupted at
            # the keyboard, SQLAlchemy has closed the connection, which rolls back too.
            kept = None if connection.invalidated else connection.connection.driver_connection
            if kept is not None and kept.in_transaction:
                connection.exec_driver_sql("ROLLBACK")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection whose statements all see the same state of the database."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK")


def open_database(folder: Path, *, create: bool) -> Engine:
    """The database of an index folder, made if it isn't there and ``create`` is true.

    Raises:
        IndexMissingError: There is no index in the folder, and ``create`` is false.
        IndexTooNewError: A newer version of Nianbao made it.
        IndexFolderError: The folder holds other things, or the database cannot be read.
    """
    path = folder / DATABASE_NAME
    if not path.is_file():
        if not create:
            raise _missing(folder)
        _prepare(folder)
    engine = _engine(path)
    try:
        if not inspect(engine).has_table("meta"):
            if not create:
                raise _missing(folder)
            _create_tables(engine)
        found = int(read_meta(engine).get("schema_version", "0"))
    except DatabaseError as error:
        engine.dispose()
        if not os.access(folder, os.W_OK):
            raise IndexFolderError(
                f"The index folder {folder} cannot be written, which reading it needs as well ({error.orig}). Allow "
                f"writing there, or copy the folder to where it is allowed."
            ) from error
        raise IndexFolderError(
            f"The index database {path} cannot be read ({error.orig}). Move the folder {folder} away and ingest "
            f"the reports again."
        ) from error
    except BaseException:
        engine.dispose()
        raise
    if found > schema.SCHEMA_VERSION:
        engine.dispose()
        raise IndexTooNewError(
            f"The index in {folder} was made by a newer version of Nianbao (its format is {found}, this version "
            f"reads up to {schema.SCHEMA_VERSION}). Upgrade Nianbao, or ingest into another --index folder."
        )
    if found < schema.SCHEMA_VERSION:
        try:
            _add_what_is_new(engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


def _missing(folder: Path) -> IndexMissingError:
    return IndexMissingError(
        f"There is no index in {folder}. Make one with `nianbao ingest FOLDER --index {folder}`, "
        f"where FOLDER holds the annual reports."
    )


def _add_what_is_new(engine: Engine) -> None:
    """Add the tables and columns that later versions of the schema have: so far nothing has been changed or dropped."""
    with transaction(engine) as connection:
        schema.metadata.create_all(connection, checkfirst=True)
        known = inspect(connection)
        for table in schema.metadata.sorted_tables:
            present = {column["name"] for column in known.get_columns(table.name)}
            for column in table.columns:
                if column.name not in present:
                    sort = column.type.compile(engine.dialect)
                    connection.execute(text(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {sort}'))
            for index in table.indexes:
                index.create(connection, checkfirst=True)
        write_meta(connection, schema_version=str(schema.SCHEMA_VERSION))


def _prepare(folder: Path) -> None:
    if folder.is_file():
        raise IndexFolderError(f"{folder} is a file, not a folder. Name a new or empty folder for the index.")
    if folder.is_dir():
        foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in _OURS)
        if foreign:
            raise IndexFolderError(
                f"The folder {folder} holds other files ({', '.join(foreign[:3])}{' …' if len(foreign) > 3 else ''}), "
                f"so no index is made there. Name a new or empty folder for the index."
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexFolderError(f"The index folder {folder} cannot be made ({error.strerror}).") from error


def _create_tables(engine: Engine) -> None:
    with transaction(engine) as connection:
        if inspect(connection).has_table("meta"):
            return  # another process was faster
        schema.metadata.create_all(connection)
        full_text.create(connection)
        connection.execute(
            schema.meta.insert(),
            [
                {"name": "schema_version", "value": str(schema.SCHEMA_VERSION)},
                {"name": "terms_version", "value": TERMS_VERSION},
                {"name": "created", "value": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")},
                {"name": "generation", "value": "0"},
            ],
        )


def read_meta(engine: Engine) -> dict[str, str]:
    """What the database says of itself: schema_version, generation, created, the embedding model …"""
    with engine.connect() as connection:
        return dict(connection.execute(select(schema.meta.c.name, schema.meta.c.value)).all())


def renew_full_text(engine: Engine) -> None:
    """Rebuild the full-text index if other terms made it: entries only come out with the terms they went in with."""
    if read_meta(engine).get("terms_version") != TERMS_VERSION:
        with transaction(engine) as connection:
            full_text.rebuild(connection)
            write_meta(connection, terms_version=TERMS_VERSION)


def write_meta(connection: Connection, **values: str) -> None:
    """Set entries of the meta table within the transaction."""
    names = list(values)
    connection.execute(schema.meta.delete().where(schema.meta.c.name.in_(names)))
    connection.execute(schema.meta.insert(), [{"name": name, "value": values[name]} for name in names])


def generation(connection: Connection) -> int:
    """How many changes there have been, so that readers know when what they remember is out of date."""
    # As text: every question asks for it several times, and SQLAlchemy's own expression takes three times as long.
    return int(connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'generation'").scalar_one())


def next_generation(connection: Connection) -> None:
    """Count a change."""
    write_meta(connection, generation=str(generation(connection) + 1))
