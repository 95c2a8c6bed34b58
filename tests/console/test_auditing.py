"""The auditor's pages: unusual readers, the looks behind a number, and the state of the seal."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.utils import timezone

from dancu.audit.services import make_key, seal
from dancu.audit.verifying import check_and_record
from dancu.disclosure.internal.trying import OVERTRIED
from dancu.disclosure.models import AccessRecord
from dancu.identity.models import Account
from tests.console.cast import Family, at_work

READERS = "/console/readers/"


def page(client: object, href: str, status: int = 200) -> str:
    answer = client.get(href)  # type: ignore[attr-defined]
    assert answer.status_code == status, (href, answer.status_code)
    return answer.content.decode()


def refused_often(account: int, person: int, count: int = 12) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosure_accessrecord (disclosure, person_id, account_id, at, kind,"
            " office, source, role, purpose, case_number, refusal)"
            " SELECT nextval('disclosure_number_seq'), %s, %s, now(), 1, 'CA-26743', 'CA-26743',"
            " 'ward_officer', 'residence_check', 'HS-77', 'not-found' FROM generate_series(1, %s)",
            [person, account, count],
        )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_whoever_is_refused_often_stands_out_and_the_cases_open(
    family: Family, language: str
) -> None:
    refused_often(Account.objects.get(username="other_ward").pk, family.father)
    client = at_work("auditor", language=language)
    shown = page(client, READERS)
    assert ("bất thường" if language == "vi" else "unusual") in shown
    (href,) = set(re.findall(r'href="(/console/readers/looks/[^"]*sign=refused[^"]*)"', shown))
    behind = page(client, href.replace("&amp;", "&"))
    assert behind.count("HS-77") == 12
    assert family.father_pid not in behind
    assert AccessRecord.objects.filter(kind=AccessRecord.Kind.AUDIT, person_id=family.father)


def test_whoever_tries_values_on_one_person_is_shown_with_what_was_tried(family: Family) -> None:
    refused_often(Account.objects.get(username="other_ward").pk, family.father, count=1)
    (one,) = AccessRecord.objects.filter(refusal="not-found").values()
    agency = {"account_id": None, "contract": "bank-check", "agent": "Trần Văn Bình"}
    tried = {**one, **agency, "id": None, "kind": AccessRecord.Kind.VERIFY, "refusal": ""}
    AccessRecord.objects.bulk_create(
        [
            *(AccessRecord(**{**tried, "attributes": [-2, 1]}) for _try in range(11)),
            AccessRecord(**{**tried, "refusal": OVERTRIED}),
        ]
    )
    client = at_work("auditor", language="en")
    shown = page(client, READERS)
    assert "Trần Văn Bình, Checking of bank customers" in shown
    assert "Công an phường Bến Thành" in shown
    assert "up to 12 times in one day" in shown
    (href,) = set(re.findall(r'href="(/console/readers/looks/[^"]*sign=asked[^"]*)"', shown))
    behind = page(client, href.replace("&amp;", "&"))
    assert behind.count("not the same: ") == 11
    assert behind.count("more values were tried than the contract allows") == 1
    assert "Trần Văn Bình · " in behind


def test_without_somebody_unusual_the_page_says_so(family: Family) -> None:
    client = at_work("auditor")
    assert "Không có ai bất thường" in page(client, READERS)
    assert page(client, f"{READERS}?days=90&all=on").count("sign=all") >= 1


@pytest.mark.parametrize(
    "query", ["", "?account=1&sign=x", "?sign=refused", "?account=%00", "?contract=%00&sign=all"]
)
def test_an_address_that_names_nobody_is_not_found(family: Family, query: str) -> None:
    page(at_work("auditor"), f"{READERS}looks/{query}", 404)


@pytest.mark.parametrize("days", ["x", "-1", "9999", "٣"])
def test_another_period_than_those_declared_is_the_first(family: Family, days: str) -> None:
    assert 'value="7" selected' in page(at_work("auditor"), f"{READERS}?days={days}")


def test_only_auditors_see_readers_and_only_in_a_case(family: Family) -> None:
    page(at_work("ward"), READERS, 403)
    page(at_work("ward"), "/console/seal/", 403)


def test_the_seal_says_how_it_stands(family: Family, settings: object, tmp_path: object) -> None:
    settings.AUDIT_KEYS = tmp_path  # type: ignore[attr-defined]
    client = at_work("auditor")
    assert "Đỉnh gần nhất đã ký quá hai phút" in page(client, "/console/seal/")
    assert "đang không được niêm phong" in page(client, READERS)
    make_key(at=timezone.now())
    head = seal(at=timezone.now()).head
    shown = page(client, "/console/seal/")
    assert "quá hai phút" not in shown
    assert head.root.hex() in shown
    assert check_and_record(at=timezone.now()).is_whole
    assert "Không có bản ghi nào bị xóa" in page(client, "/console/seal/")


def test_damage_is_told_to_the_auditor(family: Family, settings: object, tmp_path: object) -> None:
    settings.AUDIT_KEYS = tmp_path  # type: ignore[attr-defined]
    make_key(at=timezone.now())
    refused_often(1, family.father, 3)
    seal(at=timezone.now())
    gone = AccessRecord.objects.latest("id").pk
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE disclosure_accessrecord DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM disclosure_accessrecord WHERE id = %s", [gone])
        cursor.execute("ALTER TABLE disclosure_accessrecord ENABLE TRIGGER USER")
    check_and_record(at=timezone.now())
    assert f"access records {gone}" in page(at_work("auditor"), "/console/seal/")
