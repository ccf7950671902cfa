"""The page that shows what doesn't add up in the reports, and what people found when they looked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.texts import Texts
from ui.web.checks.check_evidence import Evidence
from ui.web.checks.check_view import name_of, render_check
from ui.web.checks.list_view import render_list, render_progress
from ui.web.checks.work_list import Wanted, list_checks, read_wanted
from ui.web.site import Site, Visit, add_page, words_of
from vectorstore.errors import IndexBusyError, NianbaoError
from vectorstore.records import Check, Finding, Scope, Verdict
from vectorstore.verdicts import Verdicts

if TYPE_CHECKING:
    from vectorstore.writer import Writer

PATIENCE = 4.0
"""Seconds to wait for another writer: someone else's verdict takes a moment, an ingestion longer than anyone waits."""
_LONGEST_NOTE, _LONGEST_NAME = 500, 80


class Page:
    """What the page shows, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._index = site.assistant.index

    def render(self, visit: Visit) -> str:
        """The page for a visit."""
        return self._list(read_wanted(visit.query), visit.words)

    def listing(self, request: dict[str, Any]) -> str:
        """The page for another query, ``{"query": {…}}``."""
        return self._list(_wanted_of(request), words_of(request))

    def judge(self, request: dict[str, Any]) -> dict[str, Any]:
        """Keep a verdict: ``{"check": {…}, "finding": …, "note": …, "by": …, "query": {…}}``."""
        words = words_of(request)
        check = self._check_of(request, words)
        if request.get("finding") not in [finding.value for finding in Finding]:
            raise NianbaoError(words("checks.unknown_finding"))
        verdict = Verdict(
            **_values_of(check),
            finding=Finding(request["finding"]),
            made_by=_line(request.get("by"), _LONGEST_NAME),
            made_on=date.today().isoformat(),
            note=_line(request.get("note"), _LONGEST_NOTE),
        )
        self._write(lambda writer: writer.record_verdict(verdict))
        return self._after(check, request, words)

    def undo(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take the verdict on a check back: ``{"check": {…}, "query": {…}}``."""
        words = words_of(request)
        check = self._check_of(request, words)
        verdict = Verdict(**_values_of(check), finding=Finding.CONFIRMED, made_by="", made_on="")
        self._write(lambda writer: writer.forget_verdict(verdict))
        return self._after(check, request, words)

    def _list(self, wanted: Wanted, words: Texts) -> str:
        return render_list(self._index, list_checks(self._index, wanted), wanted, words)

    def _check_of(self, request: Mapping[str, Any], words: Texts) -> Check:
        """The failed check that a call names, as it is now."""
        named = request.get("check")
        report_id = named.get("report") if isinstance(named, dict) else None
        if isinstance(report_id, str) and report_id:
            for check in self._index.failed_checks(Scope(report_ids=(report_id,))):
                if name_of(check) == named:
                    return check
        raise NianbaoError(words("checks.gone"))

    def _write(self, act: Callable[[Writer], object]) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self._index.writing() as writer:
                    act(writer)
                return
            except IndexBusyError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _after(self, check: Check, request: Mapping[str, Any], words: Texts) -> dict[str, Any]:
        """The item as it is now, and how far one has got."""
        wanted = _wanted_of(request)
        listed = list_checks(self._index, wanted)
        judgement = Verdicts(self._index.verdicts((check.report_id,))).on(check)
        evidence = Evidence(self._index, [check], words)
        report = self._index.report(check.report_id)
        done, everything = listed.looked_at
        return {
            "item": render_check(check, report, judgement, evidence, words),
            "progress": render_progress(listed, wanted, words),
            "done": done,
            "all": everything,
        }


def _wanted_of(request: Mapping[str, Any]) -> Wanted:
    query = request.get("query")
    return read_wanted(query if isinstance(query, dict) else {})


def _values_of(check: Check) -> dict[str, str]:
    named = name_of(check)
    return {"report_id": named.pop("report"), **named}


def _line(given: object, longest: int) -> str:
    return " ".join(given.split())[:longest] if isinstance(given, str) else ""


def build(blocks: gr.Blocks, site: Site) -> None:
    """Put the page together, in the context of its route."""
    page = Page(site)
    add_page(blocks, site, "checks", page.render, [page.listing, page.judge, page.undo])
