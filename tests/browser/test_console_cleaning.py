"""The workbench on a phone: from a clerk's damaged list to the clean one, by thumb and keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from driving import PHONE, assert_accessible, assert_no_overflow, picture, tab_to
from playwright.sync_api import Page, expect

from dancu.cleaning import working
from dancu.cleaning.models import File
from dancu.kernel.clock import system_clock
from dancu.places import queries as places
from dancu.population import dictionary
from tests.console.cast import LONG_NAME, Family, a_family, client_of, make_accounts, prepare


@pytest.fixture
def family(transactional_db: object) -> Iterator[Family]:
    """The family, and everybody's account, as a server sees them."""
    cache.clear()
    prepare()
    found = a_family()
    make_accounts(found)
    yield found
    dictionary.forget()
    places.forget()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def checked(page: Page, name: str) -> None:
    """Axe finds nothing and nobody has to scroll sideways; a picture where one is wanted."""
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"cleaning-{name}.png")


def work() -> None:
    """Do what the worker would."""
    working.work(file_id=File.objects.get().pk, at=system_clock.now())


def test_a_clerk_gets_a_clean_list_on_a_phone(
    make_page: Callable[..., tuple[Page, object]], family: Family, tmp_path: Path
) -> None:
    file = tmp_path / f"{LONG_NAME.replace(' ', '_')}.csv"
    rows = "".join(
        f"{n};79{n % 2 + 2}15{n:06d};NGUYỄN THỊ {LONG_NAME.upper()};{n % 28 + 1}/3/2015;"
        f"{'Nữ' if n % 2 else 'nam'};Phường Sài Gòn, TP.HCM;09123456{n:02d}\n"
        for n in range(70)
    )
    head = "STT;Mã định danh;Họ và tên;Ngày sinh;Giới tính;Địa chỉ thường trú;Số điện thoại\n"
    file.write_text(f"{head}{rows};;Cộng: 70;;;;\n", encoding="utf-8")
    session = client_of("steward").cookies["dancu_session"].value
    cookies = {"dancu_session": session, "dancu_language": "vi"}
    page, _guard = make_page(size=PHONE, cookies=cookies)
    page.goto("/console/cleaning/")
    checked(page, "list")
    page.get_by_role("link", name="Gửi tệp mới").click()
    page.wait_for_url("**/cleaning/new/")
    checked(page, "new")
    page.set_input_files("#id_file", file)
    tab_to(page, "Xem tệp")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cleaning-progress")
    checked(page, "working")
    work()
    page.wait_for_selector("#profile")
    checked(page, "columns")
    tab_to(page, "Đúng như vậy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposals/")
    expect(page.locator("main")).to_contain_text("Viết hoa trong họ tên")
    checked(page, "proposals")
    page.goto(f"{page.url}NAME_CASE/")
    checked(page, "kind")
    page.go_back()
    tab_to(page, "Tiếp tục với lựa chọn này")
    page.keyboard.press("Enter")
    page.wait_for_url("**/duplicates/")
    checked(page, "duplicates")
    page.locator("main").get_by_role("link", name="Tiếp tục").click()
    page.wait_for_url("**/verification/")
    checked(page, "verification")
    tab_to(page, "Ghi tệp sạch, không đối chiếu")
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")
    work()
    page.wait_for_selector("main .stats")
    checked(page, "result")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tệp đã làm sạch").click()
    assert download.value.suggested_filename.endswith("-cleaned.csv")
