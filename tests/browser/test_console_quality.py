"""Quality as figures in a browser, on a desk and on a phone: from a number to a person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from driving import DESK, PHONE, assert_accessible, assert_no_overflow, picture, tab_to
from playwright.sync_api import Page

from dancu.kernel.clock import FixedClock, today
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.quality import examining, scoring
from tests.console.cast import a_family, client_of, make_accounts, prepare, say


@pytest.fixture
def _dirty(transactional_db: object) -> Iterator[None]:
    """A family of whom one is said to be born on the first of January, examined."""
    prepare()
    family = a_family()
    make_accounts(family)
    say(family.mother, "C06", birth_date="1988-01-01")
    at = timezone.now()
    examining.examine_all(clock=FixedClock(at), lanes=0)
    scoring.snapshot(day=today(at))
    yield
    dictionary.forget()
    places.forget()


def checked(page: Page, name: str) -> None:
    """Axe finds nothing and nobody has to scroll sideways; a picture where one is wanted."""
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"{name}.png")


@pytest.mark.parametrize(("size", "language"), [(DESK, "en"), (PHONE, "vi")], ids=["desk", "phone"])
@pytest.mark.usefixtures("_dirty")
def test_a_number_leads_to_the_person_behind_it(
    make_page: Callable[..., tuple[Page, object]], size: tuple[int, int], language: str
) -> None:
    client = client_of("ward", purpose="data_cleaning", case="CL-1")
    cookies = {
        "dancu_session": client.cookies["dancu_session"].value,
        "dancu_language": language,
    }
    page, _guard = make_page(size=size, cookies=cookies)
    name = f"quality-{size[0]}-{language}"
    page.goto("/console/quality/")
    checked(page, f"{name}-units")
    tab_to(page, "Đúng" if language == "vi" else "Accurate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quality/rules/*dimension=accurate*")
    checked(page, f"{name}-rules")
    page.click("main a[href*='cases/'][href*='born_on_first_of_january']")
    page.wait_for_selector("main table")
    assert "Thu Hương" in page.locator("main").inner_text()
    checked(page, f"{name}-cases")
    page.goto("/console/quality/rules/born_on_first_of_january/")
    checked(page, f"{name}-rule")
    tab_to(page, "Chạy thử" if language == "vi" else "Try the rule")
    page.keyboard.press("Enter")
    page.wait_for_selector("main [role=status]")
    checked(page, f"{name}-tried")
