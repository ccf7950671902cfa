"""Which readings of a pictured table count: only those that the form's identities single out."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pictures.certification import Certificate, Reading, certify, identities_of
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import SectionRole, State

APPLICATIONS, DISPUTES = SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE
COLUMNS = [column.id for column in catalogue().applicant_columns]
OUTCOMES = [row.id for row in catalogue().application_rows if row.part == "outcome"]
Counts = dict[str, int]


def application_table(outcomes: Mapping[tuple[str, str], int], carried_in: int = 0, carried_out: int = 0) -> Counts:
    """A table in which every identity holds; what is carried is a natural person's."""
    counts: Counts = {}
    for column in COLUMNS:
        own = {row: outcomes.get((row, column), 0) for row in OUTCOMES}
        before, after = (n if column == "natural_person" else 0 for n in (carried_in, carried_out))
        own["result_total"] = sum(own.values())
        own["applications_carried_out"] = after
        own["applications_carried_in"] = min(before, own["result_total"] + after)
        own["applications_new"] = own["result_total"] + after - own["applications_carried_in"]
        counts.update({f"{row}{COLUMN_SEPARATOR}{column}": number for row, number in own.items()})
        for row, number in own.items():
            counts[row] = counts.get(row, 0) + number
    return counts


def backed(counts: Mapping[str, int]) -> dict[str, Reading]:
    return {metric: Reading(State.STATED, (count,), True) for metric, count in counts.items()}


def wrong_values(truth: Counts, certificates: Mapping[str, Certificate]) -> dict[str, Certificate]:
    return {
        metric: certificate
        for metric, certificate in certificates.items()
        if certificate.state is State.STATED and certificate.value != truth[metric]
    }


SOUND = application_table(
    {("result_granted", "natural_person"): 66, ("result_partial", "enterprise"): 7, ("other_misc", "other_org"): 3},
    carried_in=4,
    carried_out=9,
)
TABLES = st.builds(
    application_table,
    st.dictionaries(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(COLUMNS)), st.integers(1, 1500), max_size=20),
    st.integers(0, 30),
    st.integers(0, 30),
)


@given(TABLES)
@settings(max_examples=25, deadline=None)
def test_a_table_read_without_fault_is_certified_whole(truth: Counts) -> None:
    certificates = certify(APPLICATIONS, backed(truth)).certificates
    assert {metric: certificate.value for metric, certificate in certificates.items()} == truth


@given(TABLES, st.data())
@settings(max_examples=150, deadline=None)
def test_up_to_two_misread_cells_never_give_a_wrong_value(truth: Counts, data: Any) -> None:
    readings = backed(truth)
    for metric in data.draw(st.lists(st.sampled_from(sorted(truth)), min_size=1, max_size=2, unique=True)):
        misread = data.draw(st.integers(0, 2000).filter(lambda n, metric=metric: n != truth[metric]))
        readings[metric] = Reading(State.STATED, (misread,), data.draw(st.booleans()))
    assert wrong_values(truth, certify(APPLICATIONS, readings).certificates) == {}


CONFUSIONS = {
    "0": "86",
    "1": "74",
    "2": "7",
    "3": "85",
    "4": "1",
    "5": "63",
    "6": "850",
    "7": "1",
    "8": "306",
    "9": "4",
}


def misread(count: int, rng: random.Random) -> int:
    digits = list(str(count))
    at = rng.randrange(len(digits))
    if len(digits) > 1 and rng.random() < 0.5:
        del digits[at]
    else:
        digits[at] = rng.choice(CONFUSIONS[digits[at]])
    return int("".join(digits))


