"""Decisions on the map in a browser: sent in, looked at, applied; the ward settles what is open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from driving import DESK, PHONE, assert_accessible, assert_no_overflow, picture
from playwright.sync_api import Page

from dancu.kernel.clock import today
from dancu.places import queries as places
from dancu.population import dictionary
from tests.console.cast import a_family, at_work, make_accounts, prepare
from tests.places.decision_files import SPLIT, text_of


@pytest.fixture
def _family(transactional_db: object) -> Iterator[None]:
    prepare()
    make_accounts(a_family())
    yield
    dictionary.forget()
    places.forget()


def checked(page: Page, name: str) -> None:
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"{name}.png")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.usefixtures("_family")
def test_a_split_is_applied_and_its_ward_settles_the_rest(
    make_page: Callable[..., tuple[Page, object]], size: tuple[int, int], tmp_path: Path
) -> None:
    body = SPLIT.split("    rest")[0] + '    to: ["26740", "29901"]\n    unclear: "26740"\n'
    file = tmp_path / "decision.yaml"
    text = text_of(body, day=today(timezone.now()).isoformat())
    file.write_text(text.replace("2026-10-15", "2026-01-15"), encoding="utf-8")
    page, _guard = make_page(size=size, cookies=session("province"))
    page.goto("/console/map/")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("button", name="Áp dụng quyết định").wait_for()
    checked(page, f"map-preview-{size[0]}")
    page.get_by_role("button", name="Áp dụng quyết định").click()
    page.get_by_text("đã có hiệu lực").first.wait_for()
    checked(page, f"map-changes-{size[0]}")

    page, _guard = make_page(size=size, cookies=session("ward"))
    page.goto("/console/unclear-addresses/")
    checked(page, f"map-unclear-{size[0]}")
    page.locator("main table a").first.click()
    page.get_by_role("link", name="Từng nơi ở").wait_for()
    checked(page, f"map-street-{size[0]}")
    page.locator("select[name=unit]").select_option("29901")
    page.locator("textarea[name=reason]").fill("Bản đồ địa chính")
    page.get_by_role("button", name="Xem trước kết quả").click()
    page.get_by_role("button", name="Xử lý các nơi ở này").wait_for()
    checked(page, f"map-rule-{size[0]}")
    page.get_by_role("link", name="Sửa lại").click()
    page.get_by_role("link", name="Từng nơi ở").click()
    page.locator("input[name=address]").first.check()
    page.locator("select[name=unit]").select_option("29901")
    page.locator("textarea[name=reason]").fill("Đo tại chỗ")
    page.get_by_role("button", name="Xử lý các địa chỉ đã đánh dấu").click()
    page.get_by_text("Đã xử lý 1 địa chỉ").wait_for()
    checked(page, f"map-settled-{size[0]}")


def session(username: str) -> dict[str, str]:
    client = at_work(username)
    return {"dancu_session": client.cookies["dancu_session"].value, "dancu_language": "vi"}
