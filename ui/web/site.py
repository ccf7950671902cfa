"""What all pages stand on: the assistant, its answers, and how a page of theirs is put together."""

from __future__ import annotations

import functools
import html
import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.errors import SaidError
from ui.texts import LANGUAGES, Texts, texts
from ui.web.asked import Answers
from ui.web.header import PAGES, render_header
from ui.web.markup import escape
from vectorstore.errors import IndexBusyError, NianbaoError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from ui.adding.additions import Additions

logger = logging.getLogger(__name__)

Call = Callable[[dict[str, Any]], Any]
"""A function that a page's script calls with one JSON object, whose ``lang`` is the page's language."""

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""For events: nothing is laid over the page while they run, and they aren't offered as an API."""


class Site:
    """The assistant and what the pages share. Reading an index is safe from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.answers = Answers(assistant)
        self._additions: Additions | None = None
        self._lock = threading.Lock()

    @property
    def additions(self) -> Additions:
        """What is being added to the index; made when the first page asks for it."""
        from ui.adding.additions import Additions

        with self._lock:
            if self._additions is None:
                self._additions = Additions(self.assistant.index)
            return self._additions

    @property
    def is_taking_in(self) -> bool:
        """Whether this program writes reports into the index just now."""
        with self._lock:
            return self._additions is not None and self._additions.is_taking_in


@dataclass(frozen=True, slots=True)
class Visit:
    """Someone opens a page: the language to speak, and what the address says behind its question mark."""

    words: Texts
    query: Mapping[str, str]


def language_of(request: gr.Request) -> str:
    """The language: as the address says (``?lang=en``), as chosen before, as the browser prefers, else Chinese."""
    try:
        cookie = SimpleCookie(request.headers.get("cookie") or "").get("nianbao-lang")
    except CookieError:
        cookie = None
    chosen = request.query_params.get("lang")
    return chosen_language(
        chosen if chosen in LANGUAGES else (cookie.value if cookie else None), request.headers.get("accept-language")
    )


def chosen_language(chosen: str | None, accepted: str | None) -> str:
    """The chosen language if there is such a one, else the one that the browser prefers if it is, else Chinese."""
    if chosen in LANGUAGES:
        return str(chosen)
    preferred = (accepted or "").split(",")[0].strip().lower()[:2]
    return preferred if preferred in LANGUAGES else "zh"


def answering(call: Call, site: Site | None = None) -> Call:
    """A call whose errors are sentences: it gives ``{"ok": …}`` or ``{"error": "…"}``.

    Args:
        site: Knows whether it is this program that writes to the index, where a call can't.
    """

    # Gradio asks for the name, by which the page's script calls it, and looks at the parameters.
    @functools.wraps(call)
    def answer(request: dict[str, Any]) -> dict[str, Any]:
        # Anyone can send anything: Gradio hands on whatever JSON came.
        if not isinstance(request, dict) or not is_text(request):
            return {"error": texts("zh")("site.unreadable")}
        words = words_of(request)
        try:
            return {"ok": call(request)}
        except NianbaoError as error:
            return {"error": in_words(error, words, site)}
        except Exception:
            logger.exception("A call of the page failed: %s", call.__name__)
            return {"error": words("site.unexpected")}

    return answer


def in_words(error: NianbaoError, words: Texts, site: Site | None = None) -> str:
    """What an error says, in the page's language where the pages have words for it."""
    if isinstance(error, SaidError):
        return words(error.key, **error.values)
    if isinstance(error, IndexBusyError):
        return words("site.busy_here" if site is not None and site.is_taking_in else "site.busy_elsewhere")
    return str(error)


def is_text(value: Any) -> bool:
    """Whether all of a JSON value can be written down: half a character, a lone surrogate, can't."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def words_of(request: Mapping[str, Any]) -> Texts:
    """The words in the language that a page's call names."""
    return texts(str(request.get("lang", "zh")))


def view(name: str, calls: Sequence[Call] = (), site: Site | None = None) -> gr.HTML:
    """A part of a page whose content is HTML of ours. Its script is registered under the name (see ``base.js``).

    Args:
        calls: What the script may call, by the functions' names.
        site: See `answering`.
    """
    return gr.HTML(
        "", elem_id=f"nb-{name}", js_on_load=_ATTACH.replace("NAME", json.dumps(name)),
        apply_default_css=False, server_functions=[answering(call, site) for call in calls],
    )  # fmt: skip


# The scripts may come after the views, and then look for those that wait. Only a view with calls has a server.
_ATTACH = """
(window.nianbaoWaiting ??= []).push(
  [NAME, element, {watch, server: typeof server === 'undefined' ? null : server}]);
window.nianbao?.attachWaiting();
"""


def add_page(
    blocks: gr.Blocks, site: Site, name: str, render: Callable[[Visit], str], calls: Sequence[Call] = ()
) -> None:
    """Put together a page that is one view under the head: ``render`` gives its content for a visit.

    To be called in the context of the page's route. An error of ``render`` is shown in the view's place.
    """
    with gr.Column(elem_id="nb-page", elem_classes=[f"nb-page-{name}"]):
        header, main = view("header"), view(name, calls, site)

    def load(request: gr.Request) -> tuple[str, str]:
        words = texts(language_of(request))
        try:
            content = render(Visit(words, dict(request.query_params)))
        except NianbaoError as error:
            content = failure(in_words(error, words, site), PAGES[name], words(f"pages.{name}"))
        except Exception:
            logger.exception("The page could not be made: %s", name)
            content = failure(words("site.unexpected"), PAGES[name], words(f"pages.{name}"))
        return render_header(site.assistant, words, name), content

    blocks.load(load, None, [header, main], **QUIET)


def failure(sentence: str, address: str, name: str) -> str:
    """A sentence in the place of what could not be shown, and the way back to the page as it begins.

    Args:
        address, name: Of that page.
    """
    return (
        f'<div class="nb-main"><p class="nb-error" role="alert">{escape(sentence)}</p>'
        f'<p class="nb-lead"><a href="{address}">{escape(name)}</a></p></div>'
    )


def data(value: Any) -> str:
    """A JSON value for a quoted attribute."""
    return html.escape(json.dumps(value, ensure_ascii=False), quote=True)
