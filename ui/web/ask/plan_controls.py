"""How a question was understood, as controls: what a person changes makes another Plan, and that another answer.

Only what a Plan can express is offered, and what comes back is checked as anything from outside is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from assistant.answering.addends import added_metrics
from assistant.answering.by_id import bodies_by_id
from assistant.answering.restating import restate_criterion
from assistant.answering.wording import Wording
from assistant.plan import Order, Plan, PlanScope
from assistant.understanding.two_questions import questions_in
from ui.texts import Texts
from ui.web.markup import escape, place_name
from ui.web.suggesting import bodies_called, places_called
from vectorstore.catalogue import catalogue, kinds_name
from vectorstore.records import Kind, SectionRole

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from ui.web.asked import Asked
    from vectorstore.index import Index

LONGEST_WORDS = 500
MOST_LIMIT = 1000
OPERATIONS = ("each", "sum", "mean", "median", "top", "trend", "list", "count")
CHECK_ASPECTS = (
    "all", "conflicts", "failed_checks", "years_disagree", "channels", "prose_against_table", "implausible",
)  # fmt: skip
SEARCHED = ("passages", "mentions")
"""Subjects that are looked for in words."""


def is_joined(asked: Asked, answer: Answer) -> bool:
    """Whether the answer is of two questions in one, of which its plan is only the first."""
    return asked.plan is None and bool(answer.plan) and len(questions_in(asked.question)) > 1


def plan_of(asked: Asked, answer: Answer) -> Plan | None:
    """The plan that can be changed; ``None`` where a change would mean nothing."""
    if not answer.plan or answer.status == "needs_clarification" or is_joined(asked, answer):
        return None
    plan = Plan.model_validate(answer.plan)
    return None if plan.subject in ("definition", "out_of_scope") else plan


def plan_sentence(plan: Plan, assistant: Assistant, words: Texts) -> str:
    """The plan in words, with what the question that restates it leaves out."""
    wording = Wording(plan.language)
    sentence = assistant.restate(plan) or words("answer.how_unsaid")
    besides = []
    if plan.scope.excluded:
        besides.append(words("answer.except", what=_scopes(plan.scope.excluded, wording, assistant.index)))
    if plan.sides:
        besides.append(words("answer.sides", what=_scopes(plan.sides, wording, assistant.index)))
    if plan.statistic is not None and plan.group_by:
        besides.append(words(f"answer.statistic_{plan.statistic}"))
    if plan.unplaced:
        besides.append(words("answer.unplaced", what=words("answer.comma").join(plan.unplaced)))
    return " ".join([sentence, *besides])


def _scopes(scopes: Iterable[PlanScope], wording: Wording, index: Index) -> str:
    known = bodies_by_id(index)
    return wording.join([wording.scope(scope, _names(scope.bodies, known), everyone=False) or "—" for scope in scopes])


def _names(body_ids: Iterable[str], known: Mapping[str, Any]) -> list[str]:
    return [known[body_id].name for body_id in body_ids if body_id in known]


def is_simple(plan: Plan) -> bool:
    """Whether the same may be asked in another way: as a sum, a ranking, a trend."""
    return plan.subject == "figures" and bool(plan.metrics) and not (
        plan.denominators or plan.change or plan.sides or plan.within or plan.place or plan.times or plan.apart
        or plan.asks_whether or plan.aspect or plan.years_running is not None or plan.shows != "answer"
        or plan.group_by not in ((), ("body",)) or plan.statistic
    )  # fmt: skip


def operation_of(plan: Plan) -> str:
    """Which of `OPERATIONS` the plan is; ``kept`` where it is none of them."""
    if not is_simple(plan):
        return "kept"
    if plan.operation == "breakdown" and plan.group_by == ("body",):
        return "each"
    if plan.group_by or plan.operation not in OPERATIONS:
        return "kept"
    if plan.operation == "list" and not plan.criteria:
        return "each"
    return plan.operation


def offered_operations(plan: Plan) -> list[str]:
    """What a person may make of it, the plan's own way first where that is none of the usual."""
    if not is_simple(plan):
        return []
    usual = [name for name in OPERATIONS if plan.criteria or name not in ("list", "count")]
    return usual if operation_of(plan) in usual else ["kept", *usual]


