"""A round at the door: on a phone, by the keyboard alone, with axe on every page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from driving import PHONE, assert_accessible, assert_no_overflow, picture, tab_to
from playwright.sync_api import Page

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.rounds import services
from dancu.rounds.models import Stop
from tests.console.cast import (
    HOME,
    LONG_NAME,
    a_family,
    a_person,
    client_of,
    make_accounts,
    prepare,
)


@pytest.fixture
def _round(transactional_db: object) -> Iterator[None]:
    """A family and a neighbour of a very long name, in a round that has been opened."""
    prepare()
    family = a_family()
    make_accounts(family)
    a_person(LONG_NAME, "F", "1990-02-03", permanent_residence=HOME)
    at = timezone.now()
    officer = Actor(
        kind="officer",
        name="Cán bộ",
        office_code="CA-26740",
        source="CA-26740",
        roles=frozenset({"ward_officer"}),
        jurisdictions=frozenset({"26740"}),
    )
    day = today(at)
    services.open_campaign(
        kind="door_to_door",
        unit="26740",
        begins_on=day,
        ends_on=day + timedelta(days=30),
        actor=officer,
        at=at,
    )
    yield
    dictionary.forget()
    places.forget()


def checked(page: Page, name: str) -> None:
    """Axe finds nothing and nobody has to scroll sideways; a picture where one is wanted."""
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"{name}.png")


@pytest.mark.usefixtures("_round")
def test_an_officer_walks_from_the_figures_to_a_door_and_notes_the_visit(
    make_page: Callable[..., tuple[Page, object]],
) -> None:
    client = client_of("ward")
    cookies = {"dancu_session": client.cookies["dancu_session"].value, "dancu_language": "vi"}
    page, _guard = make_page(size=PHONE, cookies=cookies)
    page.goto("/console/rounds/")
    checked(page, "rounds")
    tab_to(page, "Đi từng ngõ, gõ từng nhà, rà từng người")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rounds/*/")
    checked(page, "rounds-campaign")
    tab_to(page, "Không ghi khu phố, thôn")
    page.keyboard.press("Enter")
    page.wait_for_selector("main table")
    assert LONG_NAME in page.locator("main").inner_text()
    checked(page, "rounds-houses")
    page.locator("main table a").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main form [name=outcome]")
    checked(page, "rounds-door")
    buttons = page.locator("main form button[name=outcome][value=met]")
    box = buttons.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    tab_to(page, "Có sai lệch")
    page.keyboard.press("Enter")
    checked(page, "rounds-door-differs")
    tab_to(page, "Vắng nhà")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stops/?*")
    checked(page, "rounds-noted")
    assert Stop.objects.filter(state=Stop.State.NOBODY_HOME, version=1).count() == 1
    page.goto("/console/rounds/new/")
    checked(page, "rounds-new")
