"""A citizen downloads the receipt of a look, and anybody can check it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dancu.audit import outside
from dancu.audit.services import make_key, seal
from tests.portal.cast import AT, Cast, looked
from tests.portal.test_pages import text


@pytest.fixture
def key(settings, tmp_path, family):
    settings.AUDIT_KEYS = tmp_path
    return make_key(at=AT)


def receipt_href(mother: Client) -> str:
    (query,) = re.findall(r'/who-looked/one/(\?[^"]*)"', text(mother, "looks"))
    page = mother.get(f"/who-looked/one/{query}").content.decode()
    (href,) = re.findall(r'href="(/who-looked/receipt/[^"]*)"', page)
    return href


def test_the_receipt_of_a_look_is_downloaded_and_checked(key, mother, family: Cast) -> None:
    looked(family)
    seal(at=AT)
    answer = mother.get(receipt_href(mother))
    assert answer.status_code == 200
    assert "bien-nhan-0.json" in answer["Content-Disposition"]
    receipt = outside.read_receipt(answer.content.decode())
    head = outside.signed_head(receipt.note, [key])
    assert head is not None
    assert receipt.proves(head)
    assert f'"person":{family.mother}' in receipt.entry.decode()


def test_each_of_two_looks_at_one_moment_has_its_page_and_receipt(
    key, mother, family: Cast
) -> None:
    looked(family)
    looked(family)
    seal(at=AT)
    queries = re.findall(r'/who-looked/one/(\?[^"]*)"', text(mother, "looks"))
    receipts = [mother.get(f"/who-looked/receipt/{query}") for query in queries]
    indices = [outside.read_receipt(one.content.decode()).index for one in receipts]
    assert len(set(indices)) == len(queries) == 2


def test_a_look_that_is_not_sealed_yet_has_no_receipt_yet(key, mother, family: Cast) -> None:
    seal(at=AT)
    looked(family)
    answer = mother.get(receipt_href(mother))
    assert (answer.status_code, answer["Retry-After"]) == (409, "60")
    assert "chưa được niêm phong" in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?look=x", "?look=1-look"])
def test_what_names_no_look_has_no_receipt(key, mother, query: str) -> None:
    assert mother.get(f"/who-looked/receipt/{query}").status_code == 404
