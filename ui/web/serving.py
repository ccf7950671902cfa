"""Builds the pages and serves them. Gradio carries events, calls and uploads; what the pages show is HTML of ours.

Every marker must be a link to its evidence, and nothing that a report says may be taken for Markdown: so the content is
rendered here and escaped, and Gradio's own components are used where they fit. The pages ask no other host for
anything.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Here and in the pages, and nowhere else, so that only who opens the chat waits for it.
import gradio as gr
from starlette.routing import BaseRoute

from ui.adding.beginning import open_or_begin
from ui.own_names import OwnNames
from ui.texts import texts
from ui.web import chart_view, citing, downloads, list_files, originals, static_files
from ui.web.adding import page as adding_page
from ui.web.adding.uploads import upload_route
from ui.web.ask import asking, surveying
from ui.web.ask import page as ask_page
from ui.web.checks import page as checks_page
from ui.web.figures import files as figures_files
from ui.web.figures import page as figures_page
from ui.web.header import PAGES
from ui.web.own_host import guard
from ui.web.reports import page as reports_page
from ui.web.site import Site
from vectorstore.errors import NianbaoError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.language_models.model import LanguageModel

CONCURRENT = 8


def build(site: Site) -> gr.Blocks:
    """The pages, not yet served. `options` has what they must be served with."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    words = texts("zh")
    with gr.Blocks(title=words("site.title"), analytics_enabled=False, fill_width=True) as blocks:
        gr.Navbar(visible=False)
        ask_page.build(blocks, site)
    pages = {"reports": reports_page, "figures": figures_page, "checks": checks_page, "adding": adding_page}
    for name, page in pages.items():
        with blocks.route(words(f"pages.{name}"), PAGES[name]):
            page.build(blocks, site)
    # Several people may ask at once: reading an index is safe from several threads.
    blocks.queue(default_concurrency_limit=CONCURRENT)
    return blocks


def routes(site: Site) -> list[BaseRoute]:
    """What is served besides the pages: files, under ``/nb/``."""
    return [
        *originals.routes(site),
        *downloads.routes(site),
        *citing.routes(site),
        *asking.routes(site),
        *surveying.routes(site),
        *figures_files.routes(site),
        *list_files.routes(site),
        upload_route(site),
        static_files.ROUTE,
        chart_view.route(site),
    ]


def options(site: Site, names: OwnNames) -> dict[str, Any]:
    """What the pages must be launched with, as keyword arguments of ``gradio.Blocks.launch``.

    Args:
        names: Those under which the pages may be asked for.
    """
    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"]
    return {
        "theme": gr.themes.Base(font=fonts, font_mono=["ui-monospace", "Consolas", "monospace"]),
        # Not as `css`: Gradio would put its container before every selector, and ours also speak of what is outside it.
        "head": static_files.head(),
        "footer_links": [],
        "run_history": False,
        "share": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "app_kwargs": {"lifespan": guard(names), "routes": routes(site)},
    }


def serve(
    assistant: Assistant, host: str = "127.0.0.1", port: int | None = None, names: Collection[str] = ()
) -> tuple[gr.Blocks, str]:
    """Serves the pages from a background thread; returns them (``close()`` ends it) and their address.

    Args:
        names: Other names that the pages may be asked for under; see `OwnNames`.

    Raises:
        NianbaoError: The port is taken.
    """
    site = Site(assistant)
    blocks = build(site)
    try:
        _, address, _ = blocks.launch(
            server_name=host,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            inbrowser=False,
            **options(site, OwnNames(host, tuple(names))),
        )
    except OSError as error:
        where = f"port {port} of {host}" if port else f"any port of {host}"
        raise NianbaoError(
            f"The web chat could not listen at {where}: something else may be using it; choose another with --port."
        ) from error
    return blocks, address


def launch(
    folder: str | Path,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = True,
    reranker: str | None = None,
    names: Collection[str] = (),
    language_model: LanguageModel | None = None,
) -> None:
    """Opens the web chat over an index, prints its address, and serves until interrupted.

    Where there is no index yet, an empty one is made, which reports are added to in the browser.
    """
    with open_or_begin(folder, reranker, language_model) as (assistant, is_new):
        blocks, address = serve(assistant, host, port, names)
        if is_new:
            address = f"{address}{PAGES['adding']}"
            print(f"There is no index in {folder} yet: add reports in the browser to make one.", flush=True)
        print(f"Nianbao is at {address} (Ctrl+C ends it)", flush=True)
        if open_browser:
            import webbrowser

            webbrowser.open(address)
        blocks.block_thread()
