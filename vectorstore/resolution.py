"""Which value an answer uses where a report gives several readings of one metric.

A resolved figure stands for one report, body, year and metric, with every reading behind it. Nothing is dropped:
readings that differ make it conflicting, and they all stay to be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from vectorstore.catalogue import catalogue
from vectorstore.records import Check, Figure, Origin, State

IDENTITY_RULES = frozenset({"row_total", "outcome_total", "balance", "dispute_total"})
"""The identities that the form itself holds; comparisons with prose or other years say nothing against a table."""

_MORE = frozenset("余多超逾")
_LESS = ("近", "接近", "将近", "不足", "不到", "少于", "以下", "以内", "至多", "不超过")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the readings of one body, year and metric come to; ``readings`` in the order of the text."""

    body_id: str
    year: int | None
    metric: str
    column: str | None
    value: Decimal | None
    unit: str
    state: State
    origin: Origin
    readings: tuple[Figure, ...]


def failed_cells(checks: Iterable[Check]) -> frozenset[str | tuple[int, int]]:
    """What the form's failing identities touch: the metric ids they are about and the spans of their sides."""
    touched: set[str | tuple[int, int]] = set()
    for check in checks:
        if check.holds is False and check.rule in IDENTITY_RULES:
            touched.add(check.subject)
            touched.update((span.start, span.end) for side in (check.left, check.right) for span in side.spans)
    return frozenset(touched)


def resolve(figures: Sequence[Figure], failed: Collection[str | tuple[int, int]] = frozenset()) -> list[Resolution]:
    """Settle the figures of one report, in the order in which they first appear.

    Args:
        failed: From `failed_cells`: full metric ids and spans whose table value fails an identity of the form.
    """
    groups: dict[tuple[str, int | None, str, str | None], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.body_id, figure.year, figure.metric, figure.column].append(figure)
    in_tables = {
        (f.body_id, f.year, f.metric, f.column)
        for f in figures
        if f.value is not None and f.origin in (Origin.TABLE, Origin.IMAGE)
    }
    resolutions = []
    for (body_id, year, metric, column), readings in groups.items():
        readings.sort(key=lambda reading: (reading.start, reading.end))
        known = catalogue().metrics.get(metric)
        addends = known.sum_of if known else ()
        derived_from_table = bool(addends) and all((body_id, year, a, column) in in_tables for a in addends)
        value, state, chosen = _settle(readings, derived_from_table, failed)
        resolutions.append(
            Resolution(body_id, year, metric, column, value, chosen.unit, state, chosen.origin, tuple(readings))
        )
    return resolutions


Settled = tuple[Decimal | None, State, Figure]


def _settle(readings: list[Figure], derived_from_table: bool, failed: Collection[str | tuple[int, int]]) -> Settled:
    corrected = [reading for reading in readings if reading.origin is Origin.CORRECTED]
    if corrected:
        return corrected[-1].value, corrected[-1].state, corrected[-1]
    known = [reading for reading in readings if reading.value is not None]
    if not known:
        # Unreadable first: something is there, which a blank beside it doesn't take back.
        order = (State.UNREADABLE, State.NOT_APPLICABLE, State.BLANK)
        chosen = min(readings, key=lambda r: order.index(r.state) if r.state in order else len(order))
        return None, chosen.state, chosen
    table: list[Figure] = []
    prose: list[Figure] = []
    derived: list[Figure] = []
    for reading in _drop_approximations(known):
        if reading.origin in (Origin.TABLE, Origin.IMAGE):
            table.append(reading)
        elif reading.state is State.DERIVED or reading.origin is Origin.DERIVED:
            (table if derived_from_table else derived).append(reading)
        else:
            prose.append(reading)
    return _weigh(table, prose, derived, failed)


def _weigh(
    table: list[Figure], prose: list[Figure], derived: list[Figure], failed: Collection[str | tuple[int, int]]
) -> Settled:
    table_values = {reading.value for reading in table}
    prose_values = {reading.value for reading in prose}
    everything = {reading.value for reading in (*table, *prose, *derived)}
    if len(everything) == 1:
        stated = [reading for reading in (*table, *prose) if reading.state is State.STATED]
        chosen = (stated or table or derived)[0]
        return chosen.value, State.STATED if stated else State.DERIVED, chosen
    if len(table_values) == 1:
        if prose_values - table_values and any(_is_touched(reading, failed) for reading in table):
            if len(prose_values) == 1:
                return prose[0].value, State.CONFLICTING, prose[0]
            return None, State.CONFLICTING, prose[0]
        return table[0].value, State.CONFLICTING, table[0]
    if not table and len(prose_values) == 1:
        return prose[0].value, State.CONFLICTING, prose[0]
    return None, State.CONFLICTING, (table or prose or derived)[0]


def _is_touched(reading: Figure, failed: Collection[str | tuple[int, int]]) -> bool:
    # A check names its cells by their spans, and only one of them, or a sum, as its subject.
    if reading.cell is None:
        return reading.metric_id in failed
    return (reading.cell.start, reading.cell.end) in failed


def _drop_approximations(known: list[Figure]) -> list[Figure]:
    """Without the approximate readings that a more exact one bears out: 200余 beside 217 is no contradiction."""
    kept: list[Figure] = [reading for reading in known if not reading.qualifier]
    for reading in (reading for reading in known if reading.qualifier):
        if not any(_agrees(reading, other) or (other.qualifier and _agrees(other, reading)) for other in kept):
            kept.append(reading)
    return kept


def _agrees(approximate: Figure, exact: Figure) -> bool:
    """Whether the exact value is one that the approximation can mean."""
    if approximate.value is None or exact.value is None:
        return False
    about, value, qualifier = approximate.value, exact.value, approximate.qualifier or ""
    # 2000余 is up to 3000: the last digit that isn't a rounding zero says how coarse the number is.
    coarseness = Decimal(1)
    digits = abs(int(about))
    while digits and digits % 10 == 0:
        digits //= 10
        coarseness *= 10
    slack = max(coarseness, abs(about) / 10)
    if qualifier.startswith(_LESS):
        return about - slack <= value <= about
    if any(character in _MORE for character in qualifier) or qualifier in ("以上", "至少", "不少于", "突破"):
        return about <= value <= about + slack
    return abs(value - about) <= slack / 2 if coarseness > 1 else abs(value - about) <= slack
