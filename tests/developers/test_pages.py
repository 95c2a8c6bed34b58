"""What the developers' pages say, in both languages, with much and with nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from dancu.catalogue.contracts import contracts
from dancu.catalogue.sandbox import sandbox_people
from dancu.developers import announced, offered, snippets, urls
from dancu.exchange.api.openapi import document
from dancu.exchange.api.registry import operations
from dancu.kernel.clock import system_clock, today

pytestmark = pytest.mark.django_db

ARGUMENTS = {
    "client": ["sandbox-0"],
    "example": ["verify"],
    "example_file": ["verify", "python"],
    "service": ["verify"],
    "contract": ["student-check"],
}
NO_PAGES = {"client", "example_file", "openapi_json", "openapi_yaml", "openapi_log"}
PAGES = sorted({str(p.name) for p in urls.urlpatterns} - NO_PAGES)


def address(name: str) -> str:
    return reverse(f"developers:{name}", args=ARGUMENTS.get(name, []))


def words(client: Client, href: str, status: int = 200) -> str:
    answer = client.get(href)
    assert answer.status_code == status, answer.content
    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole_in_both_languages(
    name: str, language: str, reader: Client, map_loaded: None
) -> None:
    reader.cookies["dancu_language"] = language
    page = reader.get(address(name)).content.decode()
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    assert re.search(r"<title>\s*\S", page)
    assert "style=" not in page
    assert "%(" not in page
    assert 'data-face="developers"' in page


def test_every_operation_has_its_page(reader: Client, map_loaded: None) -> None:
    listed = reader.get(address("services")).content.decode()
    for service in offered.services():
        for operation in service.operations:
            href = reverse("developers:service", args=[operation.name])
            assert href in listed
            said = words(reader, href)
            assert operation.path in said
            assert operation.summary in said.replace("&#x27;", "'").replace("&quot;", '"')
            assert "How it may refuse" in said
    names = {one.name for service in offered.services() for one in service.operations}
    assert names >= {one.name for one in operations()}


def test_an_operation_tells_inputs_outputs_refusals_and_limits(reader: Client) -> None:
    said = words(reader, reverse("developers:service", args=["verify"]))
    for expected in (
        "claims.*",
        "questions[].years",
        "Idempotency-Key",
        "X-Road-UserId",
        "attributes.*.result",
        "full_match, facts_differ",
        "clause-refused",
        "token-expired",
        "quota-used-up",
        "A request has at most 32 KiB.",
        "999188000015",
    ):
        assert expected in said, expected
    assert "assertion-replayed" not in said
    said = words(reader, reverse("developers:service", args=["token"]))
    assert "assertion-replayed" in said
    assert "quota-used-up" not in said


def test_a_service_that_nobody_answers_says_so(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = tuple(
        replace(one, operations=()) if one.tag == "feed" else one for one in offered.services()
    )
    monkeypatch.setattr(offered, "services", lambda: none)
    assert "Nothing to ask here yet" in words(reader, address("services"))


def test_an_unknown_entry_is_not_found(reader: Client) -> None:
    for name, argument in (
        ("service", "no-such"),
        ("contract", "no-such"),
        ("example", "no-such"),
        ("client", "sandbox-none"),
    ):
        answer = reader.get(reverse(f"developers:{name}", args=[argument]))
        assert answer.status_code == 404
        assert 'data-face="developers"' in answer.content.decode()


def test_contracts_are_told_in_plain_words_and_without_secrets(
    reader: Client, map_loaded: None
) -> None:
    listed = words(reader, address("contracts"))
    for one in contracts(today(system_clock())):
        assert one.label("en") in listed.replace("&#x27;", "'")
        said = words(reader, reverse("developers:contract", args=[one.name]))
        assert all(purpose.legal_basis[:20] in said for purpose in one.purposes.values())
    said = words(reader, address("contract"))
    assert "It may compare:" in said
    assert "60.000" in said
    assert "client" not in said.lower()


def test_the_document_can_be_downloaded_as_json_and_yaml(reader: Client) -> None:
    as_json = reader.get(reverse("developers:openapi_json"))
    as_yaml = reader.get(reverse("developers:openapi_yaml"))
    expected = json.loads(json.dumps(document("http://testserver/api/exchange/v1")))
    assert json.loads(as_json.content) == expected
    assert yaml.safe_load(as_yaml.content) == expected
    assert as_yaml.headers["Content-Type"] == "application/yaml"


def test_examples_are_shown_from_their_files(reader: Client) -> None:
    needs = {topic.name: topic.needs for topic in snippets.TOPICS}
    names = {one.name for one in operations()}
    for one in snippets.snippets():
        if needs[one.topic] not in names:
            continue
        href = reverse("developers:example", args=[one.topic])
        page = reader.get(f"{href}?language={one.language}").content.decode()
        assert one.file in page
        got = reader.get(reverse("developers:example_file", args=[one.topic, one.language]))
        assert got.content.decode() == one.text
        assert one.file in got.headers["Content-Disposition"]


def test_without_the_files_of_the_catalogue_pages_say_so(
    reader: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snippets, "folder", lambda: tmp_path)
    monkeypatch.setattr(announced, "folder", lambda: tmp_path)
    assert "No examples here yet" in words(reader, address("examples"))
    assert "Nothing has changed yet" in words(reader, address("changes"))
    assert "Nothing has changed yet" in words(reader, address("home"))
    assert reader.get(address("start")).status_code == 200
    assert reader.get(address("example")).status_code == 404


def test_people_stand_there_with_their_known_answers(reader: Client) -> None:
    said = words(reader, address("people"))
    for person in sandbox_people():
        assert person.full_name in said
        assert person.pid in said
        assert person.pid.startswith("999")
    assert "Accents differ." in said
    assert "is_at_least:18 → no" in said


def test_somebody_signed_in_or_not_sees_the_same_frame(reader: Client) -> None:
    page = reader.get(address("home")).content.decode()
    assert "Sign in" not in page
    assert "/developers/sandbox/" in page


def test_search_engines_may_read_them(reader: Client) -> None:
    assert "Allow: /developers/" in reader.get("/robots.txt").content.decode()
