"""The filters that every search and list takes, as the scope that the index takes."""

from __future__ import annotations

from difflib import get_close_matches

from vectorstore.catalogue import catalogue
from vectorstore.errors import QuestionError
from vectorstore.records import Kind, Scope, SectionRole

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""What is taken for a year in a filter."""
MOST_HITS = 1000
"""Passages of one search."""
_LONGEST_ID = 100


def filtered_scope(year: int | None, kind: str | None, region: str | None, body: str | None) -> Scope:
    """The scope of filters; those that are ``None`` don't narrow.

    Args:
        year: From ``FIRST_YEAR`` to ``LAST_YEAR``.
        kind: One of ``vectorstore.records.Kind``.
        region: A path prefix, ``山东省/威海市``.
        body: A part of the body's name or of an alias.

    Raises:
        QuestionError: There is no such kind, or no such year.
    """
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise QuestionError(f"That is no year; give one from {FIRST_YEAR} to {LAST_YEAR}, such as 2023.")
    if kind is not None and kind not in set(Kind):
        raise QuestionError(f"There is no kind of body called {kind!r}; the kinds are {', '.join(Kind)}.")
    return Scope(
        kinds=() if kind is None else (Kind(kind),),
        regions=() if region is None else (region.strip("/"),),
        years=() if year is None else (year,),
        names=() if body is None else (body,),
    )


def known_metric(metric: str) -> str:
    """The metric itself.

    Raises:
        QuestionError: The catalogue has no metric of this id; the message names those that are near.
    """
    try:
        catalogue().split(metric)
    except KeyError:
        near = get_close_matches(metric[:_LONGEST_ID], catalogue().metric_ids(), n=3)
        hint = f" Near are {', '.join(near)}." if near else ""
        raise QuestionError(f"There is no metric {metric[:_LONGEST_ID]!r}.{hint}") from None
    return metric


def section_roles(section: str | None) -> list[SectionRole] | None:
    """The roles that a search is kept to; ``None`` for all.

    Raises:
        QuestionError: There is no such section.
    """
    if section is not None and section not in set(SectionRole):
        raise QuestionError(f"There is no section called {section!r}; the sections are {', '.join(SectionRole)}.")
    return None if section is None else [SectionRole(section)]
