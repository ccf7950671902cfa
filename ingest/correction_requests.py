"""From what a person writes to a Correction: every mistake is answered with a sentence that says how to write it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from ingest.corrections import current_value, find_quote, number_of, place_of, plain
from ingest.identity.body_names import is_name_like
from ingest.identity.regions import region_path
from vectorstore.catalogue import KIND_NAMES, catalogue
from vectorstore.errors import CorrectionError
from vectorstore.places import gazetteer
from vectorstore.records import CorrectedField, Correction, Kind, ReportContents

_FIRST_YEAR = 2000
_LONGEST = 2_000  # characters of a reason or a quote
_MONEY = ("元", "万元")


def request_correction(
    contents: ReportContents,
    field: CorrectedField,
    written: str,
    *,
    why: str,
    made_by: str,
    today: date,
    quote: str | None = None,
    known_regions: Collection[str] = (),
) -> Correction:
    """A correction of a report, with the number 0 until it is kept.

    Args:
        contents: The report as it was read, uncorrected.
        written: The new value; for a figure ``METRIC=VALUE``, with nothing behind the sign where it is unreadable.
        known_regions: Paths that are accepted besides the gazetteer's.

    Raises:
        CorrectionError: A sentence that says what is wrong with it.
    """
    for about, name, text in (("why", "reason", why), ("made_by", "author", made_by)):
        if not text.strip():
            raise CorrectionError(
                f"A correction is kept with its reason and its author; the {name} must not be empty.", about, "empty"
            )
        if len(text) > _LONGEST:
            raise CorrectionError(
                f"The {name} is longer than {_LONGEST:,} characters; say it more briefly.",
                about, "too_long", most=f"{_LONGEST:,}",
            )  # fmt: skip
    metric_id: str | None = None
    value: str | None
    match field:
        case CorrectedField.BODY:
            value = _body(written)
        case CorrectedField.KIND:
            value = _kind(written).value
        case CorrectedField.REGION:
            value = _region(written, known_regions)
        case CorrectedField.YEAR:
            value = _year(written, today)
        case CorrectedField.FIGURE:
            metric_id, value = _figure(written)
    if quote is not None and field is not CorrectedField.FIGURE:
        raise CorrectionError(
            "A quote shows where a figure stands in the text; leave it out where no figure is corrected.",
            "quote",
            "quote_without_figure",
        )
    correction = Correction(
        number=0,
        report_id=contents.report.report_id,
        field=field,
        value=value,
        former=current_value(contents, field, metric_id),
        made_by=_one_line(made_by),
        made_on=today.isoformat(),
        why=_one_line(why),
        metric_id=metric_id,
        quote=quote,
    )
    if field is CorrectedField.FIGURE:
        _require_place(contents, correction)
    return correction


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _body(written: str) -> str:
    name = re.sub(r"\s", "", written).replace("(", "（").replace(")", "）")
    if not is_name_like(name.replace("（", "(").replace("）", ")")):
        raise CorrectionError(
            f"{written!r} doesn't look like the name of a public body; write it in full, as "
            "威海市文登区界石镇人民政府.",
            "value",
            "body",
        )
    return name


def _kind(written: str) -> Kind:
    word = written.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return Kind(word)
    except ValueError:
        kinds = ", ".join(f"{kind.value} ({KIND_NAMES[kind][0]})" for kind in Kind)
        raise CorrectionError(
            f"There is no kind of body called {written!r}; the kinds are {kinds}.", "value", "kind"
        ) from None


def _region(written: str, known_regions: Collection[str]) -> str:
    path = written.strip().strip("/")
    if path in known_regions:
        return path
    found = region_path(written)
    if found is not None:
        return found
    possible = gazetteer().expand(re.split(r"[\s/、,，>]+", path)[-1] if path else "")
    if possible:
        listed = ", ".join(possible[:6]) + (" …" if len(possible) > 6 else "")
        raise CorrectionError(
            f"{written!r} may be any of {listed}; write the one that is meant in full.",
            "value",
            "region_ambiguous",
            possible=listed,
        )
    raise CorrectionError(
        f"{written!r} is no region that the gazetteer holds; write it from the province down, as 山东省/威海市/文登区.",
        "value",
        "region",
    )


def _year(written: str, today: date) -> str:
    word = written.strip().removesuffix("年").removesuffix("年度")
    if not re.fullmatch(r"\d{4}", word) or not _FIRST_YEAR <= int(word) <= today.year:
        raise CorrectionError(
            f"{written!r} is no year of a report; write the year of the statistics, {_FIRST_YEAR} to {today.year}.",
            "value",
            "year",
            first=str(_FIRST_YEAR),
            last=str(today.year),
        )
    return word


def _figure(written: str) -> tuple[str, str | None]:
    name, sign, value = written.partition("=")
    if not sign:
        raise CorrectionError(
            f"{written!r} names no value; write METRIC=VALUE, as applications_new=3, or METRIC= for what can't be "
            "read.",
            "value",
            "number",
        )
    metric_id = _metric(name.strip())
    if not value.strip():
        return metric_id, None
    number = number_of(value)
    if number is None:
        raise CorrectionError(
            f"{value.strip()!r} is no number; write it in digits, as {metric_id}=3, or {metric_id}= "
            f"for what can't be read.",
            "value",
            "number",
        )
    _require_possible(metric_id, number)
    return metric_id, plain(number)


def _require_possible(metric_id: str, number: Decimal) -> None:
    """What is counted comes in whole numbers; neither counts nor sums of money are ever below nothing."""
    metric, _ = catalogue().split(metric_id)
    if number < 0:
        raise CorrectionError(
            f"{plain(number)}{metric.unit} is less than nothing, and {metric.name_zh} can't be; write what the report "
            "states.",
            "value",
            "negative",
        )
    if metric.unit not in _MONEY and number != number.to_integral_value():
        raise CorrectionError(
            f"{plain(number)} is no whole number, and {metric.name_zh} is counted in {metric.unit}; write what the "
            "report states.",
            "value",
            "fraction",
            unit=metric.unit,
        )


def _metric(name: str) -> str:
    metrics = catalogue().metrics
    by_name = {metric.name_zh: metric.id for metric in metrics.values()}
    try:
        catalogue().split(by_name.get(name, name))
    except KeyError:
        base = name.partition("__")[0]
        near = get_close_matches(base, [*metrics, *by_name], n=3) or [i for i in metrics if base and base in i][:3]
        hint = f" Did you mean {', '.join(near)}?" if near else " `nianbao figures --json` shows their ids."
        columns = ""
        if base in metrics and "__" in name:
            columns = f" Its columns are {', '.join(c.id for c in catalogue().applicant_columns)}." * (
                metrics[base].has_columns
            )
            hint = "" if columns else f" {base} has no columns."
        raise CorrectionError(f"There is no metric {name!r}.{hint}{columns}", "metric", "metric") from None
    return by_name.get(name, name)


def _require_place(contents: ReportContents, correction: Correction) -> None:
    """A corrected figure must be citable: by the words given, or where it was read."""
    if correction.quote is not None:
        if len(correction.quote) > _LONGEST:
            raise CorrectionError(
                f"The quote is longer than {_LONGEST:,} characters; give the sentence that states it.",
                "quote",
                "too_long",
                most=f"{_LONGEST:,}",
            )
        if find_quote(contents.text, correction.quote) is None:
            raise CorrectionError(
                f"The report's text doesn't hold the quote {correction.quote[:60]!r}; copy it from the text.",
                "quote",
                "quote_missing",
            )
    elif place_of(contents, correction) is None:
        raise CorrectionError(
            f"Nothing was read of {correction.metric_id} in report {correction.report_id}, so the corrected figure has "
            f"no place to cite; give the report's words that state it as its quote.",
            "quote",
            "no_place",
        )
