"""What may be meant by the beginning of a name that someone types: places and bodies of the index, likeliest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vectorstore.folding import fold_text

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.records import Body


def wider_places(region: str) -> Iterator[str]:
    """The places that a region lies in, widest first, and at last itself: 甲省, 甲省/乙市, 甲省/乙市/丙县."""
    parts = region.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def places_of_reports(index: Index) -> tuple[str, ...]:
    """Every place that reports are from, and those that it lies in."""

    def make() -> tuple[str, ...]:
        regions = {report.region for report in index.reports() if report.region}
        return tuple(sorted({place for region in regions for place in wider_places(region)}))

    return index.remember("places of reports", make)


def places_called(index: Index, text: str) -> list[str]:
    """The places whose name holds the text, by themselves or with those that they lie in; all for no text."""
    wanted = fold_text(text.strip().strip("/").replace("/", ""))
    found: list[tuple[bool, bool, int, int, str]] = []
    for place in places_of_reports(index):
        own = fold_text(place.rpartition("/")[2])
        if wanted in fold_text(place.replace("/", "")):
            found.append((wanted not in own, not own.startswith(wanted), place.count("/"), len(place), place))
    return [place for *_, place in (sorted(found) if wanted else found)]


def bodies_called(index: Index, text: str) -> list[Body]:
    """The bodies of whose names one holds the text, shorter names first; all for no text."""
    wanted = fold_text(text.strip())
    found = [
        body for body in index.bodies() if any(wanted in fold_text(called) for called in (body.name, *body.aliases))
    ]
    if wanted:
        found.sort(key=lambda body: (not fold_text(body.name).startswith(wanted), len(body.name), body.name))
    return found