class PlanControls:
    """The controls of one plan.

    Args:
        plan: As it was answered.
    """

    def __init__(self, plan: Plan, assistant: Assistant, words: Texts) -> None:
        self._plan = plan
        self._index = assistant.index
        self._words = words
        self._wording = Wording(plan.language)
        self._split = {
            name
            for side in plan.sides
            for name in ("years", "kinds", "regions", "bodies", "names")
            if getattr(side, name)
        }

    def render(self) -> str:
        """The form; its fields are what `changed_plan` reads."""
        plan, words = self._plan, self._words
        fields = [self._years(), self._kinds(), self._places(), self._bodies(), self._metrics(), self._criteria()]
        fields += [self._operation(), self._searched(), self._aspect()]
        unplaced = ""
        if plan.unplaced:
            what = words("answer.comma").join(plan.unplaced)
            unplaced = f'<p class="nb-warning" role="note">{escape(words("answer.unplaced", what=what))}</p>'
        return (
            f'<form class="nb-plan">{unplaced}{"".join(fields)}'
            f'<p class="nb-plan-foot"><button type="submit" class="nb-button nb-primary" disabled>'
            f"{escape(words('answer.again'))}</button> "
            f'<span class="nb-soft">{escape(words("answer.again_hint"))}</span>'
            f"</p></form>"
        )

    def _field(self, name: str, content: str) -> str:
        legend = escape(self._words(f"answer.field_{name}"))
        return f'<fieldset data-field="{name}"><legend>{legend}</legend><div>{content}</div></fieldset>'

    def _years(self) -> str:
        if "years" in self._split:
            return ""
        held = {report.year for report in self._index.reports() if report.year is not None}
        chosen = self._plan.scope.years
        years = sorted(held | set(chosen))
        boxes = "".join(_box("years", str(year), str(year), checked=year in chosen) for year in years)
        if self._plan.scope.latest:
            boxes += _box("latest", "1", self._words("answer.latest"), checked=True)
        return self._field("years", boxes + self._hint(not chosen and not self._plan.scope.latest, "all_years"))

    def _kinds(self) -> str:
        if "kinds" in self._split:
            return ""
        held = {report.kind for report in self._index.reports()} | set(self._plan.scope.kinds)
        boxes = "".join(
            _box("kinds", kind.value, kinds_name(kind, self._words.language), checked=kind in self._plan.scope.kinds)
            for kind in Kind
            if kind in held
        )
        return self._field("kinds", boxes + self._hint(not self._plan.scope.kinds, "all_kinds"))

    def _hint(self, shown: bool, key: str) -> str:
        return f'<span class="nb-plan-hint">{escape(self._words(f"answer.{key}"))}</span>' if shown else ""

    def _places(self) -> str:
        chips = [_chip("regions", path, self._wording.region(path), self._words) for path in self._plan.scope.regions]
        if "regions" in self._split:
            return ""
        return self._field("regions", "".join(chips) + self._adding("regions"))

    def _bodies(self) -> str:
        if {"bodies", "names"} & self._split:
            return ""
        known = bodies_by_id(self._index)
        scope = self._plan.scope
        chips = [_chip("bodies", i, known[i].name if i in known else i, self._words) for i in scope.bodies]
        chips += [_chip("names", name, self._words("answer.named", name=name), self._words) for name in scope.names]
        for at, excluded in enumerate(scope.excluded):
            said = self._words("answer.except", what=_scopes([excluded], self._wording, self._index))
            chips.append(_chip("excluded", str(at), said, self._words))
        return self._field("bodies", "".join(chips) + self._adding("bodies"))

    def _metrics(self) -> str:
        plan = self._plan
        if plan.subject != "figures" or not plan.metrics or plan.denominators:
            return ""
        chips = [
            _chip("metrics", metric, catalogue().name_or_id(metric, self._words.language), self._words)
            for metric in plan.metrics
        ]
        hint = self._hint(any(len(part) > 1 for part in added_metrics(plan)), "metrics_added")
        return self._field("metrics", "".join(chips) + hint + self._adding("metrics"))

    def _adding(self, what: str) -> str:
        label = escape(self._words(f"answer.add_{what}"))
        return (
            f'<input type="text" data-suggest="{what}" placeholder="{label}" aria-label="{label}" autocomplete="off" '
            f'class="nb-control" role="combobox" aria-expanded="false" aria-autocomplete="list">'
        )

    def _criteria(self) -> str:
        if not self._plan.criteria:
            return ""
        chips = []
        for at, criterion in enumerate(self._plan.criteria):
            chips.append(_chip("criteria", str(at), restate_criterion(self._plan, criterion), self._words))
        return self._field("criteria", "".join(chips))

    def _operation(self) -> str:
        plan, words = self._plan, self._words
        offered = offered_operations(plan)
        fields = ""
        if offered:
            now = operation_of(plan)
            options = [(name, words(f"answer.operation_{name}")) for name in offered]
            fields = self._field("operation", _select("operation", options, now, words("answer.field_operation")))
        if plan.operation == "top" or "top" in offered:
            hidden = "" if plan.operation == "top" else " hidden"
            own = " data-own" if plan.operation == "top" and operation_of(plan) == "kept" else ""
            order = ""
            if plan.order != "both":
                orders = [(name, words(f"answer.order_{name}")) for name in get_args(Order)]
                order = _select("order", orders, plan.order, words("answer.order"))
            limit = plan.limit if plan.operation == "top" and plan.limit else 5
            label = escape(words("answer.limit"))
            number = ""
            if plan.place is None:
                number = (
                    f'<input type="number" class="nb-control" name="limit" min="1" max="{MOST_LIMIT}" value="{limit}" '
                    f'aria-label="{label}">'
                )
            legend = escape(words("answer.field_order"))
            fields += (
                f'<fieldset data-field="order"{own}{hidden}><legend>{legend}</legend>'
                f"<div>{order}{number}</div></fieldset>"
            )
        return fields

    def _searched(self) -> str:
        plan = self._plan
        if plan.subject not in SEARCHED or not plan.words:
            return ""
        label = escape(self._words("answer.field_words"))
        box = (
            f'<input type="text" class="nb-control" name="words" value="{escape(plan.words)}" '
            f'maxlength="{LONGEST_WORDS}" aria-label="{label}">'
        )
        return self._field("words", box)

    def _aspect(self) -> str:
        offered = offered_aspects(self._plan)
        if not offered:
            return ""
        key = "check" if self._plan.subject == "checks" else "section"
        options = [(name, self._words(f"answer.{key}_{name or 'any'}")) for name in offered]
        return self._field(key, _select("aspect", options, self._plan.aspect or "", self._words(f"answer.field_{key}")))


