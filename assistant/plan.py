"""What a question asks for, as a typed object: the same whoever made it, and readable by a person.

The parser makes a Plan from words, execution computes an Answer from it, and a follow-up question is the last Plan
with what changed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializationInfo, SerializerFunctionWrapHandler, model_serializer

from vectorstore.records import Kind

Language = Literal["zh", "en"]
Subject = Literal[
    "figures", "mentions", "passages", "reports", "bodies", "checks", "themes", "definition", "out_of_scope"
]
Operation = Literal[
    "value", "list", "count", "sum", "mean", "median", "top", "rank", "compare", "trend", "share", "breakdown"
]
Comparison = Literal["=", "!=", ">", ">=", "<", "<=", "between"]
Grouping = Literal["body", "kind", "region", "year", "column", "outcome"]
Change = Literal["difference", "percent"]
Statistic = Literal["sum", "mean", "median", "count", "share"]
Average = Literal["mean", "median"]
Order = Literal["descending", "ascending"]
SURVEY = "survey"
"""The aspect of a plan that a language model answers, reading report by report."""
Quantity = Literal["some", "all", "none"]
RegionLevel = Literal["province", "city", "county"]


class Frozen(BaseModel):
    """Immutable, and refusing fields that it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Frozen):
    """What a figure must satisfy. ``upper`` only with ``between``, both bounds included."""

    comparison: Comparison
    value: Decimal
    upper: Decimal | None = None

    def holds(self, value: Decimal | Fraction | int) -> bool:
        """Whether the value satisfies the condition."""
        match self.comparison:
            case "=":
                return value == self.value
            case "!=":
                return value != self.value
            case ">":
                return value > self.value
            case ">=":
                return value >= self.value
            case "<":
                return value < self.value
            case "<=":
                return value <= self.value
            case "between":
                return self.value <= value <= (self.upper if self.upper is not None else value)


class Criterion(Condition):
    """A condition with what it is on; by default that it is more than 0.

    Attributes:
        metrics: Full ids, added. Empty: the plan's own measure, of the body or, where groups are listed, of the group;
            with several metrics of its own and no denominators each of them, joined by the plan's ``combine``.
        denominators: With them the condition is on a share, metrics over denominators, between 0 and 1.
        than: Full ids, added: the condition is on how many more the metrics are than these (提案比建议多); 0 is as
            many.
        change: The condition is on the change from the year before: 0 < difference is a rise. ``percent`` is a
            fraction of the year before.
        since: The year that the change is from, if not the year before: 比2020年增长超过50%.
        year: The year of the figure, whatever year the member is of: 2022年没有申请而2023年有. A member is then of the
            year in the plan's scope that no criterion names, else of the last that one names.
        against: The condition is on how far the figure is above the mean or median of all in the plan's scope that
            state it, or of all groups where it is on groups: 0 < is above average.
        top: Instead of a comparison: to be among so many with most, or fewest, all that share the last place included.
        order: Of ``top``: from the most, or from the fewest.
    """

    comparison: Comparison = ">"
    value: Decimal = Decimal(0)
    metrics: tuple[str, ...] = ()
    denominators: tuple[str, ...] = ()
    than: tuple[str, ...] = ()
    change: Change | None = None
    since: int | None = None
    year: int | None = None
    against: Average | None = None
    top: int | None = Field(default=None, ge=1)
    order: Order = "descending"

    @property
    def is_own(self) -> bool:
        """Whether it is on the plan's own measure."""
        return not self.metrics

    @property
    def bounding(self) -> dict[str, Any]:
        """What it holds a measure against, without what it is on."""
        return {"comparison": self.comparison, "value": self.value, "upper": self.upper}

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        """With its comparison, though it be the default; of the first so many, which compare with none, without."""
        compared = {"comparison": self.comparison, "value": str(self.value) if info.mode_is_json() else self.value}
        written: dict[str, Any] = write(self)
        return written if self.top is not None else compared | written


class PlanScope(Frozen):
    """Which reports are meant. An empty field does not narrow.

    Attributes:
        bodies: Ids of bodies named in the question.
        regions: Prefixes of region paths, ``山东省/威海市``.
        names: Substrings one of which a body's name or alias must contain: 高新 for 高新区, 保税 for 保税区.
        latest: Take each named body's latest report, because the question names no year.
        whole: The places themselves are meant and not each body in them (威海2023年一共): of each place and year only
            the reports that lie in no other's territory, its government's where there is one.
        excluded: Reports that lie in one of these scopes are left out: 除了宿迁, except the towns of 2022.
    """

    bodies: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    latest: bool = False
    whole: bool = False
    excluded: tuple[PlanScope, ...] = ()


