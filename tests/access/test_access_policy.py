"""A fixed cast: the right officer, a colleague, an officer elsewhere, a citizen, a stranger."""

from __future__ import annotations

import datetime as dt

import pytest

from dancu import catalogue
from dancu.access import policy
from dancu.access.errors import (
    ActionNotAllowed,
    CaseNumberMissing,
    OutsideJurisdiction,
    PurposeNotAllowed,
    RoleMissing,
)
from dancu.access.types import Actor, system_actor

DAY = dt.date(2026, 11, 21)
OFFICER = Actor(
    kind="officer",
    name="Lê Thị Hoa",
    roles=frozenset({"ward_officer"}),
    jurisdictions=frozenset({"26740"}),
)
DESK = Actor(
    kind="officer",
    name="Phạm Văn Bình",
    roles=frozenset({"enquiry_officer"}),
    jurisdictions=frozenset({"26740"}),
)
ELSEWHERE = Actor(
    kind="officer",
    name="Trần Văn Cường",
    roles=frozenset({"ward_officer"}),
    jurisdictions=frozenset({"26743"}),
)
CITIZEN = Actor(kind="citizen", name="Vũ Minh", roles=frozenset({"citizen"}), person_id=7)
STRANGER = Actor(kind="officer", name="Không Vai Trò")
CAST = [OFFICER, DESK, ELSEWHERE, CITIZEN, STRANGER, system_actor(name="batch")]


def is_within(code, jurisdictions):
    return code in jurisdictions or code[:2] in jurisdictions


def names(actor):
    found = policy.purposes_of(
        actor, purposes=catalogue.purposes(), roles=catalogue.roles(), day=DAY
    )
    return {p.name for p in found}


def require(actor, purpose, case_number="HS-1", day=DAY):
    return policy.require_purpose(
        actor,
        purpose,
        case_number=case_number,
        purposes=catalogue.purposes(),
        roles=catalogue.roles(),
        day=day,
    )


def test_a_stranger_gets_nothing():
    assert names(STRANGER) == set()
    for purpose in catalogue.purposes():
        with pytest.raises(PurposeNotAllowed):
            require(STRANGER, purpose)
    for action in catalogue.actions():
        with pytest.raises(ActionNotAllowed):
            policy.require_action(STRANGER, action, roles=catalogue.roles())
    own = catalogue.purposes()["own_data"]
    seen = policy.permitted(STRANGER, own, catalogue.attributes(), roles=catalogue.roles())
    assert seen.all == frozenset()


@pytest.mark.parametrize("actor", CAST, ids=lambda a: a.name)
def test_every_actor_has_just_the_purposes_that_its_roles_name(actor):
    roles = catalogue.roles()
    declared = {p for r in actor.roles for p in roles[r].purposes}
    assert names(actor) == declared


@pytest.mark.parametrize("actor", CAST, ids=lambda a: a.name)
def test_every_actor_has_just_the_actions_that_its_roles_name(actor):
    roles = catalogue.roles()
    for action in catalogue.actions():
        allowed = any(action in roles[r].actions for r in actor.roles)
        assert policy.is_allowed(actor, action, roles=roles) is allowed


def test_a_role_is_required_by_name():
    policy.require_role(OFFICER, "administrator", "ward_officer")
    with pytest.raises(RoleMissing):
        policy.require_role(CITIZEN, "ward_officer")


def test_a_purpose_that_does_not_exist_looks_like_one_not_permitted():
    with pytest.raises(PurposeNotAllowed):
        require(OFFICER, "curiosity")


def test_a_purpose_before_its_law_is_not_permitted():
    with pytest.raises(PurposeNotAllowed):
        require(CITIZEN, "own_data", day=dt.date(2025, 12, 31))


def test_a_case_number_is_asked_where_the_purpose_requires_one():
    with pytest.raises(CaseNumberMissing):
        require(OFFICER, "residence_registration", case_number="  ")
    assert require(OFFICER, "residence_check", case_number="").name == "residence_check"


def test_attributes_beyond_the_purpose_or_the_role_are_left_out():
    purpose = require(DESK, "one_stop_verification")
    seen = policy.permitted(DESK, purpose, catalogue.attributes(), roles=catalogue.roles())
    assert "full_name" in seen.full
    assert "birth_date" in seen.masked
    assert not {"religion", "health_record_number", "father_pid"} & seen.all
    assert not seen.full & seen.masked


def test_a_stronger_role_lends_nothing_to_the_purpose_of_a_weaker_one():
    both = Actor(kind="officer", name="Hai Vai", roles=frozenset({"data_steward", "auditor"}))
    purpose = require(both, "audit")
    asked = [catalogue.attribute("pid"), catalogue.attribute("full_name")]
    seen = policy.permitted(both, purpose, asked, roles=catalogue.roles())
    assert seen.all == {"full_name"}


def test_jurisdiction_is_that_of_the_unit_tree():
    assert policy.has_jurisdiction(OFFICER, ["", "26740"], is_within=is_within)
    assert not policy.has_jurisdiction(ELSEWHERE, ["26740"], is_within=is_within)
    assert not policy.has_jurisdiction(STRANGER, ["26740"], is_within=is_within)
    assert not policy.has_jurisdiction(OFFICER, [], is_within=is_within)
    with pytest.raises(OutsideJurisdiction):
        policy.require_jurisdiction(ELSEWHERE, ["26740"], is_within=is_within)
