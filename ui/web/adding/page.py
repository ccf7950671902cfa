"""The page that takes in new reports: files come, are shown as they were understood, and go into the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ingest.files.readers import supported_extensions
from ui.adding.arrivals import LARGEST_ARCHIVE, MOST_FILES, largest_upload
from ui.adding.batches import BatchState
from ui.adding.removal import forget_file, removal_of, remove
from ui.adding.taking_in import COLUMNS
from ui.errors import SaidError
from ui.texts import Texts
from ui.web.adding.files_view import IndexFiles
from ui.web.adding.job_view import heading, progress_in_words, render_job
from ui.web.adding.problems import problem_in_words
from ui.web.adding.review_view import FILTERS, Review
from ui.web.header import corpus_line
from ui.web.markup import escape
from ui.web.site import Site, Visit, add_page, data, words_of
from vectorstore.catalogue import kind_name
from vectorstore.errors import ReadError
from vectorstore.records import Kind

_MEGABYTE = 1024 * 1024
_LONGEST_FIELD = 500
_SHOWN_JOBS = 5


class Page:
    """What the page shows, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def render(self, visit: Visit) -> str:
        """The page for a visit."""
        words, index = visit.words, self._site.assistant.index
        is_empty = not index.reports()
        page = visit.query.get("page", "1")
        files = IndexFiles(
            index, words, visit.query.get("q", ""), visit.query.get("problems") == "1",
            int(page) if page.isdecimal() and len(page) < 7 else 1,
        )  # fmt: skip
        began = "empty_" if is_empty else ""
        return (
            f'<div class="nb-main nb-adding" data-words="{data(words.section("adding_script"))}" '
            f'data-limits="{data(_limits())}" data-fingerprint="{escape(index.fingerprint)}">'
            f"<h1>{escape(words(f'adding.{began}heading' if is_empty else 'adding.heading'))}</h1>"
            f'<p class="nb-lead">{escape(words(f"adding.{began}lead" if is_empty else "adding.lead"))}</p>'
            f"{_drop_zone(words)}{_uploading(words)}"
            f'<p class="nb-hidden" role="status" aria-live="polite" data-part="announced"></p>'
            f"{_review(words)}"
            f'<div data-part="jobs"></div>'
            f"{_index_files(words, files, visit.query, is_hidden=is_empty and not index.sources())}"
            f"{_edit_dialog(words)}{_remove_dialog(words)}</div>"
        )

    def look(self, request: dict[str, Any]) -> dict[str, Any]:
        """How things are: what has changed since ``version``, of the rows those that aren't in ``seen`` as they are."""
        words, additions, index = words_of(request), self._site.additions, self._site.assistant.index
        version = additions.version
        state: dict[str, Any] = {"version": version, "busy": additions.is_busy}
        if request.get("version") == version:
            return state
        seen = request.get("seen")
        jobs = additions.jobs()
        batch = additions.open_batch
        state |= {"changed": True, "review": None, "fingerprint": index.fingerprint}
        state["corpus"] = corpus_line(self._site.assistant, words)
        state["jobs"] = [
            {"id": job.id, "html": render_job(job, index, words), "state": job.state.value}
            for job in jobs[:_SHOWN_JOBS]
        ]
        running = next((job for job in jobs if job.state is BatchState.RUNNING), None)
        told = [heading(job, words) for job in jobs[:1]]
        state["announce"] = " ".join(told) if running is None else progress_in_words(running, words)
        if batch is not None:
            review = Review(batch, words, str(request.get("filter", "all")), _whole(request.get("page"), 1))
            versions = seen if isinstance(seen, dict) else {}
            state["review"] = review.controls() | {
                "rows": [
                    {
                        "number": file.number,
                        "version": file.version,
                        "html": None if versions.get(str(file.number)) == file.version else review.row(file),
                    }
                    for file in review.rows()
                ]
            }
            if running is None:
                state["announce"] = review.status()
        return state

    def choose(self, request: dict[str, Any]) -> None:
        """Take files in or leave them out: ``{batch, files: [numbers] or null, chosen}``."""
        numbers = request.get("files")
        self._site.additions.choose(
            request.get("batch"), None if numbers is None else _numbers(numbers), request.get("chosen") is True
        )

    def correct(self, request: dict[str, Any]) -> None:
        """Say whose reports files are: ``{batch, files: [numbers] or null for the chosen, said: {column: words}}``."""
        additions, said = self._site.additions, request.get("said")
        if not isinstance(said, dict) or not all(
            column in COLUMNS and isinstance(words, str) and len(words) <= _LONGEST_FIELD
            for column, words in said.items()
        ):
            raise SaidError("site.unreadable")
        batch, numbers = additions.batch(request.get("batch")), request.get("files")
        chosen = [file.number for file in batch.files.values() if file.is_taken]
        try:
            additions.correct(
                batch.id,
                chosen if numbers is None else _numbers(numbers),
                {column: " ".join(written.split()) for column, written in said.items()},
            )
        except ReadError as error:
            raise ReadError(problem_in_words(str(error), words_of(request))) from None

    def take_in(self, request: dict[str, Any]) -> None:
        """Take a batch in, or go on with it."""
        self._site.additions.take_in(request.get("batch"), words_of(request))

    def stop(self, request: dict[str, Any]) -> None:
        """Stop taking a batch in."""
        self._site.additions.stop(request.get("batch"))

    def discard(self, request: dict[str, Any]) -> None:
        """Throw an open batch away, or hide what came of another."""
        self._site.additions.discard(request.get("batch"))

    def files(self, request: dict[str, Any]) -> str:
        """The list of files: ``{q, problems, page}``."""
        return IndexFiles(
            self._site.assistant.index, words_of(request), str(request.get("q") or ""), request.get("problems") is True,
            _whole(request.get("page"), 1),
        ).render()  # fmt: skip

    def removal(self, request: dict[str, Any]) -> dict[str, Any]:
        """What taking a report out would touch, in words, to be confirmed."""
        words = words_of(request)
        found = removal_of(self._site.assistant.index, self._site.additions, request.get("report"))
        told = []
        if found.uploaded:
            told.append(words("adding.remove_uploaded"))
        told += [words("adding.remove_elsewhere", path=name) for name in found.elsewhere_names[:3]]
        if found.corrections:
            told.append(words("adding.remove_corrections", n=found.corrections))
        return {"title": found.report.title, "body": found.report.body, "told": told}

    def remove(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take a report out."""
        words = words_of(request)
        removal = remove(self._site.assistant.index, self._site.additions, request.get("report"))
        return {"said": words("adding.removed", title=removal.report.title), "batch": removal.batch}

    def restore(self, request: dict[str, Any]) -> str:
        """Put back what was taken out of a batch."""
        self._site.additions.restore(request.get("batch"), words_of(request))
        return words_of(request)("adding.restoring")

    def forget(self, request: dict[str, Any]) -> str:
        """Take a file that could not be read off the list."""
        forget_file(self._site.assistant.index, self._site.additions, request.get("file"))
        return words_of(request)("adding.forgotten")


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6 else otherwise


def _numbers(value: object) -> list[int]:
    return [number for number in value if isinstance(number, int)] if isinstance(value, list) else []


def _limits() -> dict[str, Any]:
    """What the script checks before it sends anything: bytes by extension."""
    extensions = [extension.strip() for extension in supported_extensions().split(",")]
    return {extension: largest_upload(f"a{extension}") for extension in extensions}


def _drop_zone(words: Texts) -> str:
    return (
        '<div class="nb-drop" data-part="drop">'
        f'<p class="nb-drop-words"><span class="nb-drop-invite">{escape(words("adding.drop"))}</span>'
        f'<span class="nb-drop-now">{escape(words("adding.drop_now"))}</span></p>'
        '<p class="nb-drop-buttons">'
        f'<button type="button" class="nb-button nb-primary" data-pick="files">{escape(words("adding.choose_files"))}'
        f'</button> <button type="button" class="nb-button" data-pick="folder">{escape(words("adding.choose_folder"))}'
        "</button></p>"
        '<input type="file" multiple hidden data-input="files">'
        '<input type="file" webkitdirectory hidden data-input="folder">'
        f'<p class="nb-soft nb-drop-formats">'
        f"{escape(words('adding.formats', archive=LARGEST_ARCHIVE // _MEGABYTE, files=MOST_FILES))}</p></div>"
    )


def _uploading(words: Texts) -> str:
    return (
        '<section class="nb-uploading nb-panel" data-part="uploading" hidden><p data-part="uploading-count"></p>'
        f'<progress data-part="uploading-bar" aria-label="{escape(words("adding.uploading"))}"></progress>'
        '<ul data-part="uploading-files"></ul>'
        f'<button type="button" class="nb-button" data-act="cancel-uploads">{escape(words("adding.cancel_uploads"))}'
        "</button></section>"
        '<section class="nb-refused nb-panel" data-part="refused" hidden><ul data-part="refused-files"></ul>'
        '<button type="button" class="nb-button" data-act="retry-uploads" hidden></button> '
        f'<button type="button" class="nb-button" data-act="hide-refused">{escape(words("adding.dismiss"))}</button>'
        "</section>"
    )


def _review(words: Texts) -> str:
    def button(act: str, key: str, kind: str = "") -> str:
        return (
            f'<button type="button" class="nb-button{kind}" data-act="{act}">{escape(words(f"adding.{key}"))}</button>'
        )

    options = "".join(
        f'<option value="{name}">{escape(words("adding.all" if name == "all" else f"adding.filter_{name}"))}</option>'
        for name in FILTERS
    )
    return (
        f'<section data-part="review" hidden><h2>{escape(words("adding.review_heading"))}</h2>'
        f'<p class="nb-soft">{escape(words("adding.review_lead"))}</p>'
        '<div class="nb-review-bar"><button type="button" class="nb-button nb-primary" data-act="take"></button>'
        f"{button('discard-open', 'discard')}"
        '<div class="nb-review-status"><progress data-part="reading-bar"></progress>'
        '<p data-part="status"></p></div></div>'
        f'<div class="nb-toolbar"><div class="nb-field"><label for="nb-filter">{escape(words("adding.filter_label"))}'
        f'</label><select id="nb-filter">{options}</select></div>{button("choose-all", "choose_all")}'
        f"{button('leave-all', 'leave_all')}{button('edit-all', 'set_all')}</div>"
        '<ul class="nb-added-list" data-part="rows"></ul><p class="nb-nothing" data-part="nothing" hidden></p>'
        '<nav class="nb-paging" data-part="pager" hidden>'
        f'<button type="button" class="nb-button" data-act="previous">{escape(words("adding.previous"))}</button>'
        '<span data-part="page-of"></span>'
        f'<button type="button" class="nb-button" data-act="next">{escape(words("adding.next"))}</button>'
        "</nav></section>"
    )


def _index_files(words: Texts, files: IndexFiles, query: Mapping[str, str], *, is_hidden: bool) -> str:
    checked = " checked" if query.get("problems") == "1" else ""
    return (
        f'<section class="nb-index-files" data-part="index-files"{" hidden" if is_hidden else ""}>'
        # A phone's script folds it: it lies below what is looked at, and is long.
        f'<details open data-part="files-fold"><summary><h2>{escape(words("adding.files_heading"))}</h2>'
        "</summary>"
        '<form class="nb-toolbar" data-part="files-form" role="search"><div class="nb-field">'
        f'<label for="nb-files-q">{escape(words("adding.search"))}</label>'
        f'<input id="nb-files-q" name="q" type="search" maxlength="200" value="{escape(query.get("q", ""))}"></div>'
        f'<label class="nb-only"><input type="checkbox" name="problems"{checked}> '
        f"{escape(words('adding.only_problems'))}</label></form>"
        f'<div data-part="files">{files.render()}</div></details></section>'
    )


def _edit_dialog(words: Texts) -> str:
    def field(name: str, more: str = "") -> str:
        return (
            f'<div class="nb-field"><label for="nb-edit-{name}">{escape(words(f"adding.field_{name}"))}</label>'
            f'<input id="nb-edit-{name}" name="{name}" maxlength="{_LONGEST_FIELD}" autocomplete="off"{more}></div>'
        )

    kinds = "".join(f'<option value="{kind.value}">{escape(kind_name(kind, words.language))}</option>' for kind in Kind)
    kind_field = (
        f'<div class="nb-field"><label for="nb-edit-kind">{escape(words("adding.field_kind"))}</label>'
        f'<select id="nb-edit-kind" name="kind"><option value="">{escape(words("adding.as_read"))}</option>{kinds}'
        "</select></div>"
    )
    hint = f' data-hint="{escape(words("adding.field_region_hint"))}"'
    return (
        '<dialog class="nb-dialog" data-part="edit" aria-labelledby="nb-edit-title"><form method="dialog">'
        f'<h2 id="nb-edit-title">{escape(words("adding.edit"))}</h2><p class="nb-added-name" data-part="edit-name"></p>'
        f'<p class="nb-soft" data-part="edit-lead" data-one="{escape(words("adding.edit_lead"))}" '
        f'data-many="{escape(words("adding.edit_many", n="{n}"))}"></p><div class="nb-edit-fields">'
        f"{field('body')}{kind_field}{field('region', hint)}"
        f"{field('year', ' inputmode=numeric')}{field('url', ' type=url')}{field('retrieved_on', ' type=date')}</div>"
        '<p class="nb-added-problem" data-part="edit-problem" role="alert"></p><div class="nb-toolbar">'
        f'<button type="submit" class="nb-button nb-primary">{escape(words("adding.save"))}</button>'
        f'<button type="button" class="nb-button" data-act="close-dialog">{escape(words("adding.cancel"))}</button>'
        "</div></form></dialog>"
    )


def _remove_dialog(words: Texts) -> str:
    return (
        '<dialog class="nb-dialog" data-part="remove" aria-labelledby="nb-remove-title"><form method="dialog">'
        f'<h2 id="nb-remove-title">{escape(words("adding.remove_heading"))}</h2><p><b data-part="remove-name"></b></p>'
        '<ul class="nb-added-remarks" data-part="remove-told"></ul><div class="nb-toolbar">'
        f'<button type="submit" class="nb-button nb-danger">{escape(words("adding.remove"))}</button>'
        f'<button type="button" class="nb-button" data-act="close-dialog" autofocus>'
        f"{escape(words('adding.cancel'))}</button></div></form></dialog>"
    )


def build(blocks: gr.Blocks, site: Site) -> None:
    """Put the page together, in the context of its route."""
    page = Page(site)
    calls = [page.look, page.choose, page.correct, page.take_in, page.stop, page.discard, page.files, page.removal,
             page.remove, page.restore, page.forget]  # fmt: skip
    add_page(blocks, site, "adding", page.render, calls)
