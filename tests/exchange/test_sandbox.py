"""The sandbox answers about invented people as declared, and never reads the register."""

from __future__ import annotations

import pytest

from dancu.catalogue.contracts import contract
from dancu.catalogue.sandbox import Example, sandbox_people
from dancu.disclosure.models import AccessRecord
from dancu.exchange.models import Usage
from dancu.exchange.services import look_up, verify
from dancu.exchange.types import Caller, Outcome, Question, Verification
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours
from tests.disclosure.conftest import AT

pytestmark = pytest.mark.django_db

EXAMPLES = [
    pytest.param(example, id=f"{person.pid}-{number}-{example.outcome}")
    for person in sandbox_people()
    for number, example in enumerate(person.examples)
]


@pytest.fixture
def developer(register: object) -> Caller:
    found = contract("sandbox", today(AT))
    assert found is not None
    return Caller(None, "trial", found)


def question_of(key: str) -> Question:
    name, _, argument = key.partition(":")
    return Question(name, argument or None)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_answer_is_the_declared_one(developer: Caller, example: Example):
    questions = tuple(map(question_of, example.questions))
    answer = verify(Verification(developer, "trial", example.claims, questions), at=AT)
    expected = dict.fromkeys(example.claims, "match") | dict(example.attributes)
    found = {n: f"{c.result} {c.reason}".strip() for n, c in answer.attributes.items()}
    if example.outcome != "one_candidate":
        assert found == expected
    assert answer.outcome == example.outcome
    assert answer.successor is example.successor
    assert answer.answers == example.questions


def test_people_of_the_register_are_not_found_there(pupil, developer):
    claims = {"pid": pupil.pid, "full_name": pupil.name, "birth_date": "2012-09-02"}
    answer = verify(Verification(developer, "trial", claims), at=AT)
    assert answer.outcome == Outcome.NOT_FOUND


def test_invented_people_are_not_found_in_the_register(pupil, caller):
    person = sandbox_people()[0]
    claims = {"pid": person.pid, "full_name": person.full_name, "birth_date": person.birth_date}
    answer = verify(Verification(caller, "school_enrolment", claims), at=AT)
    assert answer.outcome == Outcome.NOT_FOUND


def test_a_look_up_gives_the_invented_values(developer):
    person = sandbox_people()[0]
    asked = {
        "purpose": "trial",
        "subject": {"pid": person.pid, "full_name": person.full_name},
        "case": "T-001",
        "at": AT,
    }
    found = look_up(developer, attributes=["permanent_residence", "marital_status"], **asked)
    assert found.attributes["marital_status"].value == "DANG_CO_VO_CHONG"
    assert found.attributes["permanent_residence"].value["unit"] == "26740"
    wrong = {**asked, "subject": {"pid": person.pid, "full_name": "Lê Văn Nam"}}
    with pytest.raises(NotFoundOrNotYours):
        look_up(developer, attributes=["marital_status"], **wrong)


def test_trials_are_on_record_about_nobody_and_take_no_quota(developer):
    example = sandbox_people()[0].examples[0]
    verify(Verification(developer, "trial", example.claims), at=AT)
    (left,) = AccessRecord.objects.filter(contract="sandbox")
    assert (left.person_id, left.refusal) == (None, "")
    assert not Usage.objects.exists()
