"""Why a file can't be read, in the reader's language: readers say it in English, one sentence each."""

from __future__ import annotations

import re

from ui.texts import Texts

# The sentence's own words, and the words of ours that say the same; the first that is found counts.
_KNOWN = (
    (r"reading pictures needs the extra|cannot be recognized here", "scan"),
    (r"though it is called so", "misnamed"),
    (r"is no annual report", "no_report"),
    (r"is no year", "wrong_year"),
    (r"is no date", "wrong_date"),
    (r"is no address", "wrong_address"),
    (r"is no kind of body", "wrong_kind"),
    (r"password|encrypted", "password"),
    (r"LibreOffice reads, which isn't installed", "office"),
    (r"is empty|holds no text|holds nothing but white space|holds marks and no text", "empty"),
    (r"shows no words|no text and no pictures", "no_words"),
    (r"shows no text", "script_page"),
    (r"holds no report but leads to", "leads_on"),
    (r"holds no reports", "no_reports_inside"),
    (r"would unpack to|members that overlap|lists more members|holds more than \d+ members", "bomb"),
    (r"is an archive within", "nested"),
    (r"climbs out|absolute path|is a link in the archive|is a device|name of a device", "unsafe_name"),
    (r"files like it are read up to|more pixels than|pixels, more than|pages, and up to", "large"),
    (r"has a format that isn't read|supported are", "format"),
    (r"archive; unpack|gzip|RAR|7-Zip", "other_archive"),
    (r"Excel|PowerPoint|OFD", "other_document"),
    (r"is no zip archive or is damaged|is damaged in the archive", "damaged_archive"),
    (r"was not read within", "too_long"),
    (r"ended the process|more memory", "too_heavy"),
    (r"under another extension", "misnamed"),
    (r"not readable", "encoding"),
    (r"damaged|incomplete|could not be read by|lacks a part|can't be read", "damaged"),
)


def problem_in_words(problem: str, words: Texts) -> str:
    """A problem of a file as a sentence of the page's language; in English it is one already."""
    if words.language == "en":
        return problem
    key = next((key for pattern, key in _KNOWN if re.search(pattern, problem)), "other")
    return words(f"problem.{key}")
