"""What every declaration about a person begins with: who it is, and what may be prefilled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dancu.console import communes
from dancu.console.desk import Desk
from dancu.console.forms.residence import Member
from dancu.console.show.facts import fact_href
from dancu.console.show.people import header_of, person_href
from dancu.console.views.flow import Declaration
from dancu.console.views.person import crumbs_of
from dancu.design.values import Fact, Link, PersonHeader
from dancu.disclosure import services as door
from dancu.disclosure.types import Header, PersonPage


@dataclass(frozen=True, slots=True)
class About:
    """The person of a declaration, as the open case discloses them."""

    desk: Desk
    page: PersonPage

    @property
    def header(self) -> Header:
        """Who it is."""
        return self.page.header

    @property
    def person_id(self) -> int:
        """The register's key of the person."""
        return self.page.header.person_id

    @property
    def is_alive(self) -> bool:
        """Whether the register counts the person among the living, as far as it is shown."""
        return self.header.status in {"alive", "missing", ""}

    @property
    def href(self) -> str:
        """The person's page."""
        return person_href(self.person_id)

    def value(self, name: str) -> str:
        """Return a fact in words; empty when unknown, none, or masked."""
        fact = self.page.facts.get(name)
        if fact is None or fact.is_masked or fact.is_none:
            return ""
        return fact.text(self.desk.language)

    def raw(self, name: str) -> object:
        """Return the value of a fact; None when unknown or masked."""
        fact = self.page.facts.get(name)
        return None if fact is None or fact.is_masked else fact.value

    @property
    def members(self) -> list[Member]:
        """This person first, then the other living members of the household in the area."""
        born = self.header.birth_date
        others = [
            Member(one.person_id, one.name, one.birth_year)
            for one in self.page.household
            if one.person_id is not None and one.person_id != self.person_id and one.is_alive
        ]
        return [Member(self.person_id, self.header.name, born.year if born else None), *others]

    def declaration(self, title: str, **more: Any) -> Declaration:
        """Return a page of this title on the person."""
        return Declaration(
            title=title,
            crumbs=crumbs_of(self.header.name, self.person_id, title),
            person=self.shown,
            back_href=self.href,
            **more,
        )

    @property
    def shown(self) -> PersonHeader:
        """The head of the page."""
        return header_of(self.header, on=self.desk.today, language=self.desk.language, link=True)

    def history(self, name: str) -> Link:
        """Return the way to the history of a fact that was just changed."""
        return Link(_("See the history"), fact_href(self.person_id, name))


def about(desk: Desk, person_id: int) -> About:
    """Disclose the person for a declaration. Raises ``NotFoundOrNotYours``."""
    return About(desk, door.disclose_page(**desk.access, subject=person_id))


def form_options(desk: Desk) -> dict[str, Any]:
    """Return what every form of the desk takes."""
    return {
        "today": desk.today,
        "language": desk.language,
        "near": communes.provinces_of(desk.actor.jurisdictions, desk.today),
    }


def posted(request: HttpRequest) -> Any:
    """Return the answers of a form, or None to begin with."""
    return request.POST if request.method == "POST" else None


def rows(values: Mapping[str, object]) -> list[Fact]:
    """Return lines to check before confirming; empty ones are left out."""
    return [Fact(label, str(value)) for label, value in values.items() if value]
