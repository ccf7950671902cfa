"""Tells a report from other texts, finds its sections, and cuts it into passages."""
