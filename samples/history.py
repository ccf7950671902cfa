"""The figures of a body over the years: what really happened there, whatever its reports say of it.

All identities of the form hold: rows and columns add up, new + carried in = outcomes + carried out in every column,
and what a year carries out the next carries in.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from samples.county import FictionalBody
from samples.draft import Number
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Kind

Figures = dict[str, Number]

_COLUMN_WEIGHTS = {
    "natural_person": 76,
    "enterprise": 12,
    "research_institution": 1,
    "social_welfare_org": 1,
    "legal_service_org": 7,
    "other_org": 3,
}
_OUTCOME_WEIGHTS = {
    "result_granted": 46,
    "result_partial": 9,
    "unable_not_held": 16,
    "unable_needs_creation": 3,
    "unable_unclear": 2,
    "denied_third_party": 3,
    "denied_internal_affairs": 3,
    "denied_process_info": 3,
    "denied_enforcement_file": 2,
    "denied_admin_query": 2,
    "denied_other_law": 1,
    "denied_safety_stability": 1,
    "denied_state_secret": 0.5,
    "unprocessed_petition": 4,
    "unprocessed_duplicate": 3,
    "unprocessed_publication": 0.5,
    "unprocessed_excessive": 0.5,
    "unprocessed_confirm_reissue": 1,
    "other_no_correction": 3,
    "other_fee_unpaid": 0.5,
    "other_misc": 5,
}
# Ranges a year: licences, penalties, coercion, normative documents issued; and whether fees are collected.
_WORKLOAD = {
    Kind.ZONE: ((20, 400), (0, 9), (0, 2), (0, 2), False),
    Kind.TOWNSHIP: ((8, 160), (0, 18), (0, 4), (0, 0), False),
    Kind.SUBDISTRICT: ((15, 220), (0, 30), (0, 6), (0, 0), False),
    Kind.DEPARTMENT: ((60, 2600), (4, 190), (0, 12), (0, 4), True),
    Kind.GOVERNMENT_OFFICE: ((0, 0), (0, 0), (0, 0), (2, 11), False),
    Kind.COUNTY: ((9000, 60000), (900, 7000), (20, 400), (3, 15), True),
}


def live_through(
    body: FictionalBody, years: Sequence[int], rng: random.Random, demanded: Mapping[int, int] | None = None
) -> Iterator[tuple[int, Figures]]:
    """Each year with its figures by full metric id, in the years' order.

    ``demanded`` fixes the number of new applications of a year.
    """
    carried: Counter[str] = Counter()
    in_force = rng.randint(0, 3) if body.kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT) else rng.randint(2, 40)
    for year in years:
        figures: Figures = {}
        number = (demanded or {}).get(year)
        if number is None:
            number = max(0, round(rng.gauss(body.demand, body.demand**0.5 * 0.8)))
        carried = _handle_applications(figures, number, carried, rng, last_resort=number + sum(carried.values()) < 4)
        in_force = _work(figures, body.kind, in_force, rng)
        _dispute(figures, rng)
        _publish(figures, body.kind, rng)
        yield year, figures


def _handle_applications(
    figures: Figures, number: int, carried_in: Counter[str], rng: random.Random, last_resort: bool
) -> Counter[str]:
    """Fill the application table; return what is carried out, by column. ``last_resort``: carry nothing over."""
    columns = [column.id for column in catalogue().applicant_columns]
    new = Counter(rng.choices(list(_COLUMN_WEIGHTS), list(_COLUMN_WEIGHTS.values()), k=number))
    outcomes: Counter[tuple[str, str]] = Counter()
    carried_out: Counter[str] = Counter()
    for column in columns:
        open_applications = new[column] + carried_in[column]
        carried_out[column] = 0 if last_resort else sum(rng.random() < 0.06 for _ in range(open_applications))
        done = open_applications - carried_out[column]
        for outcome in rng.choices(list(_OUTCOME_WEIGHTS), list(_OUTCOME_WEIGHTS.values()), k=done):
            outcomes[outcome, column] += 1
    for row in catalogue().application_rows:
        by_column = {
            column: {
                "applications_new": new[column],
                "applications_carried_in": carried_in[column],
                "applications_carried_out": carried_out[column],
                "result_total": new[column] + carried_in[column] - carried_out[column],
            }.get(row.id, outcomes[row.id, column])
            for column in columns
        }
        for column, value in by_column.items():
            figures[f"{row.id}{COLUMN_SEPARATOR}{column}"] = value
        figures[row.id] = sum(by_column.values())
    for prefix in ("denied", "unable", "unprocessed", "other"):
        addends = catalogue().metrics[f"{prefix}_subtotal"].sum_of
        figures[f"{prefix}_subtotal"] = sum(figures[addend] for addend in addends)
    figures["applications_handled"] = figures["applications_new"] + figures["applications_carried_in"]
    return carried_out


def _work(figures: Figures, kind: Kind, in_force: int, rng: random.Random) -> int:
    """Fill the proactive table; return the normative documents in force at the year's end."""
    licences, penalties, coercion, normative, collects = _WORKLOAD[kind]
    for column in ("issued", "repealed", "in_force"):
        figures[f"rules_{column}"] = 0
    issued = rng.randint(*normative)
    repealed = rng.choice((0, 0, 0, 1, 2)) if in_force > 2 else 0
    figures["normative_docs_issued"] = issued
    figures["normative_docs_repealed"] = repealed
    figures["normative_docs_in_force"] = in_force + issued - repealed
    figures["licence_decisions"] = rng.randint(*licences)
    figures["penalty_decisions"] = rng.randint(*penalties)
    figures["coercion_decisions"] = rng.randint(*coercion)
    fees = Decimal(rng.randint(1_000, 9_000_000)) / 10_000 if collects and rng.random() < 0.8 else 0
    figures["admin_fees_wan_yuan"] = fees
    return in_force + issued - repealed


