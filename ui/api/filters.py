"""The parameters that several routes share. One that isn't known is refused: a mistyped one must not widen a list."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from assistant.filters import FIRST_YEAR, LAST_YEAR, filtered_scope, known_metric
from vectorstore.catalogue import catalogue
from vectorstore.check_rules import check_rules
from vectorstore.errors import QuestionError
from vectorstore.records import Kind, Scope

Words = Annotated[str, Field(min_length=1, max_length=200)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="The statistics year, not that of issue.")]
RegionPath = Annotated[Words, Field(description="The beginning of a path of places: 山东省, 山东省/威海市.")]
BodyName = Annotated[Words, Field(description="A part of the body's name or of a short name.")]


def _known_metric(given: str) -> str:
    try:
        return known_metric(given)
    except QuestionError as error:
        raise ValueError(f"{error} /v1/metrics lists them.") from None


def _known_rule(given: str) -> str:
    if given not in check_rules():
        raise ValueError(f"There is no such rule; there are {', '.join(check_rules())}")
    return given


MetricId = Annotated[
    str, AfterValidator(_known_metric), WithJsonSchema({"type": "string", "enum": catalogue().metric_ids()})
]
Rule = Annotated[str, AfterValidator(_known_rule), WithJsonSchema({"type": "string", "enum": [*check_rules()]})]


class Filters(BaseModel):
    """Which reports are meant; what isn't given doesn't narrow."""

    model_config = ConfigDict(extra="forbid")

    year: Year | None = None
    kind: Kind | None = None
    region: RegionPath | None = None
    body: BodyName | None = None

    @property
    def by_name(self) -> dict[str, Any]:
        """As the Assistant's methods take them."""
        return {"year": self.year, "kind": self.kind, "region": self.region, "body": self.body}

    def scope(self, *, superseded: bool = False) -> Scope:
        """As the index takes them."""
        return replace(filtered_scope(**self.by_name), superseded=superseded)


class NoParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _no_parameters(_: Annotated[NoParameters, Query()]) -> None:
    """Asked for by ``NO_PARAMETERS``."""


NO_PARAMETERS = [Depends(_no_parameters)]
"""Dependencies of a route whose address takes no parameters."""


class PagedFilters(Filters):
    limit: int = Field(default=100, ge=1, le=1000, description="How many at most.")
    offset: int = Field(default=0, ge=0, le=100_000_000, description="How many to leave out.")

    def page(self, found: Any) -> dict[str, Any]:
        """The page of a list, its items not yet written."""
        end = self.offset + self.limit
        total = len(found)
        return {
            "items": found[self.offset : end],
            "total": total,
            "offset": self.offset,
            "next_offset": end if end < total else None,
        }


class FigureFilters(PagedFilters):
    limit: int = Field(default=100, ge=1, le=1000, description="How many at most; a CSV has all unless this is given.")
    metric: MetricId | None = Field(default=None, description="A full id; /v1/metrics says what each is.")
    report_id: Words | None = Field(default=None, description="Only those that this report states.")
    format: Literal["json", "csv"] | None = Field(default=None, description="By default as Accept says.")


class ReportFilters(PagedFilters):
    all: bool = Field(default=False, description="Those that a later version replaced as well.")


class CheckFilters(PagedFilters):
    rule: Rule | None = Field(default=None, description="Only this rule.")
    severity: Literal["fault", "warning"] | None = None
    verdict: Literal["open", "confirmed", "dismissed"] | None = Field(default=None, description="What people found.")


def chosen(request: Request, wanted: str | None, offered: dict[str, str]) -> str:
    """Which format to answer in: as the parameter says, else the one that Accept likes best, else the first.

    Args:
        offered: Media types by format.
    """
    if wanted is not None:
        return wanted
    liked: list[tuple[float, str]] = []
    for part in request.headers.get("accept", "").split(","):
        media_type, *parameters = (one.strip() for one in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            liked.append((-float(weight), media_type.lower()))
        except ValueError:
            continue
    formats = {media_type: name for name, media_type in offered.items()}
    for quality, media_type in sorted(liked, key=lambda one: one[0]):
        if quality < 0 and media_type in formats:
            return formats[media_type]
        if quality < 0 and media_type in ("*/*", "application/*"):
            break
    return next(iter(offered))
