"""Reads the official form's three tables, of either edition, from a Document."""
