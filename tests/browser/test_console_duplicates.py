"""Two records side by side in a browser, on a desk and on a phone, without a mouse."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driving import DESK, PHONE, assert_accessible, assert_no_overflow, picture, tab_to
from playwright.sync_api import Page

from dancu.duplicates.models import Pair
from dancu.places import queries as places
from dancu.population import dictionary
from tests.console.cast import LONG_NAME, a_family, a_person, client_of, make_accounts, prepare
from tests.duplicates.conftest import finding, note

SIZES = pytest.mark.parametrize(
    ("size", "language"), [(DESK, "vi"), (PHONE, "vi"), (DESK, "en")], ids=["desk", "phone", "en"]
)


@pytest.fixture
def pair(transactional_db: object) -> Iterator[Pair]:
    """A woman of a very long name, in the register twice."""
    prepare()
    make_accounts(a_family())
    one = a_person(LONG_NAME, "F", "1988-03-04", phone="0903123456", religion="01")
    other = a_person("Công Tằng Tôn Nữ Trang", "F", "1988-04-03")
    note(finding(one, other))
    yield Pair.objects.get()
    dictionary.forget()
    places.forget()


def checked(page: Page, name: str) -> None:
    """Axe finds nothing and nobody has to scroll sideways; a picture where one is wanted."""
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"{name}.png")


@SIZES
def test_a_pair_is_found_and_proposed_without_a_mouse(
    make_page: Callable[..., tuple[Page, object]],
    pair: Pair,
    size: tuple[int, int],
    language: str,
) -> None:
    client = client_of("ward", purpose="data_cleaning", case="DT-1")
    cookies = {
        "dancu_session": client.cookies["dancu_session"].value,
        "dancu_language": language,
    }
    page, _guard = make_page(size=size, cookies=cookies)
    name = f"duplicates-{size[0]}-{language}"
    page.goto("/console/duplicates/")
    checked(page, f"{name}-list")
    tab_to(page, LONG_NAME)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/duplicates/{pair.pk}/")
    checked(page, f"{name}-pair")
    page.focus("input[name=decision][value=left]")
    page.keyboard.press("Space")
    page.locator("textarea[name=reason]").focus()
    page.keyboard.type("Cùng giấy khai sinh")
    tab_to(page, "Quyết định" if language == "vi" else "Decide")
    page.keyboard.press("Enter")
    page.wait_for_selector("#messages")
    checked(page, f"{name}-proposed")
    pair.refresh_from_db()
    assert pair.state == "proposed"
