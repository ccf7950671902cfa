"""Correcting a report from its page: what a person says against what was read of it, kept, shown, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assistant.comparing.compared_figures import own_figures
from ingest import correcting, corrections
from ui.exact_report import exact_report
from ui.texts import Texts
from ui.web.markup import escape, report_link
from ui.web.numbers import number, unit_name
from ui.web.site import Site, data, words_of
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue, kind_name
from vectorstore.check_rules import rule_of
from vectorstore.errors import CorrectionError, QuestionError
from vectorstore.folding import fold_text
from vectorstore.records import CorrectedField, Correction, Kind, Report, ResolvedFigure, Scope, State

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.records import ReportContents

_LONGEST = 4_000  # characters of a field of the form; what may be kept is less
_MOST_SUGGESTED = 10
_MOST_EFFECTS = 12


def render_corrections(site: Site, report: Report, words: Texts) -> str:
    """The part of a report's page that lists its corrections and makes new ones."""
    return _Section(site.assistant.index, report, words).render()


class Correcting:
    """What the page calls to correct a report, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def correct(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call: correct the report ``id``: its ``field``, to ``value`` or, a figure, to ``unreadable``.

        For a figure also ``metric`` and ``quote``; for all ``why`` and ``made_by``. Gives ``html``, the part of the
        page as it is now, and ``said``, what was done; or ``problem``, a sentence, and ``about``, the field concerned.
        """
        words, index = words_of(request), self._site.assistant.index
        report = _find(index, request, words)
        try:
            field = CorrectedField(_text(request, "field"))
        except ValueError:
            return {"problem": words("corrections.no_field"), "about": "field"}
        if field is CorrectedField.FIGURE and not _text(request, "metric"):
            return {"problem": words("corrections.no_metric"), "about": "metric"}
        written = _text(request, "value")
        is_unreadable = field is CorrectedField.FIGURE and request.get("unreadable") is True
        if not written and not is_unreadable:
            return {"problem": words("corrections.no_value"), "about": "value"}
        if field is CorrectedField.FIGURE:
            written = f"{_text(request, 'metric')}={'' if is_unreadable else written}"
        before = _Known(index, report.report_id)
        try:
            made = correcting.correct(
                index,
                report.report_id,
                {field: written},
                why=_text(request, "why"),
                made_by=_text(request, "made_by"),
                quote=_text(request, "quote") or None if field is CorrectedField.FIGURE else None,
            )
        except CorrectionError as error:
            return {"problem": in_words(error, words), "about": error.about}
        said = words("corrections.done", what=_what(made[0], words), value=_shown(made[0].value, made[0], words))
        return self._after(report.report_id, before, said, words)

    def undo_correction(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call: take the correction ``number`` of the report ``id`` back; gives what `correct` gives."""
        words, index = words_of(request), self._site.assistant.index
        report = _find(index, request, words)
        number = request.get("number")
        of_report = {correction.number for correction in index.corrections(report.report_id)}
        if not isinstance(number, int) or number not in of_report:
            return {"problem": words("corrections.problem_no_correction", number=str(number)[:20]), "about": ""}
        before = _Known(index, report.report_id)
        try:
            undone = correcting.undo(index, number)
        except CorrectionError as error:
            return {"problem": in_words(error, words), "about": ""}
        return self._after(report.report_id, before, words("corrections.undone", what=_what(undone, words)), words)

    def figures_to_correct(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Call: metrics whose name holds ``q``, with what is known of each in the report ``id``; its own come first.

        Each has ``metric``, ``name``, ``now`` in words, ``unit``, and ``needs_quote`` where nothing could be cited.
        """
        words, index = words_of(request), self._site.assistant.index
        report = _find(index, request, words)
        query = "".join(fold_text(_text(request, "q")[:100]).split())
        known = own_figures(index, report)
        names = {metric_id: catalogue().name(metric_id, words.language) for metric_id in catalogue().metric_ids()}
        found = [m for m, name in names.items() if query in "".join(fold_text(name).split()) or query == m]
        found.sort(key=lambda m: (COLUMN_SEPARATOR in m, m not in known, len(names[m])))
        return [
            {
                "metric": metric_id,
                "name": names[metric_id],
                "now": _now(known.get(metric_id), words),
                "unit": catalogue().split(metric_id)[0].unit,
                "needs_quote": metric_id not in known,
            }
            for metric_id in found[:_MOST_SUGGESTED]
        ]

    def _after(self, report_id: str, before: _Known, said: str, words: Texts) -> dict[str, Any]:
        index = self._site.assistant.index
        report = index.report(report_id)
        effects = _Known(index, report_id).since(before, words)
        return {"html": _Section(index, report, words).render(said, effects), "said": said}


def in_words(error: CorrectionError, words: Texts) -> str:
    """What is wrong with a correction, in the interface's language."""
    try:
        return words(f"corrections.problem_{error.reason}", **error.values)
    except KeyError:
        return str(error)


def _text(request: Mapping[str, Any], name: str) -> str:
    value = request.get(name, "")
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _find(index: Index, request: Mapping[str, Any], words: Texts) -> Report:
    report = exact_report(index, _text(request, "id"))
    if report is None:
        raise QuestionError(words("corrections.no_report"))
    return report


def _now(figure: ResolvedFigure | None, words: Texts) -> str:
    if figure is None:
        return words("state.silent")
    if figure.value is None:
        return words(f"state.{figure.state.value}")
    doubt = f"（{words('state.conflicting')}）" if figure.state is State.CONFLICTING else ""
    return f"{number(figure.value)} {unit_name(figure.unit, words)}".strip() + doubt


def _what(correction: Correction, words: Texts) -> str:
    if correction.metric_id is not None:
        return catalogue().name_or_id(correction.metric_id, words.language)
    return words(f"corrections.field_{correction.field.value}")


def _shown(value: str | None, correction: Correction, words: Texts, *, is_former: bool = False) -> str:
    """A value of a correction as people read it."""
    if value is None:
        return words("corrections.not_read" if is_former else "state.unreadable")
    if correction.field is CorrectedField.KIND:
        return kind_name(Kind(value), words.language) if value in set(Kind) else value
    if correction.field is CorrectedField.FIGURE:
        return number(Decimal(value))
    return value


class _Known:
    """What is known of a report's identity, figures and checks at a time, to tell what a correction changed."""

    def __init__(self, index: Index, report_id: str) -> None:
        self._report = index.report(report_id)
        scope = Scope(report_ids=(report_id,))
        self._figures = own_figures(index, self._report)
        self._checks = {(check.rule, check.subject): check.holds for check in index.checks(scope)}

    def since(self, before: _Known, words: Texts) -> list[str]:
        """A sentence for each figure and check that is another now, the figures first."""
        old, new = before._figures, self._figures
        sentences = [
            words(
                "corrections.effect_figure",
                name=catalogue().name_or_id(metric_id, words.language),
                before=_now(old.get(metric_id), words),
                after=_now(new.get(metric_id), words),
            )
            for metric_id in dict.fromkeys((*old, *new))
            if _now(old.get(metric_id), words) != _now(new.get(metric_id), words)
        ]
        for key in dict.fromkeys((*before._checks, *self._checks)):
            was, is_now = before._checks.get(key), self._checks.get(key)
            is_new = key not in before._checks or key not in self._checks
            # One that wasn't made before, or isn't any more, is worth telling only where it fails or failed.
            if was == is_now or (is_new and False not in (was, is_now)):
                continue
            rule = rule_of(key[0])
            sentences.append(
                words(
                    "corrections.effect_check",
                    name=rule.name(words.language),
                    subject=catalogue().name_or_id(key[1], words.language),
                    before=words(f"holds.{_holds(was)}"),
                    after=words(f"holds.{_holds(is_now)}"),
                )
            )
        more = len(sentences) - _MOST_EFFECTS
        return sentences[:_MOST_EFFECTS] + ([words("corrections.effects_more", count=more)] if more > 0 else [])


def _holds(value: bool | None) -> str:
    return {True: "true", False: "false", None: "null"}[value]


class _Section:
    """The part of a report's page that is about its corrections."""

    def __init__(self, index: Index, report: Report, words: Texts) -> None:
        self._index = index
        self._report = report
        self._words = words

    def render(self, said: str = "", effects: list[str] | None = None) -> str:
        words, report = self._words, self._report
        listed = self._index.corrections(report.report_id)
        read = self._index.contents(report.report_id, uncorrected=True) if listed else None
        done = ""
        if said:
            lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in effects or ())
            what = f"<p>{self._said('effects')}</p><ul>{lines}</ul>" if lines else ""
            nothing = "" if lines else f'<p class="nb-soft">{self._said("no_effects")}</p>'
            what = f"<p><strong>{escape(said)}</strong></p>{what}{nothing}"
            done = f'<div class="nb-panel nb-done" role="status">{what}</div>'
        items = "".join(self._item(correction, listed, read) for correction in listed)
        kept = f'<ol class="nb-corrections-made">{items}</ol>' if items else ""
        script_words = data(words.section("corrections_script"))
        return (
            f'<section class="nb-corrections" id="nb-corrections" data-report="{escape(report.report_id)}" '
            f'data-words="{script_words}"><h2>{self._said("title")}</h2>'
            f'<p class="nb-lead">{self._said("lead")}</p>{done}{kept}{self._form()}</section>'
        )

    def _said(self, key: str) -> str:
        return escape(self._words(f"corrections.{key}"))

    def _item(self, correction: Correction, listed: list[Correction], read: ReportContents | None) -> str:
        words = self._words
        tags = ""
        later = [c for c in listed if (c.field, c.metric_id) == (correction.field, correction.metric_id)]
        if later[-1] is not correction:
            tags = f' <span class="nb-tag">{self._said("replaced")}</span>'
        warning = self._warning(correction, read)
        if warning:
            tags += f' <span class="nb-tag nb-warn">{self._said("outdated")}</span>'
            warning = f'<p class="nb-warning">{escape(warning)}</p>'
        quote = ""
        if correction.quote:
            quote = f'<blockquote lang="zh">{escape(correction.quote)}</blockquote>'
            span = corrections.find_quote(read.text, correction.quote) if read is not None else None
            if span is not None:
                address = report_link(self._report.report_id, span.start, span.end)
                quote = f'<blockquote lang="zh"><a href="{address}">{escape(correction.quote)}</a></blockquote>'
        former = _shown(correction.former, correction, words, is_former=True)
        value = _shown(correction.value, correction, words)
        by = words("corrections.made", by=correction.made_by, on=correction.made_on)
        label = words("corrections.undo_label", what=_what(correction, words), number=correction.number)
        return (
            f'<li class="nb-panel"><p><strong>{escape(_what(correction, words))}</strong> '
            f'<s><span class="nb-hidden">{self._said("was")}</span>{escape(former)}</s> '
            f'<span aria-hidden="true">→</span> <strong><span class="nb-hidden">{self._said("is")}</span>'
            f"{escape(value)}</strong>{tags}</p>"
            f'<p>{escape(correction.why)}</p>{quote}{warning}<p class="nb-soft">{escape(by)} '
            f'<button type="button" class="nb-quiet" data-undo="{correction.number}" aria-label="{escape(label)}">'
            f"{self._said('undo')}</button></p></li>"
        )

    def _warning(self, correction: Correction, read: ReportContents | None) -> str:
        """Why a correction no longer fits what is read; empty where it does."""
        if read is None or not corrections.outdated(read, [correction]):
            return ""
        if correction.field is CorrectedField.FIGURE and corrections.place_of(read, correction) is None:
            return self._words("corrections.outdated_place")
        now = corrections.current_value(read, correction.field, correction.metric_id)
        return self._words(
            "corrections.outdated_value",
            former=_shown(correction.former, correction, self._words, is_former=True),
            now=_shown(now, correction, self._words, is_former=True),
        )

    def _form(self) -> str:
        words, report = self._words, self._report
        fields = "".join(
            f'<option value="{field.value}">{escape(words(f"corrections.field_{field.value}"))}</option>'
            for field in (CorrectedField.FIGURE, *(f for f in CorrectedField if f is not CorrectedField.FIGURE))
        )
        kinds = "".join(
            f'<option value="{kind.value}"{" selected" if kind is report.kind else ""}>'
            f"{escape(kind_name(kind, words.language))}</option>"
            for kind in Kind
        )
        now = {
            "body": report.body,
            "kind": kind_name(report.kind, words.language),
            "region": report.region or words("corrections.not_read"),
            "year": str(report.year or words("corrections.not_read")),
        }
        values = (
            self._field("body", f'<input name="body" maxlength="200" value="{escape(report.body)}">', now["body"])
            + self._field("kind", f'<select name="kind">{kinds}</select>', now["kind"])
            + self._field(
                "region",
                f'<input name="region" maxlength="200" value="{escape(report.region or "")}" '
                f'placeholder="{self._said("region_example")}">',
                now["region"],
            )
            + self._field(
                "year",
                f'<input name="year" inputmode="numeric" maxlength="6" value="{escape(str(report.year or ""))}">',
                now["year"],
            )
            + self._figure_fields()
        )
        return (
            f'<details class="nb-correct"><summary class="nb-button">{self._said("begin")}</summary>'
            f'<form class="nb-panel" novalidate><div class="nb-field"><label for="nb-correct-field">'
            f'{self._said("what")}</label><select id="nb-correct-field" name="field">{fields}</select>'
            f"{_error('field')}</div>{values}"
            f'<div class="nb-field"><label for="nb-correct-why">{self._said("why")}</label>'
            f'<input id="nb-correct-why" name="why" maxlength="2000" placeholder="{self._said("why_example")}" '
            f'aria-describedby="nb-correct-error-why">{_error("why")}</div>'
            f'<div class="nb-field"><label for="nb-correct-by">{self._said("made_by")}</label>'
            f'<input id="nb-correct-by" name="made_by" maxlength="80" autocomplete="name" '
            f'placeholder="{self._said("made_by_hint")}" aria-describedby="nb-correct-error-made_by">'
            f"{_error('made_by')}</div>"
            f'{_error("")}<p><button type="submit" class="nb-button nb-primary">{self._said("save")}</button>'
            "</p></form></details>"
        )

    def _field(self, name: str, control: str, now: str) -> str:
        words = self._words
        label = words(f"corrections.new_{name}")
        held = control.replace(" name=", f' id="nb-correct-{name}" aria-describedby="nb-correct-error-{name}" name=', 1)
        return (
            f'<div class="nb-field" data-for="{name}" hidden><label for="nb-correct-{name}">{escape(label)}</label>'
            f'{held}<p class="nb-now">{escape(words("corrections.now", value=now))}</p>{_error(name)}</div>'
        )

    def _figure_fields(self) -> str:
        return (
            f'<div data-for="figure" class="nb-figure-fields"><div class="nb-field"><label for="nb-correct-metric">'
            f'{self._said("metric")}</label><input id="nb-correct-metric" name="metric_name" role="combobox" '
            f'type="search" autocomplete="off" aria-expanded="false" aria-autocomplete="list" '
            f'aria-describedby="nb-correct-error-metric" placeholder="{self._said("metric_example")}">'
            f'<p class="nb-now" data-now></p>{_error("metric")}'
            f'</div><div class="nb-value-row"><div class="nb-field"><label for="nb-correct-value">'
            f'{self._said("new_figure")}</label><input id="nb-correct-value" name="value" inputmode="decimal" '
            f'maxlength="40" aria-describedby="nb-correct-error-value">{_error("value")}</div>'
            f'<label class="nb-correct-unreadable"><input type="checkbox" name="unreadable"> {self._said("unreadable")}'
            f'</label></div><div class="nb-field"><label for="nb-correct-quote">{self._said("quote")}</label>'
            f'<textarea id="nb-correct-quote" name="quote" rows="2" maxlength="2000" lang="zh" '
            f'aria-describedby="nb-correct-quote-hint nb-correct-error-quote"></textarea>'
            f'<p class="nb-now" id="nb-correct-quote-hint">{self._said("quote_hint")}</p>{_error("quote")}'
            "</div></div>"
        )


def _error(name: str) -> str:
    return f'<p class="nb-field-error" id="nb-correct-error-{name}" data-error="{name}" role="alert" hidden></p>'