class Plan(Frozen):
    """A question understood.

    What is computed for one body and year, the plan's own measure, is its metrics (each of them with ``value`` and
    ``list``, else added), or their share of the denominators, or the change of either from the year before or since
    another year.

    Attributes:
        subject: What sort of thing answers it.
        metrics: Full metric ids.
        denominators: Of a share: metric ids that are added.
        change: The measure is a change from the year before: whose numbers rose, who rose most.
        since: The year that the change is from, if not the year before.
        criteria: What members of a list, the bodies counted or those that are added up must satisfy.
        combine: Whether all criteria must be satisfied or any of them.
        years_running: Members satisfy the criteria in so many successive years; 0: in every year they reported on.
        group_by: What the answer is split by; two for a cross-table, rows first.
        region_level: Which regions a split by region is by: 哪个市, 各省, by county; ``None``: the highest that tells
            the reports apart.
        statistic: What a group, a side or a year shows of its bodies where there are several; ``None``: their sum.
            ``count`` and ``share`` are of the bodies that satisfy the criteria.
        apart: Each of the metrics is answered for itself, and they aren't added: 谁申请最多、谁复议最多. Metrics of
            different units never are.
        times: Of a comparison of two, or of a share: how many times the first is the second (几倍), in place of how far
            they lie apart, or of a percentage.
        sides: Of a comparison of groups: the scope of each, within the plan's own scope: towns, subdistricts.
        within: Of a top question: the first of each of these groups is asked for (各县申请最多的单位), where
            ``group_by`` ranks the groups themselves. ``body``: of each body its first year.
        order: Of a top question; ``both`` asks for both ends and how far they lie apart.
        limit: Of a top question.
        place: Of a top question: only who stands at this place (第二多的是谁), not those before.
        words: What passages or mentions are searched for: the question without its scope.
        quoted: Words that a passage must contain literally.
        aspect: Of a question about checks: ``conflicts``, ``failed_checks``, ``years_disagree``, ``channels``,
            ``prose_against_table``, ``implausible``, ``heading``, ``copied`` or ``all``. About figures: ``silent``,
            ``percent_change``. About passages or themes: ``silent``, a section's role, ``improvement``,
            ``application_subjects``, ``survey``. About a definition: ``composition``. Out of scope: why. About reports:
            ``picture_tables``, ``no_tables``, ``partial_tables``, ``silent``, ``blank``, ``unreadable``, ``missing``,
            ``latest``, ``issued_on``, ``length``, ``several_years``, ``superseded``, ``holdings``, or ``without_``
            and a section's role. ``None``: the reports as such.
        shows: What the answer puts first: itself, the words that it rests on (原文在哪), or with them the reasons that
            the reports give (为啥).
        asks_whether: The question is answered by yes or no: whether some, all or none of its members satisfy the
            criteria. Of one named body its own figures are held against them.
        unplaced: What the parser could not account for; never empty in silence.
    """

    subject: Subject
    operation: Operation = "value"
    metrics: tuple[str, ...] = ()
    denominators: tuple[str, ...] = ()
    change: Change | None = None
    since: int | None = None
    criteria: tuple[Criterion, ...] = ()
    combine: Literal["all", "any"] = "all"
    scope: PlanScope = PlanScope()
    years_running: int | None = Field(default=None, ge=0)
    group_by: tuple[Grouping, ...] = Field(default=(), max_length=2)
    region_level: RegionLevel | None = None
    statistic: Statistic | None = None
    apart: bool = False
    times: bool = False
    sides: tuple[PlanScope, ...] = ()
    within: tuple[Grouping, ...] = Field(default=(), max_length=2)
    order: Order | Literal["both"] = "descending"
    limit: int | None = Field(default=None, ge=1)
    place: int | None = Field(default=None, ge=1)
    words: str = ""
    quoted: tuple[str, ...] = ()
    aspect: str | None = None
    shows: Literal["answer", "evidence", "reasons"] = "answer"
    asks_whether: Quantity | None = None
    language: Language = "zh"
    unplaced: tuple[str, ...] = ()
    made_by: Literal["parser", "model"] = "parser"

    @property
    def condition(self) -> Criterion | None:
        """The criterion on the plan's own measure; ``None`` without one."""
        return next((criterion for criterion in self.criteria if criterion.is_own), None)

    @property
    def grouping(self) -> Grouping | None:
        """What the answer is split by first; ``None`` where it isn't split."""
        return self.group_by[0] if self.group_by else None
