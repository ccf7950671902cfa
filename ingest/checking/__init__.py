"""Holds a report's figures against the form's identities and one another."""
