"""What every page of the console knows of its request: who acts, when, and for which case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypedDict
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.access.policy import is_allowed, may_act
from dancu.access.types import Actor
from dancu.catalogue.queries import roles
from dancu.console.errors import AnotherCaseNeeded
from dancu.console.fitting import actions_of, require_fitting
from dancu.disclosure.cases import CaseSession, case_of
from dancu.disclosure.errors import CaseMissing, PresentationRequired
from dancu.identity.queries import actor_of
from dancu.kernel.clock import today

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, "Desk", P], HttpResponse]
Route = Callable[Concatenate[HttpRequest, P], HttpResponse]


class Access(TypedDict):
    """The four words that every disclosure needs."""

    actor: Actor
    purpose: str
    case: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at work: one moment and one case for the whole request."""

    actor: Actor
    at: datetime
    case: CaseSession | None
    language: str

    @property
    def today(self) -> date:
        """Today in Vietnam."""
        return today(self.at)

    @property
    def access(self) -> Access:
        """Actor, purpose, case and moment of a disclosure. Raises ``CaseMissing``."""
        if self.case is None:
            raise CaseMissing
        return {
            "actor": self.actor,
            "purpose": self.case.purpose,
            "case": self.case.case,
            "at": self.at,
        }

    @property
    def has_case_number(self) -> bool:
        """Whether the case has a number, which revealing a masked value needs."""
        return self.case is not None and bool(self.case.case)

    def may(self, *actions: str) -> bool:
        """Say whether the officer's roles permit at least one of the actions."""
        return any(is_allowed(self.actor, action, roles=roles()) for action in actions)

    def permits(self, *actions: str) -> bool:
        """Say whether the officer's roles and the purpose of the case permit one of the actions."""
        if self.case is None:
            return False
        entry = self.case.entry
        return any(may_act(self.actor, action, entry, roles=roles()) for action in actions)


def desk_of(request: HttpRequest) -> Desk | None:
    """Return the officer's desk, or None when nobody, or a citizen, is signed in."""
    actor = getattr(request, "actor", None) or actor_of(request)
    if actor is None or actor.kind != "officer":
        return None
    at = timezone.now()
    case = case_of(request.session, actor=actor, at=at)
    return Desk(actor, at, case, get_language() or "vi")


def at_desk(view: View[P]) -> Route[P]:
    """Hand the view its desk. Stands below ``officer_required``."""

    @wraps(view)
    def route(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        desk = desk_of(request)
        if desk is None:  # ``officer_required`` has refused already.
            raise CaseMissing
        return view(request, desk, *args, **kwargs)

    return route


def with_case(view: View[P]) -> Route[P]:
    """Hand the view its desk with an open case; without one, choose a case first and come back.

    What was typed into a form is kept over the choice. The actions that ``officer_required``
    declares for the view must belong to the purpose of the case, else another is asked for.
    """

    @wraps(view)
    def route(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        desk = desk_of(request)
        if desk is None or desk.case is None:
            return _to_case(request)
        try:
            require_fitting(desk, actions_of(request))
            return view(request, desk, *args, **kwargs)
        except CaseMissing:
            return _to_case(request)
        except AnotherCaseNeeded as needed:
            return _to_another_case(request, desk, needed)
        except PresentationRequired as error:
            messages.warning(request, error.text(_))
            return go(request, reverse("console:present"))

    return route


def _to_another_case(request: HttpRequest, desk: Desk, needed: AnotherCaseNeeded) -> HttpResponse:
    from dancu.console.views.cases import ask_for_another

    if request.headers.get("HX-Request") and request.method == "GET":
        return go(request, request.get_full_path())
    return ask_for_another(request, desk, needed)


def _to_case(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and not request.headers.get("HX-Request"):
        from dancu.console.views.cases import choose_and_resume

        return choose_and_resume(request)
    wanted = request.headers.get("HX-Current-URL") if request.headers.get("HX-Request") else None
    back = _path_of(wanted) if wanted else request.get_full_path()
    return go(request, f"{reverse('console:case')}?{urlencode({'next': back})}")


def _path_of(address: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def go(request: HttpRequest, href: str) -> HttpResponse:
    """Send the whole page elsewhere, also when htmx asked for a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": href})
    return HttpResponseRedirect(href)
