"""Reads the prose: a grammar over clauses that gives figures and mentions."""
