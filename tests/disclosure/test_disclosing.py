"""The door out: who sees what, and what is left behind."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from dancu.access.errors import ActionNotAllowed, CaseNumberMissing, PurposeNotAllowed
from dancu.disclosure import services as door
from dancu.disclosure.errors import CaseNumberNeededToReveal, NotMasked, PresentationRequired
from dancu.disclosure.models import AccessRecord
from dancu.kernel.dates import parse
from dancu.kernel.errors import DancuError, NotFoundOrNotYours, problem
from dancu.places import queries as places
from tests.disclosure.conftest import (
    AT,
    NEXT_WARD,
    STRANGER,
    THERE,
    citizen,
    new_person,
    officer,
    records,
    say,
)

Kind = AccessRecord.Kind
CASE = {"purpose": "residence_registration", "case": "HS-1", "at": AT}
CHECK = {"purpose": "residence_check", "case": "", "at": AT}
NOBODY = "079188999999"


def look(actor, subject, *attributes, **more):
    asked = attributes or ("full_name", "phone")
    return door.disclose(actor=actor, subjects=[subject], attributes=asked, **(CASE | more))


def test_the_officer_of_the_ward_sees_what_was_asked(mother):
    (answer,) = look(officer(), mother.pid, "full_name", "phone", "permanent_residence")
    assert answer.facts["full_name"].value == mother.name
    assert answer.facts["phone"].text() == "0900000014"
    assert answer.facts["permanent_residence"].text().startswith("12/3A Lê Lợi")
    assert set(answer.facts) == {"full_name", "phone", "permanent_residence"}
    assert answer.header.pid == mother.pid


def test_a_colleague_of_the_same_office_sees_the_same_and_is_named_in_the_record(mother):
    look(officer(account=2), mother.id)
    (row,) = records()
    assert (row.account_id, row.person_id, row.kind) == (2, mother.id, Kind.LOOK)
    assert (row.purpose, row.case_number, row.role) == (
        "residence_registration",
        "HS-1",
        "ward_officer",
    )
    assert {1, 3, 37} <= set(row.attributes)
    assert row.refusal == ""


def test_the_officer_of_another_ward_gets_nothing_and_a_record_stays(mother):
    with pytest.raises(NotFoundOrNotYours):
        look(officer(unit=THERE), mother.pid)
    (row,) = records()
    assert (row.person_id, row.refusal, row.attributes) == (mother.id, "not-found", None)


def test_absent_and_not_yours_are_one_answer_with_as_many_queries(
    mother, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(places, "_LOOK_AGAIN_AFTER", 3_600)
    bodies, counts = [], []
    for subject in (mother.pid, NOBODY):
        with django_assert_max_num_queries(20) as queries, pytest.raises(DancuError) as refused:
            look(officer(unit=THERE), subject)
        bodies.append(problem(refused.value, "urn:x", "vi", gettext))
        counts.append(len(queries))
    assert bodies[0] == bodies[1]
    assert counts[0] == counts[1]


def test_of_somebody_absent_only_a_keyed_hash_is_kept(register):
    with pytest.raises(NotFoundOrNotYours):
        look(officer(), NOBODY)
    (row,) = records()
    assert row.person_id is None
    assert len(bytes(row.asked)) == 16
    with connection.cursor() as cursor:
        cursor.execute("SELECT disclosure_accessrecord::text FROM disclosure_accessrecord")
        assert NOBODY not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("actor", "purpose", "case", "error"),
    [
        (officer("enquiry_officer"), "residence_registration", "HS-1", PurposeNotAllowed),
        (officer(), "no_such_purpose", "HS-1", PurposeNotAllowed),
        (officer(), "residence_registration", " ", CaseNumberMissing),
        (officer("auditor"), "audit", "TT-1", ActionNotAllowed),
        (officer("administrator"), "residence_registration", "HS-1", ActionNotAllowed),
        (STRANGER, "residence_registration", "HS-1", ActionNotAllowed),
    ],
)
def test_a_refusal_discloses_nothing_and_is_recorded(mother, actor, purpose, case, error):
    if actor.kind == "citizen":
        error = PurposeNotAllowed
    with pytest.raises(error) as refused:
        look(actor, mother.pid, purpose=purpose, case=case)
    assert mother.name not in str(refused.value)
    (row,) = records()
    assert row.refusal == refused.value.code
    assert row.attributes is None


def test_a_purpose_that_has_ended_or_not_begun_is_refused(mother):
    with pytest.raises(PurposeNotAllowed):
        look(
            officer(),
            mother.id,
            purpose="data_correction",
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )


def test_what_the_purpose_does_not_permit_is_left_out(mother):
    (answer,) = look(officer(), mother.id, "full_name", "religion", "tax_code")
    assert set(answer.facts) == {"full_name"}


def test_a_masked_value_comes_masked_and_is_recorded_so(mother):
    (answer,) = look(officer(), mother.id, "full_name", "phone", **CHECK)
    phone = answer.facts["phone"]
    assert phone.is_masked
    assert phone.text() == "****014"
    assert -37 in records()[0].attributes


def test_revealing_a_masked_value_is_a_disclosure_of_its_own(mother):
    arguments = {"actor": officer(), "subject": mother.id, "attribute_name": "phone"}
    fact = door.reveal(**arguments, **(CHECK | {"case": "HS-7"}))
    assert fact.text() == "0900000014"
    (row,) = records()
    assert (row.kind, row.attributes) == (Kind.REVEAL, [37])
    with pytest.raises(CaseNumberNeededToReveal):
        door.reveal(**arguments, **CHECK)
    with pytest.raises(NotMasked):
        door.reveal(**(arguments | {"attribute_name": "religion"}), **(CHECK | {"case": "HS-7"}))


def test_a_stay_in_the_ward_gives_its_officer_jurisdiction(register):
    person = new_person(permanent_residence=NEXT_WARD)
    with pytest.raises(NotFoundOrNotYours):
        look(officer(), person.id)
    from tests.disclosure.conftest import HOME

    say(person, {"temporary_residence": HOME})
    (answer,) = look(officer(), person.id)
    assert answer.person_id == person.id


def test_the_province_reaches_all_its_wards(register):
    person = new_person(permanent_residence=NEXT_WARD)
    (answer,) = look(officer("province_officer", unit="79"), person.id)
    assert answer.person_id == person.id


def test_of_several_only_those_allowed_come_back_and_the_others_are_recorded(mother):
    other = new_person(permanent_residence=NEXT_WARD)
    answers = door.disclose(
        actor=officer(), subjects=[other.id, mother.id, NOBODY], attributes=["full_name"], **CASE
    )
    assert [a.person_id for a in answers] == [mother.id]
    assert {(r.person_id, r.refusal) for r in records()} == {
        (other.id, "not-found"),
        (mother.id, ""),
    }


def test_what_was_true_and_what_was_known_can_be_asked(mother):
    later = datetime(2026, 11, 5, tzinfo=UTC)
    say(mother, {"full_name": "Trần Thu Hương"}, day=date(2024, 3, 1), at=later)
    now, before, unknown = (
        look(officer(), mother.id, "full_name", at=later, **more)[0].facts["full_name"].value
        for more in (
            {},
            {"as_of": date(2023, 1, 1)},
            {"known_at": datetime(2026, 11, 3, tzinfo=UTC)},
        )
    )
    assert (now, before, unknown) == ("Trần Thu Hương", mother.name, mother.name)


def test_an_answer_inside_a_transaction_that_could_be_rolled_back_is_refused(mother, monkeypatch):
    with transaction.atomic():
        # The block of the test itself does not count; this one is the caller's.
        assert connection.atomic_blocks[-1]._from_testcase is False
        with pytest.raises(RuntimeError):
            look(officer(), mother.id)


def test_a_presented_purpose_needs_the_person(mother):
    desk = officer("enquiry_officer", account=3)
    purpose = {"purpose": "one_stop_verification"}
    with pytest.raises(PresentationRequired):
        look(desk, mother.id, **purpose)
    with pytest.raises(PresentationRequired):
        look(desk, NOBODY, **purpose)
    header = door.present(
        actor=desk,
        pid=mother.pid,
        name="tran thi thu huong",
        birth_date=parse("02/09/1988"),
        **(CASE | purpose),
    )
    assert header.name == mother.name
    (answer,) = look(desk, mother.id, "marital_status", "full_name", **purpose)
    assert answer.facts["full_name"].value == mother.name
    with pytest.raises(PresentationRequired):
        look(officer("enquiry_officer", account=4), mother.id, **purpose)
    with pytest.raises(PresentationRequired):
        look(desk, mother.id, **purpose, case="HS-2")
    with pytest.raises(PresentationRequired):
        look(desk, mother.id, **purpose, at=datetime(2026, 11, 2, 18, tzinfo=UTC))


def stand_at_the_desk(pid, name="Trần Thị Thu Hương", born="02/09/1988"):
    return door.present(
        actor=officer("enquiry_officer"),
        pid=pid,
        name=name,
        birth_date=parse(born),
        **(CASE | {"purpose": "one_stop_verification"}),
    )


@pytest.mark.parametrize(
    ("pid", "name", "born"),
    [
        ("", "Trần Thị Thu Hương", "02/09/1988"),
        (NOBODY, "Trần Thị Thu Hương", "02/09/1988"),
        ("right", "Nguyễn Văn An", "02/09/1988"),
        ("right", "Trần Thị Thu Hương", "03/09/1988"),
        ("right", "Trần Thị Thu Hương", "09/1988"),
        ("right", "Trần Thị Thu Hương", "1988"),
        ("right", "", "02/09/1988"),
        ("right", "' OR 1=1 --", "02/09/1988"),
    ],
)
def test_wrong_particulars_at_the_desk_all_get_one_answer(mother, pid, name, born):
    with pytest.raises(NotFoundOrNotYours):
        stand_at_the_desk(mother.pid if pid == "right" else pid, name, born)
    (row,) = records()
    assert (row.kind, row.refusal, row.attributes) == (Kind.PRESENTED, "not-found", None)


def test_number_name_and_birth_date_together_identify_at_the_desk(mother):
    assert stand_at_the_desk(mother.pid, "tran thi thu huong").person_id == mother.id


@pytest.mark.parametrize("said", ["1944", "03/1944", "05/03/1944"])
def test_of_somebody_of_whom_only_the_year_is_registered_the_year_is_enough(register, said):
    person = new_person(birth_date="1944")
    assert stand_at_the_desk(person.pid, born=said).person_id == person.id
    with pytest.raises(NotFoundOrNotYours):
        stand_at_the_desk(person.pid, born=said.replace("1944", "1945"))


def test_somebody_whose_birth_date_nobody_knows_cannot_present_themselves(register):
    person = new_person(birth_date=None)
    with pytest.raises(NotFoundOrNotYours):
        stand_at_the_desk(person.pid)


@pytest.mark.parametrize("statement", ["UPDATE {} SET refusal = ''", "DELETE FROM {}"])
def test_access_records_cannot_be_changed(mother, statement):
    look(officer(), mother.id)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("disclosure_accessrecord"))


def test_a_citizen_cannot_use_an_officers_purpose_nor_see_another_by_ones_own(mother):
    someone = new_person()
    with pytest.raises(PurposeNotAllowed):
        look(citizen(mother.id), someone.id)
    with pytest.raises(NotFoundOrNotYours):
        look(citizen(mother.id), someone.id, purpose="own_data", case="")
    assert {r.refusal for r in records()} == {"purpose-not-allowed", "not-found"}
