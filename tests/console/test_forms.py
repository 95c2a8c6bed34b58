"""What the forms do: check, confirm, carry out once, say what changed, and lose nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from dancu.console.forms.civil import BirthForm
from dancu.console.forms.one_stop import CitizenForm
from dancu.console.forms.search import PresentForm
from dancu.population.internal import golden
from dancu.population.models import Person
from dancu.population.validation import MAX_TEXT, canonical
from tests.console.cast import AT, HERE, Family, at_work, client_of, footprint, say

STREET = "9 Hàm Nghi"
SAI_GON = "Phường Sài Gòn, Thành phố Hồ Chí Minh"
BEN_THANH = "Phường Bến Thành, Thành phố Hồ Chí Minh"
PAPER = {"evidence_kind": "form_ct01", "evidence_reference": "CT01-99"}


def send(client: Client, href: str, answers: dict[str, object], **more: object) -> object:
    """Fill in the form, then confirm what it shows."""
    first = client.post(href, {**versions(client, href), **answers, **more})
    assert first.status_code == 200, problems(first)
    assert b'name="confirmed"' in first.content
    kept = {"once": first.context["once"]}
    for name, value in first.context["kept"]:
        kept.setdefault(name, []).append(value) if name != "once" else None
    return client.post(href, {**kept, "confirmed": "yes"})


def versions(client: Client, href: str) -> dict[str, str]:
    """What a form hides: the state of the record that it was opened on."""
    context = client.get(href).context
    return dict(context["versions"]) if "versions" in context else {}


def problems(answer: object) -> object:
    context = answer.context or {}
    return dict(context["form"].errors) if "form" in context else answer.status_code


def fact(person: int, number: int) -> object:
    held = golden.held([person])[person].get(number)
    return held.value if held else None


def a_move(family: Family, **more: object) -> dict[str, object]:
    return {
        "people": [str(family.mother)],
        "day": "01/11/2026",
        "target": "new",
        "to_text": STREET,
        "to_commune": BEN_THANH,
        **PAPER,
        **more,
    }


def test_a_move_to_another_ward_is_confirmed_then_told_with_its_history(family: Family) -> None:
    client = at_work("province", language="en")
    href = f"/console/people/{family.mother}/move/"
    before = footprint()
    checked = client.post(href, a_move(family, **versions(client, href)))
    assert footprint() == before
    assert STREET in checked.content.decode()
    done = send(client, href, a_move(family))
    assert done.status_code == 302, problems(done)
    assert Person.objects.get(pk=family.mother).commune == "26743"
    after = client.get(done["Location"]).content.decode()
    assert "is registered" in after
    assert f"/console/people/{family.mother}/facts/permanent_residence/" in after


def test_a_form_sent_twice_is_carried_out_once(family: Family) -> None:
    client = at_work("province")
    href = f"/console/people/{family.mother}/move/"
    seen = versions(client, href)
    first = client.post(href, a_move(family, **seen))
    answers = {**a_move(family, **seen), "once": first.context["once"], "confirmed": "yes"}
    one = client.post(href, answers)
    after = footprint()
    two = client.post(href, answers)
    assert (one.status_code, two.status_code) == (302, 302)
    assert two["Location"] == one["Location"]
    assert footprint() == after


def test_changing_something_goes_back_to_the_form_with_the_answers(family: Family) -> None:
    client = at_work("province")
    href = f"/console/people/{family.mother}/move/"
    back = client.post(href, {**a_move(family), "change": "yes"})
    assert back.status_code == 200
    assert STREET in back.content.decode()
    assert b'name="confirmed"' not in back.content


def test_a_ward_officer_cannot_move_somebody_out_of_the_ward(family: Family) -> None:
    client = at_work("ward", language="en")
    before = footprint()
    refused = send(client, f"/console/people/{family.mother}/move/", a_move(family))
    assert refused.status_code == 422
    assert "outside the area" in refused.content.decode()
    assert footprint() == before


def test_whoever_leaves_a_household_without_head_is_followed_by_a_new_head(
    family: Family,
) -> None:
    client = at_work("province", language="en")
    href = f"/console/people/{family.father}/move/"
    done = send(client, href, a_move(family, people=[str(family.father)]))
    assert done["Location"] == f"/console/people/{family.mother}/head/"
    form = client.get(done["Location"])
    assert "no head any more" in form.content.decode()
    new = client.post(
        done["Location"],
        {
            "head_id": str(family.mother),
            "day": "01/11/2026",
            **dict(form.context["versions"]),
            **PAPER,
        },
    )
    assert new.status_code == 302, problems(new)
    assert fact(family.mother, 32) == "CHU_HO"


def test_the_whole_household_moves_as_it_is(family: Family) -> None:
    client = at_work("ward")
    answers = a_move(family, target="keep", to_commune=SAI_GON)
    done = send(client, f"/console/people/{family.mother}/move/", answers)
    assert done.status_code == 302, problems(done)
    for person in (family.father, family.mother, family.son, family.grandmother):
        assert Person.objects.get(pk=person).household == "HO-26740-000001"
    assert fact(family.grandmother, 26) == fact(family.father, 26)


def test_forms_take_a_name_as_long_as_files_do(family: Family) -> None:
    long = " ".join(["Nguyễn", *["Phương"] * 27])
    assert 190 < len(long) <= MAX_TEXT
    assert canonical("full_name", long, AT.date()) == long
    client = at_work("registrar", language="en")
    href = f"/console/people/{family.mother}/name/"
    done = send(client, href, {"full_name": long, "day": "01/11/2026", "decision": "QĐ 1"})
    assert done.status_code == 302, problems(done)
    assert fact(family.mother, 1) == long
    said = client.post("/console/people/", {"name": long}, headers={"HX-Target": "results"})
    assert said.status_code == 200
    assert f"/console/people/{family.mother}/" in said.content.decode()
    for form, name in ((BirthForm, "full_name"), (PresentForm, "name"), (CitizenForm, "name")):
        assert form.base_fields[name].max_length == MAX_TEXT


@pytest.mark.parametrize(("page", "held"), [("move", "commune"), ("stay", "stay_commune")])
def test_a_child_who_would_live_alone_is_warned_of_and_moves_on_noted_consent(
    family: Family, page: str, held: str
) -> None:
    client = at_work("province", language="en")
    href = f"/console/people/{family.son}/{page}/"
    assert b"guardian_consent" not in client.get(href).content
    before = footprint()
    alone = a_move(family, people=[str(family.son)])
    warned = client.post(href, {**alone, **versions(client, href)})
    assert warned.status_code == 422
    assert list(problems(warned)) == ["guardian_consent"]
    assert "Registered without parents or guardian" in warned.content.decode()
    assert footprint() == before
    consented = {**alone, "guardian_consent": "The mother, on the form CT01"}
    checked = client.post(href, {**consented, **versions(client, href)}).content.decode()
    assert "Minors without parents or guardian" in checked
    assert "The mother, on the form CT01" in checked
    done = send(client, href, consented)
    assert done.status_code == 302, problems(done)
    assert getattr(Person.objects.get(pk=family.son), held) == "26743"


def test_a_child_who_would_lead_a_household_of_adults_is_refused_at_the_head(
    family: Family,
) -> None:
    client = at_work("province", language="en")
    people = [str(family.mother), str(family.son)]
    answers = a_move(family, people=people, head=str(family.son))
    refused = send(client, f"/console/people/{family.mother}/move/", answers)
    assert refused.status_code == 422
    assert list(problems(refused)) == ["head"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"people": []}, "people"),
        ({"day": "31/02/2026"}, "day"),
        ({"day": "2026"}, "day"),
        ({"to_commune": "Phường Không Có"}, "to_commune"),
        ({"to_commune": "", "to_text": ""}, "to_commune"),
        ({"evidence_reference": ""}, "evidence_reference"),
        ({"target": "join"}, "household"),
        ({"to_text": "x" * 5000}, "to_text"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    family: Family, changes: dict[str, object], field: str
) -> None:
    client = at_work("province")
    before = footprint()
    answer = client.post(
        f"/console/people/{family.mother}/move/", {**a_move(family, **changes), "confirmed": "yes"}
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert 'class="error-summary"' in answer.content.decode()
    assert footprint() == before


def test_two_writers_on_one_person_one_is_told(family: Family) -> None:
    client = at_work("province", language="en")
    href = f"/console/people/{family.mother}/move/"
    seen = versions(client, href)
    say(family.mother, "PC06-79", date(2026, 10, 30), household_relationship="KHAC")
    before = footprint()
    late = client.post(href, {**a_move(family), **seen, "confirmed": "yes"})
    assert late.status_code == 409
    assert "Somebody changed this" in late.content.decode()
    assert footprint() == before


def a_birth(family: Family, **more: object) -> dict[str, object]:
    return {
        "full_name": "Nguyễn Minh Khôi",
        "sex": "M",
        "birth_date": "20/10/2026",
        "ethnicity": "01",
        "place_text": "Bệnh viện Từ Dũ",
        "place_commune": SAI_GON,
        "mother_pid": family.mother_pid,
        "mother_name": "Trần Thị Thu Hương",
        "father_pid": family.father_pid,
        "father_name": "Nguyễn Văn Hòa",
        "lives_with": "father",
        "evidence_reference": "GCS-12",
        **more,
    }


def test_a_birth_is_filled_in_with_both_parents_and_joins_the_household(family: Family) -> None:
    client = at_work("registrar", language="en")
    href = f"/console/people/{family.mother}/birth/"
    form = client.get(href).content.decode()
    assert family.mother_pid in form
    assert family.father_pid in form
    done = send(client, href, a_birth(family))
    assert done.status_code == 302, problems(done)
    child = Person.objects.order_by("-pk").first()
    assert child.household == "HO-26740-000001"
    assert child.commune == HERE
    assert child.pid[:3] == "079"
    after = client.get(done["Location"]).content.decode()
    assert "Nguyễn Minh Khôi" in after
    assert f"/console/people/{child.pk}/" in after


def test_a_possible_duplicate_is_shown_and_may_be_declared_another(family: Family) -> None:
    client = at_work("registrar", language="en")
    href = f"/console/people/{family.mother}/birth/"
    send(client, href, a_birth(family))
    twin = a_birth(family, full_name="Nguyễn Minh Khang")
    asked = send(client, href, twin)
    assert asked.status_code == 409
    text = asked.content.decode()
    assert "Nguyễn Minh Khôi" in text
    assert "declared_not_duplicate" in text
    done = send(client, href, twin, declared_not_duplicate="Sinh đôi, giấy chứng sinh số 13")
    assert done.status_code == 302, problems(done)


def test_a_death_is_told_with_what_follows(family: Family) -> None:
    client = at_work("registrar", language="en")
    answers = {"death_date": "10/2026", "evidence_reference": "BT-5"}
    done = send(client, f"/console/people/{family.father}/death/", answers)
    assert done.status_code == 302, problems(done)
    after = client.get(done["Location"]).content.decode()
    assert "widowed" in after
    assert "lost its head" in after
    dead = client.get(f"/console/people/{family.father}/").content.decode()
    assert "Died on 10/2026" in dead


def test_a_correction_says_who_decides_before_anybody_types(family: Family) -> None:
    client = client_of("ward", purpose="data_correction", language="en")
    form = client.get(f"/console/people/{family.father}/facts/phone/correct/").content.decode()
    assert 'name="value"' in form
    say(family.father, "HT-26740", date(2021, 1, 1), ethnicity="02")
    held = client.get(f"/console/people/{family.father}/facts/ethnicity/correct/").content.decode()
    assert "does not decide this fact" in held
    assert 'name="value"' not in held


def test_a_correction_is_confirmed_and_leads_to_its_history(family: Family) -> None:
    client = client_of("ward", purpose="data_correction", language="en")
    href = f"/console/people/{family.father}/facts/phone/correct/"
    answers = {"value": "0987654321", "day": "01/11/2026", **PAPER}
    done = send(client, href, answers)
    assert done.status_code == 302, problems(done)
    after = client.get(done["Location"]).content.decode()
    assert "Corrected" in after
    assert "987654321" in after


def test_a_wrong_value_is_told_at_the_value(family: Family) -> None:
    client = client_of("ward", purpose="data_correction")
    answers = {"value": "khong phai so", "day": "01/11/2026", "confirmed": "yes", **PAPER}
    href = f"/console/people/{family.father}/facts/phone/correct/"
    answer = client.post(href, {**answers, **versions(client, href)})
    assert answer.status_code == 422
    assert "value" in answer.context["form"].errors


@pytest.mark.parametrize("name", ["pid", "household_number", "life_status"])
def test_facts_with_a_way_of_their_own_are_not_corrected_alone(family: Family, name: str) -> None:
    client = client_of("ward", purpose="data_correction")
    href = f"/console/people/{family.father}/facts/{name}/correct/"
    assert client.get(href).status_code == 404


def test_one_click_confirms_a_fact(family: Family) -> None:
    client = client_of("ward", purpose="data_correction", language="en")
    fact_page = f"/console/people/{family.father}/facts/phone/"
    answer = client.post(f"{fact_page}confirm/", versions(client, fact_page))
    assert answer["Location"] == f"/console/people/{family.father}/"
    assert "Confirmed today" in client.get(answer["Location"]).content.decode()
    again = client.get(f"/console/people/{family.father}/facts/phone/").content.decode()
    assert "Last confirmed" in again


def test_a_conflict_is_settled_with_a_reason(family: Family) -> None:
    statement = say(family.mother, "BHXH", date(2025, 1, 1), birth_date="1988-02-09")
    client = client_of("ward", purpose="data_correction", language="en")
    href = f"/console/people/{family.mother}/facts/birth_date/conflict/{statement}/"
    assert client.post(href, {"decision": "dismiss", "reason": ""}).status_code == 422
    said = {"decision": "dismiss", "reason": "Giấy khai sinh ghi 02/09/1988"}
    done = client.post(href, said | versions(client, href))
    assert done.status_code == 302, problems(done)
    after = client.get(f"/console/people/{family.mother}/facts/birth_date/").content.decode()
    assert "Giấy khai sinh ghi" in after


def test_a_stay_begins_and_ends(family: Family) -> None:
    client = at_work("province", language="en")
    href = f"/console/people/{family.mother}/stay/"
    answers = {
        "people": [str(family.mother)],
        "day": "01/10/2026",
        "to_text": STREET,
        "to_commune": BEN_THANH,
        **PAPER,
    }
    done = send(client, href, answers)
    assert done.status_code == 302, problems(done)
    assert "End the temporary residence" in client.get(done["Location"]).content.decode()
    end = {"people": [str(family.mother)], "day": "01/11/2026", **PAPER}
    ended = client.post(f"{href}end/", {**end, **versions(client, f"{href}end/")})
    assert ended.status_code == 302, problems(ended)


def test_a_number_is_cancelled_and_another_given(family: Family) -> None:
    client = client_of("province", purpose="data_correction", language="en")
    answers = {
        "reason": "wrong_birth_year",
        "birth_date": "02/03/1985",
        "evidence_kind": "birth_certificate",
        "evidence_reference": "KS-1",
    }
    done = send(client, f"/console/people/{family.father}/number/", answers)
    assert done.status_code == 302, problems(done)
    numbers = client.get(done["Location"]).content.decode()
    assert family.father_pid in numbers
    assert "wrong year of birth" in numbers
    assert Person.objects.get(pk=family.father).pid[4:6] == "85"


def test_a_name_changes_for_the_children_too(family: Family) -> None:
    client = at_work("registrar", language="en")
    answers = {"full_name": "Nguyễn Văn Hoà Bình", "day": "01/11/2026", "decision": "QĐ 12"}
    done = send(client, f"/console/people/{family.father}/name/", answers)
    assert done.status_code == 302, problems(done)
    assert fact(family.son, 18) == "Nguyễn Văn Hoà Bình"


def test_a_divorce_ends_the_marriage_on_both_sides(family: Family) -> None:
    client = at_work("registrar")
    answers = {"day": "01/11/2026", "court_decision": "45/2026/QĐST"}
    done = send(client, f"/console/people/{family.father}/divorce/", answers)
    assert done.status_code == 302, problems(done)
    assert fact(family.father, 31) == fact(family.mother, 31) != "DANG_CO_VO_CHONG"


def test_a_marriage_with_a_foreigner_is_by_name(family: Family) -> None:
    from tests.console.cast import a_person

    bride = a_person("Lý Thị Mai", "F", "1999-01-02")
    client = at_work("registrar")
    href = f"/console/people/{bride}/marriage/"
    bare = client.post(href, {"day": "01/11/2026"})
    assert "spouse_pid" in bare.context["form"].errors
    answers = {"day": "01/11/2026", "spouse_name": "John Smith", "spouse_nationality": "US"}
    done = send(client, href, answers)
    assert done.status_code == 302, problems(done)
    assert fact(bride, 22) == "John Smith"
