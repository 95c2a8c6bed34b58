"""Whom a form about residence may concern, and what every such form begins with."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from dancu.console import admitted, communes, versions
from dancu.console.desk import Desk
from dancu.console.forms.residence import Member, PeopleForm
from dancu.console.views.about import About
from dancu.console.views.finding import presented
from dancu.console.words import day_words
from dancu.kernel.errors import FieldError, Invalid
from dancu.population import services as register

_NEEDS_CONSENT = gettext_lazy(
    "Registered without parents or guardian: %(names)s. That goes only with their consent: note "
    "who agreed and how, or choose who of them comes along."
)


def keys(members: Sequence[Member]) -> list[int]:
    return [one.key for one in members]


def members_of(request: HttpRequest, who: About) -> list[Member]:
    """Return whom the form may concern: the household, or who else was admitted to the case."""
    if who.desk.case is None or who.desk.case.scope != "presented":
        return who.members
    return [who.members[0], *admitted.others(request.session, who.desk, who.person_id)]


def admit_href(request: HttpRequest, desk: Desk) -> str:
    """Return where another one of the family is admitted, in a case for people from elsewhere."""
    if desk.case is None or desk.case.scope != "presented":
        return ""
    return f"{reverse('console:present')}?{urlencode({'next': request.path})}"


def is_current(request: HttpRequest, form: PeopleForm) -> bool:
    """Say whether the form tells what it was filled in against; else note it in the form."""
    try:
        versions.required(request, form.person_ids)
    except Invalid as error:
        form.absorb(error)
    return form.is_valid()


def minors_alone(who: About, form: PeopleForm) -> str:
    """Return the names of the minors who would live without parents and guardian.

    Where nobody's consent is noted, the form says so.
    """
    try:
        found = register.minors_without_parents(
            person_ids=form.person_ids,
            day=form.cleaned_data["day"],
            presented=admitted_of(who.desk, form.person_ids),
            actor=who.desk.actor,
            at=who.desk.at,
        )
    except Invalid as error:
        form.absorb(error)
        return ""
    names = ", ".join(form.labels[key] for key in found)
    if names and not form.cleaned_data["guardian_consent"]:
        form.add_error("guardian_consent", _NEEDS_CONSENT % {"names": names})
    return names


def begin(desk: Desk) -> dict[str, object]:
    """Fill in today, and the commune of an officer who has only one."""
    start: dict[str, object] = {"day": day_words(desk.today)}
    area = communes.of_area(desk.actor.jurisdictions, desk.today)
    if len(area) == 1:
        start["to_commune"] = area[0].words
    return start


def admitted_of(desk: Desk, person_ids: Sequence[int]) -> frozenset[int]:
    """Return who was admitted to the case. Raises ``Invalid`` when somebody chosen was not."""
    found = presented(desk, person_ids)
    if found and not found.issuperset(person_ids):
        raise Invalid(
            [
                FieldError(
                    "people",
                    "not-presented",
                    "Not everybody chosen has been admitted to this case.",
                    "Admit each of them with number and name, then register again.",
                )
            ]
        )
    return found
