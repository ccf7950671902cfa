"""Reads scans and pictures: recognition, the grid of a table, and what the identities certify."""
