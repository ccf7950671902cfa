"""What a question asks for, as a typed object: the same whoever made it, and readable by a person.

The parser makes a Plan from words, execution computes an Answer from it, and a follow-up question is the last Plan
with what changed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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


class Frozen(BaseModel):
    """Immutable, and refusing fields that it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Frozen):
    """What a figure must satisfy. ``upper`` only with ``between``, both bounds included."""

    comparison: Comparison
    value: Decimal
    upper: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
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


class PlanScope(Frozen):
    """Which reports are meant. An empty field does not narrow.

    Attributes:
        bodies: Ids of bodies named in the question.
        regions: Prefixes of region paths, ``山东省/威海市``.
        names: Substrings one of which a body's name or alias must contain: 高新 for 高新区, 保税 for 保税区.
        latest: Take each named body's latest report, because the question names no year.
    """

    bodies: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    latest: bool = False


class Plan(Frozen):
    """A question understood.

    Attributes:
        subject: What sort of thing answers it.
        metrics: Full metric ids. With a list, all (``combine="all"``) or any must satisfy the condition;
            a share has one or more numerators here, which are added.
        denominators: Of a share: metric ids that are added.
        condition: What members of a list, or the bodies counted, must satisfy.
        years_running: Members satisfy the condition in so many successive years; 0: in every year they reported on.
        group_by: What a breakdown, a sum by group or a comparison of groups is split by.
        limit: Of a top question.
        words: What passages or mentions are searched for: the question without its scope.
        quoted: Words that a passage must contain literally.
        aspect: Of a question about checks or reports: ``conflicts``, ``failed_checks``, ``picture_tables``,
            ``no_tables``, ``silent``, ``missing`` …
        unplaced: What the parser could not account for; never empty in silence.
    """

    subject: Subject
    operation: Operation = "value"
    metrics: tuple[str, ...] = ()
    denominators: tuple[str, ...] = ()
    combine: Literal["all", "any"] = "all"
    scope: PlanScope = PlanScope()
    condition: Condition | None = None
    years_running: int | None = Field(default=None, ge=0)
    group_by: Grouping | None = None
    order: Literal["descending", "ascending"] = "descending"
    limit: int | None = Field(default=None, ge=1)
    words: str = ""
    quoted: tuple[str, ...] = ()
    aspect: str | None = None
    language: Language = "zh"
    unplaced: tuple[str, ...] = ()
    made_by: Literal["parser", "model"] = "parser"
