"""A browser for journeys: a desk and a phone, on the platform served by pytest-django.

A page fixture fails its test when the page logged an error, broke the content security policy
or asked another machine for anything. Expected errors are named: ``guard.expect("409")``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest
from driving import DESK, PHONE, TIMEOUT_MS, Guard, open_browser, open_page
from playwright.sync_api import Browser, Page, expect

# Playwright's own event loop runs in the thread of the tests, where they also use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=TIMEOUT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this directory, so that ``-m "not browser"`` leaves it out.

    WhiteNoise warns that files have not been collected; here they come from their rooms.
    """
    here = os.path.dirname(__file__)  # noqa: PTH120
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings("ignore:No directory at:UserWarning"))


class PageMaker(Protocol):
    """Opens pages; every page is closed and judged at the end of the test."""

    def __call__(self, *, origin: str = "", **options: Any) -> tuple[Page, Guard]: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole session."""
    with open_browser() as running:
        yield running


@pytest.fixture
def make_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[PageMaker]:
    """Opens pages at ``origin`` (else pytest-django's live server): ``size``, ``dark``,
    ``scripts``, ``cookies`` as in ``driving.open_page``."""
    guards: list[Guard] = []
    with ExitStack() as stack:

        def make(*, origin: str = "", **options: Any) -> tuple[Page, Guard]:
            place = origin or request.getfixturevalue("live_server").url
            page, guard = stack.enter_context(open_page(browser, place, **options))
            guards.append(guard)
            return page, guard

        yield make
    for guard in guards:
        guard.assert_clean()


@pytest.fixture
def desk(make_page: PageMaker) -> Page:
    """A page 1280 px wide on the live server."""
    return make_page(size=DESK)[0]


@pytest.fixture
def phone(make_page: PageMaker) -> Page:
    """A page of a phone, 390 px wide, on the live server."""
    return make_page(size=PHONE)[0]


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def any_page(make_page: PageMaker, request: pytest.FixtureRequest) -> Page:
    """The test runs twice: on a desk and on a phone."""
    return make_page(size=request.param)[0]


@pytest.fixture(scope="module")
def serve_without_database() -> Iterator[Callable[[str], str]]:
    """Serves the addresses of a URL module, static files too, with no database behind."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.db import connections
    from django.test.testcases import LiveServerThread
    from django.test.utils import override_settings

    with ExitStack() as stack:

        def serve(urls: str) -> str:
            hosts = {"ALLOWED_HOSTS": ["127.0.0.1"], "ROOT_URLCONF": urls}
            stack.enter_context(override_settings(**hosts))
            thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
            thread.daemon = True
            stack.callback(thread.terminate)
            thread.start()
            thread.is_ready.wait()
            if thread.error:
                raise thread.error
            return f"http://127.0.0.1:{thread.port}"

        yield serve
    connections.close_all()