def offered_aspects(plan: Plan) -> list[str]:
    """The checks that may be asked about, or the sections; the empty one is any. None where neither has a meaning."""
    if plan.subject == "checks" and plan.aspect in CHECK_ASPECTS:
        return list(CHECK_ASPECTS)
    roles = [role.value for role in SectionRole if role not in (SectionRole.PREAMBLE, SectionRole.OTHER)]
    if plan.subject == "passages" and (plan.aspect is None or plan.aspect in roles) and plan.words:
        return ["", *roles]
    return []


def _box(name: str, value: str, label: str, *, checked: bool) -> str:
    mark = " checked" if checked else ""
    return (
        f'<label class="nb-tick"><input type="checkbox" name="{name}" value="{escape(value)}"{mark}>'
        f"<span>{escape(label)}</span></label>"
    )


def _chip(name: str, value: str, label: str, words: Texts) -> str:
    removing = escape(words("answer.remove", what=label))
    return (
        f'<span class="nb-piece"><input type="hidden" name="{name}" value="{escape(value)}">{escape(label)}'
        f'<button type="button" class="nb-piece-drop" aria-label="{removing}">×</button></span>'
    )


def _select(name: str, options: Sequence[tuple[str, str]], chosen: str, label: str) -> str:
    drawn = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(shown)}</option>'
        for value, shown in options
    )
    return f'<select class="nb-control" name="{name}" aria-label="{escape(label)}">{drawn}</select>'


def suggestions(what: str, text: str, index: Index, words: Texts, most: int = 20) -> list[dict[str, str]]:
    """What may be added: ``[{value, label, about}]``, likeliest first.

    Args:
        what: ``bodies``, ``regions`` or ``metrics``.
    """
    if what == "bodies":
        return [
            _suggestion(body.body_id, body.name, place_name(body.region)) for body in bodies_called(index, text)[:most]
        ]
    if what == "regions":
        return [_suggestion(place, place_name(place)) for place in places_called(index, text)[:most]]
    if what != "metrics":
        return []
    names = {i: (catalogue().name(i, words.language), catalogue().name(i, "zh")) for i in catalogue().metrics}
    sought = text.strip().casefold()
    fitting = [i for i, called in names.items() if sought in " ".join(called).casefold()]
    if sought:
        # The shortest name is the whole, of which the longer ones are parts, whatever they begin with.
        fitting.sort(key=lambda i: len(names[i][0]))
    return [_suggestion(i, names[i][0], catalogue().metrics[i].unit) for i in fitting[:most]]


def _suggestion(value: str, label: str, about: str = "") -> dict[str, str]:
    return {"value": value, "label": label, "about": about}
