"""What a view lets through."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.utils.translation import override

from dancu.access.errors import ActionNotAllowed
from dancu.access.types import Actor
from dancu.identity.decorators import citizen_required, officer_required, sign_in_required
from dancu.identity.errors import CitizensOnly, OfficersOnly

WARD = Actor(kind="officer", name="n", account_id=1, roles=frozenset({"ward_officer"}))
AUDITOR = Actor(kind="officer", name="n", account_id=2, roles=frozenset({"auditor"}))
CITIZEN = Actor(kind="citizen", name="n", account_id=3, roles=frozenset({"citizen"}), person_id=1)


def ask(rf, decorator, actor):
    request = rf.get("/x/")
    request.actor = actor

    @decorator
    def view(request, number):
        return HttpResponse(f"{request.actor.kind} {number}")

    return view(request, 7)


@pytest.mark.parametrize(
    ("decorator", "actor", "error"),
    [
        (officer_required(action="people.search"), WARD, None),
        (officer_required("people.search", "access_log.read"), AUDITOR, None),
        (officer_required(), AUDITOR, None),
        (citizen_required(), CITIZEN, None),
        (citizen_required(action="own.view"), CITIZEN, None),
        (sign_in_required(), CITIZEN, None),
        (sign_in_required(), WARD, None),
        (officer_required(action="people.search"), AUDITOR, ActionNotAllowed),
        (officer_required(action="people.search"), CITIZEN, OfficersOnly),
        (citizen_required(), WARD, CitizensOnly),
        (citizen_required(action="people.search"), CITIZEN, ActionNotAllowed),
    ],
)
def test_only_whoever_may_comes_in(rf, decorator, actor, error):
    if error is None:
        assert ask(rf, decorator, actor).content == f"{actor.kind} 7".encode()
        return
    with pytest.raises(error):
        ask(rf, decorator, actor)


def test_a_refusal_names_the_action_as_people_do(rf):
    with override("vi"), pytest.raises(ActionNotAllowed) as refused:
        ask(rf, officer_required(action="access_log.read"), WARD)
    assert refused.value.params == {"action": "Xem nhật ký truy cập"}


def test_each_guarded_view_declares_its_access():
    @officer_required(action="people.search")
    def view(request):
        return HttpResponse()

    assert view.access == {"kind": "officer", "actions": ("people.search",)}
