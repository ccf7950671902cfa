"""Finds the place of a permanent id: where it says, or wherever the same words stand in the report as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.citations import section_of
from assistant.answering.permanent_ids import PlaceId, check_of, check_of_bytes, compact, parse_place_id, place_id
from vectorstore.errors import NianbaoError
from vectorstore.records import Report, Scope, Span

if TYPE_CHECKING:
    from vectorstore.index import Index

_MOST_COMPARED = 300_000_000
"""Characters that are gone through for a place that isn't where its id says: about a second."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that an id was resolved to. ``quote`` equals the report's canonical ``text[start:end]``.

    Attributes:
        id: As it is now, for the report as it is now.
        report: The one that holds it; a version that was replaced has ``superseded_by``.
        section, page, passage_id: Where it stands, as of a `Citation`.
        moved: Whether it isn't where the id says: the report was read anew since, and its text is another.
    """

    id: str
    report: Report
    start: int
    end: int
    quote: str
    section: str
    page: int | None = None
    passage_id: str | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """What an id stands for: a place in a report, or (``place`` is ``None``) a whole one."""

    given: str
    report: Report
    place: Place | None = None

    @property
    def id(self) -> str:
        """As it is now."""
        return self.report.report_id if self.place is None else self.place.id


class PlaceGoneError(NianbaoError):
    """What an id stands for can't be shown.

    Attributes:
        reason: ``not_an_id``, ``ambiguous``, ``unknown_report``, ``report_gone``, ``words_gone``, ``misplaced``:
            for an interface's own words.
        values: What such words may name.
    """

    def __init__(self, message: str, reason: str, **values: object) -> None:
        super().__init__(message)
        self.reason = reason
        self.values = values


def find_place(index: Index, given: str) -> Place | None:
    """The place of a permanent id; ``None`` where it can't be shown (`resolve_place` says why)."""
    try:
        return resolve_place(index, given)
    except PlaceGoneError:
        return None


def resolve_cited(index: Index, given: str) -> Cited:
    """What a permanent id of a place, or an id of a report, stands for now.

    Raises:
        PlaceGoneError: It is not here any more, or never was; or it is no id.
    """
    if parse_place_id(given) is None and given.isalnum():
        return Cited(given, resolve_report(index, given))
    place = resolve_place(index, given)
    return Cited(given, place.report, place)


def resolve_place(index: Index, given: str) -> Place:
    """The place of a permanent id: where it says, else where the same words stand in that report as it is now.

    Never other words than those that the id was made of.

    Raises:
        PlaceGoneError: Its report isn't here, or no longer says that; or it is no id.
    """
    wanted = parse_place_id(given)
    if wanted is None:
        raise PlaceGoneError(
            f"{given[:80]!r} is no permanent id of a place; one reads 3f2a9c0d1e4b5a67.812-24.k7m2p9qd. Copy it whole.",
            "not_an_id",
            id=given[:80],
        )
    with index.unchanging():
        heirs = index.heirs(wanted.report_id)
        for report_id in heirs:
            text = index.text(report_id)
            span = _find(wanted, text)
            if span is not None:
                found = _place(index, wanted, index.report(report_id), text, span)
                if found.moved and report_id == wanted.report_id:
                    raise _misplaced(wanted, found)
                return found
        raise _gone(index, wanted, heirs)


def resolve_report(index: Index, given: str) -> Report:
    """The report of an id or of the only id that begins so; of one that has gone, its later reading.

    Raises:
        PlaceGoneError: It was taken out, or never was here; or several ids begin so.
    """
    with index.unchanging():
        try:
            return index.report(given)
        except KeyError:
            pass
        heirs = index.heirs(given)
        if heirs:
            return index.report(heirs[0])
        if given and sum(one.report_id.startswith(given) for one in index.reports(Scope(superseded=True))) > 1:
            raise PlaceGoneError(
                f"Several reports have an id that begins with {given}; give more of it.", "ambiguous", id=given
            )
        raise _departed(index, given)


def _find(wanted: PlaceId, text: str) -> Span | None:
    """Where in a text the words of an id stand: at its place, else at the nearest to it."""
    characters = compact(text)
    if not 0 < wanted.length <= len(characters):
        return None
    at = wanted.start
    if check_of(characters[at : at + wanted.length]) != wanted.check or at + wanted.length > len(characters):
        found = min(_standing_at(wanted, characters), key=lambda start: abs(start - wanted.start), default=None)
        if found is None:
            return None
        at = found
    places = [position for position, character in enumerate(text) if not character.isspace()]
    return Span(places[at], places[at + wanted.length - 1] + 1)


def _standing_at(wanted: PlaceId, characters: str) -> Iterator[int]:
    if (len(characters) - wanted.length) * wanted.length > _MOST_COMPARED:
        return
    encoded = characters.encode()
    # Where each character begins: a byte of UTF-8 that continues one is 10xxxxxx.
    begins = [position for position, byte in enumerate(encoded) if byte & 0xC0 != 0x80]
    begins.append(len(encoded))
    view = memoryview(encoded)
    for start in range(len(characters) - wanted.length + 1):
        if check_of_bytes(view[begins[start] : begins[start + wanted.length]]) == wanted.check:
            yield start


def _place(index: Index, wanted: PlaceId, report: Report, text: str, span: Span) -> Place:
    found = index.passage_at(report.report_id, span.start, span.end)
    now = place_id(report.report_id, span.start, span.end, text)
    return Place(
        id=now,
        report=report,
        start=span.start,
        end=span.end,
        quote=span.of(text),
        section=section_of(report, span.start),
        page=found.page if found is not None else None,
        passage_id=found.passage_id if found is not None else None,
        moved=now != str(wanted),
    )


def _gone(index: Index, wanted: PlaceId, heirs: Sequence[str]) -> PlaceGoneError:
    if heirs:
        report = index.report(heirs[0])
        titled = _titled(report.body, report.title, report.year)
        return PlaceGoneError(
            f"The words that {wanted} stands for are not in {titled} as it is read now ({report.report_id}): its text "
            f"is another, or the id wasn't copied whole.",
            "words_gone",
            report_id=report.report_id,
            report=titled,
        )
    return _departed(index, wanted.report_id)


def _misplaced(wanted: PlaceId, near: Place) -> PlaceGoneError:
    # A report's id is made from its text: under the same id the words can't have gone elsewhere.
    return PlaceGoneError(
        f"The words of {wanted} don't stand at that place: the id wasn't copied as it was. They stand at {near.id}.",
        "misplaced",
        id=str(wanted),
        near=near.id,
    )


def _departed(index: Index, report_id: str) -> PlaceGoneError:
    departure = index.departure(report_id)
    if departure is None:
        return PlaceGoneError(
            f"The report {report_id[:80]} is not known to this index: it was read elsewhere, or the id wasn't copied "
            f"whole. `nianbao reports` lists those that are here.",
            "unknown_report",
            report_id=report_id[:80],
        )
    titled = _titled(departure.body, departure.title, departure.year)
    return PlaceGoneError(
        f"{titled} ({departure.report_id}) was taken out of this index on {departure.departed_on}. Ingest it again to "
        f"cite it.",
        "report_gone",
        report_id=departure.report_id,
        report=titled,
        on=departure.departed_on,
    )


def _titled(body: str, title: str, year: int | None) -> str:
    return f"{body}《{' '.join(title.split())}》" + (f"({year})" if year is not None else "")
