"""Whole pages: nothing inline, nothing missing, both languages, with and without surroundings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

import dancu.design
from dancu.design import views
from dancu.design.bundle import SCRIPTS, STYLES

ROOM = Path(dancu.design.__file__).parent
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
CSS = ROOM / "static" / "design" / "css"
URLS = "tests_design_urls"


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def pages(language: str) -> dict[str, str]:
    request = RequestFactory().get("/design/?wrong")
    with override_settings(ROOT_URLCONF=URLS), translation.override(language):
        answers = {face: views.styleguide(request, face) for face in views.LAYOUTS}
        answers["error"] = views.error(request)
        answers["dialog"] = views.dialog(request)
        return {name: answer.content.decode() for name, answer in answers.items()}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_inline_or_from_elsewhere(language: str) -> None:
    for html in pages(language).values():
        assert not re.search(r"<[^>]+\sstyle=", html)
        assert "<style" not in html
        assert not re.search(r"<[^>]+\son[a-z]+=", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_has_a_title_one_h1_a_main_and_a_skip_link(language: str) -> None:
    for html in pages(language).values():
        assert re.search(r"<title>\S.* – dancu</title>", html)
        assert html.count("<h1") == 1
        assert len(re.findall(r'<main [^>]*id="content"', html)) == 1
        assert 'href="#content"' in html
        assert f'<html lang="{language}"' in html


def test_ids_are_unique() -> None:
    for html in pages("vi").values():
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert sorted(ids) == sorted(set(ids))


def test_every_icon_is_drawn() -> None:
    sprite = (ROOM / "static" / "design" / "icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = set()
    for html in pages("vi").values():
        used |= set(re.findall(r'<use href="[^"#]+#([^"]+)"', html))
    assert used
    assert used <= drawn


def test_every_style_sheet_is_listed_and_every_listed_one_exists() -> None:
    assert {path.stem for path in CSS.glob("*.css")} == set(STYLES)
    for script in SCRIPTS:
        assert finders.find(f"design/js/{script}.js")


def test_style_sheets_name_only_files_that_exist() -> None:
    for sheet in CSS.glob("*.css"):
        for target in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (CSS / target).is_file(), f"{sheet.name}: {target}"


def test_colours_live_in_the_tokens() -> None:
    allowed = {"tokens", "print"}
    for sheet in CSS.glob("*.css"):
        if sheet.stem not in allowed:
            found = set(re.findall(r"#[0-9a-f]{3,6}\b", sheet.read_text())) - {"#fff"}
            assert not found, f"{sheet.name}: {found}"


def test_vendored_files_come_with_their_licences() -> None:
    vendor = ROOM / "static" / "design" / "vendor"
    for folder in vendor.iterdir():
        assert any((folder / name).is_file() for name in ("LICENSE", "OFL.txt")), folder.name


def test_every_message_is_translated() -> None:
    with (ROOM / "locale/vi/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="vi")
    translated = {}
    for message in catalogue:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[0]
            translated[one] = message.string
            assert message.string, one
            assert not message.fuzzy, one
    for path in TEMPLATES:
        words = re.findall(r'{% translate ["\']([^"\']+)["\']', path.read_text())
        words += re.findall(r'[ =:]_\("([^"]+)"\)', path.read_text())
        for word in words:
            assert word in translated, f"{path.name}: {word}"


def test_an_error_page_needs_nothing_but_its_template() -> None:
    html = render_to_string("design/error.html", {"status": 503})
    assert "503" in html
    assert "<h1>" in html


@pytest.mark.parametrize("layout", sorted(views.LAYOUTS.values()))
def test_a_layout_stands_without_surroundings(layout: str) -> None:
    html = render_to_string("design/error.html", {"layout": layout, "title": "Không tìm thấy"})
    assert "Không tìm thấy" in html
