"""Wording by a model: what it is given, how its sentences are cut and checked, and what is made of those that hold."""
