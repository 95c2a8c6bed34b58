"""A form says which state of the record it was filled in against, or it writes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from dancu.population.services import version_of
from tests.console.cast import Family, at_work, client_of, footprint, say
from tests.console.test_forms import BEN_THANH, PAPER, STREET, problems, send, versions

SAID = "does not say which state of the record"
#: What somebody may send instead of the version: nothing, no number, one that there is not yet.
WRONG = ["", "x", "-1", "1.5", "٣", "9" * 20, "9" * 18]


def forms_about(family: Family) -> dict[str, dict[str, object]]:
    """Address → answers, of everything that changes what is held."""
    person = f"/console/people/{family.mother}"
    whom = {"people": [str(family.mother)], "day": "01/11/2026", **PAPER}
    where = {"to_text": STREET, "to_commune": BEN_THANH}
    return {
        f"{person}/facts/phone/correct/": {"value": "0987654321", "day": "01/11/2026", **PAPER},
        f"{person}/move/": {**whom, **where, "target": "new"},
        f"{person}/stay/": {**whom, **where},
        f"{person}/absence/": {**whom, **where},
        f"{person}/head/": {"head_id": str(family.mother), "day": "01/11/2026", **PAPER},
    }


def client_for(href: str) -> Client:
    purpose = "data_correction" if "/facts/" in href else "residence_registration"
    return client_of("province", purpose=purpose, language="en")


@pytest.mark.parametrize("version", WRONG)
def test_a_form_without_a_version_that_there_is_writes_nothing(
    family: Family, version: str
) -> None:
    before = footprint()
    field = f"version_{family.mother}"
    for href, answers in forms_about(family).items():
        client = client_for(href)
        seen = versions(client, href)
        for confirmed in ({}, {"confirmed": "yes"}):
            sent = client.post(href, {**seen, **answers, field: version, **confirmed})
            assert sent.status_code == 422, (href, confirmed)
            assert SAID in sent.content.decode(), (href, confirmed)
    assert footprint() == before


def test_a_form_shown_again_knows_the_version_of_today(family: Family) -> None:
    client = client_of("ward", purpose="data_correction", language="en")
    href = f"/console/people/{family.mother}/facts/phone/correct/"
    answers = {"value": "0987654321", "day": "01/11/2026", **PAPER}
    refused = client.post(href, answers)
    assert refused.status_code == 422
    seen = dict(refused.context["versions"])
    assert seen == {f"version_{family.mother}": str(version_of(family.mother))}
    done = send(client, href, {**answers, **seen})
    assert done.status_code == 302, problems(done)


@pytest.mark.parametrize("version", WRONG)
def test_a_fact_is_not_confirmed_without_having_been_seen(family: Family, version: str) -> None:
    client = client_of("ward", purpose="data_correction", language="en")
    before = footprint()
    href = f"/console/people/{family.father}/facts/phone/confirm/"
    answer = client.post(href, {f"version_{family.father}": version} if version else {})
    assert answer.status_code == 422
    assert SAID in answer.content.decode()
    assert footprint() == before


@pytest.mark.parametrize(
    ("act", "changed"),
    [
        ("facts/phone/correct", {"phone": "0911111111"}),
        ("stay", {"temporary_residence": None}),
        ("absence", {"temporary_absence": None}),
        ("head", {"household_relationship": "KHAC"}),
    ],
)
def test_whoever_comes_second_is_told_and_writes_nothing(
    family: Family, act: str, changed: dict[str, object]
) -> None:
    href = f"/console/people/{family.mother}/{act}/"
    client = client_for(href)
    seen = versions(client, href)
    say(family.mother, "C06", date(2026, 10, 30), **changed)
    before = footprint()
    answers = forms_about(family)[href]
    late = client.post(href, {**answers, **seen, "confirmed": "yes"})
    assert late.status_code == 409
    assert "Somebody changed this" in late.content.decode()
    assert footprint() == before


def test_a_reissue_for_another_reason_is_put_into_words_and_not_repeated(family: Family) -> None:
    client = client_of("province", purpose="data_correction", language="en")
    href = f"/console/people/{family.father}/number/"
    paper = {"evidence_kind": "inspection", "evidence_reference": "BB-1"}
    before = footprint()
    silent = client.post(href, {"reason": "other", "confirmed": "yes", **paper})
    assert silent.status_code == 422
    assert "explanation" in silent.context["form"].errors
    assert footprint() == before
    answers = {"reason": "other", "explanation": "Số bị người khác sử dụng trái phép", **paper}
    done = send(client, href, answers)
    assert done.status_code == 302, problems(done)
    before = footprint()
    twice = client.post(href, {**answers, "confirmed": "yes"})
    assert twice.status_code == 409
    assert "another number today" in twice.content.decode()
    assert footprint() == before


def test_what_does_not_belong_to_the_dead_is_neither_offered_nor_corrected(family: Family) -> None:
    registrar = at_work("registrar")
    answers = {"death_date": "10/2026", "evidence_reference": "BT-5"}
    send(registrar, f"/console/people/{family.father}/death/", answers)
    client = client_of("ward", purpose="data_correction", language="en")
    phone = f"/console/people/{family.father}/facts/phone/"
    assert f"{phone}correct/" not in client.get(phone).content.decode()
    before = footprint()
    refused = client.get(f"{phone}correct/")
    assert refused.status_code == 409
    assert "has died" in refused.content.decode()
    assert client.post(f"{phone}confirm/", versions(client, phone)).status_code == 302
    assert footprint() == before
    name = f"/console/people/{family.father}/facts/other_names/correct/"
    assert client.get(name).status_code == 200
