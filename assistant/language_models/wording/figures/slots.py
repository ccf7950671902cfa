"""What a sentence about figures has named so far: bodies, years, the metric; and the rows that they lead to."""

from __future__ import annotations

from decimal import Decimal

from assistant.answer import Row
from assistant.language_models.wording.facts import Fact, Facts
from assistant.language_models.wording.figures.claims import WITH, Claim, claims_of
from assistant.language_models.wording.reading import Reading, Token
from assistant.language_models.wording.verdicts import RefusedError


class Slots:
    """What the claims of one sentence have named so far, which the next one may leave out; and the answer's rows.

    Attributes:
        quotes: What each citation says.
        rows: The answer's, each with its fact.
        used: The citations that bear a claim.
        before: The bodies of the claim before the one that named ``bodies``.
        dated: The one year of the claim before, or 0.
        head: The claim that is about the whole scope, which names alone may follow.
        members: The bodies that were named behind it.
        is_counted: Whether it says how many they are.
    """

    def __init__(self, facts: Facts, quotes: dict[int, str], reading: Reading) -> None:
        self.facts = facts
        self.quotes = quotes
        self.rows = list(zip(facts.answer.rows, facts.rows, strict=True))
        self.claims = claims_of(reading)
        self.all_markers = frozenset(reading.markers)
        self.used: set[int] = set()
        self.before: list[str] = []
        self.bodies: list[str] = []
        self.years: list[int] = []
        self.dated = 0
        self.metric: str | None = None
        self.head: Claim | None = None
        self.members: list[str] = []
        self.is_counted = False

    def bind(self, claim: Claim) -> None:
        """A claim's names, years and metric; those that it lacks are those of the claim before."""
        if claim.of("body"):
            self.before = self.bodies
            self.bodies = list(dict.fromkeys(self._name(token, claim) for token in claim.of("body")))
        self.dated = self.years[0] if len(set(self.years)) == 1 else 0
        self.years = claim.years or self.years
        said = [token.values for token in claim.of("metric")]
        if said:
            ids = frozenset.intersection(*(frozenset(v.removeprefix(WITH) for v in values) for values in said))
            alone = frozenset[str]().union(*said)
            ids = frozenset(metric for metric in ids if metric in alone or metric == self.metric)
            if len(ids) != 1:
                raise RefusedError("words", claim.of("metric")[0].text)
            self.metric = next(iter(ids))
        if not self.years:
            raise RefusedError("year", claim.tokens[0].text)

    def _name(self, token: Token, claim: Claim) -> str:
        fitting = token.values & self.facts.named
        if len(fitting) > 1:
            markers = claim.markers or self.all_markers
            fitting &= {self.facts.citations[n].body for n in markers if n in self.facts.citations}
        if len(fitting) != 1:
            raise RefusedError("name", token.text)
        return next(iter(fitting))

    def fact(self, body: str, year: int, claim: Claim) -> Fact:
        """The one row of a body, a year and the metric that was said; its citations must be given."""
        if self.metric is None:
            raise RefusedError("words", claim.tokens[0].text)
        found = [fact for row, fact in self.rows if fact.body == body and row.year == year and self.is_meant(row)]
        if len(found) != 1:
            raise RefusedError("year" if any(f.body == body for _, f in self.rows) else "name", body)
        for markers in (claim.markers or self.all_markers, self._behind(body, claim)):
            if markers and not found[0].citations & markers:
                raise RefusedError("support", body)
        self.used |= found[0].citations
        return found[0]

    def _behind(self, body: str, claim: Claim) -> frozenset[int]:
        """The markers right behind a body's name: in 甲[1]和乙[3] each has its own."""
        return claim.markers_behind(next((t for t in claim.of("body") if body in t.values), None))

    def is_meant(self, row: Row) -> bool:
        """Whether it is the metric's own row, and not one of a group, a month or a column."""
        return row.metric == self.metric and (row.label in (None, row.body) or "__" in str(row.metric) or _is_year(row))

    def known(self, body: str, year: int, claim: Claim) -> Decimal:
        """The number of that row, which must be known."""
        fact = self.fact(body, year, claim)
        if not fact.is_known:
            raise RefusedError("contradiction" if fact.state == "conflicting" else "unknown", body)
        return fact.values[0]

    def check_number(self, token: Token, value: Decimal, unit: str | None, at: Claim) -> None:
        """That a number is just this one, in this unit, and as exact as the built-in wording has it."""
        number = token.number
        if number is None or number.value != value or number.is_rank:
            raise RefusedError("number", token.text)
        is_english = self.facts.answer.language == "en" and number.unit is None and bool(at.of("metric"))
        if number.unit != unit and not is_english:
            raise RefusedError("number", token.text)
        told = {
            t.number.qualifier
            for reading in self.facts.told
            for t in reading.of("number")
            if t.number is not None and t.number.value == value
        }
        if number.qualifier not in (told or {None}):
            raise RefusedError("number", token.text)

    def cite_all(self, claim: Claim) -> None:
        """That the rows are all cited."""
        markers = claim.markers or self.all_markers
        if not self.rows or any(not fact.citations & markers for _, fact in self.rows):
            raise RefusedError("support", claim.tokens[0].text)
        self.used |= frozenset[int]().union(*(fact.citations for _, fact in self.rows))

    def check_whole(self, claim: Claim) -> None:
        """That every report in scope states its number."""
        coverage = self.facts.answer.coverage
        if coverage.stated + coverage.derived != coverage.in_scope or coverage.missing:
            raise RefusedError("unknown", claim.tokens[0].text)


def _is_year(row: Row) -> bool:
    return bool(row.label) and str(row.label).removesuffix("年") == str(row.year)
