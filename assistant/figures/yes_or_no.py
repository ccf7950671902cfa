"""The answer to a yes-or-no question, before its figures: whether some, all or none satisfy the plan's criteria."""

from __future__ import annotations

from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.membership_wording import bodies_of, is_some
from assistant.figures.measure_wording import name_candidate, name_measured
from assistant.figures.membership import Candidate, Membership
from assistant.figures.verdicts import judge


def with_yes_or_no(inquiry: Inquiry, draft: Draft) -> Draft:
    """A draft that begins with yes or no, or with why neither can be said; as it is where it knows nothing."""
    verdicts = judge(inquiry, inquiry.plan.criteria)
    if verdicts is None or draft.status == "not_in_corpus":
        return draft
    membership, wording = verdicts.membership, inquiry.wording
    is_so = holds(inquiry, membership)
    if is_so is None:
        count = len(membership.unknown) + len(membership.undecided)
        said = [wording.say("whether.open", count=count)]
    else:
        said = [wording.say(f"whether.{_form(inquiry)}_{'yes' if is_so else 'no'}")]
        if inquiry.plan.asks_whether == "all" and not is_so:
            said += _exceptions(inquiry, membership)
    draft.sentences[:0] = said
    return draft


def holds(inquiry: Inquiry, membership: Membership) -> bool | None:
    """Whether it is as the question has it; ``None`` where those of whom it can't be told would decide."""
    is_open = bool(membership.unknown or membership.undecided)
    if inquiry.plan.asks_whether == "all":
        against, otherwise = bool(membership.others), bool(membership.members)
        return False if against else None if is_open or not otherwise else True
    found = bool(membership.members)
    known = found or not is_open
    return (found if inquiry.plan.asks_whether == "some" else not found) if known else None


def _form(inquiry: Inquiry) -> str:
    """There is one, or it is so: 有没有镇收到过 is answered by 有, 是否超过10件 by 是."""
    plan = inquiry.plan
    exists = not plan.scope.bodies or all(is_some(c) and not (c.change or plan.change) for c in plan.criteria)
    return "some" if plan.asks_whether == "some" and exists else "true"


def _exceptions(inquiry: Inquiry, membership: Membership) -> list[str]:
    """Who isn't as the question has all of them, with their numbers; of a single body the figures say it."""
    plan, wording = inquiry.plan, inquiry.wording
    if plan.scope.bodies:
        return []
    others, shows_year = membership.others, len({c.first.year for c in membership.everyone}) > 1
    tests = membership.tests

    def name(candidate: Candidate) -> str:
        if len(tests) > 1:
            return name_candidate(inquiry, candidate, show_year=shows_year)
        return name_measured(inquiry, candidate, tests[0].formula, candidate.tested[0], show_year=shows_year)

    bodies = len({candidate.first.body_id for candidate in others})
    members = wording.members([name(candidate) for candidate in others])
    what = bodies_of(plan.scope, wording.language, bodies)
    return [wording.say("whether.exceptions", count=bodies, what=what, members=members)]
