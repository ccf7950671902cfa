"""Reads texts: flattened, in bars, a row a line, Markdown."""
