"""An Assistant as frameworks take it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from assistant.adapters.installed import check_installed
from assistant.filters import filtered_scope, section_roles
from vectorstore.records import Hit

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool
    from llama_index.core.tools import FunctionTool

    from assistant.adapters.langchain_retriever import NianbaoLangChainRetriever
    from assistant.adapters.llama_index_query_engine import NianbaoQueryEngine
    from assistant.adapters.llama_index_retriever import NianbaoRetriever
    from assistant.assistant import Assistant


class FrameworkAdapters:
    """The part of an Assistant that makes retrievers, query engines and tools of it; each loads its framework."""

    @property
    def _assistant(self) -> Assistant:
        return cast("Assistant", self)

    def as_llama_index_retriever(
        self,
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
        section: str | None = None,
        k: int = 10,
        narrow: bool = True,
    ) -> NianbaoRetriever:
        """`search` as a LlamaIndex retriever over a scope; loads llama_index."""
        from assistant.adapters.llama_index_retriever import NianbaoRetriever

        return NianbaoRetriever(partial(self._settled_search(year, kind, region, body, section, narrow), k=k))

    def as_query_engine(self, *, streaming: bool = False) -> NianbaoQueryEngine:
        """`ask` as a LlamaIndex query engine; loads llama_index."""
        from assistant.adapters.llama_index_query_engine import NianbaoQueryEngine

        return NianbaoQueryEngine(self._assistant, streaming=streaming)

    def as_tools(self) -> list[FunctionTool]:
        """What LlamaIndex agents may call: ask, search, figures and read_report; loads llama_index."""
        from assistant.adapters.llama_index_tools import llama_index_tools
        from assistant.tools.toolbox import Toolbox

        return llama_index_tools(Toolbox(self._assistant))

    def as_langchain_retriever(
        self,
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
        section: str | None = None,
        k: int = 10,
        narrow: bool = True,
    ) -> NianbaoLangChainRetriever:
        """`search` as a LangChain retriever over a scope.

        Raises:
            ImportError: LangChain isn't installed.
        """
        check_installed("langchain_core", extra="langchain")
        from assistant.adapters.langchain_retriever import NianbaoLangChainRetriever

        search = self._settled_search(year, kind, region, body, section, narrow)
        return NianbaoLangChainRetriever(search=search, k=k)

    def as_langchain_tools(self) -> list[BaseTool]:
        """What LangChain agents may call: ask, search, figures and read_report.

        Raises:
            ImportError: LangChain isn't installed.
        """
        check_installed("langchain_core", extra="langchain")
        from assistant.adapters.langchain_tools import langchain_tools
        from assistant.tools.toolbox import Toolbox

        return langchain_tools(Toolbox(self._assistant))

    def _settled_search(
        self,
        year: int | None,
        kind: str | None,
        region: str | None,
        body: str | None,
        section: str | None,
        narrow: bool,
    ) -> Callable[..., list[Hit]]:
        # A kind or a section that doesn't exist is told now and not at the first search.
        filtered_scope(year, kind, region, body)
        section_roles(section)
        return partial(
            self._assistant.search, year=year, kind=kind, region=region, body=body, section=section, narrow=narrow
        )
