"""Correcting a report that an index holds, and taking a correction back: what the command and the web page do alike.

Each of these holds the writer's lock while it works, so that a correction is either kept and laid over its report, or
not made at all where another process is writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ingest import corrections
from ingest.correction_requests import request_correction
from vectorstore.errors import CorrectionError
from vectorstore.records import CorrectedField, Correction, ReportContents, State
from vectorstore.resolution import failed_cells, resolve

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.writer import Writer


def correct(
    index: Index,
    report_id: str,
    wanted: Mapping[CorrectedField, str],
    *,
    why: str,
    made_by: str,
    quote: str | None = None,
    today: date | None = None,
) -> list[Correction]:
    """Keep corrections of one report, all or none of them, and lay them over it.

    Args:
        report_id: In full.
        wanted: What each field should be, as people write it; a figure as ``METRIC=VALUE``.
        quote: The report's words that state the figure; of several fields corrected at once it belongs to the figure.
        today: The day that is kept with them; today by default.

    Returns:
        The corrections, with their numbers, in the order of ``wanted``.

    Raises:
        CorrectionError: One of them can't be made, or changes nothing.
        IndexBusyError: Another process is writing to the index.
        KeyError: There is no report of exactly that id.
    """
    with index.writing() as writer:
        read = index.contents(report_id, uncorrected=True)
        made_before = index.corrections(report_id)
        regions = {report.region for report in index.reports() if report.region}
        requested = [
            request_correction(
                read,
                field,
                value,
                why=why,
                made_by=made_by,
                today=today or date.today(),
                quote=quote if field is CorrectedField.FIGURE or CorrectedField.FIGURE not in wanted else None,
                known_regions=regions,
            )
            for field, value in wanted.items()
        ]
        for correction in requested:
            # With another body come another kind and region, so that naming those with it always says something.
            if correction.field in (CorrectedField.KIND, CorrectedField.REGION) and CorrectedField.BODY in wanted:
                continue
            _require_change(read, made_before, correction)
        made = [writer.record_correction(correction) for correction in requested]
        _lay_over(index, writer, report_id)
    return made


def undo(index: Index, number: int) -> Correction:
    """Take the correction of that number back, and put its report as it is without it; gives what was taken back.

    Raises:
        CorrectionError: There is none.
        IndexBusyError: Another process is writing to the index.
    """
    with index.writing() as writer:
        found = next((correction for correction in index.corrections() if correction.number == number), None)
        if found is None:
            raise CorrectionError(f"There is no correction {number}.", "number", "no_correction", number=str(number))
        writer.forget_correction(number)
        _lay_over(index, writer, found.report_id)
    return found


def warnings(index: Index, listed: Iterable[Correction]) -> list[str]:
    """A sentence for each correction that no longer fits what is read of its report, or whose report has gone."""
    by_report: dict[str, list[Correction]] = {}
    for correction in listed:
        by_report.setdefault(correction.report_id, []).append(correction)
    sentences: list[str] = []
    for report_id, own in by_report.items():
        try:
            sentences += corrections.outdated(index.contents(report_id, uncorrected=True), own)
        except KeyError:
            numbers = "、".join(str(correction.number) for correction in own)
            sentences.append(f"更正{numbers}所属的报告{report_id}现在不在索引中；它再次收录时更正仍然有效。")
    return sentences


def _lay_over(index: Index, writer: Writer, report_id: str) -> None:
    """Put the report again as it was read, with all its corrections, if it is there."""
    try:
        read = index.contents(report_id, uncorrected=True)
        now = index.report(report_id)
    except KeyError:
        return
    # Where it was found and what replaced it may have become known since it was read.
    report = replace(
        read.report,
        source=now.source,
        sources=now.sources,
        url=now.url,
        retrieved_on=now.retrieved_on,
        superseded_by=now.superseded_by,
    )
    corrections.keep(writer, replace(read, report=report), index.corrections(report_id))
    writer.embed()


def _require_change(read: ReportContents, made_before: list[Correction], correction: Correction) -> None:
    """Raise CorrectionError if the correction says what is there already."""
    same = [c for c in made_before if (c.field, c.metric_id) == (correction.field, correction.metric_id)]
    if same:
        last = max(same, key=lambda c: c.number)
        # Made again after the report was read anew, it says that it still holds.
        still_fits = last.former == correction.former and (
            correction.field is not CorrectedField.FIGURE or corrections.place_of(read, last) is not None
        )
        if last.value == correction.value and correction.quote in (None, last.quote) and still_fits:
            raise CorrectionError(
                f"That is what correction {last.number} says already.", "value", "same_as_correction",
                number=str(last.number),
            )  # fmt: skip
        return
    now = corrections.corrected(read, made_before)
    if correction.field is CorrectedField.FIGURE:
        is_same = correction.quote is None and _is_settled_at(now, correction)
    else:
        is_same = corrections.current_value(now, correction.field) == correction.value
    if is_same:
        raise CorrectionError("That is what was read of the report already.", "value", "same_as_read")


def _is_settled_at(contents: ReportContents, correction: Correction) -> bool:
    """Whether a figure has that value without any doubt, so that correcting it to that value says nothing."""
    report = contents.report
    readings = [
        figure
        for figure in contents.figures
        if (figure.metric_id, figure.body_id, figure.year) == (correction.metric_id, report.body_id, report.year)
    ]
    settled = resolve(readings, failed_cells(contents.checks))
    if not settled:
        return False
    state = State.UNREADABLE if correction.value is None else State.STATED
    return settled[0].state is state and corrections.plain(settled[0].value) == correction.value
