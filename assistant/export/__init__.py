"""Answers and tables as files that people pass on: CSV, Excel, Word, Markdown, and references to print."""
