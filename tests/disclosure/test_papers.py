"""Civil events and the numbers of papers: as the purpose shows what they are about."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.access.policy import Permitted
from dancu.access.types import Actor, system_actor
from dancu.disclosure import services as door
from dancu.disclosure.internal.papers import (
    NUMBERED,
    TELLS,
    Paper,
    event_of_paper,
    evidence_shown,
    number_shown,
)
from dancu.disclosure.models import AccessRecord
from dancu.kernel.dates import parse
from dancu.population.claims import enter
from dancu.population.models import CivilEvent
from dancu.population.services.events import EVIDENCE, evidence_of, record_event
from dancu.population.types import NewStatement
from tests.disclosure.conftest import AT, officer, records

Kind = AccessRecord.Kind
CHECK = {"purpose": "residence_check", "case": "", "at": AT}
WHOLE = {"purpose": "residence_registration", "case": "HS-1", "at": AT}
DESK = {"purpose": "one_stop_verification", "case": "HS-1", "at": AT}


def happen(person, kind, day, claims, *papers):
    actor: Actor = system_actor(name="test", source="HT-26740")
    event = record_event(kind=kind, day=day, number=papers[0], actor=actor, at=AT)
    said = NewStatement(person.id, day, evidence_of(event, *papers[1:]), claims, event.pk)
    enter(statements=[said], actor=actor, at=AT)


@pytest.fixture
def life(mother):
    """A woman whose birth, name, marriage, divorce and adoption were registered."""
    kinds = CivilEvent.Kind
    birth = {"birth_date": "1988-09-02", "birth_registration_number": "TA-1988"}
    happen(mother, kinds.BIRTH, date(1988, 9, 9), birth, "TA-1988")
    happen(mother, kinds.ADOPTION, date(1995, 3, 1), {"father_name": "Bùi Văn Ba"}, "TB-1995")
    name = {"full_name": mother.name}
    happen(mother, kinds.NAME_CHANGE, date(1999, 1, 1), name, "TC-1999", "QĐ 77")
    married = {"marital_status": "DANG_CO_VO_CHONG", "spouse_name": "Hồ Văn Tư"}
    happen(mother, kinds.MARRIAGE, date(2015, 5, 5), married, "TD-2015")
    divorced = {"marital_status": "LY_HON"}
    happen(mother, kinds.DIVORCE, date(2019, 6, 6), divorced, "TE-2019", "45/2019/QĐST")
    return mother


def events(page):
    return {h.event.kind: h.event.number for h in page.timeline if h.event}


def look(person, actor=None, **more):
    return door.disclose_page(actor=actor or officer(), subject=person.id, **more)


def test_a_purpose_that_shows_everything_shows_all_events_with_their_numbers(life):
    assert events(look(life, **WHOLE)) == {
        "birth": "TA-1988",
        "adoption": "TB-1995",
        "name_change": "TC-1999",
        "marriage": "TD-2015",
        "divorce": "TE-2019",
    }


def test_a_masking_purpose_masks_numbers_and_leaves_out_what_it_does_not_show(life):
    page = look(life, **CHECK)
    assert page.facts["birth_registration_number"].text() == "****88"
    assert events(page) == {
        "birth": "****88",
        "name_change": "****99",
        "marriage": "",
        "divorce": "",
    }
    everything = repr(page)
    for hidden in ("TA-1988", "TB-1995", "TC-1999", "TD-2015", "TE-2019", "45/2019", "QĐ 77"):
        assert hidden not in everything
    assert "adoption" not in everything


def test_at_the_desk_nobody_learns_of_birth_papers_and_adoption(life):
    actor = officer("enquiry_officer")
    door.present(actor=actor, pid=life.pid, name=life.name, birth_date=parse("02/09/1988"), **DESK)
    page = look(life, actor, **DESK)
    assert events(page) == {"birth": "", "name_change": "", "marriage": "", "divorce": ""}
    assert page.facts["full_name"].origin.evidence == ""


def test_the_paper_of_a_masked_value_is_masked_and_so_is_the_reason_of_its_conflict(mother):
    page = look(mother, **CHECK)
    assert page.facts["phone"].origin.evidence == "****-1"
    assert page.facts["full_name"].origin.evidence == "DC01-1"


@pytest.mark.parametrize("kind", list(CivilEvent.Kind))
def test_every_kind_of_event_has_its_rule(kind):
    assert TELLS[kind]
    assert NUMBERED[kind]
    assert event_of_paper(EVIDENCE[kind]) == kind
    nothing = Permitted(full=frozenset(), masked=frozenset({*TELLS[kind], NUMBERED[kind]}))
    assert number_shown(kind, "1/2026", nothing) is None
    paper = Paper(EVIDENCE[kind], "HT 1/2026")
    assert evidence_shown(paper, nothing, is_masked=False) == {"evidence_kind": "", "evidence": ""}


def test_a_kind_of_event_that_nobody_declared_is_shown_to_nobody():
    everything = Permitted(full=frozenset(NUMBERED.values()), masked=frozenset())
    assert number_shown("annexation", "1/2026", everything) is None


def test_papers_of_no_event_follow_their_value():
    everything = Permitted(full=frozenset({"phone"}), masked=frozenset())
    paper = Paper("form_dc01", "DC01-12345")
    assert evidence_shown(paper, everything, is_masked=False)["evidence"] == "DC01-12345"
    assert evidence_shown(paper, everything, is_masked=True)["evidence"] == "****345"


def test_printing_is_recorded_as_printing(mother):
    look(mother, for_print=True, **WHOLE)
    (row,) = records()
    assert (row.kind, row.person_id) == (Kind.PRINT, mother.id)
    from dancu.disclosure.words import kind_label

    assert kind_label("print", "en") == "Printed the record"
