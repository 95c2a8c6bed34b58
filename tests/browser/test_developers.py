"""An agency's developer: from nothing to the first answer, on a desk, a phone, by keyboard."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse
from driving import (
    DESK,
    PHONE,
    assert_accessible,
    assert_no_overflow,
    tab_to,
)
from playwright.sync_api import Page, expect

from dancu.developers import offered, services
from dancu.developers.models import Part
from dancu.developers.types import Measured
from dancu.exchange.oauth import ring, tokens
from dancu.exchange.pace import pace
from dancu.kernel.clock import system_clock
from tests.disclosure.conftest import map_loaded

__all__ = ["map_loaded"]

PAGES = (
    "/developers/",
    "/developers/start/",
    "/developers/sandbox/",
    "/developers/trial/",
    "/developers/trial/?operation=lookUp",
    "/developers/people/",
    "/developers/examples/",
    "/developers/examples/verify/?language=python",
    "/developers/examples/signed/?language=javascript",
    "/developers/services/",
    "/developers/services/verify/",
    "/developers/services/token/",
    "/developers/services/sendBatch/",
    "/developers/services/proof-inclusion/",
    "/developers/attributes/",
    "/developers/contracts/",
    "/developers/contracts/one-stop-hcmc/",
    "/developers/errors/",
    "/developers/errors/?q=zzz",
    "/developers/openapi/",
    "/developers/changes/",
    "/developers/versions/",
    "/developers/status/",
)


@pytest.fixture(autouse=True)
def _measured(transactional_db: None, map_loaded: None) -> None:
    pace.forget()
    ring.forget()
    tokens.SESSIONS.forget()
    services.measure(
        measured=[
            Measured(Part.EXCHANGE, is_up=True, value=4.2),
            Measured(Part.DATABASE, is_up=True, value=0.8),
            Measured(Part.BATCHES, is_up=True, value=1200.0),
            Measured(Part.SEAL, is_up=False, value=400.0),
        ],
        at=system_clock(),
    )


def check(page: Page) -> None:
    assert_accessible(page)
    assert_no_overflow(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_serves_everybody(make_page, size: tuple[int, int]) -> None:
    page, _guard = make_page(size=size)
    for address in PAGES:
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        check(page)


def test_dark_and_english_pages_and_small_screens_lose_nothing(make_page) -> None:
    page, _guard = make_page(size=PHONE, dark=True, cookies={"dancu_language": "en"})
    for address in PAGES[:5]:
        page.goto(address)
        check(page)
    page, _guard = make_page(size=(320, 640))
    for address in PAGES:
        page.goto(address)
        assert_no_overflow(page)


def test_a_key_is_made_in_the_browser_and_asks_at_once(make_page, tmp_path: Path) -> None:
    page, _guard = make_page(size=DESK, cookies={"dancu_language": "en"})
    page.goto("/developers/")
    page.locator("main").get_by_role("link", name="Get a sandbox key").first.click()
    page.get_by_label("What will it be for?").first.fill("Trường Lê Lợi")
    page.get_by_role("button", name="Make key and client").click()
    name = page.locator('[data-fill="client"]')
    expect(name).to_have_text(re.compile("^sandbox-[0-9a-f]{12}$"))
    check(page)
    client = name.inner_text()
    page.get_by_role("button", name="Ask with my key").click()
    expect(page.locator('[data-code="answer"]')).to_contain_text("full_match")
    expect(page.locator('[data-code="request"]')).to_contain_text("999188000015")
    check(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the key (PEM)").click()
    assert download.value.suggested_filename == f"{client}.pem"
    key = tmp_path / "key.pem"
    download.value.save_as(key)
    shown = subprocess.run(
        ["openssl", "pkey", "-in", str(key), "-noout", "-text"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Private-Key" in shown.stdout
    environment = page.locator('[data-code="environment"] code')
    expect(environment).to_contain_text(f"export EXCHANGE_CLIENT={client}")
    curl = page.locator('[data-code="curl"] code').inner_text()
    assert "ASSERTION" not in curl
    assertion = re.search(r"client_assertion=(eyJ[\w.-]+)", curl)
    assert assertion is not None
    if shutil.which("curl"):
        told = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True)
        assert "full_match" in told.stdout
    page.get_by_role("button", name="Sign a new one").click()
    again = page.locator('[data-code="curl"] code')
    expect(again).not_to_contain_text(assertion[1])
    page.goto("/developers/")


def test_with_the_keyboard_alone_a_question_is_asked(make_page) -> None:
    page, _guard = make_page(size=DESK)
    page.goto("/developers/")
    tab_to(page, "Hỏi thử ngay")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trial/")
    tab_to(page, "Nội dung (JSON)")
    tab_to(page, "Hỏi")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("full_match")
    check(page)


def test_without_scripts_everything_works(make_page, tmp_path: Path) -> None:
    page, guard = make_page(size=PHONE, scripts=False)
    guard.expect("scripts")
    page.goto("/developers/trial/")
    page.get_by_label("Câu hỏi đã biết câu trả lời").select_option(index=1)
    page.get_by_role("button", name="Lấy câu này").click()
    page.get_by_role("button", name="Hỏi", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("facts_differ")
    page.goto("/developers/sandbox/")
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    page.get_by_label("Khóa công khai").fill(json.dumps(key))
    page.get_by_role("button", name="Tạo với khóa này").click()
    expect(page.locator("main")).to_contain_text("export EXCHANGE_CLIENT=sandbox-")


def test_a_wrong_key_is_explained_where_it_was_typed(make_page) -> None:
    page, guard = make_page(size=PHONE)
    guard.expect("422")
    page.goto("/developers/sandbox/")
    page.get_by_label("Khóa công khai").fill("abc")
    page.get_by_role("button", name="Tạo với khóa này").click()
    expect(page.locator(".error-summary")).to_be_visible()
    check(page)


def test_very_long_names_and_empty_sections_keep_the_page_whole(
    make_page, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    operation = offered.find("verify")[1]
    long = replace(
        operation,
        name="verify",
        path="/" + "verifications-of-everything-that-could-be-asked/" * 4,
        summary="Compare " + "verylongwordwithoutanyspace" * 12,
    )
    made = tuple(
        replace(one, operations=(long,) if one.tag == "verification" else ())
        for one in offered.services()
    )
    monkeypatch.setattr(offered, "services", lambda: made)
    page, _guard = make_page(size=PHONE)
    for address in (
        "/developers/",
        "/developers/services/",
        reverse("developers:service", args=["verify"]),
    ):
        page.goto(address)
        check(page)
