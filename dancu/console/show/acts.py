"""What an officer may do about a person: the links beside the person's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.console.desk import Desk
from dancu.console.show.people import person_href
from dancu.design.values import Link
from dancu.disclosure.types import PersonPage

_ACTS = ("residence.register", "civil_event.register", "household.manage", "pid.cancel")


@dataclass(frozen=True, slots=True)
class Acts:
    """Links under one heading."""

    label: str
    links: Sequence[Link]


def acts_for(desk: Desk, page: PersonPage) -> list[Acts]:
    """Return what the roles, the purpose of the case and the person's state permit.

    Empty groups are left out; where only the purpose stands in the way, another case is offered.
    """
    living = page.header.status in {"alive", "missing"}
    groups = [
        Acts(_("Residence registration"), _residence(desk, page) if living else []),
        Acts(_("Civil status registration"), _civil(desk, page) if living else []),
        Acts(_("Household and number"), _household(desk, page, living=living)),
    ]
    shown = [group for group in groups if group.links]
    if not shown and desk.may(*_ACTS):
        back = urlencode({"next": person_href(page.header.person_id)})
        case = Link(_("Open another case"), f"{reverse('console:case')}?{back}", "folder")
        shown.append(Acts(_("This case is for reading only"), [case]))
    return shown


def _residence(desk: Desk, page: PersonPage) -> list[Link]:
    if not desk.permits("residence.register"):
        return []
    links = [_link(page, _("Register a move"), "move", "map")]
    if _holds(page, "temporary_residence"):
        links.append(_link(page, _("End the temporary residence"), "stay-end", "leave"))
    else:
        links.append(_link(page, _("Register temporary residence"), "stay", "building"))
    if _holds(page, "temporary_absence"):
        links.append(_link(page, _("Back from absence"), "absence-end", "enter"))
    else:
        links.append(_link(page, _("Register absence"), "absence", "leave"))
    return links


def _civil(desk: Desk, page: PersonPage) -> list[Link]:
    if not desk.permits("civil_event.register"):
        return []
    married = _holds(page, "spouse_pid") or _holds(page, "spouse_name")
    wedding = (
        _link(page, _("Register a divorce"), "divorce", "ring")
        if married
        else _link(page, _("Register a marriage"), "marriage", "ring")
    )
    return [
        _link(page, _("Register a birth"), "birth", "baby"),
        wedding,
        _link(page, _("Register a death"), "death", "flag"),
        _link(page, _("Change the name"), "name", "edit"),
    ]


def _household(desk: Desk, page: PersonPage, *, living: bool) -> list[Link]:
    links = []
    if (
        desk.permits("household.manage")
        and _holds(page, "household_number")
        and len(page.household) > 1
    ):
        links.append(_link(page, _("Change the head of the household"), "head", "people"))
    if desk.permits("pid.cancel") and living and page.header.pid:
        links.append(_link(page, _("Cancel and reissue the number"), "number", "card"))
    return links


def _holds(page: PersonPage, name: str) -> bool:
    fact = page.facts.get(name)
    return fact is not None and not fact.is_none


def _link(page: PersonPage, label: str, route: str, icon: str) -> Link:
    return Link(label, reverse(f"console:{route}", args=[page.header.person_id]), icon)
