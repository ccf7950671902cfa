"""Decides which readings of a table's picture count, by the identities of the official form.

A misread cell breaks the row and the column it stands in. So a cell counts only if every identity that holds it is
satisfied by what was read. One cell that could not be read, or that breaks its row and its column by the same
amount, is left open: its row and its column must then agree on its value before anything in them counts, and the
cell itself counts only if recognition gave that very value, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import SectionRole, State

OLDER_OUTCOME = "other_subtotal"
"""The form of 2019–2020 has one row for （六）其他处理, where the later one has the three that it sums up."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What recognition says of a cell.

    Attributes:
        state: ``STATED`` where there are candidates; ``BLANK``; ``NOT_APPLICABLE``; ``UNREADABLE``.
        candidates: Counts that recognition gave, the best supported first.
        is_backed: The first candidate was given independently more than once, and nothing speaks for another.
    """

    state: State
    candidates: tuple[int, ...] = ()
    is_backed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """The sum of the ``addends`` equals the sum of the ``totals``; both are full metric ids."""

    addends: tuple[str, ...]
    totals: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        return self.addends + self.totals


@dataclass(frozen=True, slots=True)
class Certificate:
    """What became of a cell: ``value`` is set only where ``state`` is ``STATED``."""

    state: State
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Certification:
    """All certificates by metric, and the cells that are worth reading again: ``doubtful``."""

    certificates: dict[str, Certificate]
    doubtful: frozenset[str]


def identities_of(role: SectionRole, metrics: Iterable[str]) -> tuple[Identity, ...]:
    """The identities of a table's form (I1, I2, I3 or I5); none for the table of proactive disclosure.

    Args:
        metrics: Those that were seen, to tell the two forms of the application table apart.
    """
    if role is SectionRole.APPLICATION_TABLE:
        return _application_identities(OLDER_OUTCOME in {m.partition(COLUMN_SEPARATOR)[0] for m in metrics})
    if role is SectionRole.DISPUTE_TABLE:
        form = catalogue()
        results = [result.id for result in form.dispute_results if result.id != "total"]
        return tuple(
            Identity(tuple(f"{group.id}_{result}" for result in results), (f"{group.id}_total",))
            for group in form.dispute_groups
        )
    return ()


def _application_identities(is_older: bool) -> tuple[Identity, ...]:
    form = catalogue()
    parts: dict[str, list[str]] = {}
    merged = set(form.metrics[OLDER_OUTCOME].sum_of) if is_older else set()
    for row in form.application_rows:
        if row.id not in merged:
            parts.setdefault(row.part, []).append(row.id)
    if is_older:
        parts["outcome"].append(OLDER_OUTCOME)
    applicants = [column.id for column in form.applicant_columns]
    rows = [row for part in parts.values() for row in part]
    found = [Identity(tuple(f"{row}{COLUMN_SEPARATOR}{column}" for column in applicants), (row,)) for row in rows]
    for suffix in ("", *(COLUMN_SEPARATOR + column for column in applicants)):
        outcomes, totals = ([row + suffix for row in parts[part]] for part in ("outcome", "outcome_total"))
        found.append(Identity(tuple(outcomes), tuple(totals)))
        inflow, outflow = ([row + suffix for row in parts[part]] for part in ("inflow", "outflow"))
        found.append(Identity(tuple(inflow), tuple(totals + outflow)))
    return tuple(found)


def certify(role: SectionRole, readings: Mapping[str, Reading]) -> Certification:
    """Which readings of one table count.

    Args:
        readings: By full metric id; of a table on several pictures, those of all of them.
    """
    identities = identities_of(role, readings)
    system = _System(identities, readings)
    system.open_suspects()
    system.infer()
    certificates = {metric: system.certificate(metric) for metric in readings}
    doubtful = {metric for metric in readings if metric in system.open or not system.is_satisfied_around(metric)}
    return Certification(certificates, frozenset(doubtful if identities else ()))


class _System:
    """The identities of one table with what is known of their terms.

    Attributes:
        known: Values of the backed readings; 0 for a cell without a number, which adds nothing to a printed sum.
        open: Metrics whose value is left to the identities.
        implied: Values of open metrics that the identities give.
    """

    def __init__(self, identities: tuple[Identity, ...], readings: Mapping[str, Reading]) -> None:
        self.readings = readings
        self.holding: dict[str, list[Identity]] = {}
        for identity in identities:
            for term in identity.terms:
                self.holding.setdefault(term, []).append(identity)
        self.identities = identities
        self.known: dict[str, int] = {}
        for metric, reading in readings.items():
            if reading.state in (State.BLANK, State.NOT_APPLICABLE):
                self.known[metric] = 0
            elif reading.state is State.STATED and reading.is_backed:
                self.known[metric] = reading.candidates[0]
        self.open = {term for identity in identities for term in identity.terms} - self.known.keys()
        self.implied: dict[str, int] = {}
        self._spent: set[Identity] = set()
        self._satisfied: dict[Identity, bool] = {}

    def open_suspects(self) -> None:
        """Leave open the cells that break all their identities by the same amount, since they alone may be misread."""
        suspects = [metric for metric in self.known if self._is_suspect(metric)]
        for metric in suspects:
            del self.known[metric]
            self.open.add(metric)

    def _is_suspect(self, metric: str) -> bool:
        holding = self.holding.get(metric, [])
        gaps = {self._gap(identity, metric) for identity in holding}
        # A single identity doesn't tell which of its terms is misread.
        return len(holding) > 1 and len(gaps) == 1 and gaps.isdisjoint((None, 0))

    def _gap(self, identity: Identity, metric: str) -> int | None:
        """What has to be added to the metric for the identity to hold; ``None`` if a term is open."""
        if any(term not in self.known for term in identity.terms):
            return None
        gap = sum(self.known[term] for term in identity.totals) - sum(self.known[term] for term in identity.addends)
        return gap if metric in identity.addends else -gap

    def infer(self) -> None:
        """Give the open metrics the values that identities with one open term leave them."""
        progress = True
        while progress:
            progress = False
            for identity in self.identities:
                unsolved = [term for term in identity.terms if self._value(term) is None]
                if len(unsolved) == 1 and identity not in self._spent:
                    self._spent.add(identity)
                    self.implied[unsolved[0]] = self._left_for(identity, unsolved[0])
                    progress = True

    def _left_for(self, identity: Identity, metric: str) -> int:
        sides = [
            sum(self._value(term) or 0 for term in side if term != metric)
            for side in (identity.addends, identity.totals)
        ]
        return sides[1] - sides[0] if metric in identity.addends else sides[0] - sides[1]

    def _value(self, metric: str) -> int | None:
        return self.known.get(metric, self.implied.get(metric))

    def _holds(self, identity: Identity) -> bool:
        values = [self._value(term) for term in identity.terms]
        if any(value is None or value < 0 for value in values):
            return False
        return self._left_for(identity, identity.totals[0]) == self._value(identity.totals[0])

    def _is_confirmed(self, metric: str) -> bool:
        """Whether an inferred value is more than the one identity that it was inferred from says."""
        if not all(self._holds(identity) for identity in self.holding[metric]):
            return False
        unspent = any(identity not in self._spent for identity in self.holding[metric])
        return unspent or self._is_read(metric)

    def _is_read(self, metric: str) -> bool:
        reading = self.readings.get(metric)
        return reading is not None and self.implied.get(metric) in reading.candidates

    def _is_satisfied(self, identity: Identity) -> bool:
        if identity not in self._satisfied:
            self._satisfied[identity] = self._holds(identity) and all(
                term in self.known or self._is_confirmed(term) for term in identity.terms
            )
        return self._satisfied[identity]

    def is_satisfied_around(self, metric: str) -> bool:
        """Whether every identity that holds the metric is satisfied; true of a metric that none holds."""
        return all(self._is_satisfied(identity) for identity in self.holding.get(metric, []))

    def _is_sound(self, identity: Identity) -> bool:
        """Whether the identity is satisfied and no number in it breaks another one.

        Two misreadings can make up for one another in a row; the columns they stand in then tell.
        """
        return self._is_satisfied(identity) and all(
            self.is_satisfied_around(term) for term in identity.terms if self._value(term)
        )

    def certificate(self, metric: str) -> Certificate:
        reading = self.readings[metric]
        holding = self.holding.get(metric, [])
        if not holding or not all(self._is_sound(identity) for identity in holding):
            return Certificate(State.UNREADABLE)
        if metric in self.open:
            value = self.implied[metric]
            return Certificate(State.STATED, value) if self._is_read(metric) else Certificate(State.UNREADABLE)
        return Certificate(reading.state, self.known[metric] if reading.state is State.STATED else None)
