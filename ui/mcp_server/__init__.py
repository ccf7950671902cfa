"""Nianbao as an MCP server: the reports asked, searched and read by a language model's program."""
