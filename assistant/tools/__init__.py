"""The tools that agents call: what MCP, LlamaIndex and LangChain offer them, whatever the protocol."""
