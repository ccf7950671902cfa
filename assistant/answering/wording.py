"""How answers are worded: sentences from ``lexicons/wording.toml``, numbers, names, scopes and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from assistant.answering.citations import MARKER
from assistant.answering.membership_wording import bodies_of, kind_name, metric_name
from assistant.lexicons import read_lexicon
from assistant.plan import Condition, Language, PlanScope
from vectorstore.catalogue import catalogue
from vectorstore.counted import counted
from vectorstore.records import Kind, Report

Exact = Decimal | Fraction | int


_REPORTS_NAMED = 5
MEMBERS_NAMED = 12
"""How many members the text names; the rows hold all of them."""


def _sentences() -> dict[str, dict[str, dict[str, str]]]:
    """Section, key, language: the sentence."""
    return read_lexicon("wording")


class Wording:
    """The sentences of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def say(self, key: str, **values: Any) -> str:
        """The sentence ``section.key`` with its braces filled in; KeyError if there is no such sentence."""
        section = key.partition(".")[0]
        sentence = self.phrase(key, **values)
        return sentence[:1].upper() + sentence[1:] if self.language == "en" and section != "scope" else sentence

    def phrase(self, key: str, **values: Any) -> str:
        """Like `say`, for a part of a sentence: no capital at its start."""
        section, _, name = key.partition(".")
        return _sentences()[section][name][self.language].format(**counted(values))

    def join(self, parts: Iterable[str]) -> str:
        """Enumerated: 甲、乙 or a, b."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def quoted(self, parts: Iterable[str]) -> str:
        """Words of the question, each in quotation marks."""
        return self.join(f"“{part}”" for part in parts)

    def semicolons(self, parts: Iterable[str]) -> str:
        """Clauses beside one another, without a full stop."""
        return ("；" if self.language == "zh" else "; ").join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        """Clauses in one sentence, ended by a full stop."""
        return self.semicolons(parts) + ("。" if self.language == "zh" else ".")

    def members(self, parts: Sequence[str], count: int | None = None) -> str:
        """Members enumerated, after the twelfth only counted.

        Args:
            count: How many there are, where only those that are named have been worded.
        """
        named, there_are = self.join(parts[:MEMBERS_NAMED]), len(parts) if count is None else count
        return named if there_are <= MEMBERS_NAMED else named + self.phrase("list.more", count=there_are)

    def some_of(self, parts: Sequence[str]) -> str:
        """Reports named: up to five, of more the first five and how many there are."""
        named = self.join(parts[:_REPORTS_NAMED])
        return named if len(parts) <= _REPORTS_NAMED else named + self.phrase("coverage.and_more", count=len(parts))

    def number(self, value: Exact) -> str:
        """A number to read: no trailing zeros; two decimals where it has no end, all of them where it has."""
        if isinstance(value, Fraction):
            decimal = Decimal(value.numerator) / Decimal(value.denominator)
            return self.number(decimal if Fraction(decimal) == value else round(decimal, 2))
        if isinstance(value, int):
            return str(value)
        return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")

    def quantity(self, value: Exact, unit: str, qualifier: str | None = None) -> str:
        """A number with its unit, and with the qualifier that the report prints: 20余条, 约40件."""
        number = self.number(value)
        if isinstance(value, Fraction) and Fraction(number) != value:
            qualifier = "约"
        if self.language == "en":
            about = {"余": "over ", "多": "over ", "超": "over ", "逾": "over ", None: ""}.get(qualifier, "about ")
            return f"{about}{number}{self.unit(unit)}"
        if qualifier in ("余", "多", "来"):
            return f"{number}{qualifier}{unit}"
        return f"{qualifier or ''}{number}{unit}"

    def percent(self, share: Fraction) -> str:
        """A share between 0 and 1 as a percentage: 77.42%."""
        return f"{self.number(share * 100)}%"

    def unit(self, unit: str) -> str:
        """What follows a number: the counting word in Chinese; in English only what isn't one."""
        if self.language == "zh":
            return unit
        return _sentences()["unit"].get(unit, {}).get("en", "")

    def metric(self, metric_ids: Iterable[str], combine: str = "all") -> str:
        """Names of metrics: 行政复议且行政诉讼 where several must hold together."""
        names = [metric_name(metric_id, self.language) for metric_id in metric_ids]
        return self.phrase(f"combine.{combine}").join(names)

    def metrics_listed(self, metric_ids: Iterable[str]) -> str:
        """Names of metrics, enumerated."""
        return self.join(metric_name(metric_id, self.language) for metric_id in metric_ids)

    def added(self, metric_ids: Iterable[str]) -> str:
        """Names of metrics that are added: 自然人＋商业企业."""
        plus = "＋" if self.language == "zh" else " + "
        return plus.join(metric_name(metric_id, self.language) for metric_id in metric_ids)

    def kind(self, kind: Kind) -> str:
        """A kind of body in the plural."""
        return kind_name(kind, self.language)

    def table(self, table: str) -> str:
        """The name of one of the form's tables."""
        return catalogue().table_name(table, self.language)

    def years(self, years: Iterable[int]) -> str:
        """Years in order, three or more in a row as a range, without 年."""
        ordered = sorted(set(years))
        if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
            return f"{ordered[0]}—{ordered[-1]}"
        return self.join(str(year) for year in ordered)

    def year(self, year: int | None) -> str:
        """One year with 年, for the middle of a sentence."""
        if year is None:
            return self.phrase("breakdown.unknown_year")
        return self.phrase("scope.years", years=year)

    def body_year(self, body: str, year: int | None, *, show_year: bool = True) -> str:
        """A member of a list: its name, and its year where the scope holds several."""
        if not show_year:
            return body
        return f"{body}（{self.year(year)}）" if self.language == "zh" else f"{body} ({self.year(year)})"

    def condition(self, condition: Condition, unit: str, *, form: Literal["share", "counted"] | None = None) -> str:
        """A condition after the name of a metric: 超过100件.

        Args:
            form: A share is high or low rather than much or little: 低于50%, not 少于. What is counted is preceded by
                the number in English: more than 100.
        """
        keys = {"=": "equal", "!=": "unequal", ">": "more", ">=": "at_least", "<": "less", "<=": "at_most"}
        key = keys.get(condition.comparison, "between")
        if condition.value == 0 and condition.comparison in ("=", ">", "!="):
            key = {"=": "zero", ">": "positive", "!=": "unequal"}[condition.comparison]
        if f"{form}_{key}" in _sentences()["condition"]:
            key = f"{form}_{key}"
        upper = condition.upper if condition.upper is not None else condition.value
        return self.phrase(f"condition.{key}", value=self.number(condition.value), upper=self.number(upper), unit=unit)

    def share_condition(self, condition: Condition) -> str:
        """A condition on a share: 超过50%."""
        hundred = {"value": condition.value * 100, "upper": None if condition.upper is None else condition.upper * 100}
        in_percent = condition.model_copy(update=hundred)
        text = self.condition(in_percent, "%", form="share")
        return text if self.language == "zh" else re.sub(r"(\d+(?:\.\d+)?)", r"\1%", text)

    def scope(self, scope: PlanScope, bodies: Sequence[str] = (), *, everyone: bool = True) -> str:
        """The scope in words: 2023年山东省威海市乡镇; townships in 山东省/威海市 in 2023.

        Args:
            everyone: Say that all bodies are meant where only places or years tell which: 2023年各机关, else 2023年.
        """
        years = self.years(scope.years) if scope.years else ""
        regions = self.regions(scope)
        if bodies:
            what = self.join(bodies)
        elif scope.names or scope.kinds:
            what = bodies_of(scope, self.language)
        elif regions or years:
            what = self.phrase("scope.bodies") if everyone and not scope.whole else ""
        else:
            return self.phrase("scope.everything")
        if self.language == "zh":
            return (self.phrase("scope.in_years", years=years) if years else "") + regions + what
        place = self.phrase("scope.of_region", regions=regions) if regions and what else regions
        time = self.phrase("scope.in_years", years=years) if years else ""
        return " ".join(part for part in (what, place, time) if part)

    def regions(self, scope: PlanScope) -> str:
        """The regions of a scope, enumerated; empty without one."""
        return self.join(map(self.region, scope.regions))

    def region(self, path: str) -> str:
        """A region in words: 山东省威海市; in English its path."""
        return path.replace("/", "") if self.language == "zh" else path

    def counted(self, scope: PlanScope, bodies: Sequence[str], units: Sequence[tuple[str, int | None]]) -> str:
        """So many bodies of a scope: 2个开发区, 2 zones in 山东省; ``units`` are the body and year of each counted.

        A body that is counted in several years is one body: 5个机关共6个年度.
        """
        distinct = len({body for body, _ in units})
        asked = scope.model_copy(update={"kinds": (), "names": ()}) if bodies else scope
        what = bodies_of(asked, self.language, distinct)
        key = "list.who" if distinct == len(units) else "list.who_years"
        who = self.phrase(key, count=distinct, what=what, units=len(units))
        regions = self.regions(scope)
        if self.language == "zh" or not (regions or bodies):
            return who
        return f"{who} of {self.join(bodies)}" if bodies else f"{who} {self.phrase('scope.of_region', regions=regions)}"

    def when(self, scope: PlanScope, bodies: Sequence[str] = ()) -> str:
        """When (and in Chinese where, or among whom) a list is of: 2023年山东省; in English after its sentence."""
        time = self.phrase("scope.in_years", years=self.years(scope.years)) if scope.years else ""
        if self.language == "en":
            return f" {time}" if time else ""
        return time + (f"{self.join(bodies)}中" if bodies else self.regions(scope))

    def quote(self, text: str) -> str:
        """A report's words inside the answer's text: in one line, and with no [n] that isn't a citation of ours."""
        return MARKER.sub(r"［\1］", " ".join(text.split()))

    def report(self, report: Report) -> str:
        """A report as it is named in a sentence: 界石镇（2023年）."""
        return self.body_year(report.body, report.year)


def as_number(value: Exact | None) -> int | float | None:
    """A value as JSON takes it: an int where it is integral, else the nearest float; unknown stays unknown."""
    if value is None:
        return None
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else float(fraction)
