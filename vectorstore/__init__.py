"""Keeps and finds: the shared records, the metric catalogue, the database, the passages and their vectors."""
