"""Reads reports: from a file to its Document, and from the Document to records with their places."""
