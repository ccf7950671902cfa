"""Fills in what a form leaves open: bodies, years, places, bounds. The same form and seed draw the same."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from samples.questions.forms import Form
from samples.questions.names import romanised, short_names
from samples.questions.truth import Condition, Measure, Scope, Truth, value

KIND_WORDS = {
    "zh": {"zone": "开发区", "township": "乡镇", "subdistrict": "街道", "department": "部门"},
    "en": {"zone": "zones", "township": "towns", "subdistrict": "subdistricts", "department": "departments"},
}
PLACES = {"county": 3, "city": 2, "province": 1}
_CRITERION = re.compile(r"^(?P<delta>Δ)?\s*(?P<measure>[^<>=]+?)\s*(?P<sign><=|>=|!=|=|<|>|between)\s*(?P<bound>.+)$")


class UnfitError(Exception):
    """The drawn parameters make no question that is worth asking and has one answer; others may."""


Words = dict[str, dict[str, str]]
"""By language: what stands for each placeholder."""


@dataclass(slots=True)
class Criterion:
    """A condition on a measure of a report, or on its change from the year before."""

    measure: Measure
    condition: Condition
    change: bool = False


@dataclass(slots=True)
class Question:
    """A form with everything filled in, in both languages: what ``gold`` computes from."""

    form: Form
    truth: Truth
    words: Words
    scope: Scope
    measure: Measure
    criteria: list[Criterion]
    bodies: list[str] = field(default_factory=list)
    year: int | None = None
    n: int = 0

    @property
    def meaning(self) -> dict[str, Any]:
        return self.form.meaning

    @property
    def fills(self) -> dict[str, str]:
        """What stands for each placeholder, in the form's language."""
        return self.words[self.form.language]

    def text(self) -> str:
        return self.form.wording.format(**self.fills)

    def history(self) -> list[str]:
        return [line.format(**self.fills) for line in self.form.history]

    def reworded(self, form: Form) -> Question:
        """The same question in another wording of its group."""
        return replace(self, form=form)


def parse_measure(text: str) -> Measure:
    """``a + b`` or ``a + b / c``, of full metric ids."""
    parts, _, whole = text.partition("/")
    return Measure(_ids(parts), _ids(whole))


def _ids(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("+") if name.strip())


