"""What a stretch of prose states: figures of the catalogue, and the numbers that are left over."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from vectorstore.records import Span, State


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure that prose states.

    Attributes:
        year_offset: 0 for the report's year, -1 for the year before.
        year: The year that the clause names, where it names one; else ``None``.
        channel_part: Stated for one way of filing only; without a total these add up.
        by_applicant: A ``channel_part`` that is one sort of applicants.
        from_parts: Made of such parts; it gives way to any total that the report states elsewhere.
        territory: 全市, 全县 … where the clause counts more than the issuer may be.
        subject: The body that the clause names as the one that acts, the issuer or another.
        dated: An event of one month: the year's only one, if the report tells of no other.
        held: Whether someone is said to hold it (组织全县培训), not only that it took place.
        listed: One of a list by body below a total.
        start, end: In the report's text: what a person needs to read to see that it says so.
        number: Span of the number or of the negation itself.
    """

    metric: str
    value: Decimal
    start: int
    end: int
    column: str | None = None
    year_offset: int = 0
    year: int | None = None
    state: State = State.STATED
    qualifier: str | None = None
    unit: str = ""
    note: str | None = None
    channel_part: bool = False
    by_applicant: bool = False
    from_parts: bool = False
    territory: str | None = None
    subject: str | None = None
    dated: bool = False
    held: bool = False
    listed: bool = False
    number: Span = field(default_factory=lambda: Span(0, 0))


@dataclass(frozen=True, slots=True)
class Remainder:
    """A number that states no figure: what a mention is made of. ``value`` is 0 for something denied."""

    value: Decimal
    unit: str
    counted: str
    qualifier: str | None
    start: int
    end: int
    year: int | None = None


@dataclass(slots=True)
class Reading:
    """The statements and the other numbers of a stretch of prose, in its order.

    Attributes:
        of_others: Statements of a list by body (其中甲区5件、乙区6件): each is about the body that it names.
    """

    statements: list[Statement] = field(default_factory=list)
    of_others: list[Statement] = field(default_factory=list)
    remainders: list[Remainder] = field(default_factory=list)
