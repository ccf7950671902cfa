"""What happens in the sample county, so that a newcomer's first questions have interesting answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scene:
    """One body's year.

    Attributes:
        applications: How many it received; ``None`` leaves it to the seed.
        wording: Group of ``phrases.toml`` in which the prose says so.
        channels: Whether its disclosure is split by channel.
        missing: It published no report that year.
    """

    applications: int | None = None
    wording: str | None = None
    channels: bool | None = None
    deviations: tuple[str, ...] = ()
    missing: bool = False


SCENARIO: dict[tuple[str, int], Scene] = {
    # No applications, said in different ways; in 2023 two of the three zones.
    ("economic-zone", 2021): Scene(4),
    ("economic-zone", 2022): Scene(0, "applications_zero_count", deviations=("wrapped_labels",)),
    ("economic-zone", 2023): Scene(0, "applications_none"),
    ("hightech-zone", 2021): Scene(3, deviations=("bookmarks", "wrapped_labels")),
    ("hightech-zone", 2022): Scene(5, channels=True, deviations=("prose_against_prose",)),
    ("hightech-zone", 2023): Scene(8, deviations=("misnumbered", "bookmarks")),
    ("lake-resort", 2021): Scene(0, "applications_none"),
    ("lake-resort", 2022): Scene(2, deviations=("padded_cells",)),
    ("lake-resort", 2023): Scene(0, "applications_none", deviations=("pictures_for_tables", "misnumbered")),
    # The office says how its number changed.
    ("office", 2021): Scene(27, deviations=("bookmarks",)),
    ("office", 2022): Scene(25, "applications_fewer", deviations=("wrapped_labels",)),
    ("office", 2023): Scene(31, "applications_more"),
    # A bureau that didn't report in 2021, and whose report of 2022 tells the number nevertheless.
    ("agriculture-bureau", 2021): Scene(11, missing=True),
    ("agriculture-bureau", 2022): Scene(9, "applications_fewer"),
    ("agriculture-bureau", 2023): Scene(6, channels=False, deviations=("approximate", "bookmarks")),
    ("resources-bureau", 2021): Scene(34, "applications_carried"),
    ("resources-bureau", 2022): Scene(46, "applications_carried", deviations=("wrapped_labels", "bookmarks")),
    ("resources-bureau", 2023): Scene(41, deviations=("unsigned",)),
    ("housing-bureau", 2021): Scene(19, deviations=("lost_labels", "bookmarks")),
    ("housing-bureau", 2022): Scene(15, deviations=("stray_word_in_title",)),
    ("housing-bureau", 2023): Scene(22, deviations=("misnumbered",)),
    ("education-bureau", 2022): Scene(12, deviations=("wrapped_labels",)),
    ("fengyu-town", 2021): Scene(1),
    ("fengyu-town", 2022): Scene(0, "applications_zero_count"),
    ("fengyu-town", 2023): Scene(3, channels=False, deviations=("approximate",)),
    ("shiluo-town", 2021): Scene(2, deviations=("padded_cells", "wrapped_labels")),
    ("shiluo-town", 2022): Scene(1, deviations=("blank_cells",)),
    ("shiluo-town", 2023): Scene(0, "applications_none"),
    ("taixi-town", 2021): Scene(0, "applications_none", deviations=("tables_left_out",)),
    ("taixi-town", 2022): Scene(2, deviations=("silent_on_applications",)),
    ("taixi-town", 2023): Scene(1, deviations=("bookmarks",)),
    ("songying-town", 2021): Scene(3),
    ("songying-town", 2022): Scene(2, "applications_some", deviations=("prose_against_table",)),
    ("songying-town", 2023): Scene(4, deviations=("misnumbered", "wrapped_labels")),
    ("yinshan-township", 2021): Scene(0, "applications_none", deviations=("bookmarks",)),
    ("yinshan-township", 2022): Scene(missing=True),
    ("yinshan-township", 2023): Scene(0, "applications_zero_count"),
    ("wangji-subdistrict", 2021): Scene(5),
    ("wangji-subdistrict", 2022): Scene(7, deviations=("bookmarks",)),
    ("wangji-subdistrict", 2023): Scene(4, deviations=("misnumbered",)),
}
