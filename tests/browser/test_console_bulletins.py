"""The evening briefing on a phone, and the league table on a desk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from driving import DESK, PHONE, assert_accessible, assert_no_overflow, picture, tab_to
from playwright.sync_api import Page

from dancu.bulletins.services import produce, set_target
from dancu.kernel.clock import VIETNAM, today
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.population.models import Person
from tests.bulletins.town import Cause, closed, examined, opened
from tests.console.cast import client_of, make_accounts, prepare
from tests.disclosure.conftest import officer

HERE, CITY = "26740", "79"
_COMMUNES = 40


@pytest.fixture
def _briefed(transactional_db: object) -> Iterator[None]:
    """Forty wards over five evenings, with targets."""
    prepare()
    make_accounts()
    now = timezone.now()
    day = today(now)
    communes = [one.code for one in places.list_units(parent=CITY, on=day)][:_COMMUNES]
    communes = list(dict.fromkeys([HERE, *communes]))
    Person.objects.bulk_create(
        Person(commune=code) for at, code in enumerate(communes) for _ in range(60 + at)
    )
    examined(day - timedelta(days=9))
    left = {
        code: opened(code, (1, 22, 40, 60, 61)[at % 5], 14 + at % 9, day - timedelta(days=8))
        for at, code in enumerate(communes)
    }
    for unit, goal in ((HERE, 2), (communes[3], 0)):
        set_target(
            unit=unit,
            group="",
            kind="left",
            goal=goal,
            by=day + timedelta(days=12),
            reason="KH 01/KH-CATP",
            actor=officer("province_officer", CITY),
            at=now,
        )
    for back in range(4, -1, -1):
        on = day - timedelta(days=back)
        for at, code in enumerate(communes):
            some = [] if at % 7 == 3 else left[code][: 1 + at % 3]
            cause = Cause.RULE_ENDED if at % 11 == 5 else Cause.MENDED
            closed(some, on, cause)
            left[code] = left[code][len(some) :]
            left[code] += opened(code, 60, at % 3, on)
        moment = min(now, now.astimezone(VIETNAM).replace(hour=20) - timedelta(days=back))
        produce(kind="evening", day=on, actor=None, at=moment)
    yield
    dictionary.forget()
    places.forget()


def checked(page: Page, name: str) -> None:
    """Axe finds nothing and nobody has to scroll sideways; a picture where one is wanted."""
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"{name}.png")


@pytest.mark.parametrize(
    ("size", "language", "who"),
    [(DESK, "en", "province"), (PHONE, "vi", "province"), (PHONE, "vi", "ward")],
    ids=["desk", "phone", "ward"],
)
@pytest.mark.usefixtures("_briefed")
def test_one_minute_at_eight_in_the_evening(
    make_page: Callable[..., tuple[Page, object]], size: tuple[int, int], language: str, who: str
) -> None:
    client = client_of(who)
    cookies = {
        "dancu_session": client.cookies["dancu_session"].value,
        "dancu_language": language,
    }
    page, _guard = make_page(size=size, cookies=cookies)
    name = f"bulletin-{size[0]}-{language}-{who}"
    page.goto("/console/bulletins/")
    checked(page, f"{name}-list")
    page.goto("/console/bulletins/latest/evening/")
    page.wait_for_selector("main svg.trend")
    checked(page, name)
    page.goto("/console/targets/")
    checked(page, f"{name}-targets")
    if size == DESK:
        page.goto("/console/bulletins/latest/evening/")
        page.click("main a[href*='league/']")
        page.wait_for_url("**/league/**")
        checked(page, f"{name}-league")
        page.go_back()
        tab_to(page, "Impossible numbers, names and dates")
        page.keyboard.press("Enter")
        page.wait_for_url("**/behind/**")
        checked(page, f"{name}-behind")