class Drawer:
    """Draws the parameters of forms over one corpus."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.names = {language: short_names(truth.rows, language) for language in ("zh", "en")}
        self.regions = sorted({row["region"] for row in truth.rows})

    def draw(self, form: Form, rng: random.Random) -> Question:
        """One filling; ``gold`` says whether it makes a question worth asking."""
        words: Words = {"zh": {}, "en": {}}
        wanted = form.placeholders
        scope, year = self._scope(form, wanted, words, rng)
        bodies = self._bodies(form, wanted, words, rng, scope)
        if bodies and form.operation != "rank":
            years = scope.years or ((self.truth.latest(bodies[0]),) if form.meaning.get("latest", True) else ())
            scope = Scope(years=years, bodies=tuple(bodies))
            year = year or (years[0] if years else None)
        if "xbody" in wanted:
            name = rng.choice([r["body"][0] for r in self.truth.select(scope) if r["body"][0] in self.names["en"]])
            _fill(words, "xbody", *(rng.choice(self.names[language][name]) for language in ("zh", "en")))
            scope = _with(scope, excluded_bodies=(name,))
        measure = parse_measure(self._metric(form, words, rng))
        question = Question(form, self.truth, words, scope, measure, [], bodies, year)
        self._bounds(question, rng)
        question.criteria = [self._criterion(text, question) for text in form.meaning.get("criteria", ())]
        return question

    def _metric(self, form: Form, words: Words, rng: random.Random) -> str:
        """The group's measure, or one of its ``choices``: lines of measure, Chinese word, English word."""
        choices = form.meaning.get("choices")
        if not choices:
            return str(form.meaning.get("measure", ""))
        metric, zh, en = rng.choice(choices)
        _fill(words, "metric", zh, en)
        return str(metric)

    def _scope(self, form: Form, wanted: frozenset[str], words: Words, rng: random.Random) -> tuple[Scope, int | None]:
        meaning = form.meaning
        scope = Scope(
            kinds=tuple(meaning.get("kinds", ())),
            names=tuple(meaning.get("names", ())),
            excluded_kinds=tuple(meaning.get("exclude_kinds", ())),
        )
        if {"kinds", "kind"} & wanted:
            kind = rng.choice(list(KIND_WORDS["zh"]))
            zh, en = KIND_WORDS["zh"][kind], KIND_WORDS["en"][kind]
            _fill(words, "kinds", zh, en)
            _fill(words, "kind", zh, en.removesuffix("s"))
            scope = _with(scope, kinds=(kind,))
        region = rng.choice(self.regions)
        for place, depth in PLACES.items():
            if place in wanted:
                _fill(words, place, *_place(region, depth))
                if form.operation != "sides" or "xcounty" not in wanted:
                    scope = _with(scope, region="/".join(region.split("/")[:depth]))
        others = [known for known in self.regions if known != region]
        if "xcounty" in wanted and not others:
            raise UnfitError("There is one county only.")
        other = rng.choice(others or self.regions)
        if "xcounty" in wanted:
            _fill(words, "xcounty", *_place(other, 3))
            if form.operation != "sides":
                scope = _with(scope, excluded_region=other)
        return self._years(form, wanted, words, scope, rng)

    def _years(
        self, form: Form, wanted: frozenset[str], words: Words, scope: Scope, rng: random.Random
    ) -> tuple[Scope, int | None]:
        years = self.truth.years()
        year = rng.choice(years[1:])
        named = {"year": year, "yy": year % 100, "before": year - 1, "bb": (year - 1) % 100}
        for placeholder, number in (named | {"first": years[0], "last": years[-1]}).items():
            _fill(words, placeholder, str(number), str(number))
        if form.meaning.get("years") == "all":
            return scope, None
        if {"first", "last"} <= wanted:
            return _with(scope, years=tuple(years)), year
        if {"year", "yy"} & wanted:
            return _with(scope, years=(year,)), year
        return scope, None

    def _bodies(self, form: Form, wanted: frozenset[str], words: Words, rng: random.Random, scope: Scope) -> list[str]:
        named = sorted(name for name in wanted if name in ("body", "body2", "body3"))
        known = self.names["zh"].keys() & self.names["en"].keys()
        reporting = [
            r["body"][0] for r in (self.truth.rows if form.operation == "missing" else self.truth.select(scope))
        ]
        candidates = sorted({name for name in reporting if name in known})
        if named and len(candidates) < len(named):
            raise UnfitError(f"No bodies for {form.wording!r}.")
        chosen = rng.sample(candidates, len(named))
        for placeholder, name in zip(named, chosen, strict=True):
            _fill(words, placeholder, *(rng.choice(self.names[language][name]) for language in ("zh", "en")))
        return chosen

    def _bounds(self, question: Question, rng: random.Random) -> None:
        """Draw {n} (and {m} above it) among the values that there are, so that some satisfy a bound and some don't."""
        meaning, words = question.meaning, question.words
        if "top" in meaning:
            question.n = int(meaning["top"]) if meaning["top"] != "n" else rng.randint(2, 6)
            _fill(words, "n", str(question.n), str(question.n))
            return
        if not {"n", "m"} & question.form.placeholders:
            return
        measure = parse_measure(meaning["bound_on"]) if "bound_on" in meaning else question.measure
        known = sorted({v for row in self.truth.select(question.scope) if (v := value(row, measure)) is not None})
        if len(known) < 4:
            raise UnfitError("Too few values.")
        low, high = known[len(known) // 3], known[-max(2, len(known) // 6)]
        bounds = {"n": _rounded(low), "m": max(_rounded(high), _rounded(low) + 1)}
        for placeholder, bound in bounds.items():
            _fill(words, placeholder, str(bound), str(bound))

    def _criterion(self, text: str, question: Question) -> Criterion:
        match = _CRITERION.match(text.format_map(_Numbers(question.fills)))
        if match is None:
            raise ValueError(f"Not a criterion: {text}")
        measure = question.measure if match["measure"].strip() == "." else parse_measure(match["measure"])
        return Criterion(measure, _condition(match["sign"], match["bound"]), bool(match["delta"]))


class _Numbers(dict[str, str]):
    def __missing__(self, key: str) -> str:
        raise UnfitError(key)


def _condition(sign: str, bound: str) -> Condition:
    low, *rest = (Fraction(part) for part in bound.split())
    return {
        "=": lambda v: v == low,
        "!=": lambda v: v != low,
        ">": lambda v: v > low,
        ">=": lambda v: v >= low,
        "<": lambda v: v < low,
        "<=": lambda v: v <= low,
        "between": lambda v: low <= v <= rest[0],
    }[sign]


def _rounded(number: Fraction) -> int:
    step = 1 if number < 20 else 10 if number < 300 else 100
    return max(1, int(number) // step * step)


def _fill(words: Words, placeholder: str, zh: str, en: str) -> None:
    words["zh"][placeholder], words["en"][placeholder] = zh, en


def _place(region: str, depth: int) -> tuple[str, str]:
    """The place's name in Chinese and English."""
    name = region.split("/")[depth - 1]
    english = {"省": " Province", "市": " City", "县": " County", "区": " District"}[name[-1]]
    return name, romanised(name[:-1]) + english


def _with(scope: Scope, **changes: Any) -> Scope:
    return replace(scope, **changes)