def _dispute(figures: Figures, rng: random.Random) -> None:
    """Fill the dispute table: now and then a refusal is contested."""
    contested = int(figures["result_total"]) - int(figures["result_granted"])
    for group, chance in (("review", 0.12), ("lit_direct", 0.05), ("lit_post_review", 0.04)):
        cases = sum(rng.random() < chance for _ in range(contested))
        results = Counter(rng.choices(("upheld", "corrected", "other", "pending"), (60, 14, 16, 10), k=cases))
        for result in ("upheld", "corrected", "other", "pending"):
            figures[f"{group}_{result}"] = results[result]
        figures[f"{group}_total"] = cases
    figures["litigation_total"] = figures["lit_direct_total"] + figures["lit_post_review_total"]


def _publish(figures: Figures, kind: Kind, rng: random.Random) -> None:
    """What only the prose tells: channels, training, open days, proposals, fees for applications."""
    scale = {Kind.COUNTY: 40, Kind.GOVERNMENT_OFFICE: 3, Kind.DEPARTMENT: 2}.get(kind, 1)
    figures["proactive_website"] = rng.randint(28, 190) * scale
    figures["proactive_wechat"] = rng.randint(40, 320) * scale
    figures["proactive_elsewhere"] = rng.randint(3, 40) * scale
    figures["proactive_total"] = (
        figures["proactive_website"] + figures["proactive_wechat"] + figures["proactive_elsewhere"]
    )
    figures["training_sessions"] = rng.randint(1, 6)
    figures["open_day_events"] = rng.choice((0, 1, 1, 2, 3))
    handles_proposals = rng.random() < 0.75
    figures["npc_proposals"] = rng.randint(0, 6) * min(scale, 3) if handles_proposals else 0
    figures["cppcc_proposals"] = rng.randint(0, 5) * min(scale, 3) if handles_proposals else 0
    collects = figures["applications_new"] >= 10 and rng.random() < 0.35
    figures["info_fee_yuan"] = rng.randint(3, 120) * 10 if collects else 0
