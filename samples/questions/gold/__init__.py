"""What a drawn question must be answered with, counted from the truth alone.

Each operation takes a ``Question`` and gives what ``judge`` understands; it raises UnfitError where the drawn
parameters make a question that is not worth asking or has no one answer (a tie for first, nobody, everybody).
"""

from __future__ import annotations

from collections.abc import Callable

from samples.questions.drawing import Question
from samples.questions.gold.aggregates import add_up, average, grant_rates, middle, share_of_sum, two_sums
from samples.questions.gold.breakdowns import breakdown, change, each_value, trend, trend_count
from samples.questions.gold.expectation import Expect
from samples.questions.gold.faults import (
    count_bodies,
    count_deviating,
    count_reports,
    list_contradictory,
    list_deviating,
    list_missing,
    list_reports,
    list_silent,
)
from samples.questions.gold.members import count_members, list_members, list_running, share_of_bodies
from samples.questions.gold.order import compare, compare_groups, rank, second, top
from samples.questions.gold.prose import (
    contact,
    each_mention,
    literal,
    mention,
    quote,
    quote_somewhere,
    signed,
    themes,
    who_mentions,
)
from samples.questions.gold.reports import (
    describe_applicants,
    describe_fate,
    locate,
    state_both,
    state_missing,
    state_unknown,
    state_value,
)

OPERATIONS: dict[str, Callable[[Question], Expect]] = {
    "value": state_value,
    "unknown": state_unknown,
    "missing": state_missing,
    "both": state_both,
    "fate": describe_fate,
    "applicants": describe_applicants,
    "list": list_members,
    "count": count_members,
    "share_of_bodies": share_of_bodies,
    "running": list_running,
    "sum": add_up,
    "mean": average,
    "median": middle,
    "share": share_of_sum,
    "rates": grant_rates,
    "top": top,
    "rank": rank,
    "compare": compare,
    "sides": compare_groups,
    "trend": trend,
    "change": change,
    "breakdown": breakdown,
    "each": each_value,
    "count_reports": count_reports,
    "list_reports": list_reports,
    "count_bodies": count_bodies,
    "trend_count": trend_count,
    "two_sums": two_sums,
    "second": second,
    "count_deviating": count_deviating,
    "silent_on": list_silent,
    "quote_any": quote_somewhere,
    "signed": signed,
    "list_missing": list_missing,
    "deviating": list_deviating,
    "contradictory": list_contradictory,
    "mention": mention,
    "each_mention": each_mention,
    "quote": quote,
    "who_mentions": who_mentions,
    "contact": contact,
    "themes": themes,
    "literal": literal,
    "locate": locate,
}
