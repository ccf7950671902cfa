"""What is told of channels where a report doesn't state the total: 通过网站公开30条 is no total, and worth telling."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.showing import rows_of
from assistant.figures.values import describe

_CHANNELS = {"proactive_total": ("proactive_website", "proactive_wechat")}


def with_channels(inquiry: Inquiry, draft: Draft, metrics: Sequence[str]) -> Draft:
    """The draft that names no total, with what the same reports state of its channels, if they do."""
    if len(metrics) != 1 or metrics[0] not in _CHANNELS or not inquiry.plan.scope.bodies:
        return draft
    stated = [o for o in observe_named(inquiry, _CHANNELS[metrics[0]]) if o.values]
    if not stated:
        return draft
    wording = inquiry.wording
    told = wording.say("value.channels", values=wording.semicolons(describe(inquiry, o) for o in stated))
    draft.sentences.insert(1, told)
    draft.rows = [*draft.rows, *rows_of(inquiry, stated)]
    draft.status = "partial"
    return draft
