"""Reports that have gone from the index: what they were, and which report now holds what they said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, select

from vectorstore import schema
from vectorstore.records import Departure

_LONGEST_CHAIN = 1000


def record_departure(connection: Connection, report_id: str, became: str | None) -> None:
    """Remember a report that is about to go, while the index still knows its files.

    Args:
        became: The id that another reading of the same report has; ``None`` where the report goes for good.
    """
    reports, bodies, sources = schema.reports.c, schema.bodies.c, schema.sources.c
    statement = (
        select(reports.title, bodies.body_id, reports.body, reports.year)
        .join(schema.bodies, bodies.key == reports.body_key)
        .where(reports.report_id == report_id)
    )
    report = connection.execute(statement).one()
    files = connection.execute(select(sources.digest).where(sources.report_id == report_id)).scalars()
    forget_departure(connection, report_id)
    connection.execute(
        schema.departures.insert(),
        {
            "report_id": report_id,
            "title": report.title,
            "body_id": report.body_id,
            "body": report.body,
            "year": report.year,
            "departed_on": date.today().isoformat(),
            "became": became,
            "digests": json.dumps(sorted({digest for digest in files if digest})),
        },
    )


def forget_departure(connection: Connection, report_id: str) -> None:
    """The report is back."""
    connection.execute(schema.departures.delete().where(schema.departures.c.report_id == report_id))


def read_departure(connection: Connection, report_id: str) -> Departure | None:
    """See `Index.departure`."""
    row = connection.execute(select(schema.departures).where(schema.departures.c.report_id == report_id)).first()
    if row is None:
        return None
    digests = tuple(json.loads(row.digests))
    return Departure(row.report_id, row.title, row.body_id, row.body, row.year, row.departed_on, row.became, digests)


def read_heirs(connection: Connection, report_id: str) -> list[str]:
    """See `Index.heirs`."""
    return list(dict.fromkeys(_heirs(connection, report_id)))


def _heirs(connection: Connection, report_id: str) -> Iterator[str]:
    reports, bodies, sources = schema.reports.c, schema.bodies.c, schema.sources.c
    seen: list[Departure] = []
    named: str | None = report_id
    while named is not None and len(seen) < _LONGEST_CHAIN:
        if connection.execute(select(reports.key).where(reports.report_id == named)).first() is not None:
            yield named
            break
        departure = read_departure(connection, named)
        if departure is None or departure in seen:
            break
        seen.append(departure)
        named = departure.became
    ids = [report_id, *(departure.report_id for departure in seen)]
    digests = [digest for departure in seen for digest in departure.digests]
    same_file = select(reports.report_id).join(schema.sources, sources.report_id == reports.report_id)
    yield from connection.execute(same_file.where(sources.content_id.in_(ids)).order_by(sources.path)).scalars()
    yield from connection.execute(same_file.where(sources.digest.in_(digests)).order_by(sources.path)).scalars()
    for departure in seen:
        if departure.year is not None:
            alike = select(reports.report_id).join(schema.bodies, bodies.key == reports.body_key)
            alike = alike.where(bodies.body_id == departure.body_id, reports.year == departure.year)
            yield from connection.execute(alike.order_by(reports.superseded_by.is_not(None), reports.key)).scalars()
