"""What an officer has to mend, and where a visit begins: the desk's side of lists of issues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from dancu.access.policy import permitted
from dancu.agencies import queries as agencies
from dancu.catalogue import attribute, roles
from dancu.catalogue.quality import QualityRule, rules_in_force
from dancu.catalogue.types import Purpose
from dancu.console.desk import Desk
from dancu.disclosure.cases import purposes_for
from dancu.disclosure.services.awaiting import awaited
from dancu.onestop import queries as onestop
from dancu.places import queries as places
from dancu.population import visiting
from dancu.population.visiting import Burden
from dancu.quality.worklist import Loads, Scope, loads

ACTION = "quality.handle"
#: What is mended at the door needs the values in full, and a number.
PURPOSE = "data_correction"
VISIT = "visit"
#: An area of more communes is worked off commune by commune.
FEW = 3
#: So long after a question somebody still waits for what it was for.
LATELY = timedelta(days=30)
_CODE, _KEY = 10, 19


def scope_of(desk: Desk, unit: str = "") -> Scope:
    """Return whose work the officer sees: of one commune, or of all where there are few.

    In an area of many communes without a choice, only what was passed on to the office.
    """
    area = places.units_under(desk.actor.jurisdictions, desk.today)
    communes = frozenset({unit}) & area if unit else area if len(area) <= FEW else frozenset()
    source = desk.actor.source
    kind = agencies.source_kinds([source]).get(source, "")
    return Scope(desk.actor.office_code, kind, communes, area, visible_rules(desk))


def visible_rules(desk: Desk, purpose: Purpose | None = None) -> tuple[QualityRule, ...]:
    """Return the rules about facts that the officer may see, for one purpose or for any of work."""
    entries = [purpose] if purpose else [one for one in _purposes(desk) if ACTION in one.actions]
    rules = rules_in_force(desk.today)
    asked = {attribute(rule.attribute) for rule in rules}
    seen = frozenset[str]().union(
        *(permitted(desk.actor, one, asked, roles=roles()).all for one in entries)
    )
    return tuple(rule for rule in rules if rule.attribute in seen)


def _purposes(desk: Desk) -> Sequence[Purpose]:
    return purposes_for(desk.actor, at=desk.at)


def burden_of(desk: Desk, scope: Scope) -> Burden:
    """Return what is to be mended by person, and for whom somebody waits at this moment."""
    found = loads(scope)
    return Burden(found.people, found.issues, found.blocking, _awaited(desk, scope, found))


def _awaited(desk: Desk, scope: Scope, found: Loads) -> frozenset[int]:
    """Return those with a grave issue about whom an agency, a desk or they themselves ask."""
    if not found.grave:
        return frozenset()
    since = desk.at - LATELY
    offices = [one.code for one in agencies.offices_in(scope.communes)]
    at_desks = onestop.kept_waiting(offices, found.grave, since=since)
    return at_desks | awaited(people=found.grave, since=since)


def unit_of(request: HttpRequest, desk: Desk) -> str:
    """Return the commune that the address asks for, when it is in the officer's area."""
    code = request.GET.get("unit", "")[:_CODE]
    return code if code in places.units_under(desk.actor.jurisdictions, desk.today) else ""


def unit_to_list(desk: Desk, person_id: int) -> str:
    """Return the commune whose list a person is on; empty where one list has the whole area."""
    area = places.units_under(desk.actor.jurisdictions, desk.today)
    commune = visiting.commune_of(person_id) if len(area) > FEW else ""
    return commune if commune in area else ""


def home_href(person_id: int, *, route: str = "ward-home") -> str:
    """Return the page of the home of a person."""
    return reverse(f"console:{route}", args=[person_id])


def with_visit(href: str, person_id: int) -> str:
    """Return an address that leads back to the home of a person when its work is done."""
    return f"{href}?{urlencode({VISIT: person_id})}"


def visit_of(request: HttpRequest) -> str:
    """Return the home that the address says to come back to; empty when it names none."""
    text = request.GET.get(VISIT, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _KEY
    return home_href(int(text)) if is_number else ""


def is_open_for_visits(desk: Desk) -> bool:
    """Say whether the case at hand shows what is mended at the door in full, with a number."""
    return desk.case is not None and desk.has_case_number and desk.case.purpose == PURPOSE


def case_href(desk: Desk, onward: str) -> str:
    """Return the way to a page in a case for a day of visits, whose number is suggested."""
    number = f"LS-{desk.actor.office_code}-{desk.today:%d%m%y}"
    wanted = {"purpose": PURPOSE, "case": number, "next": onward}
    return f"{reverse('console:case')}?{urlencode(wanted)}"


def into_case(desk: Desk, href: str) -> str:
    """Return a page's address, by way of the choice of a case where the open one does not fit."""
    return href if is_open_for_visits(desk) else case_href(desk, href)