@pytest.mark.parametrize("seed", range(8))
def test_many_misread_lost_and_ambiguous_cells_never_give_a_wrong_value(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(25):
        cells = {(rng.choice(OUTCOMES), rng.choice(COLUMNS)): rng.choice((1, 1, 2, 9, 11, 99, 143)) for _ in range(12)}
        truth = application_table(cells, rng.randint(0, 3), rng.randint(0, 3))
        readings = backed(truth)
        for metric in rng.sample(sorted(truth), rng.randint(1, 30)):
            false = misread(truth[metric], rng)
            readings[metric] = rng.choice(
                (
                    Reading(State.UNREADABLE),
                    Reading(State.STATED, (false,), True),
                    Reading(State.STATED, (false,), False),
                    Reading(State.STATED, (false, truth[metric]), False),
                )
            )
        assert wrong_values(truth, certify(APPLICATIONS, readings).certificates) == {}


def test_a_lost_cell_is_unreadable_and_its_row_and_column_still_count() -> None:
    readings = backed(SOUND) | {"result_granted__natural_person": Reading(State.UNREADABLE)}
    certificates = certify(APPLICATIONS, readings).certificates
    assert certificates.pop("result_granted__natural_person") == Certificate(State.UNREADABLE)
    assert all(certificate.state is State.STATED for certificate in certificates.values())


def test_of_two_readings_the_one_that_row_and_column_demand_counts() -> None:
    readings = backed(SOUND) | {"result_granted__natural_person": Reading(State.STATED, (99, 66), False)}
    certificates = certify(APPLICATIONS, readings).certificates
    assert certificates["result_granted__natural_person"] == Certificate(State.STATED, 66)


def test_a_value_that_the_identities_demand_and_nobody_read_does_not_count() -> None:
    readings = backed(SOUND) | {"result_granted__natural_person": Reading(State.STATED, (99,), True)}
    certification = certify(APPLICATIONS, readings)
    assert certification.certificates["result_granted__natural_person"] == Certificate(State.UNREADABLE)
    assert "result_granted__natural_person" in certification.doubtful


def test_a_misread_cell_does_not_take_its_row_and_column_along() -> None:
    readings = backed(SOUND) | {"result_granted__natural_person": Reading(State.STATED, (99,), True)}
    certificates = certify(APPLICATIONS, readings).certificates
    assert [metric for metric, c in certificates.items() if c.state is not State.STATED] == [
        "result_granted__natural_person"
    ]


def test_a_row_and_column_that_fail_by_different_amounts_certify_nothing_in_them() -> None:
    changed = {"result_granted__natural_person": 67, "result_granted__enterprise": 5}
    certificates = certify(APPLICATIONS, backed(SOUND | changed)).certificates
    assert certificates["result_granted"].state is State.UNREADABLE
    assert certificates["result_partial__enterprise"].state is State.UNREADABLE
    assert certificates["other_misc__other_org"].state is State.STATED


def test_a_blank_cell_stays_blank_and_is_not_zero() -> None:
    blank = {metric: Reading(State.BLANK) for metric, count in SOUND.items() if not count and "__" in metric}
    certificates = certify(APPLICATIONS, backed(SOUND) | blank).certificates
    assert {certificates[metric] for metric in blank} == {Certificate(State.BLANK)}
    assert certificates["denied_state_secret"] == Certificate(State.STATED, 0)


def test_a_blank_cell_where_a_number_is_missing_is_unreadable() -> None:
    readings = backed(SOUND) | {"result_granted__natural_person": Reading(State.BLANK)}
    certificates = certify(APPLICATIONS, readings).certificates
    assert certificates["result_granted__natural_person"] == Certificate(State.UNREADABLE)


def test_strokes_stay_strokes() -> None:
    readings = backed(SOUND) | {"denied_state_secret__enterprise": Reading(State.NOT_APPLICABLE)}
    certificates = certify(APPLICATIONS, readings).certificates
    assert certificates["denied_state_secret__enterprise"] == Certificate(State.NOT_APPLICABLE)


def test_a_table_of_which_a_part_is_missing_certifies_no_column() -> None:
    half = {metric: count for metric, count in SOUND.items() if not metric.startswith(("other_", "result_total"))}
    certificates = certify(APPLICATIONS, backed(half)).certificates
    assert all(certificate.state is State.UNREADABLE for certificate in certificates.values())


def test_the_older_form_sums_its_single_row_of_other_handling() -> None:
    older = {m: n for m, n in SOUND.items() if not m.startswith("other_")}
    for suffix in ("", *(COLUMN_SEPARATOR + column for column in COLUMNS)):
        older["other_subtotal" + suffix] = sum(
            SOUND[row + suffix] for row in ("other_no_correction", "other_fee_unpaid", "other_misc")
        )
    certificates = certify(APPLICATIONS, backed(older)).certificates
    assert certificates["other_subtotal"] == Certificate(State.STATED, 3)
    assert all(certificate.state is State.STATED for certificate in certificates.values())


def disputes(**counts: int) -> Counts:
    table = {f"{g.id}_{r.id}": 0 for g in catalogue().dispute_groups for r in catalogue().dispute_results}
    return table | counts


def test_a_dispute_group_counts_if_its_results_make_up_its_total() -> None:
    readings = backed(disputes(review_upheld=3, review_corrected=1, review_total=4, lit_direct_total=2))
    certificates = certify(DISPUTES, readings).certificates
    assert certificates["review_total"] == Certificate(State.STATED, 4)
    assert certificates["lit_direct_total"] == Certificate(State.UNREADABLE)
    assert certificates["lit_post_review_total"] == Certificate(State.STATED, 0)


@given(st.lists(st.integers(0, 200), min_size=4, max_size=4), st.integers(0, 4), st.integers(0, 300), st.booleans())
def test_one_misread_cell_of_a_dispute_group_never_gives_a_wrong_value(
    results: list[int], at: int, false: int, is_backed: bool
) -> None:
    names = ["review_upheld", "review_corrected", "review_other", "review_pending", "review_total"]
    truth = disputes(**dict(zip(names, [*results, sum(results)], strict=True)))
    readings = backed(truth) | {names[at]: Reading(State.STATED, (false,), is_backed)}
    assert wrong_values(truth, certify(DISPUTES, readings).certificates) == {}


def test_two_unsure_cells_of_a_dispute_group_certify_nothing() -> None:
    unsure = {m: Reading(State.STATED, (7,), False) for m in ("review_upheld", "review_total")}
    certificates = certify(DISPUTES, backed(disputes(review_upheld=1, review_total=1)) | unsure).certificates
    assert certificates["review_total"].state is State.UNREADABLE


def test_no_identity_holds_the_table_of_proactive_disclosure_so_nothing_of_it_counts() -> None:
    readings = backed({"licence_decisions": 5, "rules_issued": 0})
    certification = certify(SectionRole.PROACTIVE_TABLE, readings)
    assert {c.state for c in certification.certificates.values()} == {State.UNREADABLE}


def test_every_cell_of_the_application_table_is_held_by_a_row_and_a_column() -> None:
    identities = identities_of(APPLICATIONS, SOUND)
    assert len(identities) == 25 + 7 + 7
    for metric in SOUND:
        assert sum(metric in identity.terms for identity in identities) >= 2
