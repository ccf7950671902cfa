"""The page of figures as it is used: choosing, sorting, finding, following a number, going back; also on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

import pytest

pytestmark = pytest.mark.browser
TABLE = ".nb-f-pivot tbody tr"


def query_of(visit: Any) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlparse(visit.page.url).query).items()}


def first_names(visit: Any) -> list[str]:
    return [str(name) for name in visit.page.locator(".nb-f-pivot tbody .nb-f-first > span").all_inner_texts()]


def settle(visit: Any) -> None:
    visit.page.wait_for_selector(".nb-f-result[aria-busy=false]")


def test_a_table_is_put_together_shared_and_undone(visit: Callable[..., Any]) -> None:
    it = visit("figures", until=TABLE)
    page = it.page
    assert page.locator(TABLE).count() == 14
    assert query_of(it) == {}
    page.locator(".nb-f-pill", has_text="2023").click()
    page.locator(".nb-f-pill", has_text="乡镇").click()
    page.wait_for_function("document.querySelectorAll('.nb-f-pivot tbody tr').length === 5")
    assert query_of(it) == {"years": "2023", "kinds": "township"}
    page.get_by_role("searchbox", name="查找指标").fill("自然人 新收")
    page.locator(".nb-f-metric-list li:visible details summary").first.click()
    page.get_by_label("自然人").locator("visible=true").first.check()
    page.wait_for_selector(".nb-f-family >> nth=1")
    assert unquote(query_of(it)["metrics"]) == "applications_new,applications_new__natural_person"
    shared = page.url
    page.go_back()
    page.wait_for_function("!document.querySelector('.nb-f-family:nth-child(3)')")
    assert query_of(it) == {"years": "2023", "kinds": "township"}
    assert not page.locator("input[value=applications_new__natural_person]").is_checked()
    again = visit(shared[len(it.address) :], until=TABLE)
    again.page.wait_for_selector(".nb-f-family >> nth=1")
    assert again.page.locator("input[value=applications_new__natural_person]").is_checked()
    assert len(first_names(again)) == 5


def test_rows_are_sorted_and_found(visit: Callable[..., Any]) -> None:
    it = visit("figures?years=2023", until=TABLE)
    page = it.page
    button = page.locator('[data-sort-by="applications_new.2023"]')
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort=descending]")
    assert first_names(it)[0] == "栖澜县自然资源局"
    settle(it)
    page.wait_for_function("document.activeElement.dataset.sortBy === 'applications_new.2023'")
    page.locator("#nb-find").fill("镇人民")
    page.wait_for_function("document.querySelectorAll('.nb-f-pivot tbody tr').length === 4")
    assert "自然资源" not in " ".join(first_names(it))
    assert query_of(it)["find"] == "镇人民"


def test_a_number_leads_to_its_place_and_the_silent_unfold(visit: Callable[..., Any]) -> None:
    it = visit("figures?bodies=苔溪镇", until=TABLE)
    page = it.page
    page.locator("details[data-silences] summary").click()
    page.wait_for_selector("details[data-silences] li")
    assert "2022" in page.locator("details[data-silences] li").inner_text()
    page.wait_for_selector(".nb-f-chart svg, [data-chart] .nb-soft")
    page.locator(f"{TABLE} td a", has_text="0").first.click()
    page.wait_for_url("**/reports?id=*")
    assert "-" in query_of(it)["at"]


def test_bodies_are_chosen_from_suggestions_by_keyboard(visit: Callable[..., Any]) -> None:
    it = visit("figures", until=TABLE)
    page = it.page
    box = page.get_by_role("combobox", name="单位", exact=True).first
    box.press_sequentially("教育")
    page.wait_for_selector("[role=option]:visible")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_function("document.querySelectorAll('.nb-f-pivot tbody tr').length === 1")
    assert query_of(it)["bodies"] == "栖澜县教育和体育局"
    page.locator(".nb-f-combo .nb-f-chip").click()
    page.wait_for_function("document.querySelectorAll('.nb-f-pivot tbody tr').length === 14")


def test_the_whole_table_is_downloaded(visit: Callable[..., Any]) -> None:
    it = visit("figures?years=2023&find=镇", until=TABLE)
    with it.page.expect_download() as download:
        it.page.locator(".nb-f-files a", has_text="CSV").click()
    written = download.value.path().read_bytes().decode("utf-8-sig").splitlines()
    assert download.value.suggested_filename.endswith(".csv")
    assert len(written) == 1 + 4


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_the_page_is_accessible_and_never_wider_than_the_screen(
    visit: Callable[..., Any], size: str, scheme: str
) -> None:
    it = visit("figures?metrics=applications_new,normative_docs_in_force", size=size, until=TABLE)
    it.page.emulate_media(color_scheme=scheme)
    it.evaluate("scheme => document.body.classList.toggle('dark', scheme === 'dark')", scheme)
    settle(it)
    it.page.wait_for_selector(".nb-f-chart svg")
    if size == "phone":
        assert not it.page.locator(".nb-f-metric-list").is_visible()
        it.page.locator(".nb-f-choices-fold").click()
        assert it.page.locator(".nb-f-metric-list").is_visible()
    assert not it.scrolls_sideways
    assert it.accessibility_violations() == ""


def test_on_a_phone_the_rows_name_stays_in_view(visit: Callable[..., Any]) -> None:
    it = visit("figures?columns=outcome", size="phone", until=TABLE)
    box = it.page.locator(".nb-f-pivot-box")
    box.evaluate("box => { box.scrollLeft = 600; box.scrollTop = 200; }")
    left = box.evaluate(
        "box => box.querySelector('tbody .nb-f-first').getBoundingClientRect().left - box.getBoundingClientRect().left"
    )
    top = box.evaluate(
        "box => box.querySelector('thead th').getBoundingClientRect().top - box.getBoundingClientRect().top"
    )
    assert 0 <= left <= 2
    assert 0 <= top <= 2


def test_an_address_that_makes_no_sense_says_so_and_the_page_can_be_used(visit: Callable[..., Any]) -> None:
    it = visit("figures?metrics=nonsense", until=".nb-f-choices")
    assert "nonsense" in it.page.locator("[role=alert]").inner_text()
    it.page.locator(".nb-f-pill", has_text="2023").click()
    it.page.wait_for_selector(TABLE)
    assert it.page.locator(".nb-f-result [role=alert]").count() == 0


def test_the_page_speaks_english(visit: Callable[..., Any]) -> None:
    it = visit("figures", until=TABLE, locale="en-GB")
    assert it.page.locator(".nb-f-table-name").inner_text().startswith("New applications received")
    assert "not mentioned" in it.page.locator(".nb-f-pivot").inner_text()
