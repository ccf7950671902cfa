"""The web chat: a conversation at the left, what it rests on at the right, a report's text when a card is opened.

Gradio carries the events and the state of each browser session; the page itself is HTML that we render, because every
marker must be a link to its card, and nothing that a report says may be taken for Markdown. The page asks no other
host for anything: its style and script are files of ours, and a Content-Security-Policy makes sure of it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Here and nowhere else, so that only who opens the chat waits for it. At the top, because Gradio reads the
# annotations of the handlers below to know which of them want the request or the event.
import gradio as gr
from starlette.middleware import Middleware

from ui.conversation import Conversation, chosen_language
from ui.evidence import render_evidence
from ui.rendering import Turn
from ui.texts import texts
from vectorstore.errors import NianbaoError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

CONCURRENT = 8
QUESTION_LIMIT = 2000
"""Characters that the page accepts; the assistant has a limit of its own."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio's page starts from inline scripts, and its HTML component makes functions from strings.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class OwnHostOnly:
    """ASGI middleware that tells the browser to load nothing from any other host."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        await self.app(scope, receive, send_with_policy)


class _Events:
    """What happens in the page: each method gives the new values of the components that it is wired to in `build`."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def load(self, request: gr.Request) -> tuple[Any, ...]:
        chosen = chosen_language(request.query_params.get("lang"), request.headers.get("accept-language"))
        words = texts(chosen)
        placeholder = words("chat.placeholder")
        return (
            chosen,
            self._conversation.header(words),
            self._conversation.welcome(words),
            render_evidence([], words),
            gr.update(placeholder=placeholder, label=placeholder),
            gr.update(value=words("chat.send")),
        )

    def ask(self, question: str, held: list[Turn], chosen: str) -> Iterator[tuple[Any, ...]]:
        question, words = question.strip()[:QUESTION_LIMIT], texts(chosen)
        if not question:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        waiting = [*held, Turn(question)]
        yield gr.skip(), self._conversation.thread(waiting, words), gr.skip(), "", ""
        done = [*held, self._conversation.ask(question, held, words)]
        yield done, self._conversation.thread(done, words), render_evidence(done, words), gr.skip(), gr.skip()

    def act(self, event: gr.EventData, held: list[Turn], chosen: str) -> Iterator[tuple[Any, ...]]:
        """What a click in the conversation asks for: one of the offered questions, or a new conversation."""
        if getattr(event, "action", None) == "new":
            words = texts(chosen)
            yield [], self._conversation.thread([], words), render_evidence([], words), "", ""
            return
        yield from self.ask(str(getattr(event, "question", "")), held, chosen)

    def open_report(self, event: gr.EventData, held: list[Turn], chosen: str) -> str:
        try:
            return self._conversation.report(held, int(event.turn), int(event.n), texts(chosen))
        except NianbaoError as error:
            raise gr.Error(str(error), print_exception=False) from error


def build(assistant: Assistant) -> gr.Blocks:
    """The page, not yet served. `page_options` has what it must be served with: its style, script and icon."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    events = _Events(Conversation(assistant))
    attach = "nianbao.attach(element, trigger, watch)"

    def view(name: str) -> gr.HTML:
        return gr.HTML("", elem_id=f"nb-{name}", js_on_load=attach, apply_default_css=False)

    with gr.Blocks(title=texts("zh")("chat.title"), analytics_enabled=False, fill_width=True) as page:
        turns = gr.State([])
        language = gr.State("zh")
        with gr.Column(elem_id="nb-page"):
            header = view("header")
            thread = view("thread")
            with gr.Row(elem_id="nb-composer"):
                box = gr.Textbox(
                    show_label=False, container=False, lines=1, max_lines=1, autofocus=True, elem_id="nb-box",
                    max_length=QUESTION_LIMIT, scale=1,
                )  # fmt: skip
                send = gr.Button("", variant="primary", elem_id="nb-send", scale=0)
            evidence = view("evidence")
            reader = view("reader")

        changed = [turns, thread, evidence, reader, box]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(events.load, None, [language, header, thread, evidence, box, send], **quiet)
        gr.on([box.submit, send.click], events.ask, [box, turns, language], changed, **quiet)
        thread.select(events.act, [turns, language], changed, **quiet)
        header.select(events.act, [turns, language], changed, **quiet)
        evidence.select(events.open_report, [turns, language], reader, **quiet)
    # Several people may ask at once: reading an index is safe from several threads.
    page.queue(default_concurrency_limit=CONCURRENT)
    return page


def page_options() -> dict[str, Any]:
    """What the page must be launched with, as keyword arguments of ``gradio.Blocks.launch``."""
    static = files("ui.static")
    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"]
    script = (static / "chat.js").read_text(encoding="utf-8")
    style = (static / "chat.css").read_text(encoding="utf-8")
    icon = (static / "icon.svg").read_text(encoding="utf-8").replace("#", "%23").replace('"', "'").replace("\n", "")
    return {
        "theme": gr.themes.Base(font=fonts, font_mono=["ui-monospace", "Consolas", "monospace"]),
        # Not as `css`: Gradio would put its container before every selector, and ours also speak of what is outside it.
        "head": f'<link rel="icon" href="data:image/svg+xml,{icon}"><style>{style}</style><script>{script}</script>',
        "footer_links": [],
        "run_history": False,
        "share": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "app_kwargs": {"middleware": [Middleware(OwnHostOnly)]},
    }


def serve(assistant: Assistant, host: str = "127.0.0.1", port: int | None = None) -> tuple[gr.Blocks, str]:
    """Serves the page from a background thread; returns it (``close()`` ends it) and its address.

    Raises NianbaoError where the port is taken.
    """
    page = build(assistant)
    try:
        _, address, _ = page.launch(
            server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, inbrowser=False, **page_options()
        )
    except OSError as error:
        where = f"port {port} of {host}" if port else f"any port of {host}"
        raise NianbaoError(
            f"The web chat could not listen at {where}: something else may be using it; choose another with --port."
        ) from error
    return page, address


def launch(
    folder: str | Path,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = True,
    reranker: str | None = None,
) -> None:
    """Opens the web chat over an index, prints its address, and serves until interrupted."""
    from assistant.assistant import Assistant

    assistant = Assistant.open(folder, reranker=reranker)
    page, address = serve(assistant, host, port)
    print(f"Nianbao is at {address} (Ctrl+C ends it)", flush=True)
    if open_browser:
        import webbrowser

        webbrowser.open(address)
    page.block_thread()
