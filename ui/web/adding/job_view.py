"""Batches that go in, or went in, as HTML: how far, and what came of each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.answering.by_id import reports_by_id
from ui.adding.batches import Batch, BatchState
from ui.texts import Texts
from ui.web.adding.problems import problem_in_words
from ui.web.markup import escape, report_link

if TYPE_CHECKING:
    from vectorstore.index import Index

_SHOWN = 100
_COUNTED = ("new", "changed", "unchanged", "failed", "duplicates")


def render_job(batch: Batch, index: Index, words: Texts) -> str:
    """One batch, as a section."""
    sections = "".join(_parts(batch, index, words))
    return f'<section class="nb-panel nb-job nb-job-{batch.state.value}" data-job="{batch.id}">{sections}</section>'


def heading(batch: Batch, words: Texts) -> str:
    """What to call the batch for how far it is."""
    if batch.is_cut_short:
        return words("adding.job_cut_short")
    if batch.state is BatchState.WAITING:
        return words("adding.job_waiting", n=len(batch.files))
    return words(f"adding.job_{batch.state.value}")


def progress_in_words(batch: Batch, words: Texts) -> str:
    """How far the batch is; empty before it has begun."""
    if batch.state is not BatchState.RUNNING or not batch.stage:
        return ""
    return words(f"adding.job_{batch.stage}", done=batch.done, total=batch.total)


def _parts(batch: Batch, index: Index, words: Texts) -> Iterator[str]:
    yield f"<h2>{escape(heading(batch, words))}</h2>"
    if batch.state is BatchState.RUNNING:
        said = escape(progress_in_words(batch, words))
        yield f'<progress max="{max(batch.total, 1)}" value="{batch.done}" aria-label="{said}"></progress>'
        yield f'<p class="nb-job-progress">{said}</p><p class="nb-soft">{escape(words("adding.job_asking"))}</p>'
        if batch.stage == "reading":
            yield _being_read(batch)
    elif batch.is_cut_short:
        yield f"<p>{escape(words('adding.job_cut_short_lead'))}</p>"
    elif batch.state is BatchState.STOPPED:
        yield f"<p>{escape(words('adding.job_stopped_lead'))}</p>"
    if batch.problem is not None:
        sentence = batch.problem or words("site.unexpected")
        if batch.is_refused_as_busy:
            sentence = words("site.busy_elsewhere")
        yield f'<p class="nb-added-problem" role="alert">{escape(sentence)}</p>'
    if batch.summary is not None:
        yield from _summary(batch, index, words)
    yield f'<div class="nb-toolbar">{"".join(_buttons(batch, words))}</div>'


def _being_read(batch: Batch) -> str:
    """The files that are just being read: ingestion goes by their names."""
    names = sorted(file.name for file in batch.files.values())[batch.done : batch.done + 2]
    return "".join(f'<p class="nb-added-name">{escape(name)}</p>' for name in names)


def _summary(batch: Batch, index: Index, words: Texts) -> Iterator[str]:
    summary = batch.summary or {}
    # A file that holds a report which is there already makes none, whatever it is as a file.
    twins = summary.get("duplicates", {})
    numbers = {name: sum(one not in twins for one in summary.get(name, ())) for name in _COUNTED}
    numbers["duplicates"] = len(twins)
    counts = [words(f"adding.counts_{name}", n=n) for name, n in numbers.items() if n]
    yield f'<p class="nb-job-counts">{escape(" · ".join(counts))}</p>'
    outcomes = dict.fromkeys(summary.get("changed", ()), "changed")
    outcomes |= dict.fromkeys(summary.get("unchanged", ()), "unchanged")
    outcomes |= dict.fromkeys(summary.get("new", ()), "new")
    outcomes |= dict.fromkeys(summary.get("duplicates", {}), "twin")
    problems = {failure["source"]: failure["problem"] for failure in summary.get("failed", ())}
    if outcomes or problems:
        rows = [_failed_row(name, problem, words) for name, problem in problems.items()]
        home = batch.files_folder.resolve()
        shown = list(outcomes.items())[: max(0, _SHOWN - len(rows))]
        files = index.sources(paths=[(home / name).as_posix() for name, _ in shown])
        reports = {file.path: file.report_id for file in files if file.report_id is not None}
        known = reports_by_id(index)
        for name, outcome in shown:
            report_id = reports.get((home / name).as_posix())
            report = known.get(report_id or "")
            tone = " nb-good" if outcome in ("new", "changed") else ""
            told = f'<span class="nb-tag{tone}">{escape(words(f"adding.outcome_{outcome}"))}</span>'
            link = ""
            if report_id is not None:
                title = report.title if report else name
                link = f'<a href="{report_link(report_id)}">{escape(title)}</a>'
            rows.append(f'<li>{told} {link} <span class="nb-added-name">{escape(name)}</span></li>')
        more = len(outcomes) + len(problems) - len(rows)
        rest = f'<p class="nb-soft">{escape(words("adding.more_files", n=more))}</p>' if more > 0 else ""
        opened = " open" if len(rows) <= 12 or problems else ""
        yield f"<details{opened}><summary>{escape(words('adding.result_files'))}</summary>"
        yield f'<ul class="nb-job-files">{"".join(rows)}</ul>{rest}</details>'
    if notes := summary.get("notes"):
        yield f"<details open><summary>{escape(words('adding.result_notes'))}</summary>"
        yield f'<ul class="nb-added-remarks">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul></details>'


def _failed_row(name: str, problem: str, words: Texts) -> str:
    told = escape(words("adding.outcome_failed"))
    return (
        f'<li><span class="nb-tag nb-bad">{told}</span> {escape(problem_in_words(problem, words))} '
        f'<span class="nb-added-name">{escape(name)}</span></li>'
    )


def _buttons(batch: Batch, words: Texts) -> Iterator[str]:
    def button(act: str, key: str, kind: str = "") -> str:
        return (
            f'<button type="button" class="nb-button{kind}" data-act="{act}" data-batch="{batch.id}">'
            f"{escape(words(f'adding.{key}'))}</button>"
        )

    if batch.state in (BatchState.RUNNING, BatchState.WAITING):
        yield button("stop", "stop")
        return
    if batch.state is BatchState.STOPPED:
        yield button("take_in", "go_on", " nb-primary")
    elif batch.state is BatchState.FAILED:
        yield button("take_in", "retry", " nb-primary")
    yield button("discard", "dismiss")
