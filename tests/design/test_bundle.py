"""One style sheet and one script: whole, named by their content, kept for ever, found anew."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from dancu.design import bundle


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Bundles in a folder of the test's own."""
    bundle.name_of.cache_clear()
    monkeypatch.setattr(bundle, "folder", lambda: tmp_path)
    yield tmp_path
    bundle.name_of.cache_clear()


def test_it_holds_every_part_in_order(built: Path) -> None:
    text = (built / bundle.name_of("css")).read_text()
    marks = [":root {", "@font-face", ".topbar {", ".notice {", ".lines", "@media print {"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "/*" not in text
    parts = bundle.parts_of("css")
    assert set(parts) == {f"design/css/{name}.css" for name in bundle.STYLES} | set(bundle._added)
    assert len(parts) == len(set(parts))
    script = (built / bundle.name_of("js")).read_text()
    assert script.count('"use strict"') == len(bundle.SCRIPTS)


def test_its_name_changes_with_its_content(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bundle.name_of("css")
    bundle.name_of.cache_clear()
    assert bundle.name_of("css") == before
    bundle.name_of.cache_clear()
    monkeypatch.setattr(bundle, "_text", lambda name: name)
    assert bundle.name_of("css") != before


def test_a_page_asks_for_one_style_sheet(built: Path) -> None:
    html = Template("{% load design %}{% styles %}{% scripts %}").render(Context())
    assert html.count("<link") == 1
    assert html.count("<script") == 2
    assert f"/static/{bundle.name_of('css')}" in html


def test_it_is_found_and_nothing_else_is_made_up(built: Path) -> None:
    name = bundle.name_of("css")
    assert finders.find(name) == str(built / name)
    assert finders.find(name.replace("all.", "all.0")) is None
    assert finders.find("design/css/all.000000000000.css") is None
    assert finders.find("design/css/base.css")


def test_it_is_sent_compressed_and_kept_for_ever(built: Path) -> None:
    server = WhiteNoiseMiddleware(lambda _request: None)
    request = RequestFactory().get(
        f"/static/{bundle.name_of('css')}", headers={"Accept-Encoding": "gzip"}
    )
    answer = server(request)
    body = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == (built / bundle.name_of("css")).read_bytes()
    assert len(body) < 20_000


def test_without_a_place_to_put_it_the_parts_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle.name_of.cache_clear()
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(bundle, "folder", lambda: tmp_path / "file")
    html = Template("{% load design %}{% styles %}").render(Context())
    assert html.count("<link") == len(bundle.parts_of("css"))
    assert list(bundle.BundleFinder().list(None)) == []
    bundle.name_of.cache_clear()
