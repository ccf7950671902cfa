"""Putting reports into an index and taking them out. One writer at a time; a report goes in whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, select

from vectorstore import database, departures, full_text, outbox, plain, rows, schema
from vectorstore.folding import fold_text
from vectorstore.records import Body, Correction, RegisteredBody, Report, ReportContents, SourceFile, Verdict
from vectorstore.resolution import failed_cells, resolve

if TYPE_CHECKING:
    from vectorstore.vectors import Vectors


class Writer:
    """What `Index.writing` gives. Each method is one transaction."""

    def __init__(self, engine: Engine, vectors: Vectors) -> None:
        self._engine = engine
        self._vectors = vectors

    def put(self, contents: ReportContents, uncorrected: ReportContents | None = None) -> None:
        """Keep a report, in place of one with the same ``report_id``.

        Args:
            uncorrected: What was read, where ``contents`` is that as corrected; the same text, passages and pictures.

        Raises:
            ValueError: A figure or mention is about a body that ``contents`` doesn't hold.
        """
        with database.transaction(self._engine) as connection:
            _remove(connection, contents.report.report_id)
            _insert(connection, contents, uncorrected)
            departures.forget_departure(connection, contents.report.report_id)
            database.next_generation(connection)

    def remove(self, report_id: str, became: str | None = None) -> bool:
        """Take a report out; false if it isn't there. Its source files stay recorded until they are forgotten.

        What it was is remembered (`Index.departure`).

        Corrections of it and verdicts on it are kept. What it superseded is then superseded by what superseded it, if
        anything did.

        Args:
            became: The id that another reading of the same report has, in place of this one.
        """
        reports = schema.reports
        with database.transaction(self._engine) as connection:
            found = connection.execute(select(reports.c.superseded_by).where(reports.c.report_id == report_id)).first()
            if found is not None:
                departures.record_departure(connection, report_id, became)
                _remove(connection, report_id)
                connection.execute(
                    reports.update()
                    .where(reports.c.superseded_by == report_id)
                    .values(superseded_by=found.superseded_by)
                )
                database.next_generation(connection)
        return found is not None

    def supersede(self, report_id: str, superseded_by: str | None) -> None:
        """Say by which later version a report is replaced, or (``None``) that it is the latest after all."""
        reports = schema.reports
        with database.transaction(self._engine) as connection:
            connection.execute(
                reports.update().where(reports.c.report_id == report_id).values(superseded_by=superseded_by)
            )
            database.next_generation(connection)

    def record_correction(self, correction: Correction) -> Correction:
        """Keep a correction, whatever number it has; the result has the number that it was given.

        Nothing else changes: the corrected report is put by who knows how to correct it.
        """
        with database.transaction(self._engine) as connection:
            result = connection.execute(schema.corrections.insert(), rows.correction_row(correction))
            database.next_generation(connection)
            key = result.inserted_primary_key
        return replace(correction, number=int(key[0]) if key else 0)

    def forget_correction(self, number: int) -> bool:
        """Take a correction back; false if there is none of that number."""
        with database.transaction(self._engine) as connection:
            found = connection.execute(schema.corrections.delete().where(schema.corrections.c.number == number))
            database.next_generation(connection)
            return found.rowcount > 0

    def move_corrections(self, former_id: str, report_id: str) -> int:
        """Carry the corrections of a report over to the id that another reading of its file gave it.

        Returns:
            How many there were. Moving them twice does nothing the second time.
        """
        corrections = schema.corrections
        if former_id == report_id:
            return 0
        with database.transaction(self._engine) as connection:
            found = connection.execute(
                corrections.update()
                .where(corrections.c.report_id == former_id)
                .values(report_id=report_id, former_id=func.coalesce(corrections.c.former_id, former_id))
            )
            database.next_generation(connection)
            return int(found.rowcount)

    def record_verdict(self, verdict: Verdict) -> None:
        """Keep a verdict, in place of one on the same values of the same check.

        The index counts as unchanged: nothing that is worked out from it and remembered depends on verdicts.
        """
        with database.transaction(self._engine) as connection:
            connection.execute(schema.verdicts.delete().where(*_is_verdict(verdict)))
            connection.execute(schema.verdicts.insert(), rows.verdict_row(verdict))

    def forget_verdict(self, verdict: Verdict) -> bool:
        """Take a verdict back, whatever it found: false if there is none on these values of this check."""
        with database.transaction(self._engine) as connection:
            found = connection.execute(schema.verdicts.delete().where(*_is_verdict(verdict)))
            return found.rowcount > 0

    def move_verdicts(self, former_id: str, report_id: str) -> int:
        """Carry the verdicts on a report over to the id that another reading of its file gave it.

        Where that id has a verdict on the same values, the later one stays, and of the same day that one.

        Returns:
            How many there were. Moving them twice does nothing the second time.
        """
        verdicts = schema.verdicts
        if former_id == report_id:
            return 0
        with database.transaction(self._engine) as connection:
            listed = connection.execute(select(verdicts).where(verdicts.c.report_id == former_id)).all()
            for row in listed:
                former = rows.verdict_of(row)
                moved = replace(former, report_id=report_id, former_id=former.former_id or former_id)
                known = connection.execute(select(verdicts.c.made_on).where(*_is_verdict(moved))).scalar()
                if known is None or known < moved.made_on:
                    connection.execute(verdicts.delete().where(*_is_verdict(moved)))
                    connection.execute(verdicts.insert(), rows.verdict_row(moved))
            connection.execute(verdicts.delete().where(verdicts.c.report_id == former_id))
        return len(listed)

    def put_register(self, registered: Sequence[RegisteredBody]) -> None:
        """Keep the register of bodies that should report, in place of an earlier one; an empty one takes it out."""
        with database.transaction(self._engine) as connection:
            connection.execute(schema.register.delete())
            listed = enumerate(registered, 1)
            _insert_all(connection, schema.register, (rows.registered_row(body, at) for at, body in listed))
            database.next_generation(connection)

    def record_origin(self, report: Report) -> None:
        """Say where a kept report was found and published: its sources, URL and day of retrieval, and nothing else."""
        reports = schema.reports
        origin = {name: rows.report_row(report, 0)[name] for name in ("source", "sources", "url", "retrieved_on")}
        with database.transaction(self._engine) as connection:
            connection.execute(reports.update().where(reports.c.report_id == report.report_id).values(origin))
            database.next_generation(connection)

    def record_source(self, source: SourceFile) -> None:
        """Remember a file that was ingested or that could not be, in place of what was known of its path."""
        with database.transaction(self._engine) as connection:
            connection.execute(schema.sources.delete().where(schema.sources.c.path == source.path))
            connection.execute(schema.sources.insert(), rows.source_row(source))
            database.next_generation(connection)

    def forget_source(self, path: str) -> None:
        """Forget a file; nothing happens if it isn't known."""
        with database.transaction(self._engine) as connection:
            connection.execute(schema.sources.delete().where(schema.sources.c.path == path))
            database.next_generation(connection)

    def embed(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Bring the vectors up to the database; resumable, so what an interrupted run left is done by the next.

        Args:
            progress: Called with the number of passages done and the number of all that had to be done.

        Returns:
            The number of passages embedded.

        Raises:
            ModelMismatchError: Another model made the vectors that are there.
            EmbeddingError: The model cannot be loaded.
        """
        return self._vectors.catch_up(progress)


def _is_verdict(verdict: Verdict) -> list[ColumnElement[bool]]:
    """Conditions on ``verdicts``: on the same values of the same check."""
    return [column == getattr(verdict, column.name) for column in schema.verdicts.primary_key.columns]


def _next_key(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.key), 0))).scalar_one()) + 1


def _insert_all(connection: Connection, table: Table, values: Iterable[dict[str, Any]]) -> None:
    listed = list(values)
    if listed:
        connection.execute(table.insert(), listed)


def _remove(connection: Connection, report_id: str) -> bool:
    reports, passages, linked = schema.reports.c, schema.passages.c, schema.report_bodies.c
    report = connection.execute(select(reports.key, reports.body).where(reports.report_id == report_id)).first()
    if report is None:
        return False
    held = connection.execute(
        select(passages.key, passages.section, passages.text, passages.passage_id).where(
            passages.report_key == report.key
        )
    ).all()
    full_text.remove(connection, report.body, [(row.key, row.section, row.text) for row in held])
    outbox.queue(connection, "delete", [row.passage_id for row in held])
    body_keys = connection.execute(select(linked.body_key).where(linked.report_key == report.key)).scalars().all()
    connection.execute(schema.reports.delete().where(reports.key == report.key))
    still_needed = select(linked.body_key).where(linked.body_key == schema.bodies.c.key).exists()
    connection.execute(schema.bodies.delete().where(schema.bodies.c.key.in_(body_keys), ~still_needed))
    return True


def _insert(connection: Connection, contents: ReportContents, uncorrected: ReportContents | None) -> None:
    report = contents.report
    bodies = {body.body_id: body for body in (*contents.other_bodies, contents.body)}
    body_keys = {body_id: _keep_body(connection, body) for body_id, body in bodies.items()}
    _refuse_strangers(contents, body_keys.keys())
    key = _next_key(connection, schema.reports)
    connection.execute(schema.reports.insert(), rows.report_row(report, body_keys[report.body_id]) | {"key": key})
    connection.execute(schema.report_texts.insert(), {"report_key": key, "text": contents.text})
    _insert_all(
        connection,
        schema.sections,
        (rows.section_row(section, key, position) for position, section in enumerate(report.sections)),
    )
    _insert_all(
        connection,
        schema.report_pictures,
        (rows.picture_row(picture, key, position) for position, picture in enumerate(contents.pictures)),
    )
    if uncorrected is not None:
        packed = plain.pack(replace(uncorrected, text="", passages=(), pictures=()))
        connection.execute(schema.uncorrected_contents.insert(), {"report_key": key, "contents": packed})
    _insert_all(
        connection,
        schema.report_bodies,
        ({"report_key": key, "body_key": body_key} for body_key in body_keys.values()),
    )
    _insert_all(
        connection,
        schema.body_aliases,
        (
            {"report_key": key, "body_key": body_keys[body.body_id], "alias": alias, "folded_alias": fold_text(alias)}
            for body in bodies.values()
            for alias in body.aliases
        ),
    )
    _insert_passages(connection, contents, key)
    _insert_figures(connection, contents, key, body_keys)
    _insert_all(
        connection,
        schema.mentions,
        (rows.mention_row(mention, key, body_keys[mention.body_id]) for mention in contents.mentions),
    )
    _insert_all(
        connection,
        schema.checks,
        (rows.check_row(check, key, position) for position, check in enumerate(contents.checks)),
    )


def _refuse_strangers(contents: ReportContents, known: AbstractSet[str]) -> None:
    """ValueError where a report's figures or mentions are of bodies that aren't given with it."""
    report = contents.report
    subjects = {figure.body_id for figure in contents.figures} | {mention.body_id for mention in contents.mentions}
    strangers = subjects - known
    if report.body_id != contents.body.body_id or strangers:
        unknown = ", ".join(sorted(strangers | {report.body_id} - known))
        raise ValueError(f"Report {report.report_id} speaks of bodies that aren't given with it: {unknown}.")


def _keep_body(connection: Connection, body: Body) -> int:
    bodies = schema.bodies
    known = connection.execute(select(bodies.c.key, bodies.c.name).where(bodies.c.body_id == body.body_id)).first()
    if known is not None:
        # The fuller name stays, whichever report comes first: 某镇人民政府 and not 某镇.
        if (len(body.name), body.name) > (len(known.name), known.name):
            connection.execute(bodies.update().where(bodies.c.key == known.key), rows.body_row(body))
        return int(known.key)
    key = _next_key(connection, bodies)
    connection.execute(bodies.insert(), rows.body_row(body) | {"key": key})
    return key


def _insert_passages(connection: Connection, contents: ReportContents, report_key: int) -> None:
    first = _next_key(connection, schema.passages)
    keyed = list(enumerate(contents.passages, first))
    _insert_all(
        connection, schema.passages, (rows.passage_row(passage, report_key) | {"key": key} for key, passage in keyed)
    )
    full_text.add(connection, contents.report.body, [(key, passage.section, passage.text) for key, passage in keyed])
    outbox.queue(connection, "embed", [passage.passage_id for passage in contents.passages])


def _insert_figures(
    connection: Connection, contents: ReportContents, report_key: int, body_keys: dict[str, int]
) -> None:
    first = _next_key(connection, schema.resolved_figures)
    keyed = list(enumerate(resolve(contents.figures, failed_cells(contents.checks)), first))
    _insert_all(
        connection,
        schema.resolved_figures,
        (
            {
                "key": key,
                "report_key": report_key,
                "body_key": body_keys[resolution.body_id],
                "metric": resolution.metric,
                "column": resolution.column,
                "year": resolution.year,
                "value": rows.exact(resolution.value),
                "number": rows.number(resolution.value),
                "unit": resolution.unit,
                "state": resolution.state.value,
                "origin": resolution.origin.value,
            }
            for key, resolution in keyed
        ),
    )
    _insert_all(
        connection,
        schema.figures,
        (
            rows.figure_row(reading, key, position)
            for key, resolution in keyed
            for position, reading in enumerate(resolution.readings)
        ),
    )
